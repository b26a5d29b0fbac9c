"""Finds dual-use goods on their way to restricted end users."""

__version__ = "0.1.0"

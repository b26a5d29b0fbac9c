"""Finds dual-use goods on their way to restricted end users."""

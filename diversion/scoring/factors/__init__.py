"""Factors, a file a concern."""

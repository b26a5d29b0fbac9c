"""Fictional worlds with planted networks, one typology a file."""

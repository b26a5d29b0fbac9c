"""Fictional worlds with planted networks, one typology a file."""

from diversion.simulate.world import World, simulate, write

__all__ = ["World", "simulate", "write"]

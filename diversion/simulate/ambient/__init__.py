"""Lawful sales to restricted parties: technically routes, and harmless.

Some buyers of the background are put on a list that asks for a licence. Most of their suppliers stop; a few
go on, lawfully. Nothing but what they do sets these sales apart from planted ones.
"""

from __future__ import annotations

from diversion.simulate.ambient.model import Ambient, Sale
from diversion.simulate.ambient.stage import permit

__all__ = ["Ambient", "Sale", "permit"]

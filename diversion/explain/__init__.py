"""From a corridor to what a person reads: every sentence comes from data at hand."""

from __future__ import annotations

from diversion.explain.finding import CorridorLike, ScoredLike, finding, within

__all__ = ["CorridorLike", "ScoredLike", "finding", "within"]

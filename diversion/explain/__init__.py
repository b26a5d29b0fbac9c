"""From a corridor to what a person reads: every sentence comes from data at hand."""

from __future__ import annotations

from diversion.explain.finding import finding, within

__all__ = ["finding", "within"]

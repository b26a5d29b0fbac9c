"""From a corridor to what a person reads: every sentence comes from data at hand."""

from __future__ import annotations

from diversion.explain.finding import finding, retold

__all__ = ["finding", "retold"]

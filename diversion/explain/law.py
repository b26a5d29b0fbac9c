"""Which lists, in which version, and which law a finding rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diversion.explain.words import one_line

if TYPE_CHECKING:
    from diversion.explain.case import Case
    from diversion.explain.legs import Leg


def law_of(case: Case, hs6: str, legs: tuple[Leg, ...]) -> tuple[str, ...]:
    """The lines under *List versions and law*."""
    policy = case.dossier.policy
    lists = "; ".join(case.list_versions) or "none was loaded"
    lines = [f"Lists searched: {lists}."]
    lines.append(f"Policy {policy.name} {policy.version}; the law of each shipment's own day applies.")
    good = policy.good(hs6)
    if good is not None and good.source:
        lines.append(f"Goods: {one_line(good.source)}.")
    return tuple(lines)

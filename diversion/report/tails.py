"""Corridors that are the tail of a longer one are told inside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diversion.findings import Finding


@dataclass(frozen=True)
class Ranked:
    """A finding and its place, from 1, among all."""

    rank: int
    finding: Finding


@dataclass(frozen=True)
class Group:
    """A route and its tails, best first."""

    whole: Ranked
    tails: tuple[Ranked, ...]

    def __iter__(self) -> Iterator[Ranked]:
        yield self.whole
        yield from self.tails


def groups(findings: Sequence[Finding]) -> tuple[Group, ...]:
    """Every finding once, best route first: on its own, or under the route of which it is the tail.

    A tail of a tail stands under the longest; a tail whose whole is not among `findings` on its own.
    """
    inside = {f.route_id: f.within for f in findings}
    ranked = [Ranked(rank, finding) for rank, finding in enumerate(findings, 1)]
    tails: dict[str, list[Ranked]] = {}
    for one in ranked:
        tails.setdefault(_whole(one.finding.route_id, inside), []).append(one)
    return tuple(
        Group(one, tuple(other for other in tails[one.finding.route_id] if other is not one))
        for one in ranked
        if one.finding.route_id in tails and _whole(one.finding.route_id, inside) == one.finding.route_id
    )


def _whole(route_id: str, inside: dict[str, str | None]) -> str:
    seen = [route_id]
    while (longer := inside[seen[-1]]) in inside:
        if longer in seen:
            return min(seen[seen.index(longer) :])
        seen.append(longer)
    return seen[-1]

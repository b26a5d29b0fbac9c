"""Parties of a proof in rows, owners above what they own, and the ways of the links between them.

Between two rows of parties lies one of links alone, so that what is said of each link has a place of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

ROUNDS = 8


class Point(NamedTuple):
    """A party, or the place in a row where a longer link passes (`of` and `level` say which)."""

    party: str
    of: tuple[str, str] | None = None
    level: int = 0


Link = tuple[str, str]


def layers(party: str, links: Sequence[Link]) -> tuple[list[list[Point]], dict[Link, list[Point]]]:
    """Rows from the party's own upwards, and the points that each link (owner, owned) runs through.

    >>> rows, ways = layers("C", [("X", "C"), ("X", "A"), ("A", "C")])
    >>> [[point.party for point in row] for row in rows]
    [['C'], ['', ''], ['', 'A'], ['', ''], ['X']]
    """
    level = {name: 2 * at for name, at in _levels(party, links).items()}
    rows: list[list[Point]] = [[] for _ in range(max(level.values()) + 1)]
    ways: dict[Link, list[Point]] = {}
    for owner, owned in links:
        between = range(level[owner] - 1, level[owned], -1)
        passing = [Point("", (owner, owned), at) for at in between]
        ways[owner, owned] = [Point(owner), *passing, Point(owned)]
        for point in passing:
            rows[point.level].append(point)
    for name, at in level.items():
        rows[at].append(Point(name))
    return _ordered(rows, ways), ways


def _levels(party: str, links: Sequence[Link]) -> dict[str, int]:
    """The longest way from each party down to the one at the bottom; a proof has no circles."""
    level = {party: 0}
    for _ in range(len(links)):
        changed = False
        for owner, owned in links:
            if owned in level and level.get(owner, 0) <= level[owned] and owner != party:
                level[owner] = level[owned] + 1
                changed = True
        if not changed:
            break
    return level


def _ordered(rows: list[list[Point]], ways: dict[Link, list[Point]]) -> list[list[Point]]:
    """Each row in the order of the averages of its neighbours, so that few lines cross."""
    beside: dict[Point, list[Point]] = {}
    for way in ways.values():
        for one, other in pairwise(way):
            beside.setdefault(one, []).append(other)
            beside.setdefault(other, []).append(one)
    for turn in range(ROUNDS):
        at = {point: (n + 0.5) / len(row) for row in rows for n, point in enumerate(row)}
        for row in rows if turn % 2 else reversed(rows):
            means = {p: sum(at[q] for q in beside.get(p, [p])) / len(beside.get(p, [p])) for p in row}
            row.sort(key=lambda point: (means[point], point.party))
            at.update({point: (n + 0.5) / len(row) for n, point in enumerate(row)})
    return rows

"""On which days one party may stand in for another: the days of an arc that jumps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from diversion.routes.transfers import Flags, Ints

Longs = npt.NDArray[np.int64]
Spans = tuple[tuple[int, int], ...]
"""Days `[from, until)`, ascending, apart from one another."""
Link = Literal["owner", "address"]
Pairs = Callable[[Ints, Ints], tuple[Longs, Longs]]
"""Of two arrays of transfers the places between which goods may go on in disguise."""
LINKS: tuple[Link, ...] = ("owner", "address")
Shared = Callable[[int, int, Link], Spans]
"""Days on which two parties (index of `Transfers.party_ids`) share an owner, or an address."""
BEYOND = 2**40
ALWAYS: Spans = ((-BEYOND, BEYOND),)


@dataclass(frozen=True)
class Mode:
    """One way from hop to hop, and the days on which it is open.

    `strict`, `owner`, `address`, `possibly-same` (each also relabelled) or `disguise`. `less` is what it
    costs beyond the price of its kind. In disguise goods go on between `pairs` alone, after `wait` days.
    """

    name: str
    spans: Spans = ALWAYS
    less: float = 0.0
    wait: tuple[int, int] | None = None
    pairs: Pairs | None = None

    def covers(self, first: Longs, last: Longs) -> Flags:
        """Which intervals of days, both ends included, lie within the days on which it is open."""
        return _any(len(first), [(first >= begin) & (last < until) for begin, until in self.spans])

    def meets(self, first: Longs, last: Longs) -> Flags:
        """Which intervals of days, both ends included, hold a day on which it is open."""
        return _any(len(first), [(first < until) & (last >= begin) for begin, until in self.spans])


def _any(size: int, flags: Sequence[Flags]) -> Flags:
    return np.logical_or.reduce(flags) if flags else np.zeros(size, bool)


def relabelled(name: str) -> str:
    """The name of a way on by which the goods also change their code.

    >>> relabelled("owner"), relabelled("disguise")
    ('owner+relabel', 'disguise')
    """
    if name == "disguise":
        return name
    return "relabel" if name == "strict" else f"{name}+relabel"


@dataclass(frozen=True)
class Days:
    """Both ends of both days of the transfers of a search, and how long goods may wait."""

    departed_first: Longs
    departed: Longs
    arrived: Longs
    arrived_last: Longs
    dwell_min: int
    dwell_max: int


@dataclass(frozen=True)
class Sifted:
    """Transfers a hop and ways between hops. `loosely`: some may no longer be reached from the first hop."""

    hops: list[Ints]
    modes: list[tuple[Mode, ...]]
    loosely: bool

    @property
    def plain(self) -> bool:
        """Whether between all hops only the days of the shipments decide, and what goes on in disguise."""
        return all(
            modes[0].spans == ALWAYS and all(m.pairs is not None for m in modes[1:]) for modes in self.modes
        )


def sift(hops: list[Ints], between: list[tuple[Mode, ...]], days: Days) -> Sifted | None:
    """Leave out the ways that are open on no day of the transfers, and the transfers that no way serves.

    `between` holds the ways from each hop to the next, cheapest first. None where there is no way on.
    A way that is open on all days of the transfers left is open always, and those after it are not needed.
    """
    hops, kept, loosely = list(hops), list(between), False
    for i, modes in enumerate(between):
        if all(mode.spans == ALWAYS for mode in modes):
            kept[i] = tuple(m for j, m in enumerate(modes) if j == 0 or m.pairs is not None)
            continue
        into, out = (
            _Side(hops[i], days.arrived, days.arrived_last),
            _Side(hops[i + 1], days.departed_first, days.departed),
        )
        open_ = [m for m in modes if into.meets(m).any() and out.meets(m).any()]
        if not open_:
            return None
        if len(open_) == 1:
            before = into.keep(into.meets(open_[0])), out.keep(out.meets(open_[0]))
            loosely |= len(before[0].at) < len(hops[i]) or len(before[1].at) < len(hops[i + 1])
            into, out = before
            hops[i], hops[i + 1] = into.at, out.at
        kept[i] = _settled(open_, into, out)
    return Sifted(hops, kept, loosely)


@dataclass(frozen=True)
class _Side:
    at: Ints
    first: Longs
    last: Longs

    def meets(self, mode: Mode) -> Flags:
        return mode.meets(self.first[self.at], self.last[self.at])

    def covers(self, mode: Mode) -> bool:
        return bool(mode.covers(self.first[self.at], self.last[self.at]).all())

    def keep(self, which: Flags) -> _Side:
        return _Side(self.at[which], self.first, self.last)


def _settled(modes: list[Mode], into: _Side, out: _Side) -> tuple[Mode, ...]:
    found = []
    for mode in modes:
        whole = into.covers(mode) and out.covers(mode)
        found.append(replace(mode, spans=ALWAYS) if whole else mode)
        if whole:
            break
    return tuple(found)

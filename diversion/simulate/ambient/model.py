"""What lawful sales are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from diversion.simulate.cast import EPOCH, Cast
from diversion.simulate.catalogue import places
from diversion.simulate.dice import Ints
from diversion.simulate.stage import Entry, Holding
from diversion.simulate.trade import Moves

MACHINES = ("845710", "845811", "845891", "845961", "846693")
SPARES = ("846693",)
INSTRUMENTS = ("902750", "903020", "903032", "903039", "903082", "854320")


@dataclass(frozen=True)
class Sale:
    """What one party lawfully sells to one restricted customer, and what its papers say."""

    kind: str
    src: int
    dst: int
    note: str
    end_use: str = ""
    licence: str = ""


@dataclass
class Ambient:
    """The background with its lawful sales: `tag[k]` is the place of move `k` among `sales`, −1 for none.

    `closed` tells from when each party takes no goods that are looked for, save by these sales.
    """

    moves: Moves
    tag: Ints
    closed: Ints
    sales: list[Sale] = field(default_factory=list)
    entries: list[tuple[int, Entry]] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)

    def add(self, sale: Sale) -> int:
        """Its place."""
        self.sales.append(sale)
        return len(self.sales) - 1

    def take(self, rows: Ints) -> None:
        """Keep the chosen rows alone."""
        self.moves, self.tag = self.moves.take(rows), self.tag[rows]


def countries(cast: Cast) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    """The country of every party."""
    return np.array([p.country for p in places()])[cast.place]


def when(day: int) -> date:
    """The date of a day since 1970-01-01."""
    return date.fromordinal(EPOCH + int(day))


def told(day: int) -> str:
    """The date as a reader writes it: 9 Mar 2022."""
    there = when(day)
    return f"{there.day} {there:%b %Y}"

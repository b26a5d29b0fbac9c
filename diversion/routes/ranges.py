"""Continuations as ranges: which transfers may follow a transfer, without listing them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from diversion.errors import UsageError
from diversion.routes.links import Shared
from diversion.routes.sides import Sides
from diversion.routes.sorting import taken
from diversion.routes.transfers import Flags, Ints, Transfers

if TYPE_CHECKING:
    from diversion.routes.arcs import Further
    from diversion.routes.keeping import Shelf

Relations = Literal["strict", "relabel", "jump", "all"]
MOST_HOPS = 8
FEW = 16
"""One of so many rows is few: work on them alone is cheaper than passes over all."""


@dataclass(frozen=True)
class ProjectionOptions:
    """What may follow what.

    `owner_group` and `address_group` give each party a label; parties of one label may stand in for each
    other, a negative label is a party by itself. `shared` says on which days two parties of a group share an
    owner or an address, which is asked when a corridor is told (None: always); `loose` marks the parties of
    groups for which that is not all days of the data (None: all, if `shared` is given).
    `dwell_min ≤ departed(e') − arrived(e) ≤ dwell_max` in days. `goods` marks the items (index of
    `Transfers.hs6`) looked for: others, which no route can carry, are left out of the arrays.
    """

    relations: Relations = "all"
    owner_group: Ints | None = None
    address_group: Ints | None = None
    dwell_min: int = 0
    dwell_max: int = 180
    goods: Flags | None = None
    shared: Shared | None = None
    loose: Flags | None = None

    def __post_init__(self) -> None:
        if self.relations not in ("strict", "relabel", "jump", "all"):
            raise UsageError(f"no relations {self.relations!r}", hint="one of strict, relabel, jump, all")
        if not 0 <= self.dwell_min <= self.dwell_max:
            raise UsageError(
                f"the goods cannot wait between {self.dwell_min} and {self.dwell_max} days",
                hint="0 ≤ --dwell-min ≤ --dwell",
            )

    @property
    def jumps(self) -> bool:
        """Whether a party may stand in for another."""
        return self.relations in ("jump", "all")

    @property
    def headings(self) -> bool:
        """Whether goods may be relabelled within their four-digit heading."""
        return self.relations in ("relabel", "all")


@dataclass(frozen=True)
class Relation:
    """One kind of continuation: transfer `e` may be followed by `order[lo[e]:hi[e]]`, which are by day.

    `order` is None where it is 0, 1, 2, …; an empty range is `lo = hi`. `sides` are what it was made from
    (None once narrowed); `widened` marks the ranges that may hold more than can follow.
    """

    order: Ints | None
    lo: Ints
    hi: Ints
    sides: Sides | None = None
    widened: Flags | None = None

    def __len__(self) -> int:
        return len(self.lo) if self.order is None else len(self.order)

    def arrange(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """`values` of the transfers in the order of the ranges."""
        return values if self.order is None else taken(values, self.order)

    @property
    def longest(self) -> int:
        """Length of the longest range."""
        return int((self.hi - self.lo).max(initial=0))

    def narrow(self, at: Ints, standing: Ints | None = None) -> Relation:
        """The same among the transfers to keep, by ascending index, renumbered.

        `standing` says where in `order` those to keep stand, ascending, if that is known: with it, and where
        there is no order, the work is that of the few.
        """
        few = len(at) * FEW < len(self.lo)
        if self.order is None and few:
            return Relation(None, *_among(at, self.lo[at], self.hi[at]))
        if self.order is None:
            return Relation(None, *_renumbered(_flags(at, len(self)), self.lo[at], self.hi[at]))
        if standing is not None:
            order = np.searchsorted(at, self.order[standing]).astype(np.int32)
            return Relation(order, *_among(standing, self.lo[at], self.hi[at]))
        kept = taken(_flags(at, len(self.lo)), self.order)
        order = np.searchsorted(at, self.order[kept]).astype(np.int32)
        return Relation(order, *_renumbered(kept, self.lo[at], self.hi[at]))


def _among(at: Ints, lo: Ints, hi: Ints) -> tuple[Ints, Ints]:
    first, after = (np.searchsorted(at, bound).astype(np.int32) for bound in (lo, hi))
    return first, after


def _flags(at: Ints, size: int) -> Flags:
    flags = np.zeros(size, bool)
    flags[at] = True
    return flags


def _renumbered(kept: Flags, lo: Ints, hi: Ints) -> tuple[Ints, Ints]:
    before = np.zeros(len(kept) + 1, np.int32)
    np.cumsum(kept, out=before[1:])
    return before[lo], before[hi]


@dataclass(frozen=True)
class Projection:
    """Transfers in the order of (src, HS6, departed), with a range for each kind of continuation.

    Where days are known to a span, a range holds all that may follow on some of these days; where departures
    are, it may hold more, and `widened` marks whose does.

    `rows` are the indices of the transfers in that order, `position` where each transfer stands in it (−1:
    nowhere; None once narrowed), `slack` the widest span of a
    departure and of an arrival together, in days. `relations` holds `goods` (same party, same
    HS6) and, as asked for, `heading` (same party, same HS4) and `owner`, `address`, `both` (same owner,
    same address, both at once; HS4 where relabels are allowed). `jumps_goods` holds owner and address
    with the same HS6, where those above have HS4. `grouped` marks transfers whose receiver has somebody
    to stand in for it.
    """

    transfers: Transfers
    options: ProjectionOptions
    rows: Ints
    relations: dict[str, Relation]
    jumps_goods: dict[str, Relation] = field(default_factory=dict)
    grouped: Flags | None = None
    widened: Flags | None = None
    position: Ints | None = None
    slack: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def base(self) -> Relation:
        """The loosest continuation at the same party."""
        return self.relations["heading" if self.options.headings else "goods"]

    @property
    def jumps(self) -> list[tuple[Relation, int]]:
        """Relations whose signed sum counts each continuation of a grouped transfer once."""
        signs = {"owner": 1, "address": 1, "both": -1}
        return [(self.relations[name], sign) for name, sign in signs.items() if name in self.relations]

    def narrow(self, keep: Flags) -> Projection:
        """Only the transfers to keep. Linear."""
        return self.only(np.flatnonzero(keep).astype(np.int32))

    def only(self, at: Ints) -> Projection:
        """Only the transfers at these ascending positions. Where they are few, the work is theirs alone."""
        from diversion.routes.nearby import standing

        def narrow(relation: Relation) -> Relation:
            few = len(at) * FEW * FEW < len(self)
            return relation.narrow(at, standing(self, relation, at) if few else None)

        return replace(
            self,
            rows=self.rows[at],
            relations={name: narrow(r) for name, r in self.relations.items()},
            jumps_goods={name: narrow(r) for name, r in self.jumps_goods.items()},
            grouped=None if self.grouped is None else self.grouped[at],
            widened=None if self.widened is None else self.widened[at],
            position=None,
        )

    @staticmethod
    def build(
        transfers: Transfers,
        options: ProjectionOptions,
        shelf: Shelf | None = None,
        among: Ints | None = None,
    ) -> Projection:
        """Sort the transfers and find every range; what the shelf keeps is not made again.

        With `among` only these rows, ascending, are sorted, and none is kept. A radix sort a relation and
        side, then one merge: linear in the transfers. 36 bytes a transfer for `strict`, 68 for `relabel`, and
        for each relation of jumps 8 and 32 for each that concerns a group; while it works some 20 more.
        """
        from diversion.routes.building import Builder

        return Builder(transfers, options, shelf, among).build()


@dataclass(frozen=True)
class Question:
    """Which routes are asked for; each array has one entry a transfer.

    `terminal`: its receiver, or the end user it declares, is restricted on its day (`departed`).
    `origin`: a route may begin with it: its sender is an origin, its goods are looked for, it is not
    barred. `barred`: its sender is restricted on its day, so that no jump may lead into it. `hops`: most
    transfers of a route, 1 to 8. `open`: a terminal transfer may go on as well (*wherever it goes*).
    `through` and `avoid` mark parties (index of `Transfers.party_ids`): a route must have one of the first
    between its ends, as receiver or as stand-in, and none of the second anywhere. `further` continuations
    extend corridors; walks are counted without.
    """

    terminal: Flags
    origin: Flags
    barred: Flags
    hops: int = 5
    open: bool = False
    through: Flags | None = None
    avoid: Flags | None = None
    further: Further | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.hops <= MOST_HOPS:
            raise UsageError(f"{self.hops} hops cannot be searched", hint=f"ask for 1 to {MOST_HOPS}")

    @property
    def ends(self) -> Flags:
        """Transfers that end a route, in disguise or not."""
        further = self.further
        return self.terminal if further is None or further.ends is None else self.terminal | further.ends

    @property
    def of_walks(self) -> Question:
        """The question whose walks are counted."""
        return replace(self, further=None)

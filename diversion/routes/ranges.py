"""Continuations as ranges: which transfers may follow a transfer, without listing them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from diversion.errors import UsageError
from diversion.routes.links import Shared
from diversion.routes.transfers import Flags, Ints, Transfers

if TYPE_CHECKING:
    from diversion.routes.arcs import Further

Relations = Literal["strict", "relabel", "jump", "all"]
MOST_HOPS = 8


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

    `order` is None where it is 0, 1, 2, …; an empty range is `lo = hi`.
    """

    order: Ints | None
    lo: Ints
    hi: Ints

    def __len__(self) -> int:
        return len(self.lo) if self.order is None else len(self.order)

    def arrange(self, values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """`values` of the transfers in the order of the ranges."""
        return values if self.order is None else values[self.order]

    @property
    def longest(self) -> int:
        """Length of the longest range."""
        return int((self.hi - self.lo).max(initial=0))

    def narrow(self, keep: Flags) -> Relation:
        """The same among the transfers to keep, renumbered."""
        kept = keep if self.order is None else keep[self.order]
        before = np.zeros(len(kept) + 1, np.int32)
        np.cumsum(kept, out=before[1:])
        if self.order is None:
            order = None
        else:
            order = (np.cumsum(keep, dtype=np.int32) - np.int32(1))[self.order[kept]]
        return Relation(order, before[self.lo[keep]], before[self.hi[keep]])


@dataclass(frozen=True)
class Projection:
    """Transfers in the order of (src, HS6, departed), with a range for each kind of continuation.

    Where days are known to a span, a range holds all that may follow on some of these days; where departures
    are, it may hold more, and `widened` marks whose does.

    `rows` are the indices of the transfers in that order. `relations` holds `goods` (same party, same
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
        return replace(
            self,
            rows=self.rows[keep],
            relations={name: r.narrow(keep) for name, r in self.relations.items()},
            jumps_goods={name: r.narrow(keep) for name, r in self.jumps_goods.items()},
            grouped=None if self.grouped is None else self.grouped[keep],
            widened=None if self.widened is None else self.widened[keep],
        )

    @staticmethod
    def build(transfers: Transfers, options: ProjectionOptions) -> Projection:
        """Sort the transfers and find every range.

        A radix sort a relation and side, then one merge: linear in the transfers. Some 45 bytes a
        transfer for `strict`, some 110 for `all`, and as much again while it works.
        """
        from diversion.routes.building import Builder

        return Builder(transfers, options).build()


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
    def of_walks(self) -> Question:
        """The question whose walks are counted."""
        return replace(self, further=None)

"""Both sides of a continuation relation: what departs and what arrives, sorted by group and day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from diversion.errors import UsageError
from diversion.routes.radix import Counts
from diversion.routes.transfers import Flags, Ints

BITS = 63
NONE = -1


@dataclass(frozen=True)
class Key:
    """How a relation groups: a label a party, a code an item (−1: of none), and whom it concerns."""

    label: Ints
    code: Ints
    members: Flags | None = None

    @property
    def codes(self) -> int:
        """How many codes there are."""
        return int(self.code.max(initial=0)) + 1

    def bits(self, width: int) -> int:
        """Bits of a packed (label, code, day)."""
        return ((int(self.label.max(initial=0)) + 1) * self.codes).bit_length() + width

    def fitted(self, width: int, parties: Ints, items: Ints) -> Key:
        """The same where it fits into 63 bits, else numbered anew by the parties and items in use.

        Raises `UsageError` where even that does not fit.
        """
        if self.bits(width) <= BITS:
            return self
        label, code = np.full_like(self.label, NONE), np.full_like(self.code, NONE)
        used, goods = np.unique(parties), np.unique(items)
        label[used] = np.unique(self.label[used], return_inverse=True)[1]
        code[goods] = np.unique(self.code[goods], return_inverse=True)[1]
        dense = Key(label, code, self.members)
        if dense.bits(width) > BITS:
            raise UsageError(
                "the days of the shipments lie too far apart for so many parties and goods",
                hint="reject shipments whose day cannot be right",
            )
        return dense


@dataclass(frozen=True)
class Sides:
    """Packed (label, code, day) of departures and of arrivals, ascending, and whose arrivals those are.

    `asking` holds positions in the projection; those of the departures are `Relation.order`. Days count
    from `base` and take `width` bits. The transfers that one may follow stand next to each other in `ins`,
    as those that may follow it do in `outs`: this is what a walk back from a few, and a single new
    transfer, look up.
    """

    key: Key
    width: int
    base: int
    outs: Counts
    ins: Counts
    asking: Ints

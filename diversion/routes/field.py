"""What is asked of a projection, and the few transfers that can answer it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from diversion.routes.arcs import Arcs, Further, arcs
from diversion.routes.nearby import nearby
from diversion.routes.ranges import FEW, Projection, Question
from diversion.routes.sorting import taken
from diversion.routes.sweeps import Steps, Sweep
from diversion.routes.transfers import Flags, Ints

FAR = 99


@dataclass(frozen=True)
class Field:
    """The transfers that some walk asked for uses, in the order of their projection.

    `through` marks the parties one of which a walk must have between its ends (None: need not). `arcs` lead
    on where no range does: with them these are the transfers of corridors, not those of walks.
    """

    projection: Projection
    terminal: Flags
    origin: Flags
    free: Flags
    goes_on: Flags
    hops: int
    through: Flags | None = None
    arcs: Arcs | None = None
    further: Further | None = None

    def __len__(self) -> int:
        return len(self.terminal)

    def sweep(self, *, exact: bool = True) -> Sweep:
        """Steps over these transfers. Where every one is free to be entered by a jump, none is tested."""
        return Sweep(self.projection, None if bool(self.free.all()) else self.free, exact)

    def narrow(self, keep: Flags) -> Field:
        """Only the transfers to keep."""
        return self.only(np.flatnonzero(keep).astype(np.int32))

    def only(self, at: Ints) -> Field:
        """Only the transfers at these ascending positions."""
        if len(at) == len(self):
            return self
        return replace(
            self,
            projection=self.projection.only(at),
            terminal=self.terminal[at],
            origin=self.origin[at],
            free=self.free[at],
            goes_on=self.goes_on[at],
            arcs=None if self.arcs is None else self.arcs.only(at, len(self)),
        )

    def through_ends(self) -> tuple[Flags, Flags]:
        """Of each transfer whether its sender, and whether its receiver, is one to pass through."""
        transfers, rows = self.projection.transfers, self.projection.rows
        asked = np.zeros(len(transfers.party_ids), bool) if self.through is None else self.through
        return asked[transfers.src[rows]], asked[transfers.dst[rows]]


def ask(projection: Projection, question: Question) -> Field:
    """Keep the transfers that stand on a walk from an origin to a terminal one within the hops.

    With further continuations these are the transfers of corridors; walks are counted without.

    At most two times `hops` sweeps, each linear in the transfers at hand, or, where few can reach an end,
    a walk back over those alone; whatever is asked afterwards costs what is left.
    """
    field = _field(_avoiding(nearby(projection, question), question.avoid), question)
    distance = _ahead(field)
    at = np.flatnonzero(distance < question.hops).astype(np.int32)
    if 2 * len(at) < len(field):  # what is left out here no longer costs; where it is little, once is enough
        field, distance = field.only(at), distance[at]
    return field.narrow(distance + _behind(field) < question.hops)


def ahead(projection: Projection, question: Question) -> Steps:
    """Fewest continuations from each transfer of a projection to an end; `FAR` where none is in reach."""
    return _ahead(_field(projection, question))


def _field(projection: Projection, question: Question) -> Field:
    """All transfers of a projection."""
    rows = projection.rows
    terminal, origin, barred = _marks(question, rows)
    goes_on = np.ones(len(rows), bool) if question.open else ~terminal
    origin &= ~barred
    field = Field(projection, terminal, origin, ~barred, goes_on, question.hops, question.through)
    if question.further is not None and len(question.further):
        field = replace(field, arcs=arcs(projection, question.further), further=question.further)
    return field


def _marks(question: Question, rows: Ints) -> tuple[Flags, Flags, Flags]:
    """Which of these transfers are ends, origins, barred."""
    ends, origin, barred = (
        np.asarray(flags, bool) for flags in (question.ends, question.origin, question.barred)
    )
    if len(rows) * FEW < len(ends):
        return ends[rows], origin[rows], barred[rows]
    # One byte a transfer: fetching it at random is what asking all of them costs.
    packed = taken(ends | (origin.view(np.uint8) << 1) | (barred.view(np.uint8) << 2), rows)
    return (packed & 1).astype(bool), (packed & 2).astype(bool), (packed & 4).astype(bool)


def _avoiding(projection: Projection, avoid: Flags | None) -> Projection:
    """Without the transfers to or from a party to avoid; one that stands in sends the next transfer."""
    if avoid is None or not avoid.any():
        return projection
    transfers, rows = projection.transfers, projection.rows
    return projection.narrow(~(avoid[transfers.src[rows]] | avoid[transfers.dst[rows]]))


def _ahead(field: Field) -> Steps:
    """Fewest continuations to a terminal transfer."""
    distance = np.where(field.terminal, np.int8(0), np.int8(FAR))
    sweep = field.sweep()
    for step in range(1, field.hops):
        if field.arcs is not None:
            reached = field.arcs.backward(distance == step - 1, field.free)
            distance[reached & field.goes_on & (distance == FAR)] = step
        if not sweep.advance(distance, field.goes_on, step, FAR):
            break
    return distance


def _behind(field: Field) -> npt.NDArray[np.int16]:
    """Fewest continuations from an origin."""
    distance = np.where(field.origin, 0, FAR).astype(np.int16)
    sweep = field.sweep()
    for step in range(1, field.hops):
        if not (distance == FAR).any():
            break
        near = (distance == step - 1) & field.goes_on
        reached = sweep.forward(near.astype(np.uint64)) != 0
        if field.arcs is not None:
            reached |= field.arcs.forward(near, field.free)
        new = reached & (distance == FAR)
        if not new.any():
            break
        distance[new] = step
    return distance

"""What is asked of a projection, and the few transfers that can answer it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from diversion.routes.arcs import Arcs, Further, arcs
from diversion.routes.ranges import Projection, Question
from diversion.routes.sweeps import Sweep
from diversion.routes.transfers import Flags

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
        if keep.all():
            return self
        return replace(
            self,
            projection=self.projection.narrow(keep),
            terminal=self.terminal[keep],
            origin=self.origin[keep],
            free=self.free[keep],
            goes_on=self.goes_on[keep],
            arcs=None if self.arcs is None else self.arcs.narrow(keep),
        )

    def through_ends(self) -> tuple[Flags, Flags]:
        """Of each transfer whether its sender, and whether its receiver, is one to pass through."""
        transfers, rows = self.projection.transfers, self.projection.rows
        asked = np.zeros(len(transfers.party_ids), bool) if self.through is None else self.through
        return asked[transfers.src[rows]], asked[transfers.dst[rows]]


def ask(projection: Projection, question: Question) -> Field:
    """Keep the transfers that stand on a walk from an origin to a terminal one within the hops.

    With further continuations these are the transfers of corridors; walks are counted without.

    At most two times `hops` sweeps, each linear in the transfers at hand; whatever is asked afterwards
    costs what is left.
    """
    projection = _avoiding(projection, question.avoid)
    rows = projection.rows
    terminal, origin, barred = (
        np.asarray(flags, bool)[rows] for flags in (question.terminal, question.origin, question.barred)
    )
    if question.further is not None and question.further.ends is not None:
        terminal = terminal | question.further.ends[rows]
    goes_on = np.ones(len(rows), bool) if question.open else ~terminal
    origin &= ~barred
    field = Field(projection, terminal, origin, ~barred, goes_on, question.hops, question.through)
    if question.further is not None and len(question.further):
        field = replace(field, arcs=arcs(projection, question.further), further=question.further)
    ahead = _ahead(field)
    keep = ahead < question.hops
    field = field.narrow(keep)
    return field.narrow(ahead[keep] + _behind(field) < question.hops)


def _avoiding(projection: Projection, avoid: Flags | None) -> Projection:
    """Without the transfers to or from a party to avoid; one that stands in sends the next transfer."""
    if avoid is None or not avoid.any():
        return projection
    transfers, rows = projection.transfers, projection.rows
    return projection.narrow(~(avoid[transfers.src[rows]] | avoid[transfers.dst[rows]]))


def _ahead(field: Field) -> npt.NDArray[np.int16]:
    """Fewest continuations to a terminal transfer."""
    distance = np.where(field.terminal, 0, FAR).astype(np.int16)
    sweep = field.sweep()
    for step in range(1, field.hops):
        reached = sweep.reaches(distance == step - 1)
        if field.arcs is not None:
            reached |= field.arcs.backward(distance == step - 1, field.free)
        new = reached & field.goes_on & (distance == FAR)
        if not new.any():
            break
        distance[new] = step
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

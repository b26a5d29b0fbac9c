"""What is asked of a projection, and the few transfers that can answer it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from diversion.routes.nearby import nearby
from diversion.routes.ranges import Projection, Question
from diversion.routes.sorting import taken
from diversion.routes.sweeps import Steps, Sweep
from diversion.routes.transfers import Flags, Ints

FAR = 99


@dataclass(frozen=True)
class Field:
    """The transfers that some walk asked for uses, in the order of their projection."""

    projection: Projection
    terminal: Flags
    origin: Flags
    free: Flags
    goes_on: Flags
    hops: int

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
        flags = (self.terminal[at], self.origin[at], self.free[at], self.goes_on[at])
        return Field(self.projection.only(at), *flags, self.hops)


def ask(projection: Projection, question: Question) -> Field:
    """Keep the transfers that stand on a walk from an origin to a terminal one within the hops.

    At most two times `hops` sweeps, each linear in the transfers at hand, or, where few can reach an end,
    a walk back over those alone; whatever is asked afterwards costs what is left.
    """
    field = _field(nearby(projection, question), question)
    distance = _ahead(field)
    at = np.flatnonzero(distance < question.hops).astype(np.int32)
    field = field.only(at)
    return field.narrow(distance[at] + _behind(field) < question.hops)


def ahead(projection: Projection, question: Question) -> Steps:
    """Fewest continuations from each transfer of a projection to an end; `FAR` where none is in reach."""
    return _ahead(_field(projection, question))


def _field(projection: Projection, question: Question) -> Field:
    """All transfers of a projection."""
    rows = projection.rows
    terminal, origin, barred = (
        taken(np.asarray(flags, bool), rows)
        for flags in (question.terminal, question.origin, question.barred)
    )
    goes_on = np.ones(len(rows), bool) if question.open else ~terminal
    return Field(projection, terminal, origin & ~barred, ~barred, goes_on, question.hops)


def _ahead(field: Field) -> Steps:
    """Fewest continuations to a terminal transfer."""
    distance = np.where(field.terminal, np.int8(0), np.int8(FAR))
    sweep = field.sweep()
    for step in range(1, field.hops):
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
        new = (sweep.forward(near.astype(np.uint64)) != 0) & (distance == FAR)
        if not new.any():
            break
        distance[new] = step
    return distance

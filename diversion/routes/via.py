"""Walks that pass through a named party: sweeps on two layers, passed already and not passed yet."""

from __future__ import annotations

import numpy as np

from diversion.routes.census import Census, Steps, Walks, taken, total
from diversion.routes.field import Field
from diversion.routes.sweeps import Values
from diversion.routes.transfers import Floats


def census_through(field: Field) -> Census:
    """The census of those walks that have a party of `field.through` between their ends.

    A continuation passes where the receiver before it or the sender after it is such a party. Each sweep
    keeps two counts, of all walks and of those that (still) pass, and never subtracts one from the other:
    twice the work of a census without, and as exact.
    """
    walks, ahead, still = _backward(field)
    through, entered = np.zeros(len(field)), np.zeros(len(field))
    started = np.where(field.origin, still[-1], 0.0) if len(field) else np.zeros(0)
    steps, (sends, gets) = Steps(field), field.through_ends()
    done: Values = np.zeros(len(field), np.uint64)
    not_yet: Values = field.origin.astype(np.uint64)
    for hop in range(field.hops):
        left = field.hops - 1 - hop
        through += done * ahead[left] + not_yet * still[left]
        if not left:
            break
        passed, onto_passed = steps.forward(done + _only(not_yet, gets))
        others, onto_others = steps.forward(_only(not_yet, ~gets))
        done, not_yet = passed + _only(others, sends), _only(others, ~sends)
        if onto_passed is not None and onto_others is not None:
            entered += (onto_passed + _only(onto_others, sends)) * ahead[left - 1]
            entered += _only(onto_others, ~sends) * still[left - 1]
    exact = steps.exact and all(w.exact for w in walks)
    return taken(field, walks, (through, started, entered), exact=exact)


def walks_through(field: Field) -> tuple[Walks, ...]:
    """Only how many such walks there are, hop by hop."""
    return tuple(_backward(field)[0])


def _backward(field: Field) -> tuple[list[Walks], list[Floats], list[Floats]]:
    """Walks a hop; for each h the walks of at most h continuations on, all of them and those that pass."""
    steps, (sends, gets) = Steps(field), field.through_ends()
    every: Values = field.terminal.astype(np.uint64)
    passing: Values = np.zeros(len(field), np.uint64)
    walks, ahead, still = [Walks(1, 0, True)], [every.astype(np.float64)], [np.zeros(len(field))]
    for hop in range(2, field.hops + 1):
        onward = steps.backward(every)
        beyond = steps.backward(np.where(sends, every, passing))
        every, passing = onward, np.where(gets, onward, beyond)
        walks.append(Walks(hop, total(passing[field.origin]), steps.exact))
        ahead.append(ahead[-1] + every)
        still.append(still[-1] + passing)
    return walks, ahead, still


def _only(values: Values, which: Values) -> Values:
    return np.where(which, values, values.dtype.type(0))

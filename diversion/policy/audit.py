"""A pack, audited: all that is wrong with it at once, and what it changes where nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from diversion.errors import PolicyError
from diversion.policy.check import Fault, faults
from diversion.policy.policy import Policy, made
from diversion.policy.read import Layers, built_in, laid, outside, strangers
from diversion.policy.references import dangling


class Audit(NamedTuple):
    """Faults, and where there are none the policy and what was laid over what, a sentence each."""

    faults: list[Fault]
    policy: Policy | None
    notes: list[str]


def audit(path: Path) -> Audit:
    """Check the pack or folder of packs at `path` as it lies over the built-in ones."""
    try:
        packs = outside(path)
    except PolicyError as error:
        return Audit([_fault(error)], None, [])
    own = [fault for pack in packs for fault in faults(pack.where, pack.raw)]
    every = [*built_in(), *packs]
    found = [*own, *strangers(every)]
    # What leads nowhere shows only in packs that are sound enough to be laid over one another.
    layers = None if own else laid(every)
    found += dangling(layers) if layers else ()
    return Audit(found, None, []) if found or layers is None else _made(layers)


def _made(layers: Layers) -> Audit:
    try:
        return Audit([], made(layers), _notes(layers))
    except PolicyError as error:
        return Audit([_fault(error)], None, [])


def _notes(layers: Layers) -> list[str]:
    replaced = [
        f"{where}: {table} {name!r} takes the place of a rule beneath"
        for table, name, where in layers.replaced
    ]
    removed = [f"{where}: {table} {name!r} is taken out" for table, name, where in layers.removed]
    return replaced + removed


def _fault(error: PolicyError) -> Fault:
    return Fault(error.where, error.message, error.hint)

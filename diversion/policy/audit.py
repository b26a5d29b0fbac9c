"""A pack, audited: all that is wrong with it at once, and what it changes where nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from diversion.errors import PolicyError
from diversion.policy.check import Fault, faults
from diversion.policy.policy import Policy, made
from diversion.policy.read import Layers, Pack, built_in, dangling_removals, layered, outside
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
    found = [fault for pack in packs for fault in faults(pack.where, pack.raw)]
    every = [*built_in(), *packs]
    return Audit(found, None, []) if found else _together(every)


def _together(packs: list[Pack]) -> Audit:
    if found := list(dangling_removals(packs)):
        return Audit(found, None, [])
    layers = layered(packs)
    if found := list(dangling(layers)):
        return Audit(found, None, [])
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

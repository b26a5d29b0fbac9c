"""Worlds and stores: simulate, doctor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.commands.opening import opened, reading
from diversion.output import emit, say

if TYPE_CHECKING:
    from diversion.commands.options import Common
    from diversion.settings import Settings


def make_world(out: Path, seed: int, parties: int | None, shipments: int | None) -> None:
    """Write a fictional world to the folder `out`."""
    from diversion.simulate import World, write

    world = World(seed=seed)
    world = world if parties is None else replace(world, parties=parties)
    world = world if shipments is None else replace(world, shipments=shipments)
    tables = write(world, out)
    say(f"{out}: " + ", ".join(f"{len(table):,} {name}" for name, table in tables.items()))


def check_store(common: Common) -> int:
    """Print what is wrong with the store. Returns 1 where something is."""
    current, _ = opened(common)
    with reading(current) as store:
        problems = store.verify()
    rows = [{"where": p.where, "what": p.what, "hint": p.hint} for p in problems]
    if common.format == "table":
        say(_kept(current))
    if common.format == "table" and not rows:
        say(f"{current.store}: every batch is whole")
        return 0
    emit(rows, common.format, ("where", "what", "hint"))
    return 1 if rows else 0


def _kept(current: Settings) -> str:
    """What is kept of earlier questions. Nothing in it can do harm: what is damaged is made anew."""
    from diversion.routes.keeping import beside

    shelf = beside(current.store, current.projection_gb)
    if shelf is None or not shelf.size():
        return "no sorted shipments are kept"
    bad = shelf.problems()
    told = f", {len(bad)} of them damaged or of another version: made anew when needed" if bad else ""
    files = len(list(shelf.folder.iterdir()))
    return f"{shelf.folder}: {files} files, {shelf.size() / 1e6:,.0f} MB of sorted shipments{told}"

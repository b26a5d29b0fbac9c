"""Every load of a list is a version: what came, changed or went since the one before, and when it was known.

A publisher's list is read as a whole snapshot of a day. An entry that a snapshot no longer holds stays: it is
gone from the day of the first snapshot without it (`gone_on`). Snapshots may be read in any order, but for
entries that left and came back: of those the last snapshot read tells.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from diversion import schema
from diversion.errors import BadInput
from diversion.ids import digest
from diversion.store.base import Store

FEW = 20
"""Entries that a list may lose at any time."""
MOST_REPLACED = 0.5
"""Share of the entries before that may be gone at once, however many came."""
_KEPT_APART = ("first_seen", "gone_on", "source", "row", "known_on")
Row = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """What one snapshot of a list changed. `previous` is the day of the one before it, None for the first."""

    list: str
    day: date
    previous: date | None
    added: int = 0
    changed: int = 0
    removed: int = 0
    returned: int = 0

    @property
    def sentence(self) -> str:
        """For a person."""
        if self.previous is None:
            return f"{self.list} of {self.day}: the first version, {self.added:,} entries"
        return (
            f"{self.list} of {self.day} against {self.previous}: {self.added:,} added, {self.changed:,} "
            f"changed, {self.removed:,} removed, {self.returned:,} returned"
        )


@dataclass(frozen=True)
class Compared:
    """The entries and changes to be written, and what to tell."""

    listings: pa.Table
    changes: pa.Table
    version: Version


def compare(
    store: Store, listings: pa.Table, day: date, *, max_shrink: float | None, whole: bool = True
) -> Compared:
    """Compare a snapshot of `day` with what the store holds of its list.

    One that is not `whole` (a page of it, or with rows that could not be read) adds and changes, and what it
    lacks is not gone.

    Raises `BadInput` where it lost more than the share `max_shrink` of the entries of a programme or of all,
    or more than half of them were replaced; None accepts that. Linear in both.
    """
    name = str(listings["list"][0].as_py())
    days = _days(store, name)
    earlier = [one for one in days if one <= day]
    later = [one for one in days if one > day]
    old = _rows(store, name)
    new = {row["id"]: row for row in listings.to_pylist()}
    version = Version(name, day, max(earlier, default=None))
    if later:
        return _behind(old, new, version, min(later))
    if whole and max_shrink is not None:
        _plausible(_live(old.values()), new, name, max_shrink)
    return _ahead(old, new, version, whole=whole)


def refuse_nothing(store: Store, name: str, max_shrink: float | None) -> None:
    """A snapshot without an entry lost all of those before. Raises `BadInput` unless that is accepted."""
    if max_shrink is not None and (old := _live(_rows(store, name).values())):
        _plausible(old, {}, name, max_shrink)


def _days(store: Store, name: str) -> list[date]:
    sources = store.read("Source", ["list", "published", "ingested_on"]).to_pylist()
    return [row["published"] or row["ingested_on"] for row in sources if row["list"] == name]


def _rows(store: Store, name: str) -> dict[str, Row]:
    held = store.read("Listing")
    mine = held.filter(pc.equal(held["list"], name))
    return {row["id"]: row for row in mine.to_pylist()}


def _live(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["gone_on"] is None]


def _plausible(old: list[Row], new: Mapping[str, Row], name: str, most: float) -> None:
    """Feeds break silently: a snapshot that lost too much is not believed."""
    for label, before in _parts(old).items():
        now = sum(1 for row in new.values() if label in ("", _part(row)))
        there = sum(1 for row in before if row["id"] in new)
        shrunk, lost = len(before) - now, len(before) - there
        if shrunk > max(FEW, most * len(before)) or lost > max(FEW, MOST_REPLACED * len(before)):
            part = f" of {label}" if label else ""
            raise BadInput(
                f"this snapshot of {name} holds {now:,} entries{part} where the one before held "
                f"{len(before):,}; {lost:,} of those are missing",
                hint="feeds break: fetch it again, or accept it with --accept-shrink",
            )


def _part(row: Row) -> str:
    return " ".join(part for part in (row["authority"], row["programme"]) if part)


def _parts(rows: list[Row]) -> dict[str, list[Row]]:
    """Those of each programme, and all entries."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(_part(row), []).append(row)
    return parts | {"": rows}


def _ahead(old: Mapping[str, Row], new: Mapping[str, Row], version: Version, *, whole: bool) -> Compared:
    """The newest snapshot: it says what stands; what it no longer holds is gone."""
    counted: Counter[str] = Counter()
    rows, changes = [], []
    for key, row in new.items():
        was = old.get(key)
        rows.append(row | {"first_seen": _first(was, version.day), "gone_on": None})
        what, before = _change(was, row)
        counted[what] += 1
        if what and version.previous:
            changes.append(_told(row, what, version, before))
    for key, was in old.items():
        if key in new or was["gone_on"] is not None or not whole:
            continue
        rows.append(was | {"gone_on": version.day})
        counted["removed"] += 1
        changes.append(_told(was, "removed", version, None) | _provenance(new))
    return _made(rows, changes, version, counted)


def _behind(old: Mapping[str, Row], new: Mapping[str, Row], version: Version, next_day: date) -> Compared:
    """A snapshot older than one at hand: when an entry was first seen, and entries that went since."""
    counted: Counter[str] = Counter()
    rows, changes = [], []
    for key, row in new.items():
        was = old.get(key)
        if was is not None:
            rows.append(was | {"first_seen": _first(was, version.day)})
            continue
        rows.append(row | {"first_seen": version.day, "gone_on": next_day})
        counted["added"] += 1
        gone = replace(version, day=next_day)
        changes.append(_told(row, "removed", gone, None))
    return _made(rows, changes, version, counted)


def _first(was: Row | None, day: date) -> date:
    seen = was["first_seen"] if was else None
    return min(seen, day) if seen else day


def _change(was: Row | None, row: Row) -> tuple[str, str | None]:
    """What happened to an entry, and the fields that differ as they were."""
    if was is None:
        return "added", None
    before = {c: was[c] for c in row if c not in _KEPT_APART and was[c] != row[c]}
    text = json.dumps(before, ensure_ascii=False, default=str) if before else None
    if was["gone_on"] is not None:
        return "returned", text
    return ("changed", text) if before else ("", None)


def _told(row: Row, what: str, version: Version, before: str | None) -> Row:
    return {
        "id": "C-" + digest(row["id"], version.day, what),
        "list": version.list,
        "listing": row["id"],
        "change": what,
        "day": version.day,
        "before": before,
        "source": row["source"],
        "row": row["row"],
        "known_on": version.day,
    }


def _provenance(new: Mapping[str, Row]) -> Row:
    """That an entry went is told by the snapshot that lacks it, by no row of it."""
    return {"source": next(iter(new.values()))["source"], "row": None}


def _made(rows: list[Row], changes: list[Row], version: Version, counted: Counter[str]) -> Compared:
    types = schema.load()
    told = replace(
        version,
        added=counted["added"],
        changed=counted["changed"],
        removed=counted["removed"],
        returned=counted["returned"],
    )
    return Compared(
        pa.Table.from_pylist(rows, schema=types["Listing"].arrow),
        pa.Table.from_pylist(changes, schema=types["ListChange"].arrow),
        told,
    )

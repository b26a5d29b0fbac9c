"""Every load of a list is a version: what came, changed or went since the one before, and when it was known.

A publisher's list is read as a whole snapshot of a day. An entry that a snapshot no longer holds stays: it is
gone from the day of the first snapshot without it (`gone_on`); where it came back, that is kept too (`gaps`).
Snapshots may be read in any order: entries and their days are the same in the end. What an entry said before
it changed is known only of snapshots read in the order of their days.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from diversion import schema
from diversion.errors import BadInput
from diversion.ids import digest
from diversion.ingest.presence import (
    Event,
    Span,
    as_columns,
    events,
    last_held,
    spans_of,
    there,
    with_snapshot,
)
from diversion.output import counted
from diversion.store.base import Store

FEW = 20
"""Entries that a list may lose at any time."""
SUBLIST = 5
"""From so many entries on, a programme that is gone as a whole is taken to be filtered out, not ended."""
MOST_REPLACED = 0.5
"""Share of the entries before that may be gone at once, however many came."""
_KEPT_APART = ("first_seen", "gone_on", "gaps", "source", "row", "known_on")
Row = dict[str, Any]


@dataclass(frozen=True)
class Version:
    """What one snapshot of a list changed. `previous` is the day of the one before it, None for the first.

    `entries` are those that it holds. Of one read after `later` newer ones, `gone` are those of its entries
    that the next newer one no longer holds.
    """

    list: str
    day: date
    previous: date | None
    added: int = 0
    changed: int = 0
    removed: int = 0
    returned: int = 0
    entries: int = 0
    later: int = 0
    gone: int = 0

    @property
    def sentence(self) -> str:
        """For a person."""
        text, entries = f"{self.list} of {self.day}", counted(self.entries, "entry", "entries")
        if self.previous is None and not self.later:
            return f"{text}: the first version, {entries}"
        if self.previous is None:
            older = f"{text}: older than the {self.later:,} at hand"
            return f"{older}; {entries} known from {self.day}, {self.gone:,} of them gone since"
        told = (
            f"{text} against {self.previous}: {self.added:,} added, {self.changed:,} changed, "
            f"{self.removed:,} removed, {self.returned:,} returned"
        )
        if self.later:
            told += f"; {self.later:,} newer at hand, {self.gone:,} of its entries gone since"
        return told


@dataclass(frozen=True)
class Compared:
    """The entries and changes to be written, and what to tell. `beside` entries are not in the snapshot."""

    listings: pa.Table
    changes: pa.Table
    version: Version
    beside: int = 0


def compare(
    store: Store, listings: pa.Table, day: date, *, max_shrink: float | None, whole: bool = True
) -> Compared:
    """Compare a snapshot of `day` with what the store holds of its list.

    One that is not `whole` (a page of it, or with rows that could not be read) adds and changes, and what it
    lacks is not gone.

    Raises `BadInput` where it lost more than the share `max_shrink` of the entries of a programme or of all,
    or a programme as a whole, or more than half of them were replaced; None accepts that. Linear in the
    entries, and for a snapshot older than others in those.
    """
    name = str(listings["list"][0].as_py())
    calendar = _calendar(store, name)
    days = sorted(calendar)
    old = _rows(store, name)
    new = {row["id"]: row for row in listings.to_pylist()}
    before = max((one for one in days if one <= day), default=None)
    after = [one for one in days if one > day]
    version = Version(name, day, before, entries=len(new), later=len(after))
    spans = {key: spans_of(row) for key, row in old.items()}
    if whole and max_shrink is not None and before:
        _plausible([old[key] for key in old if there(spans[key], before)], new, name, max_shrink)
    load = _Load(version, [one for one in days if calendar[one]], days, whole, old, new, spans)
    if after:
        load.told = _told_before(store, name)
    return load.compared(after[0] if after else None)


@dataclass
class _Load:
    """One snapshot on its way: `whole_days` and `days` of the snapshots at hand, and what stands so far."""

    version: Version
    whole_days: list[date]
    days: list[date]
    whole: bool
    old: Mapping[str, Row]
    new: Mapping[str, Row]
    spans: Mapping[str, tuple[Span, ...]]
    told: Mapping[tuple[str, date], str | None] = field(default_factory=dict)

    def compared(self, after: date | None) -> Compared:
        """Every entry with its days, and what that tells of it."""
        counted: Counter[str] = Counter()
        rows, changes, beside = [], [], 0
        for key in dict.fromkeys([*self.new, *self.old]):
            present = True if key in self.new else False if self.whole else None
            spans = with_snapshot(self.spans.get(key, ()), self.whole_days, self.version.day, present)
            if present or spans != self.spans[key]:
                row, before = self._row(key, spans)
                rows.append(row)
                beside += not present
                told = self._changes(key, spans, before)
                counted.update(one["change"] for one in told if one["day"] == self.version.day)
                counted["gone"] += bool(present and after and not there(spans, after))
                changes += told
            elif self._first() != min(self.days, default=None):
                changes += self._changes(key, spans, None)
        return _made(rows, changes, self._counted(counted), beside)

    def _counted(self, counted: Counter[str]) -> Version:
        first = self.version.previous is None and not self.version.later
        return replace(
            self.version,
            added=len(self.new) if first else counted["added"],
            changed=counted["changed"],
            removed=counted["removed"],
            returned=counted["returned"],
            gone=counted["gone"],
        )

    def _first(self) -> date:
        return min([*self.days, self.version.day])

    def _row(self, key: str, spans: tuple[Span, ...]) -> tuple[Row, str | None]:
        """The entry as the newest snapshot with it has it, and what differs where that is this one."""
        was, row = self.old.get(key), self.new.get(key)
        if was is not None:
            newest = last_held(self.spans[key], self.days)
            if row is None or (newest and newest > self.version.day):
                return was | as_columns(spans, was, self.version.day), None
        kept = row or {}
        return kept | as_columns(spans, kept, self.version.day), _differing(was, kept)

    def _changes(self, key: str, spans: tuple[Span, ...], before: str | None) -> list[Row]:
        """What is told now and was not before; an event of which the day moves keeps its place."""
        was = set(events(self.spans.get(key, ()), min(self.days, default=None)))
        now = list(events(spans, self._first() if self.days else None))
        if self.days and before and not any(one.day == self.version.day for one in now):
            now.append(Event("changed", 0, self.version.day))
        gone = {(one.change == "removed", one.place) for one in was - set(now)}
        gone -= {(one.change == "removed", one.place) for one in now}
        now += [Event("added", 0, self._first()) for is_removal, _ in gone if not is_removal]
        return [self._event(key, one, before) for one in now if one not in was]

    def _event(self, key: str, one: Event, before: str | None) -> Row:
        row = self.new.get(key) or self.old[key]
        mine = one.day == self.version.day
        place: date | int = one.day if one.change == "changed" else one.place
        kind = {"added": "came", "returned": "came"}.get(one.change, one.change)
        told = before if mine and one.change != "removed" else self.told.get((key, one.day))
        return {
            "id": "C-" + digest(key, kind, place),
            "list": self.version.list,
            "listing": key,
            "change": one.change,
            "day": one.day,
            "before": told,
            "source": row["source"],
            "row": row["row"],
            "known_on": one.day,
        } | ({} if key in self.new else _provenance(self.new))


def refuse_nothing(store: Store, name: str, max_shrink: float | None) -> None:
    """A snapshot without an entry lost all of those before. Raises `BadInput` unless that is accepted."""
    if max_shrink is not None and (old := _live(_rows(store, name).values())):
        _plausible(old, {}, name, max_shrink)


def _calendar(store: Store, name: str) -> dict[date, bool]:
    """The days of the snapshots at hand, and whether one of that day is whole."""
    sources = store.read("Source", ["list", "published", "ingested_on", "whole"]).to_pylist()
    found: dict[date, bool] = {}
    for row in sources:
        if row["list"] == name:
            day = row["published"] or row["ingested_on"]
            found[day] = found.get(day, False) or row["whole"] is not False
    return found


def _told_before(store: Store, name: str) -> dict[tuple[str, date], str | None]:
    """What entries said before, by entry and day."""
    held = store.read("ListChange", ["list", "listing", "day", "before"])
    rows = held.filter(pc.equal(held["list"], name)).to_pylist()
    return {(row["listing"], row["day"]): row["before"] for row in rows}


def _rows(store: Store, name: str) -> dict[str, Row]:
    held = store.read("Listing")
    mine = held.filter(pc.equal(held["list"], name))
    return {row["id"]: row for row in mine.to_pylist()}


def _live(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["gone_on"] is None]


def _plausible(old: list[Row], new: Mapping[str, Row], name: str, most: float) -> None:
    """Feeds break silently, and exports are filtered: a snapshot that lost too much is not believed."""
    parts, left = _parts(old), {_part(row) for row in new.values()}
    lacking = [label for label, some in parts.items() if label and label not in left and len(some) >= SUBLIST]
    if new and lacking and len(lacking) < len(parts) - 1:
        told = ", ".join(f"{label} ({len(parts[label]):,} entries before)" for label in lacking)
        raise BadInput(
            f"this snapshot of {name} holds no entry of {told}: it looks like an export filtered to some of "
            "the lists",
            hint="read the whole list; where these have really ended, accept it with --accept-shrink",
        )
    for label, before in parts.items():
        now = sum(1 for row in new.values() if label in ("", _part(row)))
        gone = sum(1 for row in before if row["id"] not in new)
        if len(before) - now > max(FEW, most * len(before)) or gone > max(FEW, MOST_REPLACED * len(before)):
            part = f" of {label}" if label else ""
            raise BadInput(
                f"this snapshot of {name} holds {now:,} entries{part} where the one before held "
                f"{len(before):,}; {gone:,} of those are missing",
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


def _differing(was: Row | None, row: Row) -> str | None:
    """The fields that differ, as they were."""
    if was is None:
        return None
    before = {c: was[c] for c in row if c not in _KEPT_APART and was[c] != row[c]}
    return json.dumps(before, ensure_ascii=False, default=str) if before else None


def _provenance(new: Mapping[str, Row]) -> Row:
    """That an entry went is told by the snapshot that lacks it, by no row of it."""
    return {"source": next(iter(new.values()))["source"], "row": None}


def _made(rows: list[Row], changes: list[Row], version: Version, beside: int) -> Compared:
    types = schema.load()
    return Compared(
        pa.Table.from_pylist(rows, schema=types["Listing"].arrow),
        pa.Table.from_pylist(changes, schema=types["ListChange"].arrow),
        version,
        beside,
    )

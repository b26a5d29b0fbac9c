"""Hits that somebody has looked at and found to be another party: why, and until when."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from diversion.errors import BadInput
from diversion.parties.names import name_key

COLUMNS = ("name", "listing_id", "reason", "until")


@dataclass(frozen=True)
class Pass:
    """A party that is not the one of an entry; on the day `until` it is to be looked at anew."""

    reason: str
    until: date

    def as_json(self) -> dict[str, str]:
        """As the `screen` command shows it."""
        return {"reason": self.reason, "until": self.until.isoformat()}


@dataclass(frozen=True)
class Whitelist:
    """Passes by the key of the name asked for and the listing, which is empty where all of them are meant."""

    passes: dict[tuple[str, str], Pass]

    def passed(self, name: str, listing: str, day: date, numbered: bool = False) -> Pass | None:
        """The pass that holds for a hit on this day, if any: that for the entry before that for all.

        An entry with an identifier of the party (`numbered`) is no mere namesake: only a pass for the entry
        itself holds.
        """
        key = name_key(name)
        for held in (listing,) if numbered else (listing, ""):
            one = self.passes.get((key, held))
            if one is not None and day < one.until:
                return one
        return None


def told(name: str, hit: Mapping[str, Any]) -> str:
    """A hit that is passed, in words: for how long, and why."""
    passed = hit["suppressed"]
    return f"{name}: {hit['listing_id']} {hit['name']} is passed until {passed['until']}: {passed['reason']}"


def whitelist(path: Path) -> Whitelist:
    """Read a CSV file with `name`, `reason`, `until` (the day it ends) and, for one entry, `listing_id`.

    Raises `BadInput` with the row where a reason or a day is missing: nothing is passed without.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"cannot be read: {fault}", where=str(path), hint="save it as UTF-8 CSV") from fault
    missing = {"name", "reason", "until"} - set(reader.fieldnames or ())
    if missing:
        hint = f"a whitelist has the columns {', '.join(COLUMNS)}"
        raise BadInput(f"there is no column {', '.join(sorted(missing))}", where=str(path), hint=hint)
    return Whitelist(dict(_pass(row, f"{path} row {place}") for place, row in enumerate(rows, 2)))


def _pass(row: dict[str, str | None], where: str) -> tuple[tuple[str, str], Pass]:
    name, reason = ((row.get(column) or "").strip() for column in ("name", "reason"))
    if not name_key(name) or not reason:
        raise BadInput("a name or a reason is missing", where=where, hint="say who is passed, and why")
    text = (row.get("until") or "").strip()
    try:
        until = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no day", where=where, hint="write it as 2027-01-31") from None
    return (name_key(name), (row.get("listing_id") or "").strip()), Pass(reason, until)

"""Sheets of lists as entries to look at: by name, with their cells of several values as lists."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from diversion.ingest.documents import FIELD, LIST
from diversion.ingest.files import open_sheets
from diversion.ingest.headers import Asked
from diversion.ingest.sheet import Sheet, header_test

_SEVERAL = {"aliases", "weak_aliases", "births", "regimes", "countries", "addresses", "identifiers"}


def sheets(path: Path) -> Sequence[Sheet]:
    return open_sheets(path, str(path), header_test(Asked()))


def entries(path: Path) -> list[dict[str, Any]]:
    """Every row of the one sheet, with its number and fault; an address as a pair."""
    (sheet,) = sheets(path)
    assert sheet.format
    found = []
    for batch in sheet.read(range(len(sheet.header)), lambda done, total: None):
        for row in batch.to_pylist():
            cells = {name: _told(name, row[str(at)]) for at, name in enumerate(sheet.header)}
            found.append(cells | {"row": row["row"], "fault": row["fault"], "value": row["value"]})
    return sorted(found, key=lambda entry: entry["row"])


def _told(name: str, text: str | None) -> Any:
    if name not in _SEVERAL:
        return text or None
    parts = text.split(LIST) if text else []
    return [tuple(part.split(FIELD)) for part in parts] if name == "addresses" else parts


def named(path: Path) -> dict[str, dict[str, Any]]:
    """The first row of each entry that stands, by its number."""
    found: dict[str, dict[str, Any]] = {}
    for entry in entries(path):
        if not entry["fault"]:
            found.setdefault(entry["entry_id"], entry)
    return found


def columns(text: str) -> list[str]:
    """The headers of a table, written over several lines with a bar between."""
    return [name.strip() for line in text.split("\n") for name in line.split("|") if name.strip()]

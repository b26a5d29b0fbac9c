"""The Beneficial Ownership Data Standard (BODS) 0.2, 0.3 and 0.4, as an array, JSON lines or one object.

A statement that is not valid is rejected with the place and the constraint that it breaks; annotations are
not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diversion.ingest.bods_cells import Cells, rows
from diversion.ingest.bods_older import as_0_4, without_nulls
from diversion.ingest.bods_schema import Fault, faults, told
from diversion.ingest.documents import Entry, part, sheet
from diversion.ingest.json_items import DEEP, Item, items, shown, sound
from diversion.ingest.sheet import Sheet, Told

_OWN = re.compile(
    rb'"(?:bodsVersion|statementI[Dd]|declarationSubject|recordDetails|describedBy(?:Entity|Person)Statement'
    rb'|(?:entity|person|ownershipOrControl)Statement)"'
)
COLUMNS = (
    *("record", "record_id", "stated_on", "status", "party_id", "name", "kind"),
    *("country", "addresses", "identifiers", "aliases", "contacts", "incorporated_on", "dissolved_on"),
    *("born", "note", "owner_id", "owned_id", "share", "share_min", "share_max"),
    *("above_min", "below_max", "interest", "indirect", "told_by", "by", "from"),
    *("until", "reason", "replaces", "known_on"),
)


def is_bods(start: bytes) -> bool:
    """Whether a file that begins so holds statements of the standard.

    >>> is_bods(b'[{"statementID": "1dc0e987", "statementType": "entityStatement"'), is_bods(b'{"id": 1}')
    (True, False)
    """
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{") and bool(_OWN.search(start))


def open_bods(path: Path, where: str) -> list[Sheet]:
    """The statements of a file, one a record."""

    def entries(told: Told) -> Iterator[Entry]:
        for item in items(path, where, told):
            yield from _entries(item)

    return [sheet(None, "bods", COLUMNS, entries)]


def _entries(item: Item) -> Iterator[Entry]:
    if item.fault:
        yield Entry(item.row, fault=item.fault, value=item.begins)
        return
    try:
        made = _made(item)
    except RecursionError:
        made = Entry(item.row, fault=DEEP)
    if isinstance(made, Entry):
        yield made
        return
    for number, cells in enumerate(made):
        yield Entry(part(item.row, number), {name: sound(text) for name, text in cells.items()})


def _made(item: Item) -> Iterator[Cells] | Entry:
    """The rows of one statement, or why it is not valid."""
    value: Any = item.value
    older = isinstance(value, dict) and "statementType" in value
    value = without_nulls(value) if older else value
    found = faults(value, item.path)
    if item.alone and not older:
        found = [Fault("$", "type", (), "the statements of 0.4 stand in an array"), *found]
    if found:
        return Entry(item.row, fault=told(found, "0.2 or 0.3" if older else "0.4"), value=shown(value))
    return rows(as_0_4(value), value.get("replacesStatements", ())) if older else rows(value)

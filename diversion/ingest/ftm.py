"""FollowTheMoney: entities as JSON lines or as a JSON array, as OpenSanctions and Aleph export them.

Parties and their links are rows of the register, sanctions are entries of lists, customs declarations are
shipments: a sheet each, of what the file has. Each entity is a row of exactly one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diversion.ingest import documents, ftm_listing, ftm_party, ftm_trade
from diversion.ingest.columns import KINDS
from diversion.ingest.documents import Entry
from diversion.ingest.ftm_entity import Entity, entities
from diversion.ingest.ftm_index import Index, index
from diversion.ingest.ftm_model import SANCTION, TRADE
from diversion.ingest.jsonstream import too_long_a_number
from diversion.ingest.sheet import Sheet

if TYPE_CHECKING:
    from diversion.ingest.sheet import Told

_OWN_SHEETS = frozenset((SANCTION, TRADE))


def is_ftm(start: bytes) -> bool:
    """Whether a file that begins so holds entities: id, schema, and properties that are lists.

    >>> is_ftm(b'{"id": "a", "schema": "Company", "properties": {"name": ["Alpha"]}}')
    True
    >>> is_ftm(b'{"type": "Feature", "id": "a", "properties": {"name": "Alpha"}}')
    False
    """
    seen = _begin(start)
    if not seen or "properties" not in seen:
        return False
    held = seen["properties"]
    whole = isinstance(held, dict) and all(isinstance(value, list) for value in held.values())
    named = isinstance(seen.get("schema"), str) or ("schema" not in seen and "id" in seen and bool(held))
    return whole and named and not {"type", "geometry", "$schema"} & set(seen)


def _begin(start: bytes) -> dict[str, Any]:
    """The first object, of an array too, as far as it is there."""
    import ijson

    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().removeprefix(b"[").lstrip()
    if not text.startswith(b"{") or too_long_a_number(text):
        return {}
    builder, depth = ijson.ObjectBuilder(), 0
    try:
        for event, value in ijson.basic_parse(text, multiple_values=True):
            builder.event(event, value)
            depth += event.startswith("start") - event.startswith("end")
            if not depth:
                break
    except (ijson.JSONError, UnicodeDecodeError):
        pass  # the file goes on where its start ends
    found = getattr(builder, "value", None)
    return found if isinstance(found, dict) else {}


def open_ftm(path: Path, where: str) -> list[Sheet]:
    """A sheet of each class that the file has. Reads it once or twice, with bounded memory.

    Raises `BadInput` where it cannot be read at all.
    """
    found = index(path, where)
    sheets = []
    if SANCTION in found.there:
        listing = _rows(path, where, found, _of(SANCTION, lambda one: ftm_listing.entry(one, found)))
        sheets.append(documents.sheet(None, "ftm_listing", KINDS["listing"].columns, listing))
    if TRADE in found.there:
        trade = _rows(path, where, found, _of(TRADE, ftm_trade.entry))
        sheets.append(replace(documents.sheet(None, "shipments", ftm_trade.COLUMNS, trade), format=None))
    if found.there - _OWN_SHEETS or not sheets:
        register = _rows(path, where, found, lambda one: _register(one, found))
        sheets.insert(0, documents.sheet(None, "ftm", KINDS["register"].columns, register))
    return sheets


_Make = Callable[[Entity], list[Entry]]


def _of(schema: str, make: Callable[[Entity], Entry]) -> _Make:
    return lambda one: [make(one)] if one.schema == schema else []


def _register(one: Entity, found: Index) -> list[Entry]:
    return [] if one.schema in _OWN_SHEETS else ftm_party.entries(one, found)


def _rows(path: Path, where: str, found: Index, make: _Make) -> documents.Entries:
    def read(told: Told) -> Iterator[Entry]:
        for one in entities(path, where, told):
            if found.counts(one):
                yield from make(one)

    return read

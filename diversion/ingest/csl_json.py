"""The US Consolidated Screening List as JSON: of its publisher (`results`), or in short keys with tables.

An entry has the same id as in the publisher's CSV (`us_csl.py`), and cells read in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from diversion.errors import BadInput
from diversion.ingest import csl_cells, documents
from diversion.ingest.documents import Entry
from diversion.ingest.jsonstream import Bounded, built, checked, events, members
from diversion.ingest.ofac_cells import country
from diversion.ingest.sheet import SHOWN, Sheet, Told

COLUMNS = (
    "list", "section", "entry_id", "name", "aliases", "births", "kind", "authority", "programme",
    "regimes", "listed_on", "removed_on", "countries", "addresses", "identifiers", "licence_requirement",
    "licence_policy", "remarks", "published",
)  # fmt: skip
LARGEST = 16 << 20
"""Bytes that one entry, or what stands before the first, may take."""
SHORT_KEYS = {
    "n": "name", "a": "alt_names", "s": "source", "t": "type", "c": "address_countries", "e": "entity_number",
    "lr": "license_requirement", "lp": "license_policy", "pg": "programs", "fr": "federal_register_notice",
    "u": "source_list_url",
}  # fmt: skip
_MARKS = (
    b'"countsBySource"',
    b'"sources_used"',
    b'"federal_register_notice"',
    b'"alt_names"',
    b'"entity_number"',
)
_ADDRESS = ("address", "city", "state", "postal_code", "country")
_TABLE = re.compile(r"tables\.(\w+)")
_UNDER = ("results", "entries")
_STATED = ("sourceGeneratedAt", "search_performed_at", "retrievedAt")


def is_csl_json(start: bytes) -> bool:
    """Whether a JSON file that begins so is this list, in one of its forms."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and any(mark in start for mark in _MARKS)


@dataclass
class _Head:
    """What stands before the entries: under which key they are, the day stated, tables of the short form."""

    under: str | None = None
    paged: bool = False
    published: str | None = None
    keys: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Any] = field(default_factory=dict)


def open_csl_json(path: Path, where: str) -> list[Sheet]:
    """The entries of the list. Raises `BadInput` where the JSON is damaged or none of this list."""
    head = _head(path, where)

    def entries(told: Told) -> Iterator[Entry]:
        for row, item in enumerate(_items(path, where, head.under, told), 1):
            yield _entry(row, item, head)

    return [replace(documents.sheet(None, "us_csl", COLUMNS, entries), whole=not head.paged)]


def _head(path: Path, where: str) -> _Head:
    head, key = _Head(), ""
    with path.open("rb") as raw:
        given = checked(events(Bounded(raw, where, LARGEST), several=False), where)
        for depth, event, value in given:
            if event == "map_key":
                key = value if depth == 1 else key
            elif event == "start_array" and (depth == 0 or (depth == 1 and key in _UNDER)):
                head.under = key if depth else None
                return head
            elif depth == 1 and key in ("total", "offset"):
                head.paged = True  # the answer to a search, which gives a page of what it found
            elif depth == 1 and event == "string" and key in _STATED:
                head.published = head.published or value[:10]
            elif depth == 1 and event == "start_map" and key in ("fieldKey", "tables"):
                setattr(head, "keys" if key == "fieldKey" else key, built(given, (depth, event, value)))
    raise BadInput("the JSON holds no entries of a list", where=where, hint='expected "results" or "entries"')


def _items(path: Path, where: str, under: str | None, told: Told) -> Iterator[Any]:
    """The entries one after the other."""
    total, level = path.stat().st_size, 1 if under is None else 2
    with path.open("rb") as raw:
        stream = Bounded(raw, where, LARGEST)
        for item in members(checked(events(stream, several=False), where), under, level):
            yield item
            stream.mark()
            told(min(stream.done, total), total)


def _entry(row: int, item: Any, head: _Head) -> Entry:
    if not isinstance(item, dict):
        return Entry(row, fault="an entry is an object with a name and a source", value=str(item)[:SHOWN])
    said = _spelt_out(item, head) if "s" in item and "source" not in item else item
    authority, programme, short = csl_cells.source(_text(said.get("source")) or "")
    if authority is None:
        reason = "no list of the Consolidated Screening List"
        return Entry(row, fault=reason, value=(_text(said.get("source")) or "")[:SHOWN])
    numbers, rest = csl_cells.identifiers("; ".join(_ids(said.get("ids"))))
    remarks = [_text(said.get("remarks")), _text(said.get("title")), rest]
    remarks.append(_text(said.get("federal_register_notice")))
    flags = [said.get("vessel_flag"), said.get("country")]
    lands = [*_texts(said.get("nationalities")), *_texts(said.get("citizenships")), *map(_text, flags)]
    return Entry(
        row,
        {
            "list": "us_csl",
            "section": short,
            "entry_id": _text(said.get("entity_number")),
            "name": _text(said.get("name")),
            "aliases": documents.several(_texts(said.get("alt_names"))),
            "births": documents.several(_texts(said.get("dates_of_birth"))),
            "kind": csl_cells.kind(_text(said.get("type")) or "")[0],
            "authority": authority,
            "programme": programme,
            "regimes": documents.several(_texts(said.get("programs"))),
            "listed_on": _text(said.get("start_date")),
            "removed_on": _text(said.get("end_date")),
            "countries": documents.several(lands),
            "addresses": documents.addresses(_addresses(said)),
            "identifiers": documents.several(numbers or ()),
            "licence_requirement": _text(said.get("license_requirement")),
            "licence_policy": _text(said.get("license_policy")),
            "remarks": "; ".join(text for text in remarks if text),
            "published": head.published,
        },
    )


def _spelt_out(item: Mapping[str, Any], head: _Head) -> dict[str, Any]:
    """An entry of the short form with its full keys, and for numbers what they stand for in tables."""
    said: dict[str, Any] = {}
    for key, value in item.items():
        meaning = str(head.keys.get(key, ""))
        hit = _TABLE.search(meaning)
        table = head.tables.get(hit[1]) if hit else None
        stands = _at(table, value) if isinstance(table, list) and isinstance(value, int) else value
        said[SHORT_KEYS.get(key) or meaning.partition(" ")[0] or key] = stands
    return said


def _at(table: list[Any], at: int) -> Any:
    return table[at] if 0 <= at < len(table) else None


def _addresses(said: Mapping[str, Any]) -> Iterator[tuple[str | None, str | None]]:
    """Addresses with their countries, as the CSV writes them; the short form has only the countries."""
    given = said.get("addresses")
    for one in given if isinstance(given, list) else csl_cells.several(_text(given) or ""):
        if isinstance(one, dict):
            parts = [text for part in _ADDRESS if (text := _text(one.get(part)))]
            land = country(_text(one.get("country")))
        else:
            parts, land = [_text(one) or ""], csl_cells.addresses(_text(one) or "")[1]
        written = ", ".join(parts)
        yield (written if len(written) > 2 else None), land
    for one in _texts(said.get("address_countries")):
        code = country(one)
        yield (None if code else one), code


def _ids(given: Any) -> Iterator[str]:
    """Identifiers as the CSV writes them: country, number, and what sort it is."""
    for one in given if isinstance(given, list) else [given]:
        if isinstance(one, dict):
            yield ", ".join(text for part in ("country", "number", "type") if (text := _text(one.get(part))))
        elif text := _text(one):
            yield text


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return documents.plain(value) or None
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    return None


def _texts(value: Any) -> list[str]:
    """The values of a list, or of a text that sets them apart by semicolons."""
    if isinstance(value, list):
        return [text for one in value if (text := _text(one))]
    return csl_cells.several(_text(value) or "")

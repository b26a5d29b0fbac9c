"""The US Consolidated Screening List as JSON: of its publisher (`results`), or in short keys with tables.

An entry has the same id as in the publisher's CSV (`us_csl.py`), and cells read in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from diversion.errors import BadInput
from diversion.ingest import csl_cells, documents
from diversion.ingest.documents import Entry
from diversion.ingest.sheet import SHOWN, Sheet, Told
from diversion.ingest.vocabulary import country

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
_STATED = ("sourceGeneratedAt", "search_performed_at", "retrievedAt")


def is_csl_json(start: bytes) -> bool:
    """Whether a JSON file that begins so is this list, in one of its forms."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and any(mark in start for mark in _MARKS)


class _Bounded:
    """A file of which no more than `LARGEST` bytes are read for one entry."""

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self._stream, self._where = stream, where
        self.since = self.done = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        chunk = self._stream.read(size if size >= 0 else LARGEST)
        self.since += len(chunk)
        self.done += len(chunk)
        if self.since > LARGEST:
            raise BadInput("an entry of the JSON is larger than 16 MB", where=self._where)
        return chunk


def open_csl_json(path: Path, where: str) -> list[Sheet]:
    """The entries of the list. Raises `BadInput` where the JSON is damaged or none of this list."""
    head = _head(path, where)

    def entries(told: Told) -> Iterator[Entry]:
        total = path.stat().st_size
        for row, (item, done) in enumerate(_items(path, where, head["entries"]), 1):
            yield _entry(row, item, head)
            told(min(done, total), total)

    return [documents.sheet(None, "us_csl", COLUMNS, entries)]


def _events(path: Path, where: str) -> Iterator[tuple[str, str, Any, _Bounded]]:
    """Events of the document; raises `BadInput` where it is damaged."""
    import ijson

    try:
        with path.open("rb") as raw:
            stream = _Bounded(raw, where)
            for prefix, event, value in ijson.parse(stream, buf_size=1 << 16):
                yield prefix, event, value, stream
    except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
        raise BadInput(f"the JSON is damaged: {str(error)[:200]}", where=where) from None


def _head(path: Path, where: str) -> dict[str, Any]:
    """What stands before the entries: where they are, the day stated, and in the short form its tables."""
    import ijson

    found: dict[str, Any] = {"entries": "", "published": None, "keys": {}, "tables": {}}
    build, depth = None, 0
    for prefix, event, value, _ in _events(path, where):
        if prefix in ("", "results", "entries") and event == "start_array":
            found["entries"] = f"{prefix}.item".lstrip(".")
            return found
        if prefix in _STATED and event == "string" and not found["published"]:
            found["published"] = value[:10]
        if prefix in ("fieldKey", "tables") and event == "start_map":
            build = ijson.ObjectBuilder()
        if build is not None:
            build.event(event, value)
            depth += event.startswith("start_") - event.startswith("end_")
            if not depth:
                found["keys" if prefix == "fieldKey" else "tables"] = build.value
                build = None
    raise BadInput("the JSON holds no entries of a list", where=where, hint='expected "results" or "entries"')


def _items(path: Path, where: str, at: str) -> Iterator[tuple[Any, int]]:
    """The entries one after the other, with how much of the file was read."""
    import ijson

    build, depth = ijson.ObjectBuilder(), 0
    for prefix, event, value, stream in _events(path, where):
        if not (prefix == at or prefix.startswith(at + ".")):
            continue
        build.event(event, value)
        depth += event.startswith("start_") - event.startswith("end_")
        if not depth:
            yield build.value, stream.done
            build, stream.since = ijson.ObjectBuilder(), 0


def _entry(row: int, item: Any, head: Mapping[str, Any]) -> Entry:
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
            "published": head["published"],
        },
    )


def _spelt_out(item: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the short form with its full keys, and for numbers what they stand for in tables."""
    keys, tables = head["keys"], head["tables"]
    said: dict[str, Any] = {}
    for key, value in item.items():
        meaning = str(keys.get(key, "")) if isinstance(keys, dict) else ""
        hit = _TABLE.search(meaning)
        table = tables.get(hit[1]) if hit and isinstance(tables, dict) else None
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
            land = country(_text(one.get("country")) or "")[0]
        else:
            parts, land = [_text(one) or ""], csl_cells.addresses(_text(one) or "")[1]
        written = ", ".join(parts)
        yield (written if len(written) > 2 else None), land
    for one in _texts(said.get("address_countries")):
        yield None, country(one)[0]


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

"""GLEIF: legal entities, relationships and reporting exceptions, as XML and as the golden copy's CSV.

What each file holds is told by its root element or by its header. One record is one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.ingest import documents, xml
from diversion.ingest.columns import KINDS
from diversion.ingest.documents import NOT_KEPT, Entry
from diversion.ingest.gleif_entities import Cells, party
from diversion.ingest.gleif_fields import Fields, counts_of, csv_name, day, of_element
from diversion.ingest.gleif_links import ends, exception, relationship
from diversion.ingest.sheet import SHOWN, Sheet

if TYPE_CHECKING:
    from diversion.ingest.sheet import Told

COLUMNS = KINDS["register"].columns
ENTITIES, LINKS, EXCEPTIONS = "LEIData", "RelationshipData", "ReportingExceptionData"
_RECORD = {ENTITIES: "LEIRecord", LINKS: "RelationshipRecord", EXCEPTIONS: "Exception"}
_HEADERS = {
    ENTITIES: {"LEI", "Entity.LegalName"},
    LINKS: {"Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID", "Relationship.RelationshipType"},
    EXCEPTIONS: {"LEI", "ExceptionCategory"},
}
_DELETED = "Extension.Deletion.DeletedAt"


@dataclass(frozen=True)
class _Found:
    """One record: its number, its fields, and the day on which the file was published."""

    row: int
    fields: Fields
    published: str | None = None


def is_gleif_root(namespace: str, local: str) -> bool:
    """Whether a root element is one of GLEIF's; files of single issuers may have no namespace.

    >>> is_gleif_root("http://www.gleif.org/data/schema/rr/2016", "RelationshipData")
    True
    """
    return local in _RECORD and (not namespace or "gleif" in namespace or "leiroc" in namespace)


def is_gleif_header(header: Sequence[str]) -> bool:
    """Whether the columns are those of the golden copy's CSV.

    >>> is_gleif_header(["LEI", "Exception.Category", "Exception.Reason.1"]), is_gleif_header(["LEI", "name"])
    (True, False)
    """
    return _kind_of(header) is not None


def _kind_of(header: Sequence[str]) -> str | None:
    names = {csv_name(cell.strip()) for cell in header}
    return next((kind for kind, needed in _HEADERS.items() if needed <= names), None)


def open_gleif(path: Path, where: str) -> list[Sheet]:
    """The one sheet of a file. Raises `BadInput` where the file is damaged or none of GLEIF's."""
    with path.open("rb") as stream:
        start = stream.read(256)
    if b"<" in start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:2]:
        return [_of_xml(path, where)]
    return [_of_csv(path, where)]


def _of_xml(path: Path, where: str) -> Sheet:
    _, kind, _ = xml.root(path, where)

    def found(told: Told) -> Iterator[_Found]:
        published, row = None, 0
        for element in xml.records(path, where, (_RECORD.get(kind, ""), "ContentDate"), told):
            if xml.local(element) == "ContentDate":
                published = day(xml.text(element))
            else:
                row += 1
                yield _Found(row, of_element(element), published)

    return _sheet(lambda told: (entry for one in found(told) for entry in _entries(kind, one)), ())


def _of_csv(path: Path, where: str) -> Sheet:
    from diversion.ingest.headers import find, first_that
    from diversion.ingest.text import open_text

    (table,) = open_text(path, where, first_that(is_gleif_header, find))
    kind = _kind_of(table.header) or ENTITIES
    at = [place for place, name in enumerate(table.header) if _is_used(name)]
    names = [csv_name(table.header[place]) for place in at]
    counts = counts_of(names)

    def entries(told: Told) -> Iterator[Entry]:
        for batch in table.read(at, told):
            rows, faults, values, *cells = (column.to_pylist() for column in batch.columns)
            for row, fault, value, *texts in zip(rows, faults, values, *cells, strict=True):
                if fault:
                    yield Entry(row, fault=fault, value=value)
                else:
                    said = ((name, text.strip()) for name, text in zip(names, texts, strict=True) if text)
                    yield from _entries(
                        kind, _Found(row, counts | {name: text for name, text in said if text})
                    )

    return _sheet(entries, table.notes)


def _is_used(name: str) -> bool:
    """Of some 340 columns, those that are read."""
    return not name.startswith(("Registration.Validation", "Registration.Other", "Extension.Geocoding"))


def _sheet(entries: Callable[[Told], Iterable[Entry]], notes: tuple[str, ...]) -> Sheet:
    return documents.sheet(None, "gleif", COLUMNS, entries, notes)


def _entries(kind: str, found: _Found) -> list[Entry]:
    """The rows of one record; the first stands for it."""
    if fault := _fault(kind, found.fields):
        return [Entry(found.row, fault=fault, value=_shown(found.fields))]
    made = _cells(kind, found)
    if not made:
        said = found.fields.get("Relationship.RelationshipType", "")
        return [Entry(found.row, fault=f"{NOT_KEPT}relationships of the type {said[:SHOWN]}", value=said)]
    gone: Cells = {}
    if deleted := found.fields.get(_DELETED):
        # The golden copy tells only that the record is gone, not that it never held.
        gone = {"status": "closed", "stated_on": day(deleted), "known_on": day(deleted)}
    return [Entry(documents.part(found.row, number), cells | gone) for number, cells in enumerate(made)]


def _shown(fields: Fields) -> str:
    return "; ".join(text for name, text in fields.items() if not name.endswith("#"))[:SHOWN]


def _fault(kind: str, fields: Fields) -> str:
    if kind == LINKS:
        start, end = ends(fields)
        if not (start and end):
            return f"no NodeID at {'Relationship.EndNode' if start else 'Relationship.StartNode'}"
        return "" if "Relationship.RelationshipType" in fields else "no RelationshipType"
    if "LEI" not in fields:
        return "no LEI"
    return "no ExceptionCategory" if kind == EXCEPTIONS and "ExceptionCategory" not in fields else ""


def _cells(kind: str, found: _Found) -> list[Cells]:
    if kind == ENTITIES:
        return [party(found.fields)]
    if kind == LINKS:
        return relationship(found.fields)
    return [exception(found.fields) | {"stated_on": found.published, "known_on": found.published}]

"""The Denied Persons List of BIS as it publishes it: a table set apart by tabs, one order a row.

An order is in force from its effective date. Its expiration date is taken for the day on which it ends, so
that this day is the first free one, as the Consolidated Screening List has it in `end_date` (choice: orders
deny "until" a day). Without one an order does not end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from diversion.ingest import documents, vocabulary
from diversion.ingest.columns import squeeze
from diversion.ingest.csl_cells import LISTS
from diversion.ingest.days import reader
from diversion.ingest.documents import Entry
from diversion.ingest.encoding import Encoding, encoding
from diversion.ingest.headless import records
from diversion.ingest.sheet import SHOWN, Sheet, Told

COLUMNS = (
    "list", "name", "authority", "programme", "listed_on", "removed_on", "addresses", "remarks", "published",
)  # fmt: skip
_NEEDED = frozenset(("name", "effectivedate", "expirationdate", "standardorder", "frcitation"))
_ADDRESS = ("streetaddress", "city", "state", "postalcode", "country")
_DAY = reader("month first")
"""How the publisher writes days; updates are written year first."""


def told(start: bytes) -> str | None:
    r"""How the cells of a file that begins so are set apart; None where it is not this list.

    >>> told(b'"Name"\t"Effective_Date"\t"Expiration_Date"\t"Standard_Order"\t"FR_Citation"\n')
    '\t'
    """
    line = start.partition(b"\n")[0].decode("latin-1")
    splits = [mark for mark in "\t,|" if {squeeze(cell) for cell in line.split(mark)} >= _NEEDED]
    return splits[0] if splits else None


def is_dpl(start: bytes) -> bool:
    """Whether a file is the Denied Persons List."""
    return told(start) is not None


def open_dpl(path: Path, where: str) -> list[Sheet]:
    """The orders of the list. Raises `BadInput` where the file is binary."""
    with path.open("rb") as stream:
        delimiter = told(stream.read(4096)) or "\t"
    codec = encoding(path, where)

    def entries(so_far: Told) -> Iterator[Entry]:
        return _entries(path, where, codec, delimiter, so_far)

    return [documents.sheet(None, "bis_dpl", COLUMNS, entries, (codec.note,) if codec.note else ())]


def _entries(path: Path, where: str, codec: Encoding, delimiter: str, so_far: Told) -> Iterator[Entry]:
    header: list[str] = []
    for record in records(path, where, codec, delimiter, so_far):
        names = [squeeze(cell) for cell in record.cells]
        if not header or names == header:
            header = header or names
        elif record.fault or len(names) != len(header):
            reason = record.fault or f"the row has {len(names)} cells, the header {len(header)}"
            yield Entry(
                record.row, fault=reason, value=(record.value or delimiter.join(record.cells))[:SHOWN]
            )
        else:
            yield Entry(
                record.row, _order(dict(zip(header, map(documents.plain, record.cells), strict=True)))
            )


def _order(said: Mapping[str, str]) -> Mapping[str, str | None]:
    authority, programme = LISTS["DPL"]
    country = vocabulary.country(said.get("country", ""))[0]
    parts = [text for column in _ADDRESS if (text := said.get(column))]
    alone = len(parts) == 1 and country
    told = [said.get("action"), said.get("frcitation")]
    if said.get("standardorder", "").upper() == "N":
        told.append("not a standard order")
    return {
        "list": "bis_dpl",
        "name": said["name"],
        "authority": authority,
        "programme": programme,
        "listed_on": _iso(said["effectivedate"]),
        "removed_on": _iso(said["expirationdate"]),
        "addresses": documents.addresses([(None if alone else ", ".join(parts), country)]),
        "remarks": "; ".join(text for text in told if text),
        "published": _iso(said.get("lastupdate", "")),
    }


def _iso(text: str) -> str:
    """A day as the recipe reads it; what is none stays as it is written."""
    first, last = _DAY(text)
    return first.isoformat() if first and first == last else text

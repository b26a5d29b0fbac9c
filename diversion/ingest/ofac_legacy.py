"""OFAC's old files: no header, `-0-` for nothing, entries in one file and their other parts in three more.

`sdn.csv` and `cons_prim.csv` have 12 columns, `alt.csv` 5, `add.csv` 6, `sdn_comments.csv` 2, and the same
stand in `.pip` (set apart by `|`) and `.del` (by `@`). What they are is told by their first rows.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from diversion.ingest import documents, ofac_cells
from diversion.ingest.documents import Entry
from diversion.ingest.encoding import Encoding, encoding
from diversion.ingest.headless import records
from diversion.ingest.records import Record
from diversion.ingest.sheet import SHOWN, Sheet, Told

NOTHING = "-0-"
CUT = 1000
"""Characters of a remark in sdn.csv, after which its text goes on in sdn_comments.csv."""
SAMPLE = 200
PARTS = re.compile(r"(?i)add|alt|comment")
"""Part of the published names of files that only say more of entries; whether one does, its content tells."""
_NUMBER = re.compile(r"[0-9]{1,9}")
_TYPES = ("individual", "vessel", "aircraft", "entity", "")
_ALIAS = re.compile(r"[afn]\.?k\.?a\.?")
_COMMENT = re.compile(rb'\s*"?[0-9]{1,9}"?([,|@])"')

WIDTHS = {"ofac_sdn": 12, "ofac_aliases": 5, "ofac_addresses": 6, "ofac_comments": 2}
PRINCIPAL = (
    "list", "entry_id", "name", "aliases", "weak_aliases", "births", "kind", "authority", "programme",
    "regimes", "countries", "identifiers", "remarks",
)  # fmt: skip
PART = {
    "ofac_aliases": ("entry_id", "alias"),
    "ofac_addresses": ("entry_id", "address", "country"),
    "ofac_comments": ("entry_id", "comment"),
}


def told(start: bytes) -> tuple[str, str] | None:
    r"""What the first bytes of a file begin, and how its cells are set apart; None where it is none of these.

    >>> told(b'36,12,"aka","AERO-CARIBBEAN",-0- \r\n'), told(b"id,name\r\n1,Alpha\r\n")
    (('ofac_aliases', ','), None)
    """
    lines = start.split(b"\n")[:-1][:20] or [start]
    text = [line.decode("latin-1").strip() for line in lines]
    for delimiter in ",|@":
        try:
            rows = [row for row in csv.reader([line for line in text if line], delimiter=delimiter) if row]
        except csv.Error:
            continue
        for name in WIDTHS:
            if rows and all(_fits(name, [_cell(cell) for cell in row]) for row in rows[:-1] or rows):
                return name, delimiter
    hit = _COMMENT.match(start)
    return ("ofac_comments", hit[1].decode()) if hit and b"\n" not in start.strip() else None


def _fits(name: str, row: list[str]) -> bool:
    if len(row) != WIDTHS[name] or not _NUMBER.fullmatch(row[0]):
        return False
    if name == "ofac_sdn":
        return row[2].casefold() in _TYPES and bool(row[1]) and bool(row[3])
    if name == "ofac_comments":
        return len(row[1]) > 2 and ";" in row[1]
    return bool(_NUMBER.fullmatch(row[1])) and (name == "ofac_addresses" or bool(_ALIAS.match(row[2])))


def is_legacy(start: bytes) -> bool:
    """Whether a file is one of OFAC's old ones."""
    return told(start) is not None


def is_part(start: bytes) -> bool:
    """Whether it says more of the entries of another file, which is to be read before it."""
    found = told(start)
    return bool(found and found[0] in PART)


def open_legacy(path: Path, where: str) -> list[Sheet]:
    """The one sheet of an old file. Raises `BadInput` where it is binary."""
    with path.open("rb") as stream:
        name, delimiter = told(stream.read(4096)) or ("ofac_sdn", ",")
    codec = encoding(path, where)
    notes = (codec.note,) if codec.note else ()

    def rows(so_far: Told) -> Iterator[Entry]:
        return _entries(records(path, where, codec, delimiter, so_far), name, which)

    which = _which(path, where, codec, delimiter) if name == "ofac_sdn" else ""
    columns = PART.get(name, PRINCIPAL)
    return [documents.sheet(None, which or name, columns, rows, notes)]


def _which(path: Path, where: str, codec: Encoding, delimiter: str) -> str:
    sample = islice(records(path, where, codec, delimiter, lambda done, total: None), SAMPLE)
    return ofac_cells.which(_codes(_cell(one.cells[3])) for one in sample if len(one.cells) > 3)


def _entries(found: Iterable[Record], name: str, which: str) -> Iterator[Entry]:
    for record in found:
        reason = record.fault or _fault(record.cells, WIDTHS[name])
        if reason:
            yield Entry(record.row, fault=reason, value=(record.value or ",".join(record.cells))[:SHOWN])
            continue
        cells = [_cell(cell) for cell in record.cells]
        read = _principal(cells, which) if name == "ofac_sdn" else _part(cells, name)
        yield Entry(record.row, read)


def _fault(cells: list[str], width: int) -> str:
    if len(cells) != width:
        return f"the row has {len(cells)} cells, this file of OFAC {width}"
    if not _NUMBER.fullmatch(cells[0].strip()):
        return "the first cell is not the number of an entry"
    return ""


def _cell(text: str) -> str:
    return "" if text.strip() == NOTHING else text.strip()


def _codes(text: str) -> list[str]:
    """The programmes of a cell: `SDGT] [IFSR`, whose outer brackets are left out."""
    return [code for part in text.split("] [") if (code := part.strip("[] "))]


def _principal(cells: list[str], which: str) -> Mapping[str, str | None]:
    number, name, sort, programmes, title, call_sign, ship, tons, gross, flag, owner, remark = cells
    codes = _codes(programmes)
    beside = {
        "Title": title,
        "Call Sign": call_sign,
        "Vessel Type": ship,
        "Vessel Flag": flag,
        "Tonnage": tons,
        "Gross Tonnage": gross,
    }
    told = "; ".join(f"{what}: {text}" for what, text in (beside | {"Owner": owner}).items() if text)
    remarks = ofac_cells.BESIDE.join(text for text in (told, remark) if text)
    # A remark that was cut goes on in another file: what it says last may be half of it.
    said = remarks if len(remark) < CUT else remarks.rpartition("; ")[0]
    births, weak, numbers, countries = ofac_cells.remark(said)
    return {
        "list": which,
        "entry_id": number,
        "name": name,
        "aliases": documents.several(weak or ()),
        "weak_aliases": documents.several(weak or ()),
        "births": documents.several(births or ()),
        "kind": ofac_cells.kind(sort),
        "authority": ofac_cells.AUTHORITY,
        "programme": ofac_cells.programme(codes, which),
        "regimes": documents.several(codes),
        "countries": documents.several(countries or ()),
        "identifiers": documents.several(numbers or ()),
        "remarks": remarks,
    }


def _part(cells: list[str], name: str) -> Mapping[str, str | None]:
    if name == "ofac_aliases":
        return {"entry_id": cells[0], "alias": documents.plain(cells[3])}
    if name == "ofac_comments":
        return {"entry_id": cells[0], "comment": documents.plain(cells[1])}
    street, city, country = cells[2:5]
    written = ", ".join(text for text in (street, city, country) if text) if street or city else None
    return {"entry_id": cells[0], "address": written, "country": ofac_cells.country(country)}

"""What is asked of a screening: names from the command line, from a file, or from the standard input."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NoReturn

from diversion.errors import BadInput, UsageError
from diversion.ingest.list_cells import partial
from diversion.output import say

KNOWN = ("name", "country", "address", "identifier", "date", "kind")
PAIRED = tuple(
    f"{side}{what}" for side in ("left", "right") for what in ("", "_country", "_date", "_identifier")
)
Query = dict[str, str | None]


def queries(names: Iterable[str], country: str | None = None) -> list[Query]:
    """One query a name; one that ends in `.csv` or `.txt` is a file and stands for its rows.

    `-` is the standard input. A file is CSV with a column `name`; the standard input and a `.txt` file may
    instead hold a name a line.
    A country is a code or a name, a date as precise as it is known; what a file states and is neither is
    left out, and told on stderr.
    Raises `BadInput` for a CSV file without a column `name`, for a row of more cells than the header has, and
    for what cannot be read, `UsageError` for an empty name and for a `country` that nobody knows.
    """
    if country and not (stated := nation(country)):
        raise UsageError(f"{country!r} is no country", where="--country", hint="an ISO code, or a name")
    country = stated if country else None
    made: list[Query] = []
    for name in names:
        path = Path(name)
        if not name.strip():
            raise UsageError("a name is empty", where="screen", hint="write a name, a CSV file, or -")
        if name == "-":
            made += _lines(_input(), "standard input", country)
        elif path.suffix.lower() == ".csv":
            made += _rows(path, country)
        elif path.suffix.lower() == ".txt" and path.is_file():
            made += _lines(_text(path), str(path), country)
        else:
            made.append({"name": name, **({"country": country} if country else {})})
    return made


@cache
def nation(text: str) -> str | None:
    """The ISO code of a country, from a code or a name in one of many languages; None for what is neither."""
    from diversion.ingest.countries import country

    return country(text)[0]


def _input() -> str:
    import sys

    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(f"cannot be read: {fault}", where="standard input", hint="write UTF-8") from fault


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"cannot be read: {fault}", where=str(path), hint="save it as UTF-8") from fault


def _lines(text: str, where: str, country: str | None) -> list[Query]:
    """Rows of CSV where the first line has a column `name`, a name a line where it has not."""
    lines = text.splitlines()
    try:
        header = next(csv.reader(lines[:1]), [])
        if "name" in (cell.strip().lower() for cell in header):
            reader = csv.DictReader(lines[1:], [cell.strip().lower() for cell in header], strict=True)
            return [_query(row, country) for row in _whole(reader, where) if (row.get("name") or "").strip()]
    except csv.Error as fault:
        raise BadInput(f"cannot be read: {fault}", where=where, hint="write CSV, or a name a line") from fault
    return [_query({"name": line}, country) for line in lines if line.strip()]


def _rows(path: Path, country: str | None) -> list[Query]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if "name" not in (reader.fieldnames or ()):
                raise BadInput(
                    "there is no column 'name'", where=str(path), hint=f"known are {', '.join(KNOWN)}"
                )
            return [_query(row, country) for row in _whole(reader, str(path)) if row.get("name")]
    except FileNotFoundError as fault:
        raise BadInput("there is no such file", where=str(path)) from fault
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"cannot be read: {fault}", where=str(path), hint="save it as UTF-8 CSV") from fault


def _whole(reader: csv.DictReader[str], where: str) -> Iterator[dict[str, str | None]]:
    """The rows, none of which has a cell too many, as a comma in a name without quotes makes one."""
    for place, row in enumerate(reader, 2):
        if any(row.pop(None, ())):
            _ragged(place, where)
        yield row


def _ragged(place: int, where: str) -> NoReturn:
    raise BadInput(
        f"row {place} has more cells than the header",
        where=where,
        hint='quote what holds a comma: "Acme Co., Ltd."',
    )


def pairs(path: Path) -> list[tuple[int, Query]]:
    """Labelled pairs of names: the row as a person sees it in the file, and its cells by column.

    The columns are `left, right` and, where known, `left_country, right_country, left_date, right_date,
    left_identifier, right_identifier, kind`; others are left alone. Raises `BadInput` where the file cannot
    be read as such.
    """
    rows = _table(path)
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    if not {"left", "right"} <= set(header):
        known = ", ".join([*PAIRED, "kind"])
        raise BadInput("there are no columns 'left' and 'right'", where=str(path), hint=f"known are {known}")
    twice = sorted({cell for cell in header if cell in (*PAIRED, "kind") and header.count(cell) > 1})
    if twice:
        raise BadInput(f"the column {twice[0]!r} stands there twice", where=str(path), hint="leave one")
    for place, row in enumerate(rows[1:], 2):
        if any(row[len(header) :]):
            _ragged(place, str(path))
    told = [
        (place, dict(zip(header, row, strict=False))) for place, row in enumerate(rows[1:], 2) if any(row)
    ]
    return [
        (place, {key: row.get(key, "").strip() or None for key in (*PAIRED, "kind")}) for place, row in told
    ]


def _table(path: Path) -> list[list[str]]:
    """The cells of a CSV file, parted as its header is; UTF-8, or UTF-16 with its mark."""
    if not path.is_file():
        raise BadInput("there is no such file", where=str(path))
    try:
        raw = path.read_bytes()
        wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = raw.decode("utf-16" if wide else "utf-8-sig")
        first = text.split("\n", 1)[0].lower()
        part = next((mark for mark in ",;\t|" if mark in first), ",")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=part, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"cannot be read: {fault}", where=str(path), hint="save it as UTF-8 CSV") from fault


def _query(row: dict[str, str | None], country: str | None) -> Query:
    known = {key: (row.get(key) or "").strip() for key in KNOWN}
    stated: Query = {key: value for key, value in known.items() if value}
    if (said := stated.pop("country", None)) is not None:
        if code := nation(said):
            stated["country"] = code
        else:
            say(f"note: {stated.get('name', '')}: {said!r} is no known country and is not weighed")
    if (said := stated.pop("date", None)) is not None:
        if day := partial(said):
            stated["date"] = day
        else:
            say(f"note: {stated.get('name', '')}: {said!r} is no date (1952-10-07, or 1952), and not weighed")
    if country:
        stated.setdefault("country", country)
    return stated

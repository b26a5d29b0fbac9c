"""What is asked of a screening: names from the command line, or a file of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from diversion.errors import BadInput

KNOWN = ("name", "country", "address", "identifier", "date", "kind")
PAIRED = tuple(
    f"{side}{what}" for side in ("left", "right") for what in ("", "_country", "_date", "_identifier")
)
Query = dict[str, str | None]


def queries(names: Iterable[str], country: str | None = None) -> list[Query]:
    """One query a name; a name that ends in `.csv` is a file and stands for its rows.

    Raises `BadInput` for a file without a column `name`.
    """
    made: list[Query] = []
    for name in names:
        path = Path(name)
        if path.suffix.lower() == ".csv":
            made += _rows(path, country)
        else:
            made.append({"name": name, **({"country": country} if country else {})})
    return made


def _rows(path: Path, country: str | None) -> list[Query]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if "name" not in (reader.fieldnames or ()):
                raise BadInput(
                    "there is no column 'name'", where=str(path), hint=f"known are {', '.join(KNOWN)}"
                )
            return [_query(row, country) for row in reader if row.get("name")]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"cannot be read: {fault}", where=str(path), hint="save it as UTF-8 CSV") from fault


def pairs(path: Path) -> list[tuple[int, Query]]:
    """Labelled pairs of names: the row as a person sees it in the file, and its cells by column.

    The columns are `left, right` and, where known, `left_country, right_country, left_date, right_date,
    left_identifier, right_identifier, kind`; others are left alone. Raises `BadInput` where the file cannot
    be read as such.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(f"cannot be read: {fault}", where=str(path), hint="save it as UTF-8 CSV") from fault
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    if not {"left", "right"} <= set(header):
        known = ", ".join([*PAIRED, "kind"])
        raise BadInput("there are no columns 'left' and 'right'", where=str(path), hint=f"known are {known}")
    told = [
        (place, dict(zip(header, row, strict=False))) for place, row in enumerate(rows[1:], 2) if any(row)
    ]
    return [
        (place, {key: row.get(key, "").strip() or None for key in (*PAIRED, "kind")}) for place, row in told
    ]


def _query(row: dict[str, str | None], country: str | None) -> Query:
    known = {key: (row.get(key) or "").strip() for key in KNOWN}
    stated: Query = {key: value for key, value in known.items() if value}
    if country:
        stated.setdefault("country", country)
    return stated

"""What is asked of a screening: names from the command line, or a file of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from diversion.errors import BadInput

KNOWN = ("name", "country", "address", "identifier", "date", "kind")
Query = dict[str, str | None]


def queries(names: Iterable[str], country: str | None = None) -> list[Query]:
    """One query a name; a name that is an existing CSV file stands for its rows.

    Raises `BadInput` for a file without a column `name`.
    """
    made: list[Query] = []
    for name in names:
        path = Path(name)
        if path.suffix.lower() == ".csv" and path.is_file():
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


def _query(row: dict[str, str | None], country: str | None) -> Query:
    known = {key: (row.get(key) or "").strip() for key in KNOWN}
    stated: Query = {key: value for key, value in known.items() if value}
    if country:
        stated.setdefault("country", country)
    return stated

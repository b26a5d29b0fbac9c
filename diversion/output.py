"""How commands print: data on stdout in one of four formats, everything else on stderr."""

from __future__ import annotations

import csv
import json
import math
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from diversion.columns import SHORT, Column, fitted

Format = Literal["table", "json", "jsonl", "csv"]
Row = Mapping[str, Any]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WIDE = 160
"""Columns of a table that goes to a file or a pipe, unless COLUMNS says otherwise."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean(text: str) -> str:
    r"""`text` without what could steer a terminal or turn the reading direction around.

    >>> clean("Acme\x1b[31m")
    'Acme[31m'
    """
    return _CONTROL.sub("", text)


def cell(value: object) -> str:
    """`value` as a CSV cell that no spreadsheet takes for a formula.

    >>> cell("=HYPERLINK(1)"), cell(-3), cell(None)
    ("'=HYPERLINK(1)", '-3', '')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        plain = clean(value)
        return f"'{plain}" if plain.startswith(_FORMULA) else plain
    if isinstance(value, list | tuple | dict):
        return cell(_json(value))
    return str(value)


def _json(data: object, indent: int | None = None) -> str:
    """JSON as its standard has it, which knows no infinity: null stands in its place."""
    try:
        return json.dumps(data, ensure_ascii=False, indent=indent, default=str, allow_nan=False)
    except ValueError:  # most data hold no infinity, and are not copied to look for one
        return json.dumps(_finite(data), ensure_ascii=False, indent=indent, default=str, allow_nan=False)


def _finite(data: object) -> object:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, Mapping):
        return {key: _finite(value) for key, value in data.items()}
    return [_finite(one) for one in data] if isinstance(data, list | tuple) else data


def emit(data: Any, fmt: Format, columns: Sequence[str], title: str = "", spare: Sequence[str] = ()) -> None:
    """Print `data`, one object, a list of them, or what yields them; `columns` are those of the table.

    Those that are `spare` are left out, the first of them first, where the table would break words. What
    yields rows is printed row by row and never held as a whole, but for a table.
    """
    rows: Iterable[Row] = [data] if isinstance(data, Mapping) else data
    if fmt == "json" and isinstance(data, Iterator):
        _array(data)
    elif fmt == "json":
        print(_json(data, indent=2))
    elif fmt == "jsonl":
        for row in rows:
            print(_json(row))
    elif fmt == "csv":
        _csv(rows)
    else:
        _table(rows, columns, title, spare)


def _array(rows: Iterator[Row]) -> None:
    """A JSON array, laid out as `json.dumps` does it."""
    before = "[\n"
    for row in rows:
        inner = _json(row, indent=2).replace("\n", "\n  ")
        print(f"{before}  {inner}", end="")
        before = ",\n"
    print("[]" if before == "[\n" else "\n]")


def _csv(rows: Iterable[Row]) -> None:
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row), lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
        writer.writerow({name: cell(value) for name, value in row.items()})


def _table(rows: Iterable[Row], columns: Sequence[str], title: str, spare: Sequence[str]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() or _asked_width() else WIDE)
    table = Table(header_style="bold", box=None, pad_edge=False)
    texts = [{name: _shown(row.get(name)) for name in columns} for row in rows]
    made = [Column(name, [row[name] for row in texts]) for name in columns]
    kept, widths = fitted(made, console.width, spare)
    for column, width in zip(kept, widths, strict=True):
        table.add_column(column.head, overflow="fold", no_wrap=column.name in SHORT, width=width)
    for cells in zip(*(column.cells for column in kept), strict=True):
        table.add_row(*(Text(one) for one in cells))
    if title:
        console.print(Text(clean(title), style="italic"))
    console.print(table)
    if left_out := [column.head for column in made if column not in kept]:
        say(f"not shown for want of room: {', '.join(left_out)} (a wider terminal, or --format csv)")


def _asked_width() -> bool:
    return os.environ.get("COLUMNS", "").isdigit() and int(os.environ["COLUMNS"]) > 0


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return clean(str(value))


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "party", "parties"), counted(2000, "transfer")
    ('1 party', '2,000 transfers')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def say(message: str) -> None:
    """A message to the person, on stderr."""
    print(clean(message), file=sys.stderr)

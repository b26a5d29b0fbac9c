"""Documents (XML, JSON, messages) as sheets: one record a row, under canonical columns.

A cell that holds several values joins them with `LIST`; a value of several fields, such as an address and its
country, joins those with `FIELD`. Both are private characters, which `plain` takes out of what a file says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from diversion.ingest.sheet import BATCH, Batches, Gather, Sheet, Told

LIST, FIELD = "\ue000", "\ue001"
NOT_KEPT = "not kept: "
"""How the reason begins where a record is understood and has no place in the graph: no fault of the file."""
PARTS = 48
"""Bits of a row number below the number of the part: see `part`."""
_PRIVATE = str.maketrans("", "", LIST + FIELD)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: its number in the document, from 1, and its cells; or why it cannot be read."""

    row: int
    cells: Mapping[str, str | None] = field(default_factory=dict)
    fault: str = ""
    value: str = ""


Entries = Callable[[Told], Iterable[Entry]]
"""Reads the document once; may be called again."""


def part(row: int, number: int) -> int:
    """The row of a further part of the record `row`, for recipes that make several rows of one record.

    The record itself is part 0, and the only one that counts.

    >>> part(7, 0), part(7, 2) & (1 << PARTS) - 1
    (7, 7)
    """
    return number << PARTS | row


def plain(text: str | None) -> str:
    """A text of the file without the characters that join; empty for None."""
    return text.translate(_PRIVATE).strip() if text else ""


def several(values: Iterable[str | None]) -> str | None:
    """Values as one cell: without the empty ones, each once, in order.

    >>> several(["a", None, "b", "a"]) == "a" + LIST + "b"
    True
    """
    kept = list(dict.fromkeys(text for value in values if (text := plain(value))))
    return LIST.join(kept) or None


def fields(*parts: str | None) -> str:
    """A value of several fields: an address and its country."""
    return FIELD.join(plain(part) for part in parts)


def addresses(values: Iterable[tuple[str | None, str | None]]) -> str | None:
    """Pairs of address and ISO country, either of which may be unknown, as one cell."""
    kept = list(dict.fromkeys(fields(*pair) for pair in values if any(map(plain, pair))))
    return LIST.join(kept) or None


def sheet(
    name: str | None,
    kind: str,
    columns: Sequence[str],
    entries: Entries,
    notes: tuple[str, ...] = (),
    stated: date | None = None,
) -> Sheet:
    """The records of a document as the sheet of a publisher's format `kind`; `stated` is its day."""
    header = tuple(columns)

    def read(positions: Sequence[int], told: Told) -> Batches:
        return _batches(entries(told), [header[at] for at in positions])

    return Sheet(name, header, read, notes, format=kind, stated=stated)


def _batches(entries: Iterable[Entry], columns: list[str]) -> Iterator[pa.RecordBatch]:
    gather = Gather(range(len(columns)))
    for entry in entries:
        if entry.fault:
            gather.fault(entry.row, entry.fault, entry.value)
        else:
            gather.good(entry.row, [entry.cells.get(column) or "" for column in columns])
        if len(gather) >= BATCH:
            yield gather.take()
    yield gather.take()

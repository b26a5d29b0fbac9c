"""Records of delimited text whose columns are known beforehand, so that no header is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from diversion.ingest.encoding import Encoding
from diversion.ingest.records import Record, Records
from diversion.ingest.sheet import Told
from diversion.ingest.text import split

END = "\x1a"
"""How old systems mark the end of a file."""


def records(path: Path, where: str, codec: Encoding, delimiter: str, told: Told) -> Iterator[Record]:
    """The rows of a file in order, without blank ones and the mark at its end."""
    total = path.stat().st_size
    with path.open("rb") as raw, TextIOWrapper(raw, codec.name, codec.errors, newline="") as stream:
        for block in Records(stream, delimiter, where).blocks():
            for record in split(block):
                if record.fault or "".join(record.cells).strip(END + " \t\r\n"):
                    yield record
            told(min(raw.tell(), total), total)
    told(total, total)

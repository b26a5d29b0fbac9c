"""Records of a JSON file one after another: the items of an array, JSON lines, or one object."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from diversion.ingest.jsonstream import Bounded, TooDeep, events, members, reason
from diversion.ingest.sheet import Told

LONGEST = 16 << 20
"""Bytes of one record; a longer line is a fault of its own, a longer item of an array refuses the file."""
DEEP = "it is nested too deeply"
_BOM = b"\xef\xbb\xbf"
_BLANK = b" \t\r\n"
_TELL = 1_000


@dataclass(frozen=True, slots=True)
class Item:
    """One record: its number (of the line in JSON lines), its JSON path, and what it is or why it is none.

    `alone` where one object over several lines is the whole document.
    """

    row: int
    path: str
    value: object = None
    fault: str = ""
    begins: str = ""
    alone: bool = False


def items(path: Path, where: str, told: Told = lambda done, total: None) -> Iterator[Item]:
    """All records of the file. Raises `BadInput` where one of them does not fit into bounded memory."""
    total = path.stat().st_size
    with path.open("rb") as stream:
        read = _layout(stream)
        for count, item in enumerate(read(stream, where)):
            if count % _TELL == 0:
                told(min(stream.tell(), total), total)
            yield item
    told(total, total)


def _layout(stream: BinaryIO) -> Callable[[BinaryIO, str], Iterator[Item]]:
    """How the records stand in the file, told by how it begins; leaves the stream behind a BOM."""
    begin = len(_BOM) if stream.read(len(_BOM)) == _BOM else 0
    stream.seek(begin)
    first = b""
    while not first and (line := stream.readline(LONGEST)):
        first = line.strip(_BLANK)
    stream.seek(begin)
    if first.startswith(b"["):
        return _array
    return _lines if first.endswith(b"}") else _document


def _lines(stream: BinaryIO, where: str) -> Iterator[Item]:
    """JSON lines: a line that is no JSON is a fault of its own, a blank one is no record."""
    row = 0
    while line := stream.readline(LONGEST):
        row += 1
        if len(line) == LONGEST and not line.endswith(b"\n"):
            while (more := stream.readline(LONGEST)) and not more.endswith(b"\n"):
                pass
            yield Item(row, "$", fault=f"the line is longer than {LONGEST >> 20} MB", begins=_begins(line))
        elif text := line.strip(_BLANK):
            yield _line(row, text)


def _line(row: int, text: bytes) -> Item:
    try:
        return Item(row, "$", json.loads(text.decode("utf-8"), parse_constant=_no_number))
    except UnicodeDecodeError:
        fault = "the line is not UTF-8 text"
    except RecursionError:
        fault = DEEP
    except ValueError as error:
        fault = f"the line is not JSON: {str(error)[:100]}"
    return Item(row, "$", fault=fault, begins=_begins(text))


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")


def _begins(text: bytes) -> str:
    return text[:200].decode("utf-8", "replace")


def _array(stream: BinaryIO, where: str) -> Iterator[Item]:
    return _parsed(Bounded(stream, where, LONGEST), 1)


def _document(stream: BinaryIO, where: str) -> Iterator[Item]:
    return _parsed(Bounded(stream, where, LONGEST), 0)


def _parsed(stream: Bounded, level: int) -> Iterator[Item]:
    """The values that stand at a depth of `level`; what the parser cannot read ends the file with a fault."""
    from ijson import JSONError

    row = 0
    try:
        for value in members(events(stream, several=not level), None, level):
            stream.mark()
            row += 1
            path = f"$[{row - 1}]" if level else "$"
            deep = isinstance(value, TooDeep)
            yield Item(row, path, None if deep else value, DEEP if deep else "", alone=not level)
    except (JSONError, ValueError) as error:
        told = f"the JSON breaks off or is damaged in this record: {reason(error)}"
        yield Item(row + 1, f"$[{row}]", fault=told)


def shown(value: object) -> str:
    """How a value begins, as JSON."""
    try:
        return json.dumps(value, ensure_ascii=True, default=str)[:200]
    except RecursionError:
        return ""


def sound(text: str | None) -> str | None:
    """A text that can be written as UTF-8: JSON may hold halves of letters."""
    return text if text is None or text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

"""Records of delimited text, numbered as a person sees them, with the faults that text files have."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import NamedTuple, TextIO

from diversion.errors import BadInput

LONGEST = 1 << 20
"""Characters of one record; a longer one is a fault of its own and does not fill the memory."""
CHUNK = 1 << 20
"""Characters that are read at once."""
OPEN_QUOTES = 200
"""Cells that never close, after which the file is refused: each costs a second reading."""

csv.field_size_limit(2 * LONGEST)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file: its cells, or why it cannot be read and how it begins; `ended` by a line end."""

    row: int
    cells: list[str]
    fault: str = ""
    value: str = ""
    ended: bool = True


class Block(NamedTuple):
    """Rows that stand one a line, read at once: `cells[0]` is row `row`."""

    row: int
    cells: list[list[str]]


class _Open(Exception):
    """A quoted cell does not end within the file or within the longest record."""


class Records:
    """Reads the rows of an open text file (opened with newline=""). Memory is bounded.

    Text is taken a block at a time where each of its lines is a row, else row by row. A row that opens a
    quotation mark and never closes it is a fault by itself; the rows after it are read again where they
    are rows, else belong to it.
    """

    def __init__(self, stream: TextIO, delimiter: str, where: str) -> None:
        self._stream, self._delimiter, self._where = stream, delimiter, where
        self._again: list[str] = []
        self._tail = ""
        self._taken: list[str] = []
        self._size = 0
        self._row = 0
        self._too_long = False
        self._open = 0
        self._ended = True

    def blocks(self) -> Iterator[Block | Record]:
        """All rows in order, in blocks where that is possible."""
        while lines := self._chunk():
            if rows := self._rows(lines):
                yield Block(self._row + 1, rows)
                self._row += len(rows)
            else:
                self._again = lines[::-1]
                yield from self._one_by_one()

    def _chunk(self) -> list[str]:
        """The next lines, whole but for the last of the file; what is cut off waits in `_tail`."""
        text = self._take(self._stream.read, CHUNK)
        if text.endswith("\r"):
            text += self._take(self._stream.read, 1)
        lines = list(StringIO(self._tail + text, newline=""))
        self._tail = lines.pop() if text and lines and lines[-1][-1] not in "\r\n" else ""
        if not lines and self._tail:
            # Not one line end in all of this: the slow way knows how to leave out what is too long.
            lines, self._tail = [self._tail], ""
            lines = [self._whole(lines[0])]
        return lines

    @staticmethod
    def _take(read: Callable[[int], str], size: int) -> str:
        """What is read next without its zeros, which some programs pad cells with; empty only at the end."""
        while text := read(size):
            if "\0" not in text:
                return text
            if text := text.replace("\0", ""):
                return text
        return ""

    def _rows(self, lines: list[str]) -> list[list[str]] | None:
        """The rows of the lines if each line is one, else None: a quoted cell may hold a line end."""
        if lines[-1][-1] not in "\r\n" or lines[-1].count('"') % 2 or self._too_long:
            return None
        try:
            rows = list(csv.reader(lines, delimiter=self._delimiter))
        except csv.Error:
            return None
        return rows if len(rows) == len(lines) else None

    def _lines(self) -> Iterator[str]:
        while line := self._again.pop() if self._again else self._line():
            self._taken.append(line)
            self._size += len(line)
            if self._size > LONGEST and len(self._taken) > 1:
                raise _Open
            self._ended = line[-1] in "\r\n"
            yield line
        if self._taken:
            raise _Open

    def _line(self) -> str:
        begun, self._tail = self._tail, ""
        return self._whole(begun + self._take(self._stream.readline, LONGEST))

    def _whole(self, line: str) -> str:
        """A line to its end; of one that is too long, only how it begins."""
        while line and line[-1] not in "\r\n" and len(line) < LONGEST:
            more = self._take(self._stream.readline, LONGEST)
            if not more:
                return line
            line += more
        if len(line) < LONGEST:
            return line
        self._too_long = True
        while line[-1] not in "\r\n" and (rest := self._take(self._stream.readline, LONGEST)):
            line = line[:200] + rest[-1]
        return line[:200].replace('"', "'") + "\n"

    def _one_by_one(self) -> Iterator[Record]:
        while self._again:
            reader = csv.reader(self._lines(), delimiter=self._delimiter)
            try:
                yield from self._records(reader)
            except _Open:
                self._row += 1
                yield self._unclosed()
            except csv.Error as error:
                self._row += 1
                yield Record(self._row, [], f"not a row of this file: {error}", self._begin())
                self._forget()

    def _records(self, reader: Iterator[list[str]]) -> Iterator[Record]:
        for cells in reader:
            self._row += 1
            if self._too_long:
                yield Record(self._row, [], f"the row is longer than {LONGEST:,} characters", self._begin())
                self._too_long = False
            else:
                yield Record(self._row, cells, ended=self._ended)
            self._forget()
            if not self._again:
                return

    def _begin(self) -> str:
        return self._taken[0].strip() if self._taken else ""

    def _forget(self) -> None:
        self._taken.clear()
        self._size = 0

    def _unclosed(self) -> Record:
        self._open += 1
        if self._open > OPEN_QUOTES:
            raise BadInput(
                f"more than {OPEN_QUOTES} quotation marks are opened and never closed",
                where=self._where,
                hint="write the file again with its quotation marks doubled",
            )
        fault, begin = "a quotation mark opens a cell that never ends", self._begin()
        first, rest = self._taken[0], self._taken[1:]
        width = len(next(csv.reader([first.replace('"', "")], delimiter=self._delimiter), []))
        if any(self._is_row(line, width) for line in rest):
            self._again.extend(reversed(rest))
        self._forget()
        return Record(self._row, [], fault, begin)

    def _is_row(self, line: str, width: int) -> bool:
        cells = next(csv.reader([line], delimiter=self._delimiter), [])
        return len(cells) > 1 and len(cells) >= width

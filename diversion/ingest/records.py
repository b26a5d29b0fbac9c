"""Records of delimited text, numbered as a person sees them, with the faults that text files have."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from diversion.errors import BadInput

LONGEST = 1 << 20
"""Characters of one record; a longer one is a fault of its own and does not fill the memory."""
OPEN_QUOTES = 200
"""Cells that never close, after which the file is refused: each costs a second reading."""

csv.field_size_limit(2 * LONGEST)


@dataclass(frozen=True)
class Record:
    """One row of the file: its cells, or why it cannot be read and how it begins; `ended` by a line end."""

    row: int
    cells: list[str]
    fault: str = ""
    value: str = ""
    ended: bool = True


class _Open(Exception):
    """A quoted cell does not end within the file or within the longest record."""


class Records:
    """Iterates over the records of an open text file (opened with newline=""). Memory is bounded.

    A record that opens a quotation mark and never closes it is a fault by itself; the rows after it are
    read again where they are rows, else belong to it.
    """

    def __init__(self, stream: TextIO, delimiter: str, where: str) -> None:
        self._stream, self._delimiter, self._where = stream, delimiter, where
        self._again: list[str] = []
        self._taken: list[str] = []
        self._size = 0
        self._row = 0
        self._too_long = False
        self._open = 0
        self._ended = True

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
        line = self._stream.readline(LONGEST)
        if len(line) == LONGEST and line[-1] not in "\r\n":
            self._too_long = True
            while (rest := self._stream.readline(LONGEST)) and rest[-1] not in "\r\n":
                pass
            return line[:200].replace('"', "'") + "\n"
        return line

    def __iter__(self) -> Iterator[Record]:
        while True:
            reader = csv.reader(self._lines(), delimiter=self._delimiter)
            try:
                yield from self._records(reader)
                return
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

"""Merged cells of a sheet, told by the end of its XML, which a reader that streams rows leaves out."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

Range = tuple[tuple[int, int], tuple[int, int]]
"""Row and column of the first and of the last cell, from 0."""

CHUNK = 1 << 20
MOST = 100_000
"""Ranges of a sheet that are heeded."""
_MERGED = re.compile(
    rb"<(?:\w{1,20}:)?mergeCell\b[^<>]{0,200}?\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']"
)
_LONGEST = 300
"""Bytes of a tag that may be cut in two where a chunk ends."""


def merged_ranges(path: Path, part: str) -> list[Range]:
    """The merged cells of a part of the workbook, in order. Costs a pass over its bytes."""
    return [
        ((int(top) - 1, _column(left)), (int(bottom) - 1, _column(right)))
        for left, top, right, bottom in _found(path, part)
    ]


def _found(path: Path, part: str) -> Iterator[tuple[bytes, ...]]:
    count, tail = 0, b""
    with zipfile.ZipFile(path) as archive, archive.open(part.lstrip("/")) as stream:
        while chunk := stream.read(CHUNK):
            text, end = tail + chunk, 0
            for hit in _MERGED.finditer(text):
                yield hit.groups()
                end, count = hit.end(), count + 1
                if count >= MOST:
                    return
            tail = text[max(end, len(text) - _LONGEST) :]


def _column(letters: bytes) -> int:
    """The position of a column, from 0.

    >>> _column(b"A"), _column(b"AB")
    (0, 27)
    """
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1

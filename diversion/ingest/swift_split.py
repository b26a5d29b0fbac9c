"""A text of SWIFT messages as its messages, one after the other and in bounded memory.

Messages stand in blocks `{1:…}{2:…}{4:…-}`, or as the bare fields of block 4. They end with `-}`, a line `-`,
a `$`, or a blank line before a field that begins a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from diversion.ingest.encoding import encoding
from diversion.ingest.sheet import Told

LONGEST = 400_000
"""Characters kept of one message: the network allows 10,000, and some systems join its continuations."""
LINE = 1 << 16
_BEGINS = re.compile(r"\{1:|:(?:27|20):")
_BLOCK = "{1:"


class _Pile:
    """The lines of the message that is being read."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.lines: list[str] = []
        self.size = 0
        self.gap = self.ended = False
        self.tags: set[str] = set()

    def begins_with(self, line: str) -> bool:
        """Whether `line` is the first of the next message."""
        if not self.lines:
            return False
        if line.startswith(_BLOCK) or self.ended:
            return True
        return self.gap and bool(_BEGINS.match(line)) and (line[:4] in self.tags or ":20:" in self.tags)

    def add(self, line: str) -> None:
        if self.size <= LONGEST:
            self.lines.append(line)
            self.size += len(line) + 1
        if line.startswith(":"):
            self.tags.add(line[:4])

    def take(self) -> str:
        text = "\n".join(self.lines).strip()
        self.clear()
        return text


def messages(path: Path, where: str, told: Told) -> Iterator[str]:
    """The messages of a file, in order. One that is too long is given as it begins, beyond `LONGEST`."""
    pile = _Pile()
    for line in _lines(path, where, told):
        if line.strip() == "$":
            pile.ended = True
            continue
        if not line.strip():
            pile.gap = True
            continue
        if pile.begins_with(line) and (text := pile.take()):
            yield text
        pile.add(line)
        pile.gap = False
        bare = not any(_BLOCK in one for one in pile.lines[:3])
        pile.ended = line.strip() == "-" if bare else line.startswith("-}")
    if text := pile.take():
        yield text


def _lines(path: Path, where: str, told: Told) -> Iterator[str]:
    """Lines, and the parts of a line that holds several messages; a line beyond `LINE` is several."""
    codec, total = encoding(path, where), path.stat().st_size
    done = 0
    with path.open("r", encoding=codec.name, errors="replace") as stream:
        while line := stream.readline(LINE):
            done += len(line)
            told(min(done, total), total)
            line = line.rstrip("\r\n").strip("\x01\x03\x00\ufeff")
            yield from re.split(r"(?<=\})\s*\$?\s*(?=\{1:)|(?<=^)\$\s*(?=\{1:)|(?<=\})\s*\$\s*$", line)

"""Values of a JSON document, one at a time, none larger or deeper than bounds, so that memory stays bounded.

Not `ijson.items`, which keeps the path of every value as text: of deeply nested ones that is endless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from diversion.errors import BadInput
from diversion.ingest.sheet import Told

LARGEST = 4 << 20
"""Bytes of one value."""
DEEPEST = 60
"""Objects and arrays within one another; a value beyond is None and said to be too deep."""
CHUNK = 1 << 16
DIGITS = 1_000
_LONG = re.compile(rb"\d{%d}" % DIGITS)
SHAPE = 100_000
"""Events at the start that tell how a document is arranged."""
Event = tuple[int, str, Any]
"""How deep it stands, what it is, and its value."""
_OPEN, _CLOSE = ("start_map", "start_array"), ("end_map", "end_array")


def too_long_a_number(text: bytes) -> bool:
    """Whether a text holds a number that Python refuses for its length: the parser does not survive that."""
    return _LONG.search(text) is not None


class TooDeep:
    """Stands for a value that is nested too deeply."""


def values(path: Path, where: str, told: Told = lambda done, total: None) -> Iterator[Any]:
    """The members of the array that the document is or holds under a key, or the objects one by one.

    Raises `BadInput` where the document is damaged, or a value is larger than `LARGEST`.
    """
    key, level = _shape(path, where)
    total = path.stat().st_size
    with path.open("rb") as raw:
        stream = Bounded(raw, where)
        for count, value in enumerate(members(checked(events(stream), where), key, level), 1):
            stream.mark()
            if count % 1000 == 0:
                told(stream.done, total)
            yield value
    told(total, total)


class Bounded:
    """A stream that refuses too many bytes for one value, and numbers that break the parser.

    Whoever reads says by `mark` that a value is complete; `done` counts the bytes read.
    """

    def __init__(self, stream: IO[bytes], where: str, largest: int = LARGEST) -> None:
        self._stream, self._where, self._largest = stream, where, largest
        self.done = self._since = 0
        self._last = b""
        at = stream.tell()
        if stream.read(3) != b"\xef\xbb\xbf":
            stream.seek(at)

    def mark(self) -> None:
        """A value is complete."""
        self._since = self.done

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        if self.done - self._since > self._largest:
            what = f"a value of the JSON is larger than {self._largest >> 20} MB"
            raise BadInput(what, where=self._where)
        chunk = self._stream.read(size if size >= 0 else CHUNK)
        self.done += len(chunk)
        if too_long_a_number(self._last + chunk):
            raise BadInput(f"the JSON holds a number of more than {DIGITS} digits", where=self._where)
        self._last = chunk[-DIGITS:]
        return chunk


def events(stream: Bounded, *, several: bool = True) -> Iterator[Event]:
    """What opens, stands or closes in a document, each with its depth; `several` documents may follow.

    What closes stands as deep as what opened it. Raises `ijson.JSONError` or `ValueError` on damage.
    """
    from ijson import basic_parse

    depth = 0
    for what, value in basic_parse(stream, buf_size=CHUNK, multiple_values=several):
        depth -= what in _CLOSE
        yield depth, what, value
        depth += what in _OPEN


def checked(given: Iterator[Event], where: str) -> Iterator[Event]:
    """The same events; raises `BadInput` where the document is damaged."""
    from ijson import JSONError

    try:
        yield from given
    except (JSONError, ValueError, RecursionError) as error:
        raise BadInput(f"the JSON is damaged: {reason(error)}", where=where) from None


def reason(error: Exception) -> str:
    """What the parser said, short."""
    return str(error).splitlines()[0].strip("b'\" ")[:100] if str(error) else "it ends too early"


def built(given: Iterator[Event], first: Event) -> Any:
    """The value that begins with an event; `TooDeep` for one that is nested beyond `DEEPEST`."""
    from ijson import ObjectBuilder

    level, what, value = first
    if what not in _OPEN:
        return value
    builder, too_deep = ObjectBuilder(), False
    builder.event(what, value)
    for depth, inner, said in given:
        too_deep |= depth - level > DEEPEST
        if not too_deep:
            builder.event(inner, said)
        if depth == level:
            break
    return TooDeep() if too_deep else builder.value


def _shape(path: Path, where: str) -> tuple[str | None, int]:
    """Where the values stand: under which key of the outermost object, and how many containers deep."""
    key, before = None, ""
    with path.open("rb") as raw:
        for depth, what, value in islice(checked(events(Bounded(raw, where)), where), SHAPE):
            if what == "start_array" and depth == 0:
                return None, 1
            if what == "map_key" and depth == 1:
                key = str(value)
            if what == "start_map" and depth == 2 and before == "start_array":
                return key, 2
            if what == "end_map" and depth == 0:
                break
            before = what
    return None, 0


def members(given: Iterator[Event], key: str | None, level: int) -> Iterator[Any]:
    """The values that stand `level` deep; if deeper than one, those under `key` of the outermost object."""
    under = None
    for event in given:
        depth, what, value = event
        if what == "map_key":
            under = value if depth == 1 else under
        elif depth == level and what not in _CLOSE and (level < 2 or under == key):
            yield built(given, event)

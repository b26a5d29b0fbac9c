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
Event = tuple[str, Any]
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
        for count, value in enumerate(_values(_events(stream, where), key, level), 1):
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


def _events(stream: Bounded, where: str) -> Iterator[Event]:
    from ijson import JSONError, basic_parse

    try:
        yield from basic_parse(stream, multiple_values=True)
    except (JSONError, ValueError, RecursionError) as error:
        told = str(error).splitlines()[0][:100] if str(error) else "it ends too early"
        raise BadInput(f"the JSON is damaged: {told}", where=where) from None


def _shape(path: Path, where: str) -> tuple[str | None, int]:
    """Where the values stand: under which key of the outermost object, and how many containers deep."""
    key, depth, before = None, 0, ""
    with path.open("rb") as raw:
        for event, value in islice(_events(Bounded(raw, where), where), SHAPE):
            if event == "start_array" and depth == 0:
                return None, 1
            if event == "map_key" and depth == 1:
                key = str(value)
            if event == "start_map" and depth == 2 and before == "start_array":
                return key, 2
            if event == "end_map" and depth == 1:
                break
            depth += (event in _OPEN) - (event in _CLOSE)
            before = event
    return None, 0


def _values(events: Iterator[Event], key: str | None, level: int) -> Iterator[Any]:
    depth, under = 0, None
    for event, value in events:
        if event == "map_key":
            under = value if depth == 1 else under
        elif event in _CLOSE:
            depth -= 1
        elif depth == level and (level < 2 or under == key):
            yield _built(event, value, events)
        elif event in _OPEN:
            depth += 1


def _built(event: str, value: Any, events: Iterator[Event]) -> Any:
    """One value out of its events; `TooDeep` for one that is nested beyond `DEEPEST`."""
    if event not in _OPEN:
        return value
    open_: list[Any] = [{} if event == "start_map" else []]
    keys: list[str] = [""]
    while open_:
        event, value = next(events)
        if event == "map_key":
            keys[-1] = value
        elif event in _CLOSE:
            keys.pop()
            top = open_.pop()
        else:
            inner = {} if event == "start_map" else [] if event == "start_array" else value
            if isinstance(open_[-1], dict):
                open_[-1][keys[-1]] = inner
            else:
                open_[-1].append(inner)
            if event in _OPEN:
                open_.append(inner)
                keys.append("")
                if len(open_) > DEEPEST:
                    _pass(events, len(open_))
                    return TooDeep()
    return top


def _pass(events: Iterator[Event], depth: int) -> None:
    """Leave out the rest of what is open."""
    for event, _ in events:
        depth += (event in _OPEN) - (event in _CLOSE)
        if not depth:
            return

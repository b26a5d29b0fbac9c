"""JSON as a table: one object a line, or an array of objects; keys are columns, nested ones dotted.

Objects are read one at a time and none may be larger than `LARGEST`, so that memory stays bounded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

from diversion.errors import BadInput
from diversion.ingest.cells import cell_text, number_text
from diversion.ingest.encoding import encoding
from diversion.ingest.headers import SAMPLE
from diversion.ingest.jsonstream import DEEPEST, LARGEST, TooDeep, values
from diversion.ingest.sheet import BATCH, Batches, Gather, Sheet, Told

SURVEYED = 64 << 20
"""Bytes at the start of the file whose objects name the columns."""
DOTTED = 8
"""Objects within one another that become dotted keys; what is deeper stays JSON."""
WIDEST = 2_000


class Item(NamedTuple):
    """One object: its line or, in an array, its place from 1; or why it is none, and how it begins."""

    row: int
    value: Mapping[str, Any]
    fault: str = ""
    shown: str = ""


def open_json(path: Path, where: str) -> list[Sheet]:
    """The one sheet of a JSON file. Raises `BadInput` where it holds no objects or is damaged."""
    codec = encoding(path, where).name
    if codec not in ("utf-8", "utf-8-sig"):
        raise BadInput(f"JSON is UTF-8, this is {codec}", where=where, hint="save it again as UTF-8")
    header, shown = _survey(path, where)

    def read(positions: Sequence[int], told: Told) -> Batches:
        return _batches(_items(path, where, told), header, positions)

    sample = tuple(tuple(flat.get(name, "") for name in header) for flat in shown)
    return [Sheet(None, header, read, (), sample)]


def _survey(path: Path, where: str) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """The columns in the order in which they first appear, and the first rows."""
    names: dict[str, None] = {}
    shown: list[dict[str, str]] = []
    done = [0]
    faults: list[str] = []
    for item in _items(path, where, lambda at, _: done.__setitem__(0, at)):
        if item.fault:
            faults.append(item.fault) if not faults else None
            continue
        flat = flattened(item.value)
        names |= dict.fromkeys(flat)
        if len(shown) < SAMPLE:
            shown.append(flat)
        if done[0] > SURVEYED or len(names) > WIDEST:
            break
    if not names:
        told = f": {faults[0]}" if faults else ""
        raise BadInput(f"the JSON holds no objects that could be rows{told}", where=where)
    return tuple(islice(names, WIDEST)), shown


def _batches(items: Iterator[Item], header: tuple[str, ...], positions: Sequence[int]) -> Batches:
    gather = Gather(range(len(positions)))
    asked = [header[at] for at in positions]
    for item in items:
        if item.fault:
            gather.fault(item.row, item.fault, item.shown)
        else:
            flat = flattened(item.value)
            if any(flat.values()):
                gather.good(item.row, [flat.get(name, "") for name in asked])
        if len(gather) >= BATCH:
            yield gather.take()
    yield gather.take()


def flattened(value: Mapping[str, Any], depth: int = 0) -> dict[str, str]:
    """An object as texts under dotted keys; what a list says several times of a key is joined.

    >>> flattened({"id": 7, "party": {"name": "A", "ids": ["x", "y"]}, "weight": 1.50, "lines": [{"n": 1}]})
    {'id': '7', 'party.name': 'A', 'party.ids': 'x; y', 'weight': '1.5', 'lines.n': '1'}
    >>> flattened({"hs": [{"code": "8542"}, {"code": "8541", "to": 2}], "mixed": [1, {"n": 2}]})
    {'hs.code': '8542; 8541', 'hs.to': '2', 'mixed': '[1, {"n": 2}]'}
    """
    found: dict[str, str] = {}
    for key, inner in value.items():
        if depth < DOTTED and (objects := _objects(inner)):
            found |= {f"{key}.{name}": text for name, text in _together(objects, depth + 1).items()}
        else:
            found[str(key)] = as_text(inner)
    return found


def _objects(value: object) -> list[Mapping[str, Any]]:
    """The objects that a value is or lists; empty where it is or lists anything else."""
    whole = [one for one in value if one is not None] if isinstance(value, list) else [value]
    objects = [one for one in whole if isinstance(one, dict)]
    return [one for one in objects if one] if len(objects) == len(whole) else []


def _together(objects: Sequence[Mapping[str, Any]], depth: int) -> dict[str, str]:
    """Objects as one, what they say of a key joined."""
    said: dict[str, list[str]] = {}
    for one in objects:
        for name, text in flattened(one, depth).items():
            said.setdefault(name, []).append(text)
    return {name: "; ".join(filter(None, texts)) for name, texts in said.items()}


def as_text(value: object) -> str:
    """A JSON value as a cell: a list of plain values joined, what is nested otherwise as JSON."""
    if value == {}:
        return ""
    if value is None or isinstance(value, str | bool | float):
        return cell_text(value)
    if isinstance(value, Decimal):
        return number_text(float(value)) if abs(value) < 10**15 else str(value)
    if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        return "; ".join(text for one in value if (text := as_text(one)))
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "nested too deeply"


def _items(path: Path, where: str, told: Told) -> Iterator[Item]:
    """All objects of the file, whichever way they are arranged."""
    if _is_lines(path):
        yield from _lines(path, told)
    else:
        yield from _array(path, where, told)


def _is_lines(path: Path) -> bool:
    """Whether the first line that is not blank is an object by itself, and no more than a row."""
    with path.open("rb") as stream:
        for line in iter(lambda: stream.readline(LARGEST), b""):
            if bare := line.removeprefix(b"\xef\xbb\xbf").strip():
                found = _parsed(line, 1)
                return bare.startswith(b"{") and not found.fault and not _holds_rows(found.value, stream)
    return False


def _holds_rows(value: Mapping[str, Any], rest: IO[bytes]) -> bool:
    """Whether an object is the whole document and holds an array of objects."""
    arrays = (inner for inner in value.values() if isinstance(inner, list))
    return any(isinstance(one, dict) for array in arrays for one in array[:1]) and not rest.read(100).strip()


def _lines(path: Path, told: Told) -> Iterator[Item]:
    row, done, total = 0, 0, path.stat().st_size
    with path.open("rb") as stream:
        while line := stream.readline(LARGEST):
            row, done = row + 1, done + len(line)
            if len(line) == LARGEST and not line.endswith(b"\n"):
                yield Item(row, {}, "the line is longer than 4 MB", line[:200].decode("utf-8", "replace"))
                done += _skip(stream)
            elif line.strip():
                yield _parsed(line, row)
            if row % 1000 == 0:
                told(done, total)
    told(done, total)


def _skip(stream: IO[bytes]) -> int:
    """Read to the end of the line; the bytes of it."""
    count = 0
    while rest := stream.readline(LARGEST):
        count += len(rest)
        if rest.endswith(b"\n"):
            break
    return count


def _parsed(line: bytes, row: int) -> Item:
    text = line.decode("utf-8", "replace").strip("\ufeff \t\r\n\0")
    try:
        value = json.loads(text, parse_int=str)
    except ValueError as error:
        return Item(row, {}, f"not JSON: {str(error)[:100]}", text)
    except RecursionError:
        return Item(row, {}, "not read: nested too deeply", text)
    if not isinstance(value, dict):
        return Item(row, {}, "no object, so no row", text)
    if line.count(b"{") + line.count(b"[") > DEEPEST and _depth(value) > DEEPEST:
        return Item(row, {}, "not read: nested too deeply", text)
    return Item(row, value)


def _depth(value: object) -> int:
    """How many containers stand within one another, up to one more than is read."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth - 1


def _array(path: Path, where: str, told: Told) -> Iterator[Item]:
    for row, value in enumerate(values(path, where, told), 1):
        if isinstance(value, dict):
            yield Item(row, value)
        elif isinstance(value, TooDeep):
            yield Item(row, {}, "not read: nested too deeply")
        else:
            yield Item(row, {}, "no object, so no row", as_text(value)[:200])

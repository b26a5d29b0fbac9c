"""Which encoding a text file has: a mark at its start, else UTF-8 where it is valid, else a stated guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from diversion.errors import BadInput

CHUNK = 1 << 20
SAMPLE = 1 << 16
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HIGH_RUN = re.compile(rb"[\xc0-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True)
class Encoding:
    """The codec, how its errors are met, and a note where it was guessed."""

    name: str
    errors: str = "strict"
    note: str = ""


def encoding(path: Path, where: str) -> Encoding:
    """The encoding of a file. Reads it once in constant memory; raises `BadInput` where it is binary."""
    with path.open("rb") as stream:
        start = stream.read(SAMPLE)
    for mark, name in MARKS:
        if start.startswith(mark):
            return Encoding(name, "replace")
    if b"\x00" in start:
        return _without_mark(start, where)
    return _utf8(path) or _single_byte(start if _HIGH.search(start) else path.read_bytes()[:CHUNK])


def _without_mark(start: bytes, where: str) -> Encoding:
    """UTF-16 without a mark has zeros at every other place of what is mostly Latin text."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) / 2
    if odd > 0.6 * half and even < 0.05 * half:
        return Encoding("utf-16-le", "replace", "read as UTF-16, which the file does not state")
    if even > 0.6 * half and odd < 0.05 * half:
        return Encoding("utf-16-be", "replace", "read as UTF-16, which the file does not state")
    raise BadInput(
        "this is a binary file, not a table", where=where, hint="expected CSV, Parquet or an Excel workbook"
    )


def _utf8(path: Path) -> Encoding | None:
    """UTF-8 where all of it is valid, or where faults are rare among valid letters beyond ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    wrong = beyond = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if chunk.isascii() and decoder.getstate()[0] == b"":
                continue
            text = decoder.decode(chunk)
            wrong += text.count("\ufffd")
            beyond += len(text) - len(text.encode("ascii", "ignore"))
    if decoder.getstate()[0]:
        return Encoding("utf-8", "replace", "the file ends inside a character") if beyond >= wrong else None
    if not wrong:
        return Encoding("utf-8")
    if (beyond - wrong) > 10 * wrong:
        return Encoding("utf-8", "replace", f"{wrong} characters are not valid UTF-8 and stand as \ufffd")
    return None


def _single_byte(start: bytes) -> Encoding:
    """Cyrillic text has long runs of high bytes, western text single ones."""
    in_runs = sum(len(run) for run in _HIGH_RUN.findall(start))
    if in_runs > 0.5 * len(_HIGH.findall(start)):
        return Encoding("cp1251", "replace", "not UTF-8: read as Windows-1251 (Cyrillic), which is a guess")
    return Encoding("latin-1", "replace", "not UTF-8: read as Latin-1 (western), which is a guess")

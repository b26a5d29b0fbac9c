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
PLAUSIBLE = {
    "cp1252": "Windows-1252 (western)",
    "cp1250": "Windows-1250 (central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp1258": "Windows-1258 (Vietnamese)",
    "cp866": "cp866 (Cyrillic)",
    "cp874": "Windows-874 (Thai)",
    "koi8_r": "KOI8-R (Cyrillic)",
    "iso8859_2": "ISO 8859-2 (central European)",
    "iso8859_5": "ISO 8859-5 (Cyrillic)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "cp932": "Shift JIS (Japanese)",
    "cp949": "EUC-KR (Korean)",
}
"""Encodings that tables come in when they are not UTF-8, as Python and as people call them."""
_HIGH_RUN = re.compile(rb"[\xc0-\xff]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_CELL = re.compile(rb"[^,;\t\r\n\"]{0,300}[\x80-\xff][^,;\t\r\n\"]{0,300}")
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_WESTERN = frozenset("áéíóúñüçàèìòùâêîôûäëïöåøæãõßÁÉÍÓÚÑÜÇÀÈÌÒÙÂÊÎÔÛÄËÏÖÅØÆÃÕœŒ¿¡ºª°«»–—‘’“”€£§´·\u00a0®")
_TURKISH = frozenset("ğĞıİşŞ")
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1258", "iso8859_2")


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
        wide = _without_mark(start, where)
        if wide:
            return wide
    return _utf8(path) or _guess(path)


def _without_mark(start: bytes, where: str) -> Encoding | None:
    """UTF-16 without a mark has zeros at every other place of mostly Latin text; None for other text."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    half = len(start) / 2
    if odd > 0.6 * half and even < 0.05 * half:
        return Encoding("utf-16-le", "replace", "read as UTF-16, which the file does not state")
    if even > 0.6 * half and odd < 0.05 * half:
        return Encoding("utf-16-be", "replace", "read as UTF-16, which the file does not state")
    if start.count(0) < 0.2 * len(start) and len(_CONTROL.findall(start)) < 0.01 * len(start):
        return None
    raise BadInput(
        "this is a binary file, not a table", where=where, hint="expected CSV, JSON, Parquet or a spreadsheet"
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
    cut, beyond = len(decoder.getstate()[0]), beyond - wrong
    if beyond <= 10 * wrong and (wrong or (cut == 1 and not beyond)):
        return None  # a lone byte at the end may be a letter of any encoding
    if wrong:
        return Encoding("utf-8", "replace", f"{wrong} characters are not valid UTF-8 and stand as \ufffd")
    return Encoding("utf-8", "replace", "the file ends inside a character") if cut else Encoding("utf-8")


def _guess(path: Path) -> Encoding:
    """The encoding under which what is not ASCII reads most like a language."""
    from charset_normalizer import from_bytes

    sample = _beyond_ascii(path)
    best = from_bytes(sample, cp_isolation=list(PLAUSIBLE), enable_fallback=False).best()
    name = best.encoding if best else ""
    if name not in PLAUSIBLE:
        name = "cp1251" if _is_in_runs(sample) else "cp1252"
    if name in _LATIN:
        name = _latin(sample, name)
    return Encoding(name, "replace", f"not UTF-8: read as {PLAUSIBLE[name]}, which is a guess")


def _beyond_ascii(path: Path) -> bytes:
    """The first cells that hold more than ASCII: what surrounds them tells nothing of the encoding."""
    found: list[bytes] = []
    size = 0
    with path.open("rb") as stream:
        while size < SAMPLE and (chunk := stream.read(CHUNK)):
            if not chunk.isascii():
                cells = _CELL.findall(chunk, 0, 4 * SAMPLE) or _HIGH.findall(chunk)[:SAMPLE]
                found += cells
                size += sum(map(len, cells))
    return b"\n".join(dict.fromkeys(found))[:SAMPLE]


def _latin(sample: bytes, name: str) -> str:
    """Which of the encodings of Latin letters: they differ in few, which a short text hardly tells apart."""
    high = b"".join(_HIGH.findall(sample))
    if set(high.decode("cp1252", "replace")) <= _WESTERN:
        return "cp1252"
    if set(high.decode("cp1254", "replace")) <= _WESTERN | _TURKISH:
        return "cp1254"
    central = name == "cp1252" and high.decode("cp1250", "replace").isalpha()
    return "cp1250" if central else name


def _is_in_runs(sample: bytes) -> bool:
    """Cyrillic text has long runs of high bytes, western text single ones."""
    in_runs = sum(len(run) for run in _HIGH_RUN.findall(sample))
    return in_runs > 0.5 * len(_HIGH.findall(sample))

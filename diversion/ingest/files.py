"""From paths to sheets: which files there are, what each is by its content, and who reads it."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from diversion.errors import BadInput
from diversion.ingest.sheet import IsHeader, Sheet

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".parquet", ".pq", ".xlsx", ".xlsm", ".fin", ".swift", ".xml")
EXPECTED = "expected CSV, Parquet or an Excel workbook (.xlsx)"

_OTHER = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document (.xls, .doc)"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
)


def expand(path: Path) -> list[Path]:
    """The file itself, or the files of a directory, in order. Raises `BadInput` where there are none."""
    where = str(path)
    try:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() in SUFFIXES)
            if not inside:
                raise BadInput(
                    f"the folder holds no file of a known kind ({', '.join(SUFFIXES)})", where=where
                )
            return inside
        if not path.exists():
            raise BadInput("there is no such file", where=where)
        if not path.is_file():
            raise BadInput("this is no ordinary file", where=where)
    except (OSError, ValueError) as error:
        raise unreadable(where, error) from None
    return [path]


def unreadable(where: str, error: Exception) -> BadInput:
    """What a failure to open or read a file means to a person."""
    if isinstance(error, PermissionError):
        return BadInput("no rights to read it", where=where, hint="ask its owner, or copy it")
    told = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return BadInput(f"it cannot be read: {told}", where=where)


def open_sheets(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
    """The sheets of a file, whatever its name says. Raises `BadInput` where it is none that can be read."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
        return _open(path, where, start, is_header)
    except OSError as error:
        raise unreadable(where, error) from None


def _open(path: Path, where: str, start: bytes, is_header: IsHeader) -> Sequence[Sheet]:
    from diversion.ingest.iso20022 import is_iso20022, open_iso20022
    from diversion.ingest.parquet import open_parquet
    from diversion.ingest.swift_mt import is_swift, open_swift
    from diversion.ingest.text import open_text
    from diversion.ingest.workbook import open_workbook

    if not start:
        raise BadInput("the file is empty", where=where, hint=EXPECTED)
    if start.startswith(b"PAR1"):
        return open_parquet(path, where)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if _is_workbook(path):
            return open_workbook(path, where, is_header)
        raise BadInput("this is an archive, not a workbook", where=where, hint=f"unpack it; {EXPECTED}")
    for magic, what in _OTHER:
        if start.startswith(magic):
            raise BadInput(f"this is {what}, not a table", where=where, hint=EXPECTED)
    if is_swift(start):
        return open_swift(path, where)
    if is_iso20022(start):
        return open_iso20022(path, where)
    markup = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if markup in (b"<", b"{"):
        what = "XML or HTML" if markup == b"<" else "JSON"
        raise BadInput(f"this is {what}, which is not read as a table", where=where, hint=EXPECTED)
    return open_text(path, where, is_header)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.casefold().endswith("workbook.xml") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return path.suffix.lower() in (".xlsx", ".xlsm")

"""From paths to sheets: which files there are, what each is by its content, and who reads it."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

from diversion.errors import BadInput
from diversion.ingest.sheet import IsHeader, Sheet

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".parquet", ".pq", ".xlsx", ".xlsm")
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
    from diversion.ingest import published_lists
    from diversion.ingest.parquet import open_parquet
    from diversion.ingest.text import open_text
    from diversion.ingest.workbook import open_workbook

    def any_header(cells: Sequence[str]) -> bool:
        return is_header(cells) or published_lists.is_header(cells)

    if not start:
        raise BadInput("the file is empty", where=where, hint=EXPECTED)
    if found := _lists(path, where, start):
        return found
    if start.startswith(b"PAR1"):
        return open_parquet(path, where)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if _is_workbook(path):
            return [published_lists.adapted(sheet) for sheet in open_workbook(path, where, any_header)]
        raise BadInput("this is an archive, not a workbook", where=where, hint=f"unpack it; {EXPECTED}")
    for magic, what in _OTHER:
        if start.startswith(magic):
            raise BadInput(f"this is {what}, not a table", where=where, hint=EXPECTED)
    markup = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if markup in (b"<", b"{"):
        what = "XML or HTML" if markup == b"<" else "JSON"
        raise BadInput(f"this is {what}, which is not read as a table", where=where, hint=EXPECTED)
    return [published_lists.adapted(sheet, start) for sheet in open_text(path, where, any_header)]


def _lists(path: Path, where: str, start: bytes) -> Sequence[Sheet]:
    """The sheets of a list in a format of its publisher; none where it is something else."""
    from diversion.ingest import bis_dpl, csl_json, ofac_advanced, ofac_enhanced, ofac_legacy, ofac_xml, xml
    from diversion.ingest.published_lists import ROOTS

    if csl_json.is_csl_json(start):
        return csl_json.open_csl_json(path, where)
    if bis_dpl.is_dpl(start):
        return bis_dpl.open_dpl(path, where)
    if ofac_legacy.is_legacy(start):
        return ofac_legacy.open_legacy(path, where)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        by_root = {
            ofac_xml.ROOT: ofac_xml.open_sdn,
            ofac_enhanced.ROOT: ofac_enhanced.open_enhanced,
            ofac_advanced.ROOT: ofac_advanced.open_advanced,
            **ROOTS,
        }
        reader = by_root.get(xml.root(path, where)[1])
        return reader(path, where) if reader else ()
    return ()


def says_more(path: Path) -> bool:
    """Whether a file only says more of the entries of another, which is to be read before it."""
    from diversion.ingest.ofac_legacy import is_part

    try:
        with path.open("rb") as stream:
            return is_part(stream.read(4096))
    except OSError:
        return False


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.casefold().endswith("workbook.xml") for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return path.suffix.lower() in (".xlsx", ".xlsm")

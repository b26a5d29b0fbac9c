"""Spreadsheet files (XLSX, XLSM, XLSB, XLS, ODS), with bounds on what a hostile one may ask for."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import warnings
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from io import SEEK_END
from marshal import loads
from pathlib import Path
from typing import IO, Any

from diversion.errors import BadInput, DiversionError
from diversion.ingest import cells as program
from diversion.ingest.cells import LENGTH, WIDEST, Merged, cell_text
from diversion.ingest.grid import Row, Rows, grid
from diversion.ingest.merged import merged_ranges
from diversion.ingest.sheet import IsHeader, Sheet

UNPACKED = 4 << 30
"""Bytes that all parts of a workbook may unpack to."""
LARGE = 800 << 20
"""Bytes of sheets above which a workbook is streamed, which is slow, instead of taken into memory."""
IN_MEMORY = 600 << 20
"""Bytes of the part that openpyxl keeps in memory whole, the shared strings."""
RATIO = 400
SHEETS = 500
SEARCHED = 64 << 20
"""Bytes of a sheet in which formulas without values are looked for."""
LOCKED = "the workbook is locked with a password"


Found = tuple[str, bool, Rows]
"""A sheet as a reader finds it: its title, whether it is hidden, its rows."""


def open_workbook(path: Path, where: str, is_header: IsHeader) -> list[Sheet]:
    """The sheets of a workbook that hold anything. Raises `BadInput` where it is damaged or a trap."""
    parts = _parts(path, where)
    first: BadInput | None = None
    for find in _readers(parts):
        try:
            found = find(path, where)
            return _sheets(found, where, is_header, _uncomputed(path, parts))
        except BadInput as error:
            first = first or error
            if LOCKED in error.message:
                break
    raise first or BadInput("the workbook cannot be read", where=where)


def _sheets(found: list[Found], where: str, is_header: IsHeader, notes: tuple[str, ...]) -> list[Sheet]:
    if len(found) > SHEETS:
        raise BadInput(f"the workbook has {len(found)} sheets, more than {SHEETS}", where=where)
    opened: list[Sheet] = []
    for name, hidden, rows in found:
        told = (f"the sheet {name} is hidden in the workbook",) if hidden else ()
        if sheet := grid(name, rows, is_header, told if opened else (*notes, *told)):
            opened.append(sheet)
    if not opened:
        raise BadInput("the workbook is empty", where=where)
    return opened


def _parts(path: Path, where: str) -> list[zipfile.ZipInfo]:
    """The parts of a workbook that is an archive, none of another; what unpacks to too much is refused."""
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            return []
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadInput(f"the workbook cannot be read: {error}", where=where) from None
    total = sum(part.file_size for part in parts)
    bomb = [p for p in parts if p.file_size > 10 << 20 and p.file_size > RATIO * max(p.compress_size, 1)]
    kept = sum(part.file_size for part in parts if "sharedstrings" in part.filename.casefold())
    if bomb or total > UNPACKED or kept > IN_MEMORY or len(parts) > 10_000:
        raise BadInput(
            f"the workbook would unpack to {total >> 20:,} MB", where=where, hint="save it as CSV instead"
        )
    return parts


def _pages(parts: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    return [part for part in parts if re.search(r"worksheets/[^/]*\.xml$", part.filename)]


def _readers(parts: list[zipfile.ZipInfo]) -> list[Callable[[Path, str], list[Found]]]:
    """Who may read it, in order: the quick reader takes a sheet into memory, the other only knows XLSX."""
    pages = _pages(parts)
    if not pages:
        return [_quick]
    return [_streaming, _quick] if sum(page.file_size for page in pages) > LARGE else [_quick, _streaming]


_NO_VALUE = re.compile(rb"(?:</f>|<f\b[^<>]{0,200}/>)\s{0,9}(?:<v\s?/>|<v>\s{0,9}</v>)?\s{0,9}</c>")


def _uncomputed(path: Path, parts: list[zipfile.ZipInfo]) -> tuple[str, ...]:
    """A note where formulas stand without the values that they had when it was saved."""
    if not parts:
        return ()
    try:
        with zipfile.ZipFile(path) as archive:
            for page in _pages(parts):
                with archive.open(page) as stream:
                    if _NO_VALUE.search(stream.read(SEARCHED)):
                        return (
                            "formulas without stored values are read as empty: open it and save it again",
                        )
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
        pass
    return ()


class _Spool:
    """What the program `cells` wrote of a workbook, in a temporary file that goes when nobody needs it."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as its sheets
        weakref.finalize(self, self.file.close)

    def blob(self, at: int) -> tuple[Any, int]:
        """What was written at a place, and the place behind it."""
        self.file.seek(at)
        length = int.from_bytes(self.file.read(LENGTH), "little")
        return loads(self.file.read(length)), at + LENGTH + length

    def directory(self) -> list[tuple[str, bool, int, int]]:
        """The sheets, and where their rows stand."""
        end = self.file.seek(-LENGTH, SEEK_END)
        length = int.from_bytes(self.file.read(LENGTH), "little")
        self.file.seek(end - length)
        return list(loads(self.file.read(length)))

    def rows(self, start: int, end: int) -> Iterator[Row]:
        """The rows between two places."""
        while start < end:
            some, start = self.blob(start)
            yield from some


def _quick(path: Path, where: str) -> list[Found]:
    """The sheets by calamine, in a process of its own: `cells` says why."""
    spool = _Spool()
    command = [sys.executable, "-P", program.__file__, str(path.absolute())]
    try:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=spool.file,
            stderr=subprocess.PIPE,
            timeout=2 * program.SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise BadInput("the workbook cannot be read: it takes too long", where=where) from None
    if done.returncode:
        raise _failed(done, where)
    return [(name, hidden, partial(spool.rows, at, end)) for name, hidden, at, end in spool.directory()]


def _failed(done: subprocess.CompletedProcess[bytes], where: str) -> BadInput:
    told = (done.stderr.decode("utf-8", "replace").strip().splitlines() or [""])[-1]
    if told.startswith("PasswordError"):
        return BadInput(LOCKED, where=where, hint="open it and save it without one")
    if done.returncode < 0 or "MemoryError" in told or "memory allocation" in told:
        return BadInput("the workbook needs more memory or time than one may", where=where)
    return BadInput(f"the workbook cannot be read: {told.partition(': ')[2][:200] or 'damaged'}", where=where)


def _streaming(path: Path, where: str) -> list[Found]:
    """The sheets by openpyxl, row by row: slow, and of any length."""
    with _book(path, where) as pages:
        told = [(page.title, page.sheet_state != "visible") for page in pages]
    return [(name, hidden, partial(_rows, path, where, at)) for at, (name, hidden) in enumerate(told)]


@contextmanager
def _book(path: Path, where: str) -> Iterator[list[Any]]:
    """The sheets of an open workbook; whatever goes wrong, openpyxl raises many things, is `BadInput`."""
    warnings.filterwarnings("ignore", module="openpyxl")
    try:
        # Opened by us, since openpyxl judges a file by its name.
        with path.open("rb") as stream:
            yield _open_pages(stream)
    except DiversionError:
        raise
    except MemoryError:
        raise BadInput("the workbook is too large for the memory", where=where) from None
    except Exception as error:
        told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise BadInput(f"the workbook cannot be read: {told}", where=where) from None


def _open_pages(stream: IO[bytes]) -> list[Any]:
    """As `load_workbook` does for reading alone, which would read a sheet that states no size to its end."""
    reader = import_module("openpyxl.reader.excel").ExcelReader(
        stream, read_only=True, data_only=True, keep_links=False
    )
    base: Any = import_module("openpyxl.worksheet._read_only").ReadOnlyWorksheet
    unsized = type("Unsized", (base,), {"_get_size": lambda page: page.reset_dimensions()})
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    import_module("openpyxl.styles.stylesheet").apply_stylesheet(reader.archive, reader.wb)
    pages = []
    for sheet, relation in reader.parser.find_sheets():
        if relation.target in reader.valid_files and "worksheet" in relation.Type:
            page = unsized(reader.wb, sheet.name, relation.target, reader.shared_strings)
            page.sheet_state = sheet.state
            pages.append(page)
    return pages


def _rows(path: Path, where: str, at: int) -> Iterator[Row]:
    """Row number and cells of the rows that hold anything."""
    with _book(path, where) as pages:
        page = pages[at]
        merged = Merged(merged_ranges(path, page._worksheet_path))
        for number, row in enumerate(page.iter_rows(values_only=True), 1):
            cells = [cell_text(value) for value in row[:WIDEST]]
            if any(cells):
                merged.fill(number - 1, cells, row)
                yield number, cells

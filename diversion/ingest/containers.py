"""Archives and compressed files, unpacked one member at a time to a temporary file, within bounds.

What an archive says of itself (sizes, names) is not believed: sizes are counted while unpacking, and names
are only names, never places to write to.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import SEEK_END
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from diversion.errors import BadInput, StoreUnavailable
from diversion.ingest.scratch import scratch

UNPACKED = 64 << 30
"""Bytes that one file may unpack to."""
RATIO, CALM = 1_000, 100 << 20
"""A file that grew more than `RATIO` times is a trap once it holds more than `CALM` bytes."""
MEMBERS = 100_000
DIRECTORY = 64 << 20
"""Bytes of the directory of an archive, which is read whole."""
CHUNK = 1 << 20

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, KeyError, IndexError)
_SPREADSHEETS = ("workbook.xml", "workbook.bin", "content.xml", "[content_types].xml")


@dataclass(frozen=True)
class Entry:
    """One member of an archive: its position and name in the directory of the archive."""

    at: int
    name: str


def is_archive(path: Path) -> bool:
    """Whether the file is a zip archive of files, not a workbook, which is a zip archive too."""
    with path.open("rb") as stream:
        if not stream.read(4).startswith(ZIP):
            return False
    try:
        with _opened(path, "") as archive:
            names = [name.casefold() for name in archive.namelist()]
    except BadInput:
        return path.suffix.lower() == ".zip"
    return not any(name.rpartition("/")[2] in _SPREADSHEETS for name in names)


def entries(path: Path, where: str) -> list[Entry]:
    """The files in an archive, in order. Raises `BadInput` where it is damaged or a trap."""
    with _opened(path, where) as archive:
        infos = archive.infolist()
    if len(infos) > MEMBERS:
        raise BadInput(f"the archive holds {len(infos):,} files, more than {MEMBERS:,}", where=where)
    spans = sorted((i.header_offset, i.header_offset + i.compress_size) for i in infos if i.compress_size)
    if any(second[0] < first[1] for first, second in pairwise(spans)):
        raise BadInput("files in the archive overlap, as only a trap does", where=where)
    return [Entry(at, info.filename) for at, info in enumerate(infos) if not info.is_dir()]


@contextmanager
def unpacked(path: Path, where: str, entry: Entry | None = None) -> Iterator[Path]:
    """The file, or a member of the archive that it is, as it is when unpacked; temporary where that differs.

    Raises `BadInput` where it is damaged, locked, or grows beyond bounds.
    """
    with ExitStack() as stack:
        plain, packed = path, path.stat().st_size
        if entry:
            plain = stack.enter_context(temporary())
            packed = _extract(path, where, entry, plain)
        if opens := _decompressor(plain):
            target = stack.enter_context(temporary())
            with _clear(where), plain.open("rb") as stream, opens(stream) as inner:
                _copy(inner, target, where, lambda: min(stream.tell(), packed))
            plain = target
        yield plain


def _extract(path: Path, where: str, entry: Entry, target: Path) -> int:
    """Write a member of an archive to `target`; gives the bytes that it took in the archive."""
    with _opened(path, where) as archive:
        info = archive.infolist()[entry.at]
        if info.flag_bits & 1:
            raise BadInput(
                "it is locked with a password", where=where, hint="unpack it with the password first"
            )
        packed = min(info.compress_size, path.stat().st_size)
        with archive.open(info) as stream:
            _copy(stream, target, where, lambda: packed)
    return packed


def _decompressor(path: Path) -> Callable[[IO[bytes]], IO[bytes]] | None:
    """What unpacks a file that is compressed by itself, by how it begins."""
    with path.open("rb") as stream:
        start = stream.read(6)
    opens: dict[bytes, Callable[[IO[bytes]], Any]] = {
        b"\x1f\x8b": lambda stream: gzip.GzipFile(fileobj=stream),
        b"BZh": bz2.BZ2File,
        b"\xfd7zXZ\x00": lzma.LZMAFile,
    }
    return next((made for magic, made in opens.items() if start.startswith(magic)), None)


@contextmanager
def temporary() -> Iterator[Path]:
    """Where a file may be written that is gone afterwards."""
    with scratch() as folder:
        yield folder / "file"


@contextmanager
def _opened(path: Path, where: str) -> Iterator[zipfile.ZipFile]:
    with _clear(where):
        if _directory(path) > DIRECTORY:
            raise BadInput("the archive holds too many files", where=where, hint="unpack it first")
        with zipfile.ZipFile(path) as archive:
            yield archive


def _directory(path: Path) -> int:
    """Bytes of the directory at the end of an archive, as it says; 0 where there is none."""
    with path.open("rb") as stream:
        size = stream.seek(0, SEEK_END)
        stream.seek(max(size - (1 << 16) - 200, 0))
        tail = stream.read()
    ends, wide = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    told = int.from_bytes(tail[ends + 12 : ends + 16], "little") if ends >= 0 else 0
    if wide >= 0 and told in (0, 0xFFFFFFFF):
        told = int.from_bytes(tail[wide + 40 : wide + 48], "little")
    return told


@contextmanager
def _clear(where: str) -> Iterator[None]:
    """Damage, whatever a library calls it, is said in words."""
    try:
        yield
    except NotImplementedError as error:
        raise BadInput(f"it is packed in a way that is not read: {error}", where=where) from None
    except (*_DAMAGE, OSError, RuntimeError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        told = str(error)[:200] or type(error).__name__
        raise BadInput(
            f"it cannot be unpacked: {told}", where=where, hint="it is damaged or cut off: copy it again"
        ) from None


def _copy(stream: IO[bytes], target: Path, where: str, packed: Callable[[], int]) -> None:
    count = 0
    with target.open("wb") as out:
        while chunk := stream.read(CHUNK):
            count += len(chunk)
            if count > UNPACKED or (count > CALM and count > RATIO * packed()):
                raise BadInput(
                    f"it unpacks to more than {count >> 20:,} MB, as only a trap does",
                    where=where,
                    hint="unpack it yourself if you trust it",
                )
            _write(out, chunk)


def _write(out: IO[bytes], chunk: bytes) -> None:
    try:
        out.write(chunk)
    except OSError as error:
        raise StoreUnavailable(
            f"no room to unpack a file: {error.strerror}",
            where=tempfile.gettempdir(),
            hint="free some space, or set TMPDIR to a folder on a larger disk",
        ) from error

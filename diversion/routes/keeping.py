"""Sorts and ranges kept beside the store, so that the next question need not make them again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt

from diversion.routes.sorting import gathered

Arrays = dict[str, npt.NDArray[Any]]
MAGIC = b"diversion projection 1\n"
"""The number changes whenever the same name would mean other arrays."""
PAGE = 4096
SUFFIX = ".kept"
WORTH_KEEPING = 200_000
"""Fewer transfers are sorted anew as fast as what was kept of them is read and checked."""
PART = 1 << 24
"""Bytes whose digest is taken at once, so that several cores share a long array."""


def digest_of(*columns: npt.NDArray[Any], text: str = "") -> str:
    """Of the types, sizes and values of arrays, in hexadecimal. Columns that are one array are read once.

    SHA-256, so that no data can be made up to be taken for others; 0.6 s a gigabyte on two cores.
    """
    distinct = {id(column): column for column in columns}
    found = dict(zip(distinct, (_digest(column) for column in distinct.values()), strict=True))
    whole = hashlib.sha256(text.encode())
    for column in columns:
        whole.update(f"{column.dtype.str}{column.shape}".encode() + found[id(column)])
    return whole.hexdigest()[:32]


def _digest(column: npt.NDArray[Any]) -> bytes:
    data = np.ascontiguousarray(column).reshape(-1).view(np.uint8)
    pieces = [data[begin : begin + PART] for begin in range(0, len(data), PART)]
    digests = gathered([partial(_sha256, piece) for piece in pieces])
    return hashlib.sha256(b"".join(digests)).digest()


def beside(location: str, gigabytes: float) -> Shelf | None:
    """The shelf of the store at `location`: a folder beside its file. None beside a server, or for 0 GB.

    >>> beside("case.duckdb", 8).folder.name
    'case.duckdb.projection'
    """
    if "://" in location or gigabytes <= 0:
        return None
    path = Path(location)
    return Shelf(path.with_name(path.name + ".projection"), int(gigabytes * 1e9))


def _sha256(data: npt.NDArray[np.uint8]) -> bytes:
    return hashlib.sha256(data.data).digest()


class Shelf:
    """A folder of named groups of arrays, none of which may hold more than `limit` bytes in all.

    Every file is written whole under another name and then renamed, carries the digest of its arrays, and is
    named by a digest of what they were made from: what is damaged, older or half written is made anew.
    Arrays are mapped, and private to the process. Where the folder cannot be written, nothing is kept.
    """

    def __init__(self, folder: Path, limit: int, least: int = WORTH_KEEPING) -> None:
        self.folder, self.limit, self.least = folder, limit, least
        self.used: set[str] = set()

    def get_or_make(self, name: str, make: Callable[[], Arrays]) -> Arrays:
        """The arrays of that name, from the file or made and, if possible, kept."""
        self.used.add(name + SUFFIX)
        path = self.folder / (name + SUFFIX)
        arrays = load(path)
        if arrays is None:
            arrays = make()
            with contextlib.suppress(OSError):
                self._keep(path, arrays)
        else:
            with contextlib.suppress(OSError):
                os.utime(path)
        return arrays

    def _keep(self, path: Path, arrays: Arrays) -> None:
        if sum(array.nbytes for array in arrays.values()) <= self.limit:
            self.folder.mkdir(exist_ok=True)
            save(path, arrays)

    def tidy(self) -> None:
        """Remove what was unused for longest until the rest fits, and what an interrupted write left."""
        with contextlib.suppress(OSError):
            found = [(path, path.stat()) for path in self.folder.iterdir() if path.is_file()]
            # What was used just now goes last.
            found.sort(key=lambda one: (one[0].name in self.used, one[1].st_mtime))
            size = sum(stat.st_size for _, stat in found)
            for path, stat in found:
                if size <= self.limit:
                    break
                path.unlink(missing_ok=True)
                size -= stat.st_size

    def problems(self) -> list[str]:
        """Names of files that are damaged or of another version. Reads all of them."""
        if not self.folder.is_dir():
            return []
        return sorted(path.name for path in self.folder.glob("*" + SUFFIX) if load(path) is None)

    def size(self) -> int:
        """Bytes kept."""
        if not self.folder.is_dir():
            return 0
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())


def save(path: Path, arrays: Arrays) -> None:
    """Write arrays to a file that is there whole or not at all. Raises `OSError`."""
    columns = [
        {"name": name, "type": array.dtype.str, "size": len(array), "digest": _digest(array).hex()}
        for name, array in arrays.items()
    ]
    head = MAGIC + json.dumps(columns).encode() + b"\n"
    with NamedTemporaryFile(dir=path.parent, prefix=path.stem, suffix=".part", delete=False) as file:
        try:
            file.write(head)
            for array in arrays.values():
                file.write(b"\0" * (-file.tell() % PAGE))
                file.write(np.ascontiguousarray(array).view(np.uint8).data)
            file.close()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


def load(path: Path) -> Arrays | None:
    """The arrays of a file, mapped; None where it is missing, damaged or of another version."""
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return None
            columns, at = json.loads(file.readline(PAGE)), file.tell()
            whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        return _arrays(whole, columns, at)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _arrays(whole: mmap.mmap, columns: list[dict[str, Any]], at: int) -> Arrays | None:
    arrays: Arrays = {}
    for column in columns:
        at += -at % PAGE
        array = np.frombuffer(whole, np.dtype(column["type"]), int(column["size"]), at)
        if _digest(array).hex() != column["digest"]:
            return None
        arrays[column["name"]] = array
        at += array.nbytes
    return arrays

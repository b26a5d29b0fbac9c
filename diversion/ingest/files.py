"""From what a person names to files: folders, patterns, archives, standard input; opened one at a time."""

from __future__ import annotations

import glob
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from diversion.errors import BadInput
from diversion.ingest.containers import Entry, entries, is_archive, temporary, unpacked
from diversion.ingest.report import Skipped
from diversion.ingest.sheet import IsHeader, Sheet
from diversion.ingest.skipped import UNKNOWN, no_data, note

TABLES = (
    ".csv",
    ".tsv",
    ".tab",
    ".txt",
    ".psv",
    ".pip",
    ".del",
    ".parquet",
    ".pq",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".xlsb",
    ".ods",
)
DOCUMENTS = (".json", ".jsonl", ".ndjson", ".ijson", ".xml", ".fin", ".mt", ".swift")
PACKED = (".gz", ".bz2", ".xz")
SUFFIXES = (*TABLES, *DOCUMENTS, ".zip")
"""Names under which files are looked for in folders and archives; what a file is, its content tells."""
STDIN = "-"


@dataclass(frozen=True)
class Given:
    """One file that a person gave, by itself or within a folder or an archive.

    Parameters
    ----------
    name : as shown to a person; a member of an archive as `archive.zip/inner/name.csv`.
    origin : the file on the disk as it was given; for a member, the archive.
    member : the place within the archive, None for a file of its own.
    held : what lies on the disk and is opened: the file, or the archive that holds it.
    entry : which member of `held` it is.
    notes : what a person should know of how it was found.
    skipped : files of its folder or archive that are not read, told with the first that is.
    """

    name: str
    origin: Path
    held: Path
    member: str | None = None
    entry: Entry | None = None
    notes: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """The file as it is when unpacked, for as long as the context lasts.

        Raises `BadInput` where it is damaged, locked, or unpacks to more than a real file does.
        """
        with ExitStack() as stack:
            try:
                path = stack.enter_context(unpacked(self.held, self.name, self.entry))
            except OSError as error:
                raise unreadable(self.name, error) from None
            yield path

    @property
    def file(self) -> str:
        """Its name without the folders in which it or its archive lies."""
        return self.origin.name + (f"/{self.member}" if self.member else "")

    @property
    def path(self) -> str:
        """Where it lies, in full: `reopened` opens it again."""
        if str(self.origin) == STDIN:
            return STDIN
        return str(self.origin.absolute()) + (f"/{self.member}" if self.member else "")


def expand(path: Path) -> Iterator[Given]:
    """The file itself, or the files of a folder, a pattern or an archive, in order.

    An archive within an archive is opened, one within that is not. What is given must be used up one after
    the other: what a file was unpacked from is gone when the next is asked for.
    Raises `BadInput` where there is nothing to be read.
    """
    try:
        if str(path) == STDIN:
            yield from _stdin()
            return
        found, skipped = _on_disk(path)
        notes = note(skipped, "folder" if path.is_dir() else "files of this pattern")
        for file in found:
            yield from _within(Given(str(file), file, file, notes=notes, skipped=skipped), file)
            notes, skipped = (), ()
    except (OSError, ValueError) as error:
        raise unreadable(str(path), error) from None


def there(path: Path) -> None:
    """Raise `BadInput` where a path means no file at all: cheap, before what is dear to open."""
    if str(path) != STDIN:
        try:
            _on_disk(path)
        except (OSError, ValueError) as error:
            raise unreadable(str(path), error) from None


def _on_disk(path: Path) -> tuple[list[Path], tuple[Skipped, ...]]:
    """The files that a path means, and those that are not read; a file named by itself always is."""
    where = str(path)
    if path.is_dir():
        return _in_folder(path)
    if path.exists():
        if not path.is_file():
            raise BadInput("this is no ordinary file", where=where, hint="pipe it in, and name it -")
        return [path], ()
    if glob.has_magic(where):
        base = Path(path.anchor)
        found = sorted(p for p in base.glob(str(path.relative_to(base))) if p.is_file())
        kept = [p for p in found if not no_data(p.name)]
        if not kept:
            told = "no file has a name like this" + (", but for what is no data" if found else "")
            raise BadInput(told, where=where)
        return kept, tuple(Skipped(str(p), no_data(p.name) or "") for p in found if no_data(p.name))
    raise BadInput("there is no such file", where=where)


def _in_folder(path: Path) -> tuple[list[Path], tuple[Skipped, ...]]:
    every = sorted(p for p in path.iterdir() if p.is_file() or p.is_dir())
    why = {p: "a folder within the folder" if p.is_dir() else _why_not(p.name) for p in every}
    kept = [p for p in every if not why[p]]
    if not kept:
        raise _nothing_known("folder", str(path))
    return kept, tuple(Skipped(p.name, reason) for p, reason in why.items() if reason)


def _nothing_known(what: str, where: str) -> BadInput:
    return BadInput(f"the {what} holds no file of a known kind ({', '.join(SUFFIXES)})", where=where)


def _why_not(name: str) -> str | None:
    """Why a file of a folder or an archive is not read, as its name tells; None where it is."""
    plain = name.casefold()
    for packed in PACKED:
        plain = plain.removesuffix(packed)
    return no_data(name) or (None if plain.endswith(SUFFIXES) else UNKNOWN)


def _within(given: Given, at: Path, depth: int = 0) -> Iterator[Given]:
    """The file, or where it is an archive its members; `at` is where it lies unpacked."""
    if not is_archive(at):
        yield given
        return
    why = {entry: _why_not(entry.name) for entry in entries(at, given.name)}
    kept = [entry for entry, reason in why.items() if not reason]
    if not kept:
        raise _nothing_known("archive", given.name)
    skipped = tuple(Skipped(entry.name, reason) for entry, reason in why.items() if reason)
    notes, skipped = given.notes + note(skipped, "archive"), given.skipped + skipped
    for entry in kept:
        member = f"{given.member}/{entry.name}" if given.member else entry.name
        inner = Given(f"{given.name}/{entry.name}", given.origin, at, member, entry, notes, skipped)
        notes, skipped = (), ()
        if depth or not entry.name.casefold().endswith(".zip"):
            yield inner
        else:
            yield from _nested(inner)


def _nested(given: Given) -> Iterator[Given]:
    """An archive in an archive; what is wrong with it is its own fault, not that of the others."""
    try:
        with given.opened() as at:
            yield from _within(given, at, depth=1)
    except BadInput as error:
        if error.where != given.name:
            raise
        yield given


def _stdin() -> Iterator[Given]:
    with temporary() as held:
        with held.open("wb") as out:
            shutil.copyfileobj(sys.stdin.buffer, out, 1 << 20)
        for given in _within(Given(STDIN, Path(STDIN), held), held):
            yield replace(given, notes=(*given.notes, "read from standard input, which is not kept"))


@contextmanager
def reopened(path: str) -> Iterator[Path]:
    """A file by the `path` of its source, unpacked anew. Raises `BadInput` where it is not there any more."""
    origin, member = _apart(path)
    if path == STDIN:
        raise BadInput("it came from standard input and was not kept", where=path)
    for given in expand(origin):
        if given.member == member:
            with given.opened() as file:
                yield file
            return
    raise BadInput("the archive does not hold it any more", where=path)


def _apart(path: str) -> tuple[Path, str | None]:
    """The file on the disk and the place within it."""
    parts = Path(path).parts
    for end in range(1, len(parts)):
        if (origin := Path(*parts[:end])).is_file():
            return origin, path[len(str(origin)) + 1 :]
    return Path(path), None


def unreadable(where: str, error: Exception) -> BadInput:
    """What a failure to open or read a file means to a person."""
    if isinstance(error, PermissionError):
        return BadInput("no rights to read it", where=where, hint="ask its owner, or copy it")
    told = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return BadInput(f"it cannot be read: {told}", where=where)


def open_sheets(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
    """The sheets of a file, whatever its name says. Raises `BadInput` where it is none that can be read."""
    from diversion.ingest import published
    from diversion.ingest.detect import START, reader
    from diversion.ingest.headers import first_that

    try:
        with path.open("rb") as stream:
            start = stream.read(START)
        sheets = reader(start, path, where)(path, where, first_that(published.is_header, is_header))
        return [published.adapted(sheet, path, where, start) for sheet in sheets]
    except OSError as error:
        raise unreadable(where, error) from None

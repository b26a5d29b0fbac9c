"""Ingest: every file on its own, all of it or none, and an account of what became of each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from diversion.errors import BadInput, DiversionError
from diversion.ingest.files import STDIN, Given, expand
from diversion.ingest.look import in_words
from diversion.ingest.one_file import OneFile
from diversion.ingest.options import IngestOptions, Progress
from diversion.ingest.report import FileReport, IngestReport
from diversion.linking.after import linked
from diversion.store.base import Store


def ingest(
    store: Store,
    paths: Sequence[Path],
    options: IngestOptions | None = None,
    progress: Progress = lambda file, done, total: None,
) -> IngestReport:
    """Read files into the store; a folder, a pattern or an archive means the files in it, `-` standard input.

    Each file is one batch: written whole or, where it is refused, not at all, and the next one goes on. The
    same file again changes nothing. Files that say more of the entries of another come after all others,
    whatever the order of their reports. Memory stays within `options.memory` and a few batches.
    Raises `StoreError` where the store or the disk fails; what is wrong with a file stands in the report.
    """
    asked = options or IngestOptions()
    reports: dict[int, FileReport] = {}
    for later in (False, True):
        for at, given in enumerate(_all(paths)):
            if isinstance(given, FileReport):
                reports[at] = given
            elif at not in reports and (later or not _says_more(given)):
                reports[at] = OneFile(store, given, asked, progress).report()
    return IngestReport(linked(store, [reports[at] for at in sorted(reports)], asked.memory))


def _all(paths: Sequence[Path]) -> Iterator[Given | FileReport]:
    """Every file in turn; where a path is none, the report that says so."""
    for path in paths:
        try:
            yield from expand(path)
        except BadInput as error:
            yield FileReport(error.where or str(path), refused=in_words(error))


def _says_more(given: Given) -> bool:
    """Whether a file only says more of the entries of another one, which is to be read before it."""
    from diversion.ingest.detect import START
    from diversion.ingest.ofac_legacy import PARTS, is_part

    if str(given.origin) == STDIN or not PARTS.search(given.file):
        return False
    try:
        with given.opened() as path, path.open("rb") as stream:
            return is_part(stream.read(START))
    except (DiversionError, OSError):
        return False

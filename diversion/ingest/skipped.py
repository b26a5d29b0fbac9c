"""Files of a folder or an archive that are plainly no data: they are named, and do not make a run fail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from diversion.ingest.report import Skipped

SYSTEM = "left by a system"
ABOUT = "about the data, no data"
PICTURE = "a picture or a paper"
UNKNOWN = "of no known kind"
SHOWN = 10
"""Names of a kind that a note tells."""

_PAPERS = (
    ".pdf", ".md", ".rst", ".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx", ".png", ".jpg", ".jpeg", ".gif",
    ".svg", ".webp", ".tif", ".tiff", ".bmp", ".ico",
)  # fmt: skip
_ABOUT = re.compile(
    r"(read[ _-]?me|read[ _-]?this|liesmich|leeme|lisez[ _-]?moi|leiame|licen[cs]e|copying|copyright|notice|"
    r"change[ _-]?log|release[ _-]?notes?|disclaimer|terms([ _-](of[ _-]use|and[ _-]conditions))?)"
    r"([ _.-].*)?"
)
_SUMS = re.compile(r".*\.(md5|sha1|sha256|sha512|sig)|(md5|sha1|sha256|sha512|check)[ _-]?sums?(\.txt)?")


def no_data(name: str) -> str | None:
    """Why a file is no data, as its name tells; None where it may be.

    >>> no_data("in/ReadMe.txt"), no_data("__MACOSX/._a.csv"), no_data("notice.csv")
    ('about the data, no data', 'left by a system', None)
    """
    last = name.rpartition("/")[2].casefold()
    if name.startswith("__MACOSX/") or last.startswith("._"):
        return SYSTEM
    if last in (".ds_store", "thumbs.db", "desktop.ini", ".gitignore", ".gitkeep"):
        return SYSTEM
    if last.endswith(_PAPERS):
        return PICTURE
    return ABOUT if _is_about(last) else None


def _is_about(last: str) -> bool:
    stem, dot, ending = last.rpartition(".")
    if _SUMS.fullmatch(last):
        return True
    return (not dot or ending in ("txt", "text", "asc")) and bool(_ABOUT.fullmatch(stem or last))


def note(skipped: Sequence[Skipped], what: str) -> tuple[str, ...]:
    """What a person is told of them, grouped by reason; `what` holds them."""
    if not skipped:
        return ()
    ordered = sorted(skipped, key=lambda one: one.reason)
    parts = [
        f"{_names([one.file for one in some])} ({reason})"
        for reason, some in groupby(ordered, key=lambda one: one.reason)
    ]
    return (f"skipped in the {what}: {'; '.join(parts)}",)


def _names(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - SHOWN
    return ", ".join(every[:SHOWN]) + (f" and {more:,} more" if more > 0 else "")

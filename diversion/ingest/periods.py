"""The month or year that a title, a sheet's name or a file's name states, for tables that have no day.

A whole day in such a place is as often that of the download: it states no period, two of them do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from diversion.ingest.months import month

FIRST, LAST = 1990, 2060
_YEAR = r"(?:199\d|20[0-5]\d)"
_DAY = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[-/. ]\d{{1,2}}[-/. ]({_YEAR})|({_YEAR})[-/. ]\d{{1,2}}[-/. ]\d{{1,2}}|"
    rf"({_YEAR})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
)
_MONTH = re.compile(
    rf"(?<!\d)(?:({_YEAR})[-/. ]?(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])[-/.]({_YEAR})|"
    rf"({_YEAR})年\s?(1[0-2]|0?[1-9])月)(?!\d)"
)
_BARE = re.compile(rf"(?<!\d)({_YEAR})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER = re.compile(
    r"(?i)download|generat|print|creat|export(ed)? on|updated?|as of|copyright|©|\(c\)|published|prepared|"
    r"скача|сформир|descargad|generad"
)
"""Words of a line whose day is that of the file, not of its rows."""


@dataclass(frozen=True)
class Period:
    """A month of a year, or all of it, and where that stands."""

    year: int
    month: int | None
    where: str

    @property
    def constants(self) -> dict[str, str]:
        """The same as values of columns."""
        return {"year": str(self.year)} | ({"month": str(self.month)} if self.month else {})

    @property
    def note(self) -> str:
        """A sentence for people."""
        shown = f"{self.year}-{self.month:02}" if self.month else str(self.year)
        return f"no column holds a day: each row is of the period {shown}, which {self.where} states"


def stated(text: str) -> tuple[int, int | None] | None:
    """The one year, and month where there is one, that a text states; None where it states none or several.

    >>> stated("Imports of India - January 2023"), stated("IN_EXP_202301"), stated("2022 and 2023")
    ((2023, 1), (2023, 1), None)
    >>> stated("01/01/2023 - 31/12/2023"), stated("report_20240115"), stated("Jan to Dec 2023")
    ((2023, None), None, (2023, None))
    """
    text = text.replace("_", " ")
    if _OTHER.search(text):
        return None
    days = [next(filter(None, found)) for found in _DAY.findall(text)]
    rest = _DAY.sub(" ", text)
    months = {(int(a or d or e), int(b or c or f)) for a, b, c, d, e, f in _MONTH.findall(rest)}
    rest = _MONTH.sub(" ", rest)
    years = {int(year) for year in _BARE.findall(rest)}
    named = {found for word in _WORD.findall(rest) if len(word) > 2 and (found := month(word))}
    whole = {year for year, _ in months} | years | ({int(day) for day in days} if len(days) > 1 else set())
    if len(whole) != 1:
        return None
    numbers = {number for _, number in months} | named
    return whole.pop(), (numbers.pop() if len(numbers) == 1 and len(days) < 2 else None)


def period(titles: Iterable[str], sheet: str | None, file: str) -> Period | None:
    """What is stated nearest to the table: in its titles, else as name of its sheet, else of its file."""
    places = [(text, f"the title {text[:60]!r}") for text in titles]
    places += [(sheet or "", f"the name of the sheet, {(sheet or '')[:60]!r},")]
    places += [(file, f"the name of the file, {file[:60]!r},")]
    for text, where in places:
        if found := stated(text[:300]):
            return Period(*found, where)
    return None

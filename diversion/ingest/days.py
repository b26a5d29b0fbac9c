"""Days as files write them, and how precisely: a month or a year alone is an interval."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal

Order = Literal["day first", "month first", "unknown"]
Interval = tuple[date | None, date | None]

_NONE: Interval = (None, None)
_TIME = (
    r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?:[AaPp][Mm])?"
    r"\s*(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ISO = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
_YEAR = re.compile(r"[0-9]{4}")
_NUMBERS = re.compile(rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2([0-9]{{4}}){_TIME}")
_WORDS = re.compile(
    r"(?:([0-9]{1,2})[ \-/.]*([A-Za-z]{3,9})|([A-Za-z]{3,9})\.? *([0-9]{1,2}),?)[ \-/.,]*([0-9]{4})"
)
_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def order(texts: Iterable[str]) -> Order:
    """Whether day or month comes first in `03/04/2023`, told by texts in which it can only be one.

    >>> order(["03/04/2023", "25/04/2023"]), order(["03/04/2023"])
    ('day first', 'unknown')
    """
    seen: set[Order] = set()
    for text in texts:
        if found := _NUMBERS.fullmatch(text):
            first, _, second, _ = found.groups()
            if int(first) > 12:
                seen.add("day first")
            elif int(second) > 12:
                seen.add("month first")
    return seen.pop() if len(seen) == 1 else "unknown"


def reader(which: Order) -> Callable[[str], Interval]:
    """A function from a text to the first and the last possible day, `(None, None)` where it is no day.

    Dots mean that the day comes first; slashes and dashes follow `which`, and where that is unknown a text
    that could be two days is none.

    >>> reader("unknown")("2023-04"), reader("day first")("03/04/2023")[0]
    ((datetime.date(2023, 4, 1), datetime.date(2023, 4, 30)), datetime.date(2023, 4, 3))
    """

    def read(text: str) -> Interval:
        return _digits(text) or _numbers(text, which) or _words(text) or _NONE

    return read


def day(text: str) -> Interval:
    """Reads a text whose order is not in doubt."""
    return reader("unknown")(text)


def _one(year: int, month: int, number: int) -> Interval:
    try:
        found = date(year, month, number)
    except ValueError:
        return _NONE
    return found, found


def _digits(text: str) -> Interval | None:
    if found := _ISO.fullmatch(text):
        return _one(int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(text):
        return _one(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH.fullmatch(text):
        return _month(int(found[1]), int(found[2]))
    if _YEAR.fullmatch(text) and int(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    return None


def _month(year: int, month: int) -> Interval:
    if not (1 <= month <= 12 and year):
        return _NONE
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _numbers(text: str, which: Order) -> Interval | None:
    found = _NUMBERS.fullmatch(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] == "." or first > 12 or first == second:
        return _one(year, second, first)
    if second > 12:
        return _one(year, first, second)
    if which == "unknown":
        return _NONE
    return _one(year, second, first) if which == "day first" else _one(year, first, second)


def _words(text: str) -> Interval | None:
    found = _WORDS.fullmatch(text)
    if not found:
        return None
    name = (found[2] or found[3])[:3].casefold()
    if name not in _NAMES:
        return None
    return _one(int(found[5]), _NAMES.index(name) + 1, int(found[1] or found[4]))

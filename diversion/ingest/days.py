"""Days as files write them, and how precisely: a month or a year alone is an interval."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Literal

from diversion.ingest import day_words as words

Order = Literal["day first", "month first", "year first", "unknown"]
Interval = tuple[date | None, date | None]

ORDERS: tuple[Order, ...] = ("day first", "month first", "year first")
FIRST = date(1990, 1, 1)
"""No day of a record at hand is earlier."""
SERIALS = range(20_000, 60_000)
"""Days since 1899-12-30, as workbooks number them: from 1954 to 2064."""

UNKNOWN = "not a day that can be told: write it as YYYY-MM-DD"
NO_SUCH_DAY = "there is no such day in the calendar"
"""Why a text is no day: it is not written as one, or as one that does not exist."""

_NONE: Interval = (None, None)
_TIME = (
    r"(?:(?:[T ,]|\s+)\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,:][0-9]+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ISO = re.compile(rf"([0-9]{{4}})\s?([-/.])\s?([0-9]{{1,2}})\s?\2\s?([0-9]{{1,2}})\.?{_TIME}")
_COMPACT = re.compile(rf"((?:19|20)[0-9]{{2}})([0-9]{{2}})([0-9]{{2}})(?:\.0+|{_TIME})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([0-9]{2})((?:19|20)[0-9]{2})(?:\.0+)?")
"""`05012024`, also without its zero; no such text is a day with the year first."""
_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_MONTH_BARE = re.compile(r"((?:19[89]|20[0-9])[0-9])(0[1-9]|1[0-2])(?:\.0+)?")
_YEAR = re.compile(r"([0-9]{4})(?:\.0+)?")
_NUMBERS = re.compile(
    rf"([0-9]{{1,2}})\s?([-/.])\s?([0-9]{{1,2}})\s?\2\s?([0-9]{{4}}|[0-9]{{2}})\.?(?:\s*г\.?|\s*year)?{_TIME}"
)
SERIAL = re.compile(r"([2-5][0-9]{4})(?:[.,][0-9]+)?")


def order(texts: Iterable[str]) -> Order:
    """Whether day or month comes first in `03/04/2023`, told by texts in which it can only be one.

    >>> order(["03/04/2023", "25/04/2023"]), order(["03/04/2023"])
    ('day first', 'unknown')
    """
    evidence = Evidence(date.max)
    for text in texts:
        evidence.see(text)
    return evidence.certain


def _full(year: str) -> int:
    """The year that two digits mean: from 1990 to 2089."""
    return int(year) if len(year) == 4 else int(year) + (1900 if int(year) >= 90 else 2000)


def _readings(found: re.Match[str], *, dots: bool = True) -> dict[Order, date]:
    """Days that three numbers can be, by order; with `dots` between them the day is first, if these tell."""
    first, second, last = found[1], found[3], found[4]
    dotted = dots and found[2] == "."
    placed: dict[Order, Interval] = {"day first": _one(_full(last), int(second), int(first))}
    if not dotted:
        placed["month first"] = _one(_full(last), int(first), int(second))
    if len(last) == 2 and not (dotted and placed["day first"][0]):
        placed["year first"] = _one(_full(first.zfill(2)), int(second), int(last))
    return {which: day[0] for which, day in placed.items() if day[0]}


class Evidence:
    """What the days of a column tell of their order, gathered in one pass.

    The rule: (1) an order in which some text is no day is not that of the column, and texts that leave none
    tell nothing; (2) among several, an order that puts days after `latest` or before 1990, where another
    puts them between, is not the one; (3) a year of two digits stands first only where nothing else is left.
    """

    def __init__(self, latest: date) -> None:
        self._latest = latest
        self._able: set[Order] | None = None
        self._likely: set[Order] = set(ORDERS)

    def see(self, text: str) -> None:
        """Take a text into account."""
        found = _NUMBERS.fullmatch(text)
        days = _readings(found) if found and found[2] != "." else {}
        if days:
            self._able = set(days) if self._able is None else self._able & set(days)
            likely = {which for which, day in days.items() if FIRST <= day <= self._latest}
            self._likely &= likely or set(ORDERS)

    @property
    def contradicts(self) -> bool:
        """Whether some texts can only be of one order and others only of another."""
        return self._able is not None and not self._able

    @property
    def certain(self) -> Order:
        """What part (1) of the rule tells."""
        return _only(self._able or set())

    @property
    def order(self) -> Order:
        """What the column tells by itself."""
        able = self._able or set()
        return _only(able & self._likely or able)


def _only(able: set[Order]) -> Order:
    left = able - {"year first"} or able
    return next(iter(left)) if len(left) == 1 else "unknown"


def reader(which: Order, *, serials: bool = False, strict: bool = False) -> Callable[[str], Interval]:
    """A function from a text to the first and the last possible day, `(None, None)` where it is no day.

    Dots mean that the day comes first; slashes and dashes follow `which`, and where that is unknown a text
    that could be two days is none. With `serials`, numbers of workbooks are days too. A `strict` reader
    takes three numbers in that order alone, whatever stands between them.

    >>> reader("unknown")("2023-04"), reader("day first")("03/04/2023")[0]
    ((datetime.date(2023, 4, 1), datetime.date(2023, 4, 30)), datetime.date(2023, 4, 3))
    >>> reader("unknown", serials=True)("45021.5")[0], reader("unknown")("45021")[0]
    (datetime.date(2023, 4, 5), None)
    >>> reader("month first", strict=True)("03.04.2023")[0], reader("day first", strict=True)("03/14/2023")[0]
    (datetime.date(2023, 3, 4), None)
    """

    def read(text: str) -> Interval:
        if serials and (found := SERIAL.fullmatch(text)) and int(found[1]) in SERIALS:
            day = date(1899, 12, 30) + timedelta(int(found[1]))
            return day, day
        if strict and (apart := _NUMBERS.fullmatch(text) or _DAY_FIRST.fullmatch(text)):
            return _stated(apart, which)
        return _digits(text) or _numbers(text, which) or words.read(text) or _NONE

    return read


def day(text: str) -> Interval:
    """Reads a text whose order is not in doubt."""
    return reader("unknown")(text)


def no_day(text: str) -> str:
    """Why a text that no reader takes for a day is none.

    >>> no_day("31.02.2025") == no_day("2025-02-31") == NO_SUCH_DAY, no_day("soon") == UNKNOWN
    (True, True)
    """
    found = _NUMBERS.fullmatch(text)
    none = not _readings(found, dots=False) if found else _ISO.fullmatch(text) and text[:2] in ("19", "20")
    return NO_SUCH_DAY if none else UNKNOWN


def _one(year: int, month: int, number: int) -> Interval:
    try:
        found = date(year, month, number)
    except ValueError:
        return _NONE
    return found, found


def _digits(text: str) -> Interval | None:
    """A text of numbers whose order is not in doubt."""
    return _whole_day(text) or _month(text) or _year(text)


def _whole_day(text: str) -> Interval | None:
    if found := _ISO.fullmatch(text):
        return _one(int(found[1]), int(found[3]), int(found[4]))
    if (found := _COMPACT.fullmatch(text)) and (day := _one(*map(int, found.groups()[:3]))) != _NONE:
        return day
    if found := _DAY_FIRST.fullmatch(text):
        return _one(int(found[3]), int(found[2]), int(found[1]))
    return None


def _month(text: str) -> Interval | None:
    if found := _MONTH.fullmatch(text) or _MONTH_BARE.fullmatch(text):
        return month_of(int(found[1]), int(found[2]))
    if found := _MONTH_FIRST.fullmatch(text):
        return month_of(int(found[2]), int(found[1]))
    return None


def _year(text: str) -> Interval | None:
    found = _YEAR.fullmatch(text)
    if not found or not int(found[1]):
        return None
    return date(int(found[1]), 1, 1), date(int(found[1]), 12, 31)


def month_of(year: int, month: int) -> Interval:
    """First and last day of a month; none where there is no such month."""
    if not (1 <= month <= 12 and year):
        return _NONE
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _stated(found: re.Match[str], which: Order) -> Interval:
    """Three numbers in the order that a person stated."""
    if found.re is _DAY_FIRST:
        first, second, year = map(int, found.groups())
        return _one(year, first, second) if which == "month first" else _one(year, second, first)
    day = _readings(found, dots=False).get(which)
    return (day, day) if day else _NONE


def _numbers(text: str, which: Order) -> Interval | None:
    found = _NUMBERS.fullmatch(text)
    if not found:
        return None
    days = _readings(found)
    if which in days:
        return days[which], days[which]
    if len(found[4]) == 2 and len(days) > 1:
        days.pop("year first", None)
    able = set(days.values())
    return (able.pop(),) * 2 if len(able) == 1 else _NONE

"""Days of other calendars: the Solar Hijri years of Iran, Buddhist years of Thailand, years of Minguo.

A column is of such a calendar where nearly all its texts have a year that can be of no other: a single odd
year among days of our own is an error, not a calendar.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Literal

Era = Literal["jalali", "buddhist", "minguo"]
Interval = tuple[date | None, date | None]

FIRST, LAST = 1300, 1450
"""Years of the Solar Hijri calendar that are read: 1921 to 2072."""
_EPOCH = date(1921, 3, 21)
_LEAP = frozenset((1, 5, 9, 13, 17, 22, 26, 30))
"""Years of a cycle of 33 that have a day more: so has the calendar of Iran in all the years that are read."""
_MONTHS = [
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
]
_MOST = 0.9
_LOOKED_AT = 2_000

_YEAR: dict[Era, str] = {
    "jalali": "1[34][0-9]{2}",
    "buddhist": "25[0-9]{2}",
    "minguo": "(?:[89][0-9]|1[0-4][0-9])",
}
_REST = r"[-/.\s](?:0?[1-9]|1[0-2])(?:[-/.\s](?:0?[1-9]|[12][0-9]|3[01]))?(?:[T ,].*)?"
_FORMS: dict[Era, re.Pattern[str]] = {
    era: re.compile(
        rf"{year}{_REST}|{year}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
        + (rf"|[0-9]{{1,2}}[-/. ][0-9]{{1,2}}[-/. ]{year}(?:[T ,].*)?" if era != "minguo" else "")
    )
    for era, year in _YEAR.items()
}
_PARTS = re.compile(r"([0-9]{2,4})[-/.\s]+([0-9]{1,2})(?:[-/.\s]+([0-9]{1,2}))?(?:[T ,].*)?")
_TURNED = re.compile(r"([0-9]{1,2})[-/.\s]+([0-9]{1,2})[-/.\s]+([0-9]{4})(?:[T ,].*)?")
_COMPACT = re.compile(r"([0-9]{3,4})([0-9]{2})([0-9]{2})")
_BUDDHIST = re.compile(r"(?<![0-9])(25[0-9]{2})(?![0-9])")


def digits(text: str) -> str:
    """A text with digits of every script as 0 to 9.

    >>> digits("۱۴۰۲/۰۵/۱۳")
    '1402/05/13'
    """
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c, "")) or c if c.isdigit() else c for c in text)


def written(text: str) -> Era | None:
    """The calendar that a text may be a day of, by its year."""
    plain = digits(text.strip())[:40]
    return next((era for era, form in _FORMS.items() if form.fullmatch(plain)), None)


def told(texts: Iterable[str]) -> Era | None:
    """The calendar of a column.

    >>> told(["1402/05/13", "1401/12/29"]), told(["2023-01-02", "1402/05/13"]), told([])
    ('jalali', None, None)
    """
    seen: dict[Era | None, int] = {}
    for at, text in enumerate(texts):
        if at >= _LOOKED_AT:
            break
        era = written(text)
        seen[era] = seen.get(era, 0) + 1
    most = max((era for era in seen if era), key=lambda era: seen[era], default=None)
    return most if most and seen[most] >= _MOST * sum(seen.values()) else None


def is_leap(year: int) -> bool:
    """Whether a Solar Hijri year has 366 days.

    >>> [year for year in range(1370, 1410) if is_leap(year)]
    [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408]
    """
    return year % 33 in _LEAP


def _length(year: int, month: int) -> int:
    return 31 if month < 7 else 30 if month < 12 or is_leap(year) else 29


def jalali(year: int, month: int, day: int) -> date | None:
    """The day of our calendar; None where there is no such day or the year is not one that is read.

    >>> jalali(1402, 5, 13), jalali(1403, 12, 30), jalali(1402, 12, 30)
    (datetime.date(2023, 8, 4), datetime.date(2025, 3, 20), None)
    """
    if not (FIRST <= year <= LAST and 1 <= month <= 12 and 1 <= day <= _length(year, month)):
        return None
    days = 365 * (year - FIRST) + sum(map(is_leap, range(FIRST, year)))
    days += sum(_length(year, before) for before in range(1, month)) + day - 1
    return _EPOCH + timedelta(days)


def jalali_span(year: int, month: int | None = None) -> Interval:
    """First and last day of a Solar Hijri year, or of a month of one.

    >>> jalali_span(1402)
    (datetime.date(2023, 3, 21), datetime.date(2024, 3, 19))
    """
    last = month or 12
    if not (FIRST <= year <= LAST and 1 <= last <= 12):
        return None, None
    return jalali(year, month or 1, 1), jalali(year, last, _length(year, last))


def solar_month(name: str) -> int | None:
    """The number of a Solar Hijri month, by its name or number.

    >>> solar_month("مرداد"), solar_month("5"), solar_month("May")
    (5, 5, None)
    """
    if name.isdigit():
        return int(name) if len(name) < 3 else None
    plain = name.replace("ي", "ی")
    return _MONTHS.index(plain) + 1 if plain in _MONTHS else None


def reader(era: Era, ours: Callable[[str], Interval]) -> Callable[[str], Interval]:
    """A function from a text of a column of that calendar to its first and last possible day.

    `ours` reads days of our own calendar.
    """
    if era == "buddhist":
        return lambda text: ours(_BUDDHIST.sub(lambda year: str(int(year[1]) - 543), digits(text)))
    if era == "minguo":
        return lambda text: _minguo(text, ours)
    return lambda text: _jalali(text) or ours(text)


def _split(text: str) -> tuple[int, int, int | None] | None:
    plain = digits(text.strip())
    if found := _PARTS.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3]) if found[3] else None
    found = _TURNED.fullmatch(plain)
    return (int(found[3]), int(found[2]), int(found[1])) if found else None


def _jalali(text: str) -> Interval | None:
    parts = _split(text)
    if parts is None or not FIRST <= parts[0] <= LAST:
        return None
    year, month, day = parts
    if day is None:
        return jalali_span(year, month)
    found = jalali(year, month, day)
    return found, found


def _minguo(text: str, ours: Callable[[str], Interval]) -> Interval:
    parts = _split(text)
    if parts is None or parts[0] > 200:
        return ours(text)
    year, month, day = parts
    return ours(f"{year + 1911}-{month:02}" + (f"-{day:02}" if day else ""))

"""Days with the month in words or signs: `5 апреля 2023 г.`, `Apr-23`, `2023年4月5日`, `ngày 5 tháng 4 …`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from diversion.ingest.months import month

Interval = tuple[date | None, date | None]

_NAME, _YEAR = r"([^\W\d_]{3,12}?)\.?", r"([0-9]{4}|[0-9]{2})"
_SET_APART = r"[ \-/.,'’_]*(?:(?:de|del|of) )?"
_LAST = r"(?:\s*(?:г|года|р|року)\.?)?"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), order)
    for pattern, order in (
        (
            rf"([0-9]{{1,2}})(?:st|nd|rd|th|er|º|°)?{_SET_APART}{_NAME}{_SET_APART}{_YEAR}{_LAST}",
            "day month year",
        ),
        (rf"{_NAME}[ \-/]*([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+|-|/)([0-9]{{4}})", "month day year"),
        (rf"([0-9]{{4}})[ \-/.,]*{_NAME}[ \-/.,]*([0-9]{{1,2}})", "year month day"),
        (rf"{_NAME}{_SET_APART}{_YEAR}{_LAST}", "month year"),
        (rf"([0-9]{{4}})[ \-/.,_]*{_NAME}", "year month"),
        (r"([0-9]{4})\s*[年년]\s*([0-9]{1,2})\s*[月월]\s*([0-9]{1,2})\s*[日号號일].*", "year month day"),
        (r"([0-9]{4})\s*[年년]\s*([0-9]{1,2})\s*[月월](?:份)?", "year month"),
        (
            r"(?:ngày\s*)?([0-9]{1,2})\s*(?:tháng|thg)\s*([0-9]{1,2}),?\s*(?:năm)?\s*([0-9]{4})",
            "day month year",
        ),
        (r"(?:tháng|thg)\s*([0-9]{1,2})[\s,/-]*(?:năm)?\s*([0-9]{4})", "month year"),
    )
)
_WEEKDAY = re.compile(r"^[^\W\d_]{2,12}\.?,\s+")
_TIME = re.compile(r"[T, ]+[0-9]{1,2}:[0-9]{2}.*$")


def read(text: str) -> Interval | None:
    """First and last possible day; None where the text is of no such form.

    >>> read("5 de abril de 2023")[0], read("05-Apr-23 10:15")[0], read("2023年4月5日")[0]
    (datetime.date(2023, 4, 5), datetime.date(2023, 4, 5), datetime.date(2023, 4, 5))
    >>> read("Apr-23"), read("5 Brumaire 1799")
    ((datetime.date(2023, 4, 1), datetime.date(2023, 4, 30)), None)
    """
    if len(text) > 60:
        return None
    bare = _TIME.sub("", _WEEKDAY.sub("", text))
    for pattern, order in _FORMS:
        if found := pattern.fullmatch(bare):
            parts = dict(zip(order.split(), found.groups(), strict=True))
            if day := _placed(parts):
                return day
    return None


def _placed(parts: dict[str, str]) -> Interval | None:
    named = parts["month"]
    number = int(named) if named.isdigit() else month(named)
    year = int(parts["year"]) if len(parts["year"]) == 4 else 2000 + int(parts["year"])
    year -= 100 if len(parts["year"]) == 2 and year >= 2090 else 0
    if not number or not 1 <= number <= 12 or not year:
        return None
    last = monthrange(year, number)[1]
    first = int(parts.get("day", 1))
    if not 1 <= first <= last:
        return None
    return date(year, number, first), date(year, number, first if "day" in parts else last)

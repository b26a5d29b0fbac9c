"""Days, numbers, money and names as people read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING

from anyascii import anyascii

if TYPE_CHECKING:
    from diversion.findings import PartyRef

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EPOCH = date(1970, 1, 1)

# What a terminal or a browser would act on rather than show: controls, lone surrogates, and the marks
# that turn the direction of the text around them.
_ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_MARKS = str.maketrans(dict.fromkeys("«»„“”‟", '"'))
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff㈱㈲]")
# Kana, and the legal forms of Japan as it writes them.
_JAPANESE = re.compile(
    "[\u3041-\u30fa\u30fd-\u30ff\uff66-\uff9d㈱㈲]|(株式|有限|合同|合資|合名)会社|[(（][株有][)）]"
)
_SPACES = re.compile("[\\s\u2028\u2029]+")


def clean(text: str) -> str:
    r"""`text` without characters that act instead of being read; each becomes a visible �.

    >>> clean("Kes\x1b[31mtrel\x00")
    'Kes�[31mtrel�'
    """
    return _ACTIVE.sub("\ufffd", text)


@lru_cache(maxsize=65536)
def one_line(text: str) -> str:
    r"""`clean`, and every run of white space is one space.

    >>> one_line(" Kestrel\n Trading ")
    'Kestrel Trading'
    """
    return clean(_SPACES.sub(" ", text)).strip()


@lru_cache(maxsize=65536)
def shown(name: str, country: str | None = None) -> str:
    """The name as in the record, with its transliteration beside it where it is not in Latin letters.

    Chinese characters of a Japanese name, of that country or to be told by the name, have none: they would
    be read as Chinese.

    >>> shown("ООО «Модуль»"), shown("Zürich AG")
    ('ООО «Модуль» [OOO "Modul"]', 'Zürich AG')
    >>> shown("華電公司", "CN"), shown("華電公司", "JP"), shown("キヤノン株式会社")
    ('華電公司 [HuaDianGongSi]', '華電公司', 'キヤノン株式会社')
    """
    name = one_line(name)
    if _HAN.search(name) and (country == "JP" or _JAPANESE.search(name)):
        return name
    if not name or name.isascii() or all(_latin(letter) for letter in name):
        return name
    other = one_line(anyascii(name.translate(_MARKS)).replace("'", ""))
    return f"{name} [{other}]" if other and other != name else name


def short(text: str, letters: int) -> str:
    """A text of so many letters at most; an ellipsis says where more stood.

    >>> short("Integrated circuits", 12), short("Lasers", 12)
    ('Integrated…', 'Lasers')
    """
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def called(party: PartyRef) -> str:
    """The name of a party, as `shown` writes it."""
    return shown(party.name, party.country)


def _latin(letter: str) -> bool:
    return not letter.isalpha() or unicodedata.name(letter, "").startswith("LATIN")


def as_date(day: date | int | str) -> date:
    """A day from days since 1970-01-01, an ISO date or itself."""
    if isinstance(day, date):
        return day
    return date.fromisoformat(day[:10]) if isinstance(day, str) else EPOCH + timedelta(days=int(day))


@lru_cache(maxsize=65536)
def iso(number_of_day: int) -> str:
    """Days since 1970-01-01 as an ISO date.

    >>> iso(0)
    '1970-01-01'
    """
    return as_date(number_of_day).isoformat()


def day(value: date | int | str | None) -> str:
    """A day that no reader takes for another: the month is a word.

    >>> day("2024-03-03"), day(None)
    ('3 Mar 2024', 'a day not stated')
    """
    if value is None:
        return "a day not stated"
    try:
        known = as_date(value)
    except (ValueError, OverflowError):
        return one_line(str(value))
    return f"{known.day} {MONTHS[known.month - 1]} {known.year}"


def between(first: date | int | str, last: date | int | str) -> str:
    """Two days at the head of a sentence.

    >>> between("2024-03-03", "2024-05-19"), between("2024-03-03", "2024-03-03")
    ('Between 3 Mar and 19 May 2024', 'On 3 Mar 2024')
    """
    if day(first) == day(last):
        return f"On {day(first)}"
    return f"Between {_short(first, last)} and {day(last)}"


def span(first: date | int | str, last: date | int | str) -> str:
    """Two days as a label.

    >>> span("2023-12-30", "2024-01-02"), span("2024-03-03", "2024-05-19")
    ('30 Dec 2023 – 2 Jan 2024', '3 Mar – 19 May 2024')
    """
    if day(first) == day(last):
        return day(first)
    return f"{_short(first, last)} – {day(last)}"


def _short(first: date | int | str, last: date | int | str) -> str:
    written = day(first)
    return written.rsplit(" ", 1)[0] if written[-5:] == day(last)[-5:] else written


def number(value: float) -> str:
    """A number for people: whole above a hundred, three figures below, millions in words.

    >>> number(4180.0), number(0.0314), number(2_345_678), number(12.5)
    ('4,180', '0.0314', '2.35 million', '12.5')
    """
    if not isfinite(value):
        return "an unknown number"
    if abs(value) >= 1e6:
        scale, word = (1e9, "billion") if abs(value) >= 1e9 else (1e6, "million")
        return f"{value / scale:,.3g} {word}" if abs(value) < 1e12 else f"{value / 1e9:,.0f} billion"
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def amount(quantity: float, unit: str | None) -> str:
    """A quantity with its unit.

    >>> amount(1, "pieces"), amount(40, None), amount(12.25, "kg")
    ('1 piece', '40 units', '12.2 kg')
    """
    unit = one_line(unit or "units")
    if quantity == 1 and unit in ("pieces", "units", "pairs", "sets"):
        unit = unit[:-1]
    return f"{number(quantity)} {unit}"


def money(usd: float) -> str:
    """US dollars.

    >>> money(1_310_000), money(84_512.4), money(12)
    ('US$1.31 m', 'US$84,512', 'US$12')
    """
    for scale, letter in ((1e9, "bn"), (1e6, "m")):
        if usd >= scale:
            return f"US${usd / scale:,.2f} {letter}"
    return f"US${usd:,.0f}"


def counted(count: int, noun: str) -> str:
    """How many of what.

    >>> counted(1, "shipment"), counted(3, "shipment"), counted(2, "party")
    ('1 shipment', '3 shipments', '2 parties')
    """
    if count != 1:
        noun = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
    return f"{count:,} {noun}"


def listed(names: Sequence[str], limit: int = 3) -> str:
    """Some names, and how many more.

    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a and b', 'a, b, c and 2 more')
    """
    if len(names) > limit:
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def share(low: float | None, high: float | None) -> str:
    """A share in per cent, or its band.

    >>> share(62.0, 62.0), share(25, 50), share(None, None)
    ('62 %', '25–50 %', 'a share not stated')
    """
    if low is None and high is None:
        return "a share not stated"
    if high is None or low == high:
        return f"{low:g} %"
    return f"up to {high:g} %" if low is None else f"{low:g}–{high:g} %"


def points(values: Sequence[float], digits: int = 1) -> list[float]:
    """Rounded so that the rounded parts still add up to their rounded sum (largest remainder).

    >>> points([0.14, 0.14, 0.14])
    [0.2, 0.1, 0.1]
    """
    scale = 10.0**digits
    exact = [value * scale for value in values]
    whole = [round(value) for value in exact]
    left = round(sum(exact)) - sum(whole)
    step = 1 if left > 0 else -1
    order = sorted(range(len(exact)), key=lambda i: (-step * (exact[i] - whole[i]), i))
    for i in order[: abs(left)]:
        whole[i] += step
    return [value / scale for value in whole]

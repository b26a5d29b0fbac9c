"""What the values of a column look like: codes, days, countries, amounts, names, text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from diversion.ingest import calendars

LOOKED_AT = 50
"""Different values of a column that are looked at."""

_NUMBER = re.compile(r"[-+(]?[$€£¥₹]?\s?\d[\d\s.,'’\u00a0\u202f]*\)?(?:[eE][-+]?\d+)?\s?[%$€£¥]?")
_AMOUNT = re.compile(
    r"(?:[A-Za-z]{2,3}\s?)?[-+(]?[$€£¥₹₽₺₴₩₫]?\s?[-+]?\d[\d\s.,'’\u00a0\u202f٫٬]*\)?(?:[eE][-+]?\d+)?\s?"
    r"(?:[%$€£¥₽₺₴₩₫]|[^\W\d_]{1,10}\.?)?"
)
_CODED = re.compile(
    r"(?:H\.?S\.?N?\.?\s*(?:code)?[\s:]*)?([0-9][0-9 .\-]{2,16}[0-9]|[0-9]{4})\s*(?:[-–;,/:(|].*)?", re.I
)
_CHAPTER = re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-7])(?:\d\d){2,4}(?:\.0)?")
_POWER = re.compile(r"[1-9]\.\d{3,8}[eE]\+0?[5-9]")
_MONTHLY = re.compile(r"(?:0?[1-9]|1[0-2])[-/.](?:19[89]|20[0-4])\d")
_HS = re.compile(
    r"(?:0[1-9]|[1-8]\d|9[0-9])(?:\d{2})(?:[ .\-]?\d{2}){1,4}(?:[ .\-]?\d{1,3}[A-Z]?)?|[1-9]\d{4,11}"
)
_ISO = re.compile(r"(?:19|20)\d\d[-/.年]\s?\d{1,2}(?:[-/.月]\s?\d{1,2}日?)?(?:[T ].*)?")
_SLASHED = re.compile(r"\d{1,2}([-/. ])(?:\d{1,2}|[^\W\d_]{3,12}\.?)\1(?:19|20)?\d\d(?:[ ,T].*)?")
_COMPACT = re.compile(
    r"(?:19[89]|20[0-4])\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19[89]|20[0-4])\d"
)
_WORDED = re.compile(r"(?:\d{1,2}\s)?[^\W\d_]{3,12}\.?[-\s,/'’]{1,2}(?:\d{1,2},?\s)?(?:(?:19|20)\d\d|\d\d)")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]*)?")
_YEAR = re.compile(r"(?:19[89]|20[0-4])\d(?:\.0)?")
_COMPANY = re.compile(
    r"(?i)\b(ltd|limited|llc|inc|corp|co|company|gmbh|ag|bv|nv|srl|sarl|sa|sas|spa|s\.a|s\.p\.a|s\.r\.l|ltda|pvt|"
    r"private|plc|llp|pte|sdn|bhd|kg|ооо|оао|зао|пао|ао|тоо|тов|ип|пп|чп|fze|fzco|fzc|dmcc|a\.ş|aş|a\.s|şti|sti|"
    r"tic|san|cong ty|công ty|tnhh|pt|cv|tbk|eirl|e\.i\.r\.l|s de rl|industries|trading|traders|enterprises?|"
    r"group|international|corporation|import|export|logistics|jsc|ojsc|mchj|xk|doo|d\.o\.o|sp|z o\.o|kft|oy|"
    r"ab|as)\b|"
    r"公司|会社|주식회사|㈜|شركة|شرکت"
)
_ADDRESS = re.compile(
    r"(?i)\d.*[, ].*|\b(street|st|road|rd|avenue|ave|blvd|building|bldg|floor|room|district|zone|plot|box|"
    r"calle|av|rua|ул|д|г|обл|mah|cad|sok|no|jl|jalan|phường|quận|đường|km|lot|block|sector|city|province)\b"
)


class Look:
    """What the values of a column look like: shares, 0 to 1, of some of its different values.

    Each is told when it is asked for, as of most columns only one or two are.
    """

    def __init__(self, given: Sequence[str]) -> None:
        different = list(dict.fromkeys(given))
        self._seen = different[:LOOKED_AT]
        self._told: dict[str, float] = {}
        self.filled = len(given)
        self.distinct = len(different) / len(given)
        self.different = len(self._seen)
        self.length = sum(map(len, self._seen)) / len(self._seen)

    def share(self, what: str) -> float:
        """The share of values that look like `what`, one of `TESTS`."""
        if what not in self._told:
            test = TESTS[what]
            self._told[what] = sum(1 for text in self._seen if test(text)) / len(self._seen)
        return self._told[what]

    @property
    def counts(self) -> bool:
        """Whether the values count the rows: 1, 2, 3, …"""
        return len(self._seen) > 4 and self._seen == [str(n) for n in range(1, len(self._seen) + 1)]

    def __getattr__(self, name: str) -> float:
        if name in TESTS:
            return self.share(name)
        raise AttributeError(name)


def look(values: Iterable[str]) -> Look | None:
    """What the values of a column look like; None where there are none.

    >>> look(["8542.31.00", "85423990"]).share("hs"), look(["05/03/2024", "2024-03-05"]).share("day")
    (1.0, 1.0)
    """
    given = [text for value in values if (text := value.strip()) and text not in _NOTHING]
    return Look(given) if given else None


def looks(sample: Sequence[Sequence[str]], width: int) -> list[Look | None]:
    """What each of the columns of some rows looks like."""
    return [look(row[at] for row in sample if at < len(row)) for at in range(width)]


_NOTHING = {"NULL", "null", "\\N", "N/A", "n/a", "NA", "-", "--", "—", "nan", "None", "#N/A", "."}
_FLOWS = frozenset(
    [
        "import",
        "export",
        "imports",
        "exports",
        "imp",
        "exp",
        "impo",
        "expo",
        "i",
        "e",
        "m",
        "x",
        "im",
        "ex",
        "im4",
        "ex1",
        "импорт",
        "экспорт",
        "им",
        "эк",
        "імпорт",
        "експорт",
        "ввоз",
        "вывоз",
        "importacion",
        "exportacion",
        "importación",
        "exportación",
        "importação",
        "exportação",
        "importation",
        "exportation",
        "einfuhr",
        "ausfuhr",
        "进口",
        "出口",
        "進口",
        "輸入",
        "輸出",
        "수입",
        "수출",
        "ithalat",
        "ihracat",
        "nhập khẩu",
        "xuất khẩu",
        "nk",
        "xk",
        "inbound",
        "outbound",
        "transit",
    ]
)
_MONTHS = frozenset(
    [
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
        "ene",
        "abr",
        "ago",
        "dic",
        "fev",
        "mai",
        "out",
        "dez",
        "янв",
        "фев",
        "мар",
        "апр",
        "май",
        "июн",
        "июл",
        "авг",
        "сен",
        "окт",
        "ноя",
        "дек",
        "січ",
        "лют",
        "бер",
        "кві",
        "тра",
        "чер",
        "лип",
        "сер",
        "вер",
        "жов",
        "лис",
        "гру",
        "oca",
        "şub",
        "nis",
        "haz",
        "tem",
        "ağu",
        "eyl",
        "eki",
        "kas",
        "ara",
    ]
)
_OTHER_YEAR = re.compile(r"(?:1[34]|25)\d\d(?:\.0)?|[۱١][۳۴٣٤][۰-۹٠-٩]{2}")
"""Years of Iran and of Thailand."""
_SHORT_CODE = re.compile(r"\d{1,3}(?:\.0)?")
_FRACTION = re.compile(r"[-+]?\d[\d\s,']*[.,]\d*[1-9]")
_TENS = re.compile(r"0?[1-9](?:\.0)?|1[0-2](?:\.0)?|m(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])月")


def _is_hs(text: str) -> bool:
    coded = _CODED.fullmatch(text)
    bare = coded[1].strip() if coded and len(text) < 400 else text
    bare = bare[:-2] if bare.endswith(".0") else bare
    fits = 4 <= len(bare) <= 16 and bool(_HS.fullmatch(bare) or _four(bare))
    return fits or bool(_POWER.fullmatch(text))


def _four(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and text[:2] != "00" and not _YEAR.fullmatch(text)


def _is_day(text: str) -> bool:
    if len(text) > 40:
        return False
    if any(form.fullmatch(text) for form in (_ISO, _SLASHED, _COMPACT, _MONTHLY)):
        return True
    if _WORDED.fullmatch(text):
        return any(word[:3] in _MONTHS for word in re.findall(r"[^\W\d_]+", text.casefold()))
    # A day as Excel counts them, of the years 1995 to 2045.
    return bool(_SERIAL.fullmatch(text)) and 34_700 <= int(text[:5]) <= 53_000


def _is_month(text: str) -> bool:
    plain = text.casefold().rstrip(".")
    return bool(_TENS.fullmatch(plain)) or (plain[:3] in _MONTHS and len(plain) < 11 and plain.isalpha())


@cache
def _vocabulary() -> tuple[Callable[[str], tuple[object, ...]], ...]:
    from diversion.ingest import vocabulary

    return vocabulary.country, vocabulary.currency, vocabulary.unit


def _is_country(text: str) -> bool:
    return len(text) < 60 and not text.isdigit() and _vocabulary()[0](text)[0] is not None


def _is_currency(text: str) -> bool:
    return len(text) < 12 and _vocabulary()[1](text)[0] is not None


def _is_unit(text: str) -> bool:
    return len(text) < 30 and _vocabulary()[2](text)[0] is not None


TESTS: dict[str, Callable[[str], object]] = {
    "number": _NUMBER.fullmatch,
    "amount": _AMOUNT.fullmatch,
    "hs": _is_hs,
    "chapter": lambda text: _CHAPTER.fullmatch(re.sub(r"[ .\-](?=\d\d)", "", text)),
    "day": _is_day,
    "year": _YEAR.fullmatch,
    "month": _is_month,
    "country": _is_country,
    "currency": _is_currency,
    "unit": _is_unit,
    "company": lambda text: not _NUMBER.fullmatch(text) and _COMPANY.search(text),
    "address": lambda text: len(text) > 14 and _ADDRESS.search(text),
    "flow": lambda text: text.casefold() in _FLOWS,
    "other_day": calendars.written,
    "other_year": _OTHER_YEAR.fullmatch,
    "short_code": _SHORT_CODE.fullmatch,
    "fraction": _FRACTION.fullmatch,
    "flow_word": lambda text: len(text) > 2 and text.casefold() in _FLOWS,
    "letters": lambda text: any(map(str.isalpha, text)),
}
"""What values may look like."""


def is_number(text: str) -> bool:
    """Whether a cell holds an amount, with or without a unit beside it."""
    return bool(_NUMBER.fullmatch(text))

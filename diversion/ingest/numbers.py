"""Numbers as people write them: decimal commas, grouped digits, currencies and units glued to them.

Most cells are read by the staging database alone. Whether a comma is a decimal one is told by the whole
column, where it tells nothing by the other columns of the file; else it sets thousands apart. What is then
left is read here, once for each distinct text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from diversion.ingest import vocabulary
from diversion.ingest.stage import SQL, Stage

Style = Literal["point", "comma", "unknown", "mixed"]
Number = tuple[float | None, str | None, float | None, str | None]

GIVES = {"number": pa.float64(), "unit": pa.string(), "factor": pa.float64(), "currency": pa.string()}
_COMMA = re.compile(
    r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]*|[0-9]*,([0-9]{1,2}|[0-9]{4,})|[0-9]{4,},[0-9]+|0,[0-9]+|"
    r"[0-9]{1,3}(\.[0-9]{3}){2,}"
)
_POINT = re.compile(
    r"[0-9]{1,3}(,[0-9]{2,3})+\.[0-9]*|[0-9]*\.([0-9]{1,2}|[0-9]{4,})|[0-9]{4,}\.[0-9]+|0\.[0-9]+|"
    r"[0-9]{1,3}(,[0-9]{2,3})*(,[0-9]{3}){2}|[0-9]{1,2},[0-9]{2},[0-9]{3}"
)
_PLAIN_POINT = r"[+-]?([0-9]*\.([0-9]{1,2}|[0-9]{4,})|[0-9]{4,}\.[0-9]+|0\.[0-9]+)"
_AROUND = re.compile(
    r"(?P<before>[^0-9+\-]*)(?P<sign>[+-]?)\s*(?P<digits>[0-9][0-9.,]*|[.,][0-9]+)(?P<after>[^0-9]*)"
)
SIGNS = ("$", "¥", "￥", "kr", "kr.")
"""Of several currencies: they are read over and tell none."""
LONGEST = 100
"""A longer text is no number."""
_SPACES = re.compile(r"(?<=[0-9])[\s'’`´_](?=[0-9]{3})")
_NONE: Number = (None, None, None, None)


def plain(text: str) -> str:
    """A text with digits of every script as 0 to 9, and no space or apostrophe between groups of them.

    >>> plain("１２ ３４５"), plain("٣٫٥"), plain("1 234,50 kg")
    ('12345', '3.5', '1234,50 kg')
    """
    text = unicodedata.normalize("NFKC", text).replace("٫", ".").replace("٬", ",").replace("−", "-")
    if not text.isascii():
        text = "".join(str(unicodedata.digit(c, "")) or c if c.isdigit() else c for c in text)
    return _SPACES.sub("", text).strip()


def _digits(text: str) -> str:
    found = _AROUND.fullmatch(plain(text[:LONGEST]))
    return found["digits"] if found else ""


def told(texts: Iterator[str]) -> Style:
    """How a column writes decimals, by texts in which a comma or point can only be one thing.

    >>> told(iter(["1.234", "12,50"])), told(iter(["1,234", "1,234.5"])), told(iter(["1,234"]))
    ('comma', 'point', 'unknown')
    """
    seen: set[Style] = set()
    for text in texts:
        digits = _digits(text)
        if _COMMA.fullmatch(digits):
            seen.add("comma")
        elif _POINT.fullmatch(digits):
            seen.add("point")
        if len(seen) > 1:
            return "mixed"
    return seen.pop() if seen else "unknown"


def value(digits: str, style: Style) -> float | None:
    """The number that digits with commas and points mean.

    >>> value("1.234,5", "unknown"), value("1,234", "comma"), value("1,234", "unknown")
    (1234.5, 1.234, 1234.0)
    >>> value("1,23,456.78", "point"), value("1.2.3", "unknown")
    (123456.78, None)
    """
    comma = style == "comma" or (style != "point" and bool(_COMMA.fullmatch(digits)))
    group, decimal = (".", ",") if comma else (",", ".")
    whole, _, rest = digits.partition(decimal)
    groups = whole.split(group)
    last = len(groups) == 1 or len(groups[-1]) == 3
    inner = all(len(part) in (2, 3) for part in groups[1:-1]) and len(groups[0]) <= 3
    if (len(groups) > 1 and not (last and inner and groups[0])) or (rest and not rest.isdigit()):
        return None
    text = f"{''.join(groups) or '0'}.{rest or '0'}"
    return float(text) if len(text) < 300 else None


def read(text: str, style: Style = "unknown") -> Number:
    """The number, and of what is glued to it the base unit, its factor, and the currency; it may be either.

    >>> read("12 KGS"), read("USD 1,234.50"), read("(5)")
    ((12.0, 'kg', 1.0, 'KGS'), (1234.5, None, None, 'USD'), (-5.0, None, None, None))
    >>> read("ten"), read("12 parrots"), read("5,5 кг", "comma")
    ((None, None, None, None), (None, None, None, None), (5.5, 'kg', 1.0, None))
    """
    if len(text) > LONGEST:
        return _NONE
    bare = plain(text)
    negative = bare.startswith("(") and bare.endswith(")")
    found = _AROUND.fullmatch(bare[1:-1] if negative else bare)
    if not found:
        return _NONE
    number = value(found["digits"].rstrip(",."), style)
    if number is None:
        return _NONE
    sign = -1.0 if negative or found["sign"] == "-" else 1.0
    unit, factor, currency = None, None, None
    for glued in (found["before"].strip(" :="), found["after"].strip(" :=-/,.")):
        if not glued or glued in SIGNS:
            continue
        named, known = vocabulary.currency(glued)[0], vocabulary.unit(glued)
        if named is None and known[0] is None:
            return _NONE
        currency = currency or named
        unit, factor = known if known[0] else (unit, factor)
    return sign * number + 0.0, unit, factor, currency


@dataclass(frozen=True)
class Odd:
    """How numbers of a file are read: style of each column, and which have a table of odd texts."""

    styles: Mapping[str, Style] = field(default_factory=dict)
    tabled: frozenset[str] = frozenset()

    def nothing(self, column: str, *, number: bool = True) -> tuple[list[str], list[str], dict[str, str]]:
        """A column that the file does not have."""
        gives = {f"{column}__{name}": SQL[str(kind)] for name, kind in GIVES.items()}
        return [], [], {name: kind for name, kind in gives.items() if number or not name.endswith("__number")}

    def read(self, column: str, text: str) -> tuple[list[str], list[str], dict[str, str]]:
        """SQL of the readings, joins, and the types of readings that are null."""
        direct = f"{_macro(self.styles[column])}({text})"
        if column not in self.tabled:
            return [f"{direct} AS {column}__number"], [], self.nothing(column, number=False)[2]
        shown = [f"coalesce({direct}, q_{column}.number) AS {column}__number"]
        shown += [f"q_{column}.{name} AS {column}__{name}" for name in GIVES if name != "number"]
        return shown, [f"LEFT JOIN v_{column} q_{column} ON q_{column}.text = {text}"], {}


def _macro(style: Style) -> str:
    return "comma_number" if style == "comma" else "number"


def prepare(stage: Stage, columns: Mapping[str, str]) -> Odd:
    """Tell the style of each column (SQL of its text over `r`) and read the texts that SQL cannot."""
    odd = {
        c: f"SELECT DISTINCT {sql} AS text FROM raw r WHERE TRY_CAST({sql} AS DOUBLE) IS NULL "
        f"AND {sql} IS NOT NULL"
        for c, sql in columns.items()
    }
    there = {c: query for c, query in odd.items() if stage.rows(f"{query} LIMIT 1")}
    styles: dict[str, Style] = dict.fromkeys(columns, "unknown")
    styles |= _styles(stage, columns, there)
    tabled = {c for c, query in there.items() if _read_odd(stage, c, query, styles[c])}
    return Odd(styles, frozenset(tabled))


def _styles(stage: Stage, columns: Mapping[str, str], there: Mapping[str, str]) -> dict[str, Style]:
    styles: dict[str, Style] = {}
    for column, query in there.items():
        styles[column] = told(_texts(stage, query))
        if styles[column] == "comma" and _has_points(stage, columns[column]):
            styles[column] = "mixed"
    if set(styles.values()) - {"unknown"} == {"comma"}:
        others = [sql for c, sql in columns.items() if c not in there]
        if not any(_has_points(stage, sql) for sql in others):
            return dict.fromkeys(styles, "comma")
    return styles


def _has_points(stage: Stage, sql: str) -> bool:
    """Whether some plain text has a decimal point."""
    return bool(stage.rows(f"SELECT 1 FROM raw r WHERE regexp_full_match({sql}, '{_PLAIN_POINT}') LIMIT 1"))


def _texts(stage: Stage, query: str) -> Iterator[str]:
    for batch in stage.stream(query):
        yield from batch.column(0).to_pylist()


def _read_odd(stage: Stage, column: str, query: str, style: Style) -> Sequence[object]:
    left = f"SELECT text FROM ({query}) WHERE {_macro(style)}(text) IS NULL"
    if not stage.rows(f"{left} LIMIT 1"):
        return []
    stage.translate(f"v_{column}", left, lambda text: read(text, style), pa.schema(list(GIVES.items())))
    return stage.rows(f"SELECT 1 FROM v_{column} WHERE number IS NOT NULL LIMIT 1")

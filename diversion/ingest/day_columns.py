"""How a column writes its days: their order, numbers of workbooks, and year, month and day set apart."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa

from diversion.ingest import calendars
from diversion.ingest.asked import Asked, Reader
from diversion.ingest.days import Evidence, Interval, Order, day, month_of, reader
from diversion.ingest.months import month

GIVES = {"first": pa.date32(), "last": pa.date32()}
EXPECTED = timedelta(366)
"""Goods under way may arrive so long after the day of ingest."""

_SLASHED = "^[0-9]{1,2} ?[-/] ?[0-9]{1,2} ?[-/]"
_DAYLIKE = "[0-9]{1,4} ?[-/.年] ?[0-9]{1,2}|[0-9][ -][A-Za-z]{3}|^[0-9]{8}$"
_TWO_DAYS = r"^(0?[1-9]|1[0-2])\s?[-/]\s?(0?[1-9]|1[0-2])\s?[-/]\s?[0-9]{2}"
_SHAPED = (
    "^((19|20)[0-9]{2} ?[-/.] ?[0-9]{1,2} ?[-/.] ?[0-9]{1,2}"
    "|[0-9]{1,2} ?[-/.] ?[0-9]{1,2} ?[-/.] ?(19|20)[0-9]{2})([^0-9]|$)"
)
_SERIAL = r"^[2-5][0-9]{4}([.,][0-9]+)?$"
_LIKELY = "32874 AND 54788"
"""Serial numbers of the days from 1990 to 2049."""
_FEW = 0.1
"""Share of texts up to which a column may hold what is no day and still be one of serial numbers."""


UNSURE = "not a day that can be told: the day or the month may come first"
"""How the reason begins why a text that could be two days is none."""


def two_days(text: str) -> str:
    """SQL: whether a text is three numbers of which the first two may each be the month."""
    return f"regexp_matches({text}, '{_TWO_DAYS}')"


def unsure(column: str) -> str:
    """Why such a text is no day, and what a person can do."""
    return (
        f"{UNSURE}, and the column does not tell which; state it in the mapping (--mapping FILE): "
        f'{column} = {{ order = "day first" }}'
    )


def no_such_day(text: str) -> str:
    """SQL: whether a text has the shape of a day with its year in full, and is none in whatever order."""
    part = f"replace(replace(replace(regexp_extract({text}, '{_SHAPED}', 1), '/', '-'), '.', '-'), ' ', '')"
    formats = "['%Y-%m-%d', '%d-%m-%Y', '%m-%d-%Y']"
    return f"{part} <> '' AND try_strptime({part}, {formats}) IS NULL"


def make(asked: Asked) -> Reader:
    """The reader of a column of days, of whatever calendar; an order that a person stated is that of all."""
    stated = asked.how.orders.get(asked.column)
    serials = _has_serials(asked)
    if stated:
        return reader(stated, serials=serials, strict=True)
    ours = reader(_order(asked), serials=serials)
    era = calendars.told(asked.texts("[0-9۰-۹٠-٩]", asked.column))
    return calendars.reader(era, ours) if era else ours


def _has_serials(asked: Asked) -> bool:
    """Whether the five-digit numbers of a column are days.

    They are where nearly every text is such a number or a day, or most are numbers of likely days.
    """
    query = asked.queries[asked.column]
    ((serials, likely, others, whole),) = asked.stage.rows(
        "SELECT count(*) FILTER (serial), "
        f"count(*) FILTER (serial AND TRY_CAST(left(text, 5) AS INT) BETWEEN {_LIKELY}), "
        f"count(*) FILTER (NOT serial AND NOT regexp_matches(text, '{_DAYLIKE}')), count(*) FROM "
        f"(SELECT text, regexp_matches(text, '{_SERIAL}') AS serial FROM ({query}))"
    )
    return bool(serials) and (others <= _FEW * whole or (likely == serials and likely > others))


def _order(asked: Asked) -> Order:
    """The order of a column: as it tells itself, else as the other days of the file do or a person says.

    Where none tells, an order that lets some goods arrive before they left, while the other does not, is
    none.
    """
    own = _evidence(asked, asked.column)
    if own.contradicts or own.order != "unknown":
        return "unknown" if own.contradicts else own.order
    others: set[Order] = set(asked.how.orders.values())
    if not others:
        others = {_evidence(asked, column).order for column in asked.queries if column != asked.column}
    told = others - {"unknown"}
    if told:
        return told.pop() if len(told) == 1 else "unknown"
    return _by_arrival(asked)


def _evidence(asked: Asked, column: str) -> Evidence:
    today = asked.how.today
    evidence = Evidence(today + EXPECTED if column == "arrived_on" else today)
    for text in asked.texts(_SLASHED, column):
        evidence.see(text)
    return evidence


def _by_arrival(asked: Asked) -> Order:
    if not {"departed_on", "arrived_on"} <= asked.queries.keys():
        return "unknown"
    able: set[Order] = {"day first", "month first"}
    left, came = f"regexp_matches(departed_on, '{_SLASHED}')", f"regexp_matches(arrived_on, '{_SLASHED}')"
    for batch in asked.stage.stream(
        f"SELECT DISTINCT departed_on, arrived_on FROM raw WHERE {left} AND {came}"
    ):
        for departed, arrived in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            able -= {which for which in able if _backwards(reader(which)(departed), reader(which)(arrived))}
    return able.pop() if len(able) == 1 else "unknown"


def _backwards(departed: Interval, arrived: Interval) -> bool:
    return bool(departed[0] and arrived[1] and arrived[1] < departed[0])


def composed(text: str) -> Interval:
    """The day, or all days, that `year|month|day` leaves; a part may hold more than its name says.

    >>> composed("2023|4|5")[0], composed("2023|abril|")[1], composed("|Apr-23|")[0]
    (datetime.date(2023, 4, 5), datetime.date(2023, 4, 30), datetime.date(2023, 4, 1))
    """
    year, named, number = (calendars.digits(part.strip()).removesuffix(".0") for part in text.split("|"))
    if year.isdigit() and calendars.FIRST <= int(year) <= calendars.LAST:
        return _solar(int(year), named, number)
    if year.isdigit() and 2500 <= int(year) < 2600:
        year = str(int(year) - 543)
    if not (year.isdigit() and len(year) == 4):
        for part in (number, named, year):
            if part and (found := day(part))[0]:
                return found
        return None, None
    count = int(named) if named.isdigit() and len(named) < 3 else month(named) if named else None
    if count is None:
        found = day(named) if named else day(year)
        return found if found[0] and found[0].year == int(year) else day(year)
    if number.isdigit() and len(number) < 3:
        return day(f"{year}-{count}-{number}")
    return month_of(int(year), count)


def _solar(year: int, named: str, number: str) -> Interval:
    """Parts of a day of Iran."""
    count = calendars.solar_month(named)
    if count and number.isdigit() and len(number) < 3:
        found = calendars.jalali(year, count, int(number))
        return found, found
    return calendars.jalali_span(year, count)

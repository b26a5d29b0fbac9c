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
_SERIAL = r"^[2-5][0-9]{4}([.,][0-9]+)?$"
_FEW = 0.1
"""Share of texts up to which a column may hold what is no day and still be one of serial numbers."""


def make(asked: Asked) -> Reader:
    """The reader of a column of days, of whatever calendar."""
    ours = reader(_order(asked), serials=_has_serials(asked))
    era = calendars.told(asked.texts("[0-9۰-۹٠-٩]", asked.column))
    return calendars.reader(era, ours) if era else ours


def _has_serials(asked: Asked) -> bool:
    """Whether the five-digit numbers of a column are days: nearly every text is such a number or a day."""
    query = asked.queries[asked.column]
    ((serials, others, whole),) = asked.stage.rows(
        f"SELECT count(*) FILTER (serial), count(*) FILTER (NOT serial AND NOT regexp_matches(text, "
        f"'{_DAYLIKE}')), count(*) FROM (SELECT text, regexp_matches(text, '{_SERIAL}') AS serial FROM "
        f"({query}))"
    )
    return bool(serials) and others <= _FEW * whole


def _order(asked: Asked) -> Order:
    """The order of a column: as it tells itself, else as the other days of the file do.

    Where none tells, an order that lets some goods arrive before they left, while the other does not, is
    none.
    """
    own = _evidence(asked, asked.column)
    if own.contradicts or own.order != "unknown":
        return "unknown" if own.contradicts else own.order
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

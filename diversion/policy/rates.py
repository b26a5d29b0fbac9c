"""Dollars for one unit of a currency, by the period for which a rate holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from diversion.errors import PolicyError
from diversion.ids import digest


@dataclass(frozen=True)
class Rate:
    """Dollars for one unit of `currency` on days `[from_day, until_day)`; `exact` if not of a whole year."""

    currency: str
    from_day: date
    until_day: date
    usd: float
    exact: bool
    source: str
    status: str


@dataclass(frozen=True)
class Rates:
    """The rates of a policy; for a currency and a day an exact one counts before that of the year."""

    rates: tuple[Rate, ...] = ()

    def __iter__(self) -> Iterator[Rate]:
        return iter(self.rates)

    @cached_property
    def key(self) -> str:
        """A digest of all rates: what is converted by others is another reading of a file."""
        return digest(*(str(rate) for rate in self.rates))

    def on(self, currency: str, day: date) -> Rate | None:
        """The rate of a day; None where there is none.

        >>> from diversion.policy.policy import load
        >>> load().rates.on("AED", date(2023, 4, 5)).usd, load().rates.on("AED", date(1999, 1, 1))
        (0.2723, None)
        """
        able = [r for r in self.rates if r.currency == currency and r.from_day <= day < r.until_day]
        return max(able, key=lambda rate: (rate.exact, rate.from_day), default=None)


def rates(blocks: Mapping[str, Mapping[str, Any]]) -> Rates:
    """The rates of the `rates` of packs. Raises `PolicyError` where one of a year is no positive number."""
    return Rates(tuple(rate for name, row in blocks.items() for rate in _block(name, row)))


def _block(name: str, row: Mapping[str, Any]) -> Iterator[Rate]:
    told = row["source"], row["status"]
    for value in row.get("values", ()):
        yield Rate(name, value["from"], value["until"], float(value["usd"]), True, *told)
    for year, usd in row.get("years", {}).items():
        number = isinstance(usd, int | float) and not isinstance(usd, bool)
        if not (str(year).isdigit() and 1900 < int(year) < 2200 and number and 0 < usd < 1e6):
            raise PolicyError(
                f"years: {year} = {usd!r} is no rate of a year",
                where=f"rates {name}",
                hint="write a year and the dollars for one unit: 2023 = 1.08",
            )
        yield Rate(name, date(int(year), 1, 1), date(int(year) + 1, 1, 1), float(usd), False, *told)

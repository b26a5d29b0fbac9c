"""What a reader of cells may ask of the file before it reads the first of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diversion.ingest.days import Order
from diversion.ingest.stage import Stage
from diversion.policy.rates import Rates

Reader = Callable[[str], tuple[Any, ...]]


@dataclass(frozen=True)
class Reading:
    """How one file is read: the columns it has, the day of ingest, and the day it was received if stated.

    A table is `foreign` where its columns are not of canonical names: what customs write is then kept where
    a file made for this tool would be told of a fault. `rates` convert values into US dollars. `orders` are
    stated by a person: canonical column of days → which part comes first (`days.ORDERS`). `dated` are sheets
    whose records bear a number of another name than the tool's, which comes again in another year.
    """

    there: frozenset[str]
    today: date
    known_on: date | None = None
    foreign: bool = False
    rates: Rates | None = None
    orders: Mapping[str, Order] = field(default_factory=dict)
    dated: tuple[int, ...] = ()


@dataclass(frozen=True)
class Asked:
    """The columns that one reader is made for: `queries` gives the distinct texts of each as SQL."""

    stage: Stage
    column: str
    queries: Mapping[str, str]
    how: Reading

    def texts(self, pattern: str, column: str | None = None) -> Iterator[str]:
        """Distinct texts in which the regular expression is found, of a column or of all of them."""
        for name, query in self.queries.items():
            if column in (None, name):
                sql = f"SELECT text FROM ({query}) WHERE regexp_matches(text, '{pattern}')"
                for batch in self.stage.stream(sql):
                    yield from batch.column(0).to_pylist()


def quoted(name: str) -> str:
    """A column as an SQL identifier."""
    return f'"{name}"'

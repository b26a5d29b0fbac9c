"""How a kind of file becomes tables: what its cells mean, what is a fault, and what makes two rows one.

A recipe is data in SQL over the staging database. Its rows pass through three tables: `raw` (text, one row a
data row), `parsed` (values, and `fault`: 0 where the row stands) and `faults` (why a row does not). The first
two are views of `RAW` and `PARSED`, which have only the columns that a file fills: the others cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from diversion.ingest import countries, day_columns, days
from diversion.ingest.asked import Asked, Reader, Reading, quoted
from diversion.ingest.stage import Stage

CONFLICT, MERGED = -1, -2
"""Values of `fault`: the key stands already with other content; the row is joined into another."""

__all__ = ["Reading", "quoted"]

RAW, PARSED = "given", "understood"
"""The tables under the views `raw` and `parsed`."""

ROW, SHEET, PART = "(n & 4294967295)", "((n >> 32) & 65535)", "(n >> 48)"
"""SQL of what stands in `n`: the row as a person sees it, the sheet, and the part of a record."""


@dataclass(frozen=True)
class Check:
    """A fault: the column, an SQL condition over texts (`t_x`), readings and values (`v_x`), the reason."""

    column: str
    when: str
    reason: str


@dataclass(frozen=True)
class Lookup:
    """Columns read by one vocabulary: readings of column `x` are `x__first`, …

    With `text` the one column is made: SQL over `r`, the row as read, where the file has one of `of`. `make`
    makes the reader of what stands in the file; where its columns are read `apart`, one for each.
    """

    columns: tuple[str, ...]
    read: Reader | None
    gives: Mapping[str, pa.DataType]
    text: str = ""
    make: Callable[[Asked], Reader] | None = None
    apart: bool = False
    of: tuple[str, ...] = ()

    def table(self, column: str) -> str:
        """The staging table that holds the readings of a column."""
        return f"v_{column if self.apart else self.columns[0]}"

    def used(self, there: frozenset[str]) -> list[str]:
        """Its columns of which the file has something to read."""
        if self.text:
            return list(self.columns) if not self.of or there.intersection(self.of) else []
        return [column for column in self.columns if column in there]


@dataclass(frozen=True)
class Recipe:
    """All about a kind of file.

    Parameters
    ----------
    columns : of the file, canonical.
    principal : the table of which the file holds one record a row, or several tables where a row makes
        records of one of them or more.
    parsed : column → SQL over texts (`t_x`) and readings (`x__code`); `known_on` is added.
    content : parsed columns that make `digest`: rows that agree in them say the same.
    derived : parsed columns that need `digest` too, as SQL over parsed columns.
    key : SQL of the key over parsed columns and `digest`.
    numbers : column → SQL over `r` of the text to be read as a number; its reading is `x__number`, and
        `x__unit`, `x__factor`, `x__currency` of what is glued to it.
    checks : faults, the first of which counts.
    lenient : faults instead of `checks` in a table that is not of canonical names, from the columns it has.
    prepare : what is to be at hand before the rows are parsed.
    conflict : column and reason where a key stands twice with other content.
    tables : makes further staging tables, gives table of the graph → query.
    snapshot : whether a file holds a list whole, so that what it lacks is gone.
    settled : what is done once each row is judged by itself; None means that rows of one key are one.
    needs : tables of the store that it reads as `store_…`, from the columns that the file has.
    resolve : works on parsed rows before rows of one key are settled.
    remarks : what a person should know of the parsed rows.
    published : the day of a snapshot that holds parsed rows, from the day stated and the day of ingest, with
        a note where it was told by the rows themselves.
    """

    columns: tuple[str, ...]
    principal: str | tuple[str, ...]
    parsed: Mapping[str, str]
    content: tuple[str, ...]
    key: str
    checks: tuple[Check, ...]
    conflict: Check
    tables: Callable[[Stage], dict[str, str]]
    lookups: tuple[Lookup, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    number_twins: bool = False
    snapshot: bool = False
    settled: Callable[[Stage], None] | None = None
    needs: Callable[[frozenset[str]], tuple[str, ...]] = lambda there: ()
    resolve: Callable[[Stage], None] = lambda stage: None
    lenient: Callable[[frozenset[str]], tuple[Check, ...]] | None = None
    prepare: Callable[[Stage, Reading], None] = lambda stage, how: None
    remarks: Callable[[Stage], list[str]] = lambda stage: []
    published: Callable[[Stage, date | None, date], tuple[date | None, str]] = lambda stage, known, today: (
        known,
        "",
    )


def day_lookup(*columns: str) -> Lookup:
    """Columns that hold days; the order of day and month is told by all of them together."""
    return Lookup(columns, None, day_columns.GIVES, make=day_columns.make, apart=True)


def country_lookup(*columns: str) -> Lookup:
    """Columns that hold countries."""
    return Lookup(columns, None, {"code": pa.string()}, make=countries.make)


def day_checks(*columns: str, also: str = "TRUE") -> tuple[Check, ...]:
    """A text that is no day, or could be two; a fault where `also` holds."""
    none = [(c, f"t_{c} IS NOT NULL AND {c}__first IS NULL AND {also}") for c in columns]
    two = [
        Check(c, f"{day_columns.two_days(f't_{c}')} AND {when}", day_columns.unsure(c)) for c, when in none
    ]
    never = [
        Check(c, f"{day_columns.no_such_day(f't_{c}')} AND {when}", days.NO_SUCH_DAY) for c, when in none
    ]
    return (*two, *never, *(Check(c, when, days.UNKNOWN) for c, when in none))


def country_checks(*columns: str) -> tuple[Check, ...]:
    """A text that is no country."""
    why = "no such country: write its ISO 3166-1 code"
    return tuple(Check(c, f"t_{c} IS NOT NULL AND {c}__code IS NULL", why) for c in columns)


def number_checks(*columns: str) -> tuple[Check, ...]:
    """A text that is no number, or a negative one."""
    return tuple(
        check
        for c in columns
        for check in (
            Check(c, f"isinf(TRY_CAST(t_{c} AS DOUBLE))", "too large for a number"),
            Check(c, f"t_{c} IS NOT NULL AND {c}__number IS NULL", "not a number"),
            Check(c, f"{c}__number < 0", "negative"),
        )
    )

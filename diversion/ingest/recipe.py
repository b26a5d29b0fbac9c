"""How a kind of file becomes tables: what its cells mean, what is a fault, and what makes two rows one.

A recipe is data in SQL over the staging database. Its rows pass through three tables: `raw` (text, one row a
data row), `parsed` (values, and `fault`: 0 where the row stands) and `faults` (why a row does not).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from diversion.ingest import days, vocabulary
from diversion.ingest.stage import SQL, Stage, texts

CONFLICT, MERGED = -1, -2
"""Values of `fault`: the key stands already with other content; the row is joined into another."""

ROW = "(n & 4294967295)"
"""SQL: the row as a person sees it; the sheet stands in the upper half of `n`."""


@dataclass(frozen=True)
class Check:
    """A fault: the column, an SQL condition over texts (`t_x`), readings and values (`v_x`), the reason."""

    column: str
    when: str
    reason: str


@dataclass(frozen=True)
class Lookup:
    """Columns read by one vocabulary, None for days: readings of column `x` are `x__first`, …

    With `text` the one column is made: SQL over `r`, the row as read.
    """

    columns: tuple[str, ...]
    read: Callable[[str], tuple[Any, ...]] | None
    gives: Mapping[str, pa.DataType]
    text: str = ""


@dataclass(frozen=True)
class Recipe:
    """All about a kind of file.

    Parameters
    ----------
    columns : of the file, canonical.
    principal : the table of which the file holds one record a row.
    parsed : column → SQL over texts (`t_x`) and readings (`x__code`); `known_on` is added.
    content : parsed columns that make `digest`: rows that agree in them say the same.
    derived : parsed columns that need `digest` too, as SQL over parsed columns.
    key : SQL of the key over parsed columns and `digest`.
    numbers : column → SQL over `r` of the text to be read as a number; its reading is `x__number`.
    checks : faults, the first of which counts.
    conflict : column and reason where a key stands twice with other content.
    tables : makes further staging tables, gives table of the graph → query.
    needs : tables of the store, and their columns, that stand in the stage as `stored_…`.
    settled : joins rows that stand for one record although their keys differ, once `parsed` is made.
    remarks : what a person should know of the parsed rows.
    published : the day of a snapshot that holds parsed rows, from the day stated and the day of ingest, with
        a note where it was told by the rows themselves.
    """

    columns: tuple[str, ...]
    principal: str
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
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settled: Callable[[Stage], None] = lambda stage: None
    remarks: Callable[[Stage], list[str]] = lambda stage: []
    published: Callable[[Stage, date | None, date], tuple[date | None, str]] = lambda stage, known, today: (
        known,
        "",
    )


def day_lookup(*columns: str) -> Lookup:
    """Columns that hold days; the order of day and month is told by all of them together."""
    return Lookup(columns, None, {"first": pa.date32(), "last": pa.date32()})


def country_lookup(*columns: str) -> Lookup:
    """Columns that hold countries."""
    return Lookup(columns, vocabulary.country, {"code": pa.string()})


def day_checks(*columns: str) -> tuple[Check, ...]:
    """A text that is no day."""
    why = "not a day that can be told: write it as YYYY-MM-DD"
    return tuple(Check(c, f"t_{c} IS NOT NULL AND {c}__first IS NULL", why) for c in columns)


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
            Check(c, f"t_{c} IS NOT NULL AND {c}__number IS NULL", "not a number"),
            Check(c, f"{c}__number < 0", "negative"),
        )
    )


def quoted(name: str) -> str:
    """A column as an SQL identifier."""
    return f'"{name}"'


@dataclass(frozen=True)
class Reading:
    """How one file is read: the columns it has, the day of ingest, and the day it was received if stated."""

    there: frozenset[str]
    today: date
    known_on: date | None = None


def parse(stage: Stage, recipe: Recipe, how: Reading) -> None:
    """Make `parsed` and `faults` of `raw`."""
    there = how.there
    for lookup in recipe.lookups:
        _vocabulary(stage, lookup, there)
    checks = [Check("", "row_fault IS NOT NULL", "")]
    if "known_on" in recipe.columns:
        checks += day_checks("known_on")
        checks += [Check("known_on", "v_known_on > $today", "later than the day of ingest")]
    checks += recipe.checks
    sql = _parsed_sql(recipe, checks, how, _read_sql(recipe, there))
    stage.run("CREATE TABLE parsed AS " + sql.replace("$today", f"DATE '{how.today}'"))
    stage.run('CREATE TABLE faults(n BIGINT, "column" VARCHAR, reason VARCHAR, value VARCHAR)')
    _note_faults(stage, checks, there)
    settle(stage, recipe)
    recipe.settled(stage)


def _vocabulary(stage: Stage, lookup: Lookup, there: frozenset[str]) -> None:
    name, asked = f"v_{lookup.columns[0]}", texts("raw", there.intersection(lookup.columns))
    if lookup.text:
        asked = f"SELECT DISTINCT text FROM (SELECT {lookup.text} AS text FROM raw r) WHERE text IS NOT NULL"
    read = lookup.read
    if read is None:
        slashed = (
            f"SELECT text FROM ({asked}) WHERE regexp_matches(text, '^[0-9]{{1,2}}[-/][0-9]{{1,2}}[-/]')"
        )
        seen = (text for batch in stage.stream(slashed) for text in batch.column(0).to_pylist())
        read = days.reader(days.order(seen))
    stage.translate(name, asked, read, pa.schema(list(lookup.gives.items())))


def _read_sql(recipe: Recipe, there: frozenset[str]) -> str:
    """Every text beside its readings; what the file does not have is null and costs no join."""
    joins = []
    shown = [f"{f'r.{quoted(c)}' if c in there else 'NULL::VARCHAR'} AS t_{c}" for c in recipe.columns]
    for c, text in recipe.numbers.items():
        shown.append(f"{f'number({text})' if c in there else 'NULL::DOUBLE'} AS {c}__number")
    for lookup in recipe.lookups:
        for column in lookup.columns:
            used = bool(lookup.text) or column in there
            if used:
                text = lookup.text or f"r.{quoted(column)}"
                joins.append(f"LEFT JOIN v_{lookup.columns[0]} l_{column} ON l_{column}.text = {text}")
            for gives, kind in lookup.gives.items():
                absent = f"NULL::{SQL[str(kind)]}"
                shown.append(f"{f'l_{column}.{gives}' if used else absent} AS {column}__{gives}")
    return f"SELECT r.n, r.row_fault, {', '.join(shown)} FROM raw r {' '.join(joins)}"


def _said(column: str, sql: str) -> str:
    """SQL of a column as part of what a row says; a free text cannot pass for two columns."""
    text = f"replace(v_{column}, chr(31), chr(31) || chr(31))" if sql.startswith("t_") else f"v_{column}"
    return f"'{column}=' || {text}::VARCHAR"


def _parsed_sql(recipe: Recipe, checks: list[Check], how: Reading, read: str) -> str:
    received = f"DATE '{how.known_on}'" if how.known_on else "NULL::DATE"
    if "known_on" in recipe.columns:
        received = f"coalesce(known_on__first, {received})"
    values = {**recipe.parsed, "known_on": received}
    valued = ", ".join(f"{sql} AS v_{c}" for c, sql in values.items())
    kept = ", ".join(f"v_{c} AS {quoted(c)}" for c in values)
    plain = (f"t_{c}" for c in recipe.columns if c not in how.there)
    absent = {*plain, *(f"{c}__code" for c in recipe.columns if c not in how.there)}
    said = ", ".join(
        _said(column, sql) for column in recipe.content if (sql := recipe.parsed[column]) not in absent
    )
    whens = " ".join(f"WHEN {check.when} THEN {no}" for no, check in enumerate(checks, 1))
    derived = ", ".join(f"{sql} AS {quoted(c)}" for c, sql in recipe.derived.items())
    return (
        f"SELECT *, {recipe.key} AS id FROM (SELECT * {f'REPLACE ({derived})' if derived else ''} FROM ("
        f"SELECT n, {kept}, digest(concat_ws(chr(31), {said})) AS digest, "
        f"CASE {whens} ELSE 0 END AS fault FROM ("
        f"SELECT *, {valued} FROM ({read}))))"
    )


def _note_faults(stage: Stage, checks: list[Check], there: frozenset[str]) -> None:
    """Why each faulty row does not stand."""
    told = [{"no": no, "column": check.column, "reason": check.reason} for no, check in enumerate(checks, 1)]
    stage.keep("checks", pa.Table.from_pylist(told))
    values = " ".join(
        f"WHEN {no} THEN r.{quoted(check.column)}"
        for no, check in enumerate(checks, 1)
        if check.column in there
    )
    stage.run(
        "INSERT INTO faults SELECT p.n, c.\"column\", coalesce(nullif(c.reason, ''), r.row_fault), "
        f"left(CASE p.fault WHEN 1 THEN r.row_text {values} END, 200) "
        "FROM parsed p JOIN checks c ON c.no = p.fault JOIN raw r ON r.n = p.n WHERE p.fault > 0"
    )


def settle(stage: Stage, recipe: Recipe) -> None:
    """One row a key: rows that say the same are merged, others are faults, but for one that is kept.

    That is the one received last, of these the one with the lowest digest: not the order of rows decides.
    """
    if recipe.number_twins:
        _number_equal_goods(stage)
        _number_twins(stage)
    stage.run("CREATE TABLE twice AS SELECT id FROM parsed WHERE fault = 0 GROUP BY id HAVING count(*) > 1")
    stage.run(
        "CREATE TABLE ranked AS SELECT n, digest, first_value(digest) OVER best AS kept, "
        f"first_value({ROW}) OVER best AS keeper, row_number() OVER best AS place, "
        "min(known_on) OVER (PARTITION BY id, digest) AS earliest FROM parsed SEMI JOIN twice USING (id) "
        "WHERE fault = 0 WINDOW best AS (PARTITION BY id ORDER BY known_on DESC NULLS LAST, digest, n)"
    )
    stage.run(
        "INSERT INTO faults SELECT n, ?, ? || keeper || ', with other content', NULL FROM ranked "
        "WHERE digest <> kept",
        [recipe.conflict.column, recipe.conflict.reason],
    )
    stage.run(
        f"UPDATE parsed SET fault = CASE WHEN digest <> kept THEN {CONFLICT} WHEN place > 1 THEN {MERGED} "
        "ELSE 0 END, known_on = earliest FROM (SELECT n AS m, kept, place, earliest FROM ranked) WHERE n = m"
    )


def _number_equal_goods(stage: Stage) -> None:
    """Lines without a number, of equal goods and other content, are several: their content numbers them."""
    stage.run(
        "UPDATE parsed SET line = line || '.' || place, id = id || '.' || place FROM (SELECT n AS m, "
        "dense_rank() OVER (PARTITION BY id ORDER BY digest) AS place FROM parsed SEMI JOIN (SELECT id "
        "FROM parsed WHERE fault = 0 AND unlined GROUP BY id HAVING min(digest) <> max(digest)) USING (id) "
        "WHERE fault = 0 AND unlined) WHERE n = m AND place > 1"
    )


def _number_twins(stage: Stage) -> None:
    """Shipments without an id that say the same are several: they are numbered."""
    stage.run(
        "UPDATE parsed SET line = said, id = shipment_id || '/' || said FROM (SELECT m, place, "
        "CASE line WHEN '1' THEN '' ELSE line || '.' END || place AS said FROM (SELECT n AS m, line, "
        "row_number() OVER (PARTITION BY id ORDER BY n) AS place FROM parsed WHERE fault = 0 AND numbered)) "
        "WHERE n = m AND place > 1"
    )

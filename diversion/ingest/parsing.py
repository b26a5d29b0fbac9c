"""From the text of a row to its values: `parsed` and `faults` of a recipe."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain

import pyarrow as pa

from diversion.ingest import numbers
from diversion.ingest.asked import Asked, Reading
from diversion.ingest.columns import ROLES
from diversion.ingest.recipe import PARSED, RAW, SHEET, Check, Lookup, Recipe, day_checks, quoted
from diversion.ingest.settle import settle
from diversion.ingest.stage import SQL, Stage, texts

_TEXT = SQL["string"]
_NAMES = (*ROLES, "name", "owner")
"""Columns whose text becomes the name of a party, unless it is nested data."""
_NESTED = r"""'^[\[{]\s*([\[{\]}]|"[^"]*"\s*[:,\]]|''[^'']*''\s*[:,\]])'"""


def make_raw(stage: Stage, recipe: Recipe, there: Sequence[str]) -> None:
    """Make the table of rows as text, empty, with the columns that the file has; `raw` shows them all."""
    columns = ", ".join(f"{quoted(c)} {_TEXT}" for c in there)
    fixed = "n BIGINT, row_fault VARCHAR, row_text VARCHAR, total BOOLEAN"
    stage.run(f"CREATE TABLE {RAW}({', '.join(part for part in (fixed, columns) if part)})")
    _show(stage, "raw", RAW, {c: _TEXT for c in recipe.columns if c not in there})


def _show(stage: Stage, view: str, table: str, absent: Mapping[str, str]) -> None:
    empty = "".join(f", NULL::{kind} AS {quoted(c)}" for c, kind in absent.items())
    stage.run(f"CREATE VIEW {view} AS SELECT *{empty} FROM {table}")


def parse(stage: Stage, recipe: Recipe, how: Reading) -> None:
    """Make `parsed` and `faults` of `raw`."""
    there = how.there
    recipe.prepare(stage, how)
    for lookup in recipe.lookups:
        _vocabularies(stage, lookup, how)
    odd = numbers.prepare(stage, {c: text for c, text in recipe.numbers.items() if c in there})
    checks = [Check("", "row_fault IS NOT NULL", "")]
    checks += [
        Check(c, f"regexp_matches(t_{c}, {_NESTED})", "nested JSON, not a name") for c in _NAMES if c in there
    ]
    if "known_on" in recipe.columns:
        checks += day_checks("known_on")
        checks += [Check("known_on", "v_known_on > $today", "later than the day of ingest")]
    lenient = recipe.lenient if how.foreign else None
    checks += lenient(there) if lenient else recipe.checks
    read, absent = _read_sql(recipe, there, odd)
    nothing = _empty(recipe, absent)
    sql = _parsed_sql(recipe, checks, how, read, nothing)
    stage.run(f"CREATE TABLE {PARSED} AS " + _placed(sql, how))
    _show(stage, "parsed", PARSED, nothing)
    stage.run('CREATE TABLE faults(n BIGINT, "column" VARCHAR, reason VARCHAR, value VARCHAR)')
    _note_faults(stage, checks, there)
    recipe.resolve(stage)
    if recipe.settled:
        recipe.settled(stage)
    else:
        settle(stage, recipe)


def _placed(sql: str, how: Reading) -> str:
    dated = f"{SHEET} IN ({', '.join(map(str, how.dated))})" if how.dated else "FALSE"
    sql = sql.replace("$today", f"DATE '{how.today}'").replace("$foreign", str(how.foreign))
    return sql.replace("$dated", dated)


def need(stage: Stage, *columns: str) -> None:
    """Make room in `parsed` for texts in columns that the file does not have."""
    there = {row[0] for row in stage.rows(f"DESCRIBE {PARSED}")}
    whole = {row[0]: row[1] for row in stage.rows("DESCRIBE parsed")}
    for column in set(columns) - there:
        stage.run(f"ALTER TABLE {PARSED} ADD COLUMN {quoted(column)} {_TEXT}")
    stage.run("DROP VIEW parsed")
    _show(stage, "parsed", PARSED, {c: kind for c, kind in whole.items() if c not in {*there, *columns}})


def _vocabularies(stage: Stage, lookup: Lookup, how: Reading) -> None:
    """The readings of each text that a lookup is asked for."""
    used = lookup.used(how.there)
    queries = {c: _asked(lookup, [c]) for c in used}
    for first in used if lookup.apart else lookup.columns[:1]:
        read = lookup.read
        if lookup.make:
            read = lookup.make(Asked(stage, first, queries, how)) if used else tuple
        if read:
            query = queries[first] if lookup.apart else _asked(lookup, used)
            stage.translate(lookup.table(first), query, read, pa.schema(list(lookup.gives.items())))


def _asked(lookup: Lookup, used: Sequence[str]) -> str:
    if lookup.text and used:
        return f"SELECT DISTINCT text FROM (SELECT {lookup.text} AS text FROM raw r) WHERE text IS NOT NULL"
    return texts("raw", used)


def _read_sql(recipe: Recipe, there: frozenset[str], odd: numbers.Odd) -> tuple[str, dict[str, str]]:
    """Every text beside its readings, and the types of what is null since the file does not have it."""
    shown = [f"r.{quoted(c)} AS t_{c}" for c in recipe.columns if c in there]
    absent = {f"t_{c}": _TEXT for c in recipe.columns if c not in there}
    joins = []
    for lookup in recipe.lookups:
        used = lookup.used(there)
        for column in lookup.columns:
            gives = {f"{column}__{name}": SQL[str(kind)] for name, kind in lookup.gives.items()}
            if column not in used:
                absent |= gives
                continue
            text = lookup.text or f"r.{quoted(column)}"
            joins.append(f"LEFT JOIN {lookup.table(column)} l_{column} ON l_{column}.text = {text}")
            shown += [f"l_{column}.{name} AS {column}__{name}" for name in lookup.gives]
    for column, text in recipe.numbers.items():
        sql, join, empty = odd.read(column, text) if column in there else odd.nothing(column)
        shown += sql
        joins += join
        absent |= empty
    shown += [f"NULL::{kind} AS {name}" for name, kind in absent.items()]
    return f"SELECT r.n, r.row_fault, {', '.join(shown)} FROM raw r {' '.join(joins)}", absent


def _empty(recipe: Recipe, absent: Mapping[str, str]) -> dict[str, str]:
    """Columns of `parsed` that nothing in the file fills, with their types."""
    needed = set(re.findall(r"\w+", " ".join(chain([recipe.key], recipe.derived, recipe.derived.values()))))
    needed |= {"known_on", "line", "unlined", "numbered"}
    return {c: absent[sql] for c, sql in recipe.parsed.items() if sql in absent and c not in needed}


def _said(column: str, sql: str) -> str:
    """SQL of a column as part of what a row says; a free text cannot pass for two columns."""
    text = f"replace(v_{column}, chr(31), chr(31) || chr(31))" if sql.startswith("t_") else f"v_{column}"
    return f"'{column}=' || {text}::VARCHAR"


def _parsed_sql(
    recipe: Recipe, checks: list[Check], how: Reading, read: str, nothing: Mapping[str, str]
) -> str:
    received = f"DATE '{how.known_on}'" if how.known_on else "NULL::DATE"
    if "known_on" in recipe.columns:
        received = f"coalesce(known_on__first, {received})"
    values = {**recipe.parsed, "known_on": received}
    valued = ", ".join(f"{sql} AS v_{c}" for c, sql in values.items())
    kept = ", ".join(f"v_{c} AS {quoted(c)}" for c in values if c not in nothing)
    said = ", ".join(_said(c, recipe.parsed[c]) for c in recipe.content if c not in nothing)
    whens = " ".join(f"WHEN {check.when} THEN {no}" for no, check in enumerate(checks, 1))
    derived = ", ".join(f"{sql} AS {quoted(c)}" for c, sql in recipe.derived.items())
    return (
        f"SELECT *, {recipe.key} AS id FROM (SELECT * {f'REPLACE ({derived})' if derived else ''} FROM ("
        f"SELECT n, {kept}, digest(concat_ws(chr(31), {said or 'NULL'})) AS digest, "
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

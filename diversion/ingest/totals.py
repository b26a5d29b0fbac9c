"""Rows of totals, sources and endings, which people and programs write below a table."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from diversion.ingest.columns import KINDS, ROLES
from diversion.ingest.recipe import RAW, ROW
from diversion.ingest.sheet import ALONE, FOOTERS
from diversion.ingest.stage import Stage
from diversion.ingest.text import ONE_CELL

_WORDS = (
    "grand[ -]?totals?|sub[ -]?totals?|totals?|sum|sums|итого|всего|genel toplam|ara toplam|toplam|"
    "合计|總計|总计|合計|小计|gesamt|gesamtsumme|zwischensumme|summe"
)
_ALONE = rf"(?i)({_WORDS})\s*[.:：=]?"
_BEGINS = rf"(?i)({_WORDS})\s*([.:：=(].*|\s.*)?"
_UNEVEN = rf'(?i)[\s",;|]*({_WORDS})[\s.:：="]*[,;|\t]([^\pL]|\b[a-z]{{1,4}}\b)*'
"""A row of another width than the header, as text: a word, then amounts and units."""
_FOOTER = (
    r"(?i)\s*[*#\-–—=.\s]*((data )?sources?|fuentes?|fontes?|источник|джерело|kaynak|nguồn|quelle|sumber|"
    r"notes?|n\.?b\.?|anmerkung|notas?|примечани[ея]|примітка|not|remarks?|disclaimer|generated|downloaded|"
    r"exported|printed|report (date|generated)|prepared by|copyright|records?|no\.? of records|"
    r"total records|rows?|page|来源|资料来源|数据来源|出典|备注|注)\s*([:：]|\b(on|by|at|from|is)\b).*|"
    r"\s*[*#\-–—=.\s]*(end of (the )?(report|file|data|list|table|document)|eof|end|"
    r"fin( del (reporte|informe|archivo))?|fim( do relat[oó]rio)?|конец( отч[её]та| файла)?|rapor sonu|хв)"
    r"\s*[*#\-–—=.\s]*|\s*(©|\(c\)).*|\s*page \d+( of \d+)?\s*|[*#\-–—=_.\s]{3,}"
)
"""A line below a table that says where it is from or that it ends."""
MANY = 4
"""Columns of a table in which a row of one cell can be told from a row of data."""

PARTIES = frozenset(
    (
        *ROLES,
        *(f"{role}_id" for role in ROLES),
        *["owner", "owner_id", "owned", "owned_id", "party_id", "name"],
    )
).union(("address", "addresses"))
AMOUNTS = frozenset(
    [
        "quantity",
        "unit",
        "weight_kg",
        "gross_weight_kg",
        "weight_unit",
        "value",
        "currency",
        "value_usd",
        "share",
        "share_min",
        "share_max",
    ]
)


def is_total(order: Sequence[str], positions: Sequence[int]) -> str:
    """SQL over a batch of a reader: whether the first cell of a row says that it is a total or a note.

    `order` are the canonical columns of the first of `positions`; there may be positions more. A word in
    the place of a party is a total only with nothing but amounts beside it, as a party may bear such a name.
    """
    left = sorted(range(len(positions)), key=lambda at: positions[at])
    first = f"coalesce({', '.join(_column(at) for at in left)})"
    names = dict(enumerate(order))
    parties = [at for at in left if names.get(at) in PARTIES]
    others = [at for at in left if names.get(at) not in AMOUNTS]
    plain = f"{_given(parties)} = 0 AND regexp_full_match({first}, '{_BEGINS}')"
    named = f"{_given(others)} = 1 AND {_given(parties)} = 1 AND regexp_full_match({first}, '{_ALONE}')"
    uneven = f"fault IS NOT NULL AND regexp_full_match(value, '{_UNEVEN}')"
    return f"coalesce(({plain}) OR ({named}) OR ({uneven}), FALSE)"


def is_footer(kind: str, width: int) -> str:
    """SQL over a batch of a reader: whether a row may be a note below a table, with one cell alone.

    A table of `kind` with `width` columns may hold data in one cell alone if nothing more is required of it:
    there a note is told by its words.
    """
    if width < MANY:
        return "FALSE"
    worded = f"regexp_full_match(value, '{_FOOTER}')"
    alone = f"(fault IS NULL AND value = '{ALONE}') OR starts_with(fault, '{ONE_CELL}')"
    if len(KINDS[kind].required) < 2:
        return f"coalesce(fault IS NOT NULL AND {worded}, FALSE)"
    return f"coalesce({alone} OR (fault IS NOT NULL AND {worded}), FALSE)"


def _column(at: int) -> str:
    return f'"{at}"'


def _given(columns: Sequence[int]) -> str:
    """SQL: how many of the columns say something."""
    return " + ".join([*(f"({_column(at)} IS NOT NULL)::INT" for at in columns), "0"])


_ALONE_CELL = f"row_text = '{ALONE}' OR starts_with(row_fault, '{ONE_CELL}')"


def _bare(stage: Stage, stated: Collection[str]) -> None:
    """Make a row with nothing but amounts, right above a total, a total too; `stated` hold for every row."""
    fixed = {"n", "row_fault", "row_text", "total"}
    columns = [row[0] for row in stage.rows(f"DESCRIBE {RAW}")]
    others = [f'"{c}" IS NULL' for c in columns if c not in {*fixed, *AMOUNTS, *stated}]
    stage.run(
        f"UPDATE {RAW} SET total = TRUE WHERE NOT total AND row_fault IS NULL AND {' AND '.join(others)} "
        "AND n IN (SELECT before FROM (SELECT total, lag(n) OVER (PARTITION BY n >> 32 ORDER BY n) AS before "
        f"FROM {RAW}) WHERE total)"
    )


def leave_out(stage: Stage, stated: Collection[str] = ()) -> list[int]:
    """Take totals and notes at the end of each sheet out of `raw`; the rows, as a person sees them.

    `stated` are columns with one value for every row, which none of them says itself.

    More rows of one cell than notes have are data that lost their other cells: they stay, and are faults.
    """
    if not stage.rows("SELECT 1 FROM raw WHERE total LIMIT 1"):
        return []
    _bare(stage, stated)
    stage.run(
        "CREATE TABLE totals AS SELECT n FROM raw LEFT JOIN (SELECT n >> 32 AS no, max(n) AS latest FROM raw "
        "WHERE NOT total GROUP BY ALL) ON no = n >> 32 WHERE total AND n > coalesce(latest, -1) "
        f"QUALIFY count(*) FILTER ({_ALONE_CELL}) OVER (PARTITION BY n >> 32) <= {FOOTERS} "
        f"OR NOT coalesce({_ALONE_CELL}, FALSE)"
    )
    stage.run(f"DELETE FROM {RAW} WHERE n IN (SELECT n FROM totals)")
    return [row for (row,) in stage.rows(f"SELECT {ROW} FROM totals ORDER BY n")]

"""Rows that say more of entries which the store holds already: the satellites of OFAC's old files.

`sdn.csv` holds the entries, `alt.csv` their other names, `add.csv` their addresses, and `sdn_comments.csv`
what its remarks had no room for. Each row is merged into its entry; what a satellite said before is replaced
by what it says now. A row whose entry is not in the store is shown, and no fault of the file.
"""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest import ofac_cells
from diversion.ingest.columns import KINDS
from diversion.ingest.documents import NOT_KEPT
from diversion.ingest.ofac_legacy import CUT
from diversion.ingest.recipe import CONFLICT, MERGED, PARSED, Check, Recipe
from diversion.ingest.stage import Stage

LISTS = ("ofac_sdn", "ofac_cons")
"""Lists whose entries have satellites; both number them in one way."""
_PARSED = {
    "entry_id": "t_entry_id",
    "alias": "t_alias",
    "weak": "t_weak",
    "address": "t_address",
    "country": "t_country",
    "comment": "t_comment",
}


def _resolve(stage: Stage) -> None:
    """Tell which list the rows belong to, by the entries they name, and merge those that have one."""
    named = ", ".join(f"'{name}'" for name in LISTS)
    stage.run(
        "CREATE TABLE held AS SELECT *, regexp_extract(id, ':(.*)$', 1) AS number FROM store_Listing "
        f"WHERE list IN ({named})"
    )
    best = stage.rows(
        "SELECT list FROM held SEMI JOIN (SELECT entry_id FROM parsed WHERE fault = 0) ON number = entry_id "
        "GROUP BY list ORDER BY count(*) DESC, list LIMIT 1"
    )
    stage.run("DELETE FROM held WHERE list <> ?", [best[0][0] if best else LISTS[0]])
    lost = "fault = 0 AND entry_id NOT IN (SELECT number FROM held)"
    stage.run(
        "INSERT INTO faults SELECT n, 'entry_id', "
        f"'{NOT_KEPT}no entry of this number: read sdn.csv with it', entry_id FROM parsed WHERE {lost}"
    )
    stage.run(f"UPDATE {PARSED} SET fault = {CONFLICT} WHERE {lost}")
    stage.run(f"UPDATE {PARSED} SET fault = {MERGED} WHERE fault = 0")


def _remarks(stage: Stage) -> list[str]:
    """Entries from which a satellite takes what an earlier version of it said of them."""
    named = "SELECT entry_id FROM parsed WHERE fault = " + str(MERGED)
    notes = _other_day(stage)
    for column, what, theirs in (
        ("alias", "other names", "len(coalesce(aliases, [])) > len(coalesce(weak_aliases, []))"),
        ("address", "addresses", "addresses IS NOT NULL"),
    ):
        if not stage.rows(f"SELECT 1 FROM parsed WHERE {column} IS NOT NULL LIMIT 1"):
            continue
        bare = stage.number(f"SELECT count(*) FROM held WHERE {theirs} AND number NOT IN ({named})")
        notes += [f"{bare} entries have no {what} any more: the file does not name them"] if bare else []
    return notes


def _other_day(stage: Stage) -> list[str]:
    """A note where only some of the entries it names are held: the files are of different days."""
    named = stage.rows(
        f"SELECT count(DISTINCT entry_id) FILTER (fault = {CONFLICT}), count(DISTINCT entry_id) FILTER "
        f"(fault = {MERGED}) FROM parsed WHERE entry_id IS NOT NULL"
    )
    ((lost, found),) = named
    if not (lost and found):
        return []
    ((known, day),) = stage.rows("SELECT any_value(list), max(known_on) FROM held")
    of = f" of {day}" if day else ""
    return [
        f"{lost} of the {lost + found} entries that it names are not in the list {known}{of} as it was read: "
        "the files are of different days; read the list and its satellites of one day, the list first"
    ]


def _tables(stage: Stage) -> dict[str, str]:
    """The entries that it changes, each with the row that states it."""
    stands = f"FROM parsed WHERE fault = {MERGED} AND"
    amended = "SELECT * FROM held"
    if _has(stage, "alias"):
        amended = _aliased(amended, stands)
    if _has(stage, "address") or _has(stage, "country"):
        _read(stage, "SELECT DISTINCT remarks AS text FROM held WHERE remarks IS NOT NULL")
        amended = _located(amended, stands)
    if _has(stage, "comment"):
        _carry_on(stage, stands)
        amended = _commented()
    return {"Listing": f"SELECT * EXCLUDE (number) FROM ({amended} EXCEPT SELECT * FROM held)"}


def _has(stage: Stage, column: str) -> bool:
    return bool(stage.rows(f"SELECT 1 FROM parsed WHERE {column} IS NOT NULL AND fault = {MERGED} LIMIT 1"))


def _aliased(entries: str, stands: str) -> str:
    weak = "coalesce(e.weak_aliases, [])"
    fresh = f"list_filter(coalesce(a.names, []), lambda x: NOT list_contains({weak}, x))"
    return (
        f"SELECT e.* REPLACE (nullif({fresh} || {weak}, []) AS aliases) FROM ({entries}) e LEFT JOIN "
        "(SELECT entry_id, list(alias ORDER BY n) AS names FROM (SELECT entry_id, alias, min(n) AS n "
        f"{stands} alias IS NOT NULL GROUP BY ALL) GROUP BY entry_id) a ON a.entry_id = e.number"
    )


def _located(entries: str, stands: str) -> str:
    """First address, its country, all addresses; all countries are those of addresses and of the remark."""
    every = "coalesce(r.countries, []) || coalesce(a.codes, [])"
    replaced = (
        "a.texts AS addresses, a.texts[1] AS address, "
        "coalesce(a.country, a.codes[1], r.countries[1]) AS country, "
        f"nullif(list_sort(list_distinct({every})), []) AS countries"
    )
    return (
        f"SELECT e.* REPLACE ({replaced}) FROM ({entries}) e LEFT JOIN (SELECT entry_id, "
        "list(address ORDER BY n) FILTER (address IS NOT NULL) AS texts, "
        "list(country ORDER BY n) FILTER (country IS NOT NULL) AS codes, "
        "arg_min(country, n) FILTER (address IS NOT NULL AND country IS NOT NULL) AS country FROM "
        f"(SELECT entry_id, address, country, min(n) AS n {stands} TRUE GROUP BY ALL) GROUP BY entry_id) a "
        "ON a.entry_id = e.number LEFT JOIN reading r ON r.text = e.remarks"
    )


def _carry_on(stage: Stage, stands: str) -> None:
    """Make `whole`: remarks with what a satellite adds, which goes on within a word."""
    before = f"coalesce(length(string_split(remarks, '{ofac_cells.BESIDE}')[-2]) + 3, 0)"
    begun = f"left(remarks, ({before} + {CUT})::BIGINT)"
    stage.run(
        f"CREATE TABLE whole AS SELECT id, {begun} AS begun, CASE WHEN remarks IS NULL THEN comment "
        "WHEN ends_with(remarks, comment) THEN remarks "
        f"WHEN length(remarks) < {before} + {CUT} - 9 THEN remarks || '; ' || comment "
        f"WHEN length(remarks) < {before} + {CUT} OR ends_with({begun}, ';') THEN {begun} || ' ' || comment "
        f"ELSE {begun} || comment END AS text FROM held JOIN (SELECT entry_id, "
        f"string_agg(comment, '' ORDER BY n) AS comment {stands} comment IS NOT NULL GROUP BY ALL) "
        "ON entry_id = number"
    )
    _read(stage, "SELECT text FROM whole UNION SELECT begun FROM whole WHERE begun IS NOT NULL")


def _read(stage: Stage, texts: str) -> None:
    """Make `reading`: what remarks say, each read once."""
    several = pa.list_(pa.string())
    types = [("births", several), ("weak", several), ("identifiers", several), ("countries", several)]
    stage.translate("reading", texts, ofac_cells.remark, pa.schema(types))


def _commented() -> str:
    """What only the part of a remark seemed to say gives way to what the whole says."""
    replaced = ", ".join(
        f"nullif(list_filter(coalesce(e.{to}, []), lambda x: NOT list_contains(coalesce(b.{said}, []), x) "
        f"AND NOT list_contains(coalesce(r.{said}, []), x)) || coalesce(r.{said}, []), []) AS {to}"
        for said, to in (
            ("births", "births"),
            ("weak", "aliases"),
            ("weak", "weak_aliases"),
            ("identifiers", "identifiers"),
            ("countries", "countries"),
        )
    )
    return (
        f"SELECT e.* REPLACE (w.text AS remarks, {replaced}) FROM held e JOIN whole w USING (id) "
        "JOIN reading r ON r.text = w.text LEFT JOIN reading b ON b.text = w.begun"
    )


RECIPE = Recipe(
    columns=KINDS["list_parts"].columns,
    principal="",
    parsed=_PARSED,
    content=tuple(sorted(_PARSED)),
    key="entry_id",
    checks=(Check("entry_id", "t_entry_id IS NULL", "no number of the entry it belongs to"),),
    conflict=Check("entry_id", "", "stands already in row "),
    tables=_tables,
    needs=lambda there: ("Listing",),
    resolve=_resolve,
    remarks=_remarks,
)

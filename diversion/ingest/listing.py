"""Entries of restricted-party lists as readers of publishers' formats give them (`kinds.listing`).

An entry is its list and the number that its publisher gave it, so that it meets itself in every format of
that publisher. Where it has no number it is its list and name: entries of one name are then told apart.
Days are intervals `[listed_on, removed_on)`; a day that cannot be is kept as a remark, not believed.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from diversion.ingest import vocabulary
from diversion.ingest.columns import KINDS
from diversion.ingest.documents import FIELD, LIST
from diversion.ingest.listings import keyed
from diversion.ingest.recipe import PARSED, ROW, Check, Lookup, Recipe, day_lookup
from diversion.ingest.stage import Stage

_TEXT, _TEXTS = pa.string(), pa.list_(pa.string())
_PLAUSIBLE = "coalesce({0}__first BETWEEN DATE '1900-01-01' AND DATE '2199-12-31', FALSE)"
_AGAIN = "coalesce(removed_on__first <= listed_on__first, FALSE)"


def plausible(column: str) -> str:
    """SQL of a day, null where it cannot be: a year such as 0017 is a slip of the publisher."""
    return f"CASE WHEN {_PLAUSIBLE.format(column)} THEN {column}__first END"


def odd(column: str, also: str = "FALSE") -> str:
    """SQL of a remark that keeps a text which is no day that can be, or fits the condition `also`."""
    return (
        f"CASE WHEN t_{column} IS NOT NULL AND (NOT {_PLAUSIBLE.format(column)} OR {also}) "
        f"THEN '{column} as published: ' || t_{column} END"
    )


def _several(column: str) -> str:
    return f"string_split(t_{column}, chr({ord(LIST)}))"


_PARSED = {
    "list": "t_list",
    "section": "t_section",
    "entry_id": "t_entry_id",
    "party_id": "t_party_id",
    "name": "t_name",
    "name_key": "name__key",
    "aliases": _several("aliases"),
    "weak_aliases": _several("weak_aliases"),
    "births": _several("births"),
    "kind": "coalesce(kind__kind, 'unknown')",
    "authority": "t_authority",
    "programme": "t_programme",
    "regimes": _several("regimes"),
    "effect": "effect__effect",
    "listed_on": plausible("listed_on"),
    "removed_on": f"CASE WHEN NOT {_AGAIN} THEN {plausible('removed_on')} END",
    "country": "coalesce(addresses__country, countries__codes[1])",
    "countries": "nullif(list_sort(list_distinct(coalesce(addresses__codes, []) "
    "|| coalesce(countries__codes, []))), [])",
    "address": "addresses__texts[1]",
    "addresses": "addresses__texts",
    "identifiers": _several("identifiers"),
    "licence_requirement": "t_licence_requirement",
    "licence_policy": "t_licence_policy",
    "remarks": f"nullif(concat_ws('; ', t_remarks, {odd('listed_on')}, {odd('removed_on', _AGAIN)}), '')",
    "snapshot": plausible("published"),
}
NAMED = "digest(coalesce(nullif(name_key, ''), name, address, digest))"
"""SQL of what stands for the number of an entry that has none: its name, else its address."""


def places(text: str) -> tuple[str | None, list[str] | None, list[str] | None]:
    """Country of the first address, addresses, and all countries. A country alone is no address.

    >>> places(LIST.join(["Room 9" + FIELD + "HK", FIELD + "AE"]))
    ('HK', ['Room 9'], ['HK', 'AE'])
    """
    pairs = [tuple(part.partition(FIELD)[::2]) for part in text.split(LIST)]
    read = [(written, vocabulary.country(country)[0]) for written, country in pairs]
    texts = [written for written, _ in read if written]
    codes = list(dict.fromkeys(code for _, code in read if code))
    first = next((code for written, code in read if written), None)
    return first or (codes[0] if codes else None), texts or None, codes or None


def codes(text: str) -> tuple[list[str] | None]:
    """Countries by code or name, each once; what is none is left out."""
    found = [vocabulary.country(part)[0] for part in text.split(LIST)]
    return (list(dict.fromkeys(code for code in found if code)) or None,)


def number_namesakes(stage: Stage) -> None:
    """Entries without a number that bear one name and say different things are several.

    They are numbered by what stays from one version of a list to the next: countries first, then days.
    """
    stage.run(
        f"UPDATE {PARSED} SET id = id || '.' || place FROM (SELECT n AS m, dense_rank() OVER (PARTITION "
        "BY id ORDER BY array_to_string(countries, ','), listed_on, remarks, address, digest) AS place "
        "FROM parsed SEMI JOIN (SELECT id FROM parsed WHERE fault = 0 AND entry_id IS NULL GROUP BY id "
        "HAVING min(digest) <> max(digest)) USING (id) WHERE fault = 0 AND entry_id IS NULL) "
        "WHERE n = m AND place > 1"
    )


def latest(stage: Stage, days: str, known_on: date | None, today: date) -> tuple[date | None, str]:
    """The day of a snapshot that states none: as received, else the latest day in it that has come."""
    if known_on:
        return known_on, ""
    rows = stage.rows(f"SELECT max(day) FROM ({days}) WHERE day <= DATE '{today}'")
    found: date | None = rows[0][0]
    if not found:
        return (
            today,
            "the list states no day and is taken to be of the day of ingest: state it with --known-on",
        )
    return (
        found,
        f"the snapshot is taken to be of {found}, the latest day in it: state its day with --known-on",
    )


def published(stage: Stage, known_on: date | None, today: date) -> tuple[date | None, str]:
    """The day that the document states; where its rows state different ones, as `latest` says."""
    first, last = stage.rows("SELECT min(snapshot), max(snapshot) FROM parsed")[0]
    if first and first == last:
        return first, ""
    stands = "FROM parsed WHERE fault = 0"
    days = f"SELECT listed_on AS day {stands} UNION ALL SELECT snapshot {stands}"
    return latest(stage, days, known_on, today)


def _needs(there: frozenset[str]) -> tuple[str, ...]:
    """A format without a place for addresses is part of a publication: the store knows the other parts."""
    return () if "addresses" in there else ("Listing",)


def _tables(stage: Stage) -> dict[str, str]:
    sheet = "JOIN sheet ON no = (n >> 32) WHERE fault = 0"
    kept = ", ".join(f"p.{name}" for name in _PARSED if name not in ("section", "entry_id", "snapshot"))
    entries = (
        f"SELECT id, {kept}, published AS first_seen, source, {ROW} AS row, known_on FROM parsed p {sheet}"
    )
    if stage.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'store_Listing'"):
        entries = completed(entries)
    return {
        "Party": "SELECT party_id AS id, min_by(name, n) AS name, min_by(name_key, n) AS name_key, "
        "min_by(kind, n) AS kind, min_by(country, n) AS country, false AS stated, "
        f"min_by(source, n) AS source, min({ROW}) AS row, min(known_on) AS known_on "
        f"FROM parsed {sheet} AND party_id IS NOT NULL GROUP BY party_id",
        "Listing": entries,
    }


def completed(entries: str) -> str:
    """SQL of entries of a file that is part of a publication, with what the store knows from its other parts.

    The store's remark is the longer one where another part carries the text on.
    """
    longer = "coalesce(starts_with(s.remarks, e.remarks), FALSE)"
    both = "(coalesce(e.{0}, []) || list_filter(coalesce(s.{0}, []), lambda x: NOT list_contains({1}, x)))"
    strong = (
        "list_filter(coalesce(s.aliases, []), lambda x: NOT list_contains(coalesce(s.weak_aliases, []), x) "
        "AND NOT list_contains(coalesce(e.weak_aliases, []), x))"
    )
    carried = {
        "aliases": f"nullif({strong} || coalesce({_longer('weak_aliases', longer)}, []), [])",
        "addresses": "s.addresses",
        "address": "s.address",
        "country": "coalesce(s.country, e.country)",
        "countries": f"nullif(list_sort({both.format('countries', 'coalesce(e.countries, [])')}), [])",
        "listed_on": "coalesce(e.listed_on, s.listed_on)",
        "remarks": f"CASE WHEN {longer} THEN s.remarks ELSE e.remarks END",
    }
    carried |= {c: _longer(c, longer) for c in ("weak_aliases", "births", "identifiers")}
    replaced = ", ".join(f"{sql} AS {name}" for name, sql in carried.items())
    return f"SELECT e.* REPLACE ({replaced}) FROM ({entries}) e LEFT JOIN store_Listing s USING (id)"


def _longer(column: str, longer: str) -> str:
    return f"CASE WHEN {longer} THEN s.{column} ELSE e.{column} END"


RECIPE = Recipe(
    columns=KINDS["listing"].columns,
    principal="Listing",
    parsed=_PARSED,
    content=tuple(sorted(set(_PARSED) - {"name_key", "snapshot"})),
    key=f"list || ':' || coalesce(section || ':', '') || coalesce(entry_id, {NAMED})",
    checks=(
        Check("list", "t_list IS NULL", "no list that holds it"),
        Check("authority", "t_authority IS NULL", "no authority that lists it"),
        Check(
            "name",
            "t_name IS NULL AND t_party_id IS NULL AND addresses__texts IS NULL",
            "neither name nor address",
        ),
    ),
    conflict=Check("entry_id", "", "this entry stands already in row "),
    tables=_tables,
    published=published,
    snapshot=True,
    needs=_needs,
    resolve=number_namesakes,
    lookups=(
        day_lookup("listed_on", "removed_on", "published"),
        Lookup(("kind",), vocabulary.party_kind, {"kind": _TEXT}),
        Lookup(("effect",), vocabulary.effect, {"effect": _TEXT}),
        Lookup(("addresses",), places, {"country": _TEXT, "texts": _TEXTS, "codes": _TEXTS}),
        Lookup(("countries",), codes, {"codes": _TEXTS}),
        Lookup(("name",), keyed, {"key": _TEXT}),
    ),
)

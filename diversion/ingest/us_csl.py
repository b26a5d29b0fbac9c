"""The US Consolidated Screening List as its publisher's CSV (trade.gov), all its lists in one file.

`start_date` is the first restricted day, `end_date` the day on which the order ends; OFAC's entries have
neither. `_id` repeats across lists, and `entity_number` is not unique, so that an entry is its list and id.
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from diversion.ingest import csl_cells
from diversion.ingest.columns import KINDS
from diversion.ingest.listings import keyed
from diversion.ingest.recipe import ROW, Check, Lookup, Recipe, day_checks, day_lookup
from diversion.ingest.stage import Stage

# A year such as 0017 is a slip of the publisher: the day is kept as a remark, not believed.
_PLAUSIBLE = "{0}__first BETWEEN DATE '1900-01-01' AND DATE '2199-12-31'"
_ODD = "CASE WHEN t_{0} IS NOT NULL AND NOT coalesce({1}, FALSE) THEN '{0} as published: ' || t_{0} END"
_TEXTS, _TEXT = pa.list_(pa.string()), pa.string()


def _date(column: str) -> str:
    return f"CASE WHEN {_PLAUSIBLE.format(column)} THEN {column}__first END"


def _odd(column: str) -> str:
    return _ODD.format(column, _PLAUSIBLE.format(column))


_COUNTRIES = (
    "coalesce(addresses__codes, []) || coalesce(nationalities__codes, []) "
    "|| coalesce(citizenships__codes, []) || coalesce(vessel_flag__codes, [])"
)
_PARSED = {
    "number": "coalesce(t__id, t_entity_number)",
    "short": "source__short",
    "name": "t_name",
    "name_key": "name__key",
    "aliases": "alt_names__names",
    "kind": "coalesce(type__kind, 'unknown')",
    "authority": "source__authority",
    "programme": "source__programme",
    "listed_on": _date("start_date"),
    "removed_on": _date("end_date"),
    "country": "coalesce(addresses__country, nationalities__codes[1], citizenships__codes[1])",
    "countries": f"nullif(list_sort(list_distinct({_COUNTRIES})), [])",
    "address": "addresses__one",
    "addresses": "addresses__texts",
    "identifiers": "ids__numbers",
    "licence_requirement": "t_license_requirement",
    "licence_policy": "t_license_policy",
    "remarks": "nullif(concat_ws('; ', t_remarks, t_title, programs__said, ids__rest, "
    f"t_federal_register_notice, {_odd('start_date')}, {_odd('end_date')}), '')",
}


def published(stage: Stage, known_on: date | None, today: date) -> tuple[date | None, str]:
    """The day of the snapshot and how it is known: stated, else the latest day in it that has come."""
    if known_on:
        return known_on, ""
    latest = stage.rows(f"SELECT max(listed_on) FROM parsed WHERE fault = 0 AND listed_on <= DATE '{today}'")
    found: date | None = latest[0][0]
    told = f"the snapshot is taken to be of {found}, the latest day in it: state its day with --known-on"
    return found, told if found else ""


def _tables(stage: Stage) -> dict[str, str]:
    kept = ", ".join(name for name in _PARSED if name not in ("number", "short"))
    return {
        "Listing": f"SELECT id, 'us_csl' AS list, NULL::VARCHAR AS effect, published AS first_seen, "
        f"NULL::VARCHAR AS party_id, {kept}, source, {ROW} AS row, known_on "
        "FROM parsed JOIN sheet ON no = (n >> 32) WHERE fault = 0"
    }


RECIPE = Recipe(
    columns=KINDS["us_csl"].columns,
    principal="Listing",
    parsed=_PARSED,
    content=tuple(sorted(set(_PARSED) - {"name_key"})),
    key="'us_csl:' || short || ':' || coalesce(number, digest)",
    checks=(
        Check("source", "source__authority IS NULL", "no list of the Consolidated Screening List"),
        Check("name", "t_name IS NULL AND t_addresses IS NULL", "neither name nor address"),
        *day_checks("start_date", "end_date"),
    ),
    conflict=Check("_id", "", "this entry stands already in row "),
    tables=_tables,
    published=published,
    snapshot=True,
    lookups=(
        day_lookup("start_date", "end_date"),
        Lookup(("source",), csl_cells.source, {"authority": _TEXT, "programme": _TEXT, "short": _TEXT}),
        Lookup(("type",), csl_cells.kind, {"kind": _TEXT}),
        Lookup(("programs",), csl_cells.programmes, {"said": _TEXT}),
        Lookup(("alt_names",), lambda text: (csl_cells.several(text),), {"names": _TEXTS}),
        Lookup(
            ("addresses",),
            csl_cells.addresses,
            {"one": _TEXT, "country": _TEXT, "texts": _TEXTS, "codes": _TEXTS},
        ),
        Lookup(("nationalities", "citizenships", "vessel_flag"), csl_cells.nationalities, {"codes": _TEXTS}),
        Lookup(("ids",), csl_cells.identifiers, {"numbers": _TEXTS, "rest": _TEXT}),
        Lookup(("name",), keyed, {"key": _TEXT}),
    ),
)

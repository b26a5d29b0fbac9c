"""The US Consolidated Screening List as its publisher's CSV (trade.gov), all its lists in one file.

`start_date` is the first restricted day, `end_date` the day on which the order ends; OFAC's entries have
neither. `entity_number` is the agency's own, not unique across lists, and only OFAC has one; `_id` repeats
it, or is a digest that changes with the entry. So an entry is its list and number, and where it has none, its
list and name: thus it is the same in every version and in the JSON of the same publisher (`csl_json.py`).
"""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from diversion.ingest import csl_cells
from diversion.ingest.columns import KINDS
from diversion.ingest.listing import NAMED, latest, number_namesakes, odd, plausible
from diversion.ingest.listings import keyed
from diversion.ingest.recipe import ROW, Check, Lookup, Recipe, day_checks, day_lookup
from diversion.ingest.stage import Stage

_TEXTS, _TEXT = pa.list_(pa.string()), pa.string()

_COUNTRIES = (
    "coalesce(addresses__codes, []) || coalesce(nationalities__codes, []) "
    "|| coalesce(citizenships__codes, []) || coalesce(vessel_flag__codes, [])"
)
_PARSED = {
    "entry_id": "t_entity_number",
    "digested": "t__id",
    "short": "source__short",
    "name": "t_name",
    "name_key": "name__key",
    "aliases": "alt_names__names",
    "births": "dates_of_birth__names",
    "kind": "coalesce(type__kind, 'unknown')",
    "authority": "source__authority",
    "programme": "source__programme",
    "regimes": "programs__names",
    "listed_on": plausible("start_date"),
    "removed_on": plausible("end_date"),
    "country": "coalesce(addresses__country, nationalities__codes[1], citizenships__codes[1])",
    "countries": f"nullif(list_sort(list_distinct({_COUNTRIES})), [])",
    "address": "addresses__one",
    "addresses": "addresses__texts",
    "identifiers": "ids__numbers",
    "licence_requirement": "t_license_requirement",
    "licence_policy": "t_license_policy",
    "remarks": "nullif(concat_ws('; ', t_remarks, t_title, ids__rest, t_federal_register_notice, "
    f"{odd('start_date')}, {odd('end_date')}), '')",
}


def published(stage: Stage, known_on: date | None, today: date) -> tuple[date | None, str]:
    """The day of the snapshot: stated, else the latest day in it that has come."""
    return latest(stage, "SELECT listed_on AS day FROM parsed WHERE fault = 0", known_on, today)


def _tables(stage: Stage) -> dict[str, str]:
    kept = ", ".join(name for name in _PARSED if name not in ("entry_id", "digested", "short"))
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
    key=f"'us_csl:' || short || ':' || coalesce(entry_id, {NAMED})",
    checks=(
        Check("source", "source__authority IS NULL", "no list of the Consolidated Screening List"),
        Check("name", "t_name IS NULL AND t_addresses IS NULL", "neither name nor address"),
        *day_checks("start_date", "end_date"),
    ),
    conflict=Check("_id", "", "this entry stands already in row "),
    tables=_tables,
    published=published,
    snapshot=True,
    resolve=number_namesakes,
    lookups=(
        day_lookup("start_date", "end_date"),
        Lookup(("source",), csl_cells.source, {"authority": _TEXT, "programme": _TEXT, "short": _TEXT}),
        Lookup(("type",), csl_cells.kind, {"kind": _TEXT}),
        Lookup(
            ("alt_names", "programs", "dates_of_birth"),
            lambda text: (csl_cells.several(text) or None,),
            {"names": _TEXTS},
        ),
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

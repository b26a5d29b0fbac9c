"""Entries of restricted-party lists in canonical columns."""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest import vocabulary
from diversion.ingest.columns import KINDS
from diversion.ingest.recipe import (
    ROW,
    Check,
    Lookup,
    Recipe,
    country_checks,
    country_lookup,
    day_checks,
    day_lookup,
)
from diversion.ingest.stage import Stage
from diversion.parties.names import name_key

_PARSED = {
    "party_id": "t_party_id",
    "name": "t_name",
    "name_key": "name__key",
    "kind": "coalesce(kind__kind, 'unknown')",
    "authority": "t_authority",
    "programme": "t_programme",
    "effect": "effect__effect",
    "listed_on": "listed_on__first",
    "removed_on": "removed_on__first",
    "country": "country__code",
    "address": "t_address",
    "aliases": "aliases__names",
    "identifier": "t_identifier",
    "remarks": "t_remarks",
}
_SAME = ("party_id", "name", "authority", "programme", "country", "address", "listed_on")
"""What makes an entry that entry. Its end, its effect and its aliases may be stated later."""


def keyed(text: str) -> tuple[str]:
    """The key of a name, as a reading."""
    return (name_key(text),)


def _tables(stage: Stage) -> dict[str, str]:
    return {
        "Party": "SELECT party_id AS id, min_by(name, n) AS name, min_by(name_key, n) AS name_key, "
        "'unknown' AS kind, NULL::VARCHAR AS country, NULL::DATE AS incorporated_on, "
        f"NULL::VARCHAR AS identifier, false AS stated, min_by(source, n) AS source, min({ROW}) AS row, "
        "min(known_on) AS known_on FROM parsed JOIN sheet ON no = (n >> 32) "
        "WHERE fault = 0 AND party_id IS NOT NULL GROUP BY party_id",
        "Listing": "SELECT id, 'listings' AS list, name, name_key, aliases, kind, authority, programme, "
        "effect, listed_on, removed_on, published AS first_seen, country, "
        "CASE WHEN country IS NOT NULL THEN [country] END AS countries, address, "
        "CASE WHEN address IS NOT NULL THEN [address] END AS addresses, "
        "CASE WHEN identifier IS NOT NULL THEN [identifier] END AS identifiers, party_id, "
        "NULL::VARCHAR AS licence_requirement, NULL::VARCHAR AS licence_policy, remarks, source, "
        f"{ROW} AS row, known_on FROM parsed JOIN sheet ON no = (n >> 32) WHERE fault = 0",
    }


RECIPE = Recipe(
    columns=KINDS["listings"].columns,
    principal="Listing",
    parsed=_PARSED,
    content=tuple(sorted(set(_PARSED) - {"name_key"})),
    key="'L-' || digest("
    + " || chr(31) || ".join(f"coalesce({column}::VARCHAR, '')" for column in _SAME)
    + ")",
    checks=(
        Check(
            "name",
            "t_name IS NULL AND t_party_id IS NULL AND t_address IS NULL",
            "neither name nor id nor address",
        ),
        Check("authority", "t_authority IS NULL", "no authority that lists it"),
        Check("kind", "t_kind IS NOT NULL AND kind__kind IS NULL", "unknown kind of party"),
        Check(
            "effect",
            "t_effect IS NOT NULL AND effect__effect IS NULL",
            "an effect is blocking, licence, denial, statement or sectoral",
        ),
        *day_checks("listed_on", "removed_on"),
        Check(
            "removed_on",
            "v_listed_on >= v_removed_on",
            "removed before it was listed: removed_on is the first free day",
        ),
        *country_checks("country"),
    ),
    conflict=Check("name", "", "this entry stands already in row "),
    tables=_tables,
    lookups=(
        day_lookup("listed_on", "removed_on", "known_on"),
        country_lookup("country"),
        Lookup(("kind",), vocabulary.party_kind, {"kind": pa.string()}),
        Lookup(("effect",), vocabulary.effect, {"effect": pa.string()}),
        Lookup(("aliases",), vocabulary.aliases, {"names": pa.list_(pa.string())}),
        Lookup(("name",), keyed, {"key": pa.string()}),
    ),
)

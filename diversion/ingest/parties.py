"""Parties: one record a row, stated, with an address where it has one."""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest import vocabulary
from diversion.ingest.columns import KINDS
from diversion.ingest.mentions import APART, joined, mention, place
from diversion.ingest.recipe import (
    MERGED,
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

_PARSED = {
    "party_id": "t_party_id",
    "name": "t_name",
    "kind": "coalesce(kind__kind, 'unknown')",
    "country": "country__code",
    "address": "t_address",
    "incorporated_on": "incorporated_on__first",
    "identifier": "t_identifier",
    "minted": "mention__id",
    "name_key": "mention__key",
}


def _mention(text: str) -> tuple[str, str]:
    """Id and key of a name and the text of its country."""
    name, _, country = text.rpartition(APART)
    return mention(name + APART + (vocabulary.country(country)[0] or ""))


def _tables(stage: Stage) -> dict[str, str]:
    """An address may stand in a merged row: a party with two addresses has two rows."""
    stands = f"fault IN (0, {MERGED})"
    asked = (
        f"SELECT DISTINCT {joined('address', 'country')} AS text FROM parsed "
        f"WHERE {stands} AND address IS NOT NULL"
    )
    stage.translate("place", asked, place, pa.schema([("id", pa.string()), ("key", pa.string())]))
    stage.run(
        "CREATE TABLE located AS SELECT p.id AS party, a.id AS address, a.key, p.address AS text, p.country, "
        f"n, known_on FROM parsed p JOIN place a ON a.text = {joined('p.address', 'p.country')} "
        f"WHERE {stands}"
    )
    first = f"source, {ROW} AS row, known_on FROM ("
    earliest = "min(n) AS n, min(known_on) AS known_on FROM located GROUP BY"
    sheet = "JOIN sheet ON no = (n >> 32)"
    return {
        "Party": "SELECT id, name, name_key, kind, country, incorporated_on, identifier, true AS stated, "
        f"source, {ROW} AS row, known_on FROM parsed {sheet} WHERE fault = 0",
        "Address": f"SELECT id, text, key AS address_key, country, {first}SELECT address AS id, "
        f"min(text) AS text, min(key) AS key, min(country) AS country, {earliest} address) {sheet}",
        "LOCATED_AT": f'SELECT party, address, NULL::DATE AS "from", NULL::DATE AS until, {first}'
        f"SELECT party, address, {earliest} party, address) {sheet}",
    }


RECIPE = Recipe(
    columns=KINDS["parties"].columns,
    principal="Party",
    parsed=_PARSED,
    content=("party_id", "name", "kind", "country", "incorporated_on", "identifier"),
    key="coalesce(party_id, minted)",
    checks=(
        Check("name", "t_party_id IS NULL AND t_name IS NULL", "neither name nor id"),
        Check("kind", "t_kind IS NOT NULL AND kind__kind IS NULL", "unknown kind of party"),
        *country_checks("country"),
        *day_checks("incorporated_on"),
    ),
    conflict=Check("party_id", "", "this party stands already in row "),
    tables=_tables,
    lookups=(
        day_lookup("incorporated_on", "known_on"),
        country_lookup("country"),
        Lookup(("kind",), vocabulary.party_kind, {"kind": pa.string()}),
        Lookup(
            ("mention",), _mention, {"id": pa.string(), "key": pa.string()}, joined("r.name", "r.country")
        ),
    ),
)

"""Parties that records name: one id for a name and country, whoever writes it."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from diversion.ids import digest
from diversion.ingest.recipe import ROW
from diversion.ingest.stage import Stage
from diversion.parties.names import address_key, mention_id, name_key

APART = "\x1f"


def mention(text: str) -> tuple[str, str]:
    """Id and key of `name U+001F country`; a name without letters or digits stands for itself alone."""
    name, _, country = text.rpartition(APART)
    key = name_key(name)
    if not key:
        return "P-" + digest(APART, name, country), key
    return mention_id(name, country or None), key


def place(text: str) -> tuple[str, str]:
    """Id and key of an address, from `text U+001F country`."""
    written, _, country = text.rpartition(APART)
    key = address_key(written)
    return "A-" + (digest(key, country) if key else digest(APART, written, country)), key


def joined(name: str, country: str) -> str:
    """SQL of the text that `mention` reads."""
    return f"{name} || chr(31) || coalesce({country}, '')"


def named(stage: Stage, ends: Mapping[str, str]) -> None:
    """Make `named`: each party that `parsed` names once, with its id and key, first row and earliest day.

    `ends` maps a column of names (beside it a column of ids, `…_id`) to SQL of the country.
    """
    parts = [
        f"SELECT {end}_id AS given, {end} AS name, {country} AS country, min(n) AS n, "
        f"min(known_on) AS known_on FROM parsed "
        f"WHERE fault = 0 AND ({end} IS NOT NULL OR {end}_id IS NOT NULL) GROUP BY ALL"
        for end, country in ends.items()
    ]
    stage.run(f"CREATE TABLE met AS {' UNION ALL '.join(parts)}")
    distinct = f"SELECT DISTINCT {joined('name', 'country')} AS text FROM met WHERE name IS NOT NULL"
    stage.translate("mention", distinct, mention, pa.schema([("id", pa.string()), ("key", pa.string())]))
    stage.run(
        "CREATE TABLE named AS SELECT coalesce(given, id) AS party, name, country, key, n, known_on "
        f"FROM met LEFT JOIN mention ON text = {joined('name', 'country')}"
    )
    stage.run(
        "CREATE TABLE minted AS SELECT DISTINCT name, coalesce(country, '') AS country, id AS party "
        f"FROM met JOIN mention ON text = {joined('name', 'country')}"
    )


def party_of(end: str, country: str, alias: str) -> tuple[str, str]:
    """SQL of the id of a party that `parsed` (as `p`) names, and the join that it needs."""
    return (
        f"coalesce(p.{end}_id, {alias}.party)",
        f"LEFT JOIN minted {alias} ON {alias}.name = p.{end} AND {alias}.country = coalesce({country}, '')",
    )


PARTIES = (
    "SELECT id, name, key AS name_key, 'unknown' AS kind, country, NULL::DATE AS incorporated_on, "
    f"NULL::VARCHAR AS identifier, false AS stated, source, {ROW} AS row, known_on FROM ("
    "SELECT party AS id, min(name) AS name, arg_min(key, name) AS key, min(country) AS country, "
    "min(n) AS n, min(known_on) AS known_on FROM named GROUP BY party) JOIN sheet ON no = (n >> 32)"
)
"""The parties of `named`, as mentions."""

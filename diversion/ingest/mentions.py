"""Parties that records name: one id for a name and country, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterable

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


def name_them(stage: Stage, pairs: Iterable[tuple[str, str]]) -> None:
    """Make the table `mention` (text, id, key) of the names and countries in some columns of `parsed`."""
    parts = [
        f"SELECT {joined(name, country)} AS text FROM parsed WHERE fault = 0 AND {name} IS NOT NULL"
        for name, country in pairs
    ]
    distinct = f"SELECT DISTINCT text FROM ({' UNION ALL '.join(parts)})"
    stage.translate("mention", distinct, mention, pa.schema([("id", pa.string()), ("key", pa.string())]))


PARTIES = (
    "SELECT id, name, key AS name_key, 'unknown' AS kind, country, NULL::DATE AS incorporated_on, "
    f"NULL::VARCHAR AS identifier, false AS stated, source, {ROW} AS row, known_on FROM ("
    "SELECT party AS id, min(name) AS name, arg_min(key, name) AS key, min(country) AS country, "
    "min(n) AS n, min(known_on) AS known_on FROM who GROUP BY party) JOIN sheet ON no = (n >> 32)"
)
"""The parties of the table `who` (n, party, name, key, country, known_on), as mentions."""

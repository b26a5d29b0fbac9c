"""Instruments: letters of credit and payments as messages tell them, and everyone they name.

Several messages may be one instrument: a credit and its amendments, a payment on its way from bank to bank
and its cover. What was read before stands in the store, so that the order of files does not matter
(`amendments.folded`). Whoever any of the messages names has taken part and stays so.
"""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest.amendments import TYPES, folded
from diversion.ingest.columns import KINDS
from diversion.ingest.documents import FIELD, LIST
from diversion.ingest.mentions import joined, mention, place
from diversion.ingest.recipe import (
    MERGED,
    PARSED,
    ROW,
    Check,
    Lookup,
    Recipe,
    day_checks,
    day_lookup,
    number_checks,
)
from diversion.ingest.settle import settle
from diversion.ingest.stage import Stage
from diversion.ingest.vocabulary import currency

_DAYS = ("issued_on", "expires_on", "latest_shipment")
_READ = {"amount": "amount__number", "currency": "currency__code", **{c: f"{c}__first" for c in _DAYS}}
_COLUMNS = [c for c in KINDS["payments"].columns if c != "known_on"]
_PARSED = {c: _READ.get(c, f"t_{c}") for c in _COLUMNS}
_SAID = [c for c in _COLUMNS if c not in ("instrument_id", "parties", "numbers")]
_STANDS = f"fault IN (0, {MERGED})"
_PARTS = ("role", "name", "address", "country", "given", "identifier", "kind", "born")
_SHEET = "JOIN sheet ON no = (n >> 32)"


def _settled(stage: Stage) -> None:
    """Find the credit that each amendment means, and let one row stand for an instrument."""
    settle(stage, RECIPE)
    stage.run(
        f"CREATE TABLE issued AS SELECT instrument_id AS id FROM parsed WHERE {_STANDS} AND amends IS NULL "
        "UNION SELECT id FROM store_Instrument "
        "WHERE NOT regexp_full_match(format, '(MT70[78](, )?)+')"
    )
    stage.run(
        f"UPDATE {PARSED} SET instrument_id = meant FROM ("
        "SELECT n AS m, arg_min(number, place) AS meant FROM ("
        f"SELECT n, unnest(string_split(numbers, '{LIST}')) AS number, "
        f"unnest(range(len(string_split(numbers, '{LIST}')))) AS place FROM parsed WHERE numbers IS NOT NULL"
        ") WHERE number IN (SELECT id FROM issued) GROUP BY n) WHERE n = m"
    )
    stage.run(
        f"UPDATE {PARSED} SET fault = {MERGED} FROM (SELECT n AS m, row_number() OVER (PARTITION BY "
        "instrument_id ORDER BY amends NULLS FIRST, n) AS place FROM parsed WHERE fault = 0) "
        "WHERE n = m AND place > 1"
    )


def _fold(stage: Stage) -> None:
    """Make `folded`: what all messages of each instrument of the file say together."""
    fields = ", ".join(f"'{c}': p.\"{c}\"" for c in _SAID)
    stage.run(
        "CREATE TABLE told AS SELECT id, string_agg(said, chr(30) ORDER BY place, said) AS text FROM ("
        f"SELECT instrument_id AS id, 1 AS place, to_json({{{fields}}})::VARCHAR AS said FROM parsed p "
        f"WHERE {_STANDS} UNION ALL SELECT id, 0, unnest(messages) FROM store_Instrument "
        f"WHERE id IN (SELECT instrument_id FROM parsed WHERE {_STANDS})) GROUP BY id"
    )
    stage.translate("folded", "SELECT DISTINCT text FROM told", folded, TYPES)


def _parties(stage: Stage) -> None:
    """Make `named`: one row a role of a party in a message, with the id of the party and of its address."""
    parts = ", ".join(
        f"nullif(split_part(one, '{FIELD}', {at}), '') AS {name}" for at, name in enumerate(_PARTS, 1)
    )
    stage.run(
        f"CREATE TABLE met AS SELECT n, known_on, instrument, {parts} FROM (SELECT n, known_on, "
        f"instrument_id AS instrument, unnest(string_split(parties, '{LIST}')) AS one FROM parsed "
        f"WHERE {_STANDS} AND parties IS NOT NULL)"
    )
    types = pa.schema([("id", pa.string()), ("key", pa.string())])
    names = f"SELECT DISTINCT {joined('name', 'country')} AS text FROM met WHERE name IS NOT NULL"
    stage.translate("mention", names, mention, types)
    places = f"SELECT DISTINCT {joined('address', 'country')} AS text FROM met WHERE address IS NOT NULL"
    stage.translate("place", places, place, types)
    stage.run(
        "CREATE TABLE named AS SELECT met.*, coalesce(given, m.id) AS party, m.key AS name_key, "
        f"a.id AS place, a.key AS address_key FROM met LEFT JOIN mention m ON m.text = "
        f"{joined('name', 'country')} LEFT JOIN place a ON a.text = {joined('address', 'country')}"
    )


_FIRST = f"source, {ROW} AS row, known_on FROM"
_EARLIEST = "min(n) AS n, min(known_on) AS known_on FROM named"
_NUMBERS = (
    "array_to_string(list_sort(list_distinct(flatten(list(string_split(identifier, '; '))))), '; ')"
    " AS identifier"
)
_PARTY = (
    "SELECT id, name, name_key, coalesce(kind, 'unknown') AS kind, country, born, nullif(identifier, '') AS "
    f"identifier, false AS stated, {_FIRST} (SELECT party AS id, min(name) AS name, "
    "arg_min(name_key, name) AS name_key, min(kind) AS kind, min(country) AS country, min(born) AS born, "
    f"{_NUMBERS}, {_EARLIEST} GROUP BY party) {_SHEET}"
)
_ADDRESS = (
    f"SELECT id, text, key AS address_key, country, {_FIRST} (SELECT place AS id, min(address) AS text, "
    f"min(address_key) AS key, min(country) AS country, {_EARLIEST} WHERE place IS NOT NULL GROUP BY place) "
    f"{_SHEET}"
)
_LOCATED = (
    f"SELECT party, address, {_FIRST} (SELECT party, place AS address, {_EARLIEST} "
    f"WHERE place IS NOT NULL GROUP BY party, place) {_SHEET}"
)
_FOLDED = ", ".join(f'f."{c}"' for c in TYPES.names)
_INSTRUMENT = (
    f"SELECT p.id, {_FOLDED}, {_FIRST} (SELECT instrument_id AS id, "
    f"min(n) FILTER (WHERE fault = 0) AS n, min(known_on) AS known_on FROM parsed WHERE {_STANDS} "
    f"GROUP BY instrument_id) p JOIN told USING (id) JOIN folded f USING (text) {_SHEET}"
)


def _tables(stage: Stage) -> dict[str, str]:
    _fold(stage)
    _parties(stage)
    return {
        "Party": _PARTY,
        "Address": _ADDRESS,
        "LOCATED_AT": _LOCATED,
        "Instrument": _INSTRUMENT,
        "PARTY_TO": "SELECT party, instrument, role, min(name) AS name, min(country) AS country FROM named "
        "GROUP BY party, instrument, role",
    }


RECIPE = Recipe(
    columns=KINDS["payments"].columns,
    principal="Instrument",
    parsed=_PARSED,
    content=tuple(_COLUMNS),
    key="instrument_id || chr(31) || message",
    checks=(
        Check("instrument_id", "t_instrument_id IS NULL", "no number or reference of its own"),
        *day_checks(*_DAYS),
        *number_checks("amount"),
        Check("currency", "t_currency IS NOT NULL AND currency__code IS NULL", "no such currency (ISO 4217)"),
        Check("expires_on", "v_expires_on <= v_issued_on", "it expires before it is issued"),
    ),
    conflict=Check("instrument_id", "", "this message stands already in row "),
    tables=_tables,
    lookups=(
        day_lookup(*_DAYS, "known_on"),
        Lookup(("currency",), currency, {"code": pa.string()}),
    ),
    numbers={"amount": "r.amount"},
    needs=lambda there: ("Instrument",),
    settled=_settled,
)

"""Who takes part in shipments: parties as records name them, their addresses and numbers, and their roles."""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest import party_cells
from diversion.ingest.columns import KINDS, ROLES
from diversion.ingest.mentions import joined, mention, place
from diversion.ingest.parsing import need
from diversion.ingest.recipe import PARSED, ROW
from diversion.ingest.stage import Stage

_ENDS = {"exporter": "SENT", "consignee": "DELIVERED_TO"}
_ABOVE = {"notify_party": "consignee", "end_user": "consignee", "consignee": "exporter"}
"""Whom `same as above` means in the place of a role."""
_AGENTS = ("forwarder", "carrier", "bank", "declarant")
_COLUMNS = KINDS["shipments"].columns
_SHEET = "JOIN sheet ON no = (n >> 32)"


def tables(stage: Stage) -> dict[str, str]:
    """Queries for the parties of `parsed`, their addresses and their parts in shipments."""
    used = _used(stage)
    _read_cells(stage, used)
    used = _resolve(stage, used)
    _meet(stage, used)
    facts = _gather(stage, used)
    found = {kind: _role_sql(role) for role, kind in _ENDS.items()}
    others = [_role_sql(role) for role in used if role not in _ENDS]
    found |= {"TOOK_PART": " UNION ALL ".join(others)} if others else {}
    return {"Party": _parties(facts), **found, **(_places(stage) if facts else {})}


def _used(stage: Stage) -> list[str]:
    """Roles that some row names, and those that a table of the graph has."""
    named = [f"bool_or({role} IS NOT NULL OR {role}_id IS NOT NULL)" for role in ROLES]
    (there,) = stage.rows(f"SELECT {', '.join(named)} FROM parsed WHERE fault = 0")
    return [role for role, is_there in zip(ROLES, there, strict=True) if is_there or role in _ENDS]


def _read_cells(stage: Stage, used: list[str]) -> None:
    """Make `cell`: what each text says that may say more than a name."""
    each = " UNION ALL ".join(f"SELECT {role} AS text FROM parsed WHERE fault = 0" for role in used)
    telling = party_cells.TELLING.replace("'", "''")
    asked = f"SELECT text FROM (SELECT DISTINCT text FROM ({each})) WHERE regexp_matches(text, '{telling}')"
    stage.translate("cell", asked, party_cells.read, pa.schema(list(party_cells.GIVES.items())))


def _resolve(stage: Stage, used: list[str]) -> list[str]:
    """Put the party that is meant in the place of `same as …`, a bank and an agent in their own roles."""
    for role in used:
        for (same,) in stage.rows(
            f"SELECT DISTINCT c.same FROM parsed p JOIN cell c ON c.text = p.{role} WHERE c.same IS NOT NULL"
        ):
            _same(stage, role, _ABOVE.get(role) if same == "above" else same)
    found = [("bank", "bank", ["consignee"]), ("agent", "forwarder", [r for r in used if r not in _AGENTS])]
    for gives, role, said_in in found:
        for said in said_in:
            if stage.rows(
                f"SELECT 1 FROM parsed p JOIN cell c ON c.text = p.{said} WHERE c.{gives} IS NOT NULL LIMIT 1"
            ):
                _appoint(stage, gives, role, said)
    return [role for role in ROLES if role in {*used, *_used(stage)}]


def _same(stage: Stage, role: str, other: str | None) -> None:
    """Copy the party of `other` to `role` where the cell says so."""
    parts = [part for part in ("", "_id", "_country") if other]
    need(stage, *(f"{one}{part}" for one in (role, other) for part in parts if one))
    means = "c.same IN ('above', '" + (other or "above") + "')"
    copied = (
        ", ".join(f"{role}{part} = {other}{part}" for part in parts) if other != role else f"{role} = NULL"
    )
    stage.run(
        f"UPDATE {PARSED} SET {copied or f'{role} = NULL'} FROM cell c WHERE c.text = {PARSED}.{role} "
        f"AND {means}"
    )


def _appoint(stage: Stage, gives: str, role: str, said: str) -> None:
    """Give a role that the row leaves empty to whom the cell of another names."""
    need(stage, role, f"{role}_id", f"{role}_country", f"{said}_country")
    where = f", {role}_country = {said}_country" if gives == "bank" else ""
    stage.run(
        f"UPDATE {PARSED} SET {role} = c.{gives}{where} FROM cell c WHERE c.text = {PARSED}.{said} "
        f"AND c.{gives} IS NOT NULL AND {PARSED}.{role} IS NULL AND {PARSED}.{role}_id IS NULL"
    )


def _meet(stage: Stage, used: list[str]) -> None:
    """Make `minted`: id, name and country for each cell and country; `named`: each party once and again."""
    each = " UNION ALL ".join(
        f"SELECT {role}_id AS given, {role} AS text, {role}_country AS told, min(n) AS n, min(known_on) AS "
        f"known_on FROM parsed WHERE fault = 0 AND ({role} IS NOT NULL OR {role}_id IS NOT NULL) GROUP BY ALL"
        for role in used
    )
    stage.run(f"CREATE TABLE met AS {each}")
    stage.run(
        "CREATE TABLE meant AS SELECT m.text, coalesce(told, '') AS told, coalesce(told, c.country) AS "
        "country, "
        "CASE WHEN c.text IS NULL THEN m.text ELSE c.name END AS name, coalesce(c.shown, m.text) AS shown, "
        "CASE WHEN c.shown <> m.text THEN m.text END AS written FROM (SELECT DISTINCT text, told FROM met "
        "WHERE text IS NOT NULL) m LEFT JOIN cell c ON c.text = m.text"
    )
    asked = f"SELECT DISTINCT {joined('name', 'country')} AS text FROM meant WHERE name IS NOT NULL"
    stage.translate("mention", asked, mention, pa.schema([("id", pa.string()), ("key", pa.string())]))
    stage.run(
        "CREATE TABLE minted AS SELECT m.*, i.id AS party, i.key FROM meant m "
        f"LEFT JOIN mention i ON i.text = {joined('m.name', 'm.country')}"
    )
    stage.run(
        "CREATE TABLE named AS SELECT coalesce(given, i.party) AS party, i.name, coalesce(i.country, "
        "m.told) AS "
        "country, i.key, m.text AS cell, m.n, m.known_on FROM met m LEFT JOIN minted i ON i.text = m.text "
        "AND i.told = coalesce(m.told, '') WHERE coalesce(given, i.party) IS NOT NULL"
    )


def _party(role: str) -> tuple[str, str]:
    """SQL of the party that a row of `parsed p` names in a role, and the join that it needs."""
    return (
        f"coalesce(p.{role}_id, m.party)",
        f"LEFT JOIN minted m ON m.text = p.{role} AND m.told = coalesce(p.{role}_country, '')",
    )


def _role_sql(role: str) -> str:
    party, join = _party(role)
    told = "" if role in _ENDS else f"'{role.replace('_', ' ')}' AS role, "
    return (
        f"SELECT {party} AS party, p.id AS shipment, {told}m.shown AS name, "
        f"coalesce(m.country, p.{role}_country) AS country, m.written FROM parsed p {join} "
        f"WHERE fault = 0 AND {party} IS NOT NULL"
    )


def _gather(stage: Stage, used: list[str]) -> bool:
    """Make `fact`: addresses, numbers and contacts of parties; False where the file tells none."""
    parts = []
    if stage.rows(
        "SELECT 1 FROM cell WHERE address IS NOT NULL OR len(identifiers) + len(contacts) > 0 LIMIT 1"
    ):
        parts.append(
            "SELECT party, c.address, coalesce(c.country, a.country) AS country, c.identifiers, "
            "c.contacts, n, "
            "known_on FROM named a JOIN cell c ON c.text = a.cell"
        )
    there = {row[0] for row in stage.rows(f"DESCRIBE {PARSED}")}
    for role in used:
        own = {what: f"{role}_{what}" for what in ("address", "identifier", "contact")}
        if there.intersection(own.values()):
            parts.append(_stated(role, own))
    if parts:
        stage.run(f"CREATE TABLE fact AS {' UNION ALL '.join(parts)}")
    return bool(parts)


def _stated(role: str, own: dict[str, str]) -> str:
    """What columns of their own say of the party of a role."""
    party, join = _party(role)
    address, number, contact = ((column if column in _COLUMNS else None) for column in own.values())
    text = f"p.{address}" if address else "NULL::VARCHAR"
    country = f"coalesce(p.{address}_country, m.country)" if address else "NULL::VARCHAR"
    numbers = f"p.{number}s" if number else "NULL::VARCHAR[]"
    ways = f"p.{contact}s" if contact else "NULL::VARCHAR[]"
    return (
        f"SELECT {party} AS party, {text} AS address, {country} AS country, {numbers} AS identifiers, "
        f"{ways} AS contacts, min(n) AS n, min(known_on) AS known_on FROM parsed p {join} "
        f"WHERE fault = 0 AND {party} IS NOT NULL GROUP BY ALL"
    )


def _parties(facts: bool) -> str:
    known = "NULL::VARCHAR AS identifier, NULL::VARCHAR[] AS contacts"
    join = ""
    if facts:
        known = "identifier, contacts"
        join = (
            "LEFT JOIN (SELECT party AS id, nullif(array_to_string(list_sort(list_distinct(flatten(list("
            "identifiers)))), '; '), '') AS identifier, list_sort(list_distinct(flatten(list(contacts)))) AS "
            "contacts FROM fact GROUP BY party) USING (id)"
        )
    return (
        f"SELECT id, name, key AS name_key, 'unknown' AS kind, country, {known}, false AS stated, source, "
        f"{ROW} AS row, known_on FROM (SELECT party AS id, min(name) AS name, arg_min(key, name) AS key, "
        f"min(country) AS country, min(n) AS n, min(known_on) AS known_on FROM named GROUP BY party) "
        f"{join} {_SHEET}"
    )


def _places(stage: Stage) -> dict[str, str]:
    """Queries for addresses and who is there."""
    asked = f"SELECT DISTINCT {joined('address', 'country')} AS text FROM fact WHERE address IS NOT NULL"
    stage.translate("place", asked, place, pa.schema([("id", pa.string()), ("key", pa.string())]))
    stage.run(
        "CREATE TABLE located AS SELECT f.party, a.id AS address, a.key, f.address AS text, f.country, "
        "n, known_on "
        f"FROM fact f JOIN place a ON a.text = {joined('f.address', 'f.country')}"
    )
    earliest = "min(n) AS n, min(known_on) AS known_on FROM located GROUP BY"
    first = f"source, {ROW} AS row, known_on FROM ("
    return {
        "Address": f"SELECT id, text, key AS address_key, country, {first}SELECT address AS id, "
        f"min(text) AS text, "
        f"min(key) AS key, min(country) AS country, {earliest} address) {_SHEET}",
        "LOCATED_AT": f"SELECT party, address, {first}SELECT party, address, {earliest} party, address) "
        f"{_SHEET}",
    }

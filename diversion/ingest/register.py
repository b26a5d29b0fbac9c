"""Registers of companies and owners: parties, holdings, control and why an owner is not named.

Readers of publishers' formats give the rows (`kinds.register` in `data/columns.toml`); what several
statements of one record mean together stands in `register_history` and `register_stakes`.
"""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest import vocabulary
from diversion.ingest.columns import KINDS
from diversion.ingest.documents import FIELD, LIST, NOT_KEPT
from diversion.ingest.listings import keyed
from diversion.ingest.mentions import APART, place
from diversion.ingest.recipe import ROW, SHEET, Check, Lookup, Recipe, day_checks, day_lookup, number_checks
from diversion.ingest.register_held import statements
from diversion.ingest.register_stakes import settled
from diversion.ingest.stage import Stage

RECORDS = ("party", "mention", "holding", "control", "exception")
_SHARES = ("share", "share_min", "share_max")
_ENDED = "coalesce(lower(t_status) IN ('closed', 'void'), FALSE)"


_ELSEWHERE = "CASE WHEN country__code IS NULL THEN 'country ' || t_country END"


def _flag(column: str) -> str:
    return f"CASE lower(t_{column}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"


_PARSED = {
    "record": "t_record",
    "record_id": "coalesce(t_record_id, t_party_id)",
    "stated": "t_stated_on",
    "stated_on": "stated_on__first",
    "ended": _ENDED,
    "party_id": "t_party_id",
    "name": "t_name",
    "name_key": "name__key",
    "kind": "coalesce(kind__kind, 'unknown')",
    "country": "country__code",
    "addresses": "t_addresses",
    "identifiers": "t_identifiers",
    "aliases": "t_aliases",
    "contacts": "t_contacts",
    "incorporated_on": "incorporated_on__first",
    "dissolved_on": "dissolved_on__first",
    "born": "t_born",
    "note": f"nullif(concat_ws('; ', t_note, {_ELSEWHERE}), '')",
    "owner_id": "t_owner_id",
    "owned_id": "coalesce(t_owned_id, CASE t_record WHEN 'exception' THEN t_party_id END)",
    "share_min": "coalesce(share__number, share_min__number)",
    "share_max": "coalesce(share__number, share_max__number)",
    "above_min": f"share__number IS NULL AND coalesce({_flag('above_min')}, FALSE)",
    "below_max": f"share__number IS NULL AND coalesce({_flag('below_max')}, FALSE)",
    "interest": "coalesce(interest__kind, 'unknown')",
    "indirect": _flag("indirect"),
    "told_by": "t_told_by",
    "by": "coalesce(t_by, 'stated control')",
    "from": "from__first",
    # What is known only to the year or month may have lasted to its end.
    "until": f"CASE WHEN {_ENDED} THEN coalesce(until__last, stated_on__first) ELSE until__last END",
    "reason": "t_reason",
    "replaces": "t_replaces",
}


def territory(text: str) -> tuple[str | None]:
    """The country of a code or name, or of a part of a country.

    >>> territory("US-DE"), territory("gb"), territory("Wales"), territory("Atlantis")
    (('US',), ('GB',), ('GB',), (None,))
    """
    if text.strip().casefold() in ("scotland", "wales", "northern ireland", "england and wales"):
        return ("GB",)
    found = vocabulary.country(text)
    if not found[0] and text[2:3] == "-":
        return vocabulary.country(text[:2])
    return found


def _located(text: str) -> tuple[str, str, str, str | None]:
    """Id, key, text and country of an address and its country as one cell."""
    written, _, country = text.partition(FIELD)
    code = territory(country)[0] if country else None
    return *place(f"{written or country}{APART}{code or ''}"), written or country, code


_TEXT = pa.string()
_PLACE = {"id": _TEXT, "key": _TEXT, "written": _TEXT, "country": _TEXT}


def _listed(column: str) -> str:
    return f"string_split({column}, '{LIST}')"


def _tables(stage: Stage) -> dict[str, str]:
    stage.run(
        f"CREATE TABLE lives AS SELECT party, unnest({_listed('addresses')}) AS text, n, known_on FROM party "
        "WHERE addresses IS NOT NULL"
    )
    stage.translate("place", "SELECT DISTINCT text FROM lives", _located, pa.schema(list(_PLACE.items())))
    stage.run("CREATE TABLE located AS SELECT party, place.*, n, known_on FROM lives JOIN place USING (text)")
    joined, origin = f"JOIN sheet ON no = {SHEET}", f"source, {ROW} AS row, known_on"
    read = f"FROM stake LEFT JOIN sheet ON no = {SHEET} AND n > 0 WHERE record"
    first = f"coalesce(stake.source, sheet.source) AS source, coalesce(row, {ROW}) AS row, known_on"
    earliest = f"min(n) AS n, min(known_on) AS known_on FROM located GROUP BY ALL) {joined}"
    spans = '"from", until'
    return {
        "Party": "SELECT party AS id, name, name_key, kind, country, incorporated_on, dissolved_on, born, "
        f"{_listed('aliases')} AS aliases, {_listed('contacts')} AS contacts, "
        f"replace(identifiers, '{LIST}', '; ') AS identifier, note, stated, {origin} FROM party {joined}",
        "Address": f"SELECT id, written AS text, key AS address_key, country, {origin} FROM ("
        f"SELECT id, min(written) AS written, min(key) AS key, country, {earliest}",
        "LOCATED_AT": f'SELECT party, id AS address, NULL::DATE AS "from", NULL::DATE AS until, {origin} '
        f"FROM (SELECT party, id, {earliest}",
        "OWNS": "SELECT owner, owned, id, share_min, share_max, above_min, below_max, interest AS kind, "
        f"indirect, {_listed('told_by')} AS told_by, of AS record, reason, {spans}, {first} {read} "
        "<> 'control' UNION ALL BY NAME SELECT * FROM old_OWNS",
        "CONTROLS": f'SELECT owner AS controller, owned AS controlled, id, "by", of AS record, reason, '
        f"{spans}, {first} {read} = 'control' UNION ALL BY NAME SELECT * FROM old_CONTROLS",
        "Statement": statements(stage),
    }


_STAKE = "t_record IN ('holding', 'control')"

RECIPE = Recipe(
    columns=KINDS["register"].columns,
    principal=("Party", "OWNS", "CONTROLS"),
    parsed=_PARSED,
    content=tuple(sorted(set(_PARSED) - {"name_key", "stated_on", "replaces"})),
    # What is not dated was so when it was published or received.
    derived={
        "stated_on": "coalesce(stated_on, known_on)",
        "stated": "coalesce(stated, known_on::VARCHAR)",
    },
    key="digest",
    checks=(
        Check("record", f"t_record IS NULL OR t_record NOT IN {RECORDS}", "no kind of record"),
        Check("party_id", "t_record IN ('party', 'mention') AND t_party_id IS NULL", "no id of the party"),
        Check("owned_id", f"{_STAKE} AND t_owned_id IS NULL", "no id of the party that is held"),
        Check("owned_id", "t_record = 'exception' AND v_owned_id IS NULL", "no id of the party it is about"),
        Check("kind", "t_kind IS NOT NULL AND kind__kind IS NULL", "unknown kind of party"),
        Check(
            "interest",
            "t_interest IS NOT NULL AND interest__kind IS NULL",
            "a holding is of shares, votes or unknown",
        ),
        *number_checks(*_SHARES),
        *(Check(c, f"{c}__number > 100", "a share is between 0 and 100 per cent") for c in _SHARES),
        Check("share_min", "v_share_min > v_share_max", "the least share is above the most"),
        *day_checks("stated_on", "incorporated_on", "dissolved_on", "from", "until"),
        Check(
            "stated_on",
            f"{_STAKE} AND {_ENDED} AND v_until IS NULL",
            f"{NOT_KEPT}it has ended, and the day is not stated",
        ),
        Check("until", "v_from > v_until", "it ends before it begins: until is the first day without it"),
    ),
    conflict=Check("record_id", "", "this record stands already in row "),
    tables=_tables,
    settled=settled,
    numbers={c: f"r.{c}" for c in _SHARES},
    lookups=(
        day_lookup("stated_on", "incorporated_on", "dissolved_on", "from", "until", "known_on"),
        Lookup(("country",), territory, {"code": _TEXT}),
        Lookup(("kind",), vocabulary.party_kind, {"kind": _TEXT}),
        Lookup(("interest",), vocabulary.stake, {"kind": _TEXT}),
        Lookup(("name",), keyed, {"key": _TEXT}),
    ),
)

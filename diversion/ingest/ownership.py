"""Ownership: one holding a row. Owner and owned hold a party id or a name; which it is, is told later."""

from __future__ import annotations

import pyarrow as pa

from diversion.ingest import vocabulary
from diversion.ingest.columns import KINDS
from diversion.ingest.mentions import PARTIES, named, party_of
from diversion.ingest.recipe import Check, Lookup, Recipe, day_checks, day_lookup
from diversion.ingest.stage import Stage

_SHARES = ("share", "share_min", "share_max")


_PARSED = {
    "owner": "t_owner",
    "owner_id": "t_owner_id",
    "owned": "t_owned",
    "owned_id": "t_owned_id",
    "share_min": "coalesce(share_min__number, share__number)",
    "share_max": "coalesce(share_max__number, share__number)",
    "kind": "CASE WHEN t_kind IS NULL THEN 'shares' ELSE kind__kind END",
    "from": "from__first",
    "until": "until__first",
}


def _tables(stage: Stage) -> dict[str, str]:
    named(stage, {"owner": "NULL::VARCHAR", "owned": "NULL::VARCHAR"})
    (owner, first), (owned, second) = party_of("owner", "NULL", "a"), party_of("owned", "NULL", "b")
    return {
        "Party": PARTIES,
        "OWNS": f'SELECT {owner} AS owner, {owned} AS owned, p.id, share_min, share_max, p.kind, p."from", '
        "p.until, source, (p.n & 4294967295) AS row, p.known_on FROM parsed p JOIN sheet ON no = (p.n >> 32) "
        f"{first} {second} WHERE p.fault = 0",
    }


RECIPE = Recipe(
    columns=KINDS["ownership"].columns,
    principal="OWNS",
    parsed=_PARSED,
    content=tuple(sorted(_PARSED)),
    key="'O-' || digest",
    checks=(
        *(
            Check(end, f"t_{end} IS NULL AND t_{end}_id IS NULL", f"neither name nor id of the {role}")
            for end, role in (("owner", "owner"), ("owned", "party owned"))
        ),
        *(
            check
            for c in _SHARES
            for check in (
                Check(c, f"t_{c} IS NOT NULL AND {c}__number IS NULL", "not a number"),
                Check(c, f"NOT {c}__number BETWEEN 0 AND 100", "a share is between 0 and 100 per cent"),
            )
        ),
        Check("share_min", "v_share_min > v_share_max", "the least share is above the most"),
        Check(
            "kind", "t_kind IS NOT NULL AND kind__kind IS NULL", "a holding is of shares, votes or unknown"
        ),
        *day_checks("from", "until"),
        Check("until", "v_from >= v_until", "it ends before it begins: until is the first day without it"),
    ),
    conflict=Check("owner", "", "this holding stands already in row "),
    tables=_tables,
    numbers={c: f"rtrim(r.{c}, '% ')" for c in _SHARES},
    lookups=(
        day_lookup("from", "until", "known_on"),
        Lookup(("kind",), vocabulary.stake, {"kind": pa.string()}),
    ),
)

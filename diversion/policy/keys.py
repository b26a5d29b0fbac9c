"""What a pack may hold: its tables, the keys of each, and the types of their values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from diversion.policy.model import EFFECTS


class Kind(NamedTuple):
    """A type of value: its Python types and the words for it in messages."""

    types: tuple[type, ...]
    words: str


class Keys(NamedTuple):
    """Keys that must stand in a table, and keys that may."""

    must: Mapping[str, Kind]
    may: Mapping[str, Kind]


TEXT, DAY, FLAG = Kind((str,), "text"), Kind((date,), "a day like 2024-02-23"), Kind((bool,), "true or false")
NUMBER, LIST, WHOLE = Kind((int, float), "a number"), Kind((list,), "a list"), Kind((int,), "a whole number")
TABLE = Kind((dict,), "a table")
DATED = {"from": DAY, "until": DAY}
LAW = {"source": TEXT, "status": TEXT}

ARRAYS: Mapping[str, Keys] = {
    "goods": Keys(
        {"name": TEXT, "codes": LIST, **LAW}, {**DATED, "title": TEXT, "sought": FLAG, "versions": LIST}
    ),
    "concordance": Keys({"name": TEXT, "older": TEXT, "newer": TEXT, "rows": LIST, **LAW}, {"title": TEXT}),
    "sets": Keys({"name": TEXT, "countries": LIST, **LAW}, {**DATED, "title": TEXT}),
    "embargoes": Keys({"name": TEXT, "country": TEXT, "goods": TEXT, "effect": TEXT, **LAW}, DATED),
    "controls": Keys({"name": TEXT, "day": DAY, "countries": LIST, "source": TEXT}, {"status": TEXT}),
    "programmes": Keys(
        {
            "name": TEXT,
            "authority": TEXT,
            "programme": TEXT,
            "effect": TEXT,
            "strength": NUMBER,
            "source": TEXT,
        },
        {**DATED, "status": TEXT},
    ),
    "regimes": Keys({"name": TEXT, "authority": TEXT, "entries": LIST, **LAW}, {**DATED, "title": TEXT}),
    "ownership": Keys(
        {"name": TEXT, "effect": TEXT, "seeds": LIST, "periods": LIST},
        {"title": TEXT, "control_by": LIST, "control_source": TEXT, "exceptions": LIST, "natures": LIST},
    ),
    "red_flags": Keys({"name": TEXT, "flags": LIST, **LAW}, {**DATED, "title": TEXT}),
    "value_limits": Keys({"name": TEXT, "usd": NUMBER, "countries": LIST, **LAW}, {**DATED, "title": TEXT}),
    "watchlist": Keys(
        {"name": TEXT, "effect": TEXT, "from": DAY, "source": TEXT},
        {
            "until": DAY,
            "aliases": LIST,
            "kind": TEXT,
            "country": TEXT,
            "address": TEXT,
            "identifiers": LIST,
            "programme": TEXT,
            "status": TEXT,
        },
    ),
    "rates": Keys({"name": TEXT, **LAW}, {"title": TEXT, "years": TABLE, "values": LIST}),
}
"""Arrays of rules. A rule of a later pack replaces its namesake, all versions of it."""

TABLES: Mapping[str, Keys] = {
    "pack": Keys({"name": TEXT, "version": TEXT}, {"extends": LIST}),
    "remove": Keys({}, dict.fromkeys(ARRAYS, LIST)),
    "meaning": Keys({}, {"ends": LIST, "undated": TEXT}),
    "strengths": Keys({}, dict.fromkeys(EFFECTS, NUMBER)),
    "transit": Keys({"days_min": WHOLE, "days_max": WHOLE, "source": TEXT}, {}),
    "not_passing": Keys({"words": LIST, "starts": LIST, "endings": LIST, "reason": TEXT}, {}),
}
INSIDE: Mapping[str, Keys] = {
    "codes": Keys(
        {},
        {
            **DATED,
            "hs6": TEXT,
            "eccn": TEXT,
            "national": TEXT,
            "tier": TEXT,
            "description": TEXT,
            "since": DAY,
        },
    ),
    "versions": Keys({"day": DAY, "codes": WHOLE, **LAW}, {"title": TEXT}),
    "rows": Keys({"old": TEXT, "new": LIST}, {"sought": FLAG}),
    "entries": Keys({"code": TEXT, "title": TEXT}, {**DATED, "effect": TEXT, "law": TEXT, "status": TEXT}),
    "flags": Keys({"number": TEXT, "text": TEXT}, {**DATED, "factors": LIST, "status": TEXT, "source": TEXT}),
    "seeds": Keys({"authority": TEXT, "programme": TEXT, "effects": LIST}, {"certain": FLAG}),
    "periods": Keys(
        {"threshold": NUMBER, "strict": FLAG, "aggregate": FLAG, "control": FLAG, **LAW},
        DATED,
    ),
    "natures": Keys({"name": TEXT, "stated": LIST, "counts": TEXT, **LAW}, {"decided_by": TEXT}),
    "values": Keys({"from": DAY, "until": DAY, "usd": NUMBER}, {}),
}
"""Arrays within a rule, by their key."""
THRESHOLD = Keys({"value": NUMBER, "reason": TEXT}, {**DATED, **LAW})
ONCE = frozenset({"ownership", "controls", "concordance", "rates"})
"""Arrays in which a name stands once; in the others it may have versions, on days of their own."""
SINGLE = ("thresholds", *TABLES)

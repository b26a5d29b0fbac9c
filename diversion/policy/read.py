"""Packs: TOML files read, checked and laid over one another."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from diversion.errors import PolicyError
from diversion.policy.model import EFFECTS

Raw = dict[str, Any]
SIZE_LIMIT = 20_000_000
"""A larger pack is refused: no law is that long."""


class Kind(NamedTuple):
    """A type of value: its Python types and the words for it in messages."""

    types: tuple[type, ...]
    words: str


TEXT, DAY, FLAG = Kind((str,), "text"), Kind((date,), "a day like 2024-02-23"), Kind((bool,), "true or false")
NUMBER, LIST, WHOLE = Kind((int, float), "a number"), Kind((list,), "a list"), Kind((int,), "a whole number")
TABLE = Kind((dict,), "a table")
DATED = {"from": DAY, "until": DAY}
LAW = {"source": TEXT, "status": TEXT}

ARRAYS: Mapping[str, tuple[dict[str, Kind], dict[str, Kind]]] = {
    "goods": ({"name": TEXT, "codes": LIST, **LAW}, {**DATED, "title": TEXT, "sought": FLAG}),
    "sets": ({"name": TEXT, "countries": LIST, **LAW}, {**DATED, "title": TEXT}),
    "embargoes": ({"name": TEXT, "country": TEXT, "goods": TEXT, "effect": TEXT, **LAW}, DATED),
    "controls": ({"name": TEXT, "day": DAY, "countries": LIST, "source": TEXT}, {}),
    "programmes": (
        {
            "name": TEXT,
            "authority": TEXT,
            "programme": TEXT,
            "effect": TEXT,
            "strength": NUMBER,
            "source": TEXT,
        },
        {},
    ),
    "ownership": (
        {"name": TEXT, "effect": TEXT, "seeds": LIST, "periods": LIST},
        {"title": TEXT, "control_by": LIST, "control_source": TEXT},
    ),
    "rates": ({"name": TEXT, **LAW}, {"title": TEXT, "years": TABLE, "values": LIST}),
}
"""Arrays of rules: keys that must stand, keys that may. A rule of a later pack replaces its namesake."""

TABLES: Mapping[str, tuple[dict[str, Kind], dict[str, Kind]]] = {
    "pack": ({"name": TEXT, "version": TEXT}, {}),
    "meaning": ({}, {"ends": LIST, "undated": TEXT}),
    "strengths": ({}, dict.fromkeys(EFFECTS, NUMBER)),
    "transit": ({"days_min": WHOLE, "days_max": WHOLE, "source": TEXT}, {}),
    "not_passing": ({"words": LIST, "starts": LIST, "endings": LIST, "reason": TEXT}, {}),
}
INSIDE: Mapping[str, tuple[dict[str, Kind], dict[str, Kind]]] = {
    "codes": ({"hs6": TEXT}, {"tier": TEXT, "description": TEXT}),
    "seeds": ({"authority": TEXT, "programme": TEXT, "effects": LIST}, {"certain": FLAG}),
    "periods": (
        {"threshold": NUMBER, "strict": FLAG, "aggregate": FLAG, "control": FLAG, **LAW},
        DATED,
    ),
    "thresholds": ({"value": NUMBER, "reason": TEXT}, {}),
    "values": ({"from": DAY, "until": DAY, "usd": NUMBER}, {}),
}


def texts(path: Path | None) -> list[tuple[str, str]]:
    """Name and text of each pack: the built-in ones, then those at `path` (a file or a folder)."""
    inside = files("diversion.policy") / "packs"
    found = [
        (pack.name, pack.read_text(encoding="utf-8"))
        for pack in sorted(inside.iterdir(), key=lambda entry: entry.name)
        if pack.name.endswith(".toml")
    ]
    return found + (_outside(path) if path else [])


def _outside(path: Path) -> list[tuple[str, str]]:
    hint = "name a .toml file or a folder that holds some"
    try:
        packs = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not packs:
            raise PolicyError("the folder holds no policy pack", where=str(path), hint=hint)
        if any(pack.stat().st_size > SIZE_LIMIT for pack in packs):
            raise PolicyError("the pack is larger than 20 MB", where=str(path), hint=hint)
        return [(str(pack), pack.read_text(encoding="utf-8")) for pack in packs]
    except OSError as error:
        raise PolicyError(f"cannot be read: {error.strerror or error}", where=str(path), hint=hint) from error
    except UnicodeDecodeError as error:
        raise PolicyError("is not UTF-8 text", where=str(path), hint=hint) from error


def merged(packs: list[tuple[str, str]]) -> Raw:
    """One policy out of checked packs: `pack` lists names and versions, arrays are laid over by name."""
    whole: Raw = {"packs": [], "thresholds": {}, **{name: {} for name in ARRAYS}}
    for where, text in packs:
        raw = _parsed(where, text)
        for key, value in raw.items():
            _lay(whole, where, key, value)
    return whole


def _parsed(where: str, text: str) -> Raw:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"is not valid TOML: {error}", where=where, hint="correct that line") from error


def _lay(whole: Raw, where: str, key: str, value: Any) -> None:
    if key in ARRAYS:
        _lay_rules(whole[key], where, key, value)
    elif key == "thresholds":
        for name, row in _table(where, key, value).items():
            checked(f"{where}, thresholds.{name}", row, INSIDE["thresholds"])
            whole["thresholds"][name] = row
    elif key in TABLES:
        checked(f"{where}, {key}", _table(where, key, value), TABLES[key])
        if key == "pack":
            whole["packs"].append(value)
        else:
            whole[key] = {**whole.get(key, {}), **value}
    else:
        known = ", ".join(sorted({*ARRAYS, *TABLES, "thresholds"}))
        raise PolicyError(f"unknown key {key!r}", where=where, hint=f"a pack holds: {known}")


def _table(where: str, key: str, value: Any) -> Raw:
    if not isinstance(value, dict):
        raise PolicyError(f"{key} must be a table", where=where, hint=f"write [{key}]")
    return value


def _lay_rules(into: Raw, where: str, key: str, rules: Any) -> None:
    if not isinstance(rules, list):
        raise PolicyError(f"{key} must be an array of tables", where=where, hint=f"write [[{key}]]")
    seen: set[str] = set()
    fresh: Raw = {}
    for place, rule in enumerate(rules, 1):
        spot = f"{where}, {key} {place}"
        checked(spot, rule, ARRAYS[key])
        if rule["name"] in seen:
            raise PolicyError(
                f"the name {rule['name']!r} stands twice", where=spot, hint="give each rule its own name"
            )
        seen.add(rule["name"])
        for inner in ("codes", "seeds", "periods", "values"):
            for number, row in enumerate(rule.get(inner, ()), 1):
                checked(f"{spot} ({rule['name']}), {inner} {number}", row, INSIDE[inner])
        fresh[rule["name"]] = rule
    # A user's own rules come first: where order decides (programmes, goods), theirs win.
    kept = {name: rule for name, rule in into.items() if name not in fresh}
    into.clear()
    into.update({**fresh, **kept})


def checked(where: str, row: Any, keys: tuple[dict[str, Kind], dict[str, Kind]]) -> None:
    """Raise `PolicyError` where a key is missing, unknown, or of the wrong type or value."""
    must, may = keys
    if not isinstance(row, dict):
        raise PolicyError("must be a table", where=where, hint="write key = value lines")
    for key in must:
        if key not in row:
            raise PolicyError(f"{key} is missing", where=where, hint=f"add {key} = … ({must[key].words})")
    for key, value in row.items():
        kind = must.get(key) or may.get(key)
        if kind is None:
            raise PolicyError(
                f"unknown key {key!r}", where=where, hint=f"known are {', '.join([*must, *may])}"
            )
        _check_value(where, key, value, kind)
    if "from" in row and "until" in row and not row["from"] < row["until"]:
        raise PolicyError(
            f"until {row['until']} is not after from {row['from']}",
            where=where,
            hint="until is the first free day",
        )


def _check_value(where: str, key: str, value: Any, kind: Kind) -> None:
    wrong = not isinstance(value, kind.types) or isinstance(value, datetime)
    if wrong or (isinstance(value, bool) and bool not in kind.types):
        raise PolicyError(f"{key} = {value!r} is not {kind.words}", where=where, hint=f"write {kind.words}")
    if key in VALUES and (fault := VALUES[key](value)):
        raise PolicyError(f"{key} = {_short(value)} is not allowed", where=where, hint=fault)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:57] + "…"


def _one_of(*allowed: str) -> Any:
    return lambda value: None if value in allowed else f"one of {', '.join(allowed)}"


def _matches(pattern: str, hint: str) -> Any:
    return lambda value: None if re.fullmatch(pattern, value) else hint


def _all(test: Any, hint: str) -> Any:
    return lambda values: None if values and all(isinstance(v, str) and not test(v) for v in values) else hint


def _between(low: float, high: float) -> Any:
    return lambda value: None if low <= value <= high else f"a number from {low:g} to {high:g}"


def _expression(value: str) -> str | None:
    try:
        re.compile(value)
    except re.error as error:
        return f"a regular expression: {error}"
    return None


_country = _matches(r"[A-Z]{2}", "an ISO 3166-1 alpha-2 code such as RU")
VALUES: Mapping[str, Any] = {
    "status": _one_of("stated", "unverified", "verify"),
    "effect": _one_of(*EFFECTS),
    "effects": _all(_one_of(*EFFECTS), f"a list of {', '.join(EFFECTS)}"),
    "ends": _all(_one_of(*EFFECTS), f"a list of {', '.join(EFFECTS)}"),
    "undated": _one_of("first_seen", "always", "never"),
    "hs6": _matches(r"[0-9]{6}", "six digits"),
    "country": _country,
    "countries": _all(_country, "a list of ISO 3166-1 alpha-2 codes such as RU"),
    "threshold": _between(0, 100),
    "usd": _between(1e-9, 1e6),
    "strength": _between(0, 1),
    **dict.fromkeys(EFFECTS, _between(0, 1)),
    "days_min": _between(0, 3650),
    "days_max": _between(0, 3650),
    "authority": _expression,
    "programme": _expression,
    "control_by": _all(_expression, "a list of regular expressions"),
    "control_source": _matches(r"(?s).*\S.*", "where it was read"),
    "words": _all(lambda _: None, "a list of words"),
    "starts": _all(lambda _: None, "a list of words"),
    "endings": _all(lambda _: None, "a list of words"),
    "source": _matches(r"(?s).*\S.*", "where the rule was read"),
    "name": _matches(r"(?s).*\S.*", "a name"),
}

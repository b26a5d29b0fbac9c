"""What the values of a pack may be: a test returns what to write instead, or None where nothing is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from diversion.policy.keys import ARRAYS
from diversion.policy.model import COUNTS, EFFECTS, STATUSES

Test = Callable[[Any], str | None]
LONGEST = 1_000
"""Characters of a regular expression: a longer one is a mistake, or meant to stall."""


def _one_of(*allowed: str) -> Test:
    return lambda value: None if value in allowed else f"one of {', '.join(allowed)}"


def _matches(pattern: str, hint: str) -> Test:
    return lambda value: None if re.fullmatch(pattern, value) else hint


def _all(test: Test, hint: str, *, empty: bool = False) -> Test:
    def tested(values: Any) -> str | None:
        if not values:
            return None if empty else hint
        for value in values:
            if not isinstance(value, str):
                return f"{hint}; {value!r} is none"
            if instead := test(value):
                return f"{hint}; {value!r} is none: {instead}"
        return None

    return tested


def _between(low: float, high: float) -> Test:
    return lambda value: None if low <= value <= high else f"a number from {low:g} to {high:g}"


def _expression(value: str) -> str | None:
    if len(value) > LONGEST:
        return f"a regular expression of at most {LONGEST:,} characters"
    try:
        re.compile(value)
    except re.error as error:
        return f"a regular expression: {error}"
    return None


def _country(value: str) -> str | None:
    if value in _countries():
        return None
    meant = {"UK": "GB", "EL": "GR", "SU": "RU", "TP": "TL", "ZR": "CD"}.get(value.upper())
    return f"an ISO 3166-1 alpha-2 code such as {meant or 'RU'}"


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    import pycountry

    # Kosovo has no code of ISO's; customs and banks write XK.
    return frozenset({one.alpha_2 for one in pycountry.countries} | {"XK"})


def _hs6(value: str) -> str | None:
    if not re.fullmatch(r"[0-9]{6}", value):
        return "six digits, without points"
    # Chapter 77 is kept free; 98 and 99 are left to each country.
    chapter = int(value[:2])
    return (
        None
        if 1 <= chapter <= 99 and chapter != 77
        else "six digits of the Harmonized System, chapters 01 to 99"
    )


_SAID = _matches(r"(?s).*\S.*", "some words")
_WORDS = _all(lambda _: None, "a list of words")
_ANY_WORDS = _all(lambda _: None, "a list of words", empty=True)
_HS = _all(_hs6, "a list of codes of six digits")

VALUES: Mapping[str, Test] = {
    "status": _one_of(*STATUSES),
    "effect": _one_of(*EFFECTS),
    "entries.effect": _one_of(*EFFECTS, "none"),
    "effects": _all(_one_of(*EFFECTS), f"a list of {', '.join(EFFECTS)}"),
    "ends": _all(_one_of(*EFFECTS), f"a list of {', '.join(EFFECTS)}"),
    "undated": _one_of("first_seen", "always", "never"),
    "kind": _one_of("company", "person", "public body", "vessel", "unknown"),
    "hs6": _hs6,
    "old": _hs6,
    "new": _HS,
    "eccn": _matches(
        r"EAR99|[0-9][A-E][0-9]{3}(\.[a-z0-9.]+)?", "an ECCN such as 3A001 or 3A001.a.5, or EAR99"
    ),
    "national": _matches(r"[0-9]{7,12}", "7 to 12 digits"),
    "country": _country,
    "countries": _all(_country, "a list of countries"),
    "threshold": _between(0, 100),
    "usd": _between(1e-9, 1e6),
    "strength": _between(0, 1),
    **dict.fromkeys(EFFECTS, _between(0, 1)),
    "days_min": _between(0, 3650),
    "days_max": _between(0, 3650),
    "authority": _expression,
    "programmes.programme": _expression,
    "seeds.programme": _expression,
    "control_by": _all(_expression, "a list of regular expressions"),
    "stated": _all(_expression, "a list of regular expressions"),
    "counts": _one_of(*COUNTS),
    "exceptions": _WORDS,
    "extends": _all(_matches(r".+\.toml", "a file"), "a list of files such as base.toml", empty=True),
    "words": _WORDS,
    "starts": _WORDS,
    "endings": _WORDS,
    "aliases": _ANY_WORDS,
    "identifiers": _ANY_WORDS,
    "factors": _ANY_WORDS,
    **dict.fromkeys(ARRAYS, _ANY_WORDS),
    **dict.fromkeys(
        ("source", "name", "control_source", "text", "title", "decided_by", "number", "code", "reason"), _SAID
    ),
}
"""Tests by key, or by table and key where the same word means something else there."""


def fault(table: str, key: str, value: Any) -> str | None:
    """What to write instead of a value of the right type; None where it is allowed.

    >>> fault("sets", "countries", ["UK"])
    "a list of countries; 'UK' is none: an ISO 3166-1 alpha-2 code such as GB"
    """
    test = VALUES.get(f"{table}.{key}") or VALUES.get(key)
    return test(value) if test else None


SCALES: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(
        ("same_party", "match_certain", "match_cutoff", "disguise_band", "reject_share", "splitting_share"),
        (0, 1),
    ),
    **dict.fromkeys(("owner_group_share", "check_route_score"), (0, 100)),
}
"""Thresholds that are a confidence, a share or a score; all others are counts, days or log-odds lost."""


def off_scale(name: str, value: float) -> str | None:
    """What the value of a threshold must be where it is not; None where it may be so.

    >>> off_scale("match_cutoff", 2), off_scale("pattern_days", -1), off_scale("pattern_days", 7)
    ('a number from 0 to 1', 'a number that is not negative', None)
    """
    if name in SCALES:
        return _between(*SCALES[name])(value)
    return None if value >= 0 else "a number that is not negative"

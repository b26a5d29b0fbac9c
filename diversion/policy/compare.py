"""What changed: between two policies, or in the law between two days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from diversion.policy.days import holds, standing
from diversion.policy.model import Rule
from diversion.policy.overview import plain, what
from diversion.policy.policy import Policy

Versions = dict[tuple[str, str], list[Rule]]


def policies(one: Policy, other: Policy) -> list[dict[str, Any]]:
    """Rules that the other policy adds, takes out or changes; versions are told apart by their first day."""
    before, after = _grouped(one), _grouped(other)
    names = dict.fromkeys([*before, *after])
    return [row for name in names for row in _among(before.get(name, []), after.get(name, []))]


def _among(old: list[Rule], new: list[Rule]) -> list[dict[str, Any]]:
    if len(old) == len(new) == 1:
        pairs = [(old[0], new[0])]
    else:
        pairs = [(a, b) for a in old for b in new if a.from_day == b.from_day]
    paired_old, paired_new = [a for a, _ in pairs], [b for _, b in pairs]
    rows = [
        _row(b, "changed", "; ".join(said)) for a, b in pairs if (said := differences(a.content, b.content))
    ]
    rows += [_row(rule, "removed", what(rule)) for rule in old if rule not in paired_old]
    return rows + [_row(rule, "added", what(rule)) for rule in new if rule not in paired_new]


def _grouped(policy: Policy) -> Versions:
    groups: Versions = {}
    for rule in policy.rules:
        groups.setdefault((rule.table, rule.name), []).append(rule)
    return groups


def days(policy: Policy, early: date, late: date) -> list[dict[str, Any]]:
    """Rules that apply on one of the days and not on the other, and what takes the place of what.

    Asked backwards, it is told backwards: what applies on `late` and did not on `early` is what `begins`.
    """
    return [row for group in _grouped(policy).values() for row in _between(group, early, late)]


def _between(versions: list[Rule], early: date, late: date) -> list[dict[str, Any]]:
    before = [rule for rule in versions if holds(rule, early)]
    after = [rule for rule in versions if holds(rule, late)]
    gone = [rule for rule in before if rule not in after]
    come = [rule for rule in after if rule not in before]
    if len(gone) == len(come) == 1:
        said = "; ".join(differences(gone[0].content, come[0].content))
        return [_row(come[0], "changed", said)]
    ended = [_row(rule, "no longer", f"{standing(rule, late)}: {what(rule)}") for rule in gone]
    return ended + [_row(rule, "begins", f"{standing(rule, early)}: {what(rule)}") for rule in come]


def _row(rule: Rule, change: str, detail: str) -> dict[str, Any]:
    return {
        "table": rule.table,
        "name": rule.name,
        "change": change,
        "from": rule.from_day.isoformat() if rule.from_day else None,
        "until": rule.until_day.isoformat() if rule.until_day else None,
        "status": rule.status,
        "detail": detail,
        "source": rule.source,
        "pack": rule.pack,
    }


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """What differs key by key, in words; of lists, what came and what went.

    >>> differences({"countries": ["DE", "FR"], "until": None}, {"countries": ["DE", "PL"], "until": None})
    ['countries: + PL, − FR']
    """
    said = []
    for key in dict.fromkeys([*one, *other]):
        old, new = plain(one.get(key)), plain(other.get(key))
        if old == new or (key == "periods"):
            continue
        if isinstance(old, list) and isinstance(new, list):
            came = [f"+ {_short(value)}" for value in new if value not in old]
            went = [f"− {_short(value)}" for value in old if value not in new]
            if came or went:
                said.append(f"{key}: {', '.join([*came, *went])}")
        else:
            said.append(f"{key}: {_short(old)} → {_short(new)}")
    return said


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        first = [str(value[key]) for key in ("hs6", "code", "number", "old", "day") if key in value]
        rest = [f"{key} {one}" for key, one in value.items() if key in ("tier", "effect", "since", "until")]
        return " ".join([*first, *rest]) or str(dict(value))
    return "none" if value is None else str(value)

"""Packs, checked one by one: every fault says in which file, table and key it is, and what to do."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import combinations
from typing import Any, NamedTuple

from diversion.errors import PolicyError
from diversion.policy.days import overlap
from diversion.policy.keys import ARRAYS, INSIDE, NUMBER, ONCE, SINGLE, TABLES, THRESHOLD, Keys, Kind
from diversion.policy.values import fault, off_scale

Raw = dict[str, Any]


class Fault(NamedTuple):
    """What is wrong with a pack, where, and what to do."""

    where: str
    what: str
    hint: str

    def error(self) -> PolicyError:
        """The fault as an exception."""
        return PolicyError(self.what, where=self.where, hint=self.hint)


class Span(NamedTuple):
    """The days of a raw rule."""

    from_day: date | None
    until_day: date | None


def span(row: Raw) -> Span:
    """The days for which a rule of a pack holds."""
    return Span(row.get("from"), row.get("until"))


def faults(where: str, raw: Raw) -> Iterator[Fault]:
    """Everything that is wrong with one parsed pack, in its order."""
    for key, value in raw.items():
        if key in ARRAYS:
            yield from _array(where, key, value)
        elif key == "thresholds":
            yield from _thresholds(where, value)
        elif key in TABLES:
            yield from _keys(f"{where}, {key}", key, value, TABLES[key])
        else:
            known = sorted({*ARRAYS, *SINGLE})
            yield Fault(where, f"unknown key {key!r}", f"a pack holds: {', '.join(known)}{meant(key, known)}")


def meant(word: str, known: Iterable[str]) -> str:
    """The known word that another is nearest to, as the end of a hint."""
    near = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]}?" if near else ""


def _thresholds(where: str, value: Any) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(where, "thresholds must be a table", "write [thresholds.NAME]")
        return
    for name, row in value.items():
        spot = f"{where}, thresholds.{name}"
        yield from _keys(spot, "thresholds", row, THRESHOLD)
        number: Any = row.get("value") if isinstance(row, dict) else None
        if _right(number, NUMBER) and (hint := off_scale(name, number)):
            yield Fault(spot, f"value = {short(number)} is off its scale", hint)


def _array(where: str, table: str, rules: Any) -> Iterator[Fault]:
    if not isinstance(rules, list):
        yield Fault(where, f"{table} must be an array of tables", f"write [[{table}]]")
        return
    versions: dict[str, list[Raw]] = {}
    for place, rule in enumerate(rules, 1):
        named = isinstance(rule, dict) and isinstance(rule.get("name"), str)
        spot = f"{where}, {table} {place}" + (f" ({rule['name']})" if named else "")
        found = list(_rule(spot, table, rule))
        yield from found
        if named and not found:
            earlier = versions.setdefault(rule["name"], [])
            yield from _versions(spot, table, rule, earlier)
            earlier.append(rule)


def _rule(spot: str, table: str, rule: Any) -> Iterator[Fault]:
    wrong = list(_keys(spot, table, rule, ARRAYS[table]))
    yield from wrong
    if wrong or not isinstance(rule, dict):
        return
    for inner, keys in INSIDE.items():
        if inner not in {**ARRAYS[table].must, **ARRAYS[table].may}:
            continue
        for number, row in enumerate(rule.get(inner, ()), 1):
            wrong += (new := list(_keys(f"{spot}, {inner} {number}", inner, row, keys)))
            yield from new
    if not wrong:
        yield from _inner(spot, rule)


def _inner(spot: str, rule: Raw) -> Iterator[Fault]:
    for number, row in enumerate(rule.get("codes", ()), 1):
        here = f"{spot}, codes {number}"
        if not {"hs6", "eccn", "national"} & set(row):
            yield Fault(here, "names no goods", "add hs6, eccn or national")
        if "since" in row and row["since"] not in {v["day"] for v in rule.get("versions", ())}:
            yield Fault(here, f"since {row['since']} is the day of no version", "add it to versions")
    yield from _twice(spot, "codes", [r.get("hs6") for r in rule.get("codes", ())])
    yield from _twice(spot, "entries", [r["code"] for r in rule.get("entries", ())])
    yield from _twice(spot, "flags", [r["number"] for r in rule.get("flags", ())])
    yield from _twice(spot, "rows", [r["old"] for r in rule.get("rows", ())])
    for inner in ("periods", "values"):
        for (a, one), (b, other) in combinations(enumerate(rule.get(inner, ()), 1), 2):
            if overlap(span(one), span(other)):
                yield Fault(
                    f"{spot}, {inner} {b}",
                    f"two {inner} overlap: numbers {a} and {b} share days",
                    "end one before the next begins (until is the first day on which it no longer holds)",
                )


def _twice(spot: str, inner: str, values: list[Any]) -> Iterator[Fault]:
    seen: set[Any] = set()
    for number, value in enumerate(values, 1):
        if value is not None and value in seen:
            yield Fault(f"{spot}, {inner} {number}", f"{value!r} stands twice", "take one of them out")
        seen.add(value)


def _versions(spot: str, table: str, rule: Raw, earlier: list[Raw]) -> Iterator[Fault]:
    if earlier and table in ONCE:
        yield Fault(spot, f"the name {rule['name']!r} stands twice", "give each rule its own name")
    elif any(overlap(span(rule), span(other)) for other in earlier):
        yield Fault(
            spot,
            f"two versions of {rule['name']!r} overlap",
            "give each rule its own name, or end one version (until) on the day the next begins (from)",
        )


def _keys(where: str, table: str, row: Any, keys: Keys) -> Iterator[Fault]:
    if not isinstance(row, dict):
        yield Fault(where, "must be a table", "write key = value lines")
        return
    known = {**keys.may, **keys.must}
    for key in keys.must:
        if key not in row:
            yield Fault(where, f"{key} is missing", f"add {key} = … ({known[key].words})")
    for key, value in row.items():
        if key not in known:
            hint = f"known are {', '.join([*keys.must, *keys.may])}{meant(key, known)}"
            yield Fault(where, f"unknown key {key!r}", hint)
        else:
            yield from _value(where, table, key, value, known[key])
    begin, end = _day(row.get("from")), _day(row.get("until"))
    if begin and end and not begin < end:
        yield Fault(where, f"until {end} is not after from {begin}", "until is the first free day")


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _value(where: str, table: str, key: str, value: Any, kind: Kind) -> Iterator[Fault]:
    if not _right(value, kind):
        yield Fault(where, f"{key} = {short(value)} is not {kind.words}", f"write {kind.words}")
    elif hint := fault(table, key, value):
        yield Fault(where, f"{key} = {short(value)} is not allowed", hint)


def _right(value: Any, kind: Kind) -> bool:
    """Whether a value is of the kind; no infinity is a number, no flag a whole one, no time of day a day."""
    wrong = not isinstance(value, kind.types) or isinstance(value, datetime)
    flag = isinstance(value, bool) and bool not in kind.types
    return not (wrong or flag or (isinstance(value, float) and not math.isfinite(value)))


def short(value: Any) -> str:
    """A value in a message."""
    text = value.isoformat() if isinstance(value, date) else repr(value)
    return text if len(text) < 60 else text[:57] + "…"

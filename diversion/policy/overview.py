"""The rules of a policy in words, and as data: what applies on a day, what ended, what begins."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from diversion.errors import NotFound
from diversion.output import counted
from diversion.policy.days import holds, standing
from diversion.policy.keys import ARRAYS
from diversion.policy.model import Rule
from diversion.policy.policy import Policy

TABLES = (*(name for name in ARRAYS if name != "rates"), "thresholds", "rates")
"""The order in which rules are shown."""
Words = Callable[[Mapping[str, Any]], str]


def described(policy: Policy, name: str | None, day: date, *, everything: bool) -> list[dict[str, Any]]:
    """One row a rule: those in force on the day, or all of them with their standing.

    `name` is a table, a rule, a code of goods or of a programme, or a country; a rule named is shown whatever
    its standing. Raises `NotFound` with the names nearest to one that nothing is called.
    """
    chosen = policy.rules if name is None else named(policy, name)
    ordered = sorted(enumerate(chosen), key=lambda pair: (TABLES.index(pair[1].table), pair[0]))
    single = name is not None and name.casefold() not in TABLES
    wanted = [rule for _, rule in ordered if everything or single or holds(rule, day)]
    return [row(rule, day, name if single else None) for rule in wanted]


def not_in_force(policy: Policy, name: str | None, day: date) -> list[str]:
    """Rules of which no version applies on the day: when they ended, and when they begin, a phrase each."""
    groups: dict[tuple[str, str], list[Rule]] = {}
    for rule in policy.rules if name is None else named(policy, name):
        groups.setdefault((rule.table, rule.name), []).append(rule)
    idle = [group for group in groups.values() if not any(holds(rule, day) for rule in group)]
    return [f"{group[0].name} {' and '.join(_standings(group, day))}" for group in idle]


def _standings(versions: list[Rule], day: date) -> list[str]:
    """The last end before the day, and the first beginning after it."""
    ended = [rule for rule in versions if rule.until_day is not None and rule.until_day <= day]
    later = [rule for rule in versions if rule.from_day is not None and rule.from_day > day]
    last = max(ended, key=lambda rule: rule.until_day or date.min, default=None)
    first = min(later, key=lambda rule: rule.from_day or date.max, default=None)
    said = [standing(rule, day) for rule in (last, first) if rule is not None]
    return [*said[:-1], f"{said[-1]} (to be verified)"] if first and first.status == "verify" else said


def row(rule: Rule, day: date, asked: str | None = None) -> dict[str, Any]:
    """A rule as it is printed; `rule` holds all that its pack states.

    Where it was `asked` for by name it is told in full, by a code that it holds the words for that code.
    """
    return {
        "table": rule.table,
        "name": rule.name,
        "standing": standing(rule, day),
        "from": rule.from_day.isoformat() if rule.from_day else None,
        "until": rule.until_day.isoformat() if rule.until_day else None,
        "status": rule.status,
        "what": _full(rule, asked) if asked else what(rule),
        "source": rule.source,
        "pack": rule.pack,
        "rule": plain(rule.content),
    }


def what(rule: Rule) -> str:
    """A rule in one line."""
    said = WORDS[rule.table](rule.content)
    title = rule.content.get("title", "")
    return f"{title}: {said}" if title and title != rule.name else said


def _full(rule: Rule, asked: str) -> str:
    for entry in _entries(rule.content):
        if asked.casefold() in _codes(entry):
            said = [f"{key} {value}" for key, value in plain(entry).items() if value not in ("", [])]
            return ", ".join(said)
    exceptions = "; ".join(rule.content.get("exceptions", ()))
    return f"{what(rule)}; except: {exceptions}" if exceptions else what(rule)


def plain(value: Any) -> Any:
    """The same with days as ISO text, for JSON."""
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def named(policy: Policy, name: str) -> tuple[Rule, ...]:
    """The rules of a table, of a name, or that hold a code or a country."""
    low = name.casefold()
    for fits in (
        lambda rule: rule.table == low,
        lambda rule: rule.name.casefold() == low,
        lambda rule: low in _members(rule.content),
    ):
        found = tuple(rule for rule in policy.rules if fits(rule))
        if found:
            return found
    known = dict.fromkeys([*TABLES, *(rule.name for rule in policy.rules)])
    known |= dict.fromkeys(one for rule in policy.rules for one in _members(rule.content))
    folded = {one.casefold(): one for one in reversed(known)}
    near = [folded[one] for one in difflib.get_close_matches(low, list(folded), 3, 0.6)]
    hint = f"did you mean {' or '.join(near)}?" if near else f"tables are {', '.join(TABLES)}"
    raise NotFound(f"no table, rule, code or country is called {name!r}", where="policy", hint=hint)


def _members(rule: Mapping[str, Any]) -> set[str]:
    """Codes and countries of a rule, in lower case."""
    countries = {str(rule.get("country", "")), *map(str, rule.get("countries", ()))} - {""}
    return {one.casefold() for one in countries}.union(*map(_codes, _entries(rule)))


def _entries(rule: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for key in ("codes", "entries", "rows") for one in rule.get(key, ())]


def _codes(entry: Mapping[str, Any]) -> set[str]:
    codes = {str(entry[part]) for part in ("hs6", "eccn", "national", "code", "old") if part in entry}
    return {one.casefold() for one in codes | set(entry.get("new", ()))}


def _goods(rule: Mapping[str, Any]) -> str:
    tiers = Counter(code.get("tier", "no tier") for code in rule["codes"])
    parts = ", ".join(f"{tier}: {count}" for tier, count in sorted(tiers.items()))
    text = f"{len(rule['codes'])} codes by tier ({parts})"
    versions = [f"{one['day']} ({one['codes']} codes, {one['status']})" for one in rule.get("versions", ())]
    return f"{text}; versions of {', '.join(versions)}" if versions else text


def _ownership(rule: Mapping[str, Any]) -> str:
    sign = "more than" if rule["strict"] else "at least"
    adds = "stakes add up" if rule["aggregate"] else "stakes do not add up"
    control = "control counts" if rule["control"] else "control does not count"
    return f"{sign} {rule['threshold']:g} %, {adds}, {control}: {rule['effect']}"


def _rates(rule: Mapping[str, Any]) -> str:
    years = ", ".join(f"{year} {usd:g}" for year, usd in rule.get("years", {}).items())
    return "; ".join(part for part in (years, f"{len(rule.get('values', ()))} exact") if part)


def _listed(values: Iterable[str]) -> str:
    return " ".join(sorted(values))


WORDS: Mapping[str, Words] = {
    "goods": _goods,
    "concordance": lambda r: ", ".join(f"{one['old']} → {'/'.join(one['new'])}" for one in r["rows"]),
    "sets": lambda r: f"{counted(len(r['countries']), 'country', 'countries')}: {_listed(r['countries'])}",
    "embargoes": lambda r: f"{r['country']}, goods {r['goods']}: {r['effect']}",
    "controls": lambda r: f"took effect for {_listed(r['countries'])}",
    "programmes": lambda r: (
        f"{r['authority'] or 'any authority'}, {r['programme'] or 'any programme'}: {r['effect']}"
    ),
    "regimes": lambda r: f"{len(r['entries'])} codes of {r['authority']}",
    "ownership": _ownership,
    "red_flags": lambda r: f"{len(r['flags'])} flags",
    "value_limits": lambda r: f"up to US${r['usd']:g} a code leave {_listed(r['countries'])} undeclared",
    "watchlist": lambda r: f"watched: {r['effect']}",
    "thresholds": lambda r: f"{r['value']:g}: {r['reason']}",
    "rates": _rates,
}
"""What is said of a rule, by its table."""

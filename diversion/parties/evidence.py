"""What speaks for or against two records being one party, beside how alike their names are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from diversion.parties.compare import Alike, Part, Rarity, agreeing

Numbers = Mapping[str, frozenset[str]]
"""Scheme → numbers: letters and digits only, in capitals."""
AGREES, CONFLICT = 0.99, 0.25
"""The score that an equal identifier gives, and the share that a different one leaves of a score above the
cut-off."""
COUNTRY_AGREES, YEAR_AGREES, DAY_AGREES = 0.1, 0.15, 0.4
"""The share of what a score lacks to certainty that an agreement makes up: choices."""
COUNTRY_CONFLICT, KIND_CONFLICT = 0.4, 0.5
DAY_SLIP, DAY_CONFLICT, DATE_CONFLICT = -0.3, -0.5, -0.8
"""The share that a conflict leaves (countries, kinds) or takes (dates): choices, graver where chance agrees
more seldom."""
UNKNOWN = "unknown"
UNCOMMON, LEAST, ENOUGH = 0.35, 3, 2
"""Least weight and letters of an uncommon word, and how many of them make a name distinctive."""
NO_SCHEME = "of "
"""Where `numbers` puts numbers of which neither register nor country is known."""

_NOT_PLAIN = re.compile(r"[^0-9A-Z\u0080-\uffff]")


def numbers(
    ids: Sequence[str], stated: Sequence[str | None], countries: Sequence[str | None]
) -> dict[str, Numbers]:
    """The identifiers of each record that states any: `scheme:number`, several parted by `;`. Linear.

    >>> numbers(["A", "B"], ["inn: 77-01", None], [None, "RU"])
    {'A': {'INN': frozenset({'7701'})}}
    """
    found: dict[str, Numbers] = {}
    for id_, text, country in zip(ids, stated, countries, strict=True):
        if isinstance(text, str) and (held := _held(text, country if isinstance(country, str) else "")):
            found[id_] = held
    return found


@lru_cache(maxsize=100_000)
def _held(text: str, country: str) -> Numbers:
    """The numbers in one cell; one without a scheme is one of the party's country."""
    found: dict[str, set[str]] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        scheme, colon, rest = part.partition(":")
        number = _NOT_PLAIN.sub("", (rest if colon else scheme).upper())
        if number.strip("0"):
            name = scheme.strip().upper() if colon else NO_SCHEME + country
            found.setdefault(name, set()).add(number)
    return {scheme: frozenset(numbers) for scheme, numbers in found.items()}


def holders(held: Mapping[str, Numbers], cap: int) -> dict[tuple[str, str], list[str]]:
    """Who holds each (scheme, number); one that more than `cap` records share names nobody."""
    found: dict[tuple[str, str], list[str]] = {}
    for key in sorted(held):
        for scheme, mine in held[key].items():
            for number in mine:
                found.setdefault((scheme, number), []).append(key)
    return {number: keys for number, keys in found.items() if len(keys) <= cap}


def shared(left: Numbers, right: Numbers) -> list[str]:
    """Identifiers that both hold, as `scheme:number`."""
    return sorted(
        f"{scheme}:{n}" for scheme in left.keys() & right.keys() for n in left[scheme] & right[scheme]
    )


def clashing(left: Numbers, right: Numbers) -> list[tuple[str, str]]:
    """Identifiers of one scheme of which none is equal: theirs against ours, in words.

    >>> clashing({"INN": frozenset({"1", "2"})}, {"INN": frozenset({"3"}), "LEI": frozenset({"4"})})
    [('INN 1, 2', '3')]
    """
    return [
        (f"{scheme} {', '.join(sorted(left[scheme]))}", ", ".join(sorted(right[scheme])))
        for scheme in sorted(left.keys() & right.keys())
        if scheme != NO_SCHEME and not left[scheme] & right[scheme]
    ]


def identified(score: float, left: Numbers, right: Numbers, cutoff: float, certain: float) -> Alike:
    """The score with identifiers: an equal one raises it whatever the names, a conflict lowers and marks.

    A conflict leaves the score below `certain`, and never takes one that had reached `cutoff` below it: a
    person decides. Where one register agrees and another does not, the equal number counts.
    """
    same, other = shared(left, right), clashing(left, right)
    better = max(score, AGREES) if same else score
    parts: list[Part] = [
        {"part": "identifier", "against": text, "effect": round(better - score, 4)} for text in same
    ]
    against = min(lowered(score, CONFLICT, cutoff), max(cutoff, certain - 0.01))
    for ours, theirs in other:
        effect = 0.0 if same else round(against - score, 4)
        parts.append({"part": f"identifier {ours}", "against": theirs, "effect": effect})
    return Alike(better if same or not other else round(against, 6), tuple(parts))


def lowered(score: float, left: float, cutoff: float) -> float:
    """A score after a conflict: what it has above `cutoff` shrinks to the share `left`.

    A score below it loses half as much of itself. So a conflict always lowers, keeps the order of scores,
    and never takes a hit away: what had reached
    `cutoff` stays at or above it, for a person to decide.

    >>> lowered(1.0, 0.4, 0.8), lowered(0.8, 0.4, 0.8), lowered(0.5, 0.4, 0.8)
    (0.88, 0.8, 0.35)
    """
    return round(cutoff + (score - cutoff) * left if score >= cutoff else score * (1 + left) / 2, 6)


def raised(score: float, share: float) -> float:
    """A score after an agreement: this share of what it lacks to certainty is made up."""
    return round(score + (1 - score) * share, 6)


def placed(score: float, country: str | None, theirs: frozenset[str], cutoff: float) -> Alike:
    """The score with the country that both state; where one alone states it, that is told and counts nothing.

    >>> placed(1.0, "AE", frozenset({"RU"}), 0.8).score, placed(0.6, "RU", frozenset({"RU"}), 0.8).score
    (0.88, 0.64)
    """
    if not country:
        return Alike(score, ())
    if not theirs:
        return Alike(score, (_part(f"country {country}", UNKNOWN, 0.0),))
    told = raised(score, COUNTRY_AGREES) if country in theirs else lowered(score, COUNTRY_CONFLICT, cutoff)
    return Alike(told, (_part(f"country {country}", ", ".join(sorted(theirs)), told - score),))


def kinds(score: float, left: str | None, right: str | None, cutoff: float) -> Alike:
    """The score with what sort of party each is; a person is no company."""
    known = [kind for kind in (left, right) if kind and kind != "unknown"]
    if len(known) < 2 or "person" not in known or known[0] == known[1]:
        return Alike(score, ())
    told = lowered(score, KIND_CONFLICT, cutoff)
    return Alike(told, (_part(f"kind {known[0]}", known[1], told - score),))


def dated(score: float, left: str | None, right: Sequence[str], cutoff: float) -> Alike:
    """The score with a date, of birth or foundation.

    The year alone agrees less than the day; a day that conflicts in one part (a slip, or day and month
    exchanged) conflicts less than another year.

    >>> dated(1.0, "1952-10-07", ["1952-10-07"], 0.8).score, dated(1.0, "1952", ["1971-01-02"], 0.8).score
    (1.0, 0.84)
    >>> dated(0.9, "1952-10-07", ["1952-07-10"], 0.8).score
    0.87
    """
    if not left:
        return Alike(score, ())
    if not right:
        return Alike(score, (_part(f"date {left}", UNKNOWN, 0.0),))
    share = max(_days_agree(left, other) for other in right)
    told = raised(score, share) if share > 0 else lowered(score, 1 + share, cutoff)
    return Alike(told, (_part(f"date {left}", ", ".join(right), told - score),))


def _days_agree(left: str, right: str) -> float:
    """What two days say of one another: above 0 the share made up, below 0 the share taken off."""
    if left.startswith(right) or right.startswith(left):
        return DAY_AGREES if min(len(left), len(right)) >= len("1952-10-07") else YEAR_AGREES
    mine, theirs = left.split("-"), right.split("-")
    if mine[0] == theirs[0] and len(mine) == len(theirs) == 3:
        slip = sorted(mine[1:]) == sorted(theirs[1:]) or mine[1] == theirs[1] or mine[2] == theirs[2]
        return DAY_SLIP if slip else DAY_CONFLICT
    return DATE_CONFLICT


def _part(what: str, against: str, effect: float) -> Part:
    return {"part": what, "against": against, "effect": round(effect, 4)}


@cache
def common() -> frozenset[str]:
    """Words that many companies bear, read once a process from `common_words.toml`."""
    text = (files("diversion.parties") / "common_words.toml").read_text(encoding="utf-8")
    return frozenset(word for group in tomllib.loads(text).values() for word in group)


def distinctive(left: str, right: str, rarity: Rarity) -> tuple[str, ...]:
    """The uncommon words on which two names agree, where they are enough to tell a company by; else none.

    Uncommon is a word of three letters or more that is neither in `common_words.toml` nor in many names of
    the lists; two of them are enough.

    >>> distinctive("Harrier Trading", "Harrier Trading LLC", Rarity({}))
    ()
    >>> distinctive("Harrier Osprey Trading", "Osprey Harrier Trading", Rarity({}))
    ('harrier', 'osprey')
    """
    found = {
        word
        for word in agreeing(left, right)
        if len(word) >= LEAST and not word.isdigit() and word not in common() and rarity.of(word) >= UNCOMMON
    }
    return tuple(sorted(found)) if len(found) >= ENOUGH else ()


def unconfirmed(score: float, certain: float) -> float:
    """A score that rests on the name alone, held below `certain` with its order kept.

    >>> unconfirmed(1.0, 0.9), unconfirmed(0.8, 0.9), 0.85 < unconfirmed(0.93, 0.9) < 0.89
    (0.89, 0.8, True)
    """
    floor = certain - 0.05
    if score <= floor:
        return score
    return round(floor + 0.04 * (score - floor) / (1 - floor), 6)

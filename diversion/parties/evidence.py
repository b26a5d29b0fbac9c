"""What speaks for or against two records being one party, beside how alike their names are."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import pandas as pd

from diversion.parties.compare import Alike, Part, Rarity, agreeing
from diversion.parties.identifiers import exploded

Numbers = Mapping[str, frozenset[str]]
"""Scheme → numbers, as `identifiers.exploded` writes them."""
AGREES, CONFLICT, DATE_CONFLICT = 0.99, 0.85, 0.9
"""The score that an equal identifier gives, and what a different identifier or date leaves of one."""
UNCOMMON, LEAST, ENOUGH = 0.35, 3, 2
"""Least weight and letters of an uncommon word, and how many of them make a name distinctive."""
NO_SCHEME = "of "
"""Where `exploded` puts numbers of which neither register nor country is known."""


def numbers(
    ids: Sequence[str], stated: Sequence[str | None], countries: Sequence[str | None]
) -> dict[str, Numbers]:
    """The identifiers of each record that states any: `scheme:number`, several parted by `;`. Linear.

    >>> numbers(["A", "B"], ["inn: 77-01", None], [None, "RU"])
    {'A': {'INN': frozenset({'7701'})}}
    """
    frame = pd.DataFrame({"identifier": list(stated), "country": list(countries)}, dtype=object)
    found: dict[str, dict[str, set[str]]] = {}
    for row, scheme, number in exploded(frame).itertuples(index=False, name=None):
        found.setdefault(ids[row], {}).setdefault(scheme, set()).add(number)
    return {key: {s: frozenset(n) for s, n in held.items()} for key, held in found.items()}


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
    raised = max(score, AGREES) if same else score
    parts: list[Part] = [
        {"part": "identifier", "against": text, "effect": round(raised - score, 4)} for text in same
    ]
    lowered = min(max(min(score, cutoff), score * CONFLICT), certain - 0.01)
    for ours, theirs in other:
        effect = 0.0 if same else round(lowered - score, 4)
        parts.append({"part": f"identifier {ours}", "against": theirs, "effect": effect})
    return Alike(raised if same or not other else round(lowered, 6), tuple(parts))


def dated(score: float, left: str | None, right: str | None) -> Alike:
    """The score with a date that both state, of birth or foundation; a year alone agrees with its days.

    >>> dated(1.0, "1952", "1952-10-07").score, dated(1.0, "1952-10-08", "1952-10-07").score
    (1.0, 0.9)
    """
    if not left or not right:
        return Alike(score, ())
    agrees = left.startswith(right) or right.startswith(left)
    factor = 1.0 if agrees else DATE_CONFLICT
    part: Part = {"part": f"date {left}", "against": right, "effect": round(factor - 1, 4)}
    return Alike(round(score * factor, 6), (part,))


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

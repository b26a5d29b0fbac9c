"""Whether two addresses are one place: the numbers must agree, the words may be spelt otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from diversion.parties.compare import Part
from diversion.parties.likeness import alike
from diversion.parties.names import address_key

SMALL = frozenset(
    [
        "st",
        "rd",
        "ave",
        "blvd",
        "bldg",
        "d",
        "fl",
        "rm",
        "ste",
        "ofc",
        "apt",
        "blk",
        "sq",
        "ln",
        "dr",
        "hwy",
        "sh",
        "per",
        "dist",
        "ind",
        "ctr",
        "n",
        "s",
        "e",
        "w",
        "pr",
        "ul",
        "mah",
        "cad",
        "sk",
        "unit",
        "of",
        "the",
        "and",
        "city",
        "province",
        "region",
        "oblast",
        "po",
        "box",
    ]
)
"""Words of addresses that tell little; the short forms are those of `legal_forms.toml`."""
LIGHT, NUMBER, PASSED = 0.2, 1.0, 0.5


@lru_cache(maxsize=1 << 16)
def _words(text: str) -> tuple[str, ...]:
    return tuple(address_key(text).split())


def _weight(word: str) -> float:
    return LIGHT if word in SMALL else NUMBER


def address_likeness(left: str, right: str) -> tuple[float, tuple[Part, ...]]:
    """How alike two addresses are, from 0 to 1, and the words on which they agree. Symmetric.

    Words are paired whatever their order; what one side alone has (a room, a floor, a country) counts half,
    and where both have numbers and none is equal they are two places.

    >>> address_likeness("12 Hung Fat Road, Hong Kong", "12, Hung Fat Rd Hong Kong")[0]
    1.0
    >>> address_likeness("12 Hung Fat Road", "14 Hung Fat Road")[0] < 0.5
    True
    """
    ours, theirs = list(_words(left)), list(_words(right))
    agreed, parts = 0.0, []
    for word in list(ours):
        best = max(theirs, key=lambda other: (_same(word, other), other), default="")
        if best and _same(word, best) >= 0.8:
            agreed += 2 * _weight(word) * _same(word, best)
            parts.append((word, best))
            ours.remove(word)
            theirs.remove(best)
    numbers = [any(map(str.isdigit, " ".join(side))) for side in (ours, theirs)]
    same_number = any(any(map(str.isdigit, word)) for word, _ in parts)
    missing = [sum(map(_weight, side)) for side in (ours, theirs)]
    # An address that only says more than the other does not contradict it.
    total = agreed + 2 * min(missing) + PASSED * abs(missing[0] - missing[1])
    score = agreed / total if total else 0.0
    if all(numbers) and not same_number:
        score *= 0.4
    heaviest = sum(_weight(word) for word, _ in parts) or 1.0
    told: list[Part] = [
        {"part": word, "against": other, "effect": round(score * _weight(word) / heaviest, 4)}
        for word, other in parts
    ]
    return round(score, 6), tuple(told)


def _same(left: str, right: str) -> float:
    if left == right:
        return 1.0
    return 0.0 if any(map(str.isdigit, left + right)) else alike(left, right).score


def nearest(text: str, listed: Mapping[str, Sequence[str]], least: float) -> dict[str, tuple[float, str]]:
    """The listings of which an address is this one, with its likeness: `listed` gives their addresses."""
    from rapidfuzz import fuzz

    key, found = address_key(text), dict[str, tuple[float, str]]()
    for listing, addresses in listed.items():
        for other in addresses:
            if fuzz.token_set_ratio(key, address_key(other)) >= 70:
                score = address_likeness(text, other)[0]
                if score >= max(least, found.get(listing, (0.0, ""))[0]):
                    found[listing] = (score, other)
    return found

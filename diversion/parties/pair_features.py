"""What speaks for two records being one party, measured: the features of the pair model.

Each is between 0 and 1, 0 where nothing is known, and the same either way round.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

import numpy as np
import numpy.typing as npt

from diversion.parties.compare import Rarity, agreeing, likeness
from diversion.parties.evidence import common
from diversion.parties.names import address_key, split
from diversion.parties.registers import UNTOLD, compared

FEATURES = (
    *("name", "name_equal", "name_rare", "words", "word_differs", "generation_differs"),
    *("address", "address_differs", "contact", "contact_differs"),
    *("date", "date_near", "date_differs", "number", "number_weak", "number_differs"),
    *("country", "country_differs", "kind_differs"),
)
"""Names of the features, in the order of the coefficients."""
EVIDENCE = ("address", "contact", "date", "date_near", "number", "number_weak")
"""Those that speak for a pair and are neither its names nor its countries."""
USUAL = 3
"""So many records may share an address or a contact before it tells less."""
_DIGITS = re.compile(r"\d+")
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Record:
    """One record of a party.

    `numbers` maps (scheme, register) to its valid numbers; `weak` (scheme, number) fail their check digits;
    `day` is of birth or foundation, as precisely as stated.
    """

    names: tuple[str, ...]
    kind: str = "unknown"
    country: str | None = None
    addresses: tuple[str, ...] = ()
    contacts: frozenset[str] = frozenset()
    day: str | None = None
    numbers: Mapping[tuple[str, str], frozenset[str]] | None = None
    weak: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Commonness:
    """How common words, addresses and contacts are among all records at hand."""

    rarity: Rarity
    addresses: Mapping[str, int]
    contacts: Mapping[str, int]

    @classmethod
    def of(cls, bases: list[str], addresses: Iterable[str], contacts: Iterable[str]) -> Commonness:
        """From the keys of all names, and from each address and contact once a record."""
        return cls(rarity(bases), Counter(map(address_key, addresses)), Counter(contacts))


def rarity(bases: Iterable[str]) -> Rarity:
    """The weight of words by how many names hold them, and less for those that many companies bear.

    Where there are few names, a word of two of them is not common yet: they count as `FEW` at least.

    >>> rarity(["sigma", "sigma"]).of("sigma") > 0.8 > 0.5 > rarity([]).of("trading")
    True
    """
    names = list(bases)
    counts = Counter(word for base in names for word in set(base.split()))
    top, floor = log(1 + max(len(names), FEW)), Rarity.floor
    weights = {word: max(floor, 1 - log(held) / top) for word, held in counts.items() if held > 1}
    usual = {word: min(USUAL_WORD, weights.get(word, 1.0)) for word in common()}
    return Rarity({**weights, **usual})


FEW, USUAL_WORD = 1000, 0.4


def contact(text: str) -> str:
    """A contact so that equal ones are written equally: e-mail in lower case, last seven digits of a phone.

    >>> contact("phone:+39 0352 6553537"), contact("email:Eve <Eve@X.org>")
    ('phone:6553537', 'email:eve@x.org')
    """
    sort, _, value = text.partition(":")
    value = value.strip().lower()
    if sort == "phone":
        return f"phone:{''.join(_DIGITS.findall(value))[-7:]}"
    if sort == "email":
        value = value.rpartition("<")[2].rstrip(">").strip()
    return f"{sort}:{value}"


def features(left: Record, right: Record, common: Commonness) -> list[float]:
    """The features of a pair, in the order of `FEATURES`. Some 50 µs."""
    called = name_features(left.names, right.names, common.rarity)
    place, elsewhere = _addresses(left.addresses, right.addresses, common.addresses)
    same = left.contacts & right.contacts
    told = max((min(1.0, USUAL / max(1, common.contacts.get(c, 1))) for c in same), default=0.0)
    sorts = {c.partition(":")[0] for c in left.contacts} & {c.partition(":")[0] for c in right.contacts}
    known = bool(left.country and right.country)
    kinds = {left.kind, right.kind} - {"unknown"}
    return [
        *called,
        place,
        elsewhere,
        told,
        float(bool(sorts) and not same),
        *near_days(left.day, right.day),
        *_numbers(left, right),
        float(known and left.country == right.country),
        float(known and left.country != right.country),
        float(len(kinds) == 2 and "person" in kinds),
    ]


def name_features(
    left: Sequence[str], right: Sequence[str], rarity: Rarity, least: float = 0.0
) -> tuple[float, float, float, float, float, float]:
    """The features of the two names most alike, in the order of `FEATURES`.

    How alike they are, whether they are equal, how rare the words on which they agree are (3 rare ones: 1),
    and behind them what `pairing` says of the two. Of two single names less alike than `least` all is 0,
    which is quicker. Some 0.2 ms.
    """
    if len(left) == len(right) == 1:
        alike = likeness(left[0], right[0], None, least)
        if alike < least:
            return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        best = (alike, _words(left[0], right[0]), left[0], right[0])
    else:
        best = max(
            ((likeness(a, b), _words(a, b), a, b) for a in left for b in right),
            default=(0.0, (0.0, 0.0, 0.0), "", ""),
            key=lambda found: (found[0] + found[1][0], *sorted(found[2:])),
        )
    rare = sum(rarity.of(word) for word in agreeing(best[2], best[3]))
    return max(0.0, 2 * best[0] - 1), float(best[0] >= 0.98), min(1.0, rare / 3), *best[1]


def _words(left: str, right: str) -> tuple[float, float, float]:
    return pairing(*sorted((split(left)[0], split(right)[0])))


@lru_cache(maxsize=1 << 16)
def pairing(left: str, right: str) -> tuple[float, float, float]:
    """Words paired as people pair them: by spelling, sound, initial or beginning (Ed, Edward).

    The share of letters in paired words; 1 where each side has a word of its own; 1 where the words for
    father and son, or their numerals, differ.

    >>> pairing("ed mooney", "edward moonie"), pairing("darla smith", "smith")[:2]
    ((0.88, 0.0, 0.0), (0.67, 0.0))
    """
    if left == right and left:
        return 1.0, 0.0, 0.0
    ours, theirs = left.split(), right.split()
    age = [{GENERATION[w] for w in words if w in GENERATION} for words in (ours, theirs)]
    found = sorted((-_heard(a, b), i, j) for i, a in enumerate(ours) for j, b in enumerate(theirs))
    free, open_ = set(range(len(ours))), set(range(len(theirs)))
    gained = 0.0
    for unlike, i, j in found:
        if -unlike >= HEARD and i in free and j in open_:
            free.discard(i)
            open_.discard(j)
            gained -= unlike * (len(ours[i]) + len(theirs[j]))
    total = sum(map(len, ours)) + sum(map(len, theirs))
    return (
        round(gained / total, 2) if total else 0.0,
        float(bool(free and open_)),
        float(bool(age[0] and age[1] and age[0] != age[1])),
    )


GENERATION = {"jr": 2, "junior": 2, "sr": 1, "senior": 1, "i": 1, "ii": 2, "iii": 3, "iv": 4}
HEARD = 0.8
"""Words less alike than this, by spelling and sound, are two words."""


@lru_cache(maxsize=1 << 17)
def _heard(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if a.isdigit() or b.isdigit():
        return 0.0
    short = min(len(a), len(b))
    if short == 1:
        return 0.8 if a[0] == b[0] else 0.0
    from rapidfuzz.distance import Indel

    if skeleton(a) == skeleton(b):
        return 0.9
    if short >= 2 and (a.startswith(b) or b.startswith(a)):
        return 0.85
    return float(Indel.normalized_similarity(a, b))


@lru_cache(maxsize=1 << 18)
def skeleton(word: str) -> str:
    """The consonants of a word as they sound, whatever alphabet it went through; digits stay.

    >>> skeleton("moonie") == skeleton("mooney"), skeleton("elektroniks") == skeleton("electronics")
    (True, True)
    """
    if word.isdigit():
        return word
    for written, heard in SOUNDS:
        word = word.replace(written, heard)
    first = "a" if word[:1] in VOWELS else word[:1]
    rest = [letter for letter in word[1:] if letter not in VOWELS]
    kept = [letter for i, letter in enumerate(rest) if letter != ([first, *rest])[i]]
    return first + "".join(kept)


VOWELS = "aeiouyj"
SOUNDS = (
    *(
        ("ph", "f"),
        ("ck", "k"),
        ("kh", "h"),
        ("ch", "h"),
        ("sch", "s"),
        ("sh", "s"),
        ("zh", "s"),
        ("x", "ks"),
    ),
    *(("c", "k"), ("q", "k"), ("w", "v"), ("z", "s"), ("gh", "g"), ("th", "t"), ("dh", "d")),
)
"""Spellings that transliterations exchange."""


def _addresses(left: Sequence[str], right: Sequence[str], shared: Mapping[str, int]) -> tuple[float, float]:
    keys = [(address_key(a), address_key(b)) for a in left for b in right]
    keys = [(a, b) for a, b in keys if a and b]
    if not keys:
        return 0.0, 0.0
    alike, near = 0.0, 0.0
    for a, b in keys:
        ratio = same_place(min(a, b), max(a, b))
        near = max(near, ratio)
        if ratio >= 0.8:
            alike = max(alike, ratio * min(1.0, USUAL / max(1, shared.get(a, 1), shared.get(b, 1))))
    return alike, float(near < 0.6)


@lru_cache(maxsize=1 << 16)
def same_place(a: str, b: str) -> float:
    """How alike two address keys are, 0 to 1; other house numbers are another place.

    >>> same_place("12 king street", "king street 12 gb") > 0.9 > same_place("12 king st", "9 king st")
    True
    """
    from rapidfuzz import fuzz

    return _place(float(fuzz.token_set_ratio(a, b)) / 100, a, b)


def _place(ratio: float, a: str, b: str) -> float:
    ours, theirs = set(_DIGITS.findall(a)), set(_DIGITS.findall(b))
    if len(a.split()) < 2 or len(b.split()) < 2:
        return min(ratio, 0.7)
    return ratio if not ours or not theirs or ours & theirs else min(ratio, 0.55)


def places_alike(left: Texts, right: Texts) -> npt.NDArray[np.float64]:
    """`same_place` of very many pairs of address keys. Some µs a pair."""
    from rapidfuzz import fuzz, process

    found = process.cpdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float64) / 100
    near = np.flatnonzero(found > LEAST_PLACE)
    found[near] = [_place(*one) for one in zip(found[near].tolist(), left[near], right[near], strict=True)]
    return np.asarray(found, np.float64)


LEAST_PLACE = 0.55
"""Addresses less alike than this are two places whatever their house numbers."""


def near_days(left: str | None, right: str | None) -> tuple[float, float, float]:
    """Agree, nearly (a day and month exchanged, one part other), differ."""
    if not left or not right:
        return 0.0, 0.0, 0.0
    if left.startswith(right) or right.startswith(left):
        return min(1.0, min(len(left), len(right)) / 10), 0.0, 0.0
    ours, theirs = left.split("-"), right.split("-")
    same = sum(a == b for a, b in zip(ours, theirs, strict=False))
    exchanged = sorted(ours) == sorted(theirs)
    near = len(ours) == len(theirs) == 3 and (exchanged or same == 2)
    return 0.0, float(near), float(not near)


def _numbers(left: Record, right: Record) -> tuple[float, float, float]:
    """Agree, agree though the check digits fail, differ in a register that gives each party one."""
    ours, theirs = left.numbers or {}, right.numbers or {}
    both = ours.keys() & theirs.keys()
    agree = any(ours[r] & theirs[r] for r in both)
    differ = any(not ours[r] & theirs[r] for r in both if r[1] != UNTOLD and compared(r[0]))
    return float(agree), float(bool(left.weak & right.weak)), float(differ)

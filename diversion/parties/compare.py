"""How alike two names are, word by word, and why.

A soft TF-IDF (Cohen, Ravikumar, Fienberg 2003, "A Comparison of String Metrics for Matching Names and
Records"): words are paired by their likeness and weigh by their rarity, so that *trading* says little and
*kestrel* much. Numbers must agree: plant 5 is not plant 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from diversion.parties.names import family, split

Part = dict[str, object]
ALIKE = 0.8
"""Two words less alike than this are two words."""
COUNTRY_CONFLICT, KIND_CONFLICT, FORM_CONFLICT, FORM_FAMILY = 0.88, 0.9, 0.96, 0.985


@dataclass(frozen=True)
class Rarity:
    """Weight of a word: 1 for one that no list knows, down to `floor` for the commonest."""

    weights: Mapping[str, float]
    floor: float = 0.15

    def of(self, word: str) -> float:
        """The weight of a word.

        >>> Rarity({"trading": 0.2}).of("trading"), Rarity({}).of("kestrel")
        (0.2, 1.0)
        """
        return self.weights.get(word, 1.0)

    @classmethod
    def from_names(cls, bases: list[str]) -> Rarity:
        """Weights from how many of these names (keys without legal form) hold each word."""
        from collections import Counter
        from math import log

        counts = Counter(word for base in bases for word in set(base.split()))
        top = log(1 + len(bases))
        floor = cls.floor
        return cls({w: max(floor, 1 - log(n) / top) for w, n in counts.items() if n > 1 and top > 0})


@dataclass(frozen=True)
class Alike:
    """A score from 0 to 1 and what it is made of."""

    score: float
    parts: tuple[Part, ...]


@lru_cache(maxsize=1 << 17)
def _word(left: str, right: str) -> float:
    if left == right:
        return 1.0
    if left.isdigit() or right.isdigit():
        return 0.0
    if len(left) == 1 or len(right) == 1:
        return 0.85 if left[0] == right[0] else 0.0
    from rapidfuzz.distance import Indel, JaroWinkler

    # Jaro-Winkler alone likes short words with one beginning too well.
    return float(0.5 * JaroWinkler.similarity(left, right) + 0.5 * Indel.normalized_similarity(left, right))


def compare(left: str, right: str, rarity: Rarity) -> Alike:
    """Two names as written, compared. Symmetric; 1.0 for names whose words are the same in any order.

    >>> compare("Kestrel Trading FZE", "KESTREL TRADING F.Z.E.", Rarity({})).score
    1.0
    >>> compare("Plant No. 5", "Plant No. 6", Rarity({})).score < 0.8
    True
    """
    (a, form_a), (b, form_b) = split(left), split(right)
    if not a or not b:
        return Alike(0.0, ())
    alike = _bases(a, b, rarity)
    factor, part = _forms(form_a, form_b)
    return Alike(round(alike.score * factor, 6), alike.parts + part)


@lru_cache(maxsize=1 << 16)
def _pairing(a: str, b: str) -> tuple[tuple[float, str, str], ...]:
    """Words of both names paired one to one, the most alike first; ties by the words."""
    left, right = a.split(), b.split()
    found = sorted(
        ((-_word(x, y), x, y, i, j) for i, x in enumerate(left) for j, y in enumerate(right)),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for unlike, x, y, i, j in found:
        if -unlike < ALIKE:
            break
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            pairs.append((-unlike, x, y))
    pairs += [(0.0, x, "") for i, x in enumerate(left) if i not in used_left]
    pairs += [(0.0, "", y) for j, y in enumerate(right) if j not in used_right]
    return tuple(pairs)


def agreeing(left: str, right: str) -> list[str]:
    """The words that both names hold, legal forms apart.

    >>> agreeing("Kestrel Trading FZE", "TRADING KESTREL")
    ['kestrel', 'trading']
    """
    pairs = _pairing(split(left)[0], split(right)[0])
    return [x for alike, x, _ in pairs if alike >= 1]


def _bases(a: str, b: str, rarity: Rarity) -> Alike:
    gained = total = 0.0
    parts: list[Part] = []
    numbers = [False, False]
    for alike, x, y in _pairing(a, b):
        weight = (rarity.of(x) if x else 0.0) + (rarity.of(y) if y else 0.0)
        total += weight
        gained += weight * alike
        numbers[0] |= x.isdigit() and not y
        numbers[1] |= y.isdigit() and not x
        parts.append({"part": x or None, "against": y or None, "effect": round(weight * alike, 4)})
    score = gained / total if total else 0.0
    scaled: list[Part] = [
        {**p, "effect": round(float(str(p["effect"])) / total, 4) if total else 0.0} for p in parts
    ]
    joined = _joined(a, b)
    if joined > score:
        score = joined
        scaled.append({"part": "written without spaces", "against": b, "effect": round(joined, 4)})
    if all(numbers):
        score *= 0.7
        scaled.append({"part": "numbers", "against": "other numbers", "effect": -0.3})
    return Alike(min(score, 1.0), tuple(scaled))


def _joined(a: str, b: str) -> float:
    """Names that differ only in where spaces stand, or by a letter over the whole."""
    from rapidfuzz.distance import Indel

    ratio = Indel.normalized_similarity(a.replace(" ", ""), b.replace(" ", ""))
    return float(ratio) * 0.98 if ratio >= 0.9 else 0.0


def _forms(left: str, right: str) -> tuple[float, tuple[Part, ...]]:
    if left == right or not left or not right:
        return 1.0, ()
    factor = FORM_FAMILY if family(left) == family(right) else FORM_CONFLICT
    return factor, ({"part": f"legal form {left}", "against": right, "effect": round(factor - 1, 4)},)


def context(
    score: float, country: str | None, countries: frozenset[str], kinds: tuple[str | None, str | None]
) -> Alike:
    """The score of a name with what else is known; a conflict lowers and marks, it never drops.

    >>> context(1.0, "AE", frozenset({"RU"}), ("company", "company")).score
    0.88
    """
    parts: list[Part] = []
    if country and countries:
        agrees = country in countries
        factor = 1.0 if agrees else COUNTRY_CONFLICT
        score *= factor
        shown = ", ".join(sorted(countries))
        parts.append({"part": f"country {country}", "against": shown, "effect": round(factor - 1, 4)})
    known = [kind for kind in kinds if kind and kind != "unknown"]
    if len(known) == 2 and "person" in known and known[0] != known[1]:
        score *= KIND_CONFLICT
        parts.append({"part": f"kind {known[0]}", "against": known[1], "effect": round(KIND_CONFLICT - 1, 4)})
    return Alike(round(score, 6), tuple(parts))

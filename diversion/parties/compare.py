"""How alike two names are, word by word, and why.

Words are paired (`pairing`), what remains unlike is counted as faults (`features`), and a logistic
model turns faults into a confidence (`model`). Words that many names bear
weigh little, numbers must not contradict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from diversion.parties import features
from diversion.parties.model import models
from diversion.parties.names import split
from diversion.parties.pairing import Pair, pairing
from diversion.parties.slips import beside_the_name
from diversion.parties.tokens import Named, named

Part = dict[str, object]
SLIP = 0.95
"""How alike two names are of which one has a wrong letter in its legal form, or for a space."""


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


def likeness(left: str, right: str, kind: str | None = None, least: float = 0.0) -> float:
    """How alike two names are, from 0 to 1, as `compare` says it. Some 0.1 ms; symmetric.

    `kind` is that of both parties where it is known: persons are told by other signs than companies. A
    likeness that cannot reach `least` may be told as 0, which is quicker.

    >>> likeness("Kestrel Trading FZE", "KESTREL TRADING F.Z.E.")
    1.0
    >>> likeness("Plant No. 5", "Plant No. 6") < 0.5 < likeness("Sigma Zavod", "Sigma Plant")
    True
    """
    return max((score for score, *_ in _readings(left, right, kind, least)), default=0.0)


def compare(left: str, right: str, kind: str | None = None) -> Alike:
    """Two names as written, compared, with the explanation: its effects add up to the score.

    First the words that agree with their share of the names, then those that have no counterpart, then what
    each fault takes off.

    >>> told = compare("Ivan Petrov", "Petrow, Ivan", "person")
    >>> told.score > 0.9, abs(sum(float(str(part["effect"])) for part in told.parts) - told.score) < 1e-6
    (True, True)
    """
    ways = _readings(left, right, kind, 0.0)
    if not ways:
        return Alike(0.0, ())
    score, ours, theirs, person = max(ways, key=lambda way: way[0])
    return Alike(round(score, 6), tuple(_explained(round(score, 6), ours, theirs, person)))


@lru_cache(maxsize=1 << 16)
def _readings(
    left: str, right: str, kind: str | None, least: float
) -> tuple[tuple[float, Named, Named, bool | None], ...]:
    """The score of each pair of readings; person is None where the kind is not known."""
    mine, others = named(left), named(right)
    # Where both have brackets, what stands in them may tell the two apart.
    whole = any(one.partial for one in mine) and any(one.partial for one in others)
    floor = SLIP if beside_the_name(left, right) else 0.0
    return tuple(
        (max(floor, _scored(ours, theirs, person, least)), ours, theirs, person)
        for ours in mine
        for theirs in others
        if not (whole and (ours.partial or theirs.partial))
        for person in (_person(kind, ours, theirs),)
    )


def _person(kind: str | None, left: Named, right: Named) -> bool | None:
    if kind and kind != "unknown":
        return kind == "person"
    return False if left.company or right.company else None


def _scored(left: Named, right: Named, person: bool | None, least: float) -> float:
    if right.words < left.words:
        left, right = right, left  # one order for both directions, so that the score is symmetric
    pairs = pairing(left, right)
    if not any(pair.left and pair.right for pair in pairs):
        return 0.0
    sides = (True, False) if person is None else (person,)
    scores = [_by_model(left, right, pairs, side, least / len(sides)) for side in sides]
    return sum(scores) / len(scores)


def _by_model(left: Named, right: Named, pairs: Sequence[Pair], person: bool, least: float) -> float:
    model = models()[person]
    if least and model.score(features.leftovers(left, right, pairs, person)) < least:
        return 0.0  # every further fault would only lower it
    return model.score(features.features(left, right, pairs, person))


def _explained(score: float, left: Named, right: Named, person: bool | None) -> list[Part]:
    pairs = pairing(left, right)
    weigh = left.weights(bool(person)), right.weights(bool(person))
    both = [pair for pair in pairs if pair.left and pair.right]
    shares = [features.weight(p.left, weigh[0]) + features.weight(p.right, weigh[1]) for p in both]
    total = sum(shares) or 1.0
    parts: list[Part] = [
        {"part": pair.left, "against": pair.right, "effect": round(share / total, 4)}
        for pair, share in zip(both, shares, strict=True)
    ]
    parts += [
        {"part": pair.left or None, "against": pair.right or None, "effect": 0.0}
        for pair in pairs
        if not (pair.left and pair.right)
    ]
    found = features.features(left, right, pairs, bool(person))
    blamed = models()[bool(person)].blamed(found)
    whole = sum(taken for _, taken in blamed) or 1.0
    lost = 1.0 - score if both else 0.0
    parts += [
        {
            "part": name.replace("_", " "),
            "against": _said(name, pairs, left, right),
            "effect": -round(lost * taken / whole, 4),
        }
        for name, taken in blamed
        if round(lost * taken / whole, 4)
    ]
    return _closed(parts, score)


def _closed(parts: list[Part], score: float) -> list[Part]:
    """The parts, with what rounding left put on the heaviest, so that they add up."""
    if parts:
        heaviest = max(parts, key=lambda part: abs(float(str(part["effect"]))))
        rest = score - sum(float(str(part["effect"])) for part in parts)
        heaviest["effect"] = round(float(str(heaviest["effect"])) + rest, 6)
    return parts


def _said(fault: str, pairs: Sequence[Pair], left: Named, right: Named) -> str | None:
    """The words on which a fault rests."""
    if fault in ("numbers", "number_missing"):
        return f"{', '.join(sorted(left.numbers)) or 'none'} / {', '.join(sorted(right.numbers)) or 'none'}"
    if fault in ("form", "form_kin"):
        return f"{left.form} / {right.form}"
    ways = {"misspelt": "typo", "worst_misspelt": "typo", "other_first_letter": "typo"}
    shown = [p for p in pairs if p.left and p.right and p.way == ways.get(fault, fault)]
    if fault.startswith(("replaced", "added")):
        shown = [p for p in pairs if not (p.left and p.right)]
    return "; ".join(f"{p.left or '–'} / {p.right or '–'}" for p in shown) or None


def agreeing(left: str, right: str) -> list[str]:
    """The words that both names hold, legal forms apart.

    >>> agreeing("Kestrel Trading FZE", "TRADING KESTREL")
    ['kestrel', 'trading']
    """
    there = set(split(right)[0].split())
    return [word for word in split(left)[0].split() if word in there]

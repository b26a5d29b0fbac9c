"""What tells two names apart, as numbers from 0 (nothing) up: the features of the match model.

Every feature is a fault: it can only lower a score. So a name is always most like itself, and more agreement
never makes a match less likely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

from diversion.parties.lexicon import lines, opposed, place_of
from diversion.parties.names import family
from diversion.parties.pairing import Pair
from diversion.parties.tokens import BODY, Named, patronymic

FEATURES = (
    "misspelt",  # weight of misspelt words, by how much
    "worst_misspelt",  # the worst misspelt word that is not generic
    "misspelt_short",  # a misspelt telling word of few letters
    "other_first_letter",  # a misspelt word begins otherwise
    "sound",  # share of weight that only sounds alike
    "vowels",  # share of weight of which only the consonants are known
    "meaning",  # share of weight that is translated
    "short",  # share of weight that is a short form
    "initial",  # share of weight that is an initial
    "acronym",  # one name is the initials of the other: the fewer letters, the graver
    "replaced",  # weight without counterpart on both sides, as a share of the lighter name
    "replaced_rare",  # both sides have a telling word that the other lacks
    "replaced_generic",  # generic words without counterpart on both sides
    "added",  # weight that one side alone has, as a share of the heavier name
    "added_whole",  # the same, where the other name, three words or more, stands whole in this one
    "added_after",  # the weight that one side alone has behind all that agrees: a branch, a subsidiary
    "added_rare",  # number of telling words that one side alone has, up to 3
    "added_generic",  # number of generic words that one side alone has, up to 3
    "replaced_mixed",  # a telling word on one side, others on the other
    "replaced_trade",  # each side names a line of business that the other lacks
    "added_trade",  # number of lines of business that one side alone names, up to 2
    "replaced_place",  # each side names a place that the other lacks
    "added_place",  # one side alone names a place
    "replaced_bare",  # generic words without counterpart on both sides, where no telling word agrees
    "added_bare",  # number of words that one side alone has, where no telling word agrees, up to 3
    "added_alone",  # one side alone has a telling word, and none agrees
    "added_thin",  # number of telling words that one side alone has, where one telling word agrees, up to 3
    "thin",  # a single telling word agrees, and the names differ
    "nothing_rare",  # no telling word agrees at all
    "patronymics",  # both sides have a patronymic that the other lacks
    "numbers",  # numbers contradict each other
    "number_missing",  # one side alone has a number
    "form",  # legal forms of two families
    "form_kin",  # legal forms of one family
    "order",  # the words stand in another order
    "letters",  # how unlike the names are as a whole, spaces apart
)
VAGUE = {"", "company", "corporation"}
"""Families of legal forms that say nothing, for translators put them in."""
UNSURE = ("short", "initial", "replaced", "added", "numbers", "number_missing")
"""Faults that weigh more where little agrees."""
PARTLY, LOOSELY = 0.75, 1.5
"""How grave it is where some numbers agree and others contradict, and where an acronym skips letters."""
TELLING = 0.45
"""A word from this weight on tells a name from others."""
LONG, ENOUGH = 7, 3
"""Letters of a word that is rather misspelt than another, words of a name that may stand whole in another."""


_WITHIN = ("added_rare", "added_generic", "added_trade", "added_thin", "added_bare", "added_alone")
"""What is not counted beside `added_whole`."""


class Faults(NamedTuple):
    """Sums over the pairs of words of two names."""

    agreed: float
    left_only: float
    right_only: float
    telling: int
    left_telling: int
    left_generic: int
    right_telling: int
    right_generic: int
    left_bodies: int
    right_bodies: int


def features(left: Named, right: Named, pairs: Sequence[Pair], person: bool) -> list[float]:
    """One number a feature, in the order of `FEATURES`."""
    weigh = left.weights(person), right.weights(person)
    found = dict.fromkeys(FEATURES, 0.0)
    sums = _sums(pairs, weigh)
    _ways(found, pairs, weigh, max(1e-9, sums.agreed))
    _leftovers(found, sums)
    if not person:
        _alone(found, pairs)
        _bare(found, sums)
        if _behind(left, right, pairs):
            found["added_after"] = found["added"]
        if _whole(pairs):
            found["added_whole"], found["added"] = found["added"], 0.0
            found.update(dict.fromkeys(_WITHIN, 0.0))
    _numbers(found, left, right)
    if person:
        alone = [[p.left for p in pairs if not p.right], [p.right for p in pairs if not p.left]]
        found["patronymics"] = float(all(any(map(patronymic, words)) for words in alone))
    families = {family(left.form), family(right.form)}
    if left.form != right.form and not families & VAGUE:
        found["form_kin" if family(left.form) == family(right.form) else "form"] = 1.0
    if any(found[name] for name in UNSURE):
        found["thin"] = 1.0 if sums.telling == 1 else 0.0
        found["nothing_rare"] = 1.0 if sums.telling == 0 else 0.0
    found["letters"] = _unlike(pairs, weigh)
    found["order"] = 0.0 if _in_order(left, right, pairs) else 1.0
    return list(found.values())


def _whole(pairs: Sequence[Pair]) -> bool:
    """Whether a name of three words or more stands whole in the other."""
    agree = [pair for pair in pairs if pair.left and pair.right]
    alone = {bool(pair.left) for pair in pairs if not (pair.left and pair.right)}
    return len(alone) == 1 and len(agree) >= ENOUGH and all(p.way in ("same", "sound") for p in agree)


def _behind(left: Named, right: Named, pairs: Sequence[Pair]) -> bool:
    """Whether only one name has words without a counterpart, and they stand behind all others."""
    for words, alone, other in (
        (left.words, [p.left for p in pairs if not p.right], [p.right for p in pairs if not p.left]),
        (right.words, [p.right for p in pairs if not p.left], [p.left for p in pairs if not p.right]),
    ):
        if alone and not other and set(alone) <= set(words[-len(alone) :]):
            return True
    return False


def _alone(found: dict[str, float], pairs: Sequence[Pair]) -> None:
    """What the words without a counterpart say of places and lines of business."""
    alone = [[p.left for p in pairs if not p.right], [p.right for p in pairs if not p.left]]
    trades = [sum(word in lines() for word in words) for words in alone]
    found["replaced_trade"] = float(min(trades) > 0)
    found["added_trade"] = float(min(2, abs(trades[0] - trades[1])))
    there = [sum(place_of(word) is not None or word in opposed() for word in words) for words in alone]
    found["replaced_place"] = float(min(there) > 0)
    found["added_place"] = float(min(there) == 0 < max(there))


def _bare(found: dict[str, float], sums: Faults) -> None:
    """What weighs more because little agrees."""
    if sums.telling == 0:
        found["replaced_bare"] = float(min(sums.left_generic, sums.right_generic, 2))
        one = sums.left_generic + sums.left_telling - sums.right_generic - sums.right_telling
        found["added_bare"] = float(min(3, abs(one)))
        found["added_alone"] = float((sums.left_telling > 0) != (sums.right_telling > 0))
    elif sums.telling == 1:
        found["added_thin"] = found["added_rare"]


def weight(word: str, weights: Mapping[str, float]) -> float:
    """Weight of a word, or of words joined or an acronym spelt out: that of the heaviest part."""
    found = weights.get(word)
    if found is not None:
        return found
    parts = [weights[part] for part in word.split() if part in weights]
    return max(parts) if parts else 1.0


def _sums(pairs: Sequence[Pair], weigh: tuple[Mapping[str, float], Mapping[str, float]]) -> Faults:
    agreed = left_only = right_only = 0.0
    counts = [0, 0, 0, 0, 0, 0, 0]
    for pair in pairs:
        if not (pair.left and pair.right) and (pair.left + pair.right).isdigit():
            continue  # what numbers say of one another is a fault of its own
        a = weight(pair.left, weigh[0]) if pair.left else 0.0
        b = weight(pair.right, weigh[1]) if pair.right else 0.0
        if pair.left and pair.right:
            agreed += (a + b) / 2
            counts[0] += (a + b) / 2 >= TELLING
        elif pair.left:
            left_only += a
            counts[1 if a >= TELLING else 2 if a > BODY else 5] += a > 0
        else:
            right_only += b
            counts[3 if b >= TELLING else 4 if b > BODY else 6] += b > 0
    return Faults(agreed, left_only, right_only, *counts)


def _ways(
    found: dict[str, float],
    pairs: Sequence[Pair],
    weigh: tuple[Mapping[str, float], Mapping[str, float]],
    agreed: float,
) -> None:
    for pair in pairs:
        if pair.way == "same" or not (pair.left and pair.right):
            continue
        heavy = (weight(pair.left, weigh[0]) + weight(pair.right, weigh[1])) / 2
        if pair.way in ("typo", "other") or (pair.way == "vowels" and pair.score < 0.75):
            found["misspelt"] += heavy * (1 - pair.score) / agreed
            if heavy >= TELLING:
                found["worst_misspelt"] = max(found["worst_misspelt"], 1 - pair.score)
                if max(len(pair.left), len(pair.right)) < LONG:
                    found["misspelt_short"] = 1.0
                if pair.left[0] != pair.right[0]:
                    found["other_first_letter"] = 1.0
        elif pair.way == "acronym":
            found["acronym"] = _acronym(pair, weigh)
        else:
            found[pair.way] += heavy / agreed


def _acronym(pair: Pair, weigh: tuple[Mapping[str, float], Mapping[str, float]]) -> float:
    """How grave it is that one name is the initials of the other: chance makes short and loose ones."""
    short, long = sorted((pair.left, pair.right), key=len)
    exact = short == "".join(word[0] for word in long.split())
    weights = weigh[0] if long == pair.left else weigh[1]
    loose = not exact and any(weights.get(word, 0) >= TELLING for word in long.split())
    return (2.0 if len(short) < 4 else 1.4 if len(short) == 4 else 1.0) + LOOSELY * loose


def leftovers(left: Named, right: Named, pairs: Sequence[Pair], person: bool) -> list[float]:
    """Only the faults of words without a counterpart: quick, and never more than all of them."""
    found = dict.fromkeys(FEATURES, 0.0)
    if not person and _whole(pairs):
        return list(found.values())
    _leftovers(found, _sums(pairs, (left.weights(person), right.weights(person))))
    return list(found.values())


def _leftovers(found: dict[str, float], sums: Faults) -> None:
    lighter = max(1e-9, sums.agreed + min(sums.left_only, sums.right_only))
    both = min(sums.left_only, sums.right_only)
    heavier = sums.agreed + max(sums.left_only, sums.right_only)
    found["replaced"] = both / lighter
    found["replaced_rare"] = float(min(sums.left_telling, sums.right_telling, 2))
    found["added"] = abs(sums.left_only - sums.right_only) / max(1e-9, heavier)
    found["added_rare"] = float(min(3, abs(sums.left_telling - sums.right_telling)))
    left, right = sums.left_generic + sums.left_bodies, sums.right_generic + sums.right_bodies
    # "Group" for "Holding" says nothing; "Bank" for "Holding" does.
    found["replaced_generic"] = float(min(left, right, 2) * (sums.left_generic + sums.right_generic > 0))
    if not found["replaced_generic"] and not found["replaced_rare"]:
        found["replaced_mixed"] = float(min(left + sums.left_telling, right + sums.right_telling) > 0)
        found["replaced_mixed"] *= sums.left_telling + sums.right_telling > 0
    found["added_generic"] = float(min(3, abs(sums.left_generic - sums.right_generic)))


def _numbers(found: dict[str, float], left: Named, right: Named) -> None:
    if left.numbers == right.numbers:
        return
    contradict = bool(left.numbers - right.numbers) and bool(right.numbers - left.numbers)
    found["numbers" if contradict else "number_missing"] = PARTLY if left.numbers & right.numbers else 1.0


def _unlike(pairs: Sequence[Pair], weigh: tuple[Mapping[str, float], Mapping[str, float]]) -> float:
    """How unlike the letters of the telling words are, those of one meaning or sound read as one."""
    told: tuple[list[str], list[str]] = ([], [])
    for pair in pairs:
        same = pair.left and pair.right and pair.way not in ("typo", "other")
        for side, word in enumerate((pair.left, pair.right)):
            if word and (same or weight(word, weigh[side]) >= TELLING):
                told[side].append(pair.left if same else word)
    return 1 - float(Indel.normalized_similarity("".join(told[0]), "".join(told[1])))


def _in_order(left: Named, right: Named, pairs: Sequence[Pair]) -> bool:
    both = [pair for pair in pairs if pair.left in left.words and pair.right in right.words]
    both.sort(key=lambda pair: left.words.index(pair.left))
    places = [right.words.index(pair.right) for pair in both]
    return places == sorted(places)

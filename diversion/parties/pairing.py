"""Which word of one name stands for which of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from diversion.parties.acronyms import abbreviates, initials, way
from diversion.parties.lexicon import particles
from diversion.parties.likeness import Alike, Way, alike, bare_alike, sound
from diversion.parties.tokens import Named

LEAST = 0.64
"""Two words less alike than this do not stand for one another."""
JOINED = 0.8
ACRONYM = 0.8


@dataclass(frozen=True, slots=True)
class Pair:
    """A word of each name, or of one alone (the other is empty), and how alike they are."""

    left: str
    right: str
    score: float
    way: Way


@lru_cache(maxsize=1 << 16)
def pairing(left: Named, right: Named) -> tuple[Pair, ...]:
    """The words of two names paired one to one, the most alike first; those without a counterpart last.

    Words that one name writes together and the other apart are joined first. Deterministic and symmetric but
    for the side on which each word stands.
    """
    pairs, ours, theirs = _equal(left.words, right.words)
    if ours and theirs:
        ours, theirs = _joined(ours, theirs), _joined(theirs, ours)
        more, ours, theirs = _equal(ours, theirs)
        pairs += more
    bare = left.bare, right.bare
    found = sorted(
        (-likely.score, i + j, min(x, y), max(x, y), x, y, likely.way, i, j)
        for i, x in enumerate(ours)
        for j, y in enumerate(theirs)
        if (likely := _alike(x, y, bare)).score >= LEAST
    )
    free_left, free_right = dict(enumerate(ours)), dict(enumerate(theirs))
    for unlike, _, _, _, x, y, how, i, j in found:
        if i in free_left and j in free_right:
            pairs.append(Pair(x, y, -unlike, how))
            del free_left[i], free_right[j]
    pairs += _acronyms(free_left, free_right, (left, right))
    for free, other, own in ((free_left, right, left), (free_right, left, right)):
        for key in [k for k, word in free.items() if _beside(word, other, own)]:
            del free[key]  # the acronym beside the name that it stands for
    pairs += [Pair(x, "", 0.0, "other") for x in free_left.values()]
    pairs += [Pair("", y, 0.0, "other") for y in free_right.values()]
    return tuple(pairs)


def _beside(word: str, other: Named, own: Named) -> bool:
    """Whether a word that has no counterpart is an acronym of the other name, or of the rest of its own."""
    if len(word) < 3:
        return False
    if initials(word, other.words, other.form):
        return True
    rest = [one for one in own.words if one != word]
    if len(rest) > 2 and initials(word, rest, own.form):
        return True
    return other.company and abbreviates(word, other.words)


def _alike(left: str, right: str, bare: tuple[frozenset[str], frozenset[str]]) -> Alike:
    if left in bare[0] and right not in bare[1]:
        return bare_alike(left, right)
    if right in bare[1] and left not in bare[0]:
        return bare_alike(right, left)
    return alike(left, right)


def _equal(left: Sequence[str], right: Sequence[str]) -> tuple[list[Pair], list[str], list[str]]:
    """Equal words paired, and what is left of each side."""
    free = list(right)
    pairs, rest = [], []
    for word in left:
        if word in free:
            free.remove(word)
            pairs.append(Pair(word, word, 1.0, "same"))
        else:
            rest.append(word)
    return pairs, rest, free


def _joined(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """`words` with neighbours joined where the other name writes them as one word."""
    made = list(words)
    for other in others:
        if len(made) == 1:
            break
        for size in (3, 2):
            place = _run(made, other, size)
            if place is not None:
                made[place : place + size] = ["".join(made[place : place + size])]
                break
    return made


def _run(words: Sequence[str], other: str, size: int) -> int | None:
    if len(other) < 4:
        return None
    heard = sound(other)
    for place in range(len(words) - size + 1):
        if sound(words[place])[:1] != heard[:1]:
            continue
        run = words[place : place + size]
        joined = "".join(run)
        if abs(len(joined) - len(other)) > 2 or other in run:
            continue
        if joined == other or sound(joined) == heard:
            return place
        best = max(alike(word, other).score for word in run)
        if best < LEAST and max(map(len, run)) < len(other) and alike(joined, other).score >= JOINED:
            return place
    return None


def _acronyms(left: dict[int, str], right: dict[int, str], names: tuple[Named, Named]) -> list[Pair]:
    """Words of one side that are the initials of what is left of the other; they leave both sides."""
    pairs: list[Pair] = []
    for mine, theirs, form, turned in (
        (left, right, names[1].form, False),
        (right, left, names[0].form, True),
    ):
        if len(theirs) < 2:
            continue
        for place, word in list(mine.items()):
            spelt = initials(word, list(theirs.values()), form)
            if not spelt:
                continue
            text, how = " ".join(spelt), way(word, spelt)
            pairs.append(Pair(text, word, ACRONYM, how) if turned else Pair(word, text, ACRONYM, how))
            del mine[place]
            for key in [key for key, value in theirs.items() if value in spelt or value in particles()]:
                del theirs[key]
    return pairs

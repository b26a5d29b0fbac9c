"""Which word of one name stands for which of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from diversion.parties.lexicon import bodies, generic, particles
from diversion.parties.likeness import Alike, Way, alike, bare_alike, sound
from diversion.parties.tokens import Named

LEAST = 0.64
"""Two words less alike than this do not stand for one another."""
JOINED = 0.8
FORM_LETTERS = {"inc": "ci", "co": "c", "ltd": "l", "llc": "l", "jsc": "j", "fze": "f"}
"""The letter that the legal form gives to an acronym."""
ACRONYM = 0.8
SHORTEST_ACRONYM, LOOSE, LONGEST_ACRONYM = 2, 4, 7


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
    for unlike, _, _, _, x, y, way, i, j in found:
        if i in free_left and j in free_right:
            pairs.append(Pair(x, y, -unlike, way))
            del free_left[i], free_right[j]
    pairs += _acronyms(free_left, free_right, (left, right))
    for free, other in ((free_left, right), (free_right, left)):
        for key in [
            k for k, word in free.items() if len(word) > 2 and initials(word, other.words, other.form)
        ]:
            del free[key]  # the acronym beside the name that it stands for
    pairs += [Pair(x, "", 0.0, "other") for x in free_left.values()]
    pairs += [Pair("", y, 0.0, "other") for y in free_right.values()]
    return tuple(pairs)


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
            text, way = " ".join(spelt), _way(word, spelt)
            pairs.append(Pair(text, word, ACRONYM, way) if turned else Pair(word, text, ACRONYM, way))
            del mine[place]
            for key in [key for key, value in theirs.items() if value in spelt or value in particles()]:
                del theirs[key]
    return pairs


def _way(word: str, spelt: Sequence[str]) -> Way:
    """Initials of a person's given names, or the acronym of a company."""
    return "initial" if len(word) == len(spelt) <= 3 and not any(s in generic() for s in spelt) else "acronym"


def initials(word: str, others: Sequence[str], form: str) -> list[str]:
    """The words of which `word` is made of the beginnings, in order; empty where it is not.

    Each word gives up to two letters, the first up to three; one in three may be passed over, and the last
    letter may be that of the legal form.

    >>> initials("casc", ["china", "aerospace", "science", "technology"], "inc")
    ['china', 'aerospace', 'science', 'technology']
    >>> initials("adnoc", ["abu", "dhabi", "national", "oil"], "co"), initials("ibm", ["ivan", "mar"], "")
    (['abu', 'dhabi', 'national', 'oil'], [])
    """
    if not SHORTEST_ACRONYM <= len(word) <= LONGEST_ACRONYM or len(others) < 2 or not word.isalpha():
        return []
    kept = [other for other in others if other not in particles()]
    for words in (others, kept):
        if len(words) > 1 and word[0] == words[0][0] and _stands_for(word, words, form):
            return list(words)
    return []


def _stands_for(word: str, words: Sequence[str], form: str) -> bool:
    first = "".join(other[0] for other in words)
    closed = word[-1] in FORM_LETTERS.get(form, "")
    if word == first or (closed and word[:-1] == first):
        return True
    if len(word) < LOOSE:
        return False  # short ones are so many that only the strict reading tells anything
    costs = [_spelt(word, words, 3), _spelt(word[:-1], words, 3) if closed else None]
    return any(cost is not None and cost <= max(1.0, len(words) / 3) for cost in costs)


def _spelt(rest: str, words: Sequence[str], most: int) -> float | None:
    """The least cost of spelling `rest`: words that give no letter, and those that give more than one."""
    if not words:
        return None if rest else 0
    able = []
    for taken in range(min(most, len(rest), len(words[0])) + 1):
        if words[0][:taken] == rest[:taken]:
            passed = _spelt(rest[taken:], words[1:], 2)
            if passed is not None:
                idle = words[0] in bodies() or words[0] in particles()
                able.append(passed + (taken == 0 and not idle) + (taken > 1) * 0.4)
    return min(able, default=None)

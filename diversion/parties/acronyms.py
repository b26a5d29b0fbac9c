"""Words that stand for several: acronyms, words made of syllables, abbreviations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from diversion.parties.lexicon import bodies, commonness, generic, particles
from diversion.parties.likeness import Way

FORM_ENDS = {
    "inc": ("c", "i", "co", "inc"),
    "co": ("c", "co"),
    "ltd": ("l",),
    "llc": ("l",),
    "jsc": ("j",),
    "fze": ("f",),
    "sa": ("s", "sa"),
    "ag": ("ag",),
    "as": ("as",),
}
"""The letters that the legal form gives to an acronym."""
SHORTEST_ACRONYM, LOOSE, LONGEST_ACRONYM = 2, 4, 7
SYLLABLE, SHORTEST_COMPOUND = 3, 8
SLACK = 1e-9
"""Rounding of a sum of costs."""
_VOWELS = frozenset("aeiouy")


def form_letters(form: str) -> str:
    """The single letters that a legal form may give to an acronym."""
    return "".join(end for end in FORM_ENDS.get(form, ()) if len(end) == 1)


def way(word: str, spelt: Sequence[str]) -> Way:
    """Initials of a person's given names, or the acronym of a company."""
    return "initial" if len(word) == len(spelt) <= 3 and not any(s in generic() for s in spelt) else "acronym"


def initials(word: str, others: Sequence[str], form: str) -> list[str]:
    """The words of which `word` is made of the beginnings, in order; empty where it is not.

    Each word gives up to two letters, the first up to three; one in three may be passed over, and the last
    letters may be those of the legal form. Short of all words, a run of them may be meant by its first
    letters alone.

    >>> initials("casc", ["china", "aerospace", "science", "technology"], "inc")
    ['china', 'aerospace', 'science', 'technology']
    >>> initials("adnoc", ["abu", "dhabi", "national", "oil"], "co"), initials("ibm", ["ivan", "mar"], "")
    (['abu', 'dhabi', 'national', 'oil'], [])
    >>> initials("ntc", ["sigma", "new", "technology", "center"], "")
    ['new', 'technology', 'center']
    """
    first = word[:1]
    if len(others) < 2 or not any(other[0] == first for other in others) or not word.isalpha():
        return []
    if SHORTEST_ACRONYM <= len(word) <= LONGEST_ACRONYM:
        kept = [other for other in others if other not in particles()]
        for words in (others, kept):
            if len(words) > 1 and word[0] == words[0][0] and _stands_for(word, words, form):
                return list(words)
        for run in _runs(kept, len(word)):
            if "".join(other[0] for other in run) == word and len(word) > 2:
                return run
    return syllables(word, others)


def syllables(word: str, others: Sequence[str]) -> list[str]:
    """The neighbours of which a long word is made of the first syllables; empty where it is not.

    >>> syllables("promstroybank", ["moscow", "promyshlenno", "stroitelnyy", "bank"])
    []
    >>> syllables("aerocondor", ["aeronautica", "condor"])
    ['aeronautica', 'condor']
    """
    if len(word) < SHORTEST_COMPOUND:
        return []
    for size in (4, 3, 2):
        for run in _runs(others, size):
            if word[:SYLLABLE] == run[0][:SYLLABLE] and _made_of(word, run):
                return run
    return []


def _runs(words: Sequence[str], size: int) -> Iterator[list[str]]:
    return (list(words[place : place + size]) for place in range(len(words) - size + 1))


def _made_of(rest: str, words: Sequence[str]) -> bool:
    if not words:
        return not rest
    most = min(len(rest), len(words[0]))
    return any(
        words[0][:taken] == rest[:taken] and _made_of(rest[taken:], words[1:])
        for taken in range(SYLLABLE, most + 1)
    )


def abbreviates(word: str, others: Sequence[str]) -> bool:
    """Whether a short word is letters of a long one, its first among them: PSB beside Promsvyazbank.

    >>> abbreviates("psb", ["promsvyazbank"]), abbreviates("oil", ["orion"]), abbreviates("star", ["sastar"])
    (True, False, False)
    """
    if not 3 <= len(word) <= 4 or word in generic() or commonness(word) < 1 or not word.isalpha():
        return False
    if len(_VOWELS.intersection(word)) > 1:
        return False
    return any(
        other[0] == word[0] and len(other) > 2 * len(word) and _inside(word, other) for other in others
    )


def _inside(word: str, other: str) -> bool:
    letters = iter(other)
    return all(letter in letters for letter in word)


def _stands_for(word: str, words: Sequence[str], form: str) -> bool:
    first = "".join(other[0] for other in words)
    ends = [end for end in FORM_ENDS.get(form, ()) if word.endswith(end) and len(word) > len(end)]
    if word == first or any(word[: -len(end)] == first for end in ends):
        return True
    if len(word) < LOOSE or len(words) > 2 * len(word):
        return False  # short ones are so many that only the strict reading tells anything
    dearest = max(1.0, len(words) / 3)
    spelt = (word, *(word[: -len(end)] for end in ends))
    return any(_cost(letters, words, 3, dearest) <= dearest for letters in spelt)


def _cost(rest: str, words: Sequence[str], most: int, budget: float) -> float:
    """The least cost of spelling `rest`: words that give no letter, and those that give more than one.

    Infinite where there is no way, or none within the budget.
    """
    if not words:
        return inf if rest else 0.0
    if budget < -SLACK or len(rest) > most + 2 * (len(words) - 1):
        return inf
    word, least = words[0], inf
    for taken in range(min(most, len(rest), len(word)) + 1):
        if word[:taken] != rest[:taken]:
            break
        idle = taken > 0 or word in bodies() or word in particles()
        cost = (not idle) * 1.0 + (taken > 1) * 0.4
        least = min(least, cost + _cost(rest[taken:], words[1:], 2, min(budget, least) - cost))
    return least

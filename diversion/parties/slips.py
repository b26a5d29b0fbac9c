"""Names that differ in one letter: found by what is left when any one letter is taken out.

Two texts one edit apart (a letter put in, left out or exchanged) share such a remainder. A short name with a
slip in its only word has too few pieces in common with the right one to be found by those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from diversion.parties.loose_forms import form_words, remainders
from diversion.parties.names import words
from diversion.parties.tokens import named

Ints = npt.NDArray[np.int64]
SHORTEST, LONGEST = 4, 24
"""Letters of the names kept here; longer ones share pieces enough."""
MOST_WORDS = 4


@dataclass(frozen=True)
class Slips:
    """Digests of remainders in order, and the row of each."""

    digests: Ints
    rows: Ints

    @classmethod
    def of(cls, names: Sequence[str]) -> Slips:
        """The index over these names. Some 2 s for 60,000, 12 bytes a letter."""
        found = [(digest, row) for row, name in enumerate(names) for digest in _digests(_texts(name, False))]
        table = np.array(found, np.int64).reshape(-1, 2)
        order = np.argsort(table[:, 0], kind="stable")
        return cls(table[order, 0], table[order, 1])

    def near(self, name: str) -> list[int]:
        """Rows of the names that are one letter from this one, its words turned in any circle; some more."""
        asked = np.array(sorted(_digests(_texts(name, True))), np.int64)
        begin = np.searchsorted(self.digests, asked, "left")
        begin = begin[begin < len(self.digests)]
        begin = begin[self.digests[begin] == asked[: len(begin)]]  # what is beyond the end is the greatest
        end = np.searchsorted(self.digests, self.digests[begin], "right")
        found = [self.rows[a:b] for a, b in zip(begin, end, strict=True)]
        return list(map(int, np.unique(np.concatenate(found)))) if found else []


def _texts(name: str, turned: bool) -> Iterator[str]:
    for one in named(name):
        turns = len(one.words) if turned and len(one.words) <= MOST_WORDS else 1
        for place in range(turns):
            text = "".join(one.words[place:] + one.words[:place])
            if SHORTEST <= len(text) <= LONGEST:
                yield text


def _digests(texts: Iterator[str]) -> set[int]:
    return {crc32(left.encode()) for text in texts for left in remainders(text)}


def beside_the_name(left: str, right: str) -> bool:
    """Whether two names differ in one letter that is none of the name: of a short legal form, or for a space.

    >>> beside_the_name("Kestrel LLC", "Kestrel LLX"), beside_the_name("Kestrel Foods", "KestrelxFoods")
    (True, True)
    >>> beside_the_name("Kestrel LLC", "Kestrol LLC"), beside_the_name("Kestrel AG", "Kestrel AD")
    (False, False)
    """
    from rapidfuzz.distance import OSA

    if abs(len(left) - len(right)) > 1 or OSA.distance(left.lower(), right.lower(), score_cutoff=1) != 1:
        return False
    ours, theirs = words(left), words(right)
    if len(ours) == len(theirs):
        other = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
        return (
            len(other) == 1
            and len(ours) > 1
            and (other[0][0] in form_words()) != (other[0][1] in form_words())
        )
    if len(ours) > len(theirs):
        ours, theirs = theirs, ours
    return len(theirs) - len(ours) == 1 and _run_together(ours, theirs)


def _run_together(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether one word is two of the other name with a letter for the space between them."""
    place = next((p for p, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), len(ours))
    if place == len(ours) or list(ours[place + 1 :]) != list(theirs[place + 2 :]):
        return False
    word, first, second = ours[place], theirs[place], theirs[place + 1]
    return word.isalpha() and len(word) >= SHORTEST and word.startswith(first) and word.endswith(second)

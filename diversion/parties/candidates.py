"""The names of the lists that a name may be: found by sound, words, slips and initials, and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from diversion.parties.compare import likeness
from diversion.parties.entries import Entries
from diversion.parties.names import split
from diversion.parties.ngrams import Index, proposals
from diversion.parties.slips import Slips

FIRST, WIDER, MOST, LEAST = 16, 4, 4096, 0.45
"""So many look-alikes of a name are judged at first, of at least this likeness of sound; so many times as
many, of any likeness, while any of the farther half reaches the score asked for; never more than `MOST`."""


@dataclass(frozen=True)
class Alike:
    """The names at or above a score, place → score; `cut` where there may be more than were judged."""

    scores: Mapping[int, float]
    cut: bool


class Candidates:
    """The names of all entries, ready to be asked which of them a name may be."""

    def __init__(self, entries: Entries) -> None:
        self._names: list[str] = entries.names["name"].tolist()
        self._kinds = [entries.about[listing]["kind"] for listing in entries.names["listing"].tolist()]
        self._bases = entries.names["base"]

    @cached_property
    def _index(self) -> Index:
        return Index.of(self._names)

    @cached_property
    def _slips(self) -> Slips:
        return Slips.of(self._names)

    @cached_property
    def _exact(self) -> Mapping[str, Any]:
        words = self._bases.map(_sorted_words)
        groups = words.groupby(words).indices
        return {str(key): places for key, places in groups.items()}

    def of(self, names: Sequence[str], least: Sequence[float]) -> Iterator[Alike]:
        """For each name those of the lists whose likeness to it is at least its `least`.

        The names of exactly its words, those a letter away and those of its initials are all judged; those
        that sound like it from the nearest on, as long as they reach `least`. Some 3 ms for one name, 1 ms
        each of many.
        """
        first = proposals(self._index, names, FIRST, LEAST)
        for name, low, (similar, _) in zip(names, least, first, strict=True):
            yield self._reaching(name, low, similar.tolist())

    def _reaching(self, name: str, least: float, similar: list[int]) -> Alike:
        scores = self._scored(name, least, [*self._same(name), *similar, *self._near(name)])
        most, cut = FIRST, False
        while len(similar) == most and any(scores[place] >= least for place in similar[most // 2 :]):
            if cut := most >= MOST:
                break
            most *= WIDER
            similar = self._index.similar(name, most)[0].tolist()
            scores |= self._scored(name, least, (place for place in similar if place not in scores))
        return Alike({place: score for place, score in scores.items() if score >= least}, cut)

    def _scored(self, name: str, least: float, places: Iterable[int]) -> dict[int, float]:
        return {
            place: likeness(name, self._names[place], self._kinds[place], least)
            for place in dict.fromkeys(places)
        }

    def _same(self, name: str) -> list[int]:
        base, _ = split(name)
        return list(map(int, self._exact.get(_sorted_words(base), ()))) if base else []

    def _near(self, name: str) -> list[int]:
        return [*self._index.by_initials(name), *self._slips.near(name)]


def _sorted_words(base: str) -> str:
    return " ".join(sorted(base.split()))

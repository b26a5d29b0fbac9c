"""How wide the columns of a printed table are, so that none breaks a number or the words of its head."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

SHORT = {"rank", "route_id", "score", "band", "since", "until", "listed_on", "rule", "verdict"}
"""Columns that are never broken over lines."""
WORD = 18
"""The longest word that a table tries not to break: an id made here."""
GAP = 2
"""Blanks between two columns."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its name and its cells, as text."""

    name: str
    cells: Sequence[str]

    @property
    def head(self) -> str:
        """What stands above it."""
        return self.name.replace("_", " ")

    @cached_property
    def words(self) -> int:
        """The width that breaks no word, of those that are not too long."""
        if self.name in SHORT:
            return self.most
        return min(WORD, _longest(word for text in (self.head, *self.cells) for word in text.split()))

    @cached_property
    def solid(self) -> int:
        """The width that breaks no number and no word of the head."""
        if self.name in SHORT:
            return self.most
        numbers = (word for text in self.cells for word in text.split() if any(c.isdigit() for c in word))
        return min(WORD, _longest([*self.head.split(), *numbers]))

    @cached_property
    def most(self) -> int:
        """The width that breaks no line."""
        return _longest(line for text in (self.head, *self.cells) for line in text.splitlines())


def _longest(texts: Iterable[str]) -> int:
    from rich.cells import cell_len

    return max((cell_len(text) for text in texts), default=0)


def fitted(
    columns: Sequence[Column], width: int, spare: Sequence[str] = ()
) -> tuple[list[Column], list[int | None]]:
    """The columns that are shown in so many letters, and how wide each is.

    Those of `spare` go one by one until no word is broken; where that is not enough, long words are broken
    but no number and no head. None leaves the width of a column open: there is no room even for those.
    """
    kept = list(columns)
    for name in (None, *spare):
        kept = [column for column in kept if column.name != name]
        if _room(kept, [column.words for column in kept], width) >= 0:
            return kept, [*_grown(kept, [column.words for column in kept], width)]
    solid = [column.solid for column in kept]
    fits = _room(kept, solid, width) >= 0
    return kept, [*_grown(kept, solid, width)] if fits else [None] * len(kept)


def _room(columns: Sequence[Column], widths: Sequence[int], width: int) -> int:
    return width - sum(widths) - GAP * (len(columns) - 1)


def _grown(columns: Sequence[Column], least: Sequence[int], width: int) -> list[int]:
    """What is left goes to the narrowest of those that still break lines."""
    widths = list(least)
    for _ in range(_room(columns, least, width)):
        growing = [at for at, column in enumerate(columns) if widths[at] < column.most]
        if not growing:
            break
        widths[min(growing, key=lambda at: widths[at])] += 1
    return widths

"""Columns that go on in others: `Address 1` in `Address 2`, a name of goods in their specification."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from diversion.ingest.meanings import meanings
from diversion.ingest.words import tokens

AND = " + "
"""Between the headers of columns that are read as one."""
MOST = 9
_SPECIFIES = re.compile(r"(?i)规格|規格|규격|\bspecifications?\b|\bespecificaci|спецификац")


def found(name: str, header: Sequence[str]) -> int | None:
    """Where a column stands that a person names by its header, or by `#` and its number from 1."""
    if name in header:
        return list(header).index(name)
    at = int(name[1:]) - 1 if name[:1] == "#" and name[1:].isdecimal() else -1
    return at if 0 <= at < len(header) else None


def places(name: str, header: Sequence[str]) -> tuple[int, ...]:
    """Where the columns stand that a person names, `AND` between several; none where one is not there.

    >>> places("B", ["A", "B"]), places("A + #2", ["A", "B"]), places("A + C", ["A", "B"])
    ((1,), (0, 1), ())
    """
    whole = found(name, header)
    if whole is not None:
        return (whole,)
    several = [found(part, header) for part in name.split(AND)]
    return () if None in several else tuple(at for at in several if at is not None)


def further(
    header: Sequence[str], position: Mapping[str, int], fixed: Collection[str]
) -> dict[str, list[int]]:
    """Columns that go on where those at `position` end, but for the `fixed` ones.

    >>> further(["Buyer Add1", "Buyer Add2", "Port 2"], {"consignee_address": 0}, ())
    {'consignee_address': [1]}
    """
    busy, told = set(position.values()), {}
    for column, at in position.items():
        if column in fixed or not (column == "description" or column.endswith("_address")):
            continue
        own, first = _numbered(header[at])
        more = {
            place: _numbered(text)
            for place, text in enumerate(header)
            if place not in busy and _may_be(text, column)
        }
        same = [
            (number, place)
            for place, (stem, number) in more.items()
            if number > first and (stem == own or (column == "description" and stem and {*stem} < {*own}))
        ]
        after = [place for _, place in sorted(same)]
        if column == "description" and not _SPECIFIES.search(header[at]):
            after += [place for place in more if place not in after and _SPECIFIES.search(header[place])][:1]
        if after:
            told[column] = after[:MOST]
            busy.update(after)
    return told


def _may_be(header: str, column: str) -> bool:
    """Whether a header may be that of a column, by its words."""
    said = meanings(header).meanings
    return bool(said and said[0][0] == column) or bool(column == "description" and _SPECIFIES.search(header))


def _numbered(header: str) -> tuple[tuple[str, ...], int]:
    """The words of a header without the number that it ends in, and that number."""
    words = tokens(header)
    number = int(words[-1]) if words and words[-1].isdecimal() and len(words[-1]) < 3 else 0
    return tuple(words[:-1] if number else words), number

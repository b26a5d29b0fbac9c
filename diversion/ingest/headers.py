"""Where the header of a table stands: under titles and blanks, one or two rows deep."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from diversion.errors import BadInput
from diversion.ingest import contents
from diversion.ingest.columns import guess, lay_out, weight
from diversion.ingest.meanings import meanings, trade
from diversion.ingest.words import read, says

WITHIN = 60
"""Rows among which a header is looked for."""
SAMPLE = 200
"""Rows below a header that are looked at."""
HEAD = WITHIN + SAMPLE
"""Rows that a reader gives to `find`."""
_LABEL = 120
"""Characters of a cell that may be a header."""

TITLES = 20
"""Rows, and cells, above a header that are kept as its titles."""
_ALIKE = 0.7
"""Share of the columns that two headers lay out alike, of which the second repeats the first."""
AFTER = 5
"""Rows that may still be a better header than one that was found."""

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Header:
    """A header: its names, the positions of its first and last row from 0, and rows below it.

    `known` says whether the columns tell a kind of file. `rows` are the rows as they stand, of which any that
    comes again below is no data.
    """

    names: tuple[str, ...]
    first: int
    last: int
    known: bool
    sample: tuple[tuple[str, ...], ...] = ()
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    titles: tuple[str, ...] = ()
    """What stands above it, cell by cell."""
    note: str = ""
    """What a person should know of the rows above it."""


Finder = Callable[[Rows], Header | None]


@dataclass(frozen=True)
class Asked:
    """What a person said of a file: its kind, columns, and the rows of its header, from 1."""

    kind: str | None = None
    explicit: Mapping[str, str] | None = None
    header_rows: tuple[int, ...] = ()


def find(
    rows: Rows,
    kind: str | None = None,
    explicit: Mapping[str, str] | None = None,
    at: tuple[int, int] | None = None,
) -> Header | None:
    """The header among the first rows of a table, of `kind` if given; None where all rows are blank.

    Of the rows, and of two that follow each other, it is the one whose columns tell a kind of file and of
    which most is recognised; where none does, the one that says most of shipments, else the first that is
    not blank. Of alike ones over data the first is it: the later repeat it. `at` are the positions of its
    first and last row where a person named them.

    >>> rows = [["Imports"], ["Exporter", "", "Importer", ""], ["Name", "Country", "Name", "HS Code"]]
    >>> find(rows).names
    ('Exporter Name', 'Exporter Country', 'Importer Name', 'HS Code')
    """
    if at:
        if not 0 <= at[0] <= at[1] < len(rows):
            raise BadInput(f"there is no row {at[1] + 1} to be the header", hint="rows count from 1")
        return _header(rows, *at, known=True)
    found, since = [], 0
    for header, more in _candidates(rows, frozenset((explicit or {}).values())):
        found.append((_told(header, kind, explicit, more), header))
        since += bool(since or found[-1][0][0])
        if since > AFTER:
            break
    if not found:
        return _first(rows)
    (told, _), best = max(found, key=lambda one: one[0][0])
    (_, hinted), closest = max(found, key=lambda one: one[0][1])
    if told and told + 1 >= hinted:
        above = [header for (sure, _), header in found if sure and header.last < best.first]
        return replace(_over_data(rows, best, above, (kind, explicit)), known=True)
    return replace(closest, known=_told(closest, kind, explicit, quick=False)[0] > 0)


def first_that(fits: Callable[[Sequence[str]], bool], otherwise: Finder) -> Finder:
    """Finds the first row that fits as the header, and where none does what `otherwise` finds."""

    def test(rows: Rows) -> Header | None:
        at = next((at for at, row in enumerate(rows[:WITHIN]) if fits([_text(cell) for cell in row])), None)
        return otherwise(rows) if at is None else _header(rows, at, at, known=True)

    return test


def _over_data(
    rows: Rows, best: Header, above: Sequence[Header], asked: tuple[str | None, Mapping[str, str] | None]
) -> Header:
    """The first header `above` the best that has data between them, where it lays the columns out alike.

    Where it does not the best stays, with a note: what lies between is then another table.
    """
    over = [one for one in above if any(map(contents_of, rows[one.last + 1 : best.first]))]
    mine = _places(best, asked)
    for one in over:
        theirs = _places(one, asked)
        if len(mine & theirs) >= max(_ALIKE * min(len(mine), len(theirs)), 1):
            return one
    if not over:
        return best
    between = best.first - over[0].first
    return replace(best, note=f"not read: {between} rows above the header, which look like another table")


def _places(header: Header, asked: tuple[str | None, Mapping[str, str] | None]) -> set[tuple[str, int]]:
    layout = guess(header.names, *asked, header.sample)
    return set(layout.position.items()) if layout else set()


def _candidates(rows: Rows, named: frozenset[str]) -> Iterator[tuple[Header, float]]:
    """Rows that may be a header, alone or with the next, and how much more is asked of them.

    One that comes again is none: what stands above it are rows, no titles.
    """
    seen: set[str] = set()
    for top in range(min(WITHIN, len(rows))):
        written = "\n".join(map(_text, rows[top])).strip()
        if written in seen:
            continue
        seen.add(written)
        if _like_labels(rows[top]) and (says(rows[top]) or not named.isdisjoint(rows[top])):
            yield _header(rows, top, top, known=False), 0.0
            if _may_be_group(rows, top):
                yield _header(rows, top, top + 1, known=False), 0.0 if _are_units(rows[top + 1]) else 1.0


def _told(
    header: Header,
    kind: str | None,
    explicit: Mapping[str, str] | None,
    more: float = 0.0,
    *,
    quick: bool = True,
) -> tuple[float, float]:
    """How much of a header is recognised as a kind of file, 0 where it tells none; and as shipments at least.

    `more` is asked of the less usual. A `quick` look asks the names alone first, as most rows are no header.
    """
    if len(header.names) < 2:
        return 0.0, 0.0
    closest = lay_out(kind or "shipments", header.names, explicit)
    hinted = weight(closest) + trade(header.names) / 10 - more
    if quick and guess(header.names, kind, explicit) is None:
        return 0.0, hinted
    layout = guess(header.names, kind, explicit, header.sample)
    return (max(weight(layout) - more, 0.1) if layout else 0.0), hinted


def contents_of(row: Sequence[str]) -> bool:
    """Whether a row holds amounts or days, and so is data."""
    seen = contents.look(cell for cell in row if len(cell) < _LABEL)
    return seen is not None and (seen.number > 0.15 or seen.day > 0.05)


def _are_units(row: Sequence[str]) -> bool:
    """Whether a row holds nothing but units and currencies, which belong to the headers above."""
    given = [read(cell).concepts for cell in row if cell.strip()]
    return bool(given) and all(
        said and all(one.startswith(("unit:", "currency:")) for one in said) for said in given
    )


def _are_numbers_of_columns(row: Sequence[str]) -> bool:
    """Whether a row counts the columns: 1, 2, 3, …"""
    given = [cell.strip() for cell in row if cell.strip()]
    return len(given) > 3 and given == [str(no) for no in range(1, len(given) + 1)]


def _like_labels(row: Sequence[str]) -> bool:
    """Whether the cells of a row may be headers: several, short, few of them numbers."""
    given = [cell.strip() for cell in row if cell.strip()]
    if len(given) < 2:
        return False
    wrong = sum(1 for cell in given if len(cell) > _LABEL or contents.is_number(cell))
    return wrong <= 0.3 * len(given)


def _may_be_group(rows: Rows, top: int) -> bool:
    """Whether a row may stand as groups over the headers of the next: with gaps, and over no data."""
    if top + 1 >= len(rows) or contents_of(rows[top + 1]):
        return False
    if not _like_labels(rows[top + 1]):
        return _are_units(rows[top + 1])
    upper = [cell.strip() for cell in rows[top]]
    lower = [cell.strip() for cell in rows[top + 1]]
    gaps = [at for at, cell in enumerate(lower) if cell and (at >= len(upper) or not upper[at])]
    repeated = len({cell for cell in upper if cell}) < sum(1 for cell in upper if cell)
    under = [at for at, cell in enumerate(upper) if cell and (at >= len(lower) or not lower[at])]
    return bool(gaps) or repeated or bool(under)


def _header(rows: Rows, first: int, last: int, *, known: bool) -> Header:
    width = max(len(row) for row in rows[first : last + 1])
    names = [_text(cell) for cell in rows[last]] + [""] * (width - len(rows[last]))
    if last > first:
        names = _composed([_text(cell) for cell in rows[first]], names)
    if last + 1 < len(rows) and _are_numbers_of_columns(rows[last + 1]):
        last += 1
    raw = tuple(tuple(cell.strip() for cell in row) for row in rows[first : last + 1])
    said = (
        row
        for row in rows[last + 1 : last + 1 + SAMPLE]
        if any(cell.strip() for cell in row) and tuple(cell.strip() for cell in row) not in raw
    )
    below = [(*row[:width], *[""] * (width - len(row))) for row in said]
    above = [_text(cell) for row in rows[max(first - TITLES, 0) : first] for cell in row if cell.strip()]
    return Header(tuple(names), first, last, known, tuple(below), raw, tuple(above[:TITLES]))


def _text(cell: str) -> str:
    """A header on one line."""
    return " ".join(cell.split())


def _composed(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Groups over their headers; a group spans the blanks to its right that have a header below."""
    made, group = [], ""
    for at, own in enumerate(lower):
        above = upper[at] if at < len(upper) else ""
        group = above or (group if own else "")
        alone = above and not own
        made.append(group if alone else _joined(group, own))
        if alone:
            group = ""
    return made


def _joined(group: str, own: str) -> str:
    """A header under its group, unless it says more alone."""
    both = f"{group} {own}".strip()
    if group == own or not group:
        return own
    alone, together = (
        max((sure for _, sure in meanings(text).meanings), default=0.0) for text in (own, both)
    )
    return own if alone > together else both


def _first(rows: Rows) -> Header | None:
    top = next((at for at, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    return None if top is None else _header(rows, top, top, known=False)

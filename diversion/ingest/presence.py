"""When an entry stood on a list, as far as the snapshots at hand tell, in whatever order they are read.

An entry is present on spans of days `[begin, end)`, each from the first snapshot that holds it to the first
whole one that does not; the last may be open. `first_seen` and `gone_on` are the outer days, `gaps` those
between the spans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

Span = tuple[date, date | None]


class Event(NamedTuple):
    """That an entry came, returned or went on the day of a snapshot; `place` numbers those of its kind."""

    change: str
    place: int
    day: date


def spans_of(row: Mapping[str, Any] | None) -> tuple[Span, ...]:
    """The spans that an entry of the store has.

    >>> day = date(2024, 1, 1)
    >>> spans_of({"first_seen": day, "gaps": ["2024-02-01/2024-03-01"], "gone_on": None})[0]
    (datetime.date(2024, 1, 1), datetime.date(2024, 2, 1))
    """
    if row is None or row["first_seen"] is None:
        return ()
    days = [date.fromisoformat(day) for gap in row["gaps"] or () for day in gap.split("/")]
    edges = [row["first_seen"], *days, row["gone_on"]]
    return tuple(
        (begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True) if end is None or begin < end
    )


def as_columns(spans: Sequence[Span], row: Mapping[str, Any], day: date) -> dict[str, Any]:
    """`first_seen`, `gaps` and `gone_on`; an entry that no snapshot holds any more is gone from `day`."""
    if not spans:
        return {"first_seen": row["first_seen"] or day, "gaps": None, "gone_on": day}
    gaps = [f"{one[1]}/{other[0]}" for one, other in pairwise(spans)]
    return {"first_seen": spans[0][0], "gaps": gaps or None, "gone_on": spans[-1][1]}


def there(spans: Iterable[Span], day: date) -> bool:
    """Whether an entry is present on a day."""
    return any(begin <= day and (end is None or day < end) for begin, end in spans)


def with_snapshot(
    spans: Sequence[Span], days: Sequence[date], day: date, present: bool | None
) -> tuple[Span, ...]:
    """The spans once the snapshot of `day` is read; `days` are those of the whole snapshots at hand.

    `present` is None where the snapshot does not say: it is not whole. Linear in the days.

    >>> a, b, c = (date(2024, month, 1) for month in (1, 2, 3))
    >>> with_snapshot([(a, None)], [a, c], b, present=False) == ((a, b), (c, None))
    True
    """
    if present is None:
        return tuple(spans)
    points = {one: there(spans, one) for one in days} | {begin: True for begin, _ in spans} | {day: present}
    found: list[Span] = []
    for one, stands in sorted(points.items()):
        open_ = bool(found) and found[-1][1] is None
        if stands and not open_:
            found.append((one, None))
        elif not stands and open_:
            found[-1] = (found[-1][0], one)
    return tuple(found)


def last_held(spans: Sequence[Span], days: Sequence[date]) -> date | None:
    """The day of the last snapshot at hand that holds the entry."""
    held = [one for one in days if there(spans, one)]
    return max([*held, *(begin for begin, _ in spans)], default=None)


def events(spans: Sequence[Span], first: date | None) -> Iterator[Event]:
    """What the spans tell; `first` is the day of the first snapshot, in which nothing came."""
    for place, (begin, end) in enumerate(spans):
        if place or (first and begin > first):
            yield Event("returned" if place else "added", place, begin)
        if end:
            yield Event("removed", place, end)

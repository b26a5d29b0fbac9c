"""Indirect stakes that a register tells twice: as a sum, and link by link in other records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

import pandas as pd

from diversion.parties.control import Interval, minus, union
from diversion.parties.shares import day_numbers
from diversion.policy.model import FIRST_DAY, LAST_DAY

_EPOCH = date(1970, 1, 1)


def chains(frame: pd.DataFrame) -> pd.DataFrame:
    """Holdings and control with `told_by` only where, and while, the records that it names tell the stake.

    They do on days on which every one of them is there and the links among them lead from owner to owned;
    the stake itself counts on all other days: a broken chain loses no owner. A row of which both holds is cut
    into several. `frame` is that of `shares.with_control`, with the ids that the register uses.
    """
    if "record" not in frame or "told_by" not in frame:
        return frame
    summed = frame.index[(frame["told_by"].str.len() > 0).to_numpy(dtype=bool)]
    if not len(summed):
        return frame
    wanted = {str(part) for parts in frame.loc[summed, "told_by"] for part in parts}
    links = _Links.of(frame, wanted)
    pieces = [piece for at in summed for piece in _cut(frame.loc[at], links)]
    kept = frame.drop(index=summed)
    made = pd.DataFrame(pieces, columns=frame.columns).astype(frame.dtypes.to_dict())
    return pd.concat([kept, made], ignore_index=True)


@dataclass(frozen=True)
class _Links:
    """What is there of the records wanted: stakes of each, and ids that are parties of any stake."""

    stakes: Mapping[str, Sequence[tuple[str, str, Interval]]]
    parties: frozenset[str]

    @classmethod
    def of(cls, frame: pd.DataFrame, wanted: set[str]) -> _Links:
        rows = frame[frame["record"].isin(wanted)]
        begin, end = day_numbers(rows["from"], FIRST_DAY), day_numbers(rows["until"], LAST_DAY)
        stakes: dict[str, list[tuple[str, str, Interval]]] = {}
        spans = zip(begin.tolist(), end.tolist(), strict=True)
        for record, *ends, span in zip(rows["record"], rows["owner"], rows["owned"], spans, strict=True):
            stakes.setdefault(record, []).append((ends[0], ends[1], span))
        there = wanted.intersection(frame["owner"]) | wanted.intersection(frame["owned"])
        return cls(stakes, frozenset(there))

    def days(self, row: pd.Series) -> tuple[Interval, ...]:
        """The days on which the components of a stake tell it."""
        parts = {part for part in row["told_by"] if part != row["record"]}
        told = [self.stakes[part] for part in sorted(parts) if part in self.stakes]
        if not all(part in self.stakes or part in self.parties for part in parts):
            return ()
        if not told or row["owned"] not in _reached(row["owner"], [one[:2] for some in told for one in some]):
            return ()
        spans = [union([span for *_, span in some]) for some in told]
        return reduce(lambda one, other: minus(one, minus(one, other)), spans)


def _reached(start: str, links: Iterable[tuple[str, str]]) -> set[str]:
    """Parties that links lead to, one after the other."""
    reached, left = {start}, list(links)
    while found := {owned for owner, owned in left if owner in reached} - reached:
        reached |= found
    return reached


def _cut(row: pd.Series, links: _Links) -> list[pd.Series]:
    """The stake on the days on which it is told link by link, and on the others."""
    (begin,), (end,) = (
        day_numbers(pd.Series([row[name]], dtype=object), otherwise).tolist()
        for name, otherwise in (("from", FIRST_DAY), ("until", LAST_DAY))
    )
    whole: tuple[Interval, ...] = ((begin, end),)
    counts = minus(whole, links.days(row))
    pieces = [(span, None) for span in counts] + [(span, row["told_by"]) for span in minus(whole, counts)]
    cut = []
    for (first, last), told_by in pieces:
        piece = row.copy()
        piece["told_by"] = told_by
        piece["from"] = row["from"] if first == begin else _EPOCH + timedelta(first)
        piece["until"] = row["until"] if last == end else _EPOCH + timedelta(last)
        cut.append(piece)
    return cut

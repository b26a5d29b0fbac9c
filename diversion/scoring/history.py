"""How long a party has been at something, and what changed after an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.scoring.calendar import Floats, Longs
from diversion.scoring.days import NEVER
from diversion.scoring.scope import Scope

if TYPE_CHECKING:
    from diversion.routes.transfers import Transfers

Ints = npt.NDArray[np.int32]
YEAR = 365
SETTLED = 90
"""Days after an event before a change of volume can be told."""


@dataclass(frozen=True)
class Event:
    """A day on which a control took effect."""

    name: str
    day: int
    source: str


@dataclass(frozen=True)
class History:
    """First days, and jumps of volume, by HS heading (four digits).

    `first_day` is of each party, in any shipment. The rest are columns over the transfers, about the sender
    of each: `traded` its first day with the heading, bought or sold, `bought` its first receipt of it
    (`NEVER` if none), `market` its first sale of it into the receiver's country, and `jump` the amount a year
    sent in the year after `event` (a place in `events`, −1 none) over that of the year before, 0 and NaN
    where nothing was sent before or that is not known. `sends` and `gets` number the sender, and the
    receiver, together with the heading. `begin` is the first day of the records.
    """

    begin: int
    first_day: Ints
    heading: Ints
    traded: Ints
    bought: Ints
    market: Ints
    events: tuple[Event, ...]
    event: Ints
    jump: Floats
    sends: Longs
    gets: Longs


def history(transfers: Transfers, country: Ints, events: Sequence[Event], last: int, scope: Scope) -> History:
    """All of it, linear in the transfers; `country` is a number a party, `last` the last day looked at.

    `scope` is that of the records at hand, of which the transfers may be a part.
    """
    code, _ = pd.factorize(np.array([hs6[:4] for hs6 in transfers.hs6], dtype=object))
    heading = code.astype(np.int32)[transfers.item]
    count = int(heading.max(initial=0)) + 1
    out = transfers.src.astype(np.int64) * count + heading
    into = transfers.dst.astype(np.int64) * count + heading
    groups, _ = pd.factorize(np.concatenate([out, into]))
    sends, gets = groups[: len(out)], groups[len(out) :]
    sold = _first(sends, transfers.departed_first, groups)
    bought = _first(gets, transfers.arrived, groups)
    market, _ = pd.factorize(out * (int(country.max(initial=0)) + 2) + country[transfers.dst] + 1)
    told = tuple(sorted(events, key=lambda event: (event.day, event.name)))
    event, jump = _jumps(transfers, sends, told, last, scope)
    return History(
        begin=scope.begin,
        first_day=_first_of_party(transfers),
        heading=heading,
        traded=np.minimum(sold, bought)[sends],
        bought=bought[sends],
        market=_first(market, transfers.departed, market)[market],
        events=told,
        event=event,
        jump=jump,
        sends=sends,
        gets=gets,
    )


def _first(groups: Longs, days: Ints, every: Longs) -> Ints:
    first = np.full(int(every.max(initial=-1)) + 1, NEVER, np.int32)
    np.minimum.at(first, groups, days)
    return first


def _first_of_party(transfers: Transfers) -> Ints:
    first = np.full(len(transfers.party_ids), NEVER, np.int32)
    np.minimum.at(first, transfers.src, transfers.departed)
    np.minimum.at(first, transfers.dst, transfers.departed)
    return first


def _jumps(
    transfers: Transfers, groups: Longs, events: Sequence[Event], last: int, scope: Scope
) -> tuple[Ints, Floats]:
    """For each transfer the first event of the two years before it, and the jump of its sender then."""
    event = np.full(len(transfers), -1, np.int32)
    jump = np.full(len(transfers), np.nan)
    # Value is the one measure that adds up over kinds of goods; then weight.
    amount = transfers.weight_kg if scope.by_weight else transfers.value_usd
    for place, one in reversed(list(enumerate(events))):
        if one.day - YEAR < scope.begin or last - one.day < SETTLED:
            continue
        after = (transfers.departed >= one.day) & (transfers.departed < one.day + 2 * YEAR)
        event[after] = place
        jump[after] = _change(transfers.departed, groups, amount, one.day, last)[groups[after]]
    return event, jump


def _change(days: Ints, groups: Longs, amount: Floats, day: int, last: int) -> Floats:
    length = min(YEAR, last - day + 1)
    before = (days >= day - YEAR) & (days < day)
    after = (days >= day) & (days < day + length)
    size = int(groups.max(initial=-1)) + 1
    sums = [
        np.bincount(groups[mask], np.nan_to_num(amount[mask]), minlength=size) for mask in (before, after)
    ]
    had = sums[0] > 0
    known = np.bincount(groups[before | after], minlength=size) > 0
    ratio = np.divide(sums[1] * YEAR / length, sums[0], out=np.zeros(size), where=had)
    return np.where(known, ratio, np.nan)

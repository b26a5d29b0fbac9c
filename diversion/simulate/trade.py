"""Lawful background trade: steady relations of makers, distributors and buyers, as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from diversion.simulate.cast import BUYER, HUB, MAKER, UNKNOWN, Cast
from diversion.simulate.catalogue import goods, near, places, transit
from diversion.simulate.dice import Dice, Floats, Ints

NEVER = 2**31 - 1
MONTHS = (82, 88, 108, 100, 101, 104, 93, 84, 107, 112, 116, 105)


@dataclass(frozen=True)
class Moves:
    """Movements of goods as columns; parties and goods are indices, days count from 1970-01-01."""

    src: Ints
    dst: Ints
    good: Ints
    departed: Ints
    arrived: Ints
    quantity: Floats
    value: Floats

    def __len__(self) -> int:
        return len(self.src)

    def take(self, rows: Any) -> Moves:
        """The chosen rows."""
        return Moves(*(getattr(self, f.name)[rows] for f in fields(self)))


def stack(parts: list[Moves]) -> Moves:
    """Several one after another."""
    return Moves(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Moves)))


@dataclass(frozen=True)
class Market:
    """The cast, the days on which it trades, and when each party closes for goods that are looked for."""

    cast: Cast
    first: int
    last: int
    closed: Ints
    dice: Dice


def background(market: Market, count: int) -> Moves:
    """`count` lawful movements. Linear in `count`; a million take about two seconds."""
    wanted = int(count * 1.3) + 200
    direct = _between(market, _suppliers(market, BUYER, (1, 4)), int(wanted * 0.40))
    inbound = _between(market, _suppliers(market, HUB, (2, 5)), int(wanted * 0.27))
    customers = _customers(market)
    second = _onward(market, inbound, customers)
    third = _onward(market, second, customers)
    moves = stack([direct, inbound, second, third])
    moves = moves.take(np.flatnonzero(_lawful(market, moves)))
    return moves.take(np.sort(market.dice.shuffled(len(moves))[:count]))


def _lawful(market: Market, moves: Moves) -> Any:
    """Both exist, nobody trades with itself, nothing ends after the data, nothing reaches a closed party."""
    sought = np.array(near())[moves.good]
    closed = np.minimum(market.closed[moves.src], market.closed[moves.dst])
    born = np.maximum(market.cast.since[moves.src], market.cast.since[moves.dst])
    fits = (moves.departed > born + 6) & (moves.departed < market.last) & (moves.src != moves.dst)
    return fits & ~(sought & (moves.departed >= closed))


def among(keys: Ints, members: tuple[Ints, Ints, Ints], dice: Dice) -> Ints:
    """For each key one member of the pool with that key, by weight; −1 where the pool is empty.

    `members` are the keys, weights and indices of all that can be drawn.
    """
    order = np.argsort(members[0], kind="stable")
    ranked = members[0][order]
    steps = np.concatenate([[0], np.cumsum(members[1][order])])
    low = steps[np.searchsorted(ranked, keys, side="left")]
    high = steps[np.searchsorted(ranked, keys, side="right")]
    drawn = low + dice.below(np.maximum(high - low, 1), len(keys))
    found = np.minimum(np.searchsorted(steps, drawn, side="right") - 1, len(order) - 1)
    return np.where(high > low, members[2][order][found], -1)


def _suppliers(market: Market, role: int, few: tuple[int, int]) -> tuple[Ints, Ints, Ints, Ints]:
    """Relations (maker, party of `role`, good, weight): each such party has a few makers of its family."""
    cast, dice = market.cast, market.dice
    side = cast.of(role)
    dst = np.repeat(side, dice.between(*few, len(side)))
    makers = cast.of(MAKER)
    src = among(cast.family[dst], (cast.family[makers], cast.size[makers], makers), dice)
    keep = src >= 0
    src, dst = src[keep], dst[keep]
    good = cast.goods[src, dice.below(4, len(src))]
    weight = np.floor(dice.heavy(len(src)) * (10 + np.minimum(cast.size[dst], 3000) // 20)).astype(np.int64)
    return src, dst, good, weight


def _between(market: Market, relations: tuple[Ints, Ints, Ints, Ints], count: int) -> Moves:
    """Movements over relations: heavy-tailed frequencies, each within the years of the relation."""
    src, dst, good, weight = relations
    dice, cast = market.dice, market.cast
    size = len(src)
    span = market.last - market.first
    start = market.first + np.where(dice.chance(0.6, size), 0, dice.below(span - 60, size))
    start = np.maximum(start, np.maximum(cast.since[src], cast.since[dst]) + 10)
    start = np.clip(start, market.first, market.last - 40)
    stop = np.where(dice.chance(0.75, size), market.last, start + 40 + dice.below(span, size))
    stop = np.minimum(stop, market.last)
    chosen = dice.pick(weight * (stop - start), count)
    departed = _season(market, start[chosen], stop[chosen])
    amount = _amounts(good[chosen], dice)
    return voyage(market, (src[chosen], dst[chosen], good[chosen]), departed, amount)


def _season(market: Market, start: Ints, stop: Ints) -> Ints:
    """Days of `[start, stop)` by the month's share of trade; few on Saturdays, fewer on Sundays."""
    days = np.arange(market.first, market.last + 1)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    week = np.array([10, 10, 10, 10, 10, 4, 1])[(days + 3) % 7]
    steps = np.concatenate([[0], np.cumsum(np.array(MONTHS)[month] * week)])
    low, high = steps[start - market.first], steps[stop - market.first]
    drawn = low + market.dice.below(np.maximum(high - low, 1), len(start))
    return market.first + np.searchsorted(steps, drawn, side="right") - 1


def _amounts(good: Ints, dice: Dice) -> Floats:
    lot = np.array([g.lot for g in goods()])[good]
    return tidy(lot * (0.2 + 0.3 / (dice.unit(len(good)) + 0.05)))


def tidy(amount: Floats) -> Floats:
    """Quantities as people order them: round numbers, at least one."""
    size = np.searchsorted([40, 200, 600, 2000, 8000, 40000], amount)
    step = np.array([1, 5, 10, 50, 100, 500, 1000])[size]
    rounded: Floats = np.maximum(np.rint(amount / step) * step, 1.0)
    return rounded


def voyage(market: Market, ends: tuple[Ints, Ints, Ints], departed: Ints, amount: Floats) -> Moves:
    """Movements of goods from `ends` = (senders, receivers, goods), with days under way and a price."""
    src, dst, good = ends
    dice, cast = market.dice, market.cast
    days = transit()[cast.place[src], cast.place[dst]]
    air = np.array([g.air for g in goods()])[good] & dice.chance(0.85, len(src))
    slow = dice.between(days[:, 0], days[:, 1], len(src))
    arrived = departed + np.where(air, dice.between(1, 7, len(src)), slow)
    price = np.array([g.price for g in goods()])[good] * (0.8 + 0.45 * dice.unit(len(src)))
    return Moves(src, dst, good, departed, arrived, amount, np.rint(amount * price * 100) / 100)


def _customers(market: Market) -> tuple[Ints, Ints]:
    """Customers of every distributor, half of them of its region, and where each one's begin."""
    cast, dice = market.cast, market.dice
    hubs = cast.of(HUB)
    count = np.zeros(len(cast) + 1, dtype=np.int64)
    count[hubs + 1] = dice.between(3, 11, len(hubs))
    owner = np.repeat(np.arange(len(cast)), count[1:])
    where = np.array([region(p.region) for p in places()])[cast.place]
    buyers = cast.of(BUYER)
    far = among(cast.family[owner], (cast.family[buyers], cast.size[buyers], buyers), dice)
    key = cast.family * 100 + where
    close = among(key[owner], (key[buyers], cast.size[buyers], buyers), dice)
    dealer = among(cast.family[owner], (cast.family[hubs], cast.size[hubs], hubs), dice)
    chosen = np.where(dice.chance(0.5, len(owner)) & (close >= 0), close, far)
    return np.where(dice.chance(0.12, len(owner)), dealer, chosen), np.cumsum(count)


def region(name: str) -> int:
    """A number for a region."""
    return sorted({p.region for p in places()}).index(name)


def _onward(market: Market, arrived: Moves, customers: tuple[Ints, Ints]) -> Moves:
    """What distributors send on of what came in: at once where they turn fast, in parts, to few customers."""
    dice = market.dice
    whom, begin = customers
    came = arrived.take(np.flatnonzero(begin[arrived.dst + 1] > begin[arrived.dst]))
    times = dice.pick([2, 4, 3, 1], len(came))
    came = came.take(np.repeat(np.arange(len(came)), times))
    parts = np.repeat(times, times)
    count = begin[came.dst + 1] - begin[came.dst]
    steps = np.minimum(dice.below(count, len(came)), dice.below(count, len(came)))
    dst = whom[begin[came.dst] + steps]
    fast = (came.dst * 7919) % 10 < 4
    dwell = np.where(fast, dice.between(2, 12, len(came)), dice.between(8, 150, len(came)))
    amount = tidy(came.quantity * (0.85 + 0.15 * dice.unit(len(came))) / np.maximum(parts, 1))
    moves = voyage(market, (came.dst, dst, came.good), came.arrived + dwell, amount)
    return moves.take(np.flatnonzero((dst >= 0) & (amount <= came.quantity)))


def closing(cast: Cast, embargo: int) -> Ints:
    """From when a party takes no goods that are looked for: its country is embargoed."""
    since = {"RU": embargo, "BY": embargo, "IR": UNKNOWN, "SY": UNKNOWN, "KP": UNKNOWN, "CU": UNKNOWN}
    return np.array([since.get(p.country, NEVER) for p in places()], dtype=np.int64)[cast.place]

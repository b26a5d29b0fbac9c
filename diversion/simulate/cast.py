"""Who lives in the world: parties as columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from diversion.simulate.catalogue import FAMILIES, good_index, goods, languages, place_index, places
from diversion.simulate.dice import Dice, Ints
from diversion.simulate.names import address, companies

MAKER, HUB, BUYER, FORWARDER, CARRIER, BANK, HOLDING, PERSON, PLANTED = range(9)
SHARES = (27, 23, 39, 2, 1, 2, 3, 3)
UNKNOWN = -(2**31)
LINES = {FORWARDER: "forwarder", CARRIER: "carrier", BANK: "bank", HOLDING: "holding", PERSON: "person"}
EPOCH = date(1970, 1, 1).toordinal()


def day(when: date) -> int:
    """Days since 1970-01-01."""
    return when.toordinal() - EPOCH


@dataclass(frozen=True)
class Actor:
    """A party written by hand for a planted story. Only a `MAKER` also takes part in the background trade."""

    name: str
    country: str
    city: str
    since: date | None = None
    address: str = ""
    kind: str = "company"
    role: int = PLANTED
    family: str = "electronics"
    goods: tuple[str, ...] = ()
    identifier: str = ""


@dataclass
class Cast:
    """All parties; `goods[k]` are up to four goods that a maker makes, `size` an integer weight."""

    name: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    city: list[str] = field(default_factory=list)
    address: list[str] = field(default_factory=list)
    identifier: list[str] = field(default_factory=list)
    place: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    role: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    family: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    since: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    size: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    goods: Ints = field(default_factory=lambda: np.zeros((0, 4), np.int64))

    def __len__(self) -> int:
        return len(self.name)

    def of(self, role: int) -> Ints:
        """Indices of the parties with a role."""
        return np.flatnonzero(self.role == role)


@dataclass(frozen=True)
class Written:
    """What hand-written actors are called and where they sit: no background party comes too close."""

    names: str
    addresses: frozenset[str]
    dice: Dice


def populate(count: int, actors: list[Actor], span: tuple[date, date], dice: Dice) -> Cast:
    """`count` background parties founded between 1962 and the end of `span`. Linear in `count`."""
    first, last = span
    written = Written("\n".join(a.name for a in actors), frozenset(a.address for a in actors), dice)
    role = np.sort(dice.pick(SHARES, count))
    place = _places(role, dice)
    family = _families(role, dice)
    names = _names(role, place, family, written)
    city, addresses = _addresses(place, written)
    return Cast(
        name=names,
        kind=_kinds(role, dice),
        city=city,
        address=addresses,
        identifier=[_identifier(k, n) for k, n in zip(place, dice.below(10**8, count), strict=True)],
        place=place,
        role=role,
        family=family,
        since=_since(role, first, last, dice),
        size=np.floor(dice.heavy(count) * 100).astype(np.int64),
        goods=_made(family, dice),
    )


def join(cast: Cast, actors: list[Actor], dice: Dice) -> Cast:
    """The cast with the hand-written actors behind it."""
    place = np.array([place_index()[a.country] for a in actors], dtype=np.int64)
    families = list(FAMILIES)
    numbers = dice.below(10**8, len(actors))
    made = [[good_index()[h] for h in (a.goods or ("854231",)) * 4][:4] for a in actors]
    return Cast(
        name=cast.name + [a.name for a in actors],
        kind=cast.kind + [a.kind for a in actors],
        city=cast.city + [a.city for a in actors],
        address=cast.address + [a.address for a in actors],
        identifier=cast.identifier
        + [a.identifier or _identifier(k, n) for a, k, n in zip(actors, place, numbers, strict=True)],
        place=np.concatenate([cast.place, place]),
        role=np.concatenate([cast.role, [a.role for a in actors]]).astype(np.int64),
        family=np.concatenate([cast.family, [families.index(a.family) for a in actors]]).astype(np.int64),
        since=np.concatenate([cast.since, [day(a.since) if a.since else UNKNOWN for a in actors]]),
        size=np.concatenate([cast.size, np.full(len(actors), 260)]).astype(np.int64),
        goods=np.concatenate([cast.goods, np.array(made, dtype=np.int64).reshape(-1, 4)]),
    )


def _places(role: Ints, dice: Dice) -> Ints:
    table = np.array([(p.maker, p.hub, p.buyer) for p in places()], dtype=np.int64)
    place = np.zeros(len(role), dtype=np.int64)
    for kind in range(PLANTED):
        rows = np.flatnonzero(role == kind)
        weights = table[:, kind] if kind < FORWARDER else table.sum(axis=1) + 1
        place[rows] = dice.pick(weights, len(rows))
    return place


def _families(role: Ints, dice: Dice) -> Ints:
    weights = [34, 11, 8, 8, 7, 6, 5, 6, 5, 4, 2, 4, 3][: len(FAMILIES)]
    return np.where(role < FORWARDER, dice.pick(weights, len(role)), 0)


def _names(role: Ints, place: Ints, family: Ints, written: Written) -> list[str]:
    known = list(FAMILIES)
    lines = [LINES.get(int(r), known[k]) for k, r in zip(family, role, strict=True)]
    return companies(place, lines, written.dice, written.names)


def _kinds(role: Ints, dice: Dice) -> list[str]:
    public = dice.chance(0.03, len(role)) & (role == BUYER)
    return [
        "person" if r == PERSON else "public body" if p else "company"
        for r, p in zip(role, public, strict=True)
    ]


def _addresses(place: Ints, written: Written) -> tuple[list[str], list[str]]:
    seen: dict[tuple[str, str], int] = {}
    draws, steps = (
        written.dice.below(1 << 20, 2 * len(place)).reshape(2, -1),
        written.dice.below(4, len(place)),
    )
    city, lines = [], []
    for where, a, b, step in zip(place, *draws, steps, strict=True):
        spot = places()[where]
        streets = languages()[spot.language]["streets"]
        town, street = spot.cities[a % len(spot.cities)], streets[b % len(streets)]
        number = seen.get((town, street), 0) + 2 + int(step)
        while address(spot, town, street, number) in written.addresses:
            number += 1
        seen[town, street] = number
        city.append(town)
        lines.append(address(spot, town, street, number))
    return city, lines


def _identifier(place: int, number: int) -> str:
    return f"{places()[place].country.lower()}-reg:{number:08d}"


def _since(role: Ints, first: date, last: date, dice: Dice) -> Ints:
    count = len(role)
    old = day(date(1962, 1, 1)) + dice.below(day(first) - day(date(1962, 1, 1)), count)
    new = day(first) + dice.below(day(last) - day(first) - 120, count)
    young = dice.unit(count) < np.where(role == HUB, 0.3, 0.12)
    return np.where(dice.chance(0.06, count), UNKNOWN, np.where(young, new, old))


def _made(family: Ints, dice: Dice) -> Ints:
    """Four goods (some twice) of one sector of each party's family."""
    made = np.zeros((len(family), 4), dtype=np.int64)
    for index, sectors in enumerate(FAMILIES.values()):
        rows = np.flatnonzero(family == index)
        chosen = dice.below(len(sectors), len(rows))
        for k, sector in enumerate(sectors):
            stock = np.array([i for i, good in enumerate(goods()) if good.sector == sector], dtype=np.int64)
            mine = rows[chosen == k]
            made[mine] = stock[dice.below(len(stock), 4 * len(mine))].reshape(-1, 4)
    return made

"""Small random worlds, and the same worlds as the engine takes them."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from diversion.further import in_disguise
from diversion.routes.arcs import Further
from diversion.routes.corridors import Corridor, Weights
from diversion.routes.disguise import Disguise, disguises
from diversion.routes.links import Shared, Spans
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.routes.transfers import Transfers
from tests.routes.brute import Told, World

GOODS = ("854231", "854232", "950300", "847330")
PARTIES = 6


def worlds(relations: str, most: int = 22) -> st.SearchStrategy[World]:
    """Dense worlds: drawn from a seed, because independent draws seldom make a route of several hops."""
    return st.builds(random_world, st.just(relations), st.just(most), st.integers(0, 2**32))


def random_world(relations: str, most: int, seed: int) -> World:
    dice = Random(seed)
    size = dice.choice([0, 1, 2, most // 2, most, most, most, most])
    goods = dice.choice([GOODS[:1], GOODS[:1], GOODS[:2], GOODS[:3], GOODS, GOODS[1:3]])
    transfers = []
    for _ in range(size):
        sender, receiver = dice.sample(range(PARTIES), 2)
        day = dice.randrange(6)
        transfers.append((sender, receiver, dice.choice(goods), day, day + dice.choice([0, 0, 1, 2])))
    low = dice.choice([0, 0, 0, 1])

    def halves() -> list[float]:
        return [dice.randint(-6, 6) / 2 for _ in transfers]

    def groups() -> dict[int, int]:
        return {p: dice.randrange(2) for p in range(PARTIES) if dice.random() < 0.6}

    ends = dice.sample(range(PARTIES), 2)
    return World(
        transfers=transfers,
        restricted={(p, day) for p in ends for day in range(6) if dice.random() < 0.6},
        users={e: dice.randrange(PARTIES) for e in range(size) if dice.random() < 0.1},
        origins=dice.choice([None, None, {0, 1, 2, 3}]),
        goods=dice.choice([None, None, set(goods[:1])]),
        owner=groups(),
        address=groups(),
        relations=relations,
        hops=dice.choice([1, 2, 3, 4, 4, 5]),
        dwell=(low, low + dice.choice([0, 1, 3, 9])),
        open=dice.random() < 0.2,
        start=halves(),
        onward=halves(),
        end=halves(),
        via=dice.choice([None, None, None, set(dice.sample(range(PARTIES), 2))]),
        avoid=dice.choice([set(), set(), {dice.randrange(PARTIES)}]),
        penalties={name: dice.randint(0, 4) / 4 for name in ("relabel", "owner", "address", "disguise")},
        **further(dice, size),
    )


def further(dice: Random, size: int) -> dict[str, Any]:
    """Amounts that are often alike, and parties that may be one: what only relation `all` looks at."""
    if dice.random() < 0.4:
        return {}
    amounts = (4.0, 4.125, 4.25, 16.0)
    pairs = [dice.sample(range(PARTIES), 2) for _ in range(dice.choice([0, 1, 2, 4]))]
    return {
        "kilos": {e: dice.choice(amounts) for e in range(size) if dice.random() < 0.8},
        "pieces": {e: (dice.randrange(2), dice.choice(amounts)) for e in range(size) if dice.random() < 0.5},
        "disguise": dice.choice(
            [None, (0.04, 2, 2, 9), (0.0, 3, 1, 3), (0.5, 9, 3, 4), (0.9, 9, 99, 99), (0.04, 5, 99, 99)]
        ),
        "same": {tuple(pair): dice.randint(0, 6) / 4 for pair in pairs},
    }


def dated(world: World, seed: int) -> World:
    """Everybody may stand in for everybody, but most links hold on some days only."""
    dice = Random(seed)
    days = range(-4, 14)

    def held() -> set[int]:
        share = dice.choice([0.0, 0.5, 0.7, 0.7, 0.7, 0.9, 1.0])
        return {day for day in days if dice.random() < share}

    shared = {}
    for one in range(PARTIES):
        for other in range(one + 1, PARTIES):
            for link in ("owner", "address"):
                shared[one, other, link] = held()
    if dice.random() < 0.7:
        everybody = dict.fromkeys(range(PARTIES), 0)
        world = replace(world, owner=everybody, address=everybody, hops=min(world.hops, 3))
    return replace(world, shared=shared)


def blurred(world: World, seed: int, *, departures: bool = True) -> World:
    """Some days are known to a span only."""
    dice = Random(seed)
    earliest, latest = {}, {}
    for e, (*_, departed, arrived) in enumerate(world.transfers):
        if departures and dice.random() < 0.5:
            earliest[e] = departed - dice.choice([1, 2, 3])
        if dice.random() < 0.5:
            latest[e] = arrived + dice.choice([1, 2, 4])
    transfers = list(world.transfers)
    for e, first in earliest.items():
        # Known to the same span, both days begin with it.
        src, dst, item, departed, arrived = transfers[e]
        if dice.random() < 0.5:
            transfers[e] = (src, dst, item, departed, first)
            latest[e] = max(latest.get(e, arrived), departed)
    return replace(world, transfers=transfers, earliest=earliest, latest=latest)


def shifted(world: World, days: int) -> World:
    return replace(
        world,
        transfers=[(a, b, g, d + days, v + days) for a, b, g, d, v in world.transfers],
        restricted={(p, d + days) for p, d in world.restricted},
    )


def packed(worlds: list[World]) -> World:
    """Worlds side by side, no party of two, under the limits of the first."""
    whole = replace(worlds[0], transfers=[], restricted=set(), origins=set(), users={}, owner={}, address={})
    whole = replace(whole, via=None, avoid=set(), start=[], onward=[], end=[], earliest={}, latest={})
    whole = replace(whole, kilos={}, pieces={}, same={}, shared=None if whole.shared is None else {})
    for number, world in enumerate(worlds):
        _put(world, whole, number * PARTIES)
    return whole


def _put(world: World, whole: World, by: int) -> None:
    before, everybody = len(whole.transfers), set(range(PARTIES))
    assert whole.origins is not None
    whole.transfers += [(a + by, b + by, *rest) for a, b, *rest in world.transfers]  # type: ignore[misc]
    whole.restricted |= {(party + by, day) for party, day in world.restricted}
    whole.origins |= {p + by for p in (everybody if world.origins is None else world.origins)}
    whole.users |= {e + before: p + by for e, p in world.users.items()}
    for name in ("owner", "address"):
        getattr(whole, name).update({p + by: label + by for p, label in getattr(world, name).items()})
    for name in ("earliest", "latest", "kilos", "pieces"):
        getattr(whole, name).update({e + before: value for e, value in getattr(world, name).items()})
    whole.avoid |= {p + by for p in world.avoid}
    whole.same |= {(a + by, b + by): cost for (a, b), cost in world.same.items()}
    for name in ("start", "onward", "end"):
        getattr(whole, name).extend(getattr(world, name))
    if whole.shared is not None and world.shared is not None:
        whole.shared |= {(a + by, b + by, link): days for (a, b, link), days in world.shared.items()}


def parties_of(world: World) -> int:
    return max([PARTIES, *(max(a, b) + 1 for a, b, *_ in world.transfers)])


def transfers_of(world: World, names: list[str] | None = None) -> Transfers:
    rows = world.transfers
    goods = sorted({row[2] for row in rows}) or ["854231"]
    size = len(rows)

    def days(place: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array([row[place] for row in rows], np.int32)

    src, dst = days(0), days(1)
    user = np.array([world.users.get(e, -1) for e in range(size)], np.int32)

    def amount(stated: dict[int, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([stated.get(e, np.nan) for e in range(size)], np.float64)

    return Transfers(
        src=src,
        dst=dst,
        end_user=np.where(user == dst, -1, user).astype(np.int32),
        item=np.array([goods.index(row[2]) for row in rows], np.int32),
        departed=days(3),
        departed_first=np.array([world.earliest.get(e, row[3]) for e, row in enumerate(rows)], np.int32),
        arrived=days(4),
        arrived_last=np.array([world.latest.get(e, row[4]) for e, row in enumerate(rows)], np.int32),
        estimated=np.zeros(size, bool),
        quantity=amount({e: quantity for e, (_, quantity) in world.pieces.items()}),
        weight_kg=amount(world.kilos),
        value_usd=np.full(size, np.nan),
        shipment=np.arange(size),
        ids=np.array([f"S-{e:03}" for e in range(size)], object),
        party_ids=np.array(names or [f"P{p}" for p in range(parties_of(world))], object),
        hs6=np.array(goods, object),
    )


def projection_of(world: World, *, prune: bool = False) -> Projection:
    return Projection.build(transfers_of(world), options_of(world, prune=prune))


def options_of(world: World, *, prune: bool = False) -> ProjectionOptions:
    transfers = transfers_of(world)
    count = len(transfers.party_ids)

    def group(labels: dict[int, int]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array([labels.get(p, -1) for p in range(count)], np.int32)

    goods = None
    if prune and world.goods is not None:
        goods = np.array([code in world.goods for code in transfers.hs6])
        goods = in_disguise(goods, transfers.hs6, transfers.item, further_of(world))
    return ProjectionOptions(
        world.relations,  # type: ignore[arg-type]
        group(world.owner),
        group(world.address),
        *world.dwell,
        goods=goods,
        shared=None if world.shared is None else shared_of(world.shared),
    )


def shared_of(days: dict[tuple[int, int, str], set[int]]) -> Shared:
    def spans(one: int, other: int, link: str) -> Spans:
        found = sorted(days[min(one, other), max(one, other), link])
        begins = [day for day in found if day - 1 not in found]
        ends = [day + 1 for day in found if day + 1 not in found]
        return tuple(zip(begins, ends, strict=True))

    return spans


def question_of(world: World) -> Question:
    size = range(len(world.transfers))
    columns = [
        np.array([test(e) for e in size], bool) for test in (world.terminal, world.origin, world.barred)
    ]
    parties = parties_of(world)
    through = None if world.via is None else flags(world.via, parties)
    return Question(
        terminal=columns[0],
        origin=columns[1],
        barred=columns[2],
        hops=world.hops,
        open=world.open,
        through=through,
        avoid=flags(world.avoid, parties),
        further=further_of(world),
    )


def further_of(world: World) -> Further | None:
    """Disguises and parties possibly the same, as a question hands them to the engine."""
    if world.relations != "all":
        return None
    into = onto = np.zeros(0, np.int32)
    wait = world.dwell
    if world.disguise is not None:
        band, days, most, alike = world.disguise
        wait = world.dwell[0], min(world.dwell[1], days)
        unit = np.array([world.pieces.get(e, (-1, 0))[0] for e in range(len(world.transfers))], np.int32)
        into, onto = disguises(transfers_of(world), unit, Disguise(band, wait, most, alike))
    pairs = np.array(list(world.same), np.int32).reshape(-1, 2)
    return Further(into, onto, wait, pairs[:, 0], pairs[:, 1], np.array(list(world.same.values())))


def flags(parties: set[int], size: int = PARTIES) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.isin(np.arange(size), list(parties))


def weights_of(world: World) -> Weights:
    return Weights(np.array(world.start), np.array(world.onward), np.array(world.end), world.penalties)


def told(corridor: Corridor, transfers: Transfers) -> Told:
    return Told(
        parties=corridor.parties,
        item=str(transfers.hs6[corridor.item]),
        hops=tuple(tuple(hop.tolist()) for hop in corridor.hops),
        routes=corridor.routes,
        best=corridor.best,
        relations=corridor.relations,
        weight=corridor.weight,
    )

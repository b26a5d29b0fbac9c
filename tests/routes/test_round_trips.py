"""Round trips against their definition, one depth-first search over random worlds."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.routes.ranges import Projection, ProjectionOptions
from diversion.routes.rings import round_trip_id
from diversion.routes.round_trips import RoundTrips, round_trips
from tests.routes.brute import World
from tests.routes.worlds import blurred, dated, projection_of, transfers_of, worlds

CHIP = "854231"
Ring = tuple[tuple[tuple[int, int], ...], str]
"""Senders and receivers in their least rotation, and the goods of the first transfer."""


def sequences(world: World) -> list[tuple[int, ...]]:
    """Every round trip: closed, no party twice but the first, and one assignment of days suits it all."""
    found: list[tuple[int, ...]] = []

    def onward(walk: tuple[int, ...]) -> None:
        if world.transfers[walk[-1]][1] == world.transfers[walk[0]][0]:
            *parties, last = world.parties(walk)
            if len(walk) > 1 and len(set(parties)) == len(parties) and last == parties[0]:
                found.extend([walk] if world.manners(walk) else [])
            return
        if len(walk) < world.hops:
            for f in range(len(world.transfers)):
                if world.breaks(walk[-1], f):
                    onward((*walk, f))

    for e in range(len(world.transfers)):
        if world.goods is None or world.transfers[e][2] in world.goods:
            onward((e,))
    return found


def least(steps: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return min(tuple(steps[k:] + steps[:k]) for k in range(len(steps)))


def ring_of(world: World, walk: tuple[int, ...]) -> Ring:
    return least([world.transfers[e][:2] for e in walk]), world.transfers[walk[0]][2]


def unrestricted(world: World) -> World:
    """Without targets, and with ranges alone: explicit arcs close no round trip."""
    return replace(world, restricted=set(), origins=None, disguise=None, same={})


def found_in(world: World) -> RoundTrips:
    goods = np.array([world.goods is None or row[2] in world.goods for row in world.transfers], bool)
    return round_trips(projection_of(world), goods, world.hops)


def same(world: World) -> None:
    expected: dict[Ring, list[tuple[int, ...]]] = {}
    for walk in sequences(world):
        expected.setdefault(ring_of(world, walk), []).append(walk)
    result, transfers = found_in(world), transfers_of(world)
    assert result.exact
    told = {ring_of(world, one.best): one for one in result.found}
    assert len(told) == len(result.found)
    assert set(told) == set(expected)
    for ring, walks in expected.items():
        one = told[ring]
        assert one.routes == len(walks)
        assert one.began == {
            party: sum(world.transfers[walk[0]][0] == party for walk in walks) for party in one.began
        }
        steps = [world.transfers[e][:2] for e in one.best]
        # Every sequence, turned to begin where the ring is told from, puts its transfers at the same hops.
        hops: list[set[int]] = [set() for _ in steps]
        for walk in walks:
            shift = next(k for k, e in enumerate(walk) if world.transfers[e][:2] == steps[0])
            for hop, e in zip(hops, walk[shift:] + walk[:shift], strict=True):
                hop.add(e)
        assert [sorted(hop) for hop in hops] == [hop.tolist() for hop in one.hops]
        days = [(*world.transfers[walk[0]][3:], walk[0]) for walk in walks]
        assert (*world.transfers[one.best[0]][3:], one.best[0]) == min(days)
    assert len({round_trip_id(one, transfers) for one in result.found}) == len(told)


RELATIONS = st.sampled_from(["strict", "relabel", "jump", "all"])


@settings(max_examples=200, deadline=None)
@given(RELATIONS.flatmap(worlds))
def test_they_are_those_of_the_definition(world: World) -> None:
    same(unrestricted(world))


@settings(max_examples=60, deadline=None)
@given(RELATIONS.flatmap(lambda name: worlds(name, 14)), st.integers(0, 2**32))
def test_dated_links_and_days_known_to_a_span(world: World, seed: int) -> None:
    world = replace(unrestricted(world), hops=min(world.hops, 3))
    same(blurred(world, seed))
    same(dated(world, seed))


def test_a_planted_ring_is_found_from_where_it_begins() -> None:
    chain = [(3, 1, CHIP, 0, 2), (1, 4, CHIP, 3, 4), (4, 3, CHIP, 6, 8), (4, 0, CHIP, 6, 8)]
    (one,) = found_in(World(chain, dwell=(0, 5))).found
    assert (one.parties, one.jumps, one.routes, one.best) == ((3, 1, 4), (), 1, (0, 1, 2))
    # The same ring does not close where one shipment leaves before the goods came.
    chain[1] = (1, 4, CHIP, 1, 4)
    assert found_in(World(chain, dwell=(0, 5))).found == ()
    # Goods that come back under another code of the heading do where codes may change.
    chain[1] = (1, 4, "854232", 3, 4)
    assert found_in(World(chain, dwell=(0, 5))).found == ()
    assert len(found_in(World(chain, dwell=(0, 5), relations="relabel")).found) == 1


def test_a_ring_on_one_day_begins_with_each_of_its_parties() -> None:
    ring = [(0, 1, CHIP, 0, 0), (1, 2, CHIP, 0, 0), (2, 0, CHIP, 0, 0)]
    (one,) = found_in(World(ring)).found
    assert (one.routes, one.began) == (3, {0: 1, 1: 1, 2: 1})


def test_a_search_cut_short_says_so() -> None:
    ring = [(0, 1, CHIP, 0, 0), (1, 0, CHIP, 0, 0)]
    projection = projection_of(World(ring))
    result = round_trips(projection, np.ones(2, bool), 4, seconds=0.0)
    assert (result.found, result.exact) == ((), False)
    none = round_trips(projection_of(World([])), np.zeros(0, bool), 4)
    assert (none.found, none.exact) == ((), True)


@pytest.mark.parametrize("dwell", [30, 10_000])
def test_no_ring_of_amlsim_closes_in_time(shared_data: Path, dwell: int) -> None:
    path = shared_data / "graph" / "amlsim_100k_alerts" / "outputs" / "100K" / "alert_transactions.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    accounts = {account: i for i, account in enumerate(sorted({r[k] for r in rows for k in ENDS}))}
    moves = [(accounts[r[ENDS[0]]], accounts[r[ENDS[1]]], CHIP, day_of(r), day_of(r)) for r in rows]
    names = [f"A{i:05}" for i in range(len(accounts))]

    def found(transfers: list[tuple[int, int, str, int, int]]) -> RoundTrips:
        world = transfers_of(World(transfers), names)
        projection = Projection.build(world, ProjectionOptions("strict", dwell_max=dwell))
        return round_trips(projection, np.ones(len(world), bool), 8)

    assert len(moves) == 6903
    assert found(moves) == RoundTrips((), True)
    back = moves[0][1], moves[0][0], CHIP, moves[0][3] + 1, moves[0][3] + 1
    assert found([*moves, back]).routes >= 1


ENDS = ("orig_acct", "bene_acct")


def day_of(row: dict[str, str]) -> int:
    return (date.fromisoformat(row["tran_timestamp"][:10]) - date(1970, 1, 1)).days

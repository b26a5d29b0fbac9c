"""Jumps hold on the days on which the parties were really linked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.ids import digest
from diversion.routes.census import census
from diversion.routes.corridors import Corridor, search
from diversion.routes.links import ALWAYS, Spans
from diversion.routes.ranges import Projection
from tests.routes.brute import World
from tests.routes.test_edges import CHIP, world_of
from tests.routes.worlds import dated, projection_of, question_of, told, transfers_of, weights_of, worlds

JUMPS = pytest.mark.parametrize("relations", ["jump", "all"])
many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def full_score(corridor: Corridor) -> float:
    return corridor.weight - int(digest(corridor.parties, corridor.item)[0], 16) / 4


@JUMPS
@many
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_corridors_over_dated_links_are_those_of_brute_force(
    relations: str, data: st.DataObject, seed: int
) -> None:
    world = dated(data.draw(worlds(relations)), seed)
    result = search(projection_of(world), question_of(world), weights_of(world), 0, full_score)
    found = [told(ranked.corridor, transfers_of(world)) for ranked in result.corridors]
    assert sorted(found, key=repr) == sorted(world.corridors(), key=repr)
    assert result.exact and result.examined == len(found)


@JUMPS
@many
@given(data=st.data(), seed=st.integers(0, 2**32), top=st.integers(1, 5))
def test_the_best_over_dated_links_are_the_head_of_all(
    relations: str, data: st.DataObject, seed: int, top: int
) -> None:
    world = dated(data.draw(worlds(relations)), seed)
    asked = projection_of(world), question_of(world), weights_of(world)
    everything = search(*asked, 0, full_score).corridors
    head = search(*asked, top, full_score).corridors
    assert [(r.route_id, r.score) for r in head] == [(r.route_id, r.score) for r in everything[:top]]


@JUMPS
@many
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_walks_over_dated_links_are_an_upper_bound_and_say_so(
    relations: str, data: st.DataObject, seed: int
) -> None:
    world = dated(data.draw(worlds(relations)), seed)
    counts = Counter(len(walk) for walk in world.walks())
    found = census(projection_of(world), question_of(world)).walks
    assert [w.count for w in found] == [counts[w.hops] for w in found]
    jumps = any(len(world.parties(w)) > len(w) + 1 for w in world.walks())
    assert [w.upper_bound for w in found] == [jumps and w.hops > 1 and w.count > 0 for w in found]


def linked(*spans: tuple[int, int], dwell: int = 9) -> World:
    chain = [(0, 1, CHIP, 0, 2), (3, 2, CHIP, 6, 6)]
    days = {day for begin, until in spans for day in range(begin, until)}
    world = world_of(chain, {2}, relations="jump", owner={1: 7, 3: 7}, origins={0}, dwell=(0, dwell))
    return replace(world, shared={(1, 3, "owner"): days})


@pytest.mark.parametrize(
    ("spans", "routes"),
    [([(2, 7)], 1), ([(3, 7)], 0), ([(2, 6)], 0), ([(0, 3), (6, 8)], 1), ([(3, 6)], 0), ([], 0)],
)
def test_a_link_must_hold_on_the_arrival_and_on_the_departure(
    spans: list[tuple[int, int]], routes: int
) -> None:
    world = linked(*spans)
    found = search(projection_of(world), question_of(world), weights_of(world), 0).corridors
    assert [r.corridor.routes for r in found] == [1] * routes
    assert [w.count for w in census(projection_of(world), question_of(world)).walks] == [0, 1, 0, 0]


@pytest.mark.parametrize(("loose", "upper"), [(None, True), (True, True), (False, False)])
def test_counts_over_links_that_always_held_are_exact(loose: bool | None, upper: bool) -> None:
    world = linked((0, 9))
    made = projection_of(world)
    flags = None if loose is None else np.full(len(made.transfers.party_ids), loose)
    options = replace(made.options, loose=flags)
    walks = census(Projection.build(made.transfers, options), question_of(world)).walks
    assert [w.upper_bound for w in walks] == [False, upper, False, False]


def test_links_are_asked_of_few_pairs_and_once() -> None:
    world = linked((0, 9))
    asked: list[tuple[int, int, str]] = []

    def shared(one: int, other: int, link: str) -> Spans:
        asked.append((one, other, link))
        return ALWAYS

    made = projection_of(world)
    projection = Projection.build(made.transfers, replace(made.options, shared=shared))
    assert len(search(projection, question_of(world), weights_of(world), 0).corridors) == 1
    assert asked == [(1, 3, "owner")]

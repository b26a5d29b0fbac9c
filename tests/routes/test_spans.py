"""Days known to a span: a route holds if one assignment of days suits all of its transfers at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.routes import assigning
from diversion.routes.census import census
from diversion.routes.corridors import search
from tests.routes.brute import World
from tests.routes.test_edges import CHIP, world_of
from tests.routes.test_links import full_score
from tests.routes.worlds import (
    blurred,
    dated,
    projection_of,
    question_of,
    random_world,
    told,
    transfers_of,
    weights_of,
    worlds,
)

RELATIONS = pytest.mark.parametrize("relations", ["strict", "relabel", "jump", "all"])
many = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def drawn(data: st.DataObject, relations: str, seed: int) -> World:
    world = blurred(data.draw(worlds(relations, 18)), seed, departures=seed % 4 > 0)
    return dated(world, seed) if seed % 3 == 0 else world


def check(world: World) -> None:
    result = search(projection_of(world), question_of(world), weights_of(world), 0, full_score)
    found = [told(ranked.corridor, transfers_of(world)) for ranked in result.corridors]
    assert sorted(found, key=repr) == sorted(world.corridors(), key=repr)


@RELATIONS
@many
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_corridors_over_spans_are_those_of_brute_force(
    relations: str, data: st.DataObject, seed: int
) -> None:
    check(drawn(data, relations, seed))


@RELATIONS
@many
@given(data=st.data(), seed=st.integers(0, 2**32), top=st.integers(1, 5))
def test_the_best_over_spans_are_the_head_of_all(
    relations: str, data: st.DataObject, seed: int, top: int
) -> None:
    world = drawn(data, relations, seed)
    asked = projection_of(world), question_of(world), weights_of(world)
    everything = search(*asked, 0, full_score).corridors
    head = search(*asked, top, full_score).corridors
    assert [(r.route_id, r.score) for r in head] == [(r.route_id, r.score) for r in everything[:top]]


@pytest.mark.parametrize("relations", ["jump", "all"])
@many
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_looking_at_a_few_pairs_at_a_time_changes_nothing(
    relations: str, data: st.DataObject, seed: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assigning, "AT_ONCE", 2)
        check(drawn(data, relations, seed))


@RELATIONS
@many
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_walks_over_spans_are_an_upper_bound_and_say_so(
    relations: str, data: st.DataObject, seed: int
) -> None:
    world = blurred(data.draw(worlds(relations, 18)), seed)
    counts = Counter(len(walk) for walk in world.walks() if world.manners(walk))
    for walks in census(projection_of(world), question_of(world)).walks:
        assert walks.count >= counts[walks.hops]
        assert walks.count == counts[walks.hops] or walks.upper_bound


@RELATIONS
@many
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_where_departures_are_known_walks_are_exact(relations: str, data: st.DataObject, seed: int) -> None:
    world = blurred(data.draw(worlds(relations, 18)), seed, departures=False)
    counts = Counter(len(walk) for walk in world.walks() if world.manners(walk))
    found = census(projection_of(world), question_of(world)).walks
    assert [(w.count, w.upper_bound) for w in found] == [(counts[w.hops], False) for w in found]


def test_two_halves_that_fit_alone_need_not_fit_together() -> None:
    # The middle may leave on any day from 0 to 30: late enough for the first, early enough for the last.
    chain = [(0, 1, CHIP, 20, 20), (1, 2, CHIP, 30, 0), (2, 3, CHIP, 10, 10)]
    world = world_of(chain, {3}, hops=3, dwell=(0, 9), origins={0}, earliest={1: 0}, latest={1: 30})
    assert [w.count for w in census(projection_of(world), question_of(world)).walks] == [0, 0, 1]
    assert search(projection_of(world), question_of(world), weights_of(world), 0).corridors == ()
    first = replace(world, transfers=[(0, 1, CHIP, 8, 8), *chain[1:]])
    (only,) = search(projection_of(first), question_of(first), weights_of(first), 0).corridors
    assert only.corridor.best == (0, 1, 2)


def test_a_month_is_not_missed_because_its_last_day_is_too_late() -> None:
    chain = [(0, 1, CHIP, 0, 0), (1, 2, CHIP, 31, 40)]
    world = world_of(chain, {2}, hops=2, dwell=(0, 5), origins={0}, earliest={1: 5})
    assert len(search(projection_of(world), question_of(world), weights_of(world), 0).corridors) == 1
    late = replace(world, earliest={1: 6})
    assert search(projection_of(late), question_of(late), weights_of(late), 0).corridors == ()


def test_a_range_that_reached_further_for_a_transfer_left_out_says_so() -> None:
    # Party 1 also ships in an unknown month to nobody of interest, which widens what may follow its receipts.
    chain = [(0, 1, CHIP, 0, 0), (1, 2, CHIP, 9, 9), (1, 3, CHIP, 30, 30)]
    world = world_of(chain, {2}, hops=2, dwell=(0, 5), origins={0}, earliest={2: 0})
    counted = census(projection_of(world), question_of(world)).walks
    assert [(w.count, w.upper_bound) for w in counted] == [(0, False), (1, True)]
    assert search(projection_of(world), question_of(world), weights_of(world), 0).corridors == ()


def test_of_two_ways_at_one_price_the_same_is_named_whatever_each_hop_costs() -> None:
    # By owner first and address then, or the other way round: found among random worlds.
    check(dated(blurred(random_world("all", 22, 104_879), 104_879), 104_879))

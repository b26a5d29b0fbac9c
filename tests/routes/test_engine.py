"""The engine against brute force on small random worlds."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.ids import digest
from diversion.routes.census import Census, census
from diversion.routes.corridors import Corridor, contained, route_id, search
from tests.routes.brute import Told, World
from tests.routes.worlds import projection_of, question_of, told, transfers_of, weights_of, worlds

RELATIONS = pytest.mark.parametrize("relations", ["strict", "relabel", "jump", "all"])
many = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def counted(world: World, *, prune: bool = False) -> Census:
    return census(projection_of(world, prune=prune), question_of(world))


def full_score(corridor: Corridor) -> float:
    """Below the weight by what only this corridor decides, in quarters, so that ties are frequent."""
    return corridor.weight - int(digest(corridor.parties, corridor.item)[0], 16) / 4


@RELATIONS
@many
@given(data=st.data())
def test_walks_and_visits_are_those_of_brute_force(relations: str, data: st.DataObject) -> None:
    world = data.draw(worlds(relations))
    found = counted(world, prune=data.draw(st.booleans()))
    lengths = Counter(len(walk) for walk in world.walks())
    assert [(w.hops, w.count, w.exact) for w in found.walks] == [
        (hops, lengths[hops], True) for hops in range(1, world.hops + 1)
    ]
    through, visits = world.through(), world.visits()
    assert found.through.tolist() == [through[e] for e in range(len(world.transfers))]
    passed = found.visits(transfers_of(world))
    assert passed.tolist() == [visits[p] for p in range(len(passed))]
    first = Counter(walk[0] for walk in world.walks())
    assert found.started.tolist() == [first[e] for e in range(len(world.transfers))]


@RELATIONS
@many
@given(data=st.data())
def test_corridors_are_those_of_brute_force_in_order(relations: str, data: st.DataObject) -> None:
    world = data.draw(worlds(relations))
    transfers = transfers_of(world)
    projection = projection_of(world, prune=data.draw(st.booleans()))
    result = search(projection, question_of(world), weights_of(world), 0, full_score)
    assert result.exact and result.truncated_by is None
    found = [told(ranked.corridor, transfers) for ranked in result.corridors]
    expected = world.corridors()
    assert sorted(found, key=repr) == sorted(expected, key=repr)
    order = [(-ranked.score, ranked.route_id) for ranked in result.corridors]
    assert order == sorted(order) and len(set(order)) == len(order)
    assert [r.score for r in result.corridors] == [full_score(r.corridor) for r in result.corridors]


@RELATIONS
@many
@given(data=st.data(), top=st.integers(1, 5))
def test_top_is_the_head_of_all(relations: str, data: st.DataObject, top: int) -> None:
    world = data.draw(worlds(relations))
    asked = (projection_of(world), question_of(world), weights_of(world))
    everything = search(*asked, 0, full_score).corridors
    head = search(*asked, top, full_score)
    assert [(r.route_id, r.score) for r in head.corridors] == [
        (r.route_id, r.score) for r in everything[:top]
    ]


@RELATIONS
@many
@given(data=st.data())
def test_within_names_the_longest_corridor_that_holds_it(relations: str, data: st.DataObject) -> None:
    world = data.draw(worlds(relations))
    ranked = search(projection_of(world), question_of(world), weights_of(world), 0).corridors
    corridors = [r.corridor for r in ranked]
    plain = [told(c, transfers_of(world)) for c in corridors]
    for mine, whole in zip(plain, contained(corridors), strict=True):
        holding = [other for other in plain if is_tail(mine, other)]
        longest = max((len(other.hops) for other in holding), default=None)
        assert (whole is None) == (longest is None)
        if whole is not None:
            assert plain[whole] in holding and len(plain[whole].hops) == longest


def is_tail(mine: Told, other: Told) -> bool:
    here, there = mine.hops, other.hops
    if mine.item != other.item or len(here) >= len(there):
        return False
    tail = there[-len(here) :]
    return all(set(a) <= set(b) for a, b in zip(here, tail, strict=True)) and (
        mine.parties == other.parties[-len(mine.parties) :]
    )


def test_a_jump_is_not_the_same_corridor_as_a_sale() -> None:
    sale = route_id(["A", "B", "C", "D"], "854231")
    jump = route_id(["A", "B", "C", "D"], "854231", jumps=[2])
    assert sale != jump
    assert (
        np.unique([sale, jump, route_id(["A", "B", "C"], "854231"), route_id(["A", "B", "C", "D"], "8")]).size
        == 4
    )

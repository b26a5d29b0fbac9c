"""Walking back over few transfers finds what sweeping all finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.routes import nearby, ranges
from diversion.routes.census import census
from diversion.routes.corridors import search
from diversion.routes.ranges import Relation
from tests.routes.brute import World
from tests.routes.worlds import projection_of, question_of, told, transfers_of, weights_of, worlds

many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _always_few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every world counts as one where few transfers can reach an end."""
    monkeypatch.setattr(nearby, "FEW", 1)
    monkeypatch.setattr(nearby, "BEHIND", 1)
    monkeypatch.setattr(ranges, "FEW", 0)
    yield


@pytest.mark.parametrize("relations", ["strict", "relabel", "jump", "all"])
@many
@given(data=st.data())
def test_what_few_can_reach_is_what_brute_force_finds(relations: str, data: st.DataObject) -> None:
    world = data.draw(worlds(relations))
    projection, question = projection_of(world), question_of(world)
    near = nearby.nearby(projection, question)
    assert set(near.rows.tolist()) == reaching(world)
    lengths = Counter(len(walk) for walk in world.walks())
    assert [w.count for w in census(projection, question).walks] == [
        lengths[hops] for hops in range(1, world.hops + 1)
    ]
    found = [
        told(r.corridor, transfers_of(world))
        for r in search(projection, question, weights_of(world), 0).corridors
    ]
    assert sorted(found, key=repr) == sorted(world.corridors(), key=repr)


def reaching(world: World) -> set[int]:
    """Transfers from which some walk of at most `hops` ends, wherever it began."""
    found = {
        e
        for e in range(len(world.transfers))
        if world.terminal(e) and world.transfers[e][0] != world.transfers[e][1]
    }
    front = set(found)
    for _ in range(world.hops - 1):
        front = {
            e
            for e in range(len(world.transfers))
            if (world.open or not world.terminal(e)) and any(world.breaks(e, f) for f in front)
        } - found
        found |= front
    return found


@pytest.mark.parametrize("relations", ["strict", "relabel", "jump", "all"])
@many
@given(data=st.data())
def test_narrowing_to_few_is_narrowing(relations: str, data: st.DataObject) -> None:
    projection = projection_of(data.draw(worlds(relations)))
    keep = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(projection), max_size=len(projection))), bool
    )
    at = np.flatnonzero(keep).astype(np.int32)
    for relation in [*projection.relations.values(), *projection.jumps_goods.values()]:
        places = nearby.standing(projection, relation, at)
        expected = relation.narrow(at)
        assert same(relation.narrow(at, places), expected)
        if places is not None and relation.order is not None:
            assert sorted(relation.order[places]) == sorted(set(at) & set(relation.order))


def same(one: Relation, other: Relation) -> bool:
    def follow(r: Relation) -> list[list[int]]:
        order = np.arange(len(r)) if r.order is None else r.order
        return [order[a:b].tolist() for a, b in zip(r.lo, r.hi, strict=True)]

    return follow(one) == follow(other)

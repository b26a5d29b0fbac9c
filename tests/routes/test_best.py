"""The bound of the search against every way on that brute force finds, explicit arcs among them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.routes.best import bounds
from diversion.routes.field import ask
from tests.routes.brute import World
from tests.routes.worlds import projection_of, question_of, weights_of, worlds


def gained(world: World, rest: tuple[int, ...]) -> float:
    """What a walk gains after its first transfer, each continuation at its least price."""
    prices = [min(world.price((e, f), (way,)) for way in world.breaks(e, f)) for e, f in pairwise(rest)]
    return sum(world.onward[f] for f in rest[1:]) - sum(prices) + world.end[rest[-1]]


@pytest.mark.parametrize("relations", ["strict", "relabel", "jump", "all"])
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_completions_are_the_best_ways_on(relations: str, data: st.DataObject) -> None:
    world = replace(data.draw(worlds(relations)), via=None)
    best: dict[tuple[int, int], float] = {}
    for walk in world.every():
        for place, e in enumerate(walk):
            value = gained(world, walk[place:])
            best[e, place] = max(value, best.get((e, place), value))
    field = ask(projection_of(world), question_of(world))
    found = bounds(field, weights_of(world)).completion
    position = {int(row): at for at, row in enumerate(field.projection.rows)}
    for (e, place), value in best.items():
        assert found[world.hops - 1 - place][position[e]] == pytest.approx(value)

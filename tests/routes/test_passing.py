"""The best walk through a transfer, and walks without some, against all walks enumerated."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.routes.field import ask
from diversion.routes.passing import avoiding, best_through, not_between
from tests.routes.brute import World
from tests.routes.worlds import projection_of, question_of, weights_of, worlds

RELATIONS = st.sampled_from(["strict", "relabel", "jump", "all"])


def ranges(relations: str) -> st.SearchStrategy[World]:
    """Worlds of ranges alone."""
    return worlds(relations).map(lambda world: replace(world, disguise=None, same={}))


def free(relations: str) -> st.SearchStrategy[World]:
    """Worlds of ranges alone, whose question names nobody to pass through."""
    return ranges(relations).map(lambda world: replace(world, via=None))


def weight(world: World, walk: tuple[int, ...]) -> float:
    prices = [min(world.price((e, f), (way,)) for way in world.breaks(e, f)) for e, f in pairwise(walk)]
    return world.start[walk[0]] + sum(world.onward[f] for f in walk[1:]) - sum(prices) + world.end[walk[-1]]


@settings(max_examples=150, deadline=None)
@given(RELATIONS.flatmap(free))
def test_the_best_walk_through_each_transfer(world: World) -> None:
    field = ask(projection_of(world), question_of(world).of_walks)
    expected = [-math.inf] * len(world.transfers)
    for walk in world.walks():
        for e in walk:
            expected[e] = max(expected[e], weight(world, walk))
    assert best_through(field, weights_of(world)) == pytest.approx(expected)


@settings(max_examples=150, deadline=None)
@given(RELATIONS.flatmap(ranges), st.integers(0, 2**32))
def test_walks_that_avoid_transfers(world: World, seed: int) -> None:
    field, dice = ask(projection_of(world), question_of(world).of_walks), Random(seed)
    gone = np.array([dice.random() < 0.3 for _ in world.transfers], bool)
    found = [walks.count for walks in avoiding(field, gone[field.projection.rows])]
    left = [walk for walk in world.walks() if not any(gone[e] for e in walk)]
    assert found == [sum(len(walk) == hops for walk in left) for hops in range(1, world.hops + 1)]


@settings(max_examples=150, deadline=None)
@given(RELATIONS.flatmap(ranges), st.integers(0, 5))
def test_walks_that_pass_nobody_on_the_way(world: World, party: int) -> None:
    field = ask(projection_of(world), question_of(world).of_walks)
    moves = [world.transfers[e] for e in field.projection.rows]
    into, out = (np.array([move[side] == party for move in moves], bool) for side in (1, 0))
    found = sum(walks.count for walks in not_between(field, into, out))
    assert found == sum(
        not any(party in (world.transfers[e][1], world.transfers[f][0]) for e, f in pairwise(walk))
        for walk in world.walks()
    )

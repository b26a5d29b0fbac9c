"""Limits by a clock and a meter of our own, and corridors that come while the search goes on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.routes.corridors import Limits, Ranked, SearchResult, ranked, search
from diversion.routes.field import ask
from diversion.routes.limits import resident
from tests.routes.brute import World
from tests.routes.test_engine import full_score
from tests.routes.worlds import projection_of, question_of, weights_of, worlds

many = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def streamed(world: World, top: int, limits: Limits) -> tuple[list[Ranked], SearchResult]:
    """What came while the search went on, and what it returned."""
    steps = ranked(ask(projection_of(world), question_of(world)), weights_of(world), top, full_score, limits)
    found = []
    while True:
        try:
            found.append(next(steps))
        except StopIteration as end:
            return found, end.value


def ticking(step: float = 1.0) -> Callable[[], float]:
    """A clock, or a meter, that moves on by `step` whenever it is read."""
    readings = count()
    return lambda: next(readings) * step


@pytest.mark.parametrize("word", ["seconds", "memory", "examined"])
@many
@given(data=st.data(), most=st.integers(0, 40), top=st.integers(0, 4))
def test_what_a_limit_leaves_is_proven_or_said_not_to_be(
    word: str, data: st.DataObject, most: int, top: int
) -> None:
    world = data.draw(worlds("all"))
    whole = search(projection_of(world), question_of(world), weights_of(world), top, full_score)
    limits = {
        "seconds": Limits(seconds=most, clock=ticking()),
        "memory": Limits(memory=most, used=ticking()),
        "examined": Limits(examined=most),
    }[word]
    came, result = streamed(world, top, limits)
    ids = [one.route_id for one in result.corridors]
    assert result.truncated_by in (None, word) and result.exact == (result.truncated_by is None)
    assert [one.route_id for one in came] == ids[: result.proven]
    assert ids[: result.proven] == [one.route_id for one in whole.corridors[: result.proven]]
    assert not result.exact or ids == [one.route_id for one in whole.corridors]
    assert len(set(ids)) == len(ids) <= result.examined
    assert word != "examined" or result.examined <= most
    order = [(-one.score, one.route_id) for one in result.corridors[result.proven :]]
    assert order == sorted(order)


def test_the_first_come_before_the_last_are_looked_for() -> None:
    chip = "854231"
    far = World(
        [(0, 1, chip, 0, 0), (2, 3, chip, 0, 0), (4, 5, chip, 0, 0)],
        {(1, 0), (3, 0), (5, 0)},
        start=[9.0, 5.0, 1.0],
        onward=[0.0] * 3,
        end=[0.0] * 3,
    )
    readings: list[int] = []

    def clock() -> float:
        readings.append(len(readings))
        return 0.0

    steps = ranked(
        ask(projection_of(far), question_of(far)),
        weights_of(far),
        0,
        lambda c: c.weight,
        Limits(seconds=1, clock=clock),
    )
    before = [len(readings) for _ in steps]
    assert len(before) == 3 and before == sorted(set(before))


def test_seconds_count_from_where_the_question_began() -> None:
    assert Limits(seconds=5, began=0.0, clock=lambda: 6.0).meter()(0) == "seconds"
    assert Limits(seconds=5, clock=lambda: 6.0).meter()(0) is None


def test_memory_is_that_of_this_process() -> None:
    assert 1 < resident() < 1_000_000

"""New transfers against a projected graph: a full run's result less what has none of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.routes.corridors import id_of, search
from diversion.routes.incremental import Increment, Watch
from diversion.routes.ranges import Projection, Question
from diversion.routes.transfers import Transfers
from tests.routes.brute import World
from tests.routes.worlds import (
    blurred,
    dated,
    options_of,
    projection_of,
    question_of,
    transfers_of,
    weights_of,
    worlds,
)

many = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
COLUMNS = (
    "src dst end_user item departed departed_first arrived arrived_last estimated quantity weight_kg "
    "value_usd shipment ids"
)


def part(transfers: Transfers, rows: slice) -> Transfers:
    """Some transfers, with only the parties and goods that they name."""
    cut = replace(transfers, **{name: getattr(transfers, name)[rows] for name in COLUMNS.split()})
    used = np.unique(np.concatenate([cut.src, cut.dst, cut.end_user]))
    used, items = used[used >= 0], np.unique(cut.item)
    number = np.append(np.searchsorted(used, np.arange(len(transfers.party_ids))), -1).astype(np.int32)
    return replace(
        cut,
        src=number[cut.src],
        dst=number[cut.dst],
        end_user=number[cut.end_user],
        item=np.searchsorted(items, cut.item).astype(np.int32),
        party_ids=transfers.party_ids[used],
        hs6=transfers.hs6[items],
    )


def asked(question: Question, rows: slice) -> Question:
    flags = {name: getattr(question, name)[rows] for name in ("terminal", "origin", "barred")}
    return replace(question, **flags)


def increment(world: World, cut: int) -> Increment:
    """The graph holds all parties, as it would where others name them, but only the goods it has."""
    transfers, question = transfers_of(world), question_of(world)
    old = part(transfers, slice(0, cut))
    whole = {name: getattr(transfers, name)[:cut] for name in ("src", "dst", "end_user")}
    old = replace(old, **whole, party_ids=transfers.party_ids)
    watch = Watch(Projection.build(old, options_of(world)), asked(question, slice(0, cut)))
    return watch.around(part(transfers, slice(cut, None)), asked(question, slice(cut, None)))


@pytest.mark.parametrize("relations", ["strict", "relabel", "jump", "all"])
@many
@given(data=st.data())
def test_walks_are_those_of_brute_force_that_use_a_new_one(relations: str, data: st.DataObject) -> None:
    world = replace(data.draw(worlds(relations)), disguise=None, same={})
    if data.draw(st.booleans()):
        world = blurred(world, data.draw(st.integers(0, 999)), departures=False)
    cut = len(world.transfers) - data.draw(st.sampled_from([1, 1, 1, 2, 5]))
    if cut < 0:
        return
    lengths = Counter(len(walk) for walk in world.walks() if max(walk) >= cut)
    found = increment(world, cut).walks()
    assert [(w.count, w.exact) for w in found] == [(lengths[hops], True) for hops in range(1, world.hops + 1)]


@pytest.mark.parametrize("relations", ["strict", "relabel", "jump", "all"])
@many
@given(data=st.data())
def test_corridors_are_those_of_a_full_run_that_hold_a_new_one(relations: str, data: st.DataObject) -> None:
    world = replace(data.draw(worlds(relations)), disguise=None, same={})
    change = data.draw(st.sampled_from(["", "dated", "blurred"]))
    if change == "dated" and relations in ("jump", "all"):
        world = dated(world, data.draw(st.integers(0, 999)))
    if change == "blurred":
        world = blurred(world, data.draw(st.integers(0, 999)))
    cut = len(world.transfers) - data.draw(st.sampled_from([1, 1, 1, 2, 5]))
    if cut < 0:
        return
    full, weights = transfers_of(world), weights_of(world)
    every = search(projection_of(world), question_of(world), weights, 0).corridors
    expected = {
        r.route_id: (r.corridor.routes, [hop.tolist() for hop in r.corridor.hops], r.corridor.best, r.score)
        for r in every
        if any((hop >= cut).any() for hop in r.corridor.hops)
    }
    made = increment(world, cut)
    rows = np.where(made.fresh, cut - 1 + np.cumsum(made.fresh), made.rows)
    mine = replace(weights, **{name: getattr(weights, name)[rows] for name in ("start", "onward", "end")})
    found = {
        id_of(c, made.transfers): (
            c.routes,
            [rows[hop].tolist() for hop in c.hops],
            tuple(rows[list(c.best)].tolist()),
            c.weight,
        )
        for c in made.corridors(mine, 10**6)
    }
    assert found == expected
    assert len(full) == cut + int(made.fresh.sum())


def test_a_party_that_the_graph_does_not_know_can_join_two_that_it_knows() -> None:
    chip = "854231"
    world = World(
        [(0, 1, chip, 0, 0), (2, 3, chip, 3, 3), (1, 5, chip, 1, 1), (5, 2, chip, 2, 2)], {(3, 3)}, hops=4
    )
    transfers, question = transfers_of(world), question_of(world)
    watch = Watch(
        Projection.build(part(transfers, slice(0, 2)), options_of(replace(world, relations="strict"))),
        asked(question, slice(0, 2)),
    )
    one = watch.around(part(transfers, slice(2, 3)), asked(question, slice(2, 3)))
    assert [w.count for w in one.walks()] == [0, 0, 0, 0] and not len(one.field)
    both = watch.around(part(transfers, slice(2, 4)), asked(question, slice(2, 4)))
    assert [w.count for w in both.walks()] == [0, 1, 1, 1]

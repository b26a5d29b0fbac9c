"""Edges: nothing, one transfer, one day, the ends of the calendar, and more walks than 64 bits hold."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from diversion.errors import UsageError
from diversion.routes.census import census
from diversion.routes.corridors import Limits, Weights, search
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.routes.transfers import Transfers
from tests.routes.brute import Transfer, World
from tests.routes.worlds import projection_of, question_of, transfers_of, weights_of

CHIP = "854231"


def world_of(transfers: list[Transfer], ends: set[int], **changes: object) -> World:
    nought = [0.0] * len(transfers)
    days = {day for *_, day, _ in transfers}
    made = World(transfers, {(p, d) for p in ends for d in days}, start=nought, onward=nought, end=nought)
    return replace(made, **changes)  # type: ignore[arg-type]


def counts(world: World) -> list[int]:
    return [walks.count for walks in census(projection_of(world), question_of(world)).walks]


@pytest.mark.parametrize("relations", ["strict", "relabel", "jump", "all"])
def test_no_transfer_gives_no_route(relations: str) -> None:
    world = world_of([], set(), relations=relations)
    assert counts(world) == [0, 0, 0, 0]
    found = search(projection_of(world), question_of(world), weights_of(world), 5)
    assert (found.corridors, found.examined, found.exact) == ((), 0, True)


def test_one_transfer_is_a_route_of_one_hop() -> None:
    world = world_of([(0, 1, CHIP, 7, 9)], {1})
    assert counts(world) == [1, 0, 0, 0]
    (only,) = search(projection_of(world), question_of(world), weights_of(world), 0).corridors
    assert only.corridor.parties == (0, 1) and only.corridor.routes == 1


def test_a_window_of_no_days_means_the_same_day() -> None:
    chain = [(0, 1, CHIP, 0, 3), (1, 2, CHIP, 3, 3), (1, 2, CHIP, 4, 4), (1, 2, CHIP, 2, 2)]
    assert counts(world_of(chain, {2}, dwell=(0, 0), hops=2)) == [3, 1]


def test_dwell_counts_both_ends() -> None:
    chain = [(0, 1, CHIP, 0, 0), *((1, 2, CHIP, day, day) for day in (1, 2, 5, 6))]
    assert counts(world_of(chain, {2}, dwell=(2, 5), hops=2)) == [4, 2]


def test_days_at_both_ends_of_the_calendar_do_not_meet() -> None:
    first, last = -(2**31), 2**31 - 1
    chain = [(0, 1, CHIP, first, first), (1, 2, CHIP, last, last), (1, 2, CHIP, first, first)]
    assert counts(world_of(chain, {2}, dwell=(0, 180), hops=2)) == [2, 1]
    assert counts(world_of(chain, {2}, dwell=(0, 2**32), hops=2)) == [2, 2]


def test_a_same_day_cycle_is_walked_but_is_no_route() -> None:
    chain = [(0, 1, CHIP, 5, 5), (1, 0, CHIP, 5, 5), (0, 2, CHIP, 5, 5)]
    world = world_of(chain, {2}, hops=5)
    assert counts(world) == [1, 1, 1, 1, 1]
    found = search(projection_of(world), question_of(world), weights_of(world), 0).corridors
    assert sorted(r.corridor.parties for r in found) == [(0, 2), (1, 0, 2)]


def test_a_shipment_to_oneself_is_no_transfer() -> None:
    assert counts(world_of([(0, 1, CHIP, 1, 1), (1, 1, CHIP, 1, 1), (1, 2, CHIP, 1, 1)], {2})) == [1, 1, 0, 0]


def test_a_party_may_be_restricted_on_one_day_and_pass_goods_on_before() -> None:
    chain = [(0, 1, CHIP, 1, 1), (1, 2, CHIP, 2, 2), (1, 2, CHIP, 3, 3)]
    world = replace(world_of(chain, {2}), restricted={(2, 2), (2, 3), (1, 3)})
    # Restricted on day 3, party 1 begins no route then, but what it received on day 1 may still move on.
    assert counts(world) == [1, 2, 0, 0]


def test_no_jump_leads_to_one_who_is_restricted() -> None:
    chain = [(0, 1, CHIP, 1, 1), (3, 2, CHIP, 2, 2)]
    free = world_of(chain, {2}, relations="jump", owner={1: 7, 3: 7}, origins={0})
    assert counts(free) == [0, 1, 0, 0]
    assert counts(replace(free, restricted={(2, 2), (3, 2)})) == [0, 0, 0, 0]


def layered(width: int, lanes: int, hops: int) -> tuple[Transfers, Question]:
    """Every party of a layer sends to all of the next, `lanes` times; the last layer is restricted."""
    layer, sender, receiver, _ = np.meshgrid(
        *(np.arange(n, dtype=np.int32) for n in (hops, width, width, lanes)), indexing="ij"
    )
    size = layer.size
    base = transfers_of(World([(0, 1, CHIP, 0, 0)]), names=[f"P{p:04}" for p in range(width * (hops + 1))])
    day, column = layer.ravel(), np.full(size, np.nan)
    transfers = replace(
        base,
        src=(layer * width + sender).ravel(),
        dst=((layer + 1) * width + receiver).ravel(),
        end_user=np.full(size, -1, np.int32),
        item=np.zeros(size, np.int32),
        departed=day,
        departed_first=day,
        arrived=day,
        arrived_last=day,
        estimated=np.zeros(size, bool),
        quantity=column,
        weight_kg=column,
        value_usd=column,
        shipment=np.arange(size),
        ids=np.array([f"S{i}" for i in range(size)], object),
    )
    return transfers, Question(day == hops - 1, np.ones(size, bool), np.zeros(size, bool), hops)


def test_counts_beyond_64_bits_are_right_and_say_that_they_are_rounded() -> None:
    width, lanes, hops = 26, 26, 8
    transfers, question = layered(width, lanes, hops)
    projection = Projection.build(transfers, ProjectionOptions("strict", dwell_min=1, dwell_max=1))
    result = census(projection, question)
    for walks in result.walks:
        expected = width ** (walks.hops + 1) * lanes**walks.hops
        assert walks.count == pytest.approx(expected, rel=1e-12)
        assert walks.count == expected or not walks.exact
    assert result.walks[5].exact and not result.walks[7].exact and result.walks[7].count > 2**63
    every = sum(w.count for w in result.walks)
    assert float(result.through[-1]) * width * width * lanes == pytest.approx(every, rel=1e-12)
    last = result.visits(transfers)[-width:]
    assert last.tolist() == pytest.approx([every / width] * width, rel=1e-12)


def test_a_corridor_counts_its_routes_beyond_64_bits() -> None:
    transfers, question = layered(1, 300, 8)
    projection = Projection.build(transfers, ProjectionOptions("strict", dwell_min=1, dwell_max=1))
    ones = np.ones(len(transfers))
    best = search(projection, question, Weights(ones, ones, ones), 1).corridors[0]
    assert best.corridor.routes == 300**8 > 2**63
    assert best.corridor.best == tuple(range(0, 2400, 300))


def test_limits_end_a_search_and_say_so() -> None:
    transfers, question = layered(6, 1, 6)
    projection = Projection.build(transfers, ProjectionOptions("strict"))
    dice = np.random.default_rng(1)
    start, onward, end = dice.integers(0, 9, (3, len(transfers))).astype(float)
    weights = Weights(start, onward, end)
    cut = search(projection, question, weights, 3, lambda c: c.weight - 50, Limits(examined=7))
    assert (cut.examined, cut.exact, cut.truncated_by, len(cut.corridors)) == (7, False, "examined", 3)
    late = search(projection, question, weights, 3, lambda c: c.weight - 50, Limits(seconds=0.0))
    assert (late.exact, late.truncated_by) == (False, "seconds")


@pytest.mark.parametrize(
    "fault",
    [
        lambda: ProjectionOptions("sideways"),  # type: ignore[arg-type]
        lambda: ProjectionOptions(dwell_min=5, dwell_max=4),
        lambda: ProjectionOptions(dwell_min=-1),
        lambda: Question(np.zeros(0, bool), np.zeros(0, bool), np.zeros(0, bool), 9),
        lambda: Weights(np.zeros(1), np.zeros(1), np.zeros(1), {"owner": -1.0}),
        lambda: Weights(np.array([np.nan]), np.zeros(1), np.zeros(1)),
    ],
)
def test_what_cannot_be_asked_is_refused(fault: object) -> None:
    with pytest.raises(UsageError):
        fault()  # type: ignore[operator]


def alerts(path: Path) -> list[Transfer]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    accounts = {a: i for i, a in enumerate(sorted({r[k] for r in rows for k in ("orig_acct", "bene_acct")}))}
    days = [date.fromisoformat(r["tran_timestamp"][:10]).toordinal() for r in rows]
    return [
        (accounts[r["orig_acct"]], accounts[r["bene_acct"]], CHIP, day, day)
        for r, day in zip(rows, days, strict=True)
    ]


def round_trips(transfers: Transfers, hops: int) -> int:
    """Walks that come back to the account where they began."""
    projection = Projection.build(transfers, ProjectionOptions("strict", dwell_min=0, dwell_max=10_000))
    never, total = np.zeros(len(transfers), bool), 0
    for party in np.intersect1d(transfers.src, transfers.dst):
        question = Question(transfers.dst == party, transfers.src == party, never, hops)
        total += sum(walks.count for walks in census(projection, question).walks)
    return total


def test_no_planted_cycle_of_amlsim_closes_in_time_order(shared_data: Path) -> None:
    path = shared_data / "graph" / "amlsim_100k_alerts" / "outputs" / "100K" / "alert_transactions.csv"
    rows = alerts(path)
    names = [f"A{i:06}" for i in range(max(max(r[:2]) for r in rows) + 1)]
    transfers = transfers_of(World(rows), names)
    assert len(transfers) == 6903
    assert round_trips(transfers, 8) == 0
    closing = rows[0][1], rows[0][0], CHIP, rows[0][3] + 1, rows[0][3] + 1
    assert round_trips(transfers_of(World([*rows, closing]), names), 8) > 0


@pytest.mark.parametrize(("same", "other", "best"), [(3, 2, (0, 2)), (2, 3, (0, 1)), (2, 2, (0, 1))])
def test_a_relabel_that_weighs_the_same_gives_way_to_the_earlier(
    same: int, other: int, best: tuple[int, int]
) -> None:
    chain = [(0, 1, CHIP, 0, 0), (1, 2, CHIP, same, same), (1, 2, "854232", other, other)]
    world = world_of(chain, {2}, relations="relabel", origins={0}, penalties={"relabel": 0.5})
    world = replace(world, end=[0.0, 0.0, 0.5])
    (only,) = search(projection_of(world), question_of(world), weights_of(world), 0).corridors
    assert (only.corridor.best, only.corridor.routes, only.score) == (best, 2, 0.0)

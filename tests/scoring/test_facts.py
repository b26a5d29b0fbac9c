"""Facts against plain loops over the same records."""

from __future__ import annotations

from math import isnan
from statistics import median

import numpy as np
import pytest
from hypothesis import given

from diversion.scoring.calendar import Calendar
from diversion.scoring.days import NEVER, OPEN_FROM, number, numbers
from diversion.scoring.facts import WINDOW, Facts, gather
from diversion.scoring.restricted import Spans
from tests.scoring.test_scorecard import FEW, worlds
from tests.scoring.world import Move, World, days, dossier


def same(left: float, right: float) -> bool:
    return (isnan(left) and isnan(right)) or left == pytest.approx(right)


def around(facts: Facts, e: int) -> tuple[list[int], list[int]]:
    t = facts.transfers
    day = int(t.departed[e])
    mine = [f for f in range(len(t)) if t.item[f] == t.item[e]]
    into = [f for f in mine if t.dst[f] == t.src[e] and abs(int(t.arrived[f]) - day) <= WINDOW]
    out = [f for f in mine if t.src[f] == t.src[e] and abs(int(t.departed[f]) - day) <= WINDOW]
    return into, out


@FEW
@given(worlds())
def test_flows_are_what_adding_up_by_hand_gives(world: World) -> None:
    facts = gather(dossier(world))
    t, unit = facts.transfers, facts.declared.unit
    for e in range(len(t)):
        into, out = around(facts, e)
        pieces = t.quantity if len({int(unit[f]) for f in (*into, *out)}) == 1 else np.full(len(t), np.nan)
        sums = [sum(float(pieces[f]) for f in side) for side in (into, out)]
        if any(isnan(one) for one in sums):
            sums = [sum(float(t.weight_kg[f]) for f in side) for side in (into, out)]
        assert same(float(facts.flows.received[e]), sums[0])
        assert same(float(facts.flows.sent[e]), sums[1])
        assert int(facts.flows.receipts[e]) == len(into)
        assert sorted(facts.receipts(e)) == into
        assert sorted(facts.dispatches(e)) == out


@FEW
@given(worlds())
def test_dwell_customers_and_first_days_are_what_looking_gives(world: World) -> None:
    facts = gather(dossier(world))
    t = facts.transfers
    every = range(len(t))

    def after(out: int, into: int) -> bool:
        return bool(t.departed[out] >= t.arrived[into])

    for e in every:
        sold = [f for f in every if t.src[f] == t.src[e] and t.item[f] == t.item[e]]
        got = [f for f in every if t.dst[f] == t.src[e] and t.item[f] == t.item[e]]
        gaps = [
            min((int(t.departed[f] - t.arrived[g]) for f in sold if after(f, g)), default=NEVER) for g in got
        ]
        waits = [gap for gap in gaps if gap <= WINDOW]
        assert same(float(facts.flows.dwell[e]), median(waits) if waits else float("nan"))
        assert facts.flows.customers[e] == len({int(t.dst[f]) for f in sold})
        assert facts.flows.dispatches[e] == len(sold)
        alike = [f for f in every if t.hs6[t.item[f]][:4] == t.hs6[t.item[e]][:4]]
        bought = min((int(t.arrived[f]) for f in alike if t.dst[f] == t.src[e]), default=NEVER)
        assert facts.history.bought[e] == bought
        first = min(int(t.departed_first[f]) for f in alike if t.src[f] == t.src[e])
        assert facts.history.traded[e] == min(bought, first)
        later = [f for f in every if t.src[f] == t.dst[e] and t.item[f] == t.item[e] and after(f, e)]
        assert facts.flows.forwarded[e] == sum(int(t.departed[f] - t.arrived[e]) <= WINDOW for f in later)


@FEW
@given(worlds())
def test_restrictions_meet_the_day(world: World) -> None:
    facts = gather(dossier(world))
    t = facts.transfers
    since = int(facts.ends.table["from"].iloc[0])
    for e in range(len(t)):
        bound = t.party_ids[t.dst[e]] == "target" and t.departed[e] >= since
        assert (facts.ends.receiver[e] >= 0) == bound


def test_a_calendar_keeps_groups_apart_at_both_ends() -> None:
    groups = np.array([1, 2, 1, 2, 2], np.int64)
    on = np.array([5, 0, 9, 5, 9], np.int32)
    calendar = Calendar.of(groups, on)
    assert calendar.members(1, -(10**6), 10**6).tolist() == [0, 2]
    assert calendar.members(2, 1, 8).tolist() == [3]
    assert calendar.members(1, 10, 20).tolist() == calendar.members(1, 6, 8).tolist() == []


def test_spans_give_the_highest_rank_of_the_day() -> None:
    columns = ([0, 0, 2, -1], [0, 10, 5, 0], [20, 30, 6, 99])
    party, begin, until = (np.array(column, np.int32) for column in columns)
    spans = Spans.of(party, begin, until, np.array([1.0, 2.0, 1.0, 9.0]))
    parties, on = np.array([0, 0, 0, 2, 2, 1], np.int32), np.array([5, 10, 30, 5, 6, 5], np.int32)
    assert spans.meet(parties, on).tolist() == [0, 1, -1, 2, -1, -1]


def test_days_of_every_kind_become_numbers() -> None:
    assert number(float("nan"), 7) == number("soon", 7) == number(None, 7) == 7
    assert number(np.int64(12), 7) == 12
    assert numbers([None], OPEN_FROM).tolist() == [OPEN_FROM]


def test_a_jump_compares_the_year_after_with_the_year_before() -> None:
    def sale(place: int, day: str, value: float) -> Move:
        return Move(f"S{place}", "maker", "shop", day, day, value=value)

    moves = [sale(0, "2019-01-01", 1.0), sale(1, "2021-02-24", 10.0), sale(2, "2022-02-23", 20.0)]
    moves += [sale(3, "2022-02-24", 60.0), sale(4, "2023-02-23", 30.0), sale(5, "2023-02-24", 500.0)]
    facts = gather(dossier(World(moves)))
    assert facts.history.jump[3] == pytest.approx(3.0)
    assert facts.history.events[facts.history.event[3]].day == days("2022-02-24")
    assert facts.history.event[0] == -1

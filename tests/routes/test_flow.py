"""The flow through corridors against a linear program and every cut there is."""

from __future__ import annotations

from itertools import chain, combinations, pairwise
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from diversion.routes.flow import FULL, Flow, Network, most, network
from diversion.routes.links import Days

Move = tuple[int, int]
"""Departed, arrived."""


def days(moves: list[Move], dwell: tuple[int, int] = (0, 5)) -> Days:
    left, came = (np.array([move[side] for move in moves], np.int64) for side in (0, 1))
    return Days(left, left, came, came, *dwell)


def net_of(corridors: list[list[list[int]]], when: Days) -> Network:
    hops = [[np.array(hop, np.int32) for hop in corridor] for corridor in corridors]
    return network(hops, when, np.ones(len(when.departed), bool))


def solved(corridors: list[list[list[int]]], moves: list[Move], amounts: list[float]) -> Flow:
    return most(net_of(corridors, days(moves)), np.array(amounts), np.ones(len(moves)))


def test_a_case_worked_by_hand() -> None:
    # 10 came by day 2 and 10 by day 8; 15 left on day 3, when only the first were there, and 4 on day 9.
    moves = [(0, 2), (6, 8), (3, 4), (9, 10)]
    found = solved([[[0, 1], [2, 3]]], moves, [10, 10, 15, 4])
    assert (found.amount, found.at_most, found.value, found.exact) == (14, 14, 14, True)
    assert found.cut == (0, 3)


def test_what_came_is_divided_once_and_gathered_again() -> None:
    # One delivery of 10 feeds two dispatches of 8, which one more gathers: 10 pass, not 16.
    moves = [(0, 0), (1, 1), (1, 1), (2, 2)]
    corridors = [[[0], [1], [3]], [[0], [2], [3]]]
    found = solved(corridors, moves, [10, 8, 8, 100])
    assert (found.amount, found.cut) == (10, (0,))


def test_unknown_amounts_bound_from_one_side_only() -> None:
    moves = [(0, 0), (0, 0), (1, 1), (1, 1)]
    nan = float("nan")
    partly = solved([[[0, 1], [2, 3]]], moves, [10, nan, 4, 20])
    assert (partly.amount, partly.at_most, partly.cut) == (10, 24, (2, 3))
    free = solved([[[0, 1], [2, 3]]], moves, [10, nan, 4, nan])
    assert (free.amount, free.at_most, free.cut) == (4, None, ())
    assert solved([[[0], [2]]], moves, [nan, 1, nan, 1]).at_most is None


def test_the_dearest_ends_are_filled_first() -> None:
    moves = [(0, 0), (1, 1), (1, 1)]
    net = net_of([[[0], [1, 2]]], days(moves))
    found = most(net, np.array([10.0, 8.0, 8.0]), np.array([0.0, 1.0, 5.0]))
    assert (found.amount, found.value) == (10, 8 * 5 + 2 * 1)


def test_fractions_are_exact_and_what_is_too_large_is_nearly_so() -> None:
    moves = [(0, 0), (1, 1)]
    found = solved([[[0], [1]]], moves, [12.345, 0.25])
    assert (found.amount, found.exact) == (0.25, True)
    large = solved([[[0], [1]]], moves, [4e12 + 1, 3e12])
    assert not large.exact
    assert large.amount == pytest.approx(3e12, rel=2e-9)
    assert solved([[[0], [1]]], moves, [FULL * 2.0, 1.0]).amount <= 1
    assert solved([[[0], [1]]], moves, [0.0, 0.0]).amount == 0


def random_case(seed: int) -> tuple[list[list[list[int]]], list[Move], list[float], list[float]]:
    dice = Random(seed)
    size = dice.randint(2, 9)
    moves = []
    for _ in range(size):
        left = dice.randrange(8)
        moves.append((left, left + dice.choice([0, 0, 1, 3])))
    corridors = []
    for _ in range(dice.randint(1, 3)):
        hops: list[list[int]] = [[] for _ in range(dice.randint(1, 4))]
        for e in dice.sample(range(size), dice.randint(1, size)):
            dice.choice(hops).append(e)
        if all(hops):
            corridors.append([sorted(hop) for hop in hops])
    amounts = [float(dice.choice([0, 1, 2, 3, 5, 0.5])) for _ in range(size)]
    return corridors or [[[0]]], moves, amounts, [float(dice.randint(0, 4)) for _ in range(size)]


def by_program(
    corridors: list[list[list[int]]], moves: list[Move], amounts: list[float], prices: list[float]
) -> tuple[float, float]:
    """Most goods, and most money of any flow, by linear programming over arcs found by the definition."""
    first = {e for c in corridors for e in c[0]}
    last = {e for c in corridors for e in c[-1]}
    arcs = {
        (e, f)
        for c in corridors
        for one, two in pairwise(c)
        for e in one
        for f in two
        if 0 <= moves[f][0] - moves[e][1] <= 5
    }
    flows = [*sorted(arcs), *((-1, e) for e in sorted(first)), *((e, -2) for e in sorted(last))]
    used = sorted({e for c in corridors for hop in c for e in hop})
    into = np.array([[float(b == e) for _, b in flows] for e in used])
    out = np.array([[float(a == e) for a, _ in flows] for e in used])
    ends = np.array([float(b == -2) for _, b in flows])
    worth = np.array([prices[a] if b == -2 else 0.0 for a, b in flows])
    limits = {
        "A_ub": into,
        "b_ub": [amounts[e] for e in used],
        "A_eq": into - out,
        "b_eq": np.zeros(len(used)),
    }
    return -linprog(-ends, **limits).fun, -linprog(-worth, **limits).fun


@pytest.mark.parametrize("seed", range(150))
def test_it_is_what_linear_programming_finds(seed: int) -> None:
    corridors, moves, amounts, prices = random_case(seed)
    goods, money = by_program(corridors, moves, amounts, prices)
    found = most(net_of(corridors, days(moves)), np.array(amounts), np.array(prices))
    assert found.amount == pytest.approx(goods)
    assert found.value == pytest.approx(money)


def carries(net: Network, without: set[int]) -> bool:
    """Whether goods can still pass with some transfers taken away."""
    rows = net.rows.tolist()
    open_ = {i for i, e in enumerate(rows) if e not in without}
    reached = {i for i in open_ if net.first[i]}
    while True:
        more = {j for i, j in zip(*net.arcs, strict=True) if i in reached and j in open_} - reached
        if not more:
            return any(net.last[i] for i in reached)
        reached |= more


@pytest.mark.parametrize("seed", range(100))
def test_the_cut_is_a_smallest_one(seed: int) -> None:
    corridors, moves, amounts, _ = random_case(seed)
    amounts = [amount + 1 for amount in amounts]
    net = net_of(corridors, days(moves))
    found = most(net, np.array(amounts), np.ones(len(moves)))
    every = chain.from_iterable(combinations(net.rows.tolist(), k) for k in range(len(net.rows) + 1))
    smallest = min(sum(amounts[e] for e in cut) for cut in every if not carries(net, set(cut)))
    assert found.amount == pytest.approx(smallest)
    assert sum(amounts[e] for e in found.cut) == pytest.approx(smallest)
    assert not carries(net, set(found.cut))


@pytest.mark.parametrize("seed", range(30))
def test_more_of_anything_never_lessens_it(seed: int) -> None:
    corridors, moves, amounts, _ = random_case(seed)
    dice, before = Random(seed), solved(corridors, moves, amounts)
    more = list(amounts)
    more[dice.randrange(len(more))] += 3
    assert solved(corridors, moves, more).amount >= before.amount
    wider = most(net_of(corridors, days(moves, (0, 9))), np.array(amounts), np.ones(len(moves)))
    assert wider.amount >= before.amount
    assert solved([*corridors, [[0]]], moves, amounts).amount >= before.amount
    narrow = network(
        [[np.array(hop, np.int32) for hop in corridor] for corridor in corridors],
        days(moves),
        np.array([e != 0 for e in range(len(moves))]),
    )
    assert most(narrow, np.array(amounts), np.ones(len(moves))).amount <= before.amount

"""Proofs: no holding of one can be spared, and no smaller set would do, by brute force over all subsets."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.parties.control import holds, over_time
from diversion.parties.layout import holdings_of
from diversion.parties.proof import Proof, Prover
from diversion.parties.smallest import Case, Link, smallest
from diversion.parties.stakes import stakes_of
from diversion.policy.model import FIRST_DAY, LAST_DAY, Period
from tests.parties.test_control import period
from tests.parties.worlds import holding_frame

PARTIES = np.array(["A", "B", "C", "D", "E", "X", "Y"], dtype=object)
ALWAYS = ((FIRST_DAY, LAST_DAY),)
SEEDS = {5: ALWAYS, 6: ALWAYS}
DAY = 19_000
Row = tuple[str, str, float, float, str]
RULES = [period(), period("uk-ownership-control"), period("eu-ownership")]
SHARES = st.sampled_from([5.0, 10.0, 20.0, 25.0, 30.0, 50.0, 51.0, 75.0])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(PARTIES.tolist()), st.sampled_from(PARTIES[:5].tolist()), SHARES, SHARES,
        st.sampled_from(["shares", "shares", "votes"]),
    ).map(lambda r: (r[0], r[1], min(r[2], r[3]), max(r[2], r[3]), r[4])),
    max_size=11,
)  # fmt: skip


def restricted(rows: list[Row], rule: Period, upper: bool) -> tuple[set[int], Prover]:
    frame = holding_frame(
        [{"owner": o, "owned": c, "share_min": a, "share_max": b, "kind": k} for o, c, a, b, k in rows]
    )
    holdings = holdings_of(frame, PARTIES, control=rule.control)
    held = over_time(stakes_of(holdings, count_votes=rule.control), SEEDS, rule, upper=upper)
    prover = Prover(holdings, SEEDS, held, rule, upper=upper)
    return {party for party, spans in held.items() if holds(spans, DAY)}, prover


def proved(rows: list[Row], rule: Period, upper: bool, company: int) -> tuple[Proof, list[Row]]:
    found, prover = restricted(rows, rule, upper)
    assert company in found
    proof = prover.prove(company, DAY)
    others = [row for row in rows if row[0] != row[1]]
    return proof, [others[s.place] for s in proof.statements]


@settings(max_examples=150, deadline=None)
@given(ROWS, st.sampled_from(RULES), st.booleans())
def test_no_holding_can_be_spared_and_no_smaller_set_would_do(
    rows: list[Row], rule: Period, upper: bool
) -> None:
    for company in sorted(restricted(rows, rule, upper)[0] - SEEDS.keys()):
        proof, taken = proved(rows, rule, upper, company)
        assert company in restricted(taken, rule, upper)[0]
        for at in range(len(taken)):
            assert company not in restricted(taken[:at] + taken[at + 1 :], rule, upper)[0]
        if proof.smallest and not upper:
            others = [row for row in rows if row[0] != row[1]]
            fewer = combinations(others, len(taken) - 1)
            assert not any(company in restricted(list(some), rule, upper)[0] for some in fewer)


def exactly(owner: str, owned: str, share: float) -> Row:
    return owner, owned, share, share, "shares"


def test_the_largest_holdings_are_not_always_the_fewest() -> None:
    """A, with the largest share, is itself held by two; B and D, with less, by one each."""
    few = [exactly("B", "C", 25), exactly("D", "C", 25), exactly("X", "B", 50), exactly("Y", "D", 50)]
    many = [exactly("A", "C", 30), exactly("X", "A", 25), exactly("Y", "A", 25)]
    proof, taken = proved([*many, *few], period(), False, 2)
    assert proof.smallest
    assert sorted(taken) == sorted(few)


def test_a_company_needed_twice_is_proved_once() -> None:
    rows = [exactly("X", "A", 50), exactly("A", "B", 30), exactly("A", "C", 20), exactly("B", "D", 25)]
    rows += [exactly("X", "B", 20), exactly("A", "D", 25)]
    proof, taken = proved(rows, period(), False, 3)
    assert proof.smallest and len(taken) == 5
    assert proof.seeds == [5]


def test_of_several_statements_about_a_pair_one_is_enough() -> None:
    rows = [exactly("X", "A", 60), exactly("X", "A", 55), ("X", "A", 80, 80, "votes")]
    assert proved(rows, period(), False, 0)[1] == [exactly("X", "A", 60)]
    assert len(proved(rows, period("eu-ownership"), False, 0)[1]) == 1


@pytest.mark.parametrize("steps", [0, 3])
def test_a_search_that_is_cut_short_says_so(steps: int) -> None:
    links = {0: tuple(Link(20, -at, at, at) for at in range(1, 9))}
    links |= {at: (Link(60, 0, 20 + at, 100 + at),) for at in range(1, 9)}
    links |= {20 + at: (Link(60, 0, 50, 200 + at),) for at in range(1, 9)}
    case = Case(links, frozenset({50}), 50, True)
    taken, exact = smallest(case, 0, steps)
    assert not exact and sum(map(len, taken.values())) == 9
    assert smallest(case, 0)[1]

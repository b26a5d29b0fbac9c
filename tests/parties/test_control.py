"""Ownership rules: OFAC's own examples, the textbook mistakes, and a brute force written apart."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.parties.control import holds, over_time
from diversion.parties.layout import holdings_of
from diversion.parties.matching import match_listings
from diversion.parties.resolve import resolve
from diversion.parties.restricted import restrict
from diversion.parties.shares import Holdings
from diversion.parties.stakes import stakes_of
from diversion.policy.model import FIRST_DAY, LAST_DAY, Period
from diversion.policy.policy import load
from tests.parties.worlds import holding_frame, listing_table, located_frame, party_table

DAY = 19_000
Stated = tuple[str, str, float | None, float | None]


def period(rule: str = "ofac-50", day: date = date(2025, 10, 1)) -> Period:
    found = load().rule(rule)
    assert found is not None
    on = found.on(day)
    assert on is not None
    return on


def judged(
    stated: list[Stated], seeds: set[str], rule: Period, unsure: frozenset[str] = frozenset()
) -> dict[str, str]:
    frame = holding_frame(
        [{"owner": o, "owned": c, "share_min": low, "share_max": high} for o, c, low, high in stated]
    )
    parties = np.array(sorted({*frame["owner"], *frame["owned"], *seeds, *unsure}), dtype=object)
    holdings = holdings_of(frame, parties, control=rule.control)
    lower = over_time(
        stakes_of(holdings, count_votes=rule.control), always(parties, seeds), rule, upper=False
    )
    upper = over_time(
        stakes_of(holdings, count_votes=rule.control), always(parties, seeds | unsure), rule, upper=True
    )
    return {str(party): word(lower, upper, place) for place, party in enumerate(parties)}


Spans = dict[int, tuple[tuple[int, int], ...]]


def always(parties: npt.NDArray[np.object_], seeds: Iterable[str]) -> Spans:
    chosen = set(seeds)
    return {n: ((FIRST_DAY, LAST_DAY),) for n, party in enumerate(parties.tolist()) if party in chosen}


def word(lower: Spans, upper: Spans, party: int) -> str:
    if holds(lower.get(party, ()), DAY):
        return "yes"
    return "undetermined" if holds(upper.get(party, ()), DAY) else "no"


def exactly(owner: str, owned: str, share: float) -> Stated:
    return owner, owned, share, share


def test_every_example_of_ofac_faq_401(shared_data: Path) -> None:
    folder = shared_data / "ownership/ofac_faq401"
    stakes: dict[str, list[Stated]] = defaultdict(list)
    with (folder / "faq401_vectors.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            stakes[row["example"]].append(exactly(row["owner"], row["owned"], float(row["percent"])))
    with (folder / "faq401_expected.csv").open(encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    assert len(expected) == 13
    for row in expected:
        assert told(stakes[row["example"]], row["entity"]) == row["blocked"], row


def told(stated: list[Stated], entity: str) -> str:
    """The verdict of `ofac-50` as the `party` command tells it, where a list names party X."""
    policy = load()
    ids = sorted({party for owner, owned, *_ in stated for party in (owner, owned)})
    directory = resolve(
        party_table([{"id": i, "name": f"{i} company", "country": "AE"} for i in ids]), policy
    )
    entries = listing_table([{"id": "L1", "name": "X", "party_id": "X", "listed_on": date(2014, 8, 13)}])
    held = holding_frame(
        [{"owner": o, "owned": c, "share_min": low, "share_max": high} for o, c, low, high in stated]
    )
    matched = match_listings(directory, entries, located_frame([]), policy)
    frame = entries.to_pandas(date_as_object=True)
    found = restrict(directory, held, located_frame([]), frame, matched, policy)
    by_rule = {one["rule"]: one for one in found.verdicts(entity, date(2025, 1, 1))}
    assert bool(by_rule["ofac-50"]["proof"]) == (by_rule["ofac-50"]["verdict"] == "yes")
    return str(by_rule["ofac-50"]["verdict"])


def test_percentages_are_not_multiplied_down_the_chain() -> None:
    found = judged([exactly("X", "A", 50), exactly("A", "B", 50)], {"X"}, period())
    assert found["B"] == "yes"


def test_owners_add_up_where_the_regime_says_so() -> None:
    stakes = [exactly("X", "A", 30), exactly("Y", "A", 20)]
    assert judged(stakes, {"X", "Y"}, period())["A"] == "yes"
    assert judged(stakes, {"X", "Y"}, period("uk-ownership-control"))["A"] == "no"
    assert (
        judged([exactly("X", "A", 30), exactly("Y", "A", 30)], {"X", "Y"}, period("uk-ownership-control"))[
            "A"
        ]
        == "no"
    )


@pytest.mark.parametrize(
    ("rule", "day", "verdict"),
    [
        ("ofac-50", date(2025, 10, 1), "yes"),
        ("bis-affiliates", date(2025, 10, 1), "yes"),
        ("eu-ownership", date(2024, 7, 2), "no"),
        ("eu-ownership", date(2024, 7, 3), "yes"),
        ("uk-ownership-control", date(2025, 1, 1), "no"),
    ],
)
def test_exactly_fifty_is_enough_for_some(rule: str, day: date, verdict: str) -> None:
    assert judged([exactly("X", "A", 50)], {"X"}, period(rule, day))["A"] == verdict


@pytest.mark.parametrize(
    ("low", "high", "ofac", "uk"),
    [
        (25, 50, "undetermined", "no"),
        (50, 75, "yes", "undetermined"),
        (None, None, "undetermined", "undetermined"),
        (0, 49.9, "no", "no"),
        (50.1, None, "yes", "yes"),
    ],
)
def test_bands_that_straddle_the_threshold(low: float | None, high: float | None, ofac: str, uk: str) -> None:
    stakes: list[Stated] = [("X", "A", low, high)]
    assert judged(stakes, {"X"}, period())["A"] == ofac
    assert judged(stakes, {"X"}, period("uk-ownership-control"))["A"] == uk


def test_an_unsure_owner_leaves_it_undetermined() -> None:
    found = judged([exactly("X", "A", 30), exactly("Y", "A", 30)], {"X"}, period(), frozenset({"Y"}))
    assert found["A"] == "undetermined"


def test_two_statements_of_one_owner_are_at_least_the_larger_and_at_most_their_sum() -> None:
    assert judged([exactly("X", "A", 30), exactly("X", "A", 30)], {"X"}, period())["A"] == "undetermined"
    assert judged([exactly("X", "A", 20), exactly("X", "A", 20)], {"X"}, period())["A"] == "no"
    assert judged([exactly("X", "A", 60), exactly("X", "A", 60)], {"X"}, period())["A"] == "yes"


def test_circles_restrict_nobody_by_themselves() -> None:
    circle = [exactly("A", "B", 60), exactly("B", "A", 60), exactly("A", "A", 40)]
    assert judged(circle, {"X"}, period()) == {"A": "no", "B": "no", "X": "yes"}
    found = judged([*circle, exactly("X", "A", 50)], {"X"}, period())
    assert found == {"A": "yes", "B": "yes", "X": "yes"}


def test_votes_alone_leave_ownership_open_and_count_where_control_does() -> None:
    frame = holding_frame([{"owner": "X", "owned": "A", "share_min": 80, "share_max": 80, "kind": "votes"}])
    parties = np.array(["A", "X"], dtype=object)
    holdings = holdings_of(frame, parties)
    for rule, verdict in (("ofac-50", "undetermined"), ("uk-ownership-control", "yes")):
        stakes = stakes_of(holdings, count_votes=period(rule).control)
        lower = over_time(stakes, always(parties, "X"), period(rule), upper=False)
        upper = over_time(stakes, always(parties, "X"), period(rule), upper=True)
        assert word(lower, upper, 0) == verdict


PARTIES = ["A", "B", "C", "D", "E", "X", "Y"]
SHARES = st.sampled_from([0.0, 10.0, 16.7, 25.0, 33.3, 49.0, 50.0, 51.0, 75.0, 100.0])
STAKES = st.lists(
    st.tuples(st.sampled_from(PARTIES), st.sampled_from(PARTIES[:5]), SHARES, SHARES).map(
        lambda s: (s[0], s[1], min(s[2], s[3]), max(s[2], s[3]))
    ),
    max_size=14,
)
RULES = [period(), period("uk-ownership-control"), period("eu-ownership", date(2024, 1, 1))]


def brute(stated: list[tuple[str, str, float, float]], seeds: set[str], rule: Period, side: int) -> set[str]:
    """Grow the restricted set by plain rounds over a dictionary, from the definition."""
    pooled: dict[tuple[str, str], float] = {}
    for owner, owned, low, high in stated:
        if owner == owned:
            continue
        before = pooled.get((owner, owned), 0.0)
        pooled[owner, owned] = max(before, low) if side == 0 else min(100.0, before + high)
    restricted = set(seeds)
    for _ in PARTIES:
        for company in PARTIES:
            mine = [share for (o, c), share in pooled.items() if c == company and o in restricted]
            total = (sum(mine) if rule.aggregate else max(mine)) if mine else 0.0
            if mine and (total > rule.threshold + 1e-9 if rule.strict else total >= rule.threshold - 1e-9):
                restricted.add(company)
    return restricted


@settings(max_examples=120, deadline=None)
@given(STAKES, st.sets(st.sampled_from(["X", "Y", "A"]), min_size=1), st.sampled_from(RULES))
def test_the_engine_agrees_with_brute_force(
    stated: list[tuple[str, str, float, float]], seeds: set[str], rule: Period
) -> None:
    found = judged(list(stated), seeds, rule)
    lower, upper = brute(stated, seeds, rule, 0), brute(stated, seeds, rule, 1)
    for party, verdict in found.items():
        assert verdict == ("yes" if party in lower else "undetermined" if party in upper else "no")


RANK = {"no": 0, "undetermined": 1, "yes": 2}


@settings(max_examples=80, deadline=None)
@given(STAKES.filter(bool), st.data(), st.sampled_from(RULES))
def test_raising_a_stake_never_lifts_a_restriction(
    stated: list[tuple[str, str, float, float]], data: st.DataObject, rule: Period
) -> None:
    place = data.draw(st.integers(0, len(stated) - 1))
    owner, owned, low, high = stated[place]
    more = data.draw(st.floats(0, 50))
    raised = [*stated]
    raised[place] = (owner, owned, min(100, low + more), min(100, high + more))
    before, after = judged(list(stated), {"X", "Y"}, rule), judged(list(raised), {"X", "Y"}, rule)
    assert all(RANK[after[party]] >= RANK[verdict] for party, verdict in before.items())


DAYS = st.integers(0, 30)
DATED = st.lists(
    st.tuples(st.sampled_from(PARTIES), st.sampled_from(PARTIES[:5]), SHARES, SHARES, DAYS, DAYS), max_size=12
)


def dated(rows: list[tuple[str, str, float, float, int, int]]) -> Holdings:
    frame = holding_frame(
        [
            {
                "owner": o,
                "owned": c,
                "share_min": min(a, b),
                "share_max": max(a, b),
                "from": None if f % 7 == 0 else pd.Timestamp(f, unit="D").date(),
                "until": None if u % 5 == 0 else pd.Timestamp(u, unit="D").date(),
            }
            for o, c, a, b, f, u in rows
        ]
    )
    return holdings_of(frame, np.array(PARTIES, dtype=object))


@settings(max_examples=80, deadline=None)
@given(DATED, st.sampled_from(RULES), DAYS, DAYS, st.booleans())
def test_over_time_says_on_each_day_what_that_day_says(
    rows: list[tuple[str, str, float, float, int, int]], rule: Period, begin: int, end: int, upper: bool
) -> None:
    holdings = dated(rows)
    x, y = PARTIES.index("X"), PARTIES.index("Y")
    seeds = {x: ((min(begin, end), max(begin, end) + 1),), y: ((FIRST_DAY, LAST_DAY),)}
    held = over_time(stakes_of(holdings, count_votes=rule.control), seeds, rule, upper=upper)
    for day in (-5, *range(0, 32, 3), begin, end, end + 1, 40):
        live = [
            (o, c, min(a, b), max(a, b))
            for o, c, a, b, since, until in rows
            if (since % 7 == 0 or since <= day) and (until % 5 == 0 or day < until)
        ]
        seeded = {PARTIES[party] for party, spans in seeds.items() if holds(spans, day)}
        expected = brute(live, seeded, rule, int(upper))
        assert {PARTIES[party] for party, spans in held.items() if holds(spans, day)} == expected

"""Who is restricted on which day, by which rule, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.parties.control import holds
from diversion.parties.matching import match_listings
from diversion.parties.resolve import resolve
from diversion.parties.restricted import Cargo, Restrictions, restrict
from diversion.parties.shares import with_control
from diversion.parties.verdicts import rules
from diversion.policy.model import EFFECTS, day_number
from diversion.policy.policy import Policy, load
from tests.parties.worlds import Row, holding_frame, listing_table, located_frame, party_table, table

LISTED = date(2022, 4, 8)
RULES = [
    "listed",
    "ofac-50",
    "bis-affiliates",
    "eu-ownership",
    "eu-sectoral-ownership",
    "eu-terrorism-ownership",
    "uk-ownership-control",
    "address",
    "destination",
]


def case(
    parties: Sequence[Row],
    listings: Sequence[Row],
    holdings: Sequence[Row] = (),
    located: Sequence[Row] = (),
    controls: Sequence[Row] = (),
    policy: Policy | None = None,
) -> Restrictions:
    policy = policy or load()
    directory = resolve(party_table(parties), policy)
    entries = listing_table(listings)
    places = located_frame(located)
    held = holding_frame(holdings)
    if controls:
        stated = [{"source": "src", "id": f"c{n}", "by": "board", **row} for n, row in enumerate(controls)]
        held = with_control(held, table("CONTROLS", stated).to_pandas(date_as_object=True))
    matched = match_listings(directory, entries, places, policy)
    frame = entries.to_pandas(date_as_object=True)
    return restrict(directory, held, places, frame, matched, policy)


def verdict(found: Restrictions, party: str, day: date, rule: str) -> dict[str, Any]:
    told = found.verdicts(party, day)
    assert [one["rule"] for one in told] == RULES
    return next(one for one in told if one["rule"] == rule)


VOLGA = {"id": "C-1", "name": "OOO Volga Instruments", "country": "AE"}
PROMTEKH = {"id": "C-2", "name": "Promtekh AO", "country": "RU"}
ENTRY = {"id": "L1", "name": "Promtekh AO", "country": "RU", "countries": ["RU"], "listed_on": LISTED}


def test_a_listed_party_is_restricted_from_its_day_on_and_not_after_its_last() -> None:
    found = case([PROMTEKH], [{**ENTRY, "removed_on": date(2023, 1, 1)}])
    for day, expected in (
        (date(2022, 4, 7), "no"),
        (LISTED, "yes"),
        (date(2022, 12, 31), "yes"),
        (date(2023, 1, 1), "no"),
    ):
        assert verdict(found, "C-2", day, "listed")["verdict"] == expected
    told = verdict(found, "C-2", LISTED, "listed")
    assert (told["since"], told["until"]) == ("2022-04-08", "2023-01-01")
    assert "SDN" in told["reason"] and "8 Apr 2022" in told["reason"]


def test_an_undated_entry_is_sure_from_the_first_snapshot_on_and_undetermined_before() -> None:
    found = case([PROMTEKH], [{**ENTRY, "listed_on": None, "first_seen": date(2022, 5, 1)}])
    assert verdict(found, "C-2", date(2022, 4, 30), "listed")["verdict"] == "undetermined"
    assert verdict(found, "C-2", date(2022, 4, 30), "listed")["decided_by"]
    assert verdict(found, "C-2", date(2022, 5, 1), "listed")["verdict"] == "yes"


def test_a_company_held_by_a_listed_one_with_its_proof() -> None:
    held = {"owner": "C-2", "owned": "C-1", "share_min": 62, "share_max": 62, "from": date(2023, 1, 1)}
    found = case([VOLGA, PROMTEKH], [ENTRY], [held])
    assert verdict(found, "C-1", date(2022, 12, 31), "ofac-50")["verdict"] == "no"
    told = verdict(found, "C-1", date(2023, 1, 1), "ofac-50")
    assert (told["verdict"], told["since"], told["effect"]) == ("yes", "2023-01-01", "blocking")
    assert told["proof"] == [
        {
            "owner": "C-2",
            "owned": "C-1",
            "share_min": 62.0,
            "share_max": 62.0,
            "from": "2023-01-01",
            "until": None,
            "source": "src",
            "kind": "shares",
            "by": None,
        }
    ]
    assert "Promtekh AO 62 %" in told["reason"]
    why = found.why("C-1", day_number(date(2023, 6, 1)), "AE")
    assert why is not None and (why.rule, why.verdict, len(why.proof)) == ("ofac-50", "yes", 1)
    assert found.why("C-1", date(2022, 12, 31), "AE") is None


def test_the_bis_rule_holds_only_in_its_periods_and_its_return_must_be_verified() -> None:
    entry = {**ENTRY, "authority": "US BIS", "programme": "Entity List"}
    found = case(
        [VOLGA, PROMTEKH], [entry], [{"owner": "C-2", "owned": "C-1", "share_min": 50, "share_max": 50}]
    )
    for day, expected in (
        (date(2025, 9, 28), "no"),
        (date(2025, 9, 29), "yes"),
        (date(2025, 11, 9), "yes"),
        (date(2025, 11, 10), "no"),
        (date(2026, 11, 10), "undetermined"),
    ):
        assert verdict(found, "C-1", day, "bis-affiliates")["verdict"] == expected
    ended = verdict(found, "C-1", date(2026, 1, 1), "bis-affiliates")["reason"]
    assert "10 Nov 2025" in ended and "10 Nov 2026" in ended
    assert verdict(found, "C-1", date(2025, 10, 1), "ofac-50")["verdict"] == "no"
    assert verdict(found, "C-1", date(2025, 10, 1), "bis-affiliates")["effect"] == "licence"


def test_a_statement_requirement_is_a_fact_and_no_end() -> None:
    there = {"country": "AE", "countries": ["AE"], "authority": "US BIS", "programme": "Unverified"}
    found = case([{**PROMTEKH, "country": "AE"}], [{**ENTRY, **there}])
    told = verdict(found, "C-2", LISTED, "listed")
    assert (told["verdict"], told["effect"]) == ("yes", "statement")
    assert not asked(found, ["C-2"], [LISTED]).any()
    assert found.why("C-2", LISTED, "AE") is None


def asked(found: Restrictions, parties: list[str], days: list[date], verdict: Any = "yes") -> Any:
    ids = np.array(sorted(set(parties)), dtype=object)
    places = np.array([ids.tolist().index(p) for p in parties], dtype=np.int32)
    numbers = np.array([day_number(day) for day in days], dtype=np.int32)
    return found.on(ids, places, numbers, verdict)


def test_the_destination_restricts_by_the_day_of_its_rule() -> None:
    parties = [
        {"id": "RU1", "name": "Sever", "country": "RU"},
        {"id": "AE1", "name": "Dune", "country": "AE"},
    ]
    found = case(parties, [])
    days = [date(2022, 2, 23), date(2022, 2, 24)]
    assert asked(found, ["RU1", "RU1"], days).tolist() == [False, True]
    assert asked(found, ["AE1", "AE1"], days).tolist() == [False, False]
    assert verdict(found, "RU1", days[1], "destination")["verdict"] == "yes"
    assert verdict(found, "RU1", days[0], "destination")["verdict"] == "no"
    why = found.why("RU1", days[1], "RU")
    assert why is not None and (why.rule, why.since) == ("destination", "2022-02-24")
    assert found.why("AE1", days[1], "RU") is not None


def cargo(codes: list[str], relabel: bool, countries: list[str | None] | None = None) -> Cargo:
    hs6 = np.array(sorted(set(codes)), dtype=object)
    items = np.array([hs6.tolist().index(code) for code in codes], dtype=np.int32)
    return Cargo(items, hs6, relabel, None if countries is None else np.array(countries, dtype=object))


def on_day(found: Restrictions, parties: list[str], day: date, carried: Cargo) -> list[bool]:
    ids = np.array(sorted(set(parties)), dtype=object)
    places = np.array([ids.tolist().index(p) for p in parties], dtype=np.int32)
    days = np.full(len(parties), day_number(day), dtype=np.int32)
    on: list[bool] = found.on(ids, places, days, "yes", carried).tolist()
    return on


PLACES = [
    {"id": "RU1", "name": "Sever", "country": "RU"},
    {"id": "IR1", "name": "Alborz", "country": "IR"},
    {"id": "AE1", "name": "Dune", "country": "AE"},
    {"id": "XX1", "name": "Nowhere"},
]


def test_a_destination_restricts_the_goods_of_its_embargo_alone() -> None:
    found, day = case(PLACES, []), date(2023, 5, 1)
    # 854231 is on the list, 854290 only shares its heading with codes that are, 940360 shares nothing.
    codes = ["854231", "854290", "940360"]
    assert not {"854290", "940360"} & (load().codes("CHPL") or set())
    assert on_day(found, ["RU1"] * 3, day, cargo(codes, False)) == [True, False, False]
    assert on_day(found, ["RU1"] * 3, day, cargo(codes, True)) == [True, True, False]
    assert on_day(found, ["IR1"] * 3, day, cargo(codes, False)) == [True, True, True]
    assert on_day(found, ["AE1"] * 3, day, cargo(codes, True)) == [False, False, False]


def test_the_country_of_the_record_comes_before_that_of_the_party() -> None:
    found, day = case(PLACES, []), date(2023, 5, 1)
    parties = ["AE1", "AE1", "AE1", "XX1", "RU1", "RU1"]
    said = ["RU", "IR", None, "RU", "AE", None]
    for codes, expected in (
        (["854231"] * 6, [True, True, False, True, False, True]),
        (["940360"] * 6, [False, True, False, False, False, False]),
    ):
        assert on_day(found, parties, day, cargo(codes, True, said)) == expected
    before = on_day(found, parties, date(2022, 2, 23), cargo(["854231"] * 6, True, said))
    assert before == [False, True, False, False, False, False]


def test_a_party_that_a_list_names_is_restricted_whatever_the_goods() -> None:
    found = case([{**PROMTEKH, "country": "AE"}], [{**ENTRY, "party_id": "C-2"}])
    assert on_day(found, ["C-2"], LISTED, cargo(["940360"], False, ["AE"])) == [True]


def test_the_destination_names_the_goods_of_its_embargo() -> None:
    found, day = case(PLACES, []), date(2023, 5, 1)
    assert verdict(found, "RU1", day, "destination")["reason"].startswith("goods of the list CHPL need")
    assert verdict(found, "IR1", day, "destination")["reason"].startswith("all goods need a licence to IR")


def test_the_rules_are_those_that_give_a_verdict() -> None:
    assert list(rules(load())) == RULES


def test_syria_since_its_licence_exception_is_undetermined() -> None:
    found = case([{"id": "SY1", "name": "Sham", "country": "SY"}], [])
    days = [date(2025, 9, 1), date(2025, 9, 2)]
    assert asked(found, ["SY1", "SY1"], days).tolist() == [True, False]
    assert asked(found, ["SY1", "SY1"], days, "undetermined").tolist() == [False, True]


def test_an_address_that_is_listed_restricts_who_is_there_while_there() -> None:
    entry = {
        "id": "L9",
        "name": None,
        "address": "Room 1204, 12/F, Hung Fat Building, Hong Kong",
        "addresses": ["Room 1204, 12/F, Hung Fat Building, Hong Kong"],
        "country": "HK",
        "authority": "US BIS",
        "programme": "Entity List",
        "listed_on": date(2024, 6, 12),
    }
    place = {
        "party": "H1",
        "address": "A-1",
        "text": "RM 1204 12/F Hung Fat Bldg. Hong Kong",
        "country": "HK",
        "until": date(2025, 1, 1),
    }
    found = case([{"id": "H1", "name": "Dragon", "country": "HK"}], [entry], located=[place])
    for day, expected in ((date(2024, 6, 11), "no"), (date(2024, 6, 12), "yes"), (date(2025, 1, 1), "no")):
        assert verdict(found, "H1", day, "address")["verdict"] == expected
        assert verdict(found, "H1", day, "listed")["verdict"] == "no"


def test_a_match_that_is_not_certain_is_undetermined_with_its_confidence() -> None:
    found = case([{**PROMTEKH, "country": "AE"}], [ENTRY])
    told = verdict(found, "C-2", LISTED, "listed")
    assert told["verdict"] == "undetermined" and 0.8 <= told["confidence"] < 0.9
    assert told["decided_by"]
    assert asked(found, ["C-2"], [LISTED], "undetermined").all()
    why = found.why("C-2", LISTED, "AE")
    assert why is not None and why.verdict == "undetermined"


def test_stated_control_counts_where_the_regime_counts_it() -> None:
    for authority, rule, expected in (
        ("UK", "uk-ownership-control", "yes"),
        ("EU", "eu-ownership", "yes"),
        ("US OFAC", "ofac-50", "no"),
    ):
        entry = {**ENTRY, "authority": authority, "programme": "Russia"}
        found = case([VOLGA, PROMTEKH], [entry], controls=[{"controller": "C-2", "controlled": "C-1"}])
        assert verdict(found, "C-1", date(2025, 1, 1), rule)["verdict"] == expected


def test_an_entry_that_names_a_party_by_id_concerns_that_party_alone() -> None:
    twin = {"id": "C-3", "name": "Promtekh AO", "country": "RU"}
    found = case([{**PROMTEKH, "country": "AE"}, twin], [{**ENTRY, "party_id": "C-2"}])
    assert verdict(found, "C-2", LISTED, "listed")["verdict"] == "yes"
    assert verdict(found, "C-3", LISTED, "listed")["verdict"] == "no"


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_that_the_entry_states_wins(effect: str) -> None:
    found = case([PROMTEKH], [{**ENTRY, "effect": effect}])
    assert verdict(found, "C-2", LISTED, "listed")["effect"] == effect
    reason = found.why("C-2", LISTED, "AE")
    assert (reason is not None and reason.rule == "listed") == (effect in load().ends)


def test_on_agrees_with_the_table_day_by_day() -> None:
    parties = [{"id": f"P{n}", "name": f"Firm{n} Holding", "country": "AE"} for n in range(6)]
    listings = [
        {**ENTRY, "id": f"L{n}", "party_id": f"P{n}", "listed_on": date(2023, 1, 1 + n)} for n in range(2)
    ]
    holdings = [
        {"owner": "P0", "owned": "P2", "share_min": 30, "share_max": 30},
        {"owner": "P1", "owned": "P2", "share_min": 20, "share_max": 25, "until": date(2023, 3, 1)},
        {"owner": "P2", "owned": "P3", "share_min": 25, "share_max": 50},
        {"owner": "P3", "owned": "P4", "share_min": 100, "share_max": 100},
    ]
    found = case(parties, listings, holdings)
    days = [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2), date(2023, 2, 28), date(2023, 3, 1)]
    expected = {
        "P2": ["no", "no", "yes", "yes", "no"],
        "P3": ["no", "no", "undetermined", "undetermined", "no"],
        "P4": ["no", "no", "undetermined", "undetermined", "no"],
        "P5": ["no"] * 5,
    }
    for party, verdicts in expected.items():
        assert [verdict(found, party, day, "ofac-50")["verdict"] for day in days] == verdicts
        for asked_for in ("yes", "undetermined"):
            on = asked(found, [party] * 5, days, asked_for).tolist()
            assert on == [one == asked_for for one in verdicts]


def test_a_proof_suffices_and_each_part_is_needed() -> None:
    parties = [{"id": f"P{n}", "name": f"Firm{n} Holding", "country": "AE"} for n in range(5)]
    holdings = [
        {"owner": "P0", "owned": "P1", "share_min": 50, "share_max": 50},
        {"owner": "P0", "owned": "P2", "share_min": 10, "share_max": 10},
        {"owner": "P1", "owned": "P2", "share_min": 40, "share_max": 40},
        {"owner": "P4", "owned": "P2", "share_min": 50, "share_max": 50},
        {"owner": "P2", "owned": "P1", "share_min": 50, "share_max": 50},
    ]
    found = case(parties, [{**ENTRY, "party_id": "P0"}], holdings)
    told = verdict(found, "P2", date(2024, 1, 1), "ofac-50")
    assert {(h["owner"], h["owned"]) for h in told["proof"]} == {("P0", "P2"), ("P1", "P2"), ("P0", "P1")}
    for left_out in told["proof"]:
        fewer = [h for h in told["proof"] if h is not left_out]
        again = case(parties, [{**ENTRY, "party_id": "P0"}], fewer)
        assert verdict(again, "P2", date(2024, 1, 1), "ofac-50")["verdict"] == "no"


@pytest.mark.parametrize("rule", ["address", "listed"])
def test_no_reason_no_verdict(rule: str) -> None:
    found = case([VOLGA], [])
    assert verdict(found, "C-1", LISTED, rule)["verdict"] == "no"
    assert len(found.table) == 0
    assert not holds((), 0)


def test_every_entry_of_the_real_list_has_a_meaning(shared_data: Path) -> None:
    from diversion.parties.listed import meanings
    from tests.parties.worlds import real_listings

    frame = real_listings(shared_data).to_pandas(date_as_object=True)
    found = meanings(frame, load())
    assert found["effect"].notna().all()
    by_code = found.groupby(frame["programme"].to_numpy())["effect"].unique().map(list)
    assert by_code["UVL"] == ["statement"] and by_code["EL"] == ["licence"] and by_code["SDN"] == ["blocking"]


def test_a_circle_does_not_prove_itself() -> None:
    parties = [{"id": f"P{n}", "name": f"Firm{n} Holding", "country": "AE"} for n in range(3)]
    holdings = [
        {"owner": "P0", "owned": "P1", "share_min": 50, "share_max": 50},
        {"owner": "P2", "owned": "P1", "share_min": 60, "share_max": 60},
        {"owner": "P1", "owned": "P2", "share_min": 100, "share_max": 100},
    ]
    found = case(parties, [{**ENTRY, "party_id": "P0"}], holdings)
    for party, expected in (("P1", [("P0", "P1")]), ("P2", [("P1", "P2"), ("P0", "P1")])):
        told = verdict(found, party, date(2024, 1, 1), "ofac-50")
        assert [(h["owner"], h["owned"]) for h in told["proof"]] == expected


def test_the_proof_is_that_of_the_day_asked_about() -> None:
    parties = [{"id": f"P{n}", "name": f"Firm{n} Holding", "country": "AE"} for n in range(3)]
    change = date(2024, 6, 1)
    holdings = [
        {"owner": "P0", "owned": "P1", "share_min": 60, "share_max": 60, "until": change},
        {"owner": "P2", "owned": "P1", "share_min": 70, "share_max": 70, "from": change},
    ]
    listings = [{**ENTRY, "id": place, "party_id": place} for place in ("P0", "P2")]
    found = case(parties, listings, holdings)
    for day, owner in ((date(2024, 5, 31), "P0"), (change, "P2")):
        assert [h["owner"] for h in verdict(found, "P1", day, "ofac-50")["proof"]] == [owner]
        why = found.why("P1", day)
        assert why is not None and [h.owner for h in why.proof] == [owner]


@pytest.mark.parametrize(
    ("rule", "authority", "programme", "change"),
    [
        ("ofac-50", "US OFAC", "SDN", date(2014, 8, 13)),
        ("eu-ownership", "EU", "", date(2024, 7, 3)),
        ("uk-ownership-control", "UK", "", date(2020, 12, 31)),
    ],
)
def test_a_rule_that_changes_and_says_the_same_begins_and_ends_nothing(
    rule: str, authority: str, programme: str, change: date
) -> None:
    parties = [{"id": f"P{n}", "name": f"Firm{n} Holding", "country": "AE"} for n in range(2)]
    listed, sold = date(2019, 1, 1) if rule.startswith("uk") else date(2012, 1, 1), date(2025, 1, 1)
    entry = {**ENTRY, "party_id": "P0", "authority": authority, "programme": programme, "listed_on": listed}
    held = {"owner": "P0", "owned": "P1", "share_min": 60, "share_max": 60, "until": sold}
    found = case(parties, [entry], [held])
    before, after = (verdict(found, "P1", on, rule) for on in (change - timedelta(days=1), change))
    for told in (before, after):
        assert (told["verdict"], told["since"], told["until"]) == ("yes", str(listed), str(sold))
        assert len(told["proof"]) == 1
    why = found.why("P1", change)
    assert why is not None and why.since == str(listed)


@settings(max_examples=15, deadline=None)
@given(
    cuts=st.sets(st.integers(1, 30), max_size=4),
    listed=st.sets(st.integers(0, 30), min_size=1, max_size=3),
    shares=st.lists(st.integers(0, 9).map(lambda tenth: tenth * 10), min_size=3, max_size=3),
)
def test_where_a_rule_is_cut_into_periods_changes_no_verdict_and_no_day(
    cuts: set[int], listed: set[int], shares: list[int]
) -> None:
    start = date(2020, 1, 1)
    days = [start + timedelta(days=n) for n in range(32)]
    entries = [
        {**ENTRY, "id": f"L{n}", "party_id": "P0", "listed_on": days[n], "removed_on": days[min(n + 6, 31)]}
        for n in listed
    ]
    bounds = [days[0], days[11], days[22], None]
    held = [
        {"owner": "P0", "owned": "P1", "share_min": s, "share_max": s, "from": begin, "until": end}
        for s, begin, end in zip(shares, bounds[:-1], bounds[1:], strict=True)
    ]
    parties = [{"id": f"P{n}", "name": f"Firm{n} Holding", "country": "AE"} for n in range(2)]
    whole = load()
    rule = whole.rule("ofac-50")
    assert rule is not None
    period = rule.periods[-1]
    ends = [*(days[n] for n in sorted(cuts)), None]
    cut = tuple(
        replace(period, from_day=begin, until_day=end)
        for begin, end in zip([period.from_day, *ends[:-1]], ends, strict=True)
    )
    split = replace(
        whole, ownership=tuple(replace(one, periods=cut) if one is rule else one for one in whole.ownership)
    )
    one, other = (case(parties, entries, held, policy=policy) for policy in (whole, split))
    for day in days:
        assert verdict(one, "P1", day, "ofac-50") == verdict(other, "P1", day, "ofac-50")


def test_what_would_decide_an_open_verdict_is_asked_for_and_nothing_else() -> None:
    parties = [{"id": f"P{n}", "name": f"Firm{n} Holding", "country": "AE"} for n in range(4)]
    holdings = [
        {"owner": "P0", "owned": "P1", "share_min": 50, "share_max": 75},  # enough whatever it is
        {"owner": "P1", "owned": "P2", "share_min": 25, "share_max": 50},
        {"owner": "P2", "owned": "P3", "share_min": 80, "share_max": 80, "kind": "votes"},
    ]
    found = case(parties, [{**ENTRY, "party_id": "P0"}], holdings)
    day = date(2024, 1, 1)
    assert verdict(found, "P1", day, "ofac-50")["decided_by"] == []
    share = "the exact share of Firm1 Holding (P1) in Firm2 Holding (P2), stated as 25-50 %"
    assert [asked.partition(";")[0] for asked in verdict(found, "P2", day, "ofac-50")["decided_by"]] == [
        share
    ]
    asked = verdict(found, "P3", day, "ofac-50")["decided_by"]
    assert asked[0].startswith("the share in Firm3 Holding (P3) that Firm2 Holding (P2) owns")
    assert asked[1].startswith(share) and len(asked) == 2


def test_a_doubtful_owner_is_asked_about_and_not_the_shares_that_suffice() -> None:
    held = {"owner": "C-2", "owned": "C-1", "share_min": 60, "share_max": 75}
    found = case([VOLGA, {**PROMTEKH, "country": "AE"}], [ENTRY], [held])
    told = verdict(found, "C-1", date(2024, 1, 1), "ofac-50")
    assert told["verdict"] == "undetermined"
    assert told["decided_by"] == [
        "an identifier, address or date that shows whether Promtekh AO (C-2) is the party that the list names"
    ]

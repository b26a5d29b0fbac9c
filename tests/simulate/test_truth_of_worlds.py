"""Planted routes are routes, decoys are none, each for the reason it states; and nothing else is one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest

from tests.simulate.facts import DWELL, Facts, Transfer

KEEPS = {
    "left before it came": {"time"},
    "dwell far beyond 180 days": {"time"},
    "shipment to itself": {"itself", "repeats"},
    "bought before the listing": {"end"},
    "listing removed before": {"end"},
    "unverified list only": {"end"},
    "namesake of a listed party": {"end"},
    "49 per cent stake": {"end"},
    "stake sold before": {"end"},
    "sister below the half": {"stands in"},
    "other goods": {"goods"},
    "mass address": {"stands in"},
    "consignee is the bank": {"stands in"},
    "lawful look-alike": {"end"},
}
"""What alone keeps each decoy from being a route."""

WAIVED = {
    "bought before the listing": "listed_on",
    "listing removed before": "removed_on",
    "unverified list only": "unverified",
    "namesake of a listed party": "namesake",
    "49 per cent stake": "share",
    "stake sold before": "until",
    "sister below the half": "share",
    "mass address": "mass",
    "consignee is the bank": "bank",
}
"""The fact without which a decoy would be a route."""


def stories(facts: Facts, label: str) -> list[str]:
    return [key for key, row in facts.truth.items() if row["label"] == label]


def test_there_are_enough_of_them(facts: Facts) -> None:
    kinds = {facts.truth[key]["kind"] for key in stories(facts, "planted")}
    assert len(stories(facts, "planted")) >= 18
    assert len(kinds) >= 6
    assert {facts.truth[key]["kind"] for key in stories(facts, "decoy")} == set(KEEPS)


def test_every_planted_story_is_a_route(facts: Facts) -> None:
    for story in stories(facts, "planted"):
        assert any(not facts.faults(route) for route in facts.sequences(story)), story
        assert all(len(hop) >= 2 for hop in facts.hops(story)), story


def test_the_truth_names_the_parties_in_order(facts: Facts) -> None:
    for row in facts.truth.values():
        parties = row["parties"].split(";")
        said = [transfer.src for transfer in facts.hops(row["id"])[0]]
        assert set(said) == {parties[0]}, row["id"]
        assert all(party in facts.parties for party in parties)


def test_every_shipment_of_a_planted_story_takes_part_in_it(facts: Facts) -> None:
    for story in stories(facts, "planted"):
        used = {e.id for route in facts.sequences(story) if not facts.faults(route) for e in route}
        assert used == {e.id for hop in facts.hops(story) for e in hop}, story


@pytest.mark.parametrize("kind", KEEPS)
def test_one_thing_alone_keeps_a_decoy_from_being_a_route(facts: Facts, kind: str) -> None:
    (story,) = [key for key in stories(facts, "decoy") if facts.truth[key]["kind"] == kind]
    faults = [facts.faults(route) for route in facts.sequences(story)]
    assert all(faults)
    assert KEEPS[kind] in faults


def test_without_the_bridge_to_itself_too_much_time_has_passed(facts: Facts) -> None:
    (story,) = [key for key in stories(facts, "decoy") if facts.truth[key]["kind"] == "shipment to itself"]
    assert all(facts.faults((first, last)) == {"time"} for first, _, last in facts.sequences(story))


@pytest.mark.parametrize("kind", WAIVED)
def test_without_that_fact_a_decoy_would_be_a_route(facts: Facts, kind: str) -> None:
    (story,) = [key for key in stories(facts, "decoy") if facts.truth[key]["kind"] == kind]
    other = replace(facts, waive=WAIVED[kind], _memo={})
    assert any(not other.faults(route) for route in other.sequences(story))


def test_every_lawful_sale_is_a_route_in_itself_and_lengthens_others(facts: Facts) -> None:
    told = stories(facts, "lawful")
    longer = 0
    into = _into(facts)
    for story in told:
        (hop,) = facts.hops(story)
        assert any(not facts.faults((sale,)) for sale in hop), story
        longer += any(not facts.faults((e, sale)) for sale in hop for e in into[sale.src, sale.hs6[:4]])
    assert len({facts.truth[key]["kind"] for key in told}) >= 6
    assert longer >= 10


def test_lawful_customers_are_on_lists_that_ask_for_a_licence_and_blocked_by_none_that_day(
    facts: Facts,
) -> None:
    for story in stories(facts, "lawful"):
        for sale in facts.hops(story)[0]:
            assert sale.departed is not None
            if facts.restricted(sale.dst, sale.departed, sale.hs6):
                assert sale.dst not in facts.blocked(sale.departed), story
                grounds = {
                    row["programme"]
                    for key, row in facts.listed
                    if key == sale.dst and facts._stands(row, sale.departed)
                }
                assert grounds <= {"Entity List", "Military End User"}, story


def test_the_papers_of_lawful_sales_say_what_their_kind_says(facts: Facts) -> None:
    papers = {row["shipment_id"]: row for row in facts.rows("shipments")}
    for story in stories(facts, "lawful"):
        rows = [papers[e.id] for e in facts.hops(story)[0]]
        kind = facts.truth[story]["kind"]
        if "licence" in kind and "no licence" not in kind:
            assert all(row["licence"] and row["end_use"] for row in rows), story
        if kind in ("no licence needed", "one parcel out of stock"):
            assert not any(row["licence"] or row["end_use"] for row in rows), story


def test_who_needs_no_licence_has_nothing_from_the_united_states(facts: Facts) -> None:
    sold = _into(facts)
    headings = {code[:4] for code in facts.sought}
    for story in stories(facts, "lawful"):
        if facts.truth[story]["kind"] == "no licence needed":
            seller = facts.truth[story]["parties"].split(";")[0]
            came = {e.src[:2] for heading in headings for e in sold[seller, heading]}
            assert "US" not in {*came, seller[:2]}, story


def test_no_other_shipment_brings_goods_to_a_restricted_party(facts: Facts) -> None:
    """Backward from every shipment to a restricted party: only planted and lawful ones complete a route."""
    told = [*stories(facts, "planted"), *stories(facts, "lawful")]
    planted = {e.id for key in told for hop in facts.hops(key) for e in hop}
    everything = _everything(facts)
    into = _into(facts)
    headings = {code[:4] for code in facts.sought}
    looked_at = 0
    for last in everything:
        if last.hs6[:4] in headings and last.id not in planted:
            looked_at += 1
            assert not _completes(facts, (last,), into), last
    assert looked_at > 1000


def _everything(facts: Facts) -> list[Transfer]:
    return [line for lines in facts.transfers.values() for line in lines if line.src != line.dst]


def _into(facts: Facts) -> dict[tuple[str, str], list[Transfer]]:
    into: dict[tuple[str, str], list[Transfer]] = defaultdict(list)
    for transfer in _everything(facts):
        into[transfer.dst, transfer.hs6[:4]].append(transfer)
    return into


def _completes(facts: Facts, tail: tuple[Transfer, ...], into: dict[tuple[str, str], list[Transfer]]) -> bool:
    faults = facts.faults(tail)
    if not faults:
        return True
    if len(tail) == 5 or not _ends(facts, tail[-1]):
        return False
    head = tail[0]
    if head.departed is None:
        return False
    came = [
        e
        for e in into[head.src, head.hs6[:4]]
        if e.arrived and 0 <= (head.departed - e.arrived).days <= DWELL
    ]
    return any(_completes(facts, (e, *tail), into) for e in came)


def _ends(facts: Facts, last: Transfer) -> bool:
    some = next(iter(facts.sought))
    return any(facts.restricted(party, last.departed, some) for party in (last.dst, last.end_user))

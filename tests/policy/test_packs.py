"""The built-in packs: complete, dated, sourced, and as wide as the published lists at hand."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversion.policy.check import faults
from diversion.policy.days import holds, standing
from diversion.policy.model import STATUSES, Rule
from diversion.policy.overview import TABLES, described, not_in_force
from diversion.policy.policy import load
from diversion.policy.read import built_in
from diversion.policy.values import fault
from diversion.scoring.scorecard import SCORECARD
from tests.ingest.world import empty_store, one

LAW = (
    "goods",
    "concordance",
    "sets",
    "embargoes",
    "controls",
    "programmes",
    "regimes",
    "ownership",
    "red_flags",
)
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


def test_the_built_in_packs_have_no_fault() -> None:
    assert [wrong for pack in built_in() for wrong in faults(pack.where, pack.raw)] == []


def test_every_rule_of_law_has_a_status_and_a_source_that_can_be_opened() -> None:
    rules = [rule for rule in load().rules if rule.table in LAW]
    assert {rule.table for rule in rules} == set(LAW)
    assert {rule.status for rule in rules} <= set(STATUSES)
    # A choice of this policy has no page to open, and says that it is one.
    law = [rule for rule in rules if rule.status != "stated"]
    assert [rule.name for rule in law if not re.search(r"https://\S+", rule.source)] == []
    assert all("status" in rule.content for rule in rules)


def test_only_what_is_in_doubt_is_marked_verify() -> None:
    marked = {(rule.name, rule.from_day) for rule in load().rules if rule.status == "verify"}
    assert marked == {("bis-affiliates", date(2026, 11, 10)), ("EAR Syria", date(2025, 9, 2))}


def test_country_codes_and_hs_codes_are_real(shared_data: Path) -> None:
    policy = load()
    assert all(fault("sets", "countries", sorted(one.countries)) is None for one in policy.sets.values())
    with (shared_data / "trade/hs/harmonized-system.csv").open(encoding="utf-8") as file:
        real = {row["hscode"] for row in csv.DictReader(file) if row["level"] == "6"}
    assert {good.hs6 for good in policy.goods} <= real
    tables = [rule.content["rows"] for rule in policy.rules if rule.table == "concordance"]
    newer = {code for rows in tables for row in rows for code in row["new"]}
    assert newer <= real
    # A code that stands for another is of the older edition, so that the newer one does not hold it.
    assert not {good.hs6 for good in policy.older} & real


def test_codes_of_the_older_edition_stand_for_those_of_the_list() -> None:
    policy = load()
    part, whole = policy.good("852580"), policy.good("880330")
    assert part is not None and whole is not None
    assert (part.tier, part.stands_for, part.partly, part.edition) == ("3.A", ("852589",), True, "2017")
    assert (whole.tier, whole.stands_for, whole.partly) == ("3.B", ("880730",), False)
    assert {"852580", "854150", "854890", "880330"} == policy.looked_for - policy.sought
    assert policy.good("854140") is not None and "854140" not in policy.looked_for
    assert "854150" in (policy.codes("CHPL") or ())


def test_versions_of_the_list_count_what_their_codes_say() -> None:
    (chpl,) = [rule for rule in load().rules if rule.name == "CHPL"]
    begun = Counter(code["since"] for code in chpl.content["codes"])
    for version in chpl.content["versions"]:
        assert sum(count for day, count in begun.items() if day <= version["day"]) == version["codes"]
    # A day from memory is shown and costs nobody a point.
    first = load().good("854231")
    assert first is not None and first.first_day == date(2023, 5, 19) and first.from_day == date(2024, 2, 23)


@pytest.fixture
def real_regimes(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str]]:
    """Codes of programmes in every real list at hand, with their authority."""
    lists = shared_data / "lists"
    names = ("us_csl/screening-list_2026-07-31.json", "un/UN_consolidated.xml", "ofac_sdn/CONS_ENHANCED.XML")
    with empty_store(tmp_path_factory.mktemp("lists")) as store:
        for name in names:
            one(store, lists / name)
        rows = store.read("Listing", ["authority", "programme", "regimes"]).to_pylist()
    policy = load()
    named = [policy.programme(row["authority"], row["programme"]) for row in rows]
    assert len(rows) > 26_000
    # No entry of these lists falls through to the rules for lists that the policy does not know.
    assert not {"other", "BIS, other"} & {rule.name for rule in named if rule} and None not in named
    return Counter((row["authority"], code) for row in rows for code in row["regimes"] or ())


def test_every_code_of_a_programme_in_real_lists_has_a_meaning_or_says_that_it_has_none(
    real_regimes: Counter[tuple[str, str]],
) -> None:
    policy = load()
    assert len(real_regimes) > 90
    assert [key for key in real_regimes if policy.regime(*key) is None] == []
    meant = {key: policy.regime(*key) for key in real_regimes}
    silent = {key[1] for key, found in meant.items() if found is not None and found.effect is None}
    assert {"IFSR", "IRGC", "UKRAINE-EO13662"} <= silent and "SDGT" not in silent


def test_red_flags_are_as_many_as_published_and_name_factors_that_exist() -> None:
    flags = load().red_flags
    count = Counter(flag.catalogue for flag in flags)
    assert count["EAR 732.3"] == 29 and count["FIN-2023-NTC2"] == 13
    known = {factor.name for factor in SCORECARD}
    assert {name for flag in flags for name in flag.factors} <= known
    assert all(flag.status == "unverified" for flag in flags if flag.catalogue == "FIN-2022-Alert003")


@given(DAYS)
def test_a_rule_applies_from_its_first_day_until_the_day_it_no_longer_holds(day: date) -> None:
    policy = load()
    applies = {
        (row["table"], row["name"], row["from"]) for row in described(policy, None, day, everything=False)
    }
    for rule in policy.rules:
        key = (rule.table, rule.name, rule.from_day.isoformat() if rule.from_day else None)
        begun = rule.from_day is None or day >= rule.from_day
        ended = rule.until_day is not None and day >= rule.until_day
        assert (key in applies) == (begun and not ended) == (standing(rule, day) == "in force")
    idle = not_in_force(policy, None, day)
    names = {rule.name for rule in policy.rules if holds(rule, day)}
    assert not any(phrase.split(" ended")[0].split(" begins")[0] in names for phrase in idle)


@given(DAYS)
def test_at_most_one_version_of_a_rule_applies_on_a_day(day: date) -> None:
    here = Counter((rule.table, rule.name) for rule in load().rules if holds(rule, day))
    assert max(here.values()) == 1


def edges(rules: tuple[Rule, ...]) -> list[date]:
    return sorted({day for rule in rules for day in (rule.from_day, rule.until_day) if day})


def test_the_day_before_an_edge_differs_from_the_edge_and_nothing_differs_between() -> None:
    rules = load().rules
    days = edges(rules)

    def applied(day: date) -> set[int]:
        return {place for place, rule in enumerate(rules) if holds(rule, day)}

    for day in days:
        assert applied(day - timedelta(1)) != applied(day)
    for early, late in pairwise(days):
        assert applied(early) == applied(late - timedelta(1))


def test_the_tables_shown_are_all_there_are() -> None:
    assert {rule.table for rule in load().rules} <= set(TABLES)

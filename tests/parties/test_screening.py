"""What a screening answers beside its hits: conflicts, passes, limits, input."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.errors import BadInput
from diversion.parties import candidates, crowd, screen
from diversion.parties.addresses import address_likeness
from diversion.parties.compare import compare
from diversion.parties.queries import queries
from diversion.parties.screen import Screener
from diversion.parties.whitelist import whitelist
from diversion.policy.policy import load
from tests.case import run, write_case
from tests.parties.worlds import Row, listing_table

CUTOFF = load().thresholds["match_cutoff"]
ENTRIES: list[Row] = [
    {
        "id": "L1",
        "name": "Harrier Osprey",
        "kind": "person",
        "country": "RU",
        "countries": ["RU"],
        "births": ["1952-10-07"],
        "identifiers": ["inn:1"],
    },
    {"id": "L2", "name": "Harrier Osprey Trading LLC", "aliases": ["HOT Shipping"], "country": "AE"},
    {"id": "L3", "name": None, "address": "Room 12, 3/F, Hung Fat Building, 12 Dock Road", "country": "HK"},
    {"id": "L4", "name": "Zephyr Aviation Industry Corporation of Volga"},
    {"id": "L5", "name": "Harrier Osprey"},
]


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(listing_table(ENTRIES), load()).warm()


ABOUT = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["RU", "AE", "ru"]),
        "date": st.sampled_from(["1952", "1952-10-07", "1952-07-10", "1971-01-01"]),
        "identifier": st.sampled_from(["inn:1", "inn:2", "lei:9"]),
        "kind": st.sampled_from(["person", "company", "vessel", "unknown"]),
        "address": st.sampled_from(["12 Dock Road", "1 Other Street"]),
    },
)
NAMES = st.sampled_from(["Harrier Osprey", "Osprey, Harier", "Harrier Ospray Trading", "ZAIC", "Hot Shiping"])


@settings(max_examples=120, deadline=None)
@given(NAMES, ABOUT, st.sampled_from([0.5, 0.7, 0.8, 0.9]))
def test_adding_information_never_takes_a_hit_away(
    screener: Screener, name: str, about: dict[str, str], cutoff: float
) -> None:
    plain = {hit["listing_id"] for hit in screener.screen([{"name": name}], cutoff)[0]["hits"]}
    more = screener.screen([{"name": name, **about}], cutoff)[0]["hits"]
    assert plain <= {hit["listing_id"] for hit in more}
    for hit in more:
        total = sum(part["effect"] for part in hit["explanation"])
        assert total == pytest.approx(hit["score"], abs=2e-3)
        assert cutoff != CUTOFF or hit["score"] >= cutoff


@settings(max_examples=80, deadline=None)
@given(NAMES, ABOUT, st.floats(0.4, 1.0))
def test_a_cutoff_filters_and_changes_no_score(
    screener: Screener, name: str, about: dict[str, str], cutoff: float
) -> None:
    every = {h["listing_id"]: h for h in screener.screen([{"name": name, **about}], 0.3)[0]["hits"]}
    hits = screener.screen([{"name": name, **about}], cutoff)[0]["hits"]
    assert all(hit == every[hit["listing_id"]] for hit in hits if hit["matched"] == hit["name"])
    assert {key for key, hit in every.items() if hit["score"] >= cutoff} <= {h["listing_id"] for h in hits}


def test_agreement_raises_and_conflict_lowers_and_what_is_not_stated_says_so(screener: Screener) -> None:
    def hit(listing: str, **about: str) -> dict[str, Any]:
        hits = screener.screen([{"name": "Harrier Ospray", **about}], CUTOFF)[0]["hits"]
        found = next(hit for hit in hits if hit["listing_id"] == listing)
        return {"score": found["score"]} | {p["part"]: p["against"] for p in found["explanation"]}

    plain = hit("L1")["score"]
    assert hit("L1", date="1952-10-07")["score"] > plain > hit("L1", date="1960-01-01")["score"] >= CUTOFF
    assert hit("L1", country="ru")["score"] > plain > hit("L1", country="AE")["score"] >= CUTOFF
    assert (
        hit("L5", country="AE")["country AE"] == "unknown"
        and hit("L5", country="AE")["score"] == hit("L5")["score"]
    )


def test_ties_stand_by_listing_and_a_limit_counts_what_it_cuts(screener: Screener) -> None:
    told = screener.screen([{"name": "Harrier Osprey"}], CUTOFF)[0]
    assert [hit["listing_id"] for hit in told["hits"]][:2] == ["L1", "L5"] and "more" not in told
    cut = screener.screen([{"name": "Harrier Osprey"}], CUTOFF, 1)[0]
    assert len(cut["hits"]) == 1 and cut["more"] == len(told["hits"]) - 1


def test_initials_and_addresses_find_their_entries(screener: Screener) -> None:
    assert [h["listing_id"] for h in screener.screen([{"name": "ZAICV"}], CUTOFF)[0]["hits"]] == ["L4"]
    asked = [{"name": "Nobody", "address": "12 Dock Rd., Hung Fat Bldg, 3rd floor, RM 12"}]
    (hit,) = screener.screen(asked, CUTOFF)[0]["hits"]
    assert hit["listing_id"] == "L3"
    assert screener.screen([{"name": "Nobody", "address": "14 Dock Road"}], CUTOFF)[0]["hits"] == []
    assert address_likeness("1 A Street", "1 A Street") == address_likeness("1, A St.", "1 A Street")


def test_every_entry_above_the_cutoff_is_a_hit_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rows: list[Row] = [
        {
            "id": f"I{a}{b}",
            "name": f"Ivan {a}. {b}. Petrov",
            "kind": "person",
            "country": "KZ" if (a, b) == ("Q", "K") else "RU",
        }
        for a in letters
        for b in letters
    ]
    crowded, query = Screener(listing_table(rows), load()).warm(), {"name": "Ivan Petrov", "country": "KZ"}
    alike = {row["id"]: compare("Ivan Petrov", str(row["name"]), "person").score for row in rows}
    (told,) = crowded.screen([query], CUTOFF)
    found = {hit["listing_id"] for hit in told["hits"]}
    assert found == {key for key, score in alike.items() if score >= CUTOFF} and len(found) > 600
    assert told["hits"][0]["listing_id"] == "IQK" and "judged" not in told
    assert {
        hit["listing_id"] for hit in crowded.screen([{"name": "Ivan Petrov"}], CUTOFF)[0]["hits"]
    } == found
    monkeypatch.setattr(candidates, "MOST", 64)
    monkeypatch.setattr(screen, "MOST", 64)
    (told,) = crowded.screen([query], CUTOFF)
    assert told["judged"] == 64 <= len(told["hits"]) < len(rows)


PASSES = "name,listing_id,reason,until\nHARRIER OSPREY,L5,another passport,2026-06-01\n"


def test_a_pass_suppresses_visibly_until_its_day(screener: Screener, tmp_path: Path) -> None:
    file = tmp_path / "passes.csv"
    file.write_text(PASSES, encoding="utf-8")
    passes = whitelist(file)

    def told(day: date) -> tuple[set[str], list[dict[str, str]]]:
        one = screener.screen([{"name": "Harrier Osprey"}], CUTOFF, 0, passes, day)[0]
        return {h["listing_id"] for h in one["hits"]}, [h["suppressed"] for h in one["suppressed"]]

    hits, suppressed = told(date(2026, 5, 31))
    assert "L5" not in hits and "L1" in hits
    assert suppressed == [{"reason": "another passport", "until": "2026-06-01"}]
    assert "L5" in told(date(2026, 6, 1))[0] and told(date(2026, 6, 1))[1] == []
    for bad in (
        "name,until\nA,2026-01-01\n",
        "name,reason,until\nA,,2026-01-01\n",
        "name,reason,until\nA,b,soon\n",
    ):
        file.write_text(bad, encoding="utf-8")
        with pytest.raises(BadInput, match=r"passes\.csv"):
            whitelist(file)


def test_an_equal_identifier_is_passed_by_the_id_of_the_entry_alone(
    screener: Screener, tmp_path: Path
) -> None:
    file = tmp_path / "passes.csv"

    def hits(listing: str, **about: str) -> set[str]:
        file.write_text(f"name,listing_id,reason,until\nHarrier Osprey,{listing},another,2030-01-01\n")
        asked = [{"name": "Harrier Osprey", **about}]
        told = screener.screen(asked, CUTOFF, 0, whitelist(file), date(2026, 1, 1))[0]["hits"]
        return {hit["listing_id"] for hit in told}

    assert hits("") == hits("", identifier="inn:2") == set()
    assert hits("", identifier="inn:1") == {"L1"}
    assert "L1" not in hits("L1", identifier="inn:1")


def test_many_names_at_once_and_one_by_one_have_the_same_hits(
    screener: Screener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "MANY", 4)
    monkeypatch.setattr(crowd, "CHUNK", 2)
    names = ["Harrier Osprey", "ZAICV", "Nobody", "Osprey Harier", "Hot Shipping LLC"] * 2
    asked = [{"name": name} for name in names]
    assert screener.screen_many(asked, 0.5) == [screener.screen([one], 0.5)[0] for one in asked]


def test_names_come_from_the_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def given_lines(text: str) -> list[dict[str, str | None]]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        return queries(["-"], "DE")

    assert given_lines("Sigma\n\nOmega, Ltd\n") == [
        {"name": "Sigma", "country": "DE"},
        {"name": "Omega, Ltd", "country": "DE"},
    ]
    assert given_lines("Name,country\nSigma,RU\n") == [{"name": "Sigma", "country": "RU"}]
    monkeypatch.chdir(tmp_path)
    assert run("ingest", *write_case(tmp_path)).code == 0
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Volga Instruments\n")))
    (told,) = run("screen", "-", "--format", "json").json
    assert told["hits"][0]["score"] == 1.0 and set(told) == {"query", "searched", "hits"}


def test_a_second_opinion_that_is_not_installed_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "followthemoney", None)
    assert run("ingest", *write_case(tmp_path)).code == 0
    ran = run("screen", "Volga Instruments", "--second-opinion")
    assert ran.code == 2 and "diversion[matching]" in ran.err

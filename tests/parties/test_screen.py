"""Names against lists."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.errors import BadInput, UsageError
from diversion.parties.compare import compare
from diversion.parties.matching import match_listings
from diversion.parties.queries import queries
from diversion.parties.resolve import resolve
from diversion.parties.screen import Screener
from diversion.policy.policy import load
from tests.parties.worlds import Row, listing_table, located_frame, party_table, real_listings

ENTRIES: list[Row] = [
    {"id": "L1", "name": "Promtekh AO", "aliases": ["Promtech JSC"], "country": "RU", "countries": ["RU"]},
    {"id": "L2", "name": "PUTIN, Vladimir", "kind": "person", "country": "RU", "countries": ["RU"]},
    {"id": "L3", "name": "Plant No. 5", "listed_on": date(2022, 4, 8)},
    {"id": "L4", "name": None, "address": "12 Hung Fat Road, Hong Kong", "country": "HK"},
    {"id": "L5", "name": "Golden Star General Trading LLC", "country": "AE", "countries": ["AE"]},
]


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener(listing_table(ENTRIES), load())


def best(screener: Screener, **query: str | None) -> tuple[str, float] | None:
    hits = screener.screen([query], 0.5)[0]["hits"]
    return (hits[0]["listing_id"], hits[0]["score"]) if hits else None


@pytest.mark.parametrize(
    ("name", "listing"),
    [
        ("АО Промтех", "L1"),
        ("Promtekh", "L1"),
        ("PROMTECH, JSC", "L1"),
        ("Prom-tekh AO", "L1"),
        ("Vladimir Putin", "L2"),
        ("Завод №5 / Plant 5", "L3"),
        ("Golden Star Trading", "L5"),
        ("Goldenstar General Trading L.L.C.", "L5"),
    ],
)
def test_variants_of_a_name_find_its_entry(screener: Screener, name: str, listing: str) -> None:
    found = best(screener, name=name)
    assert found is not None and found[0] == listing


def test_the_same_name_is_one_and_numbers_and_rare_words_tell_apart(screener: Screener) -> None:
    assert best(screener, name="PROMTEKH AO") == ("L1", 1.0)
    for other in ("Plant No. 6", "Silver Moon General Trading LLC"):
        found = best(screener, name=other)
        assert found is None or found[1] < load().thresholds["match_cutoff"]


def test_a_conflict_lowers_and_marks_but_never_drops(screener: Screener) -> None:
    plain = screener.screen([{"name": "Promtekh AO"}], 0.8)[0]["hits"]
    agrees = screener.screen([{"name": "Promtekh AO", "country": "RU"}], 0.8)[0]["hits"]
    against = screener.screen([{"name": "Promtekh AO", "country": "AE", "kind": "company"}], 0.8)[0]["hits"]
    assert {h["listing_id"] for h in plain} == {h["listing_id"] for h in agrees} == {"L1"}
    assert [h["listing_id"] for h in against] == ["L1"]
    assert against[0]["score"] < plain[0]["score"] == agrees[0]["score"] == 1.0
    assert any("country" in str(part["part"]) for part in against[0]["explanation"])


def test_an_entry_that_is_only_an_address_is_found_by_it(screener: Screener) -> None:
    hits = screener.screen([{"name": "Nobody Ltd", "address": "12, Hung Fat Rd Hong Kong"}], 0.8)[0]["hits"]
    assert [hit["listing_id"] for hit in hits] == ["L4"]


def test_the_shape_is_that_of_the_contract(screener: Screener) -> None:
    told = screener.screen([{"name": "Plant 5", "country": None}], 0.5)[0]
    assert set(told) == {"query", "searched", "hits"} and told["query"] == {"name": "Plant 5"}
    assert told["searched"] == [{"list": "test", "published": None, "newest": "2022-04-08", "entries": 5}]
    keys = {
        "listing_id",
        "party_id",
        "name",
        "matched",
        "score",
        "list",
        "programme",
        "listed_on",
        "explanation",
    }
    assert set(told["hits"][0]) == keys
    assert all(set(part) == {"part", "against", "effect"} for part in told["hits"][0]["explanation"])


def test_nothing_to_screen_and_nothing_listed() -> None:
    empty = Screener(listing_table([]), load())
    assert empty.screen([{"name": "Gazprom"}, {"name": "???"}], 0.8)[0]["hits"] == []
    assert empty.screen([], 0.8) == []


NAMES = st.text(alphabet="abcdefgh 15.&-", min_size=1, max_size=25)


@settings(max_examples=120, deadline=None)
@given(NAMES, NAMES)
def test_likeness_is_symmetric_bounded_and_one_for_a_name_itself(left: str, right: str) -> None:
    forth, back = compare(left, right).score, compare(right, left).score
    assert forth == pytest.approx(back, abs=1e-6)
    assert 0 <= forth <= 1
    assert compare(left, left).score in (0.0, 1.0)


def test_every_real_entry_is_found_by_its_own_name(shared_data: Path) -> None:
    listings = real_listings(shared_data)
    screener = Screener(listings, load())
    rows = listings.select(["id", "name"]).to_pylist()
    assert len(rows) == 14_160
    for row in rows[::29]:
        hits = screener.screen([{"name": row["name"]}], 0.8)[0]["hits"]
        assert hits[0]["score"] == 1.0, row
        assert row["id"] in {hit["listing_id"] for hit in hits if hit["score"] == 1.0}, row


def test_every_real_entry_is_matched_to_a_party_of_its_name(shared_data: Path) -> None:
    listings = real_listings(shared_data)
    rows = listings.select(["id", "name", "country"]).to_pylist()[::7]
    parties = [
        {"id": f"C{n}", "name": r["name"], "country": r["country"], "kind": "unknown"}
        for n, r in enumerate(rows)
    ]
    directory = resolve(party_table(parties), load())
    found = match_listings(directory, listings, located_frame([]), load())
    scores = dict(
        zip(zip(found["party"], found["listing"], strict=True), found["score"].tolist(), strict=True)
    )
    for n, row in enumerate(rows):
        score = scores[directory.canonical[f"C{n}"], row["id"]]
        assert score == 1.0 or (row["country"] is None and score >= 0.85), row


def test_look_alikes_are_matched_with_a_lower_score() -> None:
    parties = [
        {"id": "C1", "name": "Promtekhh AO", "country": "RU"},
        {"id": "C2", "name": "Kestrel", "country": "AE"},
    ]
    directory = resolve(party_table(parties), load())
    found = match_listings(directory, listing_table(ENTRIES), located_frame([]), load())
    assert found[["party", "listing"]].values.tolist() == [["C1", "L1"]]
    assert load().thresholds["match_cutoff"] <= found["score"].iloc[0] < 1


def test_queries_from_words_and_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["name", "country"], ["Sigma", "RU"], ["", "AE"], ["Delta", ""]])
    assert queries(["Omega", str(file)], "DE") == [
        {"name": "Omega", "country": "DE"},
        {"name": "Sigma", "country": "RU"},
        {"name": "Delta", "country": "DE"},
    ]
    for bad in ("a,b\n1,2\n", "name\nOmega Co., Ltd\n"):
        file.write_text(bad, encoding="utf-8")
        with pytest.raises(BadInput, match=r"names\.csv"):
            queries([str(file)])
    with pytest.raises(BadInput, match="no such file"):
        queries([str(tmp_path / "none.csv")])


def test_a_country_is_a_code_or_a_name_and_an_unknown_one_is_not_weighed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "names.csv"
    file.write_text("name,country\nSigma,Россия\nDelta,Atlantis\n", encoding="utf-8")
    assert queries([str(file)]) == [{"name": "Sigma", "country": "RU"}, {"name": "Delta"}]
    assert "Atlantis" in capsys.readouterr().err
    file.write_text("name,date\nSigma,notadate\nDelta,07.10.1952\nOmega,1952\n", encoding="utf-8")
    days = [{"name": "Sigma"}, {"name": "Delta", "date": "1952-10-07"}, {"name": "Omega", "date": "1952"}]
    assert queries([str(file)]) == days
    assert "notadate" in capsys.readouterr().err
    assert queries(["Omega"], "united arab emirates") == [{"name": "Omega", "country": "AE"}]
    for name, country in (("Omega", "Atlantis"), (" ", None)):
        with pytest.raises(UsageError):
            queries([name], country)

"""Each shape of the JSON contract, on a case counted by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.case import LISTINGS, SHIPMENTS, Ran, run, write_case


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case")
    ran = run("ingest", *write_case(folder), "--store", folder / "case.duckdb", "--format", "json")
    assert ran.code == 0, ran.err
    return folder / "case.duckdb"


@pytest.fixture(scope="module")
def analyzed(store: Path) -> Ran:
    ran = run("analyze", "--store", store, "--format", "json")
    assert ran.code == 0, ran.err
    return ran


def rows(text: str) -> int:
    return len(text.strip().splitlines()) - 1


def test_ingest_counts_every_row_once_and_again_as_unchanged(tmp_path: Path) -> None:
    files, store = write_case(tmp_path), tmp_path / "again.duckdb"
    first = run("ingest", *files, "--store", store, "--format", "json").json
    assert set(first) == {"files", "totals"}
    shipments, listings = first["files"]
    fields = {
        "file",
        "kind",
        "read",
        "loaded",
        "unchanged",
        "merged",
        "rejected",
        "refused",
        "mapping",
        "rejects",
    }
    assert fields <= set(shipments)
    assert (shipments["kind"], listings["kind"]) == ("shipments", "listings")
    assert (shipments["read"], listings["read"]) == (rows(SHIPMENTS), rows(LISTINGS))
    assert shipments["mapping"]["hs_code"]["column"] == "hs_code"
    again = run("ingest", *files, "--store", store, "--format", "json").json
    assert again["totals"] == {
        **dict.fromkeys(("loaded", "merged", "rejected"), 0),
        "read": first["totals"]["read"],
        "unchanged": first["totals"]["read"],
    }


def test_analyze_counts_the_walks(analyzed: Ran) -> None:
    told = analyzed.json
    assert {"run_id", "as_of", "known_at", "policy", "transfers", "parties", "restricted_parties"} <= set(
        told
    )
    assert {"walks", "corridors", "search", "manifest", "seconds"} <= set(told)
    assert set(told["policy"]) == {"name", "version", "digest"}
    assert {"project", "sweep", "corridors", "score", "total"} <= set(told["seconds"])
    assert told["search"]["exact"] is True and told["search"]["truncated_by"] is None
    assert (told["transfers"], told["parties"], told["restricted_parties"]) == (5, 4, 1)
    # S-3 and S-4 alone; S-1 or S-2 before S-3. S-4 left on 4 March, before either arrived.
    walks = {walk["hops"]: (walk["count"], walk["exact"]) for walk in told["walks"]}
    assert walks[1] == (2, True) and walks[2] == (2, True)
    assert all(walks.get(hops, (0, True)) == (0, True) for hops in (3, 4, 5))
    assert told["corridors"] == 2


def test_routes_are_objects_best_first(store: Path, analyzed: Ran) -> None:
    told = run("routes", "--store", store, "--format", "json").json
    assert run("routes", "--store", store, "--format", "jsonl").out.count("\n") == len(told) == 2
    assert [route["score"] for route in told] == sorted((route["score"] for route in told), reverse=True)
    (long,) = [route for route in told if route["hops"] == 2]
    (short,) = [route for route in told if route["hops"] == 1]
    fields = {
        "route_id",
        "score",
        "band",
        "coverage",
        "parties",
        "item",
        "hops",
        "routes",
        "shipments",
        "first_day",
    }
    fields |= {"last_day", "quantity", "unit", "value_usd", "per_hop", "base", "breaks", "restricted"}
    assert fields | {"contributions", "within", "search"} <= set(long)
    assert [party["name"] for party in long["parties"]] == [
        "Nordic Radian AG",
        "Kestrel Trading FZE",
        "Volga Instruments",
    ]
    assert set(long["parties"][0]) == {"id", "name", "country"}
    assert long["item"]["hs6"] == "854231" and str(long["item"]["tier"]) == "1"
    assert long["shipments"] == [["S-1", "S-2"], ["S-3"]] and long["routes"] == 2
    assert (long["first_day"], long["last_day"]) == ("2023-03-01", "2023-03-28")
    assert (long["quantity"], long["unit"], long["value_usd"]) == (2100, "pieces", 900000)
    assert [hop["quantity"] for hop in long["per_hop"]] == [2200, 2100]
    assert short["shipments"] == [["S-4", "S-3"]] and short["routes"] == 2
    assert long["restricted"]["verdict"] == "yes" and long["restricted"]["since"] == "2022-04-08"
    assert {"party_id", "verdict", "reason", "rule", "since"} <= set(long["restricted"])


def test_contributions_add_up_to_the_last_digit(store: Path, analyzed: Ran) -> None:
    import math

    for route in run("routes", "--store", store, "--format", "json").json:
        total = route["base"] + sum(part["points"] for part in route["contributions"])
        assert math.isclose(route["score"], 100 / (1 + math.exp(-total)), rel_tol=1e-12)
        for part in route["contributions"]:
            assert {"factor", "points", "detail", "source", "evidence"} <= set(part)


def test_party_gives_one_verdict_a_rule(store: Path) -> None:
    (told,) = run(
        "party", "Volga Instruments", "--as-of", "2023-03-20", "--store", store, "--format", "json"
    ).json
    assert {"party_id", "name", "country", "as_of", "verdicts"} <= set(told)
    by_rule = {verdict["rule"]: verdict for verdict in told["verdicts"]}
    rules = {
        "listed",
        "ofac-50",
        "bis-affiliates",
        "eu-ownership",
        "uk-ownership-control",
        "address",
        "destination",
    }
    assert rules <= set(by_rule) and len(by_rule) == len(told["verdicts"])
    assert by_rule["listed"]["verdict"] == "yes" and by_rule["listed"]["since"] == "2022-04-08"
    for verdict in told["verdicts"]:
        assert {"rule", "verdict", "since", "until", "reason", "proof", "decided_by"} <= set(verdict)
    (early,) = run(
        "party", "Volga Instruments", "--as-of", "2022-04-07", "--store", store, "--format", "json"
    ).json
    assert {v["rule"]: v["verdict"] for v in early["verdicts"]}["listed"] == "no"
    everyone = run("party", "--all", "--store", store, "--format", "json").json
    assert len(everyone) == 4


def test_screen_finds_the_listing_and_says_what_was_searched(store: Path) -> None:
    told = run("screen", "VOLGA INSTRUMENTS LLC", "Zzyzx Bakery", "--store", store, "--format", "json").json
    hit = told[0]["hits"][0]
    assert told[0]["query"]["name"] == "VOLGA INSTRUMENTS LLC"
    assert {"list", "published", "entries"} <= set(told[0]["searched"][0])
    fields = {
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
    assert fields <= set(hit) and hit["name"] == "Volga Instruments" and 0.8 <= hit["score"] <= 1
    assert {"part", "against", "effect"} <= set(hit["explanation"][0])
    assert told[1]["hits"] == []


def test_check_gives_one_object_a_shipment(tmp_path: Path, store: Path, analyzed: Ran) -> None:
    head, *rows = SHIPMENTS.splitlines()
    new = [rows[2].replace("S-3", "N-3"), rows[4].replace("S-5", "N-5")]
    (tmp_path / "new.csv").write_text("\n".join([head, *new]) + "\n", encoding="utf-8")
    told = run("check", tmp_path / "new.csv", "--store", store, "--format", "json").json
    assert [one["shipment_id"] for one in told] == ["N-3", "N-5"]
    fields = {"shipment_id", "verdict", "score", "screening", "routes", "contributions"}
    assert all(fields <= set(one) for one in told)
    stop, clear = told
    assert (stop["verdict"], clear["verdict"]) == ("stop", "clear")
    assert stop["screening"][0]["name"] == "Volga Instruments"
    known = {route["route_id"] for route in run("routes", "--store", store, "--format", "json").json}
    assert {route["route_id"] for route in stop["routes"]} == known
    assert stop["score"] == stop["routes"][0]["score"] and stop["contributions"]
    assert clear["routes"] == clear["screening"] == clear["contributions"] == []
    assert clear["searched"]["lists"] and "no clearance" in clear["note"]


def test_an_empty_store_gives_zeros(tmp_path: Path) -> None:
    store = tmp_path / "empty.duckdb"
    (tmp_path / "listings.csv").write_text(LISTINGS, encoding="utf-8")
    assert run("ingest", tmp_path / "listings.csv", "--store", store).code == 0
    ran = run("analyze", "--store", store, "--format", "json")
    told: dict[str, Any] = json.loads(ran.out)
    assert ran.code == 0
    assert (told["transfers"], told["corridors"]) == (0, 0)
    assert all(walk["count"] == 0 for walk in told["walks"])


@pytest.mark.parametrize(
    "listing",
    [
        "name,authority,programme,listed_on\nX,US OFAC,SDN,2014-01-01\n",
        "party_id,name,authority,programme,listed_on\nX,X,US OFAC,SDN,2014-01-01\n",
    ],
    ids=["by name", "by id"],
)
def test_owners_are_ids_or_names_and_so_are_the_listed(tmp_path: Path, listing: str) -> None:
    (tmp_path / "own.csv").write_text("owner,owned,share\nX,A,50\nX,B,10\nA,B,40\nX,C,49\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text(listing, encoding="utf-8")
    store = tmp_path / "own.duckdb"
    assert run("ingest", tmp_path / "own.csv", tmp_path / "list.csv", "--store", store).code == 0
    told = run(
        "party", "--all", "--rule", "ofac-50", "--as-of", "2020-01-01", "--store", store, "--format", "json"
    ).json
    assert {p["name"]: p["verdicts"][0]["verdict"] for p in told} == {
        "X": "no",
        "A": "yes",
        "B": "yes",
        "C": "no",
    }

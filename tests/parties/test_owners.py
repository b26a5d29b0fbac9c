"""Who is above a party, as the commands tell it: on files of one's own and on BODS conformance fixtures."""

from __future__ import annotations

import json
from pathlib import Path

import bods_fixtures
import pytest

from tests.case import run

LISTED = "party_id,name,authority,programme,listed_on\n{0},{0},US OFAC,SDN,2014-01-01\n"


def test_owners_and_what_they_have_in_the_end(tmp_path: Path) -> None:
    held = "owner,owned,share\nP,A,20\nA,B,80\nB,A,80\nQ,B,20\nB,C,50\n"
    (tmp_path / "own.csv").write_text(held, encoding="utf-8")
    store = tmp_path / "own.duckdb"
    assert run("ingest", tmp_path / "own.csv", "--store", store).code == 0
    ask = ("owners", "C", "--as-of", "2024-01-01", "--store", store, "--format", "json")
    nearest = [(row["level"], row["owner_name"], row["share_min"]) for row in run(*ask).json]
    assert nearest == [(1, "B", 50), (2, "A", 80), (2, "Q", 20), (3, "B", 80), (3, "P", 20)]
    ends = {row["owner_name"]: row["share_min"] for row in run(*ask, "--integrated").json}
    # P has 20 % of A, and A 80 % of B, B 80 % of A: 0.2 × 0.8 ÷ (1 − 0.64) of B, and half of that of C.
    assert ends == {"B": 50, "A": 40, "Q": pytest.approx(100 / 3.6), "P": pytest.approx(80 / 3.6)}


@pytest.mark.parametrize(
    ("case", "listed", "party", "verdict"),
    [
        ("edge-cases/10-circular-ownership", "rec-alpha-corp", "rec-beta-corp", "yes"),
        ("edge-cases/10-circular-ownership", "nobody", "rec-alpha-corp", "no"),
        ("edge-cases/10-circular-ownership", "nobody", "rec-beta-corp", "no"),
        ("core/01-direct-ownership", "rec-jane-smith-1975", "rec-acme-holdings-ltd", "yes"),
    ],
)
def test_verdicts_on_conformance_fixtures(
    case: str, listed: str, party: str, verdict: str, tmp_path: Path
) -> None:
    (tmp_path / "bods.jsonl").write_text("\n".join(map(json.dumps, bods_fixtures.load(case).statements)))
    (tmp_path / "list.csv").write_text(LISTED.format(listed), encoding="utf-8")
    store = tmp_path / "case.duckdb"
    assert run("ingest", tmp_path / "bods.jsonl", tmp_path / "list.csv", "--store", store).code == 0
    ask = ("--rule", "ofac-50", "--as-of", "2025-06-01", "--store", store, "--format", "json")
    assert run("party", party, *ask).json[0]["verdicts"][0]["verdict"] == verdict


def test_an_anonymous_owner_restricts_nobody_and_is_no_clearance(tmp_path: Path) -> None:
    name = next(c for c in bods_fixtures.list_cases() if "anonym" in c or "unknown" in c)
    told = bods_fixtures.load(name).statements
    (tmp_path / "bods.jsonl").write_text("\n".join(map(json.dumps, told)))
    store = tmp_path / "case.duckdb"
    assert run("ingest", tmp_path / "bods.jsonl", "--store", store).code == 0
    ask = ("--all", "--as-of", "2025-06-01", "--store", store, "--format", "json")
    verdicts = {v["verdict"] for row in run("party", *ask).json for v in row["verdicts"]}
    assert verdicts == {"no"}


def test_a_name_of_several_parties_shows_all_of_them_and_says_so(tmp_path: Path) -> None:
    rows = "party_id,name,country\nA1,Heron Valves LLC,AE\nA2,Heron Valves GmbH,DE\nA3,Heron Trading,AE\n"
    (tmp_path / "p.csv").write_text(rows, encoding="utf-8")
    store = tmp_path / "s.duckdb"
    assert run("ingest", tmp_path / "p.csv", "--store", store).code == 0
    asked = run("party", "heron valves", "--store", store, "--format", "json", "--as-of", "2025-01-01")
    assert [one["party_id"] for one in asked.json] == ["A1", "A2"]
    assert "2 parties are called heron valves: A1 (AE), A2 (DE)" in asked.err
    missed = run("party", "Heron Valve Co", "--store", store, "--as-of", "2025-01-01")
    assert missed.code != 0 and "Heron Valves LLC (A1)" in missed.err


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_everybody_is_told_of_as_one_by_one(form: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("owner,owned,share\nP,A,60\nA,B,40\nQ,B,20\n", encoding="utf-8")
    (tmp_path / "list.csv").write_text(LISTED.format("P"), encoding="utf-8")
    store = tmp_path / "own.duckdb"
    assert run("ingest", tmp_path / "own.csv", tmp_path / "list.csv", "--store", store).code == 0
    ask = ("--as-of", "2025-01-01", "--store", store, "--format", form)
    everybody = run("party", "--all", *ask).out
    names = [row["name"] for row in run("party", "--all", *ask[:-1], "json").json]
    assert sorted(names) == ["A", "B", "P", "Q"]
    assert everybody == run("party", *names, *ask).out


def test_what_was_not_known_yet_does_not_count(tmp_path: Path) -> None:
    rows = "owner,owned,share,from,until,known_on\nP,A,60,2020-01-01,2024-01-01,2022-06-01\n"
    (tmp_path / "own.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "list.csv").write_text(LISTED.format("P"), encoding="utf-8")
    store = tmp_path / "own.duckdb"
    assert run("ingest", tmp_path / "own.csv", tmp_path / "list.csv", "--store", store).code == 0

    def verdict(day: str, *more: str) -> str:
        ask = ("--rule", "ofac-50", "--as-of", day, "--store", store, "--format", "json", *more)
        return str(run("party", "A", *ask).json[0]["verdicts"][0]["verdict"])

    assert [verdict(day) for day in ("2019-12-31", "2020-01-01", "2023-12-31", "2024-01-01")] == [
        "no", "yes", "yes", "no",
    ]  # fmt: skip
    assert verdict("2022-01-01", "--known-at", "2022-05-31") == "no"
    assert verdict("2022-01-01", "--known-at", "2022-06-01") == "yes"

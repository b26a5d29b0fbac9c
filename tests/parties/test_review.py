"""What people decide about pairs of records: remembered, honoured, replaced."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from diversion.parties.decisions import history, in_force
from diversion.parties.pair_features import FEATURES
from diversion.parties.pair_model import why
from diversion.schema import load
from diversion.store import open_store
from tests.case import run

PARTIES = """\
party_id,name,country,address,incorporated_on
C1,Kestrel Radian Trading FZE,AE,"12 Dock Road, Dubai",2020-01-01
C2,Kestrell Radian Trading,AE,,
C3,Sigma LLC,AE,"1 Palm Street, Dubai",2018-05-05
C4,Sigma LLC,AE,"1 Palm St., Dubai",
C5,Tau Harrier LLC,AE,,
C6,Tau Harier LLC,AE,,
C7,Tau Harrier,AE,,
"""
SHIPMENTS = """\
shipment_id,departed_on,arrived_on,exporter,exporter_id,exporter_country,consignee,consignee_id,\
consignee_country,hs_code,quantity,unit,value,currency
S-1,2023-03-01,2023-03-05,Tau Harrier LLC,C5,AE,Kestrel Radian Trading FZE,C1,AE,854231,1000,pieces,310000,USD
S-2,2023-03-02,2023-03-06,Tau Harrier LLC,C5,AE,Kestrel Radian Trading FZE,C1,AE,854231,1000,pieces,310000,USD
S-3,2023-03-03,2023-03-07,Other GmbH,,DE,Kestrel Radian Trading FZE,C1,AE,854231,1000,pieces,310000,USD
"""
BY = ("--by", "A. Clerk", "--reason", "the seals agree")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    for name, text in (("parties.csv", PARTIES), ("shipments.csv", SHIPMENTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    place = tmp_path / "s.duckdb"
    ran = run("ingest", tmp_path / "parties.csv", tmp_path / "shipments.csv", "--store", place)
    assert ran.code == 0, ran.err
    return place


def told(store: Path, *more: object) -> list[dict[str, Any]]:
    ran = run("review", "--store", store, "--format", "json", *more)
    assert ran.code == 0, ran.err
    rows: list[dict[str, Any]] = ran.json
    return rows


def pairs(store: Path) -> list[tuple[str, str]]:
    return [(row["party"], row["other"]) for row in told(store)]


def decide(store: Path, verdict: str, *parties: str) -> None:
    ran = run("review", verdict, *parties, *BY, "--store", store)
    assert ran.code == 0, ran.err


def parties_of(store: Path) -> set[str]:
    ran = run("party", "--all", "--store", store, "--format", "json")
    return {row["party_id"] for row in ran.json}


def test_open_pairs_come_with_score_and_reason_the_most_valuable_first(store: Path) -> None:
    rows = told(store)
    assert {"party", "other", "name", "other_name", "country", "other_country"} <= set(rows[0])
    assert all(0 < row["score"] < 0.95 and row["why"] for row in rows)
    values = [row["value"] for row in rows]
    assert values == sorted(values, reverse=True)
    by_pair = {(row["party"], row["other"]): row for row in rows}
    # Three shipments name C1; both records of Sigma are at one address, so they are one already.
    assert by_pair["C1", "C2"]["records"] == 3
    assert ("C3", "C4") not in by_pair and "C4" not in parties_of(store)
    assert {("C5", "C6"), ("C6", "C7")} <= set(by_pair)
    assert told(store, "--limit", 1) == rows[:1]


def test_confirmed_pairs_are_read_as_one_until_a_later_decision(store: Path) -> None:
    assert {"C1", "C2"} <= parties_of(store)
    decide(store, "confirm", "C2", "C1")
    assert "C2" not in parties_of(store) and ("C1", "C2") not in pairs(store)
    decide(store, "reject", "C1", "C2")
    assert {"C1", "C2"} <= parties_of(store) and ("C1", "C2") not in pairs(store)
    decide(store, "unsure", "C1", "C2")
    assert pairs(store)[-1] == ("C1", "C2")
    assert told(store)[-1]["unsure"]["reason"] == "the seals agree"
    made = told(store, "--decided")
    assert [(row["verdict"], row["number"], row["in_force"]) for row in made] == [
        ("confirmed", 1, False),
        ("rejected", 2, False),
        ("unsure", 3, True),
    ]
    assert {row["by"] for row in made} == {"A. Clerk"} and all(row["day"] for row in made)


def test_a_rejected_pair_is_not_joined_by_way_of_others(store: Path) -> None:
    decide(store, "reject", "C5", "C7")
    decide(store, "confirm", "C5", "C6")
    decide(store, "confirm", "C6", "C7")
    left = parties_of(store) & {"C5", "C6", "C7"}
    assert len(left) > 1
    with open_store(str(store), read_only=True) as opened:
        assert not opened.verify()


def test_decisions_that_contradict_one_another_are_told(store: Path) -> None:
    decide(store, "confirm", "C5", "C6")
    decide(store, "confirm", "C7", "C6")
    assert "warning" not in run("review", "--decided", "--store", store).err
    ran = run("review", "reject", "C7", "C5", *BY, "--store", store)
    assert ran.code == 0 and "C5 = C6 = C7" in ran.err
    assert "C5 = C6 = C7" in run("review", "--decided", "--store", store).err
    decide(store, "unsure", "C6", "C7")
    assert "warning" not in run("review", "--decided", "--store", store).err


def test_no_pair_is_named_twice(store: Path) -> None:
    decide(store, "reject", "C3", "C4")
    decided = run("review", "--decided", "--store", store).out
    assert "Sigma LLC" in decided and "rejected" in decided
    assert "are alike" not in run("review", "--store", store).out
    equal = [float(name == "name_equal") for name in FEATURES]
    assert why(("Sigma", "Sigma"), equal) == "the same name"
    assert why(("Sigma", "SIGMA"), equal) == "'Sigma' and 'SIGMA' are the same name"


def test_what_is_certain_can_be_undone(store: Path) -> None:
    decide(store, "reject", "C4", "C3")
    assert {"C3", "C4"} <= parties_of(store) and ("C3", "C4") not in pairs(store)


def test_a_run_of_the_past_does_not_know_later_decisions(store: Path) -> None:
    decide(store, "confirm", "C1", "C2")
    with open_store(str(store), read_only=True) as opened:
        table = opened.read("Decision")
    assert set(in_force(table)) == {("C1", "C2")}
    assert not in_force(table, date(2024, 1, 1))


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (("confirm", "C1", "nobody", *BY), 3, "nobody"),
        (("confirm", "C1", "C1", *BY), 2, "two"),
        (("reject", "C1", "C2", "--by", " ", "--reason", "x"), 2, "--by"),
        (("reject", "C1", "C2", "--by", "A"), 2, "reason"),
        (("--limit", "-1"), 2, "--limit"),
        (("reject", "C1", "C2", *BY, "--on", "2199-01-01"), 2, "to come"),
    ],
)
def test_wrong_usage_says_what_is_wrong(
    store: Path, arguments: tuple[str, ...], code: int, what: str
) -> None:
    ran = run("review", *arguments, "--store", store)
    assert ran.code == code, ran.err
    assert what in ran.err + ran.out


def test_no_store_is_made_by_a_decision(tmp_path: Path) -> None:
    ran = run("review", "confirm", "A", "B", *BY, "--store", tmp_path / "none.duckdb")
    assert ran.code == 3 and not (tmp_path / "none.duckdb").exists()


def test_decisions_on_other_things_are_no_decisions_on_matches() -> None:
    row = {"id": "D", "about": "route", "subject": "R-1", "verdict": "dismissed", "reason": "x", "by": "A"}
    table = pa.Table.from_pylist([{**row, "from": date(2025, 1, 1)}], schema=load()["Decision"].arrow)
    assert history(table) == []

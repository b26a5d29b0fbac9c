"""`diversion screen --pairs`: the matcher on labelled pairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from diversion.policy.policy import load
from tests.case import run, write_case

PAIRS = """left,right,left_country,right_country,left_identifier,right_identifier,left_date,right_date,kind,x
OOO Sigma Osprey,Sigma Osprey LLC,RU,RU,,,,,company,1

OOO Sigma Osprey,Sigma Osprey LLC,RU,ae,,,,,,0
Volga,Zephyr,,,inn:77-01,INN:7701,,,,1
Volga,Volga,,,inn:1,inn:2,,,,0
"Petrov, Ivan",Ivan Petrov,,,,,1952,1953-01-02,person,0
Volga,,,,,,,,,0
"""


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pairs.csv").write_text(PAIRS, encoding="utf-8")
    return tmp_path


def test_each_pair_has_a_score_in_the_order_of_the_file(there: Path) -> None:
    told = run("screen", "--pairs", "pairs.csv", "--format", "json").json
    assert [one["row"] for one in told] == [2, 4, 5, 6, 7, 8]
    assert all(set(one) == {"row", "score", "explanation"} for one in told)
    assert all(set(part) == {"part", "against", "effect"} for one in told for part in one["explanation"])
    same, country, number, clash, date, empty = (one["score"] for one in told)
    assert same == 1.0 and number == 0.99 and empty == 0.0
    cutoff = load().thresholds["match_cutoff"]
    assert cutoff < date < clash < country < 0.9


def test_no_store_changes_a_score_and_a_table_shows_the_pairs(there: Path) -> None:
    alone = run("screen", "--pairs", "pairs.csv")
    assert run("ingest", *write_case(there), "--store", "case.duckdb").code == 0
    ran = run("screen", "--pairs", "pairs.csv", "--store", "case.duckdb")
    assert ran.code == 0 and ran.out.split()[:6] == ["row", "score", "left", "right", "2", "1"]
    assert ran.out == alone.out
    assert run("screen", "--pairs", "pairs.csv", "--store", "nowhere.duckdb").code != 0


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", 'left,right\n"cut off,', "left,right\n\x00\x81", "left,right\nA Co., Ltd,B\n"]
)
def test_a_file_of_no_pairs_is_refused_or_judged_without_a_traceback(there: Path, text: str) -> None:
    (there / "bad.csv").write_bytes(text.encode("latin-1"))
    ran = run("screen", "--pairs", "bad.csv", "--format", "json")
    assert ran.code != 0 and "bad.csv" in ran.err and "Traceback" not in ran.err
    assert run("screen").code == 2

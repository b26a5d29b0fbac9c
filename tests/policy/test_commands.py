"""`policy show`, `diff` and `check` as a user calls them, and what a party is told of rules that ended."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diversion.cli import main
from diversion.policy.policy import load

PACK = """
[pack]
name = "house"
version = "3"

[[sets]]
name = "watched"
countries = ["KW"]
from = 2024-01-01
until = 2025-01-01
source = "our own"
status = "stated"

[[watchlist]]
name = "Heron Valves LLC"
effect = "denial"
from = 2024-01-01
until = 2025-01-01
country = "AE"
source = "our own visit"
"""
PARTIES = "party_id,name,country\nP1,Heron Valves LLC,AE\nP2,Osprey Mills GmbH,DE\n"
LISTINGS = "name,authority,programme,country,listed_on\nOsprey Mills GmbH,US OFAC,SDN,DE,2022-03-01\n"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "house.toml").write_text(PACK, encoding="utf-8")
    yield


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def data(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code, out, _ = run(capsys, *arguments, "--format", "json")
    assert code == 0
    return json.loads(out)


def test_show_tells_what_applies_on_the_day_and_what_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    told = data(capsys, "policy", "show", "ownership", "--as-of", "2025-12-01")
    names = [row["name"] for row in told["rules"]]
    assert "bis-affiliates" not in names and "ofac-50" in names and len(names) == len(set(names))
    assert told["policy"]["digest"] == load().digest and told["as_of"] == "2025-12-01"
    _, _, err = run(capsys, "policy", "show", "ownership", "--as-of", "2025-12-01")
    assert "bis-affiliates ended on 10 Nov 2025 and begins on 10 Nov 2026 (to be verified)" in err
    every = data(capsys, "policy", "show", "ownership", "--as-of", "2025-12-01", "--all")["rules"]
    standings = {row["standing"] for row in every if row["name"] == "bis-affiliates"}
    assert standings == {"ended on 10 Nov 2025", "begins on 10 Nov 2026"}
    assert all(row["source"] and row["status"] for row in every)


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_every_format_holds_every_rule(capsys: pytest.CaptureFixture[str], form: str) -> None:
    code, out, _ = run(capsys, "policy", "show", "--all", "--format", form)
    count = len(load().rules)
    assert code == 0
    if form == "json":
        assert len(json.loads(out)["rules"]) == count
    elif form == "jsonl":
        assert [json.loads(line)["table"] for line in out.splitlines()].count("goods") == 1
        assert len(out.splitlines()) == count
    elif form == "csv":
        assert len(list(csv.DictReader(io.StringIO(out)))) == count
    else:
        assert all(rule.name.split()[0] in out for rule in load().rules)


@pytest.mark.parametrize(
    ("name", "table", "says"),
    [
        ("bis-affiliates", "ownership", "at least 50 %"),
        ("854231", "goods", "tier 1"),
        ("852580", "concordance", "852589"),
        ("SDGT", "regimes", "E.O. 13224"),
        ("cu", "embargoes", "CU"),
        ("Transshipment", "sets", "18 countries"),
    ],
)
def test_a_rule_a_code_or_a_country_is_found(
    capsys: pytest.CaptureFixture[str], name: str, table: str, says: str
) -> None:
    rows = data(capsys, "policy", "show", name)["rules"]
    assert any(row["table"] == table and says in row["what"] for row in rows)


def test_a_name_that_is_none_is_told_with_those_near(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "policy", "show", "bis-affiliate")
    assert code == 3 and out == "" and "did you mean bis-affiliates" in err


def test_check_says_valid_or_all_faults(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "policy", "check", "house.toml")
    assert (code, out) == (0, "") and "valid; diversion+house" in err
    (tmp_path / "bad.toml").write_text(
        PACK.replace('"KW"', '"Kuwait"').replace("from =", "form ="), encoding="utf-8"
    )
    code, out, _ = run(capsys, "policy", "check", "bad.toml", "--format", "json")
    told = json.loads(out)
    assert code == 3 and told["valid"] is False and told["policy"] is None
    assert len(told["faults"]) == 4 and {"where", "what", "hint"} <= set(told["faults"][0])
    assert any("did you mean from?" in fault["hint"] for fault in told["faults"])


def test_diff_of_packs_and_of_days(capsys: pytest.CaptureFixture[str]) -> None:
    rows = data(capsys, "policy", "diff", "house.toml")
    assert {(row["name"], row["change"]) for row in rows} == {
        ("watched", "added"),
        ("Heron Valves LLC", "added"),
    }
    assert {row["change"] for row in data(capsys, "policy", "diff", "house.toml", "built-in")} == {"removed"}
    span = ("--as-of", "2024-12-31", "--against", "2025-01-01")
    assert data(capsys, "policy", "diff", *span) == []
    ended = data(capsys, "policy", "diff", *span, "--policy", "house.toml")
    assert {row["detail"].split(":")[0] for row in ended} == {"ended on 1 Jan 2025"}
    for wrong in (("house.toml", "--as-of", "2025-01-01"), (), ("house.toml", "--against", "2025-01-01")):
        assert run(capsys, "policy", "diff", *wrong)[0] == 2


def test_the_policy_of_diversion_toml_is_the_one_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "diversion.toml").write_text('policy = "house.toml"\n', encoding="utf-8")
    assert data(capsys, "policy", "show", "watched")["policy"]["name"] == "diversion+house"


def verdict(capsys: pytest.CaptureFixture[str], party: str, day: str) -> Any:
    asked = (
        "party",
        party,
        "--as-of",
        day,
        "--rule",
        "listed",
        "--store",
        "s.duckdb",
        "--policy",
        "house.toml",
    )
    (told,) = data(capsys, *asked)
    return told["verdicts"][0]


def test_a_watchlist_and_a_programme_end_on_their_day_and_the_party_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    programme = (
        '[[programmes]]\nname = "OFAC SDN"\nauthority = "OFAC"\nprogramme = "^SDN$"\neffect = "blocking"\n'
        'strength = 1\nuntil = 2024-07-01\nsource = "a test"\n'
    )
    (tmp_path / "house.toml").write_text(PACK + programme, encoding="utf-8")
    (tmp_path / "parties.csv").write_text(PARTIES, encoding="utf-8")
    (tmp_path / "listings.csv").write_text(LISTINGS, encoding="utf-8")
    assert run(capsys, "ingest", "parties.csv", "listings.csv", "--store", "s.duckdb")[0] == 0

    for party, last, first in (("P1", "2024-12-31", "2025-01-01"), ("P2", "2024-06-30", "2024-07-01")):
        assert verdict(capsys, party, last)["verdict"] == "yes"
        after = verdict(capsys, party, first)
        assert after["verdict"] == "no" and "an entry ended on" in after["reason"]
    assert "programme that ended on 1 Jul 2024" in verdict(capsys, "P2", "2025-01-01")["reason"]
    before = verdict(capsys, "P1", "2023-12-31")
    assert before["verdict"] == "no" and "begins on 1 Jan 2024" in before["reason"]
    (told,) = data(capsys, "screen", "Heron Valves", "--store", "s.duckdb", "--policy", "house.toml")
    assert told["hits"][0]["list"] == "watchlist"


def test_a_table_keeps_names_and_days_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        main(["policy", "show", "ownership", "--as-of", "2025-10-10"])
    shown = capsys.readouterr().out
    for whole in ("bis-affiliates", "uk-ownership-control", "from 2025-09-29", "until 2025-11-10"):
        assert whole in shown

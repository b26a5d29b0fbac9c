"""What terminals show of parties, holdings and hits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.case import run, write_case

HELD = """\
owner,owned,share,from,until
Volga Instruments,Heron Valve,60,2020-01-01,
Heron Valve,Osprey,,,2099-01-01
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "own.csv").write_text(HELD, encoding="utf-8")
    assert run("ingest", *write_case(folder), folder / "own.csv", "--store", folder / "s.duckdb").code == 0
    return folder / "s.duckdb"


def test_a_party_is_named_once_above_its_verdicts(store: Path) -> None:
    told = run("party", "Volga Instruments", "--store", store, "--as-of", "2023-01-01").out
    assert told.count("Volga Instruments (KZ)") == 1 and "since 2022-04-08" in told
    assert "destination" in told


def test_all_parties_are_told_briefly(store: Path) -> None:
    told = run("party", "--all", "--store", store).out
    assert "Volga Instruments" in told and "Honest Buyer" not in told and "  no " not in told


def test_an_open_verdict_says_what_would_decide_it(store: Path) -> None:
    asked = ("party", "Osprey", "--store", store, "--as-of", "2025-10-10")
    (told,) = run(*asked, "--format", "json").json
    asks = [ask for verdict in told["verdicts"] for ask in verdict["decided_by"]]
    shown = " ".join(run(*asked).out.split())
    assert asks and all(ask in shown for ask in asks)


def test_holdings_and_hits_fit_a_terminal(store: Path) -> None:
    held = run("owners", "Osprey", "--store", store, "--as-of", "2023-01-01").out
    assert "Heron Valve (no country)" in held and "unknown" in held and "to 2099-01-01" in held
    hit = run("screen", "Volga Instrument", "--store", store).out
    assert hit.count("Volga Instruments") == 1 and "instrument" in hit.lower() and "Entity List" in hit

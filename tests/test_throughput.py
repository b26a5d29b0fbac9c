"""Flow as a person asks for it, on the small case and in Python."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import diversion as dv
from diversion.errors import NotFound
from tests.case import run, write_case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which the small case has been analysed."""
    folder = tmp_path_factory.mktemp("flow")
    store = folder / "case.duckdb"
    assert run("ingest", *write_case(folder), "--store", store).code == 0
    assert run("analyze", "--store", store).code == 0
    return store


def test_what_left_before_anything_came_carries_nothing(case: Path) -> None:
    route = next(
        one["route_id"] for one in run("routes", "--store", case, "--format", "json").json if one["hops"] == 2
    )
    told = run("flow", route, "--store", case, "--format", "json").json
    # 1,000 and 1,200 came in, 2,100 went on; S-4 left before any of them came.
    assert (told["amount"], told["at_most"], told["unit"]) == (2100, 2100, "pieces")
    assert told["value_usd"] == pytest.approx(900_000)
    assert [one["shipment"] for one in told["cut"]] == ["S-3"]
    assert told["exact"]
    assert [party["name"] for party in told["to"]] == ["Volga Instruments"]
    within = run("flow", route, "--store", case, "--format", "json", "--since", "2023-03-02").json
    assert (within["amount"], within["shipments"]) == (1200, 2)
    assert [one["shipment"] for one in within["cut"]] == ["S-2"]
    shown = run("flow", "Volga Instruments", "--store", case).out
    assert "2,100 pieces" in shown
    assert "US$900,000" in shown


def test_what_cannot_be_answered_is_said(case: Path) -> None:
    absent = run("flow", "R-0", "--store", case)
    assert (absent.code, "no route" in absent.err) == (3, True)
    backward = run("flow", "1", "--store", case, "--since", "2023-03-02", "--until", "2023-03-02")
    assert backward.code == 2
    none = run("flow", "1", "--store", case, "--until", "2020-01-01")
    assert none.code == 0
    assert "no shipment" in none.out


def test_an_analysis_answers_the_same(case: Path) -> None:
    with dv.open_store(str(case), read_only=True) as store:
        analysis = dv.analyze(store)
    two = next(finding for finding in analysis.findings if finding.hops == 2)
    assert dv.flow(analysis, two.route_id).amount == 2100
    assert dv.flow(analysis, two.route_id, until=date(2023, 3, 9)).amount == 0
    assert dv.flow(analysis, two.restricted.party_id).amount == 2100
    with pytest.raises(NotFound):
        dv.flow(analysis, "nobody")

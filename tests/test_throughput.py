"""Flow as a person asks for it, on the small case and in Python."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import diversion as dv
from diversion.errors import NotFound
from tests.case import LISTINGS, SHIPMENTS, run, write_case


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
    # S-4 left before anything came: it was delivered, but by way of nobody.
    assert "at most 2,150 pieces" in shown
    assert "by way of others at most 2,100 pieces" in shown
    assert "US$909,000" in shown


def test_what_went_straight_there_counts_and_what_was_not_kept_is_said(tmp_path: Path) -> None:
    ways = (
        ("A", "B", 1, 100),
        ("B", "R", 3, 100),
        ("A", "C", 1, 500),
        ("C", "R", 3, 500),
        ("Z", "R", 1, 9000),
    )
    rows = [
        f"S-{n},2023-0{month}-01,2023-0{month}-05,{src}{src} Trading,CH,{dst}{dst} Trading,AE,854231,"
        f"circuits,{pieces},pieces,{pieces},USD\n"
        for n, (src, dst, month, pieces) in enumerate(ways)
    ]
    (tmp_path / "shipments.csv").write_text("\n".join([SHIPMENTS.splitlines()[0], ""]) + "".join(rows))
    listed = f"{LISTINGS.splitlines()[0]}\nRR Trading,US BIS,Entity List,2022-04-08,AE\n"
    (tmp_path / "listings.csv").write_text(listed)
    store = tmp_path / "case.duckdb"
    files = [tmp_path / "shipments.csv", tmp_path / "listings.csv"]
    assert run("ingest", *files, "--store", store).code == 0
    assert run("analyze", "--store", store).code == 0
    told = run("flow", "RR Trading", "--store", store, "--format", "json").json
    assert (told["amount"], told["at_most"], told["indirect"]) == (9600, 9600, 600)
    assert not any("--top 0" in caveat for caveat in told["caveats"])
    assert run("analyze", "--top", "2", "--store", store).code == 0
    for one in run("routes", "--store", store, "--format", "json").json:
        of = run("flow", one["route_id"], "--store", store, "--format", "json").json
        assert of["indirect"] == (of["amount"] if one["hops"] > 1 else 0)
    fewer = run("flow", "RR Trading", "--store", store, "--format", "json").json
    assert any("--top 0" in caveat for caveat in fewer["caveats"])


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
    to_end = dv.flow(analysis, two.restricted.party_id)
    assert (to_end.amount, to_end.indirect) == (2150, 2100)
    with pytest.raises(NotFound):
        dv.flow(analysis, "nobody")

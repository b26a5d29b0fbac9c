"""What an analyst asks, from files to findings: dated holdings, named ends, goods, time limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from diversion import pipeline
from diversion.options import Options
from diversion.pipeline import analyze
from diversion.policy.policy import load
from diversion.routes.corridors import Limits
from diversion.store import open_store
from tests.case import LISTINGS, run
from tests.routes.test_limits import ticking

HEADER = """\
shipment_id,departed_on,arrived_on,exporter,exporter_country,consignee,consignee_country,hs_code,description,\
quantity,unit,value,currency
"""
ROW = "{id},{left},{came},{sender},,{receiver},{country},{hs},circuits,10,pieces,1000,USD\n"
COUNTRY = {"Volga Instruments": "KZ"}
JUMP = [
    ("S-1", "2023-03-01", "2023-03-05", "Nordic Radian AG", "Kestrel Trading FZE", "854231"),
    ("S-2", "2023-03-20", "2023-03-28", "Merlin Supply FZE", "Volga Instruments", "854231"),
]


def analyzed(folder: Path, rows: Sequence[tuple[str, ...]], owners: str, *options: str) -> tuple[Any, Any]:
    """The summary and the routes."""
    names = ("id", "left", "came", "sender", "receiver", "hs")
    shipments = HEADER + "".join(
        ROW.format(country=COUNTRY.get(row[4], ""), **dict(zip(names, row, strict=True))) for row in rows
    )
    files = {"shipments.csv": shipments, "listings.csv": LISTINGS, "ownership.csv": owners}
    paths = [folder / name for name, text in files.items() if text]
    for path in paths:
        path.write_text(files[path.name], encoding="utf-8")
    store = folder / "case.duckdb"
    done = run("ingest", *paths, "--store", store)
    assert done.code == 0, done.err
    told = run("analyze", "--store", store, "--format", "json", *options)
    assert told.code == 0, told.err
    return told.json, run("routes", "--store", store, "--format", "json").json


def owned(until: str, *, share: int = 60) -> str:
    rows = "owner,owned,share_min,from,until\n"
    rows += f"Falcon Holding,Kestrel Trading FZE,{share},2020-01-01,{until}\n"
    return rows + "Falcon Holding,Merlin Supply FZE,100,,\n"


@pytest.mark.parametrize(
    ("until", "hops", "upper"),
    [("", [1, 2], False), ("2023-03-21", [1, 2], True), ("2023-03-20", [1], True), ("2021-01-01", [1], True)],
)
def test_a_sister_company_stands_in_while_both_had_the_owner(
    tmp_path: Path, until: str, hops: list[int], upper: bool
) -> None:
    told, routes = analyzed(tmp_path, JUMP, owned(until))
    assert sorted(route["hops"] for route in routes) == hops
    walks = [(walk["count"], walk["upper_bound"]) for walk in told["walks"]]
    assert walks == [(1, False), (1, upper), *[(0, False)] * 3]


def test_a_holding_below_half_lets_nobody_stand_in(tmp_path: Path) -> None:
    told, _ = analyzed(tmp_path, JUMP, owned("", share=49))
    assert [walk["count"] for walk in told["walks"]] == [1, 0, 0, 0, 0]


CHAIN = [
    ("S-1", "2023-03-01", "2023-03-05", "Nordic Radian AG", "Kestrel Trading FZE", "854231"),
    ("S-2", "2023-03-02", "2023-03-06", "Alpine Parts AG", "Kestrel Trading FZE", "854231"),
    ("S-3", "2023-03-20", "2023-03-28", "Kestrel Trading FZE", "Honest Buyer Ltd", "854232"),
    ("S-4", "2023-04-02", "2023-04-08", "Honest Buyer Ltd", "Volga Instruments", "854232"),
    ("S-5", "2023-04-02", "2023-04-08", "Kestrel Trading FZE", "Volga Instruments", "640399"),
]


def parties(routes: Any) -> list[list[str]]:
    return sorted([party["name"].split()[0] for party in route["parties"]] for route in routes)


def test_goods_nobody_looks_for_are_left_out_and_a_heading_is_not(tmp_path: Path) -> None:
    told, routes = analyzed(tmp_path, CHAIN, "")
    assert parties(routes) == [
        ["Alpine", "Kestrel", "Honest", "Volga"],
        ["Honest", "Volga"],
        ["Kestrel", "Honest", "Volga"],
        ["Nordic", "Kestrel", "Honest", "Volga"],
    ]
    assert [walk["count"] for walk in told["walks"]] == [1, 1, 2, 0, 0]
    assert told["transfers"] == 5


def test_named_origins_and_ends_are_exactly_those(tmp_path: Path) -> None:
    first, _ = analyzed(tmp_path, CHAIN, "")
    ids = {row["name"]: row["party_id"] for row in run("party", "--all", *at(tmp_path)).json}
    nordic, honest = ids["Nordic Radian AG"], ids["Honest Buyer Ltd"]
    told = run("analyze", *at(tmp_path), "--from", nordic).json
    assert [walk["count"] for walk in told["walks"]] == [0, 0, 1, 0, 0]
    told = run("analyze", *at(tmp_path), "--to", honest).json
    assert [walk["count"] for walk in told["walks"]] == [1, 2, 0, 0, 0]
    told = run("analyze", *at(tmp_path), "--from", nordic, "--to", honest).json
    assert [walk["count"] for walk in told["walks"]] == [0, 1, 0, 0, 0]
    assert told["transfers"] == first["transfers"]


def at(folder: Path) -> tuple[object, ...]:
    return "--store", folder / "case.duckdb", "--format", "json"


def test_a_search_ends_by_itself_or_by_the_time_limit_and_says_which(tmp_path: Path) -> None:
    whole, routes = analyzed(tmp_path, CHAIN, "")
    assert Options().time_limit is None and Limits() == Limits(examined=None, seconds=None)
    exact = {"exact": True, "truncated_by": None, "examined": 4, "proven": 4}
    assert whole["search"] == exact and len(routes) == 4
    for flag, word in (("--time-limit", "seconds"), ("--memory-limit", "memory")):
        cut = run("analyze", *at(tmp_path), flag, "0.000001").json
        assert (cut["search"]["exact"], cut["search"]["truncated_by"]) == (False, word)
        assert cut["walks"] == whole["walks"] and cut["corridors"] == cut["search"]["examined"] == 1
        assert run("routes", *at(tmp_path)).json[0]["route_id"] in {one["route_id"] for one in routes}
        long = run("analyze", *at(tmp_path), flag, "3600000").json
        assert long["search"] == whole["search"]
        for none in ("nan", "0", "-5", "inf"):
            wrong = run("analyze", *at(tmp_path), f"{flag}={none}")
            assert wrong.code == 2 and flag in wrong.err


def test_open_ended_questions(tmp_path: Path) -> None:
    analyzed(tmp_path, CHAIN, "")
    ids = {row["name"]: row["party_id"] for row in run("party", "--all", *at(tmp_path)).json}
    nordic, honest = ids["Nordic Radian AG"], ids["Honest Buyer Ltd"]
    kestrel, volga = ids["Kestrel Trading FZE"], ids["Volga Instruments"]

    def asked(*options: str) -> tuple[list[int], list[list[str]]]:
        told = run("analyze", *at(tmp_path), *options).json
        return [walk["count"] for walk in told["walks"]], parties(run("routes", *at(tmp_path)).json)

    downstream = [["Nordic", "Kestrel"], ["Nordic", "Kestrel", "Honest"]]
    whole = ["Nordic", "Kestrel", "Honest", "Volga"]
    assert asked("--from", nordic, "--to", "anywhere") == ([1, 1, 1, 0, 0], [*downstream, whole])
    assert asked("--from", nordic, "--to", "anywhere", "--avoid", volga) == ([1, 1, 0, 0, 0], downstream)
    upstream = [["Alpine", "Kestrel", "Honest"], ["Kestrel", "Honest"], ["Nordic", "Kestrel", "Honest"]]
    assert asked("--to", honest) == ([1, 2, 0, 0, 0], upstream)
    assert asked("--through", kestrel) == ([0, 0, 2, 0, 0], [["Alpine", *whole[1:]], whole])
    assert asked("--through", kestrel, "--avoid", nordic) == ([0, 0, 1, 0, 0], [["Alpine", *whole[1:]]])
    wrong = run("analyze", *at(tmp_path), "--to", "anywhere", "--to", honest)
    assert wrong.code == 2 and "no other end" in wrong.err


def test_a_question_that_nothing_can_answer_is_refused(tmp_path: Path) -> None:
    analyzed(tmp_path, CHAIN, "")
    ids = {row["name"]: row["party_id"] for row in run("party", "--all", *at(tmp_path)).json}
    nordic, kestrel = ids["Nordic Radian AG"], ids["Kestrel Trading FZE"]
    for one, other in (("--through", "--avoid"), ("--from", "--avoid"), ("--to", "--avoid")):
        wrong = run("analyze", *at(tmp_path), one, kestrel, other, kestrel)
        assert wrong.code == 2 and kestrel in wrong.err and one in wrong.err
    for other in ("--through", "--to"):
        assert run("analyze", *at(tmp_path), "--from", nordic, other, nordic).code == 2
    some = ("--through", kestrel, "--through", nordic)
    assert run("analyze", *at(tmp_path), *some, "--avoid", nordic).json["corridors"] == 1
    named = run("analyze", *at(tmp_path), "--to", "Kestrel Trading FZE")
    assert named.code != 0 and kestrel in named.err and nordic not in named.err


def test_a_stream_is_the_ranking_line_by_line_and_then_the_summary(tmp_path: Path) -> None:
    told, routes = analyzed(tmp_path, CHAIN, "")
    lines = [json.loads(line) for line in run("analyze", *at(tmp_path)[:2], "--stream").out.splitlines()]
    assert [line["route_id"] for line in lines[:-1]] == [route["route_id"] for route in routes]
    assert all(line["search"]["exact"] for line in lines[:-1])
    assert {**lines[-1], "seconds": 0} == {**told, "seconds": 0}
    assert run("analyze", *at(tmp_path), "--stream").code == 2
    cut = run("analyze", *at(tmp_path)[:2], "--stream", "--time-limit", "0.000001").out.splitlines()
    assert len(cut) == 2 and json.loads(cut[1])["search"]["truncated_by"] == "seconds"


def test_a_clock_that_runs_out_leaves_the_head_of_the_ranking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, routes = analyzed(tmp_path, CHAIN, "")
    whole, cut = [route["route_id"] for route in routes], set()
    with open_store(str(tmp_path / "case.duckdb")) as store:
        for seconds in range(0, 40, 2):
            limits = Limits(seconds=seconds, began=0.0, clock=ticking())
            monkeypatch.setattr(pipeline, "limits_of", lambda options, limits=limits: limits)
            analysis = analyze(store, Options(), load())
            search, ids = analysis.summary["search"], [one.route_id for one in analysis.findings]
            assert ids[: search["proven"]] == whole[: search["proven"]] and set(ids) <= set(whole)
            assert analysis.summary["corridors"] == len(ids) <= search["examined"]
            assert search["exact"] == (search["truncated_by"] is None) == (ids == whole and search["exact"])
            assert all(one.search.exact == search["exact"] for one in analysis.findings)
            cut.add((len(ids), search["exact"]))
    assert {(1, False), (4, True)} < cut and len(cut) > 3


@pytest.mark.parametrize(("members", "stands_in"), [(50, True), (51, False)])
@pytest.mark.parametrize("link", ["address", "owner"])
def test_a_mass_registration_lets_nobody_stand_in(
    tmp_path: Path, link: str, members: int, stands_in: bool
) -> None:
    others = [f"Company {n:02} LLC" for n in range(members - 2)]
    all_ = ["Kestrel Trading FZE", "Merlin Supply FZE", *others]
    rows = [f"P-{n},{name},AE,{'1 Dock Road' if link == 'address' else n}" for n, name in enumerate(all_)]
    (tmp_path / "parties.csv").write_text("party_id,name,country,address\n" + "\n".join(rows), "utf-8")
    assert run("ingest", tmp_path / "parties.csv", *at(tmp_path)).code == 0
    held = [f"Falcon Holding,{name},100,2020-01-01," for name in all_ if link == "owner"]
    owners = "\n".join(["owner,owned,share_min,from,until", *held]) if held else ""
    told, _ = analyzed(tmp_path, JUMP, owners)
    assert [walk["count"] for walk in told["walks"]] == [1, int(stands_in), 0, 0, 0]


def test_what_was_cut_short_before_a_route_was_told_does_not_say_that_there_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from diversion.commands.search import _summary

    told, _ = analyzed(tmp_path, CHAIN, "")
    capsys.readouterr()
    _summary({**told, "search": {**told["search"], "truncated_by": "memory"}}, ())
    said = "".join(capsys.readouterr())
    assert "cut short before it told a route" in said and "no route was found" not in said

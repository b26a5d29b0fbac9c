"""Which transfers end a route: by the goods of the embargo, and by where the record says they went."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.case import run

HEAD = (
    "shipment_id,departed_on,arrived_on,exporter,exporter_id,exporter_country,consignee,consignee_id,"
    "consignee_country,end_user,end_user_id,end_user_country,hs_code,quantity,unit\n"
)
PARTIES = """\
party_id,name,country
M,Nordic Radian AG,CH
T,Kestrel Trading FZE,AE
A,Dune Instruments LLC,AE
R,Sever Pribor OOO,RU
U,Ural Zavod OOO,RU
"""
PACK = """\
[pack]
name = "chairs"
version = "1"

[[goods]]
name = "chairs"
source = "a test"
status = "stated"
codes = [{ hs6 = "940360" }]
"""
CHIPS, KIN, CHAIRS = "854231", "854290", "940360"
NAMES = dict(line.split(",")[:2] for line in PARTIES.splitlines()[1:])


def row(number: int, ends: str, to: str, goods: str, user: str = "") -> str:
    src, dst = ends[0], ends[1]
    day = f"2023-0{number}-01,2023-0{number}-05"
    declared = f"{NAMES[user]},{user},RU" if user else ",,"
    return f"S-{number},{day},{NAMES[src]},{src},,{NAMES[dst]},{dst},{to},{declared},{goods},10,pieces\n"


def ends(folder: Path, rows: list[str], *options: str) -> set[str]:
    """Ids of the last shipments of the routes found."""
    (folder / "shipments.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    (folder / "parties.csv").write_text(PARTIES, encoding="utf-8")
    (folder / "pack.toml").write_text(PACK, encoding="utf-8")
    given: list[Any] = ["--store", folder / "case.duckdb", "--format", "json"]
    done = run("ingest", folder / "shipments.csv", folder / "parties.csv", *given)
    assert done.code == 0 and done.json["totals"]["rejected"] == 0, done.err
    done = run("analyze", *given, "--policy", folder / "pack.toml", *options)
    assert done.code == 0, done.err
    routes = run("routes", *given, "--policy", folder / "pack.toml").json
    return {shipment for route in routes for shipment in route["shipments"][-1]}


def test_chairs_to_russia_are_no_end_and_circuits_are(tmp_path: Path) -> None:
    rows = [row(1, "MR", "RU", CHAIRS), row(2, "MR", "RU", CHIPS)]
    assert ends(tmp_path, rows) == {"S-2"}


@pytest.mark.parametrize(("to", "found"), [("RU", {"S-1"}), ("AE", set()), ("", set())])
def test_the_record_says_where_the_goods_went(tmp_path: Path, to: str, found: set[str]) -> None:
    assert ends(tmp_path, [row(1, "MA", to, CHIPS)]) == found


@pytest.mark.parametrize(("to", "found"), [("AE", set()), ("", {"S-1"})])
def test_a_record_without_country_leaves_that_of_the_party(tmp_path: Path, to: str, found: set[str]) -> None:
    assert ends(tmp_path, [row(1, "MR", to, CHIPS)]) == found


@pytest.mark.parametrize(("goods", "found"), [(CHIPS, {"S-1"}), (CHAIRS, set())])
def test_the_declared_user_is_where_it_is_registered(tmp_path: Path, goods: str, found: set[str]) -> None:
    assert ends(tmp_path, [row(1, "MA", "AE", goods, "U")]) == found


@pytest.mark.parametrize(("avoid", "found"), [("R", set()), ("U", {"S-1"})])
def test_a_declared_user_to_avoid_ends_nothing(tmp_path: Path, avoid: str, found: set[str]) -> None:
    assert (
        ends(tmp_path, [row(1, "MA", "AE", CHIPS, "R"), row(2, "MT", "AE", CHIPS)], "--avoid", avoid) == found
    )


@pytest.mark.parametrize(("relations", "found"), [("all", {"S-2"}), ("relabel", {"S-2"}), ("jump", set())])
def test_relabelled_goods_reach_the_embargo(tmp_path: Path, relations: str, found: set[str]) -> None:
    rows = [row(1, "MT", "AE", CHIPS), row(2, "TR", "RU", KIN)]
    assert ends(tmp_path, rows, "--relations", relations) == found


def test_a_rule_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    ends(tmp_path, [row(1, "MR", "RU", CHIPS)])
    done = run("party", "R", "--rule", "ofac50", "--store", tmp_path / "case.duckdb")
    assert done.code == 2 and "ofac-50" in done.err and "destination" in done.err
    (told,) = run(
        "party", "R", "--rule", "destination", "--store", tmp_path / "case.duckdb", "--format", "json"
    ).json
    assert [verdict["rule"] for verdict in told["verdicts"]] == ["destination"]

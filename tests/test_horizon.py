"""What was received later must not be known earlier, table by table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diversion.assemble import people_of
from diversion.horizon import parties_known
from diversion.options import Options
from diversion.policy.policy import load
from diversion.store import open_store
from diversion.store.base import Batch
from tests.case import LISTINGS, SHIPMENTS, run
from tests.parties.worlds import party_table

PARTIES = """\
party_id,name,kind,country,address,incorporated_on
K-1,Kestrel Trading FZE,company,AE,"Tower 1, Dubai",2023-01-01
V-1,Volga Instruments,company,KZ,"Lenin St 4, Almaty",1990-01-01
"""
OWNERSHIP = "owner,owned,share\nVolga Instruments,Kestrel Trading FZE,60\n"
EARLY, LATE, LOOK = "2023-01-10", "2025-01-01", "2023-08-01"


def told(folder: Path, received: dict[str, str], *files: str) -> Any:
    texts = {"shipments": SHIPMENTS, "listings": LISTINGS, "parties": PARTIES, "ownership": OWNERSHIP}
    store = folder / "case.duckdb"
    for name in files:
        path = folder / f"{name}.csv"
        path.write_text(texts[name], encoding="utf-8")
        day = received.get(name, EARLY)
        assert run("ingest", path, "--store", store, "--known-on", day).code == 0
    assert run("analyze", "--store", store, "--known-at", LOOK).code == 0
    return run("routes", "--store", store, "--format", "json").json


@pytest.mark.parametrize("late", ["parties", "ownership"])
def test_a_file_received_later_tells_nothing_yet(tmp_path: Path, late: str) -> None:
    for name in ("with", "without"):
        (tmp_path / name).mkdir()
    files = ("shipments", "listings", "parties", "ownership")
    later = told(tmp_path / "with", {late: LATE}, *files)
    never = told(tmp_path / "without", {}, *(name for name in files if name != late))
    known = told(tmp_path / "with", {}, *files)

    def points(routes: Any) -> list[float]:
        return [route["score"] for route in routes]

    assert points(later) == points(never)
    assert points(known) != points(never)


def test_a_shipment_received_later_is_on_no_route(tmp_path: Path) -> None:
    assert told(tmp_path, {"shipments": LATE}, "shipments", "listings") == []


def stated(folder: Path, day: str, **more: Any) -> None:
    """A register that states a person, received on `day`."""
    person = {"id": "P-1", "name": "Ivan Petrov", "kind": "person", "country": "RU"}
    table = party_table([{**person, **more, "known_on": date.fromisoformat(day)}])
    with open_store(str(folder / "case.duckdb")) as store:
        store.write(Batch(day, {"Party": table}))


def parties(folder: Path, known_at: str) -> dict[str, dict[str, Any]]:
    with open_store(str(folder / "case.duckdb"), read_only=True) as store:
        found = parties_known(store.read("Party"), date.fromisoformat(known_at))
    return {row["id"]: row for row in found.to_pylist()}


def test_an_alias_and_a_birth_that_became_known_later_are_not_told_before(tmp_path: Path) -> None:
    said = {"born": "1971-05-17", "aliases": ["Johann Kestrel"], "contacts": ["email:ivan@kestrel.ae"]}
    stated(tmp_path, EARLY)
    assert parties(tmp_path, LOOK)["P-1"]["country"] == "RU"
    stated(tmp_path, LATE, **said)
    before, after = parties(tmp_path, LOOK)["P-1"], parties(tmp_path, LATE)["P-1"]
    assert before["name"] == after["name"] == "Ivan Petrov"
    assert [before[column] for column in said] == [None, None, None]
    assert {column: after[column] for column in said} == said
    with open_store(str(tmp_path / "case.duckdb"), read_only=True) as store:
        names = {
            day: people_of(store, Options(known_at=date.fromisoformat(day)), load(), date(2025, 6, 1))
            for day in (LOOK, LATE)
        }
    assert "Johann Kestrel" not in set(names[LOOK].directory.names["name"])
    assert "Johann Kestrel" in set(names[LATE].directory.names["name"])


def test_a_party_met_in_a_shipment_before_its_register_is_no_more_than_a_name(tmp_path: Path) -> None:
    sent = SHIPMENTS.replace("consignee,", "consignee,consignee_id,", 1)
    lines = [line.replace("Volga Instruments,", "Volga Instruments,V-1,", 1) for line in sent.splitlines()]
    rows = [lines[0], *(line for line in lines if "V-1" in line)]
    for name, text, day in (("s", "\n".join(rows) + "\n", EARLY), ("p", PARTIES, LATE)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        ran = run("ingest", tmp_path / f"{name}.csv", "--store", tmp_path / "case.duckdb", "--known-on", day)
        assert ran.code == 0, ran.err
    assert parties(tmp_path, LOOK)["V-1"]["incorporated_on"] is None
    assert parties(tmp_path, LATE)["V-1"]["incorporated_on"] == date(1990, 1, 1)

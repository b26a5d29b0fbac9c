"""What was received later must not be known earlier, table by table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.case import LISTINGS, SHIPMENTS, run

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

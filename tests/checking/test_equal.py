"""A check of one shipment tells the routes that a run over everything tells with it, to the last digit."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

import diversion as dv
from diversion.checking.checker import Checker, Checking
from diversion.checking.filed import read
from diversion.checking.stated import stated
from diversion.ingest.options import IngestOptions
from diversion.options import Options, Relations
from diversion.policy.policy import load
from diversion.store.base import Store
from tests.conftest import ROOT

SAMPLE = ROOT / "sample_data"
TAKEN = ("S-10438", "S-10915", "S-13384", "S-10514", "S-13614")
"""Of the first planted route: shipments of both hops, the last of them its last."""
BY_ITSELF = ("records", "search")
"""What tells where a shipment was read, and how many were looked at: not of the route."""


def rows() -> list[dict[str, str]]:
    with (SAMPLE / "shipments.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(folder: Path, name: str, some: list[dict[str, str]]) -> Path:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(some[0]))
        writer.writeheader()
        writer.writerows(some)
    return folder / name


@pytest.fixture(scope="module")
def parted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """A folder with a store that lacks some shipments, and one that holds all."""
    folder = tmp_path_factory.mktemp("equal")
    every = rows()
    old = written(folder, "old.csv", [row for row in every if row["shipment_id"] not in TAKEN])
    new = written(folder, "new.csv", [row for row in every if row["shipment_id"] in TAKEN])
    others = [SAMPLE / f"{name}.csv" for name in ("parties", "ownership", "listings")]
    with dv.open_store(str(folder / "less.duckdb")) as store:
        assert not dv.read_files(store, [old, *others]).refused
    shutil.copy(folder / "less.duckdb", folder / "all.duckdb")
    with dv.open_store(str(folder / "all.duckdb")) as store:
        assert not dv.read_files(store, [new]).refused
    yield folder / "less.duckdb", folder / "all.duckdb"


def told(route: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in route.items() if name not in BY_ITSELF}


def full(store: Store, options: Options) -> list[dict[str, Any]]:
    return [told(finding.as_json()) for finding in dv.analyze(store, options, keep_gb=0).findings]


def using(shipment: str, routes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [route for route in routes if any(shipment in hop for hop in route["shipments"])]


@pytest.mark.parametrize("relations", ["strict", "all"])
def test_new_shipments_tell_the_routes_that_a_full_run_tells(
    parted: tuple[Path, Path], relations: Relations
) -> None:
    less, whole = parted
    options = Options(hops=4, relations=relations, top=0)
    with dv.open_store(str(whole), read_only=True) as store:
        expected = full(store, options)
    with dv.open_store(str(less), read_only=True) as store:
        checker = Checker(store, load(), Checking(options, top=0))
        (filed,) = read(less.parent / "new.csv", store, IngestOptions(), checker.day)
        found = checker.filed(filed)
    last = found[-1]
    assert last["shipment_id"] == TAKEN[-1] and len(using(TAKEN[-1], expected)) > 1
    assert [told(route) for route in last["routes"]] == using(TAKEN[-1], expected)
    # Those before lack only what is made of rows after them.
    for one in found[:-1]:
        ids = {route["route_id"] for route in using(one["shipment_id"], expected)}
        assert {route["route_id"] for route in one["routes"]} <= ids


def test_a_shipment_of_the_same_id_takes_the_place_of_the_one_on_record(parted: tuple[Path, Path]) -> None:
    _, whole = parted
    options = Options(hops=5, top=0)
    with dv.open_store(str(whole), read_only=True) as store:
        expected = full(store, options)
        used = sorted(
            {one for route in expected for hop in route["shipments"] for one in hop if "/" not in one}
        )
        by_id = {row["shipment_id"]: row for row in rows()}
        some = [*Random(3).sample(used, 8), "S-00002"]
        checker = Checker(store, load(), Checking(options, top=0))
        for shipment in some:
            filed = stated([by_id[shipment]], checker.policy.rates, checker.day)
            (one,) = checker.filed(filed)
            assert [told(route) for route in one["routes"]] == using(shipment, expected), shipment


def test_rows_under_canonical_names_are_read_as_a_file_of_them_is(
    parted: tuple[Path, Path], tmp_path: Path
) -> None:
    less, _ = parted
    some = Random(5).sample(rows(), 300)
    options = IngestOptions()
    with dv.open_store(str(less), read_only=True) as store:
        (file,) = read(written(tmp_path, "some.csv", some), store, options, options.day)
    made = stated(some, options.rates, options.day)
    assert made.report.rejected == file.report.rejected == 0
    for mine, theirs in zip(made.shipments.to_pylist(), file.shipments.to_pylist(), strict=True):
        own = ("source", "row")
        assert {k: v for k, v in mine.items() if k not in own} == {
            k: v for k, v in theirs.items() if k not in own
        }
    assert set(made.parties["id"].to_pylist()) == set(file.parties["id"].to_pylist())

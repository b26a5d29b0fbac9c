"""Snapshots of a list: what came, changed and went is kept with its day; a broken feed is not believed."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from diversion.ingest.versions import FEW
from diversion.store.base import Store
from tests.ingest.world import Content, content, empty_store, one

HEADER = ["entity_number", "source", "programs", "name", "addresses", "alt_names"]
SDN = "Specially Designated Nationals (SDN) - Treasury Department"
EL = "Entity List (EL) - Bureau of Industry and Security"


def entry(number: int, name: str = "", source: str = SDN, aliases: str = "") -> list[str]:
    return [str(number), source, "RUSSIA-EO14024", name or f"Party {number}", "Moscow, RU", aliases]


def snapshot(path: Path, rows: Sequence[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    return path


FIRST, SECOND, THIRD = (date(2024, month, 1) for month in (1, 2, 3))
VERSIONS = {
    FIRST: [entry(n) for n in range(1, 6)],
    SECOND: [*(entry(n) for n in range(2, 5)), entry(5, "Party Five"), entry(6)],
    THIRD: [entry(n) for n in (1, 2, 3, 4)],
}


def load(store: Store, folder: Path, days: Sequence[date]) -> None:
    for day in days:
        report = one(store, snapshot(folder / f"{day}.csv", VERSIONS[day]), known_on=day)
        assert report.refused is None


def changes(store: Store) -> set[tuple[date, str, str]]:
    rows = store.read("ListChange").to_pylist()
    return {(row["day"], row["listing"].rpartition(":")[2], row["change"]) for row in rows}


def test_each_snapshot_tells_what_it_changed(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        load(store, tmp_path, [FIRST, SECOND, THIRD])
        assert changes(store) == {
            (SECOND, "1", "removed"),
            (SECOND, "5", "changed"),
            (SECOND, "6", "added"),
            (THIRD, "1", "returned"),
            (THIRD, "5", "removed"),
            (THIRD, "6", "removed"),
        }
        held = {row["id"].rpartition(":")[2]: row for row in store.read("Listing").to_pylist()}
        assert {key: row["gone_on"] for key, row in held.items() if row["gone_on"]} == {
            "5": THIRD,
            "6": THIRD,
        }
        assert (held["1"]["first_seen"], held["6"]["first_seen"]) == (FIRST, SECOND)
        (changed,) = (row for row in store.read("ListChange").to_pylist() if row["change"] == "changed")
        assert json.loads(changed["before"])["name"] == "Party 5"
        assert store.verify() == []


def test_the_report_counts_changes_and_rows_apart(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        load(store, tmp_path, [FIRST])
        path = snapshot(tmp_path / "second.csv", VERSIONS[SECOND])
        report = one(store, path, known_on=SECOND)
        assert (report.read, report.loaded, report.unchanged) == (5, 2, 3)
        version = report.as_json()["version"]
        assert version == {
            "list": "us_csl",
            "day": "2024-02-01",
            "previous": "2024-01-01",
            "added": 1,
            "changed": 1,
            "removed": 1,
            "returned": 0,
        }
        again = one(store, path, known_on=SECOND)
        assert (again.loaded, again.unchanged) == (0, 5)
        assert again.version is not None and again.version.removed == again.version.added == 0


def _standing(found: Content) -> list[tuple[object, ...]]:
    return [(row["id"], row["name"], row["first_seen"], row["gone_on"]) for row in found["Listing"]]


def test_snapshots_may_come_in_any_order_but_for_what_returned(tmp_path: Path) -> None:
    ends = []
    for at, days in enumerate(permutations([FIRST, SECOND])):
        (folder := tmp_path / str(at)).mkdir()
        with empty_store(folder) as store:
            load(store, folder, days)
            ends.append(_standing(content(store)))
    assert ends[0] == ends[1]


LARGE = [entry(n) for n in range(300)] + [entry(n, source=EL) for n in range(1000, 1100)]


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        (LARGE[150:], "150 entries of US OFAC SDN"),
        (LARGE[:300], "US BIS Entity List"),
        (LARGE[30:300] + LARGE[300:], None),
        ([entry(n + 5000) for n in range(300)] + LARGE[300:], "missing"),
    ],
)
def test_a_snapshot_that_lost_too_much_is_refused_until_accepted(
    tmp_path: Path, rows: list[list[str]], part: str | None
) -> None:
    with empty_store(tmp_path) as store:
        one(store, snapshot(tmp_path / "a.csv", LARGE), known_on=FIRST)
        before = content(store)
        path = snapshot(tmp_path / "b.csv", rows)
        report = one(store, path, known_on=SECOND)
        if part is None:
            assert report.refused is None
            return
        assert report.refused and part in report.refused and "--accept-shrink" in report.refused
        assert content(store) == before
        assert one(store, path, known_on=SECOND, max_shrink=None).refused is None
        gone = sum(1 for row in store.read("Listing").to_pylist() if row["gone_on"] == SECOND)
        assert gone == len({row[0] for row in LARGE} - {row[0] for row in rows}) > FEW

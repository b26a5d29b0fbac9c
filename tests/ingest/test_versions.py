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
            "entries": 5,
            "later": 0,
            "gone": 0,
        }
        again = one(store, path, known_on=SECOND)
        assert (again.loaded, again.unchanged) == (0, 5)
        assert again.version is not None and again.version.removed == again.version.added == 0


def _standing(found: Content) -> list[tuple[object, ...]]:
    rows = found["Listing"]
    return [(row["id"], row["name"], row["first_seen"], row["gone_on"], row["gaps"]) for row in rows]


def test_snapshots_may_come_in_any_order(tmp_path: Path) -> None:
    """Of an entry that left and came back too; in them 1 is there, away and back."""
    ends, told = [], []
    for at, days in enumerate(permutations(VERSIONS)):
        (folder := tmp_path / str(at)).mkdir()
        with empty_store(folder) as store:
            load(store, folder, days)
            ends.append(_standing(content(store)))
            told.append({one for one in changes(store) if one[0] > FIRST and one[2] != "changed"})
    assert all(one == ends[0] for one in ends)
    assert all(one == told[0] for one in told)
    (first,) = (row for row in ends[0] if str(row[0]).endswith(":1"))
    assert first[2:] == (FIRST, None, [f"{SECOND}/{THIRD}"])


def test_a_snapshot_older_than_those_at_hand_says_so(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        load(store, tmp_path, [SECOND, THIRD])
        report = one(store, snapshot(tmp_path / "old.csv", VERSIONS[FIRST]), known_on=FIRST)
        assert report.version is not None
        assert report.version.sentence == (
            "us_csl of 2024-01-01: older than the 2 at hand; 5 entries known from 2024-01-01, 1 of them "
            "gone since"
        )
        assert "first version" not in " ".join(report.notes)
        assert (report.read, report.loaded + report.unchanged) == (5, 5)


def test_what_is_no_whole_snapshot_ends_nothing(tmp_path: Path) -> None:
    """A row that cannot be read may be any entry; one that is there has come back."""
    with empty_store(tmp_path) as store:
        load(store, tmp_path, [FIRST, SECOND])
        rows = [entry(1), ["9", SDN, "RUSSIA-EO14024", "", "", ""], entry(2), entry(3)]
        report = one(store, snapshot(tmp_path / "page.csv", rows), known_on=THIRD, max_rejected=0.5)
        assert (report.rejected, report.refused) == (1, None)
        held = {row["id"].rpartition(":")[2]: row for row in store.read("Listing").to_pylist()}
        assert [held[str(n)]["gone_on"] for n in range(1, 7)] == [None] * 6
        assert held["1"]["gaps"] == [f"{SECOND}/{THIRD}"]


def test_an_export_of_some_lists_is_no_snapshot(tmp_path: Path) -> None:
    """What is filtered out has not ended, even where it is little; nor has it in the middle of a history."""
    small = [entry(n) for n in range(100)] + [entry(n, source=EL) for n in range(100, 110)]
    for days in ((FIRST, SECOND), (FIRST, THIRD, SECOND)):
        (folder := tmp_path / str(len(days))).mkdir()
        with empty_store(folder) as store:
            for day in days[:-1]:
                one(store, snapshot(folder / f"{day}.csv", [*small, entry(day.month + 200)]), known_on=day)
            before = content(store)
            path = snapshot(folder / "sdn.csv", small[:100])
            refused = one(store, path, known_on=SECOND).refused or ""
            assert "no entry of US BIS Entity List (10 entries before)" in refused
            assert "filtered" in refused and "--accept-shrink" in refused
            assert content(store) == before
            assert one(store, path, known_on=SECOND, max_shrink=None).refused is None


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

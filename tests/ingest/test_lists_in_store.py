"""Lists on their way into the store: what each row counts as, and that a list meets itself again."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from diversion.ingest.recipes import RECIPES
from tests.ingest import test_eu, test_uk
from tests.ingest.world import empty_store, one

pytestmark = pytest.mark.skipif("listing" not in RECIPES, reason="no recipe for entries of published lists")


def test_the_list_of_the_united_nations(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "lists/un/UN_consolidated.xml"
    with empty_store(tmp_path) as store:
        report = one(store, path)
        assert (report.kind, report.read, report.loaded, report.rejected) == ("un", 1003, 1003, 0)
        rows = {row["id"]: row for row in store.read("Listing").to_pylist()}
        assert one(store, path).unchanged == 1003
    assert rows["un:CDi.003"]["weak_aliases"] == ["Rumuli"]
    assert {row["first_seen"] for row in rows.values()} == {date(2026, 2, 27)}
    assert sum(1 for row in rows.values() if row["listed_on"] is None) == 0


def _uk(path: Path) -> Path:
    return test_uk.written(path, ["Report Date: 24-Jun-2026"], test_uk.table(test_uk.HEADER, test_uk.ROWS))


def _ofsi(path: Path) -> Path:
    return test_uk.written(path, ["Last Updated", "15/03/2024"], test_uk.table(test_uk.OFSI, test_uk.TARGETS))


CASES: dict[str, tuple[Callable[[Path], Path], tuple[int, int, int, int]]] = {
    "eu.xml": (lambda path: test_eu.write(path, test_eu.XML), (3, 2, 0, 1)),
    "eu.csv": (lambda path: test_eu.table(path, test_eu.COLUMNS_1_1, test_eu.ROWS), (8, 2, 4, 2)),
    "old.csv": (lambda path: test_eu.write(path, test_eu.OLD), (5, 1, 4, 0)),
    "uk.xml": (lambda path: test_eu.write(path, test_uk.XML), (3, 2, 0, 1)),
    "uk.csv": (_uk, (6, 2, 3, 1)),
    "ofsi.csv": (_ofsi, (2, 1, 1, 0)),
}
"""Name → who writes the file, and its rows: read, loaded, merged, rejected."""


@pytest.mark.parametrize("name", CASES)
def test_rows_of_one_entry_are_one_record_and_the_others_merge(tmp_path: Path, name: str) -> None:
    make, counts = CASES[name]
    path = make(tmp_path / name)
    with empty_store(tmp_path) as store:
        first = one(store, path, max_rejected=0.5)
        assert (first.read, first.loaded, first.merged, first.rejected) == counts
        again = one(store, path, max_rejected=0.5)
        assert (again.unchanged, again.merged) == (first.loaded, first.merged)
        assert {row["first_seen"] for row in store.read("Listing").to_pylist()} != {None}


def test_a_list_that_was_cut_off_leaves_the_store_as_it_was(shared_data: Path, tmp_path: Path) -> None:
    whole = (shared_data / "lists/un/UN_consolidated.xml").read_bytes()
    (tmp_path / "un.xml").write_bytes(whole[:1_000_000])
    with empty_store(tmp_path) as store:
        assert "damaged" in (one(store, tmp_path / "un.xml").refused or "")
        assert store.count("Listing") == 0


def test_the_part_of_one_list_of_the_consolidated_screening_list_is_no_snapshot(
    shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "lists/us_csl/consolidated_2022-04.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    at = header.index("source")
    most, _ = Counter(row[at] for row in rows).most_common(1)[0]
    with (tmp_path / "part.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *(row for row in rows if row[at] == most)])
    with empty_store(tmp_path) as store:
        assert one(store, path, known_on=date(2022, 1, 1)).refused is None
        refused = one(store, tmp_path / "part.csv", known_on=date(2022, 2, 1)).refused
        assert refused and "filtered to some of the lists" in refused
        assert {row["gone_on"] for row in store.read("Listing").to_pylist()} == {None}

"""The Consolidated Screening List as published: counts of the publisher, and cells read right."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from diversion.ingest.csl_cells import LISTS
from tests.ingest.world import empty_store, one


def test_whole_list_is_in(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "lists/us_csl/consolidated_2022-04.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        published = list(csv.DictReader(stream))
    with empty_store(tmp_path) as store:
        report = one(store, path)
        assert (report.kind, report.read, report.rejected) == ("us_csl", 14_160, 0)
        # One entry of the CAPTA list stands twice, apart only in the address of its web page.
        assert (report.loaded, report.merged) == (14_159, 1)
        rows = store.read("Listing").to_pylist()
        assert one(store, path).unchanged == 14_159
    assert len({(row["source"], row["_id"]) for row in published}) == len(rows) == 14_159
    assert {row["name"] for row in rows} == {row["name"].strip() for row in published}
    assert {row["programme"] for row in rows} == {programme for _, programme in LISTS.values()}
    dated = sum(1 for row in published if row["start_date"] and row["start_date"] > "1900")
    assert sum(1 for row in rows if row["listed_on"]) == dated
    assert {row["first_seen"] for row in rows} == {date(2022, 4, 21)}
    assert any("2022-04-21" in note for note in report.notes)
    assert sum(1 for row in rows if "0017-05-26" in (row["remarks"] or "")) == 1


def test_cells_of_one_entry(shared_data: Path, tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        one(store, shared_data / "lists/us_csl/consolidated_2022-04.csv", known_on=date(2022, 4, 28))
        rows = {row["name"]: row for row in store.read("Listing").to_pylist()}
    plant = rows["140 Repair Plant JSC"]
    assert (plant["authority"], plant["programme"], plant["country"]) == ("US BIS", "Entity List", "BY")
    assert plant["addresses"] == ["19 Luysi Chalovskoy St., Borisov, 222512, BY"]
    assert plant["licence_policy"] and plant["first_seen"] == date(2022, 4, 28)
    person = rows["'ABD AL-RAZZIQ, Abu Sufian al-Salamabi Muhammed Ahmed"]
    assert (person["kind"], person["programme"]) == ("person", "SDN")
    assert "JOLAIBA" in person["aliases"] and len(person["aliases"]) == 14
    assert person["countries"] == ["CA", "SD"]
    assert person["identifiers"] == ["Passport:BC166787"]


def test_second_header_and_cut_off_cell(shared_data: Path, tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        report = one(store, shared_data / "lists/us_csl/csl_2021-22.csv")
        assert (report.read, report.loaded, report.rejected) == (4_227, 4_226, 1)
        assert store.count("Listing") == 4_226
    (reject,) = report.rejects
    assert reject.row == 4_229
    assert "never ends" in reject.reason


def test_broken_list_is_refused_or_rejected_by_row(shared_data: Path, tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        path = shared_data / "lists/broken/csl.csv"
        assert one(store, path).refused
        assert one(store, path, max_rejected=1.0).rejected > 0


def test_id_is_the_number_of_the_agency_else_the_name(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "lists/us_csl/consolidated_2022-04.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        published = list(csv.DictReader(stream))
    changed = tmp_path / "later.csv"
    with changed.open("w", newline="", encoding="utf-8") as stream:
        out = csv.DictWriter(stream, list(published[0]))
        out.writeheader()
        for row in published:  # the digests of a later version, and one entry that says something new
            digest = row["_id"] if row["entity_number"] else row["_id"][::-1]
            said = "Case by case" if row["name"] == "140 Repair Plant JSC" else row["license_policy"]
            out.writerow(row | {"_id": digest, "license_policy": said})
    with empty_store(tmp_path) as store:
        one(store, path)
        ids = set(store.read("Listing", ["id"]).column("id").to_pylist())
        report = one(store, changed)
        assert set(store.read("Listing", ["id"]).column("id").to_pylist()) == ids
    assert "us_csl:SDN:21944" in ids
    assert (report.loaded, report.unchanged) == (1, 14_158)

"""The Denied Persons List as BIS publishes it."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pycountry

from tests.ingest.world import empty_store, one

HEADER = (
    "Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\t"
    "Last_Update\tAction\tFR_Citation\n"
)


def day(text: str) -> date | None:
    return datetime.strptime(text, "%m/%d/%Y").date() if text else None


def test_published_list_is_in(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "lists/bis_dpl/dpl.txt"
    with path.open(encoding="utf-8", newline="") as stream:
        published = list(csv.DictReader(stream, delimiter="\t"))
    distinct = {tuple(row.values()) for row in published}
    with empty_store(tmp_path) as store:
        report = one(store, path)
        rows = {row["row"]: row for row in store.read("Listing").to_pylist()}
        assert one(store, path).unchanged == len(distinct)
    assert (report.kind, report.read) == ("bis_dpl", 546)
    assert (report.loaded, report.merged) == (len(distinct), len(published) - len(distinct))
    for no, row in rows.items():
        order = published[no - 2]
        assert row["name"] == order["Name"].strip()
        assert (row["listed_on"], row["removed_on"]) == (
            day(order["Effective_Date"]),
            day(order["Expiration_Date"]),
        )
        code = order["Country"].replace("PRC", "CN")
        assert row["country"] == (code if pycountry.countries.get(alpha_2=code) else None)
        assert (row["address"] or "").endswith(order["Country"]) or row["country"]
        assert order["Street_Address"].strip() in (row["address"] or "")
    assert {(row["authority"], row["programme"]) for row in rows.values()} == {("US BIS", "Denied Persons")}
    # The latest update but for one of the year 3017, which has not come.
    assert {row["first_seen"] for row in rows.values()} == {date(2019, 6, 12)}
    assert any("2019-06-12" in note for note in report.notes)


def test_days_that_cannot_be_are_remarks(tmp_path: Path) -> None:
    path = tmp_path / "dpl.txt"
    path.write_text(
        HEADER
        + "ORION VOID\t1 Nowhere\tAustin\tTX\tUS\t1\t06/05/2019\t06/05/2019\tY\t2019-06-12\tADDED\t1 F.R. 1\n"
        + "VEGA VOID\t\t\t\tAE\t\t13/45/2019\t\tN\t2019-06-12\t\t1 F.R. 1\n"
        + "CUT VOID\t1 Nowhere\n"
    )
    with empty_store(tmp_path) as store:
        report = one(store, path, max_rejected=0.5)
        rows = {row["name"]: row for row in store.read("Listing").to_pylist()}
    assert [(reject.row, reject.reason) for reject in report.rejects] == [
        (4, "the row has 2 cells, the header 12")
    ]
    orion, vega = rows["ORION VOID"], rows["VEGA VOID"]
    assert (orion["listed_on"], orion["removed_on"]) == (date(2019, 6, 5), None)
    assert orion["remarks"] == "ADDED; 1 F.R. 1; removed_on as published: 2019-06-05"
    assert (vega["listed_on"], vega["country"], vega["address"]) == (None, "AE", None)
    assert (
        "listed_on as published: 13/45/2019" in vega["remarks"] and "not a standard order" in vega["remarks"]
    )


def test_orders_against_one_name_are_several(tmp_path: Path) -> None:
    row = "ORION VOID\t{}\tAustin\tTX\t{}\t\t06/05/2019\t\tY\t2019-06-12\t\t\n"
    first = (
        HEADER + row.format("1 Nowhere", "US") + row.format("2 Nowhere", "AE") + row.format("2 Nowhere", "AE")
    )
    with empty_store(tmp_path) as store:
        for order in (first, HEADER + "".join(first.splitlines(keepends=True)[:0:-1])):
            (tmp_path / "dpl.txt").write_text(order)
            report = one(store, tmp_path / "dpl.txt")
            assert (report.read, report.merged, report.rejected) == (3, 1, 0)
        assert report.unchanged == 2  # whatever their order in the file
        assert store.count("Listing") == 2

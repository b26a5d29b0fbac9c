"""One shipment on record twice: both records stay, one counts, and nothing else is joined."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from diversion.ingest.run import ingest
from diversion.linking.mirrors import counted
from diversion.store.base import Store
from tests.ingest.world import empty_store, options, write

HEADER = [
    "shipment_id",
    "flow",
    "departed_on",
    "arrived_on",
    "exporter",
    "consignee",
    "hs_code",
    "quantity",
    "unit",
    "weight_kg",
    "value",
    "currency",
    "bill_of_lading",
    "master_bill",
]
BASE = {
    "departed_on": "2023-04-05",
    "hs_code": "854231",
    "quantity": "100",
    "unit": "pcs",
    "weight_kg": "12",
    "value": "1000",
    "currency": "USD",
    "exporter": "Alpha Ltd",
    "consignee": "Beta LLC",
    "bill_of_lading": "MSCU-778120",
}
EXPORT = {**BASE, "shipment_id": "E1", "flow": "export"}
IMPORT = {**BASE, "shipment_id": "I1", "flow": "import", "departed_on": "", "arrived_on": "2023-04-20"}
IMPORT |= {"exporter": "ALPHA", "bill_of_lading": "MSCU778120"}


def rows(*records: dict[str, str]) -> list[list[str]]:
    return [[record.get(name, "") for name in HEADER] for record in records]


def read(store: Store, folder: Path, files: Sequence[Sequence[dict[str, str]]]) -> list[Any]:
    paths = [write(folder / f"{at}.csv", rows(*records), HEADER) for at, records in enumerate(files)]
    reports = ingest(store, paths, options()).files
    for report in reports:
        assert report.refused is None
        assert report.read == report.loaded + report.unchanged + report.merged + report.rejected
    return list(reports)


def pairs(store: Store) -> list[tuple[str, str, str]]:
    found = store.read("MIRRORS").to_pylist()
    return [(row["shipment"].partition("/")[0], row["other"].partition("/")[0], row["kind"]) for row in found]


@pytest.mark.parametrize("files", [[[EXPORT, IMPORT]], [[EXPORT], [IMPORT]], [[IMPORT], [EXPORT]]])
def test_export_and_import_declaration_are_one_shipment(
    tmp_path: Path, files: list[list[dict[str, str]]]
) -> None:
    with empty_store(tmp_path) as store:
        reports = read(store, tmp_path, files)
        assert sum(report.merged for report in reports) == 1
        assert pairs(store) == [("I1", "E1", "mirror declaration")]
        assert store.count("Shipment") == 2
        (one,) = counted(store.shipments(), store.read("MIRRORS")).to_pylist()
        assert (one["shipment_id"], str(one["departed_on"]), str(one["arrived_on"])) == (
            "E1",
            "2023-04-05",
            "2023-04-20",
        )
        assert store.verify() == []
        again = read(store, tmp_path, files)
        assert sum(report.loaded for report in again) == 0


NOT_ONE = [
    {"bill_of_lading": "MSCU778121"},
    {"hs_code": "854232"},
    {"quantity": "120"},
    {"weight_kg": "15"},
    {"flow": "export"},
    {"exporter": "Gamma", "consignee": "Delta"},
    {"bill_of_lading": ""},
]


@pytest.mark.parametrize("other", NOT_ONE)
def test_records_that_contradict_each_other_are_two(tmp_path: Path, other: dict[str, str]) -> None:
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [[EXPORT, {**IMPORT, **other}]])
        assert pairs(store) == []


def test_equal_content_under_two_ids_alone_is_never_joined(tmp_path: Path) -> None:
    twin = {**EXPORT, "shipment_id": "E2", "bill_of_lading": ""}
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [[{**EXPORT, "bill_of_lading": ""}], [twin]])
        assert pairs(store) == []


def test_lines_of_a_bill_pair_one_to_one(tmp_path: Path) -> None:
    lines = [{**EXPORT, "shipment_id": f"E{n}", "quantity": f"{n}00"} for n in (1, 2, 3)]
    mirrors = [{**IMPORT, "shipment_id": f"I{n}", "quantity": f"{n}00"} for n in (3, 1)]
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [lines, mirrors])
        assert pairs(store) == [("I1", "E1", "mirror declaration"), ("I3", "E3", "mirror declaration")]


MASTER = {**BASE, "shipment_id": "M", "bill_of_lading": "OOLU5550001", "weight_kg": "30", "quantity": "2"}
MASTER |= {"exporter": "Speed Forwarding", "consignee": "Quick Forwarding"}
HOUSES = [
    {
        **BASE,
        "shipment_id": f"H{n}",
        "bill_of_lading": f"HB000{n}",
        "master_bill": "OOLU5550001",
        "weight_kg": w,
    }
    for n, w in ((1, "12"), (2, "18"))
]


def test_a_master_bill_over_its_house_bills_does_not_count(tmp_path: Path) -> None:
    for at, order in enumerate(permutations([MASTER, *HOUSES])):
        (folder := tmp_path / str(at)).mkdir()
        with empty_store(folder) as store:
            read(store, folder, [[record] for record in order])
            assert pairs(store) == [("M", "H1", "master bill")]
            left = counted(store.shipments(), store.read("MIRRORS")).to_pylist()
            assert [row["shipment_id"] for row in left] == ["H1", "H2"]


def test_a_master_bill_of_other_weight_or_goods_counts(tmp_path: Path) -> None:
    for at, other in enumerate([{"weight_kg": "90"}, {"hs_code": "010121"}]):
        (folder := tmp_path / str(at)).mkdir()
        with empty_store(folder) as store:
            read(store, folder, [[{**MASTER, **other}, *HOUSES]])
            assert pairs(store) == []


def test_a_mirror_counts_while_the_other_record_is_not_known(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [[EXPORT, IMPORT]])
        whole, mirrors = store.shipments(), store.read("MIRRORS")
        alone = whole.filter([row["shipment_id"] == "I1" for row in whole.to_pylist()])
        assert counted(alone, mirrors).num_rows == 1


LINES = [
    {**MASTER, "shipment_id": "M1", "weight_kg": "30"},
    {**MASTER, "shipment_id": "M2", "weight_kg": "50", "hs_code": "848210"},
    {**MASTER, "shipment_id": "M3", "weight_kg": "7", "hs_code": "010121"},
]
PARTS = [*HOUSES, {**HOUSES[0], "shipment_id": "H3", "hs_code": "848210", "weight_kg": "50"}]


def masters(store: Store) -> dict[str, str]:
    return {mirror: other for mirror, other, kind in pairs(store) if kind == "master bill"}


def test_lines_of_a_master_bill_are_joined_by_their_goods(tmp_path: Path) -> None:
    for at, order in enumerate(([*LINES, *PARTS], [*reversed(PARTS), *reversed(LINES)])):
        (folder := tmp_path / str(at)).mkdir()
        with empty_store(folder) as store:
            read(store, folder, [[record] for record in order])
            assert masters(store) == {"M1": "H1", "M2": "H3"}, "the houses of the third line are not known"


@pytest.mark.parametrize("weights", [("20", "60"), ("30", "")])
def test_goods_of_a_master_bill_that_do_not_add_up_count(tmp_path: Path, weights: tuple[str, str]) -> None:
    """20 + 60 kg are 80 kg in total as well, but not of the same goods."""
    lines = [{**line, "weight_kg": kg, "quantity": ""} for line, kg in zip(LINES, weights, strict=False)]
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [[*lines, *PARTS]])
        assert masters(store) == ({"M1": "H1"} if weights[1] == "" else {})


def test_lines_of_a_master_bill_add_up_in_total(tmp_path: Path) -> None:
    lines = [{**LINES[0], "shipment_id": f"M{n}", "weight_kg": "10"} for n in (1, 2, 3)]
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [[*lines, *HOUSES]])
        assert masters(store) == {"M1": "H1", "M2": "H1", "M3": "H1"}
    (folder := tmp_path / "mixed").mkdir()
    with empty_store(folder) as store:  # 80 kg of goods that the master bill names by what most of them are
        read(store, folder, [[{**MASTER, "weight_kg": "80"}, *PARTS]])
        assert masters(store) == {"M": "H1"}


def test_a_house_bill_on_record_twice_is_added_once(tmp_path: Path) -> None:
    again = {
        **HOUSES[0],
        "shipment_id": "HI1",
        "flow": "import",
        "departed_on": "",
        "arrived_on": "2023-04-20",
    }
    first = {**HOUSES[0], "flow": "export", "master_bill": ""}
    twice = {**MASTER, "shipment_id": "M-I", "flow": "import"}
    records = [{**MASTER, "flow": "export"}, twice, first, again, HOUSES[1]]
    for at, order in enumerate((records, records[::-1], records[2:] + records[:2])):
        (folder := tmp_path / str(at)).mkdir()
        with empty_store(folder) as store:
            read(store, folder, [[record] for record in order])
            assert masters(store) == {"M": "H1", "M-I": "H1"}
            left = counted(store.shipments(), store.read("MIRRORS")).to_pylist()
            assert [row["shipment_id"] for row in left] == ["H1", "H2"]


def test_house_bills_of_another_year_are_none_of_a_master_bill(tmp_path: Path) -> None:
    later = {**HOUSES[1], "departed_on": "2021-04-05"}
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [[MASTER, HOUSES[0], later]])
        assert pairs(store) == []


def test_two_bills_that_call_each_other_master_both_count(tmp_path: Path) -> None:
    one = {**BASE, "shipment_id": "A", "bill_of_lading": "OOLU5550001", "master_bill": "OOLU5550002"}
    other = {**BASE, "shipment_id": "B", "bill_of_lading": "OOLU5550002", "master_bill": "OOLU5550001"}
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [[one, other]])
        assert pairs(store) == []


def test_declarations_under_two_master_bills_are_two(tmp_path: Path) -> None:
    one, other = {**EXPORT, "master_bill": "OOLU5550001"}, {**IMPORT, "master_bill": "OOLU5550002"}
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [[one, other]])
        assert pairs(store) == []


def test_the_closest_amounts_are_one_shipment(tmp_path: Path) -> None:
    exports = [{**EXPORT, "shipment_id": f"E{n}", "quantity": str(100 + n)} for n in range(4)]
    imports = [{**IMPORT, "shipment_id": f"I{n}", "quantity": str(103 - n)} for n in range(4)]
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [imports, exports])
        assert {mirror: kept for mirror, kept, _ in pairs(store)} == {f"I{n}": f"E{3 - n}" for n in range(4)}


def test_a_bill_of_many_lines_is_looked_at_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that all agree with each other still pair one to one, each by its own quantity."""
    monkeypatch.setattr("diversion.linking.declared.AT_ONCE", 1)
    exports = [{**EXPORT, "shipment_id": f"E{n:03}", "quantity": str(10_000 + n)} for n in range(150)]
    imports = [{**IMPORT, "shipment_id": f"I{n:03}", "quantity": str(10_000 + n)} for n in range(150)]
    with empty_store(tmp_path) as store:
        read(store, tmp_path, [exports, imports])
        found = {mirror: kept for mirror, kept, _ in pairs(store)}
        assert found == {f"I{n:03}": f"E{n:03}" for n in range(150)}

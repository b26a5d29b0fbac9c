"""Tables that were not made for this tool: parties taken out of their cells, rows that name one side only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from diversion.ingest.cell_contacts import told
from diversion.ingest.cell_numbers import identifiers
from diversion.ingest.numbers import read as number
from diversion.ingest.party_cells import read
from diversion.parties.names import mention_id
from diversion.policy.policy import load
from diversion.routes.transfers import project
from diversion.store.base import Store
from tests.ingest.world import GOOD, HEADER, empty_store, good, one, write

FOREIGN = [
    "Shipment No",
    "Ship Date",
    "Shipper",
    "Buyer",
    "Notify",
    "HS CODE",
    "Goods",
    "Qty",
    "UOM",
    "Bank name",
]
ROW = ["S1", "2023-04-05", "Alpha Ltd", "Beta LLC", "", "85423100", "chips", "10", "PCS", ""]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with empty_store(tmp_path) as opened:
        yield opened


def row(**cells: str) -> list[str]:
    named = {name.replace(" ", "_"): at for at, name in enumerate(FOREIGN)}
    made = [*ROW]
    for name, text in cells.items():
        made[named[name]] = text
    return made


def load_one(store: Store, tmp_path: Path, **cells: str) -> dict[str, Any]:
    """The one shipment of a table with these cells, as the store gives it."""
    assert one(store, write(tmp_path / "t.csv", [row(**cells)], FOREIGN)).loaded == 1
    (found,) = store.shipments().to_pylist()
    return dict(found)


def party(store: Store, name: str) -> dict[str, Any]:
    (found,) = (one for one in store.read("Party").to_pylist() if one["name"] == name)
    return dict(found)


def test_a_row_needs_one_party_not_two(store: Store, tmp_path: Path) -> None:
    rows = [
        row(Shipment_No="1", Shipper=""),
        row(Shipment_No="2", Buyer="NULL"),
        row(Shipment_No="3", Shipper="", Buyer=""),
    ]
    report = one(store, write(tmp_path / "t.csv", rows, FOREIGN))
    assert (report.loaded, report.rejected, report.refused) == (2, 1, None)
    assert report.rejects[0].reason == "not kept: the row names neither party nor country"
    assert (store.count("SENT"), store.count("DELIVERED_TO"), store.verify()) == (1, 1, [])
    transfers = project(store.shipments(), pd.Series(dtype=object), load(), None)
    assert len(transfers.ids) == 0
    assert sum(transfers.left_out.values()) == 2


def test_a_whole_column_of_nobody_does_not_refuse_the_file(store: Store, tmp_path: Path) -> None:
    rows = [row(Shipment_No=str(at), Shipper="N/A", Buyer="NOT AVAILABLE") for at in range(9)]
    report = one(store, write(tmp_path / "t.csv", [row(), *rows], FOREIGN))
    assert (report.loaded, report.rejected, report.refused) == (1, 9, None)


def test_what_is_not_known_is_left_empty_and_told(store: Store, tmp_path: Path) -> None:
    found = load_one(store, tmp_path, UOM="furlong", HS_CODE="chips", Qty="7")
    assert (found["quantity"], found["hs6"]) == (7.0, None)
    (kept,) = store.read("Shipment").to_pylist()
    assert (kept["unit"], kept["quantity_written"], kept["hs_code"]) == (None, "7 furlong", "chips")


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"Ship_Date": "soon"}, "Ship Date", "not a day that can be told"),
        ({"Ship_Date": ""}, "Ship Date", "neither departure nor arrival"),
        ({"Ship_Date": "2030-01-01"}, "Ship Date", "later than the day of ingest"),
        ({"Qty": "-1"}, "Qty", "negative"),
        ({"HS_CODE": "", "Goods": ""}, "HS CODE", "neither HS code nor description"),
        ({"HS_CODE": "85", "Goods": ""}, "HS CODE", "not an HS code"),
    ],
)
def test_what_makes_a_row_meaningless_is_a_fault(
    store: Store, tmp_path: Path, cells: dict[str, str], column: str, reason: str
) -> None:
    report = one(
        store, write(tmp_path / "t.csv", [row(**cells), row(Shipment_No="2")], FOREIGN), max_rejected=1
    )
    (reject,) = report.rejects
    assert (reject.row, reject.column) == (2, column)
    assert reason in reject.reason


def test_to_the_order_of_a_bank(store: Store, tmp_path: Path) -> None:
    said = "TO THE ORDER OF GULF COMMERCIAL BANK"
    found = load_one(store, tmp_path, Buyer=said, Notify="Gamma LLC")
    bank = mention_id("GULF COMMERCIAL BANK")
    assert (found["consignee"], found["consignee_name"], found["bank"]) == (bank, said, bank)
    assert party(store, "GULF COMMERCIAL BANK")["id"] == bank
    transfers = project(store.shipments(), pd.Series(dtype=object), load(), None)
    assert [transfers.party_ids[at] for at in transfers.dst] == [mention_id("Gamma LLC")]


def test_a_bank_that_is_named_stays(store: Store, tmp_path: Path) -> None:
    found = load_one(store, tmp_path, Buyer="TO ORDER OF GULF BANK", Bank_name="Other Bank")
    assert found["bank"] == mention_id("Other Bank")


@pytest.mark.parametrize(
    "said",
    [
        "SAME AS CONSIGNEE",
        "Same as Consignee.",
        "AS ABOVE",
        "IDEM",
        "同收货人",
        "ТОТ ЖЕ",
        "EL MISMO",
        "IGUAL AL CONSIGNATARIO",
        "SAME AS BUYER",
    ],
)
def test_same_as_another(store: Store, tmp_path: Path, said: str) -> None:
    found = load_one(store, tmp_path, Notify=said)
    assert found["notify_party"] == found["consignee"] == mention_id("Beta LLC")
    assert store.count("Party") == 2


@pytest.mark.parametrize(
    "said", ["TO ORDER", "TO THE ORDER OF SHIPPER", "N.A.", "--", "UNKNOWN", "无", "NÃO INFORMADO"]
)
def test_nobody(store: Store, tmp_path: Path, said: str) -> None:
    found = load_one(store, tmp_path, Buyer=said)
    assert found["consignee"] is None
    assert store.count("Party") == 1


def test_a_cell_is_taken_apart(store: Store, tmp_path: Path) -> None:
    cell = "ACME TRADING LLC, 12 DOCK ROAD, DUBAI, UAE TEL: +971 4 123 4567 EMAIL: info@acme.ae"
    found = load_one(store, tmp_path, Buyer=cell)
    assert (found["consignee"], found["consignee_name"]) == (
        mention_id("ACME TRADING LLC", "AE"),
        "ACME TRADING LLC",
    )
    (edge,) = store.read("DELIVERED_TO").to_pylist()
    assert (edge["written"], edge["country"]) == (cell, "AE")
    assert party(store, "ACME TRADING LLC")["contacts"] == ["email:info@acme.ae", "phone:+971 4 123 4567"]
    (address,) = store.read("Address").to_pylist()
    assert (address["text"], address["country"]) == ("12 DOCK ROAD, DUBAI, UAE", "AE")
    assert [(at["party"], at["address"]) for at in store.read("LOCATED_AT").to_pylist()] == [
        (found["consignee"], address["id"])
    ]


TAKEN_APART = [
    ("ACME LTD\n12 HIGH STREET\nLONDON\nUNITED KINGDOM", "ACME LTD", "12 HIGH STREET, LONDON, UNITED "
    "KINGDOM", "GB"),
    ("Smith, Jones & Co., Ltd., 5 High Street, London", "Smith, Jones & Co., Ltd.", "5 High Street, "
    "London", None),
    ('ООО "СИГМА", 123456, Г. МОСКВА, УЛ. ЛЕНИНА, Д. 5', 'ООО "СИГМА"', "123456, Г. МОСКВА, УЛ. ЛЕНИНА, "
    "Д. 5", None),
    ("GULF TRADERS LLC P.O. BOX 1234 DUBAI UAE", "GULF TRADERS LLC", "P.O. BOX 1234 DUBAI UAE", "AE"),
    ("IMPORTADORA SUR S.A., AV. PROVIDENCIA 1234, SANTIAGO, CHILE", "IMPORTADORA SUR S.A.",
     "AV. PROVIDENCIA 1234, SANTIAGO, CHILE", "CL"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "name", "address", "country"), TAKEN_APART)
def test_names_and_addresses(cell: str, name: str, address: str, country: str | None) -> None:
    found = read(cell)
    assert (found[0], found[5], found[6]) == (name, address, country)


@pytest.mark.parametrize(
    "name",
    [
        "Smith, Jones & Co., Ltd.",
        "Acme, Inc.",
        "Plant No. 5, Kyiv",
        "3M Company",
        "a\nb",
        "Holiday Inn 12345",
        "Sameer Traders",
        "Order Management Ltd",
        "Fax Parts 2000 Ltd",
        "C.O. Motors",
        "East, West and Sons",
        "Bank of Industry LLC",
        "'; DROP TABLE Party;--",
    ],
)
def test_a_name_stays_whole(name: str) -> None:
    assert read(name) == (name, name, None, None, None, None, None, [], [])


NUMBERS = [
    ("ООО СИГМА ИНН 7707083893 КПП 770701001", ["INN:7707083893"]),
    ("ООО СИГМА ИНН 7707083894", []),
    ("ACME S.A. RUC: 20100070970", ["RUC:20100070970"]),
    ("ACME LTDA CNPJ 11.222.333/0001-81", ["CNPJ:11.222.333/0001-81"]),
    ("SHENZHEN ACME 统一社会信用代码 91110000600037341L", ["USCC:91110000600037341L"]),
    ("ACME LLC TRN: 100123456700003", ["TRN:100123456700003"]),
    ("ACME PVT LTD GSTIN: 27AAPFU0939F1ZV", ["GSTIN:27AAPFU0939F1ZV"]),
]


@pytest.mark.parametrize(("cell", "numbers"), NUMBERS)
def test_numbers_of_registers(cell: str, numbers: list[str]) -> None:
    found = read(cell)
    assert found[7] == numbers
    assert found[0] and not any(letter.isdigit() for letter in found[0])


def test_who_only_acts_for_another(store: Store, tmp_path: Path) -> None:
    found = load_one(store, tmp_path, Buyer="ACME LTD C/O FAST FREIGHT LLC")
    assert (found["consignee"], found["forwarder"]) == (
        mention_id("ACME LTD"),
        mention_id("FAST FREIGHT LLC"),
    )


def test_columns_of_addresses_and_numbers(store: Store, tmp_path: Path) -> None:
    header = [
        *FOREIGN,
        "consignee_address",
        "consignee_identifier",
        "consignee_contact",
        "declarant",
        "master_bill",
        "origin_country",
        "vessel",
        "port_of_loading",
    ]
    more = [
        "5 Dock Road, Dubai, United Arab Emirates",
        "TRN 100123456700003",
        "04 123 4567",
        "Broker Ltd",
        "MB1",
        "Китай",
        "EVER GIVEN",
        "Shanghai",
    ]
    assert one(store, write(tmp_path / "t.csv", [[*row(), *more]], header)).loaded == 1
    beta = party(store, "Beta LLC")
    assert (beta["country"], beta["identifier"], beta["contacts"]) == (
        "AE",
        "TRN:100123456700003",
        ["phone:04 123 4567"],
    )
    assert [address["text"] for address in store.read("Address").to_pylist()] == [more[0]]
    assert {took["role"] for took in store.read("TOOK_PART").to_pylist()} == {"declarant"}
    (kept,) = store.read("Shipment").to_pylist()
    assert [kept[c] for c in ("master_bill", "origin_country", "vessel", "port_of_loading")] == [
        "MB1", "CN", "EVER GIVEN", "Shanghai"]  # fmt: skip


def test_the_same_table_again_changes_nothing_in_any_order(tmp_path: Path, store: Store) -> None:
    rows = [row(Shipment_No=str(at), Buyer=cell) for at, (cell, *_) in enumerate(TAKEN_APART)]
    assert one(store, write(tmp_path / "a.csv", rows, FOREIGN)).loaded == len(rows)
    assert one(store, write(tmp_path / "b.csv", rows[::-1], FOREIGN)).unchanged == len(rows)
    assert store.verify() == []


def test_files_made_for_the_tool_keep_their_ids(store: Store, tmp_path: Path) -> None:
    """Digests of rows and parties as they were before cells were taken apart."""
    assert one(store, write(tmp_path / "s.csv", [line[1:] for line in good(1)], HEADER[1:])).loaded == 1
    (kept,) = store.read("Shipment").to_pylist()
    assert GOOD.startswith("S{n},2023-04-05,2023-04-09,Alpha Ltd,DE,Beta LLC,AE")
    assert kept["id"] == "S-675ecfd20230e96f/1"


@pytest.mark.parametrize("part", ["(", " ", "\n", "1-", "tel ", "c/o ", "A,", "+1 ", "a@"])
def test_a_hostile_cell_is_read_at_once(part: str) -> None:
    """Expressions that go back and forth would need hours for these."""
    for text in (part * 500, "ACME " + part * 900, part * 100_000):
        assert len(read(text)) == 9
        assert isinstance(told(text)[0], list)
        assert isinstance(identifiers(text)[0], list)
        assert number(text)[0] is None


def test_goods_restated_without_a_line_are_told(store: Store, tmp_path: Path) -> None:
    before, after = good(3), good(4)
    assert not any("other goods" in note for note in one(store, write(tmp_path / "a.csv", before)).notes)
    after[1][HEADER.index("hs_code")] = "854239"
    after[2][HEADER.index("value")] = "7"
    (told,) = [note for note in one(store, write(tmp_path / "b.csv", after)).notes if "other goods" in note]
    assert told.startswith("1 shipments are in the store with other goods too")
    numbered = [[*line, "1"] for line in after]
    report = one(store, write(tmp_path / "c.csv", numbered, [*HEADER, "line"]))
    assert not any("other goods" in note for note in report.notes)


def test_several_codes_in_one_cell_are_told(store: Store, tmp_path: Path) -> None:
    several = good(2)
    several[0][HEADER.index("hs_code")] = "HS 8542.31; HS 8542.39"
    (told,) = [note for note in one(store, write(tmp_path / "a.csv", several)).notes if "HS codes" in note]
    assert told.startswith("1 cells name several HS codes") and "HS 8542.31; HS 8542.39" in told
    assert {row["hs6"] for row in store.read("Shipment").to_pylist()} == {"854231"}


@pytest.mark.parametrize("amount", ["9" * 400, "1e400", "1" + "0" * 320])
@pytest.mark.parametrize("own", [True, False])
def test_an_amount_beyond_all_numbers_is_rejected(
    store: Store, tmp_path: Path, amount: str, own: bool
) -> None:
    header, at = (HEADER, HEADER.index("quantity")) if own else (FOREIGN, FOREIGN.index("Qty"))
    rows = good(9) if own else [[f"S{no}", *ROW[1:]] for no in range(9)]
    rows[4][at] = amount
    report = one(store, write(tmp_path / "large.csv", rows, header))
    assert (report.loaded, report.rejected) == (8, 1)
    assert [reason.reason for reason in report.reasons] == ["too large for a number"]


def test_an_amount_too_large_in_its_base_unit_is_rejected(store: Store, tmp_path: Path) -> None:
    rows = [[f"S{no}", *ROW[1:]] for no in range(9)]
    rows[4][FOREIGN.index("Qty")], rows[4][FOREIGN.index("UOM")] = "1e308", "tonnes"
    assert one(store, write(tmp_path / "large.csv", rows, FOREIGN)).rejected == 1
    assert max(row["quantity"] for row in store.read("Shipment").to_pylist()) == 10

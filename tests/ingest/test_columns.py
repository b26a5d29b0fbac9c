"""Tables as vendors and customs write them: which columns are recognised, and what is no such table."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import openpyxl  # type: ignore[import-untyped,unused-ignore]
import pytest

from diversion.commands.mapping import print_mapping
from diversion.commands.options import Common
from diversion.ingest.columns import Layout, guess, lay_out
from diversion.ingest.headers import find
from diversion.ingest.options import load_mapping
from diversion.ingest.words import lexicon, read
from diversion.store.base import Store
from tests.ingest.layouts.read import Case, cases
from tests.ingest.world import HEADER, empty_store, good, one

KNOWN, UNSEEN = cases("known.txt"), cases("unseen.txt") + cases("later.txt")
NO_RECORDS = "trademap style statistics"
"""A table of totals by country, without a day or a paper: it holds no shipments."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with empty_store(tmp_path_factory.mktemp("layouts")) as opened:
        yield opened


def layout_of(rows: list[list[str]]) -> Layout | None:
    header = find(rows)
    assert header is not None
    return guess(header.names, sample=header.sample)


@pytest.mark.parametrize("case", KNOWN + UNSEEN, ids=lambda case: case.name)
def test_a_layout_is_read_as_it_should_be(case: Case) -> None:
    layout = layout_of(case.rows)
    if case.name == NO_RECORDS:
        assert layout is None
        return
    assert layout is not None and layout.kind == "shipments"
    read_as = {column: mapped.column for column, mapped in layout.mapping.items()}
    wanted = {column: header for column, header in case.expected.items() if header}
    assert {column: read_as.get(column) for column in wanted} == wanted
    assert all(0 < mapped.confidence <= 1 for mapped in layout.mapping.values())
    assert len(set(layout.position.values())) == len(layout.position)


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: case.name)
def test_a_layout_goes_in_with_every_row_accounted_for(store: Store, tmp_path: Path, case: Case) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(case.rows)
    header = find(case.rows)
    assert header is not None
    report = one(store, path, max_rejected=1.0)
    assert report.refused is None and report.kind == "shipments"
    assert report.read == len(header.sample)


CONSTANTS = [
    (["Exporter", "Consignee", "HS Code", "Export Date", "FOB (INR)"], {"currency": "INR"}),
    (["Exporter", "Consignee", "HS Code", "Export Date", "Value (INR)", "Currency"], {"currency": "INR"}),
    (["Exporter", "Consignee", "HS Code", "Export Date", "FOB (USD)"], {}),
    (["Exporter", "Consignee", "HS Code", "Export Date", "Quantity (KGS)"], {"unit": "kg"}),
    (["Exporter", "Consignee", "HS Code", "Export Date", "Net weight, tonnes"], {"weight_unit": "t"}),
    (["Exporter", "Consignee", "HS Code", "Export Date", "Вес нетто, кг"], {}),
]


@pytest.mark.parametrize(("header", "constants"), CONSTANTS)
def test_units_and_currencies_of_headers_hold_for_every_row(
    header: list[str], constants: dict[str, str]
) -> None:
    layout = guess(header)
    assert layout is not None and layout.constants == constants
    assert not layout.constants.keys() & layout.position.keys()


def test_a_number_of_a_register_is_no_id_of_the_tool() -> None:
    for header in ("Exporter ID", "EXPORTER_ID", "RUT Exportador", "ИНН отправителя", "Exporter code"):
        layout = lay_out("shipments", [header, "Consignee", "HS Code"])
        assert "exporter_identifier" in layout.position and "exporter_id" not in layout.position
    assert "exporter_id" in lay_out("shipments", ["exporter_id", "consignee"]).position


BASE = ["Exporter", "Consignee", "Export Date"]


def rows(*columns: list[str]) -> list[list[str]]:
    return [
        [f"Alpha {at} Ltd", "Beta LLC", f"2023-04-0{at + 1}", *more]
        for at, more in enumerate(zip(*columns, strict=True))
    ]


def test_values_contradict_and_replace_names() -> None:
    text, codes = ["ball bearings", "steel bolts", "copper wire"], ["84821090", "73181500", "74081100"]
    layout = lay_out("shipments", [*BASE, "HS", "Product"], sample=rows(text, codes))
    assert layout.mapping["hs_code"].column == "Product"
    layout = lay_out("shipments", [*BASE, "Date of nothing", "HS"], sample=rows(text, codes))
    assert layout.mapping["hs_code"].column == "HS"
    assert layout.mapping["departed_on"].column == "Export Date"


def test_a_price_for_one_is_no_value() -> None:
    for header in ("Unit Price (USD)", "Precio unitario", "Цена за кг", "单价", "Đơn giá", "Price per unit"):
        layout = lay_out("shipments", [*BASE, "HS Code", header])
        assert not {"value", "value_usd", "unit"} & layout.position.keys(), header


def test_a_header_is_confirmed_by_its_values() -> None:
    header = [*BASE, "Código arancelario"]
    alone = lay_out("shipments", header).mapping["hs_code"].confidence
    below = rows(["84821090", "73181500", "74081100"])
    assert lay_out("shipments", header, sample=below).mapping["hs_code"].confidence > alone
    assert "hs_code" not in lay_out("shipments", header, sample=rows(["a", "b", "c"])).position


OTHERS = {
    "price list": ["Product,HS code,Unit,Price", "Bolt,73181500,pcs,0.10", "Nut,73181600,pcs,0.05"],
    "survey": ["Date,Name,Country,How likely are you to recommend our product?", "2023-01-01,Ann,DE,9"],
    "sales": ["Date,Customer,Product,Quantity,Amount", "2023-01-01,Ann,Bolt,3,10", "2023-01-02,Bob,Nut,4,12"],
    "contacts": ["First name,Last name,Email,Phone,Birthday", "Ann,Lee,a@b.c,+1 22 33,1980-01-01"],
    "statement": [
        "Date,Description,Debit,Credit,Balance",
        "2023-01-01,Rent,10,,90",
        "2023-01-02,Pay,,50,140",
    ],
    "stock": ["SKU,Description,Warehouse,Quantity,Unit,Reorder", "A1,Bolt,North,100,pcs,20"],
    "weather": ["date,city,temperature,humidity", "2023-01-01,Oslo,-3,80", "2023-01-02,Oslo,-5,78"],
    "matrix": ["a,b,c", "1,2,3", "4,5,6"],
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_tables_are_refused_with_what_was_seen(store: Store, tmp_path: Path, name: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text("\n".join(OTHERS[name]) + "\n", encoding="utf-8")
    report = one(store, path)
    assert report.refused is not None and report.kind is None
    assert "diversion mapping FILE" in report.refused


def test_a_mapping_file_overrules_everything(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    body = [
        "notes on top",
        "w,x,y,z,q",
        "2023-04-05,Alpha Ltd,Beta LLC,854231,7",
        "2023-04-06,Gamma Ltd,Beta LLC,848210,9",
    ]
    path.write_text("\n".join(body) + "\n", encoding="utf-8")
    assert one(store, path).refused
    mapping = {
        "departed_on": "w",
        "exporter": "x",
        "consignee": "#3",
        "hs_code": "z",
        "value": "q",
        "quantity": "",
    }
    report = one(
        store,
        path,
        mapping=mapping,
        kind="shipments",
        header_rows=(2,),
        constants={"currency": "EUR", "unit": "pcs"},
    )
    assert (report.refused, report.loaded) == (None, 2)
    kept = [
        row
        for row in store.read("Shipment").to_pylist()
        if row["hs_code"] == "848210" and row["value"] == 9.0
    ]
    assert [(row["currency"], row["quantity"]) for row in kept] == [("EUR", None)]


def test_repeated_and_second_headers_are_no_data(store: Store, tmp_path: Path) -> None:
    top = [["Exporter", "", "Importer", "", ""], ["Name", "Country", "Name", "HS Code", "Ship Date"]]
    data = [[f"Alpha {n} Ltd", "DE", "Beta LLC", "854231", f"2023-04-0{n}"] for n in range(1, 5)]
    path = tmp_path / "two.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["Exports"], [], *top, *data[:2], *top, *data[2:]])
    report = one(store, path)
    assert (report.read, report.loaded) == (4, 4)
    assert report.mapping["exporter"].column == "Exporter Name"


def test_canonical_files_stay_what_they_are() -> None:
    layout = guess(HEADER, sample=good(20))
    assert layout is not None and set(layout.position) == set(HEADER)
    assert {mapped.confidence for mapped in layout.mapping.values()} == {1.0}


def test_words_join_and_are_misspelt() -> None:
    assert read("IMPORTERADDRESS").concepts == ("importer", "address")
    assert read("Discription of Goods").concepts == ("description", "goods")
    assert read("How likely are you to recommend us?").unknown > 2


def test_no_phrase_of_the_lexicon_is_longer_than_what_is_looked_for() -> None:
    from diversion.ingest.words import LONGEST

    assert max(map(len, lexicon().exact)) <= LONGEST


def test_the_printed_mapping_passes_back(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["Report"], ["When", "Shipper", "Consignee", "HS", 'Value "net" (INR)', "Consignee"]]
    rows += [[f"2023-04-0{n}", f"Alpha {n} Ltd", "Beta LLC", "854231", "7", "x"] for n in range(1, 5)]
    path, toml = tmp_path / "odd.csv", tmp_path / "odd.toml"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    assert print_mapping(path, None, None, Common()) == 0
    toml.write_text(capsys.readouterr().out, encoding="utf-8")
    given = load_mapping(toml)
    assert (given.kind, given.header_rows, given.constants) == ("shipments", (2,), {"currency": "INR"})
    assert given["exporter"] == "Shipper" and given["consignee"] == "Consignee"
    assert print_mapping(path, None, None, Common(format="json")) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {column: told["column"] for column, told in shown["columns"].items()} == given
    assert shown["columns"]["hs_code"]["samples"] == ["854231"] and shown["unmapped"][0]["column"] == "#6"
    again = one(
        store,
        path,
        mapping=given,
        kind=given.kind,
        header_rows=given.header_rows,
        constants=given.constants,
    )
    assert (again.refused, again.read) == (None, 4)


def test_the_mapping_of_a_file_that_is_refused_says_what_misses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("\n".join(OTHERS["price list"]), encoding="utf-8")
    assert print_mapping(path, "shipments", None, Common()) == 3
    shown = capsys.readouterr().out
    assert "# missing: departed_on or arrived_on" in shown
    assert 'hs_code = "HS code"' in shown
    tomllib.loads(shown)


def test_the_table_of_a_workbook_stands_behind_its_cover(store: Store, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["About this report"])
    book.active.append(["Source", "Customs of Erehwon"])
    sheet = book.create_sheet("Data")
    for row in KNOWN[3].rows:
        sheet.append(row)
    book.create_sheet("Pivot").append(["Consignee", "Count of shipments"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    report = one(store, path, max_rejected=1.0)
    assert (report.refused, report.kind, report.read) == (None, "shipments", 2)
    assert sum("was not read" in note for note in report.notes) == 2


PERU = ["FECHA NUMERACION", "IMPORTADOR", "PARTIDA ARANCELARIA", "U$ FOB TOT", "CANTIDAD", "UNIDAD"]


def test_a_plain_quantity_may_count_the_rows(store: Store, tmp_path: Path) -> None:
    lines = [[f"{n:02}/07/2023", "SAC", "8471300000", "1.001,50", str(n), "UNIDADES"] for n in range(1, 9)]
    layout = layout_of([PERU, *lines])
    assert layout is not None and layout.mapping["quantity"].column == "CANTIDAD"
    cartons = [[*row[:-1], "CTN"] for row in lines]
    layout = layout_of([[*PERU[:-2], "Quantity", "Quantity Unit"], *cartons])
    assert layout is not None and layout.mapping["quantity"].column == "Quantity"


def test_the_partner_of_an_exporter_is_the_consignee() -> None:
    header = ["Ngày đăng ký", "Mã HS", "Tên doanh nghiệp xuất khẩu", "Đơn vị đối tác", "Nước nhập khẩu"]
    lines = [[f"2023-02-0{n}", "85423100", "ABC", "ROMASHKA OOO", "RUSSIAN FEDERATION"] for n in range(1, 6)]
    layout = layout_of([header, *lines])
    assert layout is not None and layout.mapping["consignee"].column == "Đơn vị đối tác"


def test_what_is_not_read_is_told(store: Store, tmp_path: Path) -> None:
    odd = [f"Zq{n}" for n in range(14)]
    path = tmp_path / "s.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        lines = [["02/07/2023", "SAC", "8471300000", "1.5", "3", "U", *odd] for n in range(5)]
        csv.writer(stream).writerows([[*PERU, *odd], *lines])
    (told,) = [note for note in one(store, path).notes if "not read" in note]
    assert "'Zq0'" in told and "'Zq11' and 2 more" in told and "Zq12" not in told
    assert "no column of an exporter is known" in told and "consignee" not in told
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([HEADER, *good(3)])
    assert one(store, path).notes == ()


GERMAN = ["Warennummer", "Versender", "Empfänger", "Bestimmungsland", "Eigenmasse kg", "MRN"]


def german(day: str) -> list[list[str]]:
    cells = ["85423110", "Müller GmbH", "OOO Strela", "Kasachstan"]
    return [[day, *GERMAN], *([str(44927 + n), *cells, str(n + 1), f"23DE{n:014}"] for n in range(25))]


@pytest.mark.parametrize("header", ["Anmeldedatum", "Zugriffsdatum", "Date of invoice"])
def test_days_that_a_workbook_counts(header: str) -> None:
    layout = layout_of(german(header))
    assert layout is not None and layout.mapping["departed_on"].column == header


@pytest.mark.parametrize("header", ["Geburtsdatum", "Sachbearbeiter"])
def test_a_table_without_days_is_told_so(store: Store, tmp_path: Path, header: str) -> None:
    assert {"unwanted_date", "date"} <= set(read("Geburtsdatum").concepts)
    path = tmp_path / "s.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(german(header))
    refused = one(store, path).refused or ""
    assert "no column of days was recognised, and 25 of 25 rows" in refused
    assert (
        "hs_code = 'Warennummer'" in refused and "departed_on" in refused and "diversion mapping" in refused
    )

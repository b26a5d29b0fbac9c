"""What tables of customs leave to their surroundings: calendars, thousands, periods, notes below."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl  # type: ignore[import-untyped,unused-ignore]
import pytest

from diversion.commands.mapping import print_mapping
from diversion.commands.options import Common
from diversion.ingest.calendars import FIRST, LAST, is_leap, jalali
from diversion.ingest.columns import Layout, guess, lay_out
from diversion.ingest.options import load_mapping
from diversion.ingest.periods import Period, period, stated
from diversion.ingest.scales import scale
from diversion.store.base import Store
from tests.ingest.world import empty_store, one, write

BASE = ["Shipper", "Buyer", "HS CODE", "Goods"]
PARTIES = ["Alpha Ltd", "Beta LLC", "85423100", "chips"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with empty_store(tmp_path) as opened:
        yield opened


def shipments(store: Store, column: str) -> list[object]:
    rows = store.read("Shipment").to_pylist()
    return [row[column] for row in sorted(rows, key=lambda row: int(row["row"]))]


def test_years_of_iran_begin_when_they_did() -> None:
    # First days of Farvardin as almanacs print them.
    first = {1358: date(1979, 3, 21), 1375: date(1996, 3, 20), 1399: date(2020, 3, 20)}
    first[1404] = date(2025, 3, 21)
    assert {year: jalali(year, 1, 1) for year in first} == first
    assert jalali(1357, 11, 22) == date(1979, 2, 11)
    day, seen = date(1921, 3, 21), 0
    for year in range(FIRST, LAST):
        assert jalali(year, 1, 1) == day
        day += timedelta(365 + is_leap(year))
        seen += is_leap(year)
        assert jalali(year, 12, 29 + is_leap(year)) == day - timedelta(1)
    assert seen in (36, 37) and jalali(1402, 7, 31) is None


CALENDARS = [
    (["1402/05/13", "1402/12/29", "1401/01/01"], [date(2023, 8, 4), date(2024, 3, 19), date(2022, 3, 21)]),
    (["۱۴۰۲/۰۵/۱۳", "۱۴۰۲/۰۵/۱۴"], [date(2023, 8, 4), date(2023, 8, 5)]),
    (["14020513", "14020514"], [date(2023, 8, 4), date(2023, 8, 5)]),
    (["13/05/1402", "29/12/1402"], [date(2023, 8, 4), date(2024, 3, 19)]),
    (["20/05/2566", "01/12/2565"], [date(2023, 5, 20), date(2022, 12, 1)]),
    (["112/05/20", "112/12/01"], [date(2023, 5, 20), date(2023, 12, 1)]),
]


@pytest.mark.parametrize(("texts", "days"), CALENDARS)
def test_days_of_other_calendars(store: Store, tmp_path: Path, texts: list[str], days: list[date]) -> None:
    rows = [[*PARTIES, text] for text in texts]
    assert one(store, write(tmp_path / "t.csv", rows, [*BASE, "Export date"])).refused is None
    assert shipments(store, "departed_on") == days


def test_an_odd_year_among_ours_is_no_calendar(store: Store, tmp_path: Path) -> None:
    rows = [[*PARTIES, f"2023-04-{n:02}"] for n in range(1, 20)] + [[*PARTIES, "1402-05-13"]]
    report = one(store, write(tmp_path / "t.csv", rows, [*BASE, "Export date"]))
    assert (report.loaded, report.rejected) == (19, 1)


def test_years_and_months_of_iran_apart(store: Store, tmp_path: Path) -> None:
    rows = [[*PARTIES, "1402", "مرداد"], [*PARTIES, "1402", "12"]]
    assert one(store, write(tmp_path / "t.csv", rows, [*BASE, "سال", "ماه"])).loaded == 2
    assert shipments(store, "departed_on") == [date(2023, 7, 23), date(2024, 2, 20)]
    assert shipments(store, "departed_latest") == [date(2023, 8, 22), date(2024, 3, 19)]


SCALES = [
    ("Value (000 USD)", 1000), ("FOB Value USD '000", 1000), ("тыс. долл.", 1000),
    ("Сумма, тыс. долл. США", 1000),
    ("USD Thousand", 1000), ("Value in 1,000 US$", 1000), ("Valor FOB mil US$", 1000), ("金額（千円）", 1000),
    ("Valor miles de dólares", 1000), ("Value KUSD", 1000), ("Value (USD million)", 1_000_000),
    ("Value (Rs. in Lakh)", 100_000), ("金额(万美元)", 10_000), ("млн. долл.", 1_000_000),
    ("Value mil USD", 0),
    ("FOB Value (USD)", 1), ("Customs value 2", 1), ("Total Invoice value in FC", 1), ("Стоимость, USD", 1),
]  # fmt: skip


@pytest.mark.parametrize(("header", "factor"), SCALES)
def test_the_scale_of_a_header(header: str, factor: int) -> None:
    assert scale(header) == factor


def test_thousands_are_multiplied_and_told(store: Store, tmp_path: Path) -> None:
    rows = [[*PARTIES, "2023-04-05", "1.5"], [*PARTIES, "2023-04-06", ""]]
    report = one(store, write(tmp_path / "t.csv", rows, [*BASE, "Export date", "Value (000 USD)"]))
    assert shipments(store, "value_usd") == [1500.0, None]
    assert report.mapping["value_usd"].column == "Value (000 USD)"
    assert "1 amounts of value_usd were multiplied by 1000" in report.notes


def test_whole_amounts_are_preferred_to_thousands() -> None:
    header = [*BASE, "Export date", "Value (000 USD)", "Value (USD)"]
    layout = lay_out("shipments", header, sample=[[*PARTIES, "2023-04-05", "1", "1000"]] * 3)
    assert layout.mapping["value_usd"].column == "Value (USD)" and not layout.constants


STATED = [
    ("Imports January 2023", (2023, 1)), ("IN_EXP_202301", (2023, 1)), ("импорт за март 2023 г.", (2023, 3)),
    ("EXPORTACIONES 2023-05", (2023, 5)), ("Enero a Marzo 2023", (2023, None)), ("2023年4月", (2023, 4)),
    ("From 01.01.2023 to 31.03.2023", (2023, None)), ("India 2022", (2022, None)), ("Chapter 85", None),
    ("downloaded 2024-02-01", None), ("data_20240115", None), ("2022-2023", None), ("HS 854231", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), STATED)
def test_the_period_of_a_title(text: str, found: tuple[int, int | None] | None) -> None:
    assert stated(text) == found


def test_what_stands_nearest_states_the_period() -> None:
    assert period(["Imports", "May 2022"], "2023-01", "x.csv") == Period(2022, 5, "the title 'May 2022'")
    found = period(["Imports"], "Sheet1", "exp_202301.csv")
    assert found and found.constants == {"year": "2023", "month": "1"} and "file" in found.note


def test_a_table_without_days_is_of_its_period(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    for row in (["Exports of Erehwon, February 2024"], BASE, PARTIES, [*PARTIES[:3], "wafers"]):
        book.active.append(row)
    book.save(tmp_path / "e.xlsx")
    report = one(store, tmp_path / "e.xlsx")
    assert shipments(store, "departed_on") == [date(2024, 2, 1)] * 2
    assert shipments(store, "departed_latest") == [date(2024, 2, 29)] * 2
    assert any("no column holds a day" in note and "2024-02" in note for note in report.notes)
    assert print_mapping(tmp_path / "e.xlsx", None, None, Common()) == 0
    shown = capsys.readouterr().out
    assert 'year = { value = "2024" }' in shown and 'month = { value = "2" }' in shown


def test_without_a_period_or_a_party_it_is_refused(store: Store, tmp_path: Path) -> None:
    assert one(store, write(tmp_path / "none.csv", [PARTIES], BASE)).refused
    header = ["HS CODE", "Goods", "Country of origin", "Value (USD)"]
    totals = write(tmp_path / "imports_202301.csv", [["85423100", "chips", "CN", "5"]] * 3, header)
    assert one(store, totals).refused


NOTES = [
    "Source: Customs of Erehwon",
    "*** End of Report ***",
    "© Trade Data",
    "Fuente: SUNAT",
    "Page 3 of 3",
]


def test_notes_below_a_table_are_no_rows(store: Store, tmp_path: Path) -> None:
    header = [*BASE, "Export date", "Qty"]
    rows = [[*PARTIES, "2023-04-05", str(n)] for n in range(5)]
    report = one(store, write(tmp_path / "t.csv", rows + [[note, *[""] * 5] for note in NOTES], header))
    assert (report.read, report.loaded) == (5, 5)
    assert any("row 7, 8, 9, 10, 11" in note for note in report.notes)


def test_a_note_among_the_rows_is_one_of_them(store: Store, tmp_path: Path) -> None:
    header = [*BASE, "Export date", "Qty"]
    rows = [[*PARTIES, "2023-04-05", str(n)] for n in range(9)]
    rows.insert(3, [NOTES[0], *[""] * 5])
    report = one(store, write(tmp_path / "t.csv", rows, header))
    assert (report.read, report.rejected) == (10, 1)


def named(header: list[str], row: list[str]) -> Layout:
    layout = guess(header, sample=[row] * 3)
    assert layout is not None
    return layout


def test_columns_that_go_on_are_joined(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ["Exporter", "Exporter Address1", "Exporter Address2", "Buyer", "HS CODE", "Export date"]
    header += ["Description1", "Description2"]
    row = ["Alpha Ltd", "12 High Street", "Dubai UAE", "Beta LLC", "85423100", "2023-04-05", "chips", "new"]
    path, toml = write(tmp_path / "t.csv", [row], header), tmp_path / "m.toml"
    mapping = one(store, path).mapping
    assert mapping["exporter_address"].column == "Exporter Address1 + Exporter Address2"
    assert shipments(store, "description") == ["chips, new"]
    assert print_mapping(path, None, None, Common()) == 0
    toml.write_text(capsys.readouterr().out, encoding="utf-8")
    given = load_mapping(toml)
    assert given["description"] == "Description1 + Description2"
    again = one(store, path, mapping=given, kind=given.kind)
    assert (again.refused, again.loaded, again.unchanged) == (None, 0, 1)
    alone = lay_out("shipments", header, {"description": "Description1"})
    assert "description" not in alone.further


def test_a_type_of_imports_and_exports_is_the_flow() -> None:
    header, row = ["Type", *BASE, "Date"], ["Import", *PARTIES, "2023-04-05"]
    assert named(header, row).mapping["flow"].column == "Type"
    assert "flow" not in named(header, ["FCL", *row[1:]]).mapping
    assert "flow" not in named(header, ["E", *row[1:]]).mapping


def test_numbers_of_declarations_come_again(store: Store, tmp_path: Path) -> None:
    header = ["Declaration No", "Item No", "Exporter", "Consignee", *BASE[2:], "Export date"]
    for name, day in (("a.csv", "2022-04-05"), ("b.csv", "2023-04-05")):
        assert one(store, write(tmp_path / name, [["17", "1", *PARTIES, day]], header)).loaded == 1
    assert sorted(map(str, shipments(store, "departed_on"))) == ["2022-04-05", "2023-04-05"]
    assert one(store, tmp_path / "a.csv").unchanged == 1


def test_numbers_below_units_are_a_quantity() -> None:
    counts, codes = ["5000", "1200", "17"], ["796", "166", "796"]
    header = [*BASE, "Export date", "Suppl. units"]
    for values, column in ((counts, "quantity"), (codes, "unit")):
        sample = [[*PARTIES, "2023-04-05", value] for value in values * 3]
        assert lay_out("shipments", header, sample=sample).mapping[column].column == "Suppl. units"


def test_foreign_parties_of_a_table_of_exports() -> None:
    header = ["BILL NO", "BILL DATE", "PARTY NAME", "FOREIGN PARTY", "ITEM", "HSN", "FOB VALUE $"]
    row = ["77", "2023-04-05", "Alpha Ltd", "Beta LLC", "chips", "85423100", "5"]
    mapping = named(header, row).mapping
    assert (mapping["exporter"].column, mapping["consignee"].column) == ("PARTY NAME", "FOREIGN PARTY")


def test_boxes_of_goods_are_told_apart() -> None:
    header = ["ND", "G072", "G022", "G082", "G33", "G31_1", "G31_7", "G31_71", "G31_11"]
    mapping = lay_out("shipments", header).mapping
    assert [mapping[c].column for c in ("description", "quantity", "unit")] == ["G31_1", "G31_7", "G31_71"]


def repeating(rows: int, again: int, names: tuple[str, ...] = ()) -> list[list[str]]:
    """Rows of shipments with their header, or `names` in its place, once more after `again` rows."""
    made = [
        [f"2023-01-{no % 28 + 1:02d}", f"Exp {no}", "Imp", "854231", str(no + 1), "Turkey"]
        for no in range(rows)
    ]
    return [*made[:again], list(names or REPEATED), *made[again:]]


REPEATED = ["Date", "Shipper", "Consignee", "HS Code", "Weight kg", "Destination"]


@pytest.mark.parametrize("again", [1, 5, 20, 40])
def test_rows_above_a_header_that_comes_again_are_read(store: Store, tmp_path: Path, again: int) -> None:
    report = one(store, write(tmp_path / "r.csv", repeating(45, again), REPEATED))
    assert (report.read, report.loaded, report.rejected) == (45, 45, 0)
    assert sorted(shipments(store, "weight_kg")) == [float(no) for no in range(1, 46)]  # type: ignore[type-var]


def test_a_header_that_comes_again_in_other_words_takes_no_rows_away(store: Store, tmp_path: Path) -> None:
    other = (
        "Shipment Date",
        "Shipper Name",
        "Consignee Name",
        "HS Code",
        "Net Weight (kg)",
        "Country of Destination",
    )
    report = one(store, write(tmp_path / "r.csv", repeating(40, 20, other), REPEATED))
    assert (report.read, report.loaded, report.rejected) == (41, 40, 1)


def test_a_table_above_another_is_told_of(store: Store, tmp_path: Path) -> None:
    above = [["2023-01-02", "Alpha", "85423100", "Turkey", "", ""] for _ in range(6)]
    rows = [*above, REPEATED, *repeating(30, 0)[1:]]
    report = one(
        store, write(tmp_path / "r.csv", rows, ["Date", "Shipper", "HS Code", "Destination", "", ""])
    )
    assert report.read == 30
    assert any("not read: 7 rows above the header" in note for note in report.notes)

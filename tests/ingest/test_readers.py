"""Tables in every shape that spreadsheets, customs systems and programs give them."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped,unused-ignore]
import pytest
import xlwt
from openpyxl.utils.datetime import (  # type: ignore[import-untyped,unused-ignore]
    CALENDAR_MAC_1904,
    CALENDAR_WINDOWS_1900,
)

from diversion.errors import BadInput
from diversion.ingest import records, workbook
from diversion.ingest.encoding import encoding
from diversion.ingest.files import open_sheets
from diversion.ingest.headers import Asked, first_that
from diversion.ingest.run import ingest
from diversion.ingest.sheet import Sheet, header_test
from diversion.store import open_store
from tests.ingest.test_formats import text
from tests.ingest.world import HEADER, content, empty_store, good, one, options, write

Rows = list[tuple[int, list[str]]]
PLAIN = [[*row[:7], row[7].replace(".", ""), *row[8:]] for row in good(3)]


is_header = first_that(lambda cells: "exporter" in cells, header_test(Asked()))


def sheets(path: Path) -> Sequence[Sheet]:
    return open_sheets(path, path.name, is_header)


def rows_of(sheet: Sheet) -> Rows:
    found: Rows = []
    for batch in sheet.read(range(len(sheet.header)), lambda done, total: None):
        for row in batch.to_pylist():
            number, fault, _, *cells = row.values()
            found.append((number, [fault] if fault else cells))
    return found


def only(path: Path) -> tuple[tuple[str, ...], Rows]:
    (sheet,) = sheets(path)
    rows = rows_of(sheet)
    good_rows = [tuple(cells) for _, cells in rows if len(cells) == len(sheet.header)]
    assert list(sheet.sample) == good_rows[:200]
    return sheet.header, rows


def typed(name: str, cell: str) -> Any:
    if name.endswith("_on"):
        return datetime.fromisoformat(cell)
    return float(cell) if name in ("quantity", "value", "hs_code") else cell


def as_xls(path: Path) -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("June")
    day = xlwt.XFStyle()
    day.num_format_str = "DD/MM/YYYY"
    for at, name in enumerate(HEADER):
        page.write(2, at + 1, name)
        for line, row in enumerate(PLAIN):
            value = typed(name, row[at])
            page.write(4 + line, at + 1, value, day if isinstance(value, datetime) else xlwt.XFStyle())
    book.save(str(path))


def as_html(path: Path) -> None:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in PLAIN)
    heads = "<tr>" + "".join(f"<th>{name}" for name in HEADER)
    path.write_text(f"<html><head><title>x</title></head><table border=1>{heads}{lines}</table></html>")


def as_spreadsheet_xml(path: Path) -> None:
    def cell(name: str, said: str) -> str:
        kind = (
            "DateTime" if name.endswith("_on") else "Number" if name in ("quantity", "hs_code") else "String"
        )
        said = f"{said}T00:00:00.000" if kind == "DateTime" else said
        return f'<Cell><Data ss:Type="{kind}">{said}</Data></Cell>'

    heads = "".join(f'<Cell><Data ss:Type="String">{name}</Data></Cell>' for name in HEADER)
    lines = "".join(f"<Row>{''.join(map(cell, HEADER, row))}</Row>" for row in PLAIN)
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="June"><Table>'
        f'<Row ss:Index="3">{heads}</Row>{lines}</Table></Worksheet></Workbook>'
    )


def objects() -> list[dict[str, Any]]:
    found = [dict(zip(HEADER, row, strict=True)) for row in PLAIN]
    return [row | {"quantity": 10.0, "value": 100.5, "consignee": row["consignee"]} for row in found]


SHAPES: dict[str, Callable[[Path], object]] = {
    "xls": as_xls,
    "html.xls": as_html,
    "xml.xls": as_spreadsheet_xml,
    "tabs.xls": lambda path: path.write_text(text(PLAIN, "\t")),
    "lines.json": lambda path: path.write_text("\n".join(map(json.dumps, objects()))),
    "array.json": lambda path: path.write_text(json.dumps(objects(), indent=2)),
    "wrapped.json": lambda path: path.write_text(json.dumps({"n": {"count": 3}, "data": objects()})),
    "sep.csv": lambda path: path.write_text("sep=^\n" + text(PLAIN, "^")),
    "mixed.csv": lambda path: path.write_bytes(text(PLAIN).encode().replace(b"\r\n", b"\r", 2)),
    "zeros.csv": lambda path: path.write_bytes(text(PLAIN).encode().replace(b"chips", b"chi\0\0ps")),
    "trailing.csv": lambda path: path.write_bytes(text(PLAIN).encode().replace(b"\r\n", b",,\r\n")),
    **{
        f"{ord(d)}.csv": (lambda path, d=d: path.write_text(text(PLAIN, d)))  # type: ignore[misc]
        for d in "~^\x01"
    },
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_gives_what_csv_gives(tmp_path: Path, name: str) -> None:
    SHAPES[name](tmp_path / name)
    found = []
    for path in (write(tmp_path / "plain.csv", PLAIN), tmp_path / name):
        with open_store(str(tmp_path / f"{path.name}.duckdb")) as store:
            assert one(store, path).loaded == 3
            found.append(content(store))
    assert found[0] == found[1]


CELLS: list[Any] = [
    datetime(2023, 4, 5),
    datetime(2023, 4, 5, 13, 30),
    date(2023, 4, 5),
    8542310000,
    854231.0,
    100.25,
    0.1,
    1.5e-7,
    123456789012,
    "008542",
    " padded ",
    "#N/A",
    True,
    None,
    "ООО Сигма",
]


def odd_workbook(path: Path, epoch: datetime = CALENDAR_WINDOWS_1900) -> Path:
    book = openpyxl.Workbook()
    book.epoch = epoch
    page = book.active
    page["B3"] = "Title"
    for at in range(len(CELLS)):
        page.cell(5, at + 2, "exporter" if at == 0 else f"c{at}")
        page.cell(7, at + 2, CELLS[at])
        page.cell(9, at + 2, "x")
    hidden = book.create_sheet("Old")
    hidden.sheet_state = "hidden"
    hidden.append(["exporter", "b"])
    hidden.append(["A", "=1+1"])
    book.create_sheet("Empty")
    book.create_chartsheet("Chart")
    book.save(path)
    return path


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_both_readers_of_workbooks_agree(tmp_path: Path, epoch: datetime) -> None:
    path = odd_workbook(tmp_path / "s.xlsx", epoch)
    seen = []
    for find in (workbook._quick, workbook._streaming):
        found = workbook._sheets(find(path, "s"), "s", is_header, ())
        seen.append([(s.name, s.notes, [c for c in s.header if c], rows_of(s)) for s in found])
    quick, streaming = (
        [(n, t, h, [(at, [*filter(None, c)]) for at, c in r]) for n, t, h, r in s] for s in seen
    )
    assert quick == streaming
    (_, _, _, rows), (name, notes, _, _) = quick
    assert [number for number, _ in rows] == [7, 9]
    assert rows[0][1] == [
        *["2023-04-05"] * 3,
        *["8542310000", "854231", "100.25", "0.1", "0.00000015", "123456789012"],
        *["008542", " padded ", "TRUE", "ООО Сигма"],
    ]
    assert (name, "hidden" in notes[0]) == ("Old", True)


def test_hidden_sheets_and_formulas_without_values_are_told(tmp_path: Path) -> None:
    found = sheets(odd_workbook(tmp_path / "s.xlsx"))
    assert "formulas without stored values" in found[0].notes[0]
    assert "Old is hidden" in found[1].notes[0]


def test_each_reader_stands_in_for_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = odd_workbook(tmp_path / "s.xlsx")

    def fail(path: Path, where: str) -> list[workbook.Found]:
        raise BadInput("it fails", where=where)

    for name in ("_quick", "_streaming"):
        with monkeypatch.context() as patch:
            patch.setattr(workbook, name, fail)
            patch.setattr(workbook, "LARGE", 0 if name == "_streaming" else 1 << 30)
            assert len(sheets(path)) == 2


def test_text_merged_over_rows_stands_in_each_and_numbers_do_not(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["exporter", "hs", "value"], ["Alpha", "1", 5], ["", "2", None], ["", "3", 6]):
        book.active.append(row)
    book.active.merge_cells("A2:A4")
    book.active.merge_cells("C2:C3")
    book.save(tmp_path / "s.xlsx")
    _, rows = only(tmp_path / "s.xlsx")
    assert [cells for _, cells in rows] == [["Alpha", "1", "5"], ["Alpha", "2", ""], ["Alpha", "3", "6"]]


def test_the_slow_reader_of_workbooks_fills_merged_cells_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["hs", "exporter", "value"],
        ["1", "Alpha", 5],
        ["2", "", None],
        ["3", "", 6],
        ["4", "Beta", 7],
    ):
        book.active.append(row)
    book.active.merge_cells("B2:B4")
    book.active.merge_cells("C2:C3")
    book.save(tmp_path / "s.xlsx")
    quick = only(tmp_path / "s.xlsx")[1]
    monkeypatch.setattr(workbook, "LARGE", 0)
    monkeypatch.setattr(workbook, "_quick", None)
    slow = only(tmp_path / "s.xlsx")[1]
    assert slow == quick
    assert [cells[1] for _, cells in slow] == ["Alpha", "Alpha", "Alpha", "Beta"]


def test_html_cells_that_span(tmp_path: Path) -> None:
    path = tmp_path / "s.xls"
    path.write_bytes(
        '<meta charset="windows-1251"><table><tr><th>exporter<th>b<th>c<th>d'
        "<tr><td rowspan=2>ООО А<td colspan=2>x &amp; y<td>1<tr><td>p<td>q<td rowspan=99999999>2"
        "</table>".encode("cp1251")
    )
    _, rows = only(path)
    assert [cells for _, cells in rows] == [["ООО А", "x & y", "", "1"], ["ООО А", "p", "q", "2"]]


def test_json_lines_that_are_none_are_faults_by_line(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    deep = '{"exporter": ' + "[" * 5000 + "]" * 5000 + "}"
    lines = [
        '{"exporter": "A", "x": {"y": [1, 2.50]}}',
        "",
        "not json",
        "[1]",
        deep,
        '{"exporter": null, "k": 1}',
    ]
    path.write_text("\n".join(lines))
    header, rows = only(path)
    assert header == ("exporter", "x.y", "k")
    assert {number: len(cells) for number, cells in rows} == {1: 3, 3: 1, 4: 1, 5: 1, 6: 3}
    assert [cells for _, cells in rows if len(cells) == 3] == [["A", "1; 2.5", ""], ["", "", "1"]]


LANGUAGES = {
    "koi8-r": "ООО Сигма Электроникс, Москва",
    "cp866": "АО Завод Прибор, Екатеринбург",
    "cp1254": "Şahin Dış Ticaret Ltd. Şti. İstanbul, Çağlar Yıldız İthalat",
    "cp1252": "Compañía Española de Comercio, Señor Núñez, Importación",
    "gb18030": "深圳市电子有限公司,北京科技进出口公司",
    "big5": "台北電子股份有限公司,高雄貿易公司",
    "shift_jis": "株式会社東京エレクトロン,大阪商事",
    "euc-kr": "삼성전자 주식회사,서울무역 대한민국",
    "cp1256": "شركة التجارة العامة,مؤسسة دبي للإلكترونيات",
    "cp874": "บริษัท อิเล็กทรอนิกส์ จำกัด",
}


@pytest.mark.parametrize("codec", LANGUAGES)
def test_encodings_are_guessed_and_said_to_be(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "s.csv"
    names = LANGUAGES[codec].split(",")
    ascii_rows = "".join(f"S{at},Alpha Ltd,DE\n" for at in range(2000))
    path.write_bytes(
        f"id,exporter,country\n{ascii_rows}".encode()
        + "".join(f"X,{name},XX\n" for name in names).encode(codec)
    )
    (sheet,) = sheets(path)
    assert [cells[1] for _, cells in rows_of(sheet)[2000:]] == names
    assert "guess" in sheet.notes[0]


def test_a_line_of_a_gigabyte_is_left_out_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST", 1 << 16)
    path = tmp_path / "s.csv"
    write(path, good(9))
    with path.open("ab") as stream:
        for _ in range(48):
            stream.write(b"x" * (1 << 20))
        stream.write(b"\n" + text(good(1, 20)).splitlines()[1].encode() + b"\n")
    (sheet,) = sheets(path)
    tracemalloc.start()
    rows = rows_of(sheet)
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()
    assert (len(rows), [cells[0][:22] for number, cells in rows if number == 11]) == (
        11,
        ["the row is longer than"],
    )


def test_a_file_of_zeros_below_its_header(tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", good(9))
    with path.open("r+b") as stream:
        stream.truncate(1 << 30)
    with empty_store(tmp_path) as store:
        assert "binary" in (one(store, path).refused or "")


def test_a_table_and_documents_are_told_by_content(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_text(text(good(2)))
    as_xls(tmp_path / "b.csv")
    with empty_store(tmp_path) as store:
        report = ingest(store, [tmp_path / "a.parquet", tmp_path / "b.csv"], options())
    assert [file.loaded for file in report.files] == [2, 3]


@pytest.mark.parametrize(
    ("last", "codec", "name"), [("CAFÉ", "latin-1", "cp1252"), ("Источник: ФТС России", "cp1251", "cp1251")]
)
def test_a_last_byte_that_utf8_might_go_on_from_tells_no_utf8(
    tmp_path: Path, last: str, codec: str, name: str
) -> None:
    path = tmp_path / "legacy.csv"
    path.write_bytes("\n".join(["name;city", *[f"{last} {no};{last}" for no in range(20)]]).encode(codec))
    assert encoding(path, "legacy.csv").name == name


@pytest.mark.parametrize("text", ["name;city\n" + "Пётр;Москва\n" * 20 + "Пётр", "a;b\n1;é\n1;é", "a;b\n1;€"])
def test_a_file_cut_inside_a_letter_stays_utf8(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cut.csv"
    path.write_bytes(text.encode()[:-1])
    assert encoding(path, "cut.csv").note == "the file ends inside a character"


def sayari(no: int, **more: Any) -> dict[str, Any]:
    """A shipment whose parties, codes and amounts are lists of objects."""
    return {
        "record": f"rec{no}",
        "buyer": [{"names": ["OOO Test"], "countries": ["RUS"]}],
        "supplier": [{"names": ["HK Co"], "countries": ["HKG"]}],
        "departure_date": "2023-01-10",
        "departure_country": ["HKG"],
        "arrival_country": ["RUS"],
        "hs_codes": [{"code": "854231"}, {"code": "854239"}],
        "monetary_value": [{"value": 100.5 + no, "currency": "USD"}],
        "weight": [{"value": 1 + no, "unit": "kg"}],
        **more,
    }


def test_lists_of_objects_are_read_by_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text("\n".join(json.dumps(sayari(no)) for no in range(9)), "utf-8")
    with empty_store(tmp_path) as store:
        assert one(store, path).loaded == 9
        assert {row["name"]: row["country"] for row in store.read("Party").to_pylist()} == {
            "OOO Test": "RU",
            "HK Co": "HK",
        }
        (first, *_) = sorted(store.read("Shipment").to_pylist(), key=lambda row: int(row["row"]))
        assert (first["hs6"], first["value"], first["currency"]) == ("854231", 100.5, "USD")
        assert first["weight_kg"] == 1


@pytest.mark.parametrize("cell", ['[{"names": ["A"]}]', '{"name": "A"}', '["A"]', "[{'names': ['A']}]", "{}"])
def test_nested_data_is_no_name(tmp_path: Path, cell: str) -> None:
    rows = good(9)
    rows[3][HEADER.index("consignee")] = cell
    with empty_store(tmp_path) as store:
        report = one(store, write(tmp_path / "n.csv", rows))
        assert (report.loaded, report.rejected) == (8, 1)
        assert [(r.column, r.reason) for r in report.reasons] == [("consignee", "nested JSON, not a name")]


def test_a_name_in_brackets_is_a_name(tmp_path: Path) -> None:
    rows = good(2)
    rows[0][HEADER.index("consignee")] = '["Alpha" LLC]'
    with empty_store(tmp_path) as store:
        assert one(store, write(tmp_path / "n.csv", rows)).loaded == 2

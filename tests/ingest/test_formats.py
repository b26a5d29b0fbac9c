"""What each reader makes of a file: encodings, delimiters, workbooks, Parquet, and files that are none."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped,unused-ignore]
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from diversion.ingest import files
from diversion.ingest.run import ingest
from diversion.store import open_store
from tests.ingest.world import GOOD, HEADER, Content, content, empty_store, good, one, options, write


def text(rows: list[list[str]], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([HEADER, *rows])
    return stream.getvalue()


CYRILLIC = [[*row[:3], "ООО Сигма Электроникс", *row[4:]] for row in good(4)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(text(CYRILLIC).encode(encoding))
    with empty_store(tmp_path) as store:
        report = one(store, path)
        assert report.loaded == 4
        assert {row["name"] for row in store.read("SENT").to_pylist()} == {"ООО Сигма Электроникс"}
    assert bool(report.notes) == (encoding in ("cp1251", "utf-16-le", "utf-16-be"))


def test_latin_1_is_said_to_be_a_guess(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(text([[*row[:3], "Müller & Söhne GmbH", *row[4:]] for row in good(2)]).encode("latin-1"))
    with empty_store(tmp_path) as store:
        report = one(store, path)
        assert {row["name"] for row in store.read("SENT").to_pylist()} == {"Müller & Söhne GmbH"}
    assert "guess" in report.notes[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text([[*row[:8], 'chips, "fast"; new|er\tones', *row[9:]] for row in good(3)], delimiter))
    with empty_store(tmp_path) as store:
        assert one(store, path).loaded == 3
        assert store.read("Shipment")["description"][0].as_py() == 'chips, "fast"; new|er\tones'


def test_titles_blank_rows_and_repeated_headers_are_no_data(tmp_path: Path) -> None:
    lines = text(good(2)).splitlines()
    path = tmp_path / "s.csv"
    path.write_text(
        "\n".join(["Exports of June,,", "", lines[0], lines[1], "", ",,,", lines[0], lines[2]]) + "\n"
    )
    with empty_store(tmp_path) as store:
        report = one(store, path)
        assert (report.read, report.loaded) == (2, 2)
        assert sorted(row["row"] for row in store.read("Shipment").to_pylist()) == [4, 8]


TOTALS = [
    ["Total", *[""] * 8, "20", "", "201", "USD"],
    ["", "Grand total:", *[""] * 7, "20", "", "", ""],
    ["", "", "", "ИТОГО", *[""] * 5, "20", "", "", ""],
    ["", "", "", "", "", "合计：", *[""] * 7],
    ["Gesamt", "20"],
]


@pytest.mark.parametrize("total", TOTALS)
def test_a_total_at_the_end_is_no_data(tmp_path: Path, total: list[str]) -> None:
    kept = ["TOTAL", *good(1)[0][1:]]
    with empty_store(tmp_path) as store:
        report = one(store, write(tmp_path / "s.csv", [kept, *good(2), ["", " "], total, total]))
        assert (report.read, report.loaded) == (3, 3)
    assert any("totals" in note and "row 6, 7" in note for note in report.notes)


def test_amounts_alone_above_a_total_are_a_subtotal(tmp_path: Path) -> None:
    bare = ["", "", *[""] * 7, "20", "", "200", ""]
    with empty_store(tmp_path) as store:
        path = write(tmp_path / "s.csv", [*good(1), bare, *good(2, 2), bare, ["Total", *bare[1:]]])
        report = one(store, path, max_rejected=1.0)
    assert (report.read, report.loaded, report.rejected) == (4, 3, 1)
    assert any("row 6, 7" in note for note in report.notes)


def test_a_total_in_a_column_that_is_not_read(tmp_path: Path) -> None:
    rows = [[str(at), *row] for at, row in enumerate(good(2), 1)]
    book = openpyxl.Workbook()
    for row in (["Pos", *HEADER], *rows, [" "], ["Summe", *[""] * 9, "20"]):
        book.active.append(row)
    book.save(tmp_path / "s.xlsx")
    with empty_store(tmp_path) as store:
        report = one(store, tmp_path / "s.xlsx")
    assert (report.read, report.loaded) == (2, 2)


def test_what_only_looks_like_a_total_stays(tmp_path: Path) -> None:
    header = ["party_id", "name", "country"]
    rows = [["P1", "Alpha", "DE"], ["", "Total", "FR"], ["", "Total Trading", ""], ["", "Total", ""]]
    with empty_store(tmp_path) as store:
        report = one(store, write(tmp_path / "p.csv", rows, header))
        assert (report.read, report.loaded) == (3, 3)
        middle = [good(1)[0], ["Total", *[""] * 12], *good(9, 2)]
        report = one(store, write(tmp_path / "s.csv", middle))
        assert (report.read, report.loaded, report.rejected) == (11, 10, 1)


def test_blank_rows_of_parquet_are_no_data(tmp_path: Path) -> None:
    rows = [good(1)[0], [""] * len(HEADER), good(1, 2)[0]]
    table = {name: [row[at] or None for row in rows] for at, name in enumerate(HEADER)}
    pq.write_table(pa.table(table), tmp_path / "s.parquet")
    with empty_store(tmp_path) as store:
        report = one(store, tmp_path / "s.parquet")
        assert (report.read, report.loaded) == (2, 2)
        assert sorted(row["row"] for row in store.read("Shipment").to_pylist()) == [1, 3]


def test_broken_rows_are_told_and_the_rest_goes_in(tmp_path: Path) -> None:
    lines = text(good(30)).splitlines()
    lines[5] = lines[5].replace("chips", '"chips')
    lines[10] = ",".join(lines[10].split(",")[:5])
    lines[15] = lines[15].replace("chips", "chips,and,more")
    path = tmp_path / "s.csv"
    path.write_text("\n".join(lines) + "\n")
    with empty_store(tmp_path) as store:
        report = one(store, path)
        assert (report.read, report.loaded, report.rejected) == (30, 27, 3)
    assert [(reject.row, reject.column) for reject in report.rejects] == [(6, ""), (11, ""), (16, "")]
    assert [reject.reason.split()[0:2] for reject in report.rejects] == [
        ["a", "quotation"],
        ["the", "row"],
        ["the", "row"],
    ]


def test_a_row_cut_off_at_the_end_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text(good(10))[:-30])
    with empty_store(tmp_path) as store:
        report = one(store, path)
    assert (report.read, report.loaded, report.rejected) == (10, 9, 1)
    assert "the file ends inside this row" in report.rejects[0].reason


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text(good(9)) + "x" * 3_000_000 + "\n" + text(good(1, 20)).splitlines()[1] + "\n")
    with empty_store(tmp_path) as store:
        report = one(store, path)
    assert (report.read, report.loaded, report.rejected) == (11, 10, 1)
    assert "longer than" in report.rejects[0].reason
    assert len(report.rejects[0].value or "") <= 200


def test_one_endless_line_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("x" * 5_000_000)
    with empty_store(tmp_path) as store:
        assert "longer than" in (one(store, path).refused or "")


def test_quotes_that_never_close_do_not_cost_quadratic_time(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text(good(1)) + 'a,"b' + "\n" + ('c,"d' + "\n") * 200_000)
    with empty_store(tmp_path) as store:
        assert one(store, path).refused


def as_workbook(path: Path, rows: list[list[str]], sheet: str = "June") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    page.append(["Exports of June"])
    page.append(HEADER)
    for row in rows:
        page.append([_typed(name, cell) for name, cell in zip(HEADER, row, strict=True)])
    book.create_sheet("Notes").append(["nothing here"])
    book.save(path)
    return path


def _typed(name: str, cell: str) -> Any:
    if name.endswith("_on"):
        return datetime.fromisoformat(cell)
    return float(cell) if name in ("quantity", "value") else cell


def as_parquet(path: Path, rows: list[list[str]]) -> Path:
    columns: dict[str, list[Any]] = {n: [row[at] for row in rows] for at, n in enumerate(HEADER)}
    for name in ("departed_on", "arrived_on"):
        columns[name] = [date.fromisoformat(day) for day in columns[name]]
    for name in ("quantity", "value"):
        columns[name] = [float(cell) for cell in columns[name]]
    columns["hs_code"] = [854231 for _ in rows]
    pq.write_table(pa.table(columns), path)
    return path


def test_workbook_and_parquet_give_what_csv_gives(tmp_path: Path) -> None:
    rows = [GOOD.format(n=n).replace("8542.31", "854231").split(",") for n in range(40)]
    paths = [
        write(tmp_path / "s.csv", rows),
        as_workbook(tmp_path / "s.xlsx", rows),
        as_parquet(tmp_path / "s.parquet", rows),
    ]
    found: list[Content] = []
    for path in paths:
        with open_store(str(tmp_path / f"{path.suffix[1:]}.duckdb")) as store:
            assert one(store, path).loaded == 40
            found.append(content(store))
    assert found[0] == found[1] == found[2]


def test_workbook_rejects_name_sheet_and_row(tmp_path: Path) -> None:
    rows = [*good(9), [*good(1, 9)[0][:9], "-5", *good(1)[0][10:]]]
    with empty_store(tmp_path) as store:
        report = one(store, as_workbook(tmp_path / "s.xlsx", rows))
    (reject,) = report.rejects
    assert (reject.sheet, reject.row, reject.column, reject.value) == ("June", 12, "quantity", "-5")
    assert any("Notes" in note for note in report.notes)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b"\0" * (20 << 20))


def _laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    body = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><workbook>&a12;</workbook>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", body)
        archive.writestr("xl/workbook.xml", body)


REFUSED = {
    "empty.csv": (b"", "empty"),
    "blank.csv": (b"\n \n,,\n", "empty"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture"),
    "program.csv": (bytes(range(256)) * 40, "binary"),
    "paper.csv": (b"%PDF-1.7\n", "PDF"),
    "page.csv": (b"<html><body>1,2</body></html>", "XML or HTML"),
    "data.csv": (b'{"a": 1}', "'a'"),
    "words.json": (b'["a", "b"]', "no objects"),
    "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "workbook cannot be read"),
    "fixed.txt": (b"ID   NAME        COUNTRY\n1    Alpha Ltd   DE\n2    Beta LLC    AE\n", "fixed width"),
    "other.xml": (b'<a xmlns="urn:x"><b/></a>', "a of urn:x"),
    "cut.csv.gz": (gzip.compress(b"a,b\n" * 9999)[:-20], "unpacked"),
    "cut.zip": (b"PK\x03\x04" + bytes(50), "unpacked"),
    "twice.gz": (gzip.compress(gzip.compress(b"a,b\n")), "twice over"),
    "cut.parquet": (b"PAR1" + bytes(50), "Parquet"),
    "cut.xlsx": (b"PK\x03\x04" + bytes(50), "workbook"),
    "letter.txt": (b"Dear Sirs,\nplease find attached.\n", "columns"),
    "other.csv": (b"a,b,c\n1,2,3\n", "'a', 'b', 'c'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused_and_the_next_goes_in(tmp_path: Path, name: str) -> None:
    body, words = REFUSED[name]
    (tmp_path / name).write_bytes(body)
    fine = write(tmp_path / "fine.csv", good(2))
    with empty_store(tmp_path) as store:
        report = ingest(store, [tmp_path / name, fine], options())
        assert report.files[0].refused and words in report.files[0].refused
        assert report.files[1].loaded == 2
        assert store.count("Source") == 1


@pytest.mark.parametrize("make", [_bomb, _laughs])
def test_hostile_workbooks(tmp_path: Path, make: Any) -> None:
    make(tmp_path / "s.xlsx")
    with empty_store(tmp_path) as store:
        assert one(store, tmp_path / "s.xlsx").refused


def test_folders(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "readme.md").write_text("nothing")
    write(tmp_path / "some" / "b.csv", good(2))
    write(tmp_path / "some" / "a.csv", good(3))
    with empty_store(tmp_path) as store:
        report = ingest(store, [tmp_path / "none", tmp_path / "some", tmp_path / "missing.csv"], options())
    assert [Path(one.file).name for one in report.files] == ["none", "a.csv", "b.csv", "missing.csv"]
    assert "no file of a known kind" in (report.files[0].refused or "")
    assert (report.files[1].loaded, report.files[2].unchanged) == (3, 2)
    assert "no such file" in (report.files[3].refused or "")


def test_no_rights_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "s.csv", good(1))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "unpacked", refuse)
    with empty_store(tmp_path) as store:
        assert "no rights" in (one(store, path).refused or "")


def test_header_alone_is_no_fault(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        report = one(store, write(tmp_path / "s.csv", []))
    assert (report.read, report.refused) == (0, None)
    assert report.notes == ("the file has a header and no rows",)

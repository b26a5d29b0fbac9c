"""What is told before and after an ingest: a trial, days in doubt, reasons summed up, files skipped."""

from __future__ import annotations

import json
import tomllib
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl  # type: ignore[import-untyped,unused-ignore]
import pytest

from diversion.errors import BadInput
from diversion.ingest.options import load_mapping
from diversion.ingest.run import ingest
from diversion.ingest.skipped import no_data
from diversion.store.base import Store
from tests.case import run
from tests.ingest.world import HEADER, empty_store, faulty, good, one, options, write

FOREIGN = ["Date", "Shipper", "Consignee", "HS Code", "Goods", "FOB USD"]


def rows(*days: str) -> list[list[str]]:
    return [[day, f"Alpha {n} Ltd", "Beta LLC", "854231", "chips", "100"] for n, day in enumerate(days)]


def departures(store: Store) -> list[date]:
    return sorted(row["departed_on"] for row in store.read("Shipment", ["departed_on"]).to_pylist())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with empty_store(tmp_path) as opened:
        yield opened


def test_mapping_says_that_ingest_would_refuse_and_why(tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", [*good(3), faulty("unit", "furlong")])
    printed = run("mapping", path)
    assert printed.code == 3
    said = printed.out.replace("\n# ", " ")
    assert "would refuse it: 1 of 4 rows are faulty" in said and "unknown unit" in said
    tomllib.loads(printed.out)
    told = run("mapping", path, "--format", "json").json
    assert (told["understood"], told["rows"], told["rejected"]) == (False, 4, 1)
    refused = run("ingest", path, "--store", tmp_path / "x.duckdb", "--format", "json")
    assert refused.code == 3 and refused.json["files"][0]["refused"] == told["refused"]


def test_mapping_counts_rejects_of_a_file_that_goes_in(tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", [*good(9), faulty("unit", "furlong")])
    printed = run("mapping", path)
    assert printed.code == 0
    assert "of its 10 rows 1 would be rejected" in printed.out
    assert "unit: unknown unit; first in row 11" in printed.out


def test_of_a_large_file_the_first_rows_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from diversion.ingest import trial

    monkeypatch.setattr(trial, "SMALL", 100)
    monkeypatch.setattr(trial, "ROWS", 50)
    path = write(tmp_path / "s.csv", good(40_000))
    told = run("mapping", path, "--format", "json").json
    assert told["understood"] and not told["all_rows_tried"]
    assert 50 <= told["rows"] < 40_000


def test_ambiguous_days_are_refused_until_their_order_is_stated(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", rows("03/04/2023", "05/04/2023"), FOREIGN)
    refused = one(store, path).refused or ""
    assert "the day or the month may come first" in refused
    assert 'departed_on = { order = "day first" }' in refused
    read = {}
    for order in ("day first", "month first"):
        toml = tmp_path / f"{order[:3]}.toml"
        toml.write_text(f'[columns.departed_on]\norder = "{order}"\n', encoding="utf-8")
        (tmp_path / order[:3]).mkdir()
        with empty_store(tmp_path / order[:3]) as other:
            report = one(other, path, orders=load_mapping(toml).orders)
            assert (report.refused, report.loaded) == (None, 2)
            read[order] = departures(other)
            source = json.loads(other.read("Source")["mapping"][0].as_py())
        assert source["departed_on"]["order"] == order
    assert read["day first"] == [date(2023, 4, 3), date(2023, 4, 5)]
    assert read["month first"] == [date(2023, 3, 4), date(2023, 5, 4)]


def test_one_day_decides_the_column_and_a_stated_order_is_kept_to(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", rows("03/04/2023", "13/04/2023"), FOREIGN)
    assert one(store, path).loaded == 2
    assert departures(store) == [date(2023, 4, 3), date(2023, 4, 13)]
    wrong = one(store, path, orders={"departed_on": "month first"}, max_rejected=0.5)
    assert (wrong.loaded, wrong.rejected, wrong.rejects[0].row) == (1, 1, 3)


def test_the_same_file_in_another_order_is_another_batch(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", [["S1", *rows("03/04/2023")[0]]], ["shipment_id", *FOREIGN])
    for order, day in (("day first", date(2023, 4, 3)), ("month first", date(2023, 3, 4))):
        assert one(store, path, orders={"departed_on": order}).loaded == 1
        assert departures(store) == [day]


def test_the_printed_mapping_shows_the_line_that_states_an_order(tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", rows("03/04/2023", "05/04/2023"), FOREIGN)
    printed = run("mapping", path).out
    assert 'departed_on = { column = "Date", order = "day first" }' in printed
    assert tomllib.loads(printed)["columns"]["departed_on"] == "Date"
    lines = [line for line in printed.splitlines() if not line.startswith("departed_on")]
    at = next(at for at, line in enumerate(lines) if "{ column" in line)
    lines[at] = lines[at].rpartition(": ")[2]
    stated = "\n".join(lines)
    toml = tmp_path / "m.toml"
    toml.write_text(stated, encoding="utf-8")
    again = run("mapping", path, "--mapping", toml)
    assert again.code == 0
    assert 'departed_on = { column = "Date", order = "day first" }  # ' in again.out
    assert run("ingest", path, "--mapping", toml, "--store", tmp_path / "x.duckdb").code == 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('departed_on = { order = "days first" }', "day first, month first, year first"),
        ('hs_code = { order = "day first" }', "no column of days"),
        ('departed_on = { order = "day first", x = 1 }', "lines like"),
    ],
)
def test_an_order_that_is_none(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "m.toml").write_text(f"[columns]\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_mapping(tmp_path / "m.toml")
    assert words in str(caught.value)


def test_serial_days_beside_a_few_texts(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", rows("44927", "44928", "unknown"), FOREIGN)
    report = one(store, path, max_rejected=0.5)
    assert (report.loaded, report.rejects[0].row) == (2, 4)
    assert departures(store) == [date(2023, 1, 1), date(2023, 1, 2)]


def test_max_rejected_is_a_flag(tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", [*good(3), faulty("unit", "furlong")])
    refused = run("ingest", path, "--store", tmp_path / "s.duckdb")
    assert refused.code == 3 and "--max-rejected" in refused.err
    assert run("ingest", path, "--store", tmp_path / "s.duckdb", "--max-rejected", "0.3").code == 0
    assert run("ingest", path, "--store", tmp_path / "s.duckdb", "--max-rejected", "3").code == 2


def test_a_day_and_a_mapping_that_are_none_say_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", good(1))
    ran = run("ingest", path, "--known-on", "01/02/2021")
    assert ran.code == 2 and "YYYY-MM-DD" in ran.err + ran.out
    for command in ("ingest", "mapping"):
        ran = run(command, path, "--mapping", tmp_path / "none.toml")
        assert ran.code == 3
        assert "no such file" in ran.err and "diversion mapping FILE" in ran.err and "Errno" not in ran.err


def book(path: Path, unit: str, count: int) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "June"
    for row in (HEADER, *good(20), *[faulty("unit", unit)] * count):
        made.active.append(row)
    made.save(path)
    return path


@pytest.mark.parametrize("files", [1, 12])
def test_rejects_are_summed_up_with_file_and_sheet(tmp_path: Path, files: int) -> None:
    paths = [book(tmp_path / f"{at:02}.xlsx", "furlong", 2) for at in range(files)]
    ran = run("ingest", *paths, tmp_path / "gone.csv", "--store", tmp_path / "s.duckdb")
    (line,) = [line for line in ran.err.splitlines() if line.startswith("rejected:")]
    assert f"rejected: {2 * files} rows" in line
    assert "unit: unknown unit" in line and "'furlong'" in line
    assert "00.xlsx, sheet June row 22" in line
    assert f"{files + 1} files, 1 refused" in ran.out


def test_rows_that_cannot_be_read_name_their_file(tmp_path: Path) -> None:
    for at in range(12):
        path = write(tmp_path / f"{at:02}.csv", good(10, at * 100))
        path.write_text(path.read_text() + "a,b\n" + path.read_text().splitlines()[1] + "\n")
    ran = run("ingest", tmp_path, "--store", tmp_path / "s.duckdb")
    (line,) = [line for line in ran.err.splitlines() if line.startswith("rejected:")]
    assert "the row has 2 cells" in line and "00.csv row 12" in line and ": :" not in line


def test_reasons_add_up_and_differ_in_more_than_numbers(store: Store, tmp_path: Path) -> None:
    bad = [faulty("unit", "furlong"), faulty("unit", "stone"), faulty("quantity", "-4")]
    twins = [[*row[:9], "11", *row[10:]] for row in good(3)]
    lines = [[*row, "1"] for row in [*good(20), *bad, *twins]]
    report = one(store, write(tmp_path / "s.csv", lines, [*HEADER, "line"]), max_rejected=1.0)
    assert {(r.column, r.rows) for r in report.reasons} == {("unit", 2), ("quantity", 1), ("shipment_id", 3)}
    assert sum(one.rows for one in report.reasons) == report.rejected


CHAFF = {
    "readme.txt": b"What is in here", "docs/LICENSE": b"MIT", "terms_of_use.txt": b"none", "a.pdf": b"%PDF",
    "b.PNG": b"\x89PNG", "__MACOSX/._s.csv": b"x", "in/.DS_Store": b"x", "Thumbs.db": b"x", "notes.xyz": b"x",
}  # fmt: skip


def test_what_is_plainly_no_data_is_skipped_in_an_archive_and_shown(store: Store, tmp_path: Path) -> None:
    table = write(tmp_path / "s.csv", good(2))
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        for name, body in CHAFF.items():
            archive.writestr(name, body)
        archive.write(table, "data.csv")
    report = ingest(store, [tmp_path / "s.zip"], options())
    (file,) = report.files
    assert (file.refused, file.loaded) == (None, 2)
    assert {one.file for one in file.skipped} == set(CHAFF)
    assert all(one.reason for one in file.skipped)
    (note,) = [note for note in file.notes if note.startswith("skipped in the archive")]
    assert all(name in note for name in CHAFF)
    assert {"file": "readme.txt", "reason": "about the data, no data"} in file.as_json()["skipped"]


def test_folders_skip_and_a_file_named_by_itself_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "older").mkdir(parents=True)
    (folder / "README.txt").write_text("What is in here")
    (folder / "._s.csv").write_bytes(b"\x00\x05\x16\x07")
    write(folder / "s.csv", good(2))
    ran = run("ingest", folder, "--store", tmp_path / "s.duckdb")
    assert ran.code == 0
    assert all(name in ran.err for name in ("README.txt", "._s.csv", "older"))
    assert run("ingest", folder / "*", "--store", tmp_path / "s.duckdb").code == 0
    assert run("ingest", folder / "README.txt", "--store", tmp_path / "s.duckdb").code == 3


@pytest.mark.parametrize("name", ["readings.csv", "license_exports.csv", "notice 2023.xlsx", "terms.txt.csv"])
def test_names_of_data_are_not_skipped(name: str) -> None:
    assert no_data(name) is None


FOOTERS = [["Source: customs"], ["", "", "End of report"], ["*** generated by the portal ***"]]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_footer_is_no_data(store: Store, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"s.{ending}"
    if ending == "csv":
        write(path, [*good(2), *FOOTERS])
    else:
        made = openpyxl.Workbook()
        for row in (HEADER, *good(2), *FOOTERS):
            made.active.append(row)
        made.save(path)
    report = one(store, path)
    assert (report.refused, report.read, report.loaded) == (None, 2, 2)
    assert any("row 4, 5, 6" in note for note in report.notes)


def test_one_cell_within_the_table_or_in_too_many_rows_is_a_fault(store: Store, tmp_path: Path) -> None:
    alone = ["Chapter 85", *[""] * (len(HEADER) - 1)]
    report = one(store, write(tmp_path / "a.csv", [*good(5), alone, *good(4, 6)]))
    assert (report.read, report.rejected) == (10, 1)
    report = one(store, write(tmp_path / "b.csv", [*good(30, 20), *[alone] * 21]), max_rejected=1.0)
    assert (report.read, report.rejected) == (51, 21)


def test_a_record_of_one_field_is_no_footer(store: Store, tmp_path: Path) -> None:
    records = [dict(zip(HEADER, row, strict=True)) for row in good(9)] + [{"exporter": "Alpha Ltd"}]
    path = tmp_path / "s.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    report = one(store, path)
    assert (report.read, report.loaded, report.rejected) == (10, 9, 1)


def test_a_party_of_a_name_alone_is_no_footer(store: Store, tmp_path: Path) -> None:
    header = ["party_id", "name", "country", "address"]
    rows = [["P1", "Alpha", "DE", "x"], ["", "Beta", "", ""]]
    report = one(store, write(tmp_path / "p.csv", rows, header))
    assert (report.read, report.loaded) == (2, 2)

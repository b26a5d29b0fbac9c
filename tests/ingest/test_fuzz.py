"""Whatever stands in a file: rows, rejects or a clear refusal, never anything else, and the sum holds."""

from __future__ import annotations

import gzip
import json
import random
import resource
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.errors import BadInput
from diversion.ingest.files import SUFFIXES, expand, open_sheets
from diversion.ingest.headers import Asked
from diversion.ingest.run import ingest
from diversion.ingest.sheet import header_test
from diversion.store import open_store
from tests.ingest.test_files import zipped
from tests.ingest.test_formats import as_parquet, as_workbook, text
from tests.ingest.test_readers import as_html, as_spreadsheet_xml, as_xls, objects
from tests.ingest.world import good, one, options, write

FEW = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
WHOLE = text(good(12)).encode()


def check(body: bytes, name: str = "s.csv") -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/case.duckdb") as store:
        path = Path(folder) / name
        path.write_bytes(body)
        report = one(store, path, max_rejected=1.0)
        if report.refused is None:
            (source,) = store.read("Source").to_pylist()
            assert source["read"] == report.read
            assert store.count("Reject") == report.rejected
            assert store.count("Shipment") == report.loaded
        else:
            assert store.count("Source") == store.count("Shipment") == 0
        assert store.verify() == []


@FEW
@given(st.binary(max_size=2000))
def test_any_bytes(body: bytes) -> None:
    check(body)


@FEW
@given(st.binary(max_size=300))
def test_any_bytes_below_a_header(body: bytes) -> None:
    check(WHOLE + body)


@FEW
@given(st.integers(0, len(WHOLE)))
def test_truncated(length: int) -> None:
    check(WHOLE[:length])


@FEW
@given(st.integers(), st.integers(1, 12))
def test_mutated(seed: int, changes: int) -> None:
    draw, body = random.Random(seed), bytearray(WHOLE)
    for _ in range(changes):
        at = draw.randrange(len(body))
        edits: list[Callable[[], object]] = [
            lambda at=at: body.__setitem__(at, draw.randrange(256)),  # type: ignore[misc]
            lambda at=at: body.insert(at, draw.choice(b'",\n\r\x00\xff;')),  # type: ignore[misc]
            lambda at=at: body.__delitem__(at),  # type: ignore[misc]
        ]
        draw.choice(edits)()
    check(bytes(body))


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@FEW
@given(st.lists(st.tuples(st.integers(0, 12), CELLS), min_size=1, max_size=12))
def test_any_cells(edits: list[tuple[int, str]]) -> None:
    rows = good(12)
    for at, (column, cell) in enumerate(edits):
        rows[at % 12][column] = cell
    with tempfile.TemporaryDirectory() as folder:
        check(write(Path(folder) / "x.csv", rows).read_bytes())


def read(path: Path) -> None:
    """Read all of a file; nothing but a refusal in words may come of it."""
    try:
        for given in expand(path):
            with given.opened() as file:
                for sheet in open_sheets(file, given.name, header_test(Asked())):
                    for batch in sheet.read(range(len(sheet.header)), lambda done, total: None):
                        assert batch.num_columns == len(sheet.header) + 3
                    assert {len(row) for row in sheet.sample} <= {len(sheet.header)}
    except BadInput as error:
        assert error.message


def check_reading(body: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        read(path)


STARTS = [
    b"",
    b"PK\x03\x04",
    b"PAR1",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\x1f\x8b\x08",
    b"<",
    b"<table>",
    b'{"',
    b"[",
]


@FEW
@given(st.sampled_from(STARTS), st.binary(max_size=400), st.sampled_from(SUFFIXES))
def test_any_bytes_behind_any_beginning(start: bytes, body: bytes, suffix: str) -> None:
    check_reading(start + body, f"s{suffix}")


def made(write_it: Callable[[Path], object], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_it(Path(folder) / name)
        return (Path(folder) / name).read_bytes()


def _lines(path: Path) -> None:
    path.write_text("\n".join(map(json.dumps, objects())))


REAL = {
    "s.xlsx": made(lambda path: as_workbook(path, good(12)), "s.xlsx"),
    "s.xls": made(as_xls, "s.xls"),
    "s.parquet": made(lambda path: as_parquet(path, good(12)), "s.parquet"),
    "s.jsonl": made(_lines, "s.jsonl"),
    "s.json": json.dumps(objects()).encode(),
    "s.html": made(as_html, "s.html"),
    "s.xml": made(as_spreadsheet_xml, "s.xml"),
    "s.csv.gz": gzip.compress(WHOLE),
    "s.zip": zipped(**{"a.csv": WHOLE, "b.zip": zipped(**{"c.csv": WHOLE})}),
}


@pytest.mark.parametrize("name", REAL)
def test_real_files_cut_off_and_mutated(name: str) -> None:
    draw, body = random.Random(name), REAL[name]
    check_reading(body, name)
    for _ in range(8):
        check_reading(body[: draw.randrange(len(body))], name)
        changed = bytearray(body)
        for _ in range(draw.randrange(1, 9)):
            changed[draw.randrange(len(body))] = draw.randrange(256)
        check_reading(bytes(changed), name)


def test_mutated_files_end_in_rows_or_a_refusal(tmp_path: Path) -> None:
    draw = random.Random(4)
    for at, (name, body) in enumerate(REAL.items()):
        changed = bytearray(body)
        changed[draw.randrange(len(body))] ^= 0xFF
        (tmp_path / f"{at}{name}").write_bytes(changed)
    with open_store(str(tmp_path / "case.duckdb")) as store:
        for file in ingest(store, [tmp_path / "*s.*"], options(max_rejected=1.0)).files:
            assert file.refused or file.read == file.loaded + file.unchanged + file.merged + file.rejected
        assert store.verify() == []


def _entities(definitions: str, use: str) -> bytes:
    return f'<?xml version="1.0"?><!DOCTYPE x [{definitions}]><x a="{use}"><y>{use}</y></x>'.encode()


LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
XML_BOMBS = {
    "laughs": _entities(f'<!ENTITY a0 "ha">{LAUGHS}', "&a12;"),
    "quadratic": _entities(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 50_000),
    "external": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x><y>&a;</y></x>',
    "parameter": b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><x/>',
    "deep": b"<x>" * 200_000,
    "wide": b"<x " + b" ".join(b'a%d=""' % at for at in range(100_000)) + b"/>",
    "endless": b"<x>" + b"y" * 12_000_000,
}


@pytest.mark.parametrize("name", XML_BOMBS)
@pytest.mark.parametrize("root", ["x", "Workbook", "html"])
def test_xml_bombs(name: str, root: str) -> None:
    space = ' xmlns="urn:schemas-microsoft-com:office:spreadsheet"' if root == "Workbook" else ""
    body = XML_BOMBS[name].replace(b"<x", f"<{root}{space}".encode()).replace(b"</x>", f"</{root}>".encode())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.xml"
        path.write_bytes(body)
        with pytest.raises(BadInput) as caught:
            open_sheets(path, "s.xml", header_test(Asked()))
        assert "root:" not in str(caught.value)


def _sheet_xml(cells: str) -> bytes:
    rows = f'<row r="1">{cells}</row>'
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
    ).encode()


def _with_sheet(xml: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder) / "old.xlsx", Path(folder) / "new.xlsx"
        old.write_bytes(REAL["s.xlsx"])
        with zipfile.ZipFile(old) as source, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as target:
            for part in source.infolist():
                is_sheet = part.filename.endswith("sheet1.xml")
                target.writestr(part, xml if is_sheet else source.read(part))
        return new.read_bytes()


CLAIMS = {
    "corners": '<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c>',
    "beyond": '<c r="ZZZZZZ1"><v>1</v></c><c r="A99999999999"><v>1</v></c>',
    "million": "<c><v>1</v></c>" * 100_000,
    "shared": '<c r="A1" t="s"><v>999999999</v></c>',
}


@pytest.mark.parametrize("name", CLAIMS)
def test_sheets_that_claim_to_be_vast(name: str) -> None:
    check_reading(_with_sheet(_sheet_xml(CLAIMS[name])), "s.xlsx")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4 << 20  # kilobytes


DEEP = {
    "array.json": b"[" * 1_000_000,
    "object.json": b'{"a":' * 300_000,
    "inner.json": b'[{"exporter": "A"}, {"b": ' + b"[" * 300_000 + b"]" * 300_000 + b"}]",
    "lines.jsonl": b'{"exporter": "A"}\n{"b": ' + b"[" * 300_000 + b"]" * 300_000 + b"}\n",
    "long.json": b'[{"exporter": "' + b"x" * 20_000_000 + b'"}]',
    "number.json": b'[{"exporter": ' + b"9" * 100_000 + b"}, {" + b'"a": 1e999999999}]',
    "many.json": b'[{"exporter": 1, "b": [' + b"0," * 5_000_000 + b"0]}]",
    "keys.json": json.dumps([{f"k{at}": 1 for at in range(20_000)}]).encode(),
}


@pytest.mark.parametrize("name", DEEP)
def test_json_that_is_deep_or_long(name: str) -> None:
    check_reading(DEEP[name], name)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4 << 20  # kilobytes


def test_an_archive_that_holds_itself_ends() -> None:
    body = zipped(**{"a.csv": WHOLE})
    for _ in range(6):
        body = zipped(**{"again.zip": body, "a.csv": WHOLE})
    check_reading(body, "s.zip")


LONG = "1" * 5_000
NUMBERS = {
    "bods": '[{"statementId":"a","recordType":"entity","recordDetails":{"x":%s}}]',
    "ftm": '{"id":"a","schema":"Company","properties":{"name":[%s]}}\n',
    "csl": '{"results":[{"id":"a","source":"Entity List (EL)","entity_number":%s,"name":"x"}]}',
    "psc": '{"company_number":"1","data":{"kind":"individual-person-with-significant-control","name":%s}}\n',
    "table": '[{"exporter":"a","quantity":%s}]',
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_without_end_breaks_no_reader_of_json(name: str) -> None:
    check((NUMBERS[name] % LONG).encode(), f"{name}.json")

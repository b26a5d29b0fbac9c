"""Files of any size in the shape of those that users have: one maker a format."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

HEADER = [
    *["shipment_id", "departed_on", "arrived_on", "exporter", "exporter_country", "consignee"],
    *["consignee_country", "hs_code", "description", "quantity", "unit", "weight_kg", "value", "currency"],
    "forwarder",
]


def rows(count: int) -> Iterator[list[str]]:
    """Shipments among forty thousand parties over four years."""
    draw = Random(1)
    for n in range(count):
        day = f"202{draw.randrange(4)}-0{draw.randrange(1, 10)}-1{draw.randrange(10)}"
        exporter, consignee = draw.randrange(20_000), draw.randrange(20_000)
        yield [
            *[f"S{n}", day, day, f"Company {exporter} Ltd", "DE", f"Trading {consignee} LLC", "AE"],
            *[f"85423{draw.randrange(10)}", "integrated circuits", str(draw.randrange(1, 1000)), "pcs"],
            *[str(draw.randrange(1, 100)), f"{draw.random() * 1e5:.2f}", "USD"],
            "" if n % 3 else f"Forwarder {n % 50}",
        ]


def make_csv(folder: Path, count: int) -> Path:
    path = folder / "csv.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([HEADER])
        csv.writer(stream).writerows(rows(count))
    return path


def make_quoted(folder: Path, count: int) -> Path:
    """Every cell in quotes, set apart by semicolons, as many programs write."""
    path = folder / "quoted.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([HEADER])
        writer.writerows(rows(count))
    return path


def make_gzip(folder: Path, count: int) -> Path:
    path = folder / "gzip.csv.gz"
    with make_csv(folder, count).open("rb") as plain, gzip.open(path, "wb", compresslevel=1) as packed:
        shutil.copyfileobj(plain, packed)
    return path


def make_parquet(folder: Path, count: int) -> Path:
    import duckdb

    text, path = make_csv(folder, count), folder / "parquet.parquet"
    duckdb.sql(
        "COPY (SELECT * REPLACE (departed_on::DATE AS departed_on, quantity::DOUBLE AS quantity, "
        f"value::DOUBLE AS value) FROM read_csv('{text}', all_varchar = true, header = true)) TO '{path}'"
    )
    return path


def _lines(path: Path, records: Iterable[object]) -> Path:
    with path.open("w") as stream:
        stream.writelines(json.dumps(record) + "\n" for record in records)
    return path


def make_jsonl(folder: Path, count: int) -> Path:
    return _lines(folder / "jsonl.jsonl", (dict(zip(HEADER, row, strict=True)) for row in rows(count)))


_BOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Data" '
    'sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def make_xlsx(folder: Path, count: int) -> Path:
    """A workbook with its texts in the cells, as programs that export much write it."""
    path = folder / "xlsx.xlsx"
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in _BOOK.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(sheet.encode())
            for row in [HEADER, *rows(min(count, 1_048_575))]:
                cells = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)
                part.write(f"<row>{cells}</row>".encode())
            part.write(b"</sheetData></worksheet>")
    return path


def make_bods(folder: Path, count: int) -> Path:
    """Beneficial ownership data 0.4, a statement a line: a company, its owner, and the stake."""
    return _lines(folder / "bods.jsonl", (_bods(n // 3, n % 3) for n in range(count)))


def _bods(n: int, part: int) -> dict[str, object]:
    kind = ("entity", "person", "relationship")[part]
    details: dict[str, object] = (
        {"isComponent": False, "entityType": {"type": "registeredEntity"}, "name": f"Company {n} Ltd"},
        {"isComponent": False, "personType": "knownPerson", "names": [{"fullName": f"Person {n}"}]},
        {
            "isComponent": False,
            "subject": f"c{n}",
            "interestedParty": f"p{n}",
            "interests": [{"type": "shareholding", "share": {"exact": n % 100}, "startDate": "2020-01-01"}],
        },
    )[part]
    return {
        "statementId": f"statement-number-{n:012}-{part}-of-three-of-a-company",
        "declarationSubject": f"c{n}",
        "statementDate": "2024-01-01",
        "recordId": f"{'cpr'[part]}{n}",
        "recordType": kind,
        "recordStatus": "new",
        "recordDetails": details,
    }


def make_psc(folder: Path, count: int) -> Path:
    """UK persons with significant control, a line each."""
    return _lines(folder / "psc.txt", map(_psc, range(count)))


def _psc(n: int) -> dict[str, object]:
    return {
        "company_number": f"{n // 2:08}",
        "data": {
            "kind": "individual-person-with-significant-control",
            "name": f"Ms Person {n}",
            "natures_of_control": ["ownership-of-shares-25-to-50-percent"],
            "notified_on": "2020-01-01",
            "etag": f"{n:040x}",
            "date_of_birth": {"month": 5, "year": 1971},
            "address": {"address_line_1": f"{n % 900} High Street", "country": "England"},
            "links": {"self": f"/company/{n // 2:08}/persons-with-significant-control/individual/{n}"},
        },
    }


def make_gleif(folder: Path, count: int) -> Path:
    """Legal entities as GLEIF publishes them in XML."""
    path = folder / "gleif.xml"
    with path.open("w") as stream:
        stream.write(
            '<?xml version="1.0" encoding="UTF-8"?><lei:LEIData xmlns:lei="http://www.gleif.org/data/schema/'
            'leidata/2016"><lei:LEIHeader><lei:ContentDate>2024-01-01T00:00:00Z</lei:ContentDate>'
            "</lei:LEIHeader><lei:LEIRecords>"
        )
        stream.writelines(map(_lei, range(count)))
        stream.write("</lei:LEIRecords></lei:LEIData>")
    return path


def _lei(n: int) -> str:
    place = "<lei:FirstAddressLine>1 Dock Road</lei:FirstAddressLine><lei:City>Kiel</lei:City>"
    place += "<lei:Country>DE</lei:Country>"
    return (
        f"<lei:LEIRecord><lei:LEI>{n:020}</lei:LEI><lei:Entity>"
        f"<lei:LegalName>Company {n} GmbH</lei:LegalName>"
        f"<lei:LegalAddress>{place}</lei:LegalAddress><lei:HeadquartersAddress>{place}"
        "</lei:HeadquartersAddress><lei:LegalJurisdiction>DE</lei:LegalJurisdiction><lei:EntityStatus>ACTIVE"
        "</lei:EntityStatus></lei:Entity><lei:Registration><lei:InitialRegistrationDate>2015-01-01T00:00:00Z"
        "</lei:InitialRegistrationDate><lei:LastUpdateDate>2023-01-01T00:00:00Z</lei:LastUpdateDate>"
        "<lei:RegistrationStatus>ISSUED</lei:RegistrationStatus></lei:Registration></lei:LEIRecord>\n"
    )


def make_ftm(folder: Path, count: int) -> Path:
    """FollowTheMoney entities: companies and stakes in them, by turns."""
    return _lines(folder / "ftm.json", map(_ftm, range(count)))


def _ftm(n: int) -> dict[str, object]:
    if n % 2:
        stake = {"owner": [f"c{n - 1}"], "asset": [f"c{max(n - 3, 0)}"], "percentage": [str(n % 100)]}
        return {"id": f"o{n}", "schema": "Ownership", "properties": stake}
    return {
        "id": f"c{n}",
        "schema": "Company",
        "properties": {"name": [f"Company {n} Ltd"], "country": ["de"], "registrationNumber": [str(n)]},
    }


MAKERS: dict[str, Callable[[Path, int], Path]] = {
    "csv": make_csv,
    "quoted": make_quoted,
    "gzip": make_gzip,
    "parquet": make_parquet,
    "jsonl": make_jsonl,
    "xlsx": make_xlsx,
    "bods": make_bods,
    "psc": make_psc,
    "gleif": make_gleif,
    "ftm": make_ftm,
}

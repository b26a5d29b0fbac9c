"""GLEIF's files: as many rows as records, and what each record says."""

from __future__ import annotations

from pathlib import Path
from xml.dom import minidom

import pytest

from diversion.errors import BadInput
from diversion.ingest.documents import PARTS, part
from diversion.ingest.gleif import is_gleif_header, is_gleif_root, open_gleif
from diversion.ingest.gleif_fields import csv_name
from tests.ingest.gleif_files import ENTITY, ENTITY_CSV, EVENT, link, periods, quantity, write, write_csv
from tests.ingest.sheets import Rows, parts, places, rows

FOLDER = "ownership/gleif"
TAGS = {"lei": "lei:LEIRecord", "rr": "rr:RelationshipRecord", "repex": "repex:Exception"}


def read(path: Path) -> Rows:
    (sheet,) = open_gleif(path, str(path))
    assert sheet.format == "gleif"
    return rows(sheet)


@pytest.mark.parametrize("kind", TAGS)
def test_real_files_give_a_row_a_record(shared_data: Path, kind: str) -> None:
    files = sorted((shared_data / FOLDER).glob(f"{kind}-*.xml"))
    assert len(files) == 3
    for file in files:
        stated = minidom.parse(str(file)).getElementsByTagName(TAGS[kind])
        found = read(file)
        assert (len(found), found.faults) == (len(stated), [])
        assert [number for number in found.numbers if number < 1 << PARTS] == list(range(1, len(stated) + 1))
        ids = [one.getElementsByTagName(TAGS[kind].split(":")[0] + ":LEI") for one in stated]
        if kind != "rr":
            column = {"lei": "party_id", "repex": "owned_id"}[kind]
            assert [row[column] for row in found.cells] == [one[0].firstChild.data for one in ids]  # type: ignore[union-attr]


def test_a_real_entity(shared_data: Path) -> None:
    by_id = {row["party_id"]: row for row in read(shared_data / FOLDER / "lei-data.xml").cells}
    dentsu = by_id["213800FERQ5LE3H7WJ58"]
    assert (dentsu["name"], dentsu["country"], dentsu["kind"]) == (
        "DENTSU INTERNATIONAL LIMITED",
        "GB",
        "company",
    )
    assert parts(dentsu["aliases"]) == ["DENTSU AEGIS NETWORK LTD.", "AEGIS GROUP PLC"]
    assert parts(dentsu["identifiers"]) == ["LEI:213800FERQ5LE3H7WJ58", "RA000585:01403668"]
    assert places(dentsu["addresses"]) == [("10 TRITON STREET, REGENT'S PLACE, LONDON, NW1 3BF", "GB")]
    assert (dentsu["incorporated_on"], dentsu["stated_on"]) == ("1978-12-05", "2023-02-02")
    fund = by_id["001GPB6A9XPE8XJICC14"]
    assert fund["country"] == "US"
    assert places(fund["addresses"])[0] == ("245 SUMMER STREET, BOSTON, MA, 02210", "US")
    gone = by_id["00TR8NKAEL48RGTZEW89"]
    assert gone["dissolved_on"] == "2018-11-09"
    assert places(gone["addresses"])[1][1] == "CW"
    assert [row["party_id"] for row in by_id.values() if "dissolved_on" in row] == [gone["party_id"]]


def test_real_relationships(shared_data: Path) -> None:
    whole = read(shared_data / FOLDER / "rr-updates-data2-new.xml")
    found = {row["record_id"]: row for row in whole.cells if row["record"] == "control"}
    managed = found["001GPB6A9XPE8XJICC14 IS_FUND-MANAGED_BY 5493001Z012YSB2A0K51"]
    assert (managed["record"], managed["by"], managed["from"]) == ("control", "fund management", "2012-11-29")
    assert (managed["owner_id"], managed["owned_id"]) == ("5493001Z012YSB2A0K51", "001GPB6A9XPE8XJICC14")
    direct = found["097900BHF50000076475 IS_DIRECTLY_CONSOLIDATED_BY 549300JB1P61FUTPEZ75"]
    assert (direct["record"], direct["from"], "until" in direct) == ("control", "2022-10-24", False)
    stakes = {row["record_id"]: row for row in whole.cells if row["record"] == "holding"}
    assert len(stakes) == 3 and set(stakes) < set(found)
    stake = stakes["2138002YAB7Z9KO21397 IS_ULTIMATELY_CONSOLIDATED_BY 984500501A1B1045PB30"]
    assert (stake["share"], stake["indirect"], stake["from"]) == ("100.00", "true", "2019-06-30")
    assert "consolidation" in stake["reason"]
    deleted = found["98450051BS9C610A8T78 IS_ULTIMATELY_CONSOLIDATED_BY 984500501A1B1045PB30"]
    assert (deleted["status"], deleted["stated_on"]) == ("closed", "2023-11-01")
    assert [row["record_id"] for row in found.values() if "status" in row] == [deleted["record_id"]]


def test_a_share_of_one_is_not_believed(shared_data: Path) -> None:
    """Two real records state 1.00 per cent of accounts that are consolidated whole."""
    found = read(shared_data / FOLDER / "rr-updates-data2.xml").cells
    odd = [row for row in found if "1.00 PERCENTAGE" in row.get("reason", "")]
    assert len(odd) == 2 and {row["record"] for row in odd} == {"control"}
    assert all("share" not in row for row in odd)


def test_real_exceptions(shared_data: Path) -> None:
    found = read(shared_data / FOLDER / "repex-updates-data2-new.xml").cells
    assert {row["record"] for row in found} == {"holding"} and not any("owner_id" in row for row in found)
    said = next(row for row in found if row["owned_id"] == "159515PKYKQYJLT0KF16")
    assert said["reason"] == "NATURAL_PERSONS; Datenschutz!; DIRECT_ACCOUNTING_CONSOLIDATION_PARENT"
    assert said["stated_on"] == said["known_on"] == "2023-11-06"
    deleted = next(row for row in found if row["owned_id"] == "2549007VY3IWUVGW7A82")
    assert (deleted["status"], deleted["stated_on"]) == ("closed", "2023-11-24")


def test_an_entity_is_the_same_from_xml_and_csv(tmp_path: Path) -> None:
    (row,) = read(write(tmp_path, ENTITY)).cells
    assert read(write_csv(tmp_path, ENTITY_CSV)).cells == [row]
    assert row["kind"] == "public body"
    assert parts(row["aliases"]) == ["Alpha", "ООО Омега", "OOO Alfa"]
    assert parts(row["identifiers"])[1] == "ЕГРЮЛ:1027700000000"
    assert [text for text, _ in places(row["addresses"])] == [
        "ул. Мира 1, офис 2, этаж 3, Москва, 101000",
        "1 Main St, Dover, DE",
        "1 Mira St, Moscow",
    ]
    assert row["dissolved_on"] == "2022-05-06"
    assert "succeeded by 9876LEIA00SIGMA00034" in row["note"]
    assert "name in ru" in row["note"] and "status" not in row


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"Entity.EntityExpirationDate": "2020-01-01T00:00:00Z"}, {"dissolved_on": "2020-01-01"}),
        ({"Entity.EntityStatus": "ACTIVE"}, {"dissolved_on": None}),
        ({f"{EVENT}.2.event_status": "WITHDRAWN_CANCELLED"}, {"dissolved_on": None}),
        ({"Registration.RegistrationStatus": "ANNULLED"}, {"status": "void", "stated_on": "2023-02-01"}),
        ({"Entity.LegalJurisdiction": "EU"}, {"country": "RU"}),
        ({"Entity.LegalJurisdiction": "US-DE"}, {"country": "US"}),
        ({"Entity.EntityCategory": "SOLE_PROPRIETOR"}, {"kind": "unknown"}),
        ({"Entity.LegalName": ""}, {"name": "Alpha"}),
        ({"Extension.Deletion.DeletedAt": "2024-03-04T01:00:00Z"}, {"status": "closed"}),
    ],
)
def test_entities(tmp_path: Path, change: dict[str, str], told: dict[str, str | None]) -> None:
    (row,) = read(write_csv(tmp_path, ENTITY_CSV | change)).cells
    assert {name: row.get(name) for name in told} == told


def test_relationships_by_type(tmp_path: Path) -> None:
    kinds = ["IS_DIRECTLY_CONSOLIDATED_BY", "IS_SUBFUND_OF", "IS_FEEDER_TO", "IS_INTERNATIONAL_BRANCH_OF"]
    found = read(write(tmp_path, *map(link, [*kinds, "IS_SISTER_OF"])))
    told = [(row["record"], row["owner_id"], row["owned_id"], row.get("by")) for row in found.cells]
    assert told == [
        ("control", "E", "S", "accounting consolidation, direct"),
        ("control", "E", "S", "umbrella fund"),
        ("holding", "S", "E", None),
        ("control", "E", "S", "head office of the branch"),
    ]
    assert found.faults == [(5, "not kept: relationships of the type IS_SISTER_OF")]


RELATION, ACCOUNTS = "RELATIONSHIP_PERIOD", "ACCOUNTING_PERIOD"


@pytest.mark.parametrize(
    ("extra", "registration", "status", "told"),
    [
        (periods(("2020-01-01", "2020-12-31", ACCOUNTS)), "PUBLISHED", "ACTIVE", (None, None, None)),
        (
            periods(("2020-01-01", "2020-12-31", ACCOUNTS), ("2019-05-06T08:00:00+01:00", "", RELATION)),
            "LAPSED",
            "ACTIVE",
            ("2019-05-06", None, None),
        ),
        (
            periods(("2019-05-06", "2022-12-31T00:00:00Z", RELATION)),
            "RETIRED",
            "INACTIVE",
            ("2019-05-06", "2023-01-01", None),
        ),
        ("", "RETIRED", "INACTIVE", (None, None, "closed")),
        ("", "ANNULLED", "ACTIVE", (None, None, "void")),
        (periods(("2019-05-06", "9999-12-31", RELATION)), "PUBLISHED", "ACTIVE", ("2019-05-06", None, None)),
    ],
)
def test_periods_and_states(
    tmp_path: Path, extra: str, registration: str, status: str, told: tuple[str | None, ...]
) -> None:
    (row,) = read(write(tmp_path, link("IS_DIRECTLY_CONSOLIDATED_BY", extra, registration, status))).cells
    assert tuple(row.get(name) for name in ("from", "until", "status")) == told
    assert row["stated_on"] == "2024-01-02"


@pytest.mark.parametrize(
    ("amount", "units", "share"),
    [
        ("51.5", "PERCENTAGE", "51.5"),
        ("1.00", "PERCENTAGE", None),
        ("0.51", "PERCENTAGE", None),
        ("101", "PERCENTAGE", None),
        ("-5", "PERCENTAGE", None),
        ("nan", "PERCENTAGE", None),
        ("51.5", "PIECES", None),
        ("half", "PERCENTAGE", None),
    ],
)
def test_quantities(tmp_path: Path, amount: str, units: str, share: str | None) -> None:
    found = read(write(tmp_path, link("IS_DIRECTLY_CONSOLIDATED_BY", quantity(amount, units))))
    assert found.cells[0]["by"] == "accounting consolidation, direct" and len(found) == 1
    assert [row["share"] for row in found.cells[1:]] == ([share] if share else [])
    assert share or amount in found.cells[0]["reason"]


def test_relationships_and_exceptions_of_csv(tmp_path: Path) -> None:
    xml = write(
        tmp_path,
        link(
            "IS_ULTIMATELY_CONSOLIDATED_BY",
            periods(("2020-01-01", "2020-12-31", ACCOUNTS), ("2019-01-01", "", RELATION)) + quantity("75"),
        ),
    )
    flat = {
        "Relationship.StartNode.NodeID": "S",
        "Relationship.StartNode.NodeIDType": "LEI",
        "Relationship.EndNode.NodeID": "E",
        "Relationship.EndNode.NodeIDType": "LEI",
        "Relationship.RelationshipType": "IS_ULTIMATELY_CONSOLIDATED_BY",
        "Relationship.RelationshipStatus": "ACTIVE",
        "Relationship.Period.1.startDate": "2020-01-01",
        "Relationship.Period.1.endDate": "2020-12-31",
        "Relationship.Period.1.periodType": ACCOUNTS,
        "Relationship.Period.2.startDate": "2019-01-01",
        "Relationship.Period.2.endDate": "",
        "Relationship.Period.2.periodType": RELATION,
        "Relationship.Quantifiers.1.MeasurementMethod": "ACCOUNTING_CONSOLIDATION",
        "Relationship.Quantifiers.1.QuantifierAmount": "75",
        "Relationship.Quantifiers.1.QuantifierUnits": "PERCENTAGE",
        "Registration.LastUpdateDate": "2024-01-02T00:00:00Z",
        "Registration.RegistrationStatus": "PUBLISHED",
    }
    found = read(write_csv(tmp_path, flat, flat | {"Relationship.EndNode.NodeID": ""}))
    assert found.cells == read(xml).cells
    assert found.cells[1]["share"] == "75" and found.numbers == [2, part(2, 1), 3]
    assert found.faults == [(3, "no NodeID at Relationship.EndNode")]
    category = "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT"
    (row,) = read(
        write_csv(
            tmp_path,
            {
                "LEI": "A",
                "Exception.Category": category,
                "Exception.Reason.1": "NO_LEI",
                "Exception.Reason.2": "X",
            },
        )
    ).cells
    assert (row["owned_id"], row["reason"], row["indirect"]) == ("A", f"NO_LEI; X; {category}", "true")


def test_what_is_recognised(tmp_path: Path) -> None:
    assert is_gleif_root("http://www.gleif.org/data/schema/leidata/2016", "LEIData")
    assert not is_gleif_root("http://example.org/x", "LEIData") and not is_gleif_root("", "Document")
    assert is_gleif_header(list(ENTITY_CSV)) and not is_gleif_header(["LEI", "Name"])
    assert csv_name("Entity.LegalName.xmllang") == "Entity.LegalName.lang"


def test_damaged_and_hostile_files(tmp_path: Path) -> None:
    path = write(tmp_path, ENTITY.replace("<lei:LEI>9876LEIA00ALPHA00012</lei:LEI>", ""), ENTITY)
    found = read(path)
    assert found.faults == [(1, "no LEI")] and found.numbers == [2, 1]
    whole = path.read_bytes()
    for cut in range(200, len(whole) - 20, 997):
        path.write_bytes(whole[:cut])
        with pytest.raises(BadInput):
            read(path)
    path.write_text(
        '<!DOCTYPE LEIData [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><LEIData><LEIRecords><LEIRecord>'
        "<LEI>&b;</LEI></LEIRecord></LEIRecords></LEIData>"
    )
    with pytest.raises(BadInput, match="entit"):
        read(path)

"""The UK Sanctions List as XML and as tables, and OFSI's Consolidated List; all entries are invented."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl  # type: ignore[import-untyped,unused-ignore]
import pytest

from diversion.errors import BadInput
from diversion.policy.policy import load
from tests.ingest.listed import columns, entries, named

XML = """<?xml version="1.0" encoding="utf-8"?>
<Designations xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><DateGenerated>10/09/2026</DateGenerated>
<Designation><LastUpdated>14/04/2026</LastUpdated><DateDesignated>25/01/2001</DateDesignated>
 <UniqueID>AFG0901</UniqueID><OFSIGroupID>7172</OFSIGroupID><UNReferenceNumber>TAi.902</UNReferenceNumber>
 <Names>
  <Name><Name1>Mohammad</Name1><Name6>Akhunzada</Name6><NameType>Primary Name Variation</NameType></Name>
  <Name><Name6>Haji Hasan</Name6><NameType>ALias</NameType>
   <AliasStrength>Low quality a.k.a</AliasStrength></Name>
  <Name><Name1>MOHAMAD</Name1><Name2>HASAN</Name2><Name6>AKHUNZADA</Name6>
   <NameType>Primary name</NameType></Name>
  <Name><Name6>Hasan A.</Name6><NameType>Alias</NameType>
   <AliasStrength>Good quality a.k.a</AliasStrength></Name>
 </Names>
 <NonLatinNames><NonLatinName><NameNonLatinScript>محمد حسن</NameNonLatinScript></NonLatinName></NonLatinNames>
 <RegimeName>The Afghanistan (Sanctions) (EU Exit) Regulations 2020</RegimeName>
 <IndividualEntityShip>Individual</IndividualEntityShip><DesignationSource>UN</DesignationSource>
 <SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
 <UKStatementofReasons>A reason.</UKStatementofReasons>
 <Addresses><Address><AddressLine1>1 Road</AddressLine1><AddressLine6>Kabul</AddressLine6>
  <AddressPostalCode>1001</AddressPostalCode><AddressCountry>Afghanistan</AddressCountry></Address></Addresses>
 <IndividualDetails><Individual><DOBs>
   <DOB>dd/mm/1945</DOB><DOB>01/03/1958</DOB><DOB>dd/05/1946</DOB><DOB>31/02/1950</DOB></DOBs>
  <Nationalities><Nationality>Afghanistan</Nationality><Nationality>Atlantis</Nationality></Nationalities>
  <PassportDetails><Passport><PassportNumber>P04</PassportNumber>
   <PassportAdditionalInformation>expired</PassportAdditionalInformation></Passport></PassportDetails>
  <NationalIdentifierDetails>
   <NationalIdentifier><NationalIdentifierNumber>ID9</NationalIdentifierNumber></NationalIdentifier></NationalIdentifierDetails>
  <BirthDetails><Location><TownOfBirth>Ghazni</TownOfBirth></Location></BirthDetails></Individual></IndividualDetails>
</Designation>
<Designation><UniqueID>RUS9001</UniqueID><DateDesignated>03/10/2024</DateDesignated>
 <Names><Name><Name6>IMO 9058713 ("KESTREL")</Name6><NameType>Primary Name</NameType></Name></Names>
 <IndividualEntityShip>Ship</IndividualEntityShip>
 <SanctionsImposedIndicators><AssetFreeze>false</AssetFreeze><ProhibitionOfPortEntry>true</ProhibitionOfPortEntry>
  <Deflag>true</Deflag></SanctionsImposedIndicators>
 <ShipDetails><Ship><IMONumbers><IMONumber>IMO9058713</IMONumber></IMONumbers>
  <CurrentOwnerOperators><CurrentOwnerOperator>Kestrel Line</CurrentOwnerOperator></CurrentOwnerOperators>
  <CurrentBelievedFlagOfShips>
   <CurrentBelievedFlagOfShip>Comoros</CurrentBelievedFlagOfShip>
  </CurrentBelievedFlagOfShips></Ship></ShipDetails>
</Designation>
<Designation><UniqueID>RUS9002</UniqueID>
 <Names><Name><NameType>Primary Name</NameType></Name></Names></Designation>
</Designations>"""


def test_xml(tmp_path: Path) -> None:
    path = tmp_path / "uk.xml"
    path.write_text(XML, encoding="utf-8")
    found = named(path)
    entry = found["AFG0901"]
    assert (entry["list"], entry["authority"], entry["kind"]) == ("uk", "UK", "person")
    assert entry["name"] == "MOHAMAD HASAN AKHUNZADA"
    assert set(entry["aliases"]) == {"Mohammad Akhunzada", "Hasan A.", "محمد حسن", "Haji Hasan"}
    assert entry["weak_aliases"] == ["Haji Hasan"]
    assert entry["births"] == ["1945", "1958-03-01", "1946-05"]
    assert (
        "births as published: 31/02/1950" in entry["remarks"] and "nationality: Atlantis" in entry["remarks"]
    )
    assert entry["programme"] == "Asset freeze; Travel Ban" and len(entry["regimes"]) == 1
    assert (entry["listed_on"], entry["published"]) == ("2001-01-25", "2026-09-10")
    assert entry["addresses"] == [("1 Road, Kabul, 1001, Afghanistan", "AF")]
    assert entry["identifiers"] == ["Passport:P04", "National ID:ID9"]
    assert "UN reference: TAi.902" in entry["remarks"] and "reasons: A reason." in entry["remarks"]


def test_a_ship_is_a_vessel_and_bears_its_number(tmp_path: Path) -> None:
    path = tmp_path / "uk.xml"
    path.write_text(XML, encoding="utf-8")
    ship = named(path)["RUS9001"]
    assert (ship["kind"], ship["aliases"], ship["countries"]) == ("vessel", ["KESTREL"], ["KM"])
    assert ship["identifiers"] == ["IMO:9058713"] and "owner or operator: Kestrel Line" in ship["remarks"]
    assert ship["programme"] == "Prohibition of port entry; Deflag"
    programme = load().programme(ship["authority"], ship["programme"])
    assert programme is not None and programme.effect == "sectoral"
    assert [one["fault"] for one in entries(path)] == [None, None, "the entry has no name"]


def test_other_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "uk.xml"
    path.write_text(XML[:1500], encoding="utf-8")
    with pytest.raises(BadInput, match="damaged"):
        entries(path)


HEADER = columns("""
Last Updated | Unique ID | OFSI Group ID | UN Reference Number | Name 6 | Name 1 | Name 2 | Name 3 |
Name 4 | Name 5 | Name type | Alias strength | Title | Name non-latin script | Non-latin script type
| Non-latin script language | Regime Name | Designation Type | Designation source |
Sanctions Imposed | Other Information | UK Statement of Reasons | Address Line 1 | Address Line 2 |
Address Line 3 | Address Line 4 | Address Line 5 | Address Line 6 | Address Postal Code |
Address Country | Phone number | Website | Email address | Date Designated | D.O.B |
Nationality(/ies) | National Identifier number | National Identifier additional information |
Passport number | Passport additional information | Position | Gender | Town of birth |
Country of birth | Type of entity | Subsidiaries | Parent Company | Business registration number (s)
| IMO number | Current owner/operator (s) | Previous owner/operator (s) |
Current believed flag of ship | Previous flags | Type of ship | Tonnage of ship | Length of ship |
Year Built | Hull identification number (HIN)
""")
PERSON = {"Unique ID": "RUS9003", "Designation Type": "Individual", "Date Designated": "24/02/2022"}
PERSON |= {"Sanctions Imposed": "Asset freeze|Trust Services Sanctions", "Regime Name": "Russia"}
ROWS = [
    PERSON | {"Name 6": "ORLOV", "Name 1": "PAVEL", "Name type": "Primary Name", "D.O.B": "00/00/1968"},
    {
        "Unique ID": "CYB9001",
        "Designation Type": "Entity",
        "Name 6": "Botnet LLC",
        "Name type": "Primary Name",
    },
    PERSON | {"Name 6": "Pasha", "Name type": "Alias", "Alias strength": "Low quality a.k.a"},
    PERSON
    | {
        "Name 6": "ORLOV",
        "Name 1": "PAVEL",
        "Name type": "Primary Name",
        "Name non-latin script": "Павел Орлов",
    },
    PERSON
    | {"Name 6": "Orloff", "Name type": "Alias", "Address Line 1": "1 Quay", "Address Country": "Cyprus"},
    {"Name 6": "NUMBERLESS", "Name type": "Primary Name"},
]


def table(header: list[str], rows: list[dict[str, str]]) -> list[list[str]]:
    return [header, *([row.get(name, "") for name in header] for row in rows)]


def written(path: Path, title: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([title, *rows])
    return path


def test_rows_of_the_table_make_one_entry(tmp_path: Path) -> None:
    path = written(tmp_path / "uk.csv", ["Report Date: 24-Jun-2026"], table(HEADER, ROWS))
    found = entries(path)
    assert [one["row"] for one in found] == [3, 4, 5, 6, 7, 8]
    orlov = [{**one, "row": 0} for one in found if one["entry_id"] == "RUS9003"]
    assert len(orlov) == 4 and all(one == orlov[0] for one in orlov)
    entry = orlov[0]
    assert entry["name"] == "PAVEL ORLOV" and entry["aliases"] == ["Павел Орлов", "Orloff", "Pasha"]
    assert (entry["weak_aliases"], entry["births"]) == (["Pasha"], ["1968"])
    assert entry["addresses"] == [("1 Quay, Cyprus", "CY")] and entry["kind"] == "person"
    assert entry["programme"] == "Asset freeze; Trust Services Sanctions"
    assert (entry["listed_on"], entry["published"]) == ("2022-02-24", "2026-06-24")
    assert found[-1]["fault"] == "the row names no entry: its Unique ID is empty"
    assert found[-1]["value"] == "NUMBERLESS"


def test_a_workbook_of_the_same_table_is_the_same_list(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["Report Date: 24-Jun-2026"], *table(HEADER, ROWS)]:
        book.active.append(row)
    book.save(tmp_path / "uk.xlsx")
    text = named(written(tmp_path / "uk.csv", ["Report Date: 24-Jun-2026"], table(HEADER, ROWS)))
    assert named(tmp_path / "uk.xlsx") == {k: {**one, "published": None} for k, one in text.items()}


OFSI = columns("""
Name 6 | Name 1 | Name 2 | Name 3 | Name 4 | Name 5 | Title | Name Non-Latin Script | Non-
Latin Script Type | Non-Latin Script Language | DOB | Town of Birth | Country of Birth | Nationality
| Passport Number | Passport Details | National Identification Number |
National Identification Details | Position | Address 1 | Address 2 | Address 3 | Address 4 |
Address 5 | Address 6 | Post/Zip Code | Country | Other Information | Group Type | Alias Type |
Alias Quality | Regime | Listed On | UK Sanctions List Date Designated | Last Updated | Group ID
""")
TARGETS = [
    {
        "Name 6": "PASHA",
        "Alias Type": "AKA",
        "Alias Quality": "Low",
        "Group ID": "7172",
        "Group Type": "Individual",
    },
    {
        "Name 6": "ORLOV",
        "Name 1": "PAVEL",
        "Alias Type": "Primary name",
        "Group ID": "7172",
        "Regime": "Russia",
    }
    | {"Nationality": "(1) Russia. (2) Ukraine.", "DOB": "00/00/1968", "Listed On": "24/02/2022"}
    | {"UK Sanctions List Date Designated": "23/02/2022", "Country": "Russia", "Address 1": "1 Street"},
]


def test_ofsi_consolidated_list(tmp_path: Path) -> None:
    path = written(tmp_path / "ConList.csv", ["Last Updated", "15/03/2024"], table(OFSI, TARGETS))
    found = entries(path)
    assert [one["row"] for one in found] == [3, 4] and {**found[0], "row": 4} == found[1]
    entry = found[0]
    assert (entry["list"], entry["entry_id"], entry["kind"]) == ("uk_ofsi", "7172", "person")
    assert (entry["name"], entry["aliases"], entry["weak_aliases"]) == ("PAVEL ORLOV", ["PASHA"], ["PASHA"])
    assert entry["countries"] == ["RU", "UA"]
    assert (entry["listed_on"], entry["published"], entry["births"]) == ("2022-02-23", "2024-03-15", ["1968"])
    programme = load().programme(entry["authority"], entry["programme"])
    assert programme is not None and programme.effect == "blocking"

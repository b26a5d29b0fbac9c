"""The list of EU financial sanctions: XML, CSV 1.1 and CSV 1.0 of the same invented entries."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from diversion.errors import BadInput
from diversion.ingest import list_tables
from tests.ingest.listed import columns, entries, named

XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-03-05T16:47:04.449+02:00"
  globalFileId="9">
<sanctionEntity designationDate="" designationDetails="" unitedNationId="XDi.001"
  euReferenceNumber="EU.71.1" logicalId="13">
 <remark>(Date of UN designation: 2016-11-30)</remark>
 <regulation regulationType="amendment" organisationType="council" publicationDate="2018-03-22"
  entryIntoForceDate="2018-03-23" numberTitle="2018/468 (OJ L79)" programme="UKR" logicalId="1">
  <publicationUrl>https://example.org/a</publicationUrl></regulation>
 <regulation regulationType="regulation" publicationDate="2014-03-17" entryIntoForceDate="2014-03-17"
  numberTitle="269/2014 (OJ L78)" programme="UKR" logicalId="2"/>
 <subjectType code="person" classificationCode="P"/>
 <nameAlias firstName="Pavel" lastName="Orlov" wholeName="Pavel Orlov" strong="true" function="Minister"
  logicalId="3">
  <regulationSummary regulationType="amendment" publicationDate="2012-05-02" numberTitle="x"/></nameAlias>
 <nameAlias wholeName="Павел Орлов" strong="true" nameLanguage="RU" logicalId="4"/>
 <nameAlias wholeName="Pasha" strong="false" logicalId="5"/>
 <nameAlias wholeName="Orlik" strong="true" logicalId="6"><remark>Low quality alias</remark></nameAlias>
 <nameAlias firstName="P." middleName="" lastName="Orloff" wholeName="" strong="true" logicalId="7"/>
 <citizenship countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION"/>
 <citizenship countryIso2Code="00" countryDescription="UNKNOWN"/>
 <birthdate circa="false" calendarType="GREGORIAN" birthdate="1964-05-17" city="Perm"
  countryIso2Code="00" countryDescription="UNKNOWN"/>
 <birthdate circa="true" calendarType="GREGORIAN" monthOfYear="6" year="1965" countryIso2Code="RU"
  countryDescription="RUSSIAN FEDERATION"/>
 <birthdate circa="false" calendarType="GREGORIAN" yearRangeFrom="1960" yearRangeTo="1962"/>
 <birthdate calendarType="HIJRI" year="1402"/>
 <address street="Lenina 1" poBox="77" city="Perm" zipCode="614000" countryIso2Code="RU"
  countryDescription="RUSSIAN FEDERATION">
  <remark>as of 2014</remark><contactInfo key="EMAIL" value="orlov@example.org"/></address>
 <address countryIso2Code="00" countryDescription="UNKNOWN"/>
 <identification number="750123456" knownFalse="false" identificationTypeCode="passport"
  identificationTypeDescription="National passport"
  countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION"/>
 <identification number="0000" knownFalse="true" identificationTypeCode="id"
  identificationTypeDescription="National identification card"/>
</sanctionEntity>
<sanctionEntity designationDate="2017-10-03" logicalId="14">
 <regulation regulationType="amendment" publicationDate="2017-10-20" entryIntoForceDate="2017-02-30"
  programme="PRK"/>
 <subjectType code="enterprise" classificationCode="E"/>
 <nameAlias wholeName="Kestrel Shipping" strong="true"/>
 <identification number="9012345" identificationTypeCode="imo" identificationTypeDescription="IMO number"/>
</sanctionEntity>
<sanctionEntity euReferenceNumber="EU.9.9" logicalId="15"><subjectType code="enterprise"/></sanctionEntity>
</export>
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_person_in_xml(tmp_path: Path) -> None:
    found = named(write(tmp_path / "eu.xml", XML))
    entry = found["EU.71.1"]
    assert (entry["list"], entry["authority"], entry["kind"]) == ("eu", "EU", "person")
    assert entry["name"] == "Pavel Orlov"
    assert set(entry["aliases"]) == {"P. Orloff", "Павел Орлов", "Pasha", "Orlik"}
    assert entry["weak_aliases"] == ["Pasha", "Orlik"]
    assert entry["births"] == ["1964-05-17", "1965-06", "1960", "1962"]
    assert "born about 1965-06" in entry["remarks"] and "(hijri calendar): 1402" in entry["remarks"]
    assert entry["countries"] == ["RU"]
    assert entry["addresses"] == [("Lenina 1, PO Box 77, Perm, 614000, RUSSIAN FEDERATION", "RU")]
    assert entry["identifiers"] == ["Passport (RU):750123456"]
    assert "false National ID: 0000" in entry["remarks"] and "orlov@example.org" in entry["remarks"]
    assert (entry["programme"], entry["regimes"]) == ("UKR; 269/2014", ["UKR"])
    assert "UN reference: XDi.001" in entry["remarks"]
    assert entry["published"] == "2026-03-05"


def test_listed_on_the_earliest_day_that_any_part_states(tmp_path: Path) -> None:
    found = named(write(tmp_path / "eu.xml", XML))
    assert found["EU.71.1"]["listed_on"] == "2012-05-02"
    other = found["14"]
    assert other["listed_on"] == "2017-10-03" and "2017-02-30" in other["remarks"]
    assert other["identifiers"] == ["IMO:9012345"] and other["kind"] == "company"


def test_faults_of_xml(tmp_path: Path) -> None:
    assert [one["fault"] for one in entries(write(tmp_path / "eu.xml", XML))] == [
        None,
        None,
        "the entry has no name",
    ]
    with pytest.raises(BadInput, match="damaged"):
        entries(write(tmp_path / "cut.xml", XML[:3000]))
    with pytest.raises(BadInput, match="not the list of EU"):
        entries(write(tmp_path / "other.xml", "<export><sanctionEntity/></export>"))


COLUMNS_1_1 = columns("""
fileGenerationDate | Entity_LogicalId | Entity_EU_ReferenceNumber | Entity_UnitedNationId |
Entity_DesignationDate | Entity_Remark | Entity_SubjectType | Entity_SubjectType_ClassificationCode
| Entity_Regulation_Type | Entity_Regulation_PublicationDate | Entity_Regulation_EntryIntoForceDate
| Entity_Regulation_NumberTitle | Entity_Regulation_Programme | NameAlias_LastName |
NameAlias_FirstName | NameAlias_MiddleName | NameAlias_WholeName | NameAlias_Function |
NameAlias_Remark | NameAlias_Regulation_PublicationDate | Address_City | Address_Street |
Address_PoBox | Address_ZipCode | Address_CountryIso2Code | Address_CountryDescription |
BirthDate_BirthDate | BirthDate_Month | BirthDate_Year | BirthDate_YearRangeFrom |
BirthDate_YearRangeTo | BirthDate_Circa | BirthDate_CalendarType | Identification_Number |
Identification_TypeCode | Identification_TypeDescription | Identification_CountryIso2Code |
Citizenship_CountryIso2Code | Citizenship_CountryDescription
""")
PERSON = {
    "fileGenerationDate": "05/03/2026",
    "Entity_LogicalId": "13",
    "Entity_EU_ReferenceNumber": "EU.71.1",
    "Entity_SubjectType": "P",
    "Entity_Regulation_PublicationDate": "2018-03-22",
    "Entity_Regulation_Programme": "UKR",
}
FIRM = {"Entity_LogicalId": "14", "Entity_SubjectType": "E", "Entity_Regulation_Programme": "PRK"}
ROWS = [
    PERSON | {"NameAlias_WholeName": "Pavel Orlov", "NameAlias_Regulation_PublicationDate": "2012-05-02"},
    PERSON | {"NameAlias_WholeName": "Pasha", "NameAlias_Remark": "low quality"},
    FIRM | {"NameAlias_WholeName": 'Kestrel; "Sons"'},
    PERSON | {"BirthDate_Year": "1965", "BirthDate_Month": "6", "BirthDate_Circa": "true"},
    {"Entity_SubjectType": "E", "NameAlias_WholeName": "Nobody"},
    {"Entity_LogicalId": "16", "Entity_SubjectType": "E"},
    PERSON
    | {
        "Identification_Number": "750123456",
        "Identification_TypeCode": "passport",
        "Identification_CountryIso2Code": "RU",
    },
    PERSON
    | {
        "Citizenship_CountryIso2Code": "RU",
        "Address_City": "Perm",
        "Address_CountryDescription": "RUSSIAN FEDERATION",
    },
]


def table(path: Path, header: list[str], rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(header)
        writer.writerows([[row.get(name, "") for name in header] for row in rows])
    return path


def test_rows_of_csv_1_1_make_one_entry_wherever_they_stand(tmp_path: Path) -> None:
    found = entries(table(tmp_path / "eu.csv", COLUMNS_1_1, ROWS))
    assert [one["row"] for one in found] == [2, 3, 4, 5, 6, 7, 8, 9]
    person = [{**one, "row": 0} for one in found if one["entry_id"] == "EU.71.1"]
    assert len(person) == 5 and all(one == person[0] for one in person)
    entry = person[0]
    assert (entry["name"], entry["aliases"], entry["weak_aliases"]) == ("Pavel Orlov", ["Pasha"], ["Pasha"])
    assert (entry["births"], entry["identifiers"]) == (["1965-06"], ["Passport (RU):750123456"])
    assert entry["addresses"] == [("Perm, RUSSIAN FEDERATION", "RU")] and entry["countries"] == ["RU"]
    assert (entry["listed_on"], entry["published"]) == ("2012-05-02", "2026-03-05")
    firm = next(one for one in found if one["entry_id"] == "14")
    assert (firm["name"], firm["kind"]) == ('Kestrel; "Sons"', "company")
    assert {one["row"]: one["fault"] for one in found if one["fault"]} == {
        6: "the row names no entry: its Entity_LogicalId is empty",
        7: "the entry has no name",
    }


HEADER_1_0 = (
    "Date_file;Entity_logical_id;Subject_type;Leba_numtitle;Leba_publication_date;Programme;Entity_remark;"
    "Naal_logical_id;Entity_logical_id;Naal_leba_publication_date;Naal_lastname;Naal_firstname;Naal_wholename;"
    "Addr_logical_id;Entity_logical_id;Addr_number;Addr_street;Addr_zipcode;Addr_city;Addr_country;Birt_date;"
    "Birt_plcae;Birt_country;Iden_number;Iden_country;Citi_country;EU_ref_num"
)
OLD = f"""{HEADER_1_0}
05/08/2026;13;P;1210/2003;2003-07-08;IRQ;;17;13;2003-07-07;Orlov;Pavel;Pavel Orlov;;;;;;;;;;;;;;EU.71.1
05/08/2026;13;P;1210/2003;2003-07-08;IRQ;;18;99;2003-07-07;;;Abu Pavel;;;;;;;;;;;;;;EU.71.1
05/08/2026;13;P;;;IRQ;;;;;;;;9;13;1;Lenina;614000;Perm;RUS;;;;;;;EU.71.1
05/08/2026;13;P;;;IRQ;;;;;;;;;;;;;;;1937-04-28;al-Awja;IRQ;;;IRQ;EU.71.1
05/08/2026;13;P;;;IRQ;;;;;;;;;;;;;;;;;;A 12 (passport-National passport) (expired);IRQ;;EU.71.1
"""


def test_csv_1_0(tmp_path: Path) -> None:
    found = entries(write(tmp_path / "eu.csv", OLD))
    assert [one["fault"] for one in found] == [None] * 5
    entry = found[0]
    assert all({**one, "row": 2} == entry for one in found)
    assert (entry["entry_id"], entry["name"], entry["aliases"]) == ("EU.71.1", "Pavel Orlov", ["Abu Pavel"])
    assert (entry["listed_on"], entry["published"]) == ("2003-07-07", "2026-08-05")
    assert entry["addresses"] == [("Lenina 1, Perm, 614000, RUS", "RU")]
    assert (entry["births"], entry["identifiers"]) == (["1937-04-28"], ["Passport (IQ):A 12"])
    assert entry["countries"] == ["RU", "IQ"] and "expired" in entry["remarks"]


def test_what_no_list_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path / "eu.csv", COLUMNS_1_1, ROWS)
    monkeypatch.setattr(list_tables, "KEPT", 2_000)
    with pytest.raises(BadInput, match="more than any list"):
        entries(path)
    monkeypatch.undo()
    monkeypatch.setattr(list_tables, "REPEATED", 2_000)
    with pytest.raises(BadInput, match="repeat too much"):
        entries(path)

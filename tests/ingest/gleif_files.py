"""Files in the shape of GLEIF's, about entities that do not exist."""

from __future__ import annotations

import csv
from pathlib import Path

ENTITY = """<lei:LEIRecord><lei:LEI>9876LEIA00ALPHA00012</lei:LEI>
<lei:Entity><lei:LegalName xml:lang="ru">ООО Альфа</lei:LegalName>
<lei:OtherEntityNames>
<lei:OtherEntityName xml:lang="en" type="TRADING_OR_OPERATING_NAME">Alpha</lei:OtherEntityName>
<lei:OtherEntityName xml:lang="ru" type="PREVIOUS_LEGAL_NAME">ООО Омега</lei:OtherEntityName>
</lei:OtherEntityNames>
<lei:TransliteratedOtherEntityNames>
<lei:TransliteratedOtherEntityName type="AUTO_ASCII_TRANSLITERATED_LEGAL_NAME">OOO Alfa\
</lei:TransliteratedOtherEntityName>
</lei:TransliteratedOtherEntityNames>
<lei:LegalAddress xml:lang="ru"><lei:FirstAddressLine>ул. Мира 1</lei:FirstAddressLine>
<lei:AdditionalAddressLine>офис 2</lei:AdditionalAddressLine>
<lei:AdditionalAddressLine>этаж 3</lei:AdditionalAddressLine>
<lei:City>Москва</lei:City><lei:Region>RU-MOW</lei:Region><lei:Country>RU</lei:Country>
<lei:PostalCode>101000</lei:PostalCode></lei:LegalAddress>
<lei:HeadquartersAddress><lei:FirstAddressLine>1 Main St</lei:FirstAddressLine>
<lei:City>Dover</lei:City><lei:Region>US-DE</lei:Region><lei:Country>US</lei:Country></lei:HeadquartersAddress>
<lei:OtherAddresses><lei:OtherAddress type="ALTERNATIVE_LANGUAGE_LEGAL_ADDRESS" xml:lang="en">
<lei:FirstAddressLine>1 Mira St</lei:FirstAddressLine><lei:City>Moscow</lei:City><lei:Country>RU</lei:Country>
</lei:OtherAddress></lei:OtherAddresses>
<lei:RegistrationAuthority><lei:RegistrationAuthorityID>RA999999</lei:RegistrationAuthorityID>
<lei:OtherRegistrationAuthorityID>ЕГРЮЛ</lei:OtherRegistrationAuthorityID>
<lei:RegistrationAuthorityEntityID>1027700000000</lei:RegistrationAuthorityEntityID></lei:RegistrationAuthority>
<lei:LegalJurisdiction>RU</lei:LegalJurisdiction>
<lei:EntityCategory>RESIDENT_GOVERNMENT_ENTITY</lei:EntityCategory>
<lei:LegalForm><lei:EntityLegalFormCode>8888</lei:EntityLegalFormCode>
<lei:OtherLegalForm>GUP</lei:OtherLegalForm></lei:LegalForm>
<lei:EntityStatus>INACTIVE</lei:EntityStatus>
<lei:EntityCreationDate>2001-02-03T00:00:00+03:00</lei:EntityCreationDate>
<lei:SuccessorEntity><lei:SuccessorLEI>9876LEIA00SIGMA00034</lei:SuccessorLEI></lei:SuccessorEntity>
<lei:LegalEntityEvents>
<lei:LegalEntityEvent group_type="STANDALONE" event_status="COMPLETED">
<lei:LegalEntityEventType>CHANGE_LEGAL_NAME</lei:LegalEntityEventType>
<lei:LegalEntityEventEffectiveDate>2023-01-02T00:00:00Z</lei:LegalEntityEventEffectiveDate></lei:LegalEntityEvent>
<lei:LegalEntityEvent group_type="STANDALONE" event_status="COMPLETED">
<lei:LegalEntityEventType>ABSORPTION</lei:LegalEntityEventType>
<lei:LegalEntityEventEffectiveDate>2022-05-06T00:00:00Z</lei:LegalEntityEventEffectiveDate></lei:LegalEntityEvent>
</lei:LegalEntityEvents></lei:Entity>
<lei:Registration><lei:LastUpdateDate>2023-02-01T10:00:00Z</lei:LastUpdateDate>
<lei:RegistrationStatus>MERGED</lei:RegistrationStatus></lei:Registration></lei:LEIRecord>"""
EVENT = "Entity.LegalEntityEvents.LegalEntityEvent"
OTHER = "Entity.OtherEntityNames.OtherEntityName"
LATIN = "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName"
ENTITY_CSV = {
    "LEI": "9876LEIA00ALPHA00012",
    "Entity.LegalName": "ООО Альфа",
    "Entity.LegalName.xmllang": "ru",
    f"{OTHER}.1": "Alpha",
    f"{OTHER}.1.xmllang": "en",
    f"{OTHER}.1.type": "TRADING_OR_OPERATING_NAME",
    f"{OTHER}.2": "ООО Омега",
    f"{OTHER}.3": "",
    f"{LATIN}.1": "OOO Alfa",
    "Entity.LegalAddress.FirstAddressLine": "ул. Мира 1",
    "Entity.LegalAddress.MailRouting": "",
    "Entity.LegalAddress.AdditionalAddressLine.1": "офис 2",
    "Entity.LegalAddress.AdditionalAddressLine.2": "",
    "Entity.LegalAddress.AdditionalAddressLine.3": "этаж 3",
    "Entity.LegalAddress.City": "Москва",
    "Entity.LegalAddress.Region": "RU-MOW",
    "Entity.LegalAddress.Country": "RU",
    "Entity.LegalAddress.PostalCode": "101000",
    "Entity.HeadquartersAddress.FirstAddressLine": "1 Main St",
    "Entity.HeadquartersAddress.City": "Dover",
    "Entity.HeadquartersAddress.Region": "US-DE",
    "Entity.HeadquartersAddress.Country": "US",
    "Entity.OtherAddresses.OtherAddress.1.FirstAddressLine": "1 Mira St",
    "Entity.OtherAddresses.OtherAddress.1.City": "Moscow",
    "Entity.OtherAddresses.OtherAddress.1.Country": "RU",
    "Entity.RegistrationAuthority.RegistrationAuthorityID": "RA999999",
    "Entity.RegistrationAuthority.OtherRegistrationAuthorityID": "ЕГРЮЛ",
    "Entity.RegistrationAuthority.RegistrationAuthorityEntityID": "1027700000000",
    "Entity.LegalJurisdiction": "RU",
    "Entity.EntityCategory": "RESIDENT_GOVERNMENT_ENTITY",
    "Entity.LegalForm.EntityLegalFormCode": "8888",
    "Entity.LegalForm.OtherLegalForm": "GUP",
    "Entity.EntityStatus": "INACTIVE",
    "Entity.EntityCreationDate": "2001-02-03T00:00:00+03:00",
    "Entity.SuccessorEntity.1.SuccessorLEI": "9876LEIA00SIGMA00034",
    f"{EVENT}.1.event_status": "COMPLETED",
    f"{EVENT}.1.LegalEntityEventType": "CHANGE_LEGAL_NAME",
    f"{EVENT}.1.LegalEntityEventEffectiveDate": "2023-01-02T00:00:00Z",
    f"{EVENT}.2.event_status": "COMPLETED",
    f"{EVENT}.2.LegalEntityEventType": "ABSORPTION",
    f"{EVENT}.2.LegalEntityEventEffectiveDate": "2022-05-06T00:00:00Z",
    "Registration.LastUpdateDate": "2023-02-01T10:00:00Z",
    "Registration.RegistrationStatus": "MERGED",
    "Registration.ValidationAuthority.ValidationAuthorityID": "RA000001",
}


def link(kind: str, extra: str = "", registration: str = "PUBLISHED", status: str = "ACTIVE") -> str:
    return (
        "<rr:RelationshipRecord><rr:Relationship><rr:StartNode><rr:NodeID>S</rr:NodeID>"
        "<rr:NodeIDType>LEI</rr:NodeIDType></rr:StartNode><rr:EndNode><rr:NodeID>E</rr:NodeID>"
        f"<rr:NodeIDType>LEI</rr:NodeIDType></rr:EndNode><rr:RelationshipType>{kind}</rr:RelationshipType>"
        f"{extra}<rr:RelationshipStatus>{status}</rr:RelationshipStatus></rr:Relationship><rr:Registration>"
        "<rr:LastUpdateDate>2024-01-02T00:00:00Z</rr:LastUpdateDate>"
        f"<rr:RegistrationStatus>{registration}</rr:RegistrationStatus></rr:Registration>"
        "</rr:RelationshipRecord>"
    )


def periods(*given: tuple[str, str, str]) -> str:
    made = "".join(
        f"<rr:RelationshipPeriod><rr:StartDate>{begin}</rr:StartDate>"
        + (f"<rr:EndDate>{end}</rr:EndDate>" if end else "")
        + f"<rr:PeriodType>{kind}</rr:PeriodType></rr:RelationshipPeriod>"
        for begin, end, kind in given
    )
    return f"<rr:RelationshipPeriods>{made}</rr:RelationshipPeriods>"


def quantity(amount: str, units: str = "PERCENTAGE") -> str:
    return (
        "<rr:RelationshipQuantifiers><rr:RelationshipQuantifier>"
        "<rr:MeasurementMethod>ACCOUNTING_CONSOLIDATION</rr:MeasurementMethod>"
        f"<rr:QuantifierAmount>{amount}</rr:QuantifierAmount><rr:QuantifierUnits>{units}</rr:QuantifierUnits>"
        "</rr:RelationshipQuantifier></rr:RelationshipQuantifiers>"
    )


def write(tmp_path: Path, *records: str) -> Path:
    root, space, box = "LEIData", "leidata", "LEIRecords"
    if "RelationshipRecord" in records[0]:
        root, space, box = "RelationshipData", "rr", "RelationshipRecords"
    prefix = {"leidata": "lei"}.get(space, space)
    path = tmp_path / "g.xml"
    path.write_text(
        f'<{prefix}:{root} xmlns:{prefix}="http://www.gleif.org/data/schema/{space}/2016">'
        f"<{prefix}:{box}>{''.join(records)}</{prefix}:{box}></{prefix}:{root}>"
    )
    return path


def write_csv(tmp_path: Path, *records: dict[str, str]) -> Path:
    path = tmp_path / "g.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(records[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(records)
    return path

"""The consolidated list of EU financial sanctions, as XML (`export`, version 1.1) and as CSV 1.1 and 1.0.

An entry is known by its EU reference number, one without by its logical id. The regulation of an entry may be
a later amendment, so that `listed_on` is the earliest day that any part of it states.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.errors import BadInput
from diversion.ingest import documents
from diversion.ingest.documents import Entry
from diversion.ingest.list_cells import COLUMNS, Draft, fault_of, partial
from diversion.ingest.list_tables import Layout, Row
from diversion.ingest.sheet import Sheet, Told
from diversion.ingest.xml import find_all, records, root, texts

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOT, NAMESPACE = "export", "http://eu.europa.ec/fpi/fsd/export"
_KINDS = {"p": "person", "person": "person", "e": "company", "enterprise": "company"}
_SCHEMES = {
    "passport": "Passport",
    "diplpassport": "Passport",
    "travelpassport": "Passport",
    "id": "National ID",
    "regnumber": "Registration number",
    "fiscalcode": "Tax number",
    "taxid": "Tax number",
    "ssn": "Social security number",
    "imo": "IMO",
    "swiftbic": "SWIFT/BIC",
}
"""Codes of documents → the scheme; others go by their description."""
_WEAK = re.compile(r"lo\w? quality", re.IGNORECASE)
_OLD_NUMBER = re.compile(r"(.*?)\s*\((\w+)-([^)]*)\)(.*)", re.DOTALL)
_DATED = ("entryIntoForceDate", "publicationDate")


def open_eu(path: Path, where: str) -> list[Sheet]:
    """The XML as one sheet, an entry a record. Raises `BadInput` where it is none, or damaged."""
    namespace, name, stated = root(path, where)
    if name != ROOT or not namespace.startswith("http://eu.europa.ec/fpi/fsd"):
        raise BadInput(f"the XML holds {name}, not the list of EU sanctions", where=where)
    published = partial(stated.get("generationDate"))

    def entries(told: Told) -> Iterator[Entry]:
        for row, element in enumerate(records(path, where, {"sanctionEntity"}, told), 1):
            draft = _draft(element)
            draft.add("published", published)
            cells = draft.cells("eu", "EU")
            fault = fault_of(cells)
            yield Entry(row, cells, fault, "" if not fault else cells["name"] or cells["entry_id"] or "")

    return [documents.sheet(None, "eu", COLUMNS, entries)]


def _draft(entry: _Element) -> Draft:
    draft = Draft()
    _entity(draft, *(entry.get(a) for a in ("euReferenceNumber", "logicalId", "unitedNationId")))
    for subject in find_all(entry, "subjectType"):
        _kind(draft, subject.get("classificationCode"), subject.get("code"))
    draft.day("listed_on", entry.get("designationDate"))
    draft.note("designation", entry.get("designationDetails"))
    for one in [*find_all(entry, "regulation"), *find_all(entry, "*/regulationSummary")]:
        draft.day("listed_on", next((said for a in _DATED if (said := one.get(a))), None))
    for one in find_all(entry, "regulation"):
        _regulation(draft, one.get("programme"), one.get("regulationType"), one.get("numberTitle"))
    for part, add in _ADD.items():
        for one in find_all(entry, part):
            add(draft, {str(k): str(v) for k, v in one.attrib.items()}, " ".join(texts(one, "remark")))
    for one in find_all(entry, "address/contactInfo"):
        draft.note("contact", f"{one.get('key')} {one.get('value')}")
    draft.add("remarks", *texts(entry, "remark"))
    return draft


def _entity(draft: Draft, reference: str | None, logical: str | None, united_nations: str | None) -> None:
    draft.add("entry_id", reference)
    draft.add("second_id", logical)
    draft.note("EU logical id", logical)
    draft.note("UN reference", united_nations)


def _kind(draft: Draft, *codes: str | None) -> None:
    draft.add("kind", *(_KINDS.get((code or "").casefold()) for code in codes))


def _regulation(draft: Draft, programme: str | None, kind: str | None, title: str | None) -> None:
    """The programme by its code, and the basic act where the entry names one: what they mean is policy."""
    draft.add("regimes", programme)
    draft.add("programme", programme)
    if (kind or "").casefold() == "regulation" and title:
        draft.add("programme", title.split()[0])
    draft.note("regulation", title)


def _name(draft: Draft, said: dict[str, str], remark: str) -> None:
    parts = (said.get(part, "") for part in ("firstName", "middleName", "lastName"))
    name = said.get("wholeName", "").strip() or " ".join(" ".join(parts).split())
    weak = said.get("strong", "").casefold() in ("false", "0") or bool(_WEAK.search(remark))
    draft.add("weak" if weak else "name", name)
    draft.note("title", said.get("title"))
    draft.note("function", said.get("function"))
    draft.note("name", f"{name} ({remark})" if remark and name else None)


def _birth(draft: Draft, said: dict[str, str], remark: str) -> None:
    """The day, or what is known of it; a range as both its ends. Other calendars are a remark."""
    day = said.get("birthdate") or "-".join(_parts(said))
    days = [day] if day else [d for end in ("yearRangeFrom", "yearRangeTo") if (d := said.get(end))]
    other = said.get("calendarType", "GREGORIAN").upper() not in ("", "GREGORIAN")
    for one in days:
        if other:
            draft.note(f"born ({said['calendarType'].lower()} calendar)", one)
        else:
            draft.day("births", one)
    if said.get("circa", "").casefold() == "true" and days:
        draft.add("remarks", f"born about {days[0]}")
    place = [said.get(part) for part in ("place", "city", "region", "zipCode", "countryDescription")]
    draft.note("born in", ", ".join(one for one in place if one and one != "UNKNOWN"))
    draft.note("born", remark)


def _parts(said: dict[str, str]) -> list[str]:
    """Year, month and day as far as they are stated; their names differ between versions."""
    year, month, day = (
        next((said[name] for name in names if said.get(name, "").strip("0")), "")
        for names in (("year",), ("monthOfYear", "month"), ("dayOfMonth", "day"))
    )
    known = [year.zfill(4)] if year else []
    known += [month.zfill(2)] if year and month else []
    return known + ([day.zfill(2)] if year and month and day else [])


def _land(code: str | None, words: str | None) -> str | None:
    """The country as the list names it, which `00` and UNKNOWN do not."""
    if words and words.upper() != "UNKNOWN":
        return words
    return code if code and code != "00" else None


def _citizenship(draft: Draft, said: dict[str, str], remark: str) -> None:
    code, words = said.get("countryIso2Code"), said.get("countryDescription")
    draft.country(_land(code, None) or _land(None, words), "citizenship")
    draft.note("citizenship", remark)


def _address(draft: Draft, said: dict[str, str], remark: str) -> None:
    box = said.get("poBox")
    parts = [said.get(part) for part in ("street", "place", "city", "zipCode", "region")]
    parts.insert(1, f"PO Box {box}" if box else None)
    draft.address(parts, _land(said.get("countryIso2Code"), said.get("countryDescription")))
    draft.note("address", remark)


def _document(draft: Draft, said: dict[str, str], remark: str) -> None:
    code, words = said.get("identificationTypeCode", ""), said.get("identificationTypeDescription", "")
    scheme = _SCHEMES.get(code.casefold()) or words or code or "Document"
    land = _land(said.get("countryIso2Code"), said.get("countryDescription"))
    numbers = [one for key in ("number", "latinNumber") if (one := said.get(key, "").strip())]
    told = [said.get("issuedBy"), said.get("nameOnDocument"), remark]
    for number in numbers:
        if said.get("knownFalse", "").casefold() == "true":
            draft.note(f"false {scheme}", number)
        else:
            draft.document(scheme, number, land)
    draft.note(
        scheme, " ".join([*numbers[:1], f"({', '.join(one for one in told if one)})"]) if any(told) else None
    )


_ADD: dict[str, Callable[[Draft, dict[str, str], str], None]] = {
    "nameAlias": _name,
    "birthdate": _birth,
    "citizenship": _citizenship,
    "address": _address,
    "identification": _document,
}
"""Element → how its attributes and remark are added. Columns of CSV bear the same names."""

# Columns of CSV 1.1 are the attributes of the XML, each with the element before it.
_BIRTH = ("birthdate", "day", "month", "year", "yearRangeFrom", "yearRangeTo", "circa", "calendarType")
_PARTS = {
    "nameAlias": ("firstName", "middleName", "lastName", "wholeName", "title", "function", "strong"),
    "birthdate": (*_BIRTH, "place", "city", "region", "zipCode", "countryDescription"),
    "citizenship": ("countryIso2Code", "countryDescription"),
    "address": (
        "street",
        "poBox",
        "place",
        "city",
        "zipCode",
        "region",
        "countryIso2Code",
        "countryDescription",
    ),
    "identification": (
        *("number", "latinNumber", "knownFalse", "issuedBy", "nameOnDocument", "countryIso2Code"),
        *("countryDescription", "identificationTypeCode", "identificationTypeDescription"),
    ),
}


def _column(part: str, attribute: str) -> str:
    """The column of an attribute after that of its element: `identificationTypeCode` is TypeCode there."""
    return attribute.removeprefix(part) or attribute


def _add_1_1(draft: Draft, row: Row) -> None:
    draft.day("published", row("fileGenerationDate"))
    _entity(draft, row("Entity_EU_ReferenceNumber"), row("Entity_LogicalId"), row("Entity_UnitedNationId"))
    _kind(draft, row("Entity_SubjectType"), row("Entity_SubjectType_ClassificationCode"))
    draft.day("listed_on", row("Entity_DesignationDate"))
    draft.note("designation", row("Entity_DesignationDetails"))
    for part in ("Entity", "NameAlias", "Address", "BirthDate", "Identification", "Citizenship"):
        draft.day(
            "listed_on", row(f"{part}_Regulation_EntryIntoForceDate", f"{part}_Regulation_PublicationDate")
        )
    regulation = row.each(*(f"Entity_Regulation_{a}" for a in ("Programme", "Type", "NumberTitle")))
    _regulation(draft, regulation[0], regulation[1], regulation[2])
    for part, add in _ADD.items():
        add(draft, {a: row(f"{part}_{_column(part, a)}") for a in _PARTS[part]}, row(f"{part}_Remark"))
    draft.note("contact", row("Address_ContactInfo"))
    draft.add("remarks", row("Entity_Remark"))


def _add_1_0(draft: Draft, row: Row) -> None:
    draft.day("published", row("Date_file"))
    _entity(draft, row("EU_ref_num"), row("Entity_logical_id"), None)
    _kind(draft, row("Subject_type"))
    for part in ("", "Naal_", "Addr_", "Birt_", "Iden_", "Citi_"):
        draft.day("listed_on", row(f"{part}Leba_publication_date"))
    _regulation(draft, row("Programme"), None, row("Leba_numtitle"))
    names = ("firstName", "middleName", "lastName", "wholeName", "title", "function")
    _name(draft, {name: row(f"Naal_{name}") for name in names}, row("Naal_remark"))
    born = {"birthdate": row("Birt_date"), "place": row("Birt_place", "Birt_plcae")}
    _birth(draft, born | {"countryDescription": row("Birt_country")}, row("Birt_remark"))
    street = " ".join(row.each("Addr_street", "Addr_number")).strip()
    draft.address([street, row("Addr_city"), row("Addr_zipcode"), row("Addr_other")], row("Addr_country"))
    _old_document(draft, row("Iden_number"), row("Iden_country"))
    draft.country(row("Citi_country"), "citizenship")
    draft.add("remarks", row("Entity_remark"))


def _old_document(draft: Draft, text: str, land: str) -> None:
    """Number and kind of a document in one cell: `AB123 (passport-National passport) (remark)`."""
    found = _OLD_NUMBER.fullmatch(text) if len(text) < 1_000 else None
    number, code, words, rest = found.groups() if found else (text, "", "", "")
    said = {"number": number, "identificationTypeCode": code, "identificationTypeDescription": words}
    _document(draft, said | {"countryDescription": land}, rest.strip(" ()"))


TABLES = (
    Layout("eu", "eu", "EU", (("Entity_LogicalId",), ("NameAlias_WholeName",)), "Entity_LogicalId", _add_1_1),
    Layout("eu", "eu", "EU", (("Entity_logical_id",), ("Naal_wholename",)), "Entity_logical_id", _add_1_0),
)
"""CSV 1.1 and the older 1.0."""

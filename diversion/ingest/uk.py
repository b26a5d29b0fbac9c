"""The UK Sanctions List, as XML and as the table of its CSV, XLSX and ODS, and OFSI's Consolidated List.

The UK Sanctions List knows an entry by its Unique ID. OFSI's list, closed on 28 January 2026, held only those
under financial sanctions, by a Group ID of its own: it is another list, `uk_ofsi`, and its entries do not
count as removed when the former is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.errors import BadInput
from diversion.ingest import documents
from diversion.ingest.documents import Entry
from diversion.ingest.list_cells import COLUMNS, Draft, fault_of, numbered, partial
from diversion.ingest.list_tables import Layout, Row
from diversion.ingest.sheet import Sheet, Told
from diversion.ingest.xml import find_all, local, records, root, text, texts

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOT = "Designations"
_KINDS = {"individual": "person", "entity": "company", "ship": "vessel"}
_SHIP = re.compile(r"IMO ?([0-9]{7})(?: \([\"“”']?([^\"“”')]+)[\"“”']?\))?")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")


def open_uk(path: Path, where: str) -> list[Sheet]:
    """The XML as one sheet, an entry a record. Raises `BadInput` where it is none, or damaged."""
    _, name, _ = root(path, where)
    if name != ROOT:
        raise BadInput(f"the XML holds {name}, not the UK Sanctions List", where=where)

    def entries(told: Told) -> Iterator[Entry]:
        row, published = 0, None
        for element in records(path, where, {"DateGenerated", "Designation"}, told):
            if local(element) == "DateGenerated":
                published = partial(text(element))
                continue
            row += 1
            draft = _draft(element)
            draft.add("published", published)
            cells = draft.cells("uk", "UK")
            fault = fault_of(cells)
            yield Entry(row, cells, fault, "" if not fault else cells["name"] or cells["entry_id"] or "")

    return [documents.sheet(None, "uk", COLUMNS, entries)]


def _draft(entry: _Element) -> Draft:
    draft = Draft()
    draft.add("entry_id", text(entry, "UniqueID"))
    draft.add("kind", _KINDS.get((text(entry, "IndividualEntityShip") or "").casefold()))
    for one in find_all(entry, "Names/Name"):
        parts = [text(one, f"Name{at}") for at in range(1, 7)]
        _name(draft, parts, text(one, "NameType") or "", text(one, "AliasStrength") or "")
    draft.add("alias", *texts(entry, "NonLatinNames/NonLatinName/NameNonLatinScript"))
    draft.add("regimes", text(entry, "RegimeName"))
    _measures(draft, text(entry, "SanctionsImposed") or "|".join(_indicated(entry)))
    draft.day("listed_on", text(entry, "DateDesignated"))
    for one in find_all(entry, "Addresses/Address"):
        lines = [text(one, f"AddressLine{at}") for at in range(1, 7)]
        draft.address([*lines, text(one, "AddressPostalCode")], text(one, "AddressCountry"))
    for one in find_all(entry, "IndividualDetails/Individual"):
        _individual(draft, one)
    for one in find_all(entry, "EntityDetails/Entity"):
        _entity(draft, one)
    for one in find_all(entry, "ShipDetails/Ship"):
        _ship(draft, one)
    for label, path in _SAID.items():
        draft.note(label, *texts(entry, path))
    return draft


_SAID = {
    "title": "Titles/Title",
    "UN reference": "UNReferenceNumber",
    "OFSI group": "OFSIGroupID",
    "designated by": "DesignationSource",
    "information": "OtherInformation",
    "reasons": "UKStatementofReasons",
    "phone": "PhoneNumbers/PhoneNumber",
    "email": "EmailAddresses/EmailAddress",
    "website": "Websites/Website",
}


def _name(draft: Draft, parts: list[str | None], kind: str, strength: str) -> None:
    """A name; the ship `IMO 9012345 ("KESTREL")` bears its number and another name in it."""
    name = " ".join(" ".join(part.split()) for part in parts if part and part.strip())
    weak = "low" in strength.casefold() or "weak" in strength.casefold()
    said = kind.casefold().strip()
    first = said.startswith("primary name") and "variation" not in said
    draft.add("name" if first else "weak" if weak else "alias", name)
    if ship := _SHIP.fullmatch(name):
        draft.document("IMO", ship[1])
        draft.add("alias", ship[2])


def _measures(draft: Draft, said: str) -> None:
    draft.add("programme", *(" ".join(one.split()) for one in said.split("|")))


def _indicated(entry: _Element) -> list[str]:
    """The measures that are marked as imposed: TravelBan is a travel ban."""
    marks = find_all(entry, "SanctionsImposedIndicators/*")
    return [_HUMP.sub(" ", local(one)).capitalize() for one in marks if text(one) == "true"]


def _individual(draft: Draft, one: _Element) -> None:
    for day in texts(one, "DOBs/DOB"):
        draft.day("births", day)
    for land in texts(one, "Nationalities/Nationality"):
        draft.country(land, "nationality")
    for path, scheme in (("PassportDetails/Passport", "Passport"), _NATIONAL):
        for paper in find_all(one, path):
            kind = path.partition("/")[2]
            draft.document(scheme, text(paper, f"{kind}Number"))
            draft.note(scheme, text(paper, f"{kind}AdditionalInformation"))
    for place in find_all(one, "BirthDetails/Location"):
        said = [text(place, "TownOfBirth"), text(place, "CountryOfBirth")]
        draft.note("born in", ", ".join(part for part in said if part))
    draft.note("position", *texts(one, "Positions/Position"))
    draft.note("gender", *texts(one, "Genders/Gender"))


_NATIONAL = ("NationalIdentifierDetails/NationalIdentifier", "National ID")


def _entity(draft: Draft, one: _Element) -> None:
    for number in texts(one, "BusinessRegistrationNumbers/BusinessRegistrationNumber"):
        draft.document("Registration number", number)
    draft.note("type", *texts(one, "TypeOfEntities/TypeOfEntity"))
    draft.note("parent", *texts(one, "ParentCompanies/ParentCompany"))
    draft.note("subsidiary", *texts(one, "Subsidiaries/Subsidiary"))


def _ship(draft: Draft, one: _Element) -> None:
    for number in texts(one, "IMONumbers/IMONumber"):
        _imo(draft, number)
    for number in texts(one, "HullIdentificationNumbers/HullIdentificationNumber"):
        draft.document("HIN", number)
    for flag in texts(one, "CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip"):
        draft.country(flag, "flag")
    for label, path in _OF_SHIP.items():
        draft.note(label, *texts(one, path))


_OF_SHIP = {
    "owner or operator": "CurrentOwnerOperators/CurrentOwnerOperator",
    "former owner or operator": "PreviousOwnerOperators/PreviousOwnerOperator",
    "former flag": "PreviousFlags/PreviousFlag",
    "type": "TypeOfShipDetails/TypeOfShip",
    "tonnage": "TonnageOfShipDetails/TonnageOfShip",
    "length": "LengthOfShipDetails/LengthOfShip",
    "built": "YearsBuilt/YearBuilt",
}


def _imo(draft: Draft, number: str) -> None:
    draft.document("IMO", re.sub(r"(?i)^imo[\s:]*", "", number))


def _add(draft: Draft, row: Row) -> None:
    """A row of the table of the UK Sanctions List."""
    draft.add("entry_id", row("Unique ID"))
    draft.add("kind", _KINDS.get(row("Designation Type", "Individual, Entity, Ship").casefold()))
    _measures(draft, row("Sanctions Imposed"))
    draft.add("regimes", row("Regime Name"))
    draft.day("listed_on", row("Date Designated"))
    _shared(draft, row, row("Name type"), row("Alias strength"))
    lines = row.each(*(f"Address Line {at}" for at in range(1, 7)))
    draft.address([*lines, row("Address Postal Code", "Postal Code")], row("Address Country", "Country"))
    for number in numbered(row("IMO number")):
        _imo(draft, number)
    for flag in numbered(row("Current believed flag of ship")):
        draft.country(flag, "flag")
    for scheme, column in (("Registration number", "Business registration number (s)"), ("HIN", _HULL)):
        for number in numbered(row(column)):
            draft.document(scheme, number)
    for label, column in _NOTES.items():
        draft.note(label, row(column))


_HULL = "Hull identification number (HIN)"
_NOTES = {
    "UN reference": "UN Reference Number",
    "OFSI group": "OFSI Group ID",
    "designated by": "Designation source",
    "reasons": "UK Statement of Reasons",
    "type": "Type of entity",
    "parent": "Parent Company",
    "subsidiary": "Subsidiaries",
    "owner or operator": "Current owner/operator (s)",
    "former owner or operator": "Previous owner/operator (s)",
    "former flag": "Previous flags",
    "type of ship": "Type of ship",
    "built": "Year Built",
    "tonnage": "Tonnage of ship",
    "length": "Length of ship",
    "phone": "Phone number",
    "email": "Email address",
    "website": "Website",
}


def _shared(draft: Draft, row: Row, kind: str, strength: str) -> None:
    """What both tables hold of a name and a person."""
    _name(draft, [*row.each(*_PARTS)], kind, strength)
    draft.add("alias", row("Name non-latin script"))
    for day in numbered(row("D.O.B", "DOB")):
        draft.day("births", day)
    for land in numbered(row("Nationality(/ies)", "Nationality")):
        draft.country(land, "nationality")
    for number in numbered(row("Passport number")):
        draft.document("Passport", number)
    for number in numbered(row("National Identifier number", "National Identification Number")):
        draft.document("National ID", number)
    draft.note("passport", row("Passport additional information", "Passport Details"))
    draft.note(
        "national ID", row("National Identifier additional information", "National Identification Details")
    )
    draft.note("born in", ", ".join(said for said in row.each("Town of birth", "Country of birth") if said))
    draft.note("title", row("Title"))
    draft.note("position", row("Position"))
    draft.note("gender", row("Gender"))
    draft.note("information", row("Other Information"))


def _add_ofsi(draft: Draft, row: Row) -> None:
    """A row of OFSI's Consolidated List of Financial Sanctions Targets, which names no measures."""
    draft.add("entry_id", row("Group ID"))
    draft.add("kind", _KINDS.get(row("Group Type").casefold()))
    draft.add("programme", "OFSI Consolidated List of Financial Sanctions Targets")
    draft.add("regimes", row("Regime"))
    draft.day("listed_on", row("UK Sanctions List Date Designated"))
    draft.day("listed_on", row("Listed On"))
    _shared(draft, row, row("Alias Type"), row("Alias Quality"))
    lines = row.each(*(f"Address {at}" for at in range(1, 7)))
    draft.address([*lines, row("Post/Zip Code")], row("Country"))


TABLES = (
    Layout("uk", "uk", "UK", (("Unique ID",), ("Name 6",), ("Name type",)), "Unique ID", _add),
    Layout("uk", "uk_ofsi", "UK", (("Group ID",), ("Name 6",), ("Group Type",)), "Group ID", _add_ofsi),
)
"""The UK Sanctions List, and OFSI's."""

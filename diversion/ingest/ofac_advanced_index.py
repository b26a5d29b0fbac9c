"""What parties of OFAC's Advanced XML refer to: names of codes, places, documents, and entries on lists.

Entries on lists come after the parties in the file, so that it is read once for these and once for those.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.errors import BadInput
from diversion.ingest import ofac_cells, xml

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST = 2_000_000
"""Places, documents and entries together; a hundred times of what the list held in 2026."""
_ADDRESS = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION", "Unknown")


@dataclass(frozen=True, slots=True)
class Listed:
    """That a party stands on a list: its name, since when, and the codes of programmes."""

    name: str
    day: str
    codes: tuple[str, ...]


@dataclass
class Index:
    """All of it, by id. A code is known by the name of its kind and its number."""

    published: str | None = None
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    iso: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    documents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    listed: dict[str, tuple[Listed, ...]] = field(default_factory=dict)

    def name(self, kind: str, number: str | None) -> str:
        """What a code of a kind stands for; empty where the document does not say."""
        return self.names.get((kind, number or ""), "")

    def country(self, number: str | None) -> str | None:
        """ISO 3166-1 alpha-2 of a country by its code."""
        return self.iso.get(number or "") or ofac_cells.country(self.name("Country", number))


def read(path: Path, where: str) -> Index:
    """Read everything but the parties. Raises `BadInput` where the XML is damaged or holds far too much."""
    index = Index()
    into = {
        "DateOfIssue": _issued,
        "ReferenceValueSets": _codes,
        "Location": _place,
        "IDRegDocument": _document,
        "SanctionsEntry": _listed,
    }
    for no, element in enumerate(xml.records(path, where, into)):
        if no > MOST:
            raise BadInput(f"more than {MOST:,} places, documents and entries", where=where)
        into[xml.local(element)](index, element)
    return index


def day(element: _Element | None) -> str | None:
    """A day of year, month and day; None where one of them is missing."""
    parts = [xml.text(element, tag) or "" for tag in ("Year", "Month", "Day")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return f"{int(parts[0]):04}-{int(parts[1]):02}-{int(parts[2]):02}"


def _issued(index: Index, element: _Element) -> None:
    index.published = day(element)


def _codes(index: Index, element: _Element) -> None:
    for values in element:
        for one in values:
            number, kind = one.get("ID", ""), xml.local(one)
            index.names[kind, number] = (one.text or "").strip()
            if kind == "Country" and (iso := one.get("ISO2")):
                index.iso[number] = iso
            if kind == "PartySubType":
                index.parents[number] = one.get("PartyTypeID", "")


def _place(index: Index, element: _Element) -> None:
    said: dict[str, str] = {}
    for part in xml.find_all(element, "LocationPart"):
        kind = index.name("LocPartType", part.get("LocPartTypeID"))
        said.setdefault(kind, xml.text(part, "LocationPartValue/Value") or "")
    located = xml.find(element, "LocationCountry")
    number = None if located is None else located.get("CountryID")
    country = index.country(number)
    parts = [said[kind] for kind in _ADDRESS if said.get(kind)]
    alone = not parts and country
    written = None if alone else ", ".join(filter(None, [*parts, index.name("Country", number)]))
    index.places[element.get("ID", "")] = (written or None, country)


def _document(index: Index, element: _Element) -> None:
    kind = index.name("IDRegDocType", element.get("IDRegDocTypeID"))
    number = xml.text(element, "IDRegistrationNo") or xml.text(element, "Comment")
    if number:
        identity = element.get("IdentityID", "")
        index.documents[identity] = (*index.documents.get(identity, ()), f"{kind or 'Number'}:{number}")


def _listed(index: Index, element: _Element) -> None:
    days = [day(xml.find(event, "Date")) for event in xml.find_all(element, "EntryEvent")]
    programmes = [
        xml.text(one, "Comment")
        for one in xml.find_all(element, "SanctionsMeasure")
        if index.name("SanctionsType", one.get("SanctionsTypeID")) in ("Program", "")
    ]
    one = Listed(
        index.name("List", element.get("ListID")),
        min(filter(None, days), default=""),
        tuple(code for code in programmes if code),
    )
    profile = element.get("ProfileID", "")
    index.listed[profile] = (*index.listed.get(profile, ()), one)

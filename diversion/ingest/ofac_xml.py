"""OFAC's SDN.XML and CONSOLIDATED.XML: `sdnList` with one `sdnEntry` an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.ingest import documents, ofac_cells, xml
from diversion.ingest.days import reader
from diversion.ingest.documents import Entry
from diversion.ingest.sheet import Sheet, Told

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOT = "sdnList"
COLUMNS = (
    "list", "entry_id", "name", "aliases", "weak_aliases", "births", "kind", "authority", "programme",
    "regimes", "effect", "listed_on", "countries", "addresses", "identifiers", "remarks", "published",
)  # fmt: skip
"""Columns that every XML of OFAC gives."""
_SAMPLE = 200
_ADDRESS = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")


def open_sdn(path: Path, where: str) -> list[Sheet]:
    """The entries of a list. Raises `BadInput` where the XML is damaged."""
    sample = islice(xml.records(path, where, {"sdnEntry"}), _SAMPLE)
    which = ofac_cells.which([xml.texts(entry, "programList/program") for entry in sample])

    def entries(told: Told) -> Iterator[Entry]:
        return _entries(path, where, which, told)

    return [documents.sheet(None, which, COLUMNS, entries)]


def _entries(path: Path, where: str, which: str, told: Told) -> Iterator[Entry]:
    published, row = None, 0
    for element in xml.records(path, where, {"publshInformation", "sdnEntry"}, told):
        if xml.local(element) == "publshInformation":  # so spelt by the publisher
            published = _day(xml.text(element, "Publish_Date"))
            continue
        row += 1
        yield _entry(row, element, which, published)


def _day(text: str | None) -> str | None:
    """The day of publication, which is written month first."""
    first, _ = reader("month first")(text or "")
    return first.isoformat() if first else None


def _entry(row: int, element: _Element, which: str, published: str | None) -> Entry:
    number = xml.text(element, "uid")
    if not number:
        return Entry(row, fault="an entry without its number (uid)", value=_name(element))
    codes = xml.texts(element, "programList/program")
    others = [(_name(aka), xml.text(aka, "category")) for aka in xml.find_all(element, "akaList/aka")]
    return Entry(
        row,
        {
            "list": which,
            "entry_id": number,
            "name": documents.plain(_name(element)),
            "aliases": documents.several(name for name, _ in others),
            "weak_aliases": documents.several(name for name, how in others if how == "weak"),
            "births": documents.several(map(ofac_cells.birth, _births(element))),
            "kind": ofac_cells.kind(xml.text(element, "sdnType")),
            "authority": ofac_cells.AUTHORITY,
            "programme": ofac_cells.programme(codes, which),
            "regimes": documents.several(codes),
            "countries": documents.several(_countries(element)),
            "addresses": documents.addresses(map(_address, xml.find_all(element, "addressList/address"))),
            **_numbers(element),
            "published": published,
        },
    )


def _name(element: _Element) -> str:
    """The name as the printed list has it: the family name, then the others."""
    return ", ".join(text for tag in ("lastName", "firstName") if (text := xml.text(element, tag)))


def _births(element: _Element) -> list[str]:
    return xml.texts(element, "dateOfBirthList/dateOfBirthItem/dateOfBirth")


def _countries(element: _Element) -> Iterator[str | None]:
    for path in ("nationalityList/nationality", "citizenshipList/citizenship"):
        for one in xml.find_all(element, path):
            yield ofac_cells.country(xml.text(one, "country"))
    yield ofac_cells.country(xml.text(element, "vesselInfo/vesselFlag"))


def _address(element: _Element) -> tuple[str | None, str | None]:
    said = xml.under(element)
    parts = [said[tag] for tag in _ADDRESS if tag in said]
    country = ofac_cells.country(said.get("country"))
    return None if country and parts == [said.get("country")] else ", ".join(parts), country


def _numbers(element: _Element) -> Mapping[str, str | None]:
    """Identifiers, and as remarks what else stands among them and beside."""
    numbers: list[str] = []
    rest: list[str] = []
    for one in xml.find_all(element, "idList/id"):
        said = xml.under(one)
        scheme, number = said.get("idType", ""), said.get("idNumber", "")
        is_number = bool(scheme and number) and ofac_cells.is_number(scheme)
        (numbers if is_number else rest).append(
            f"{scheme}:{number}" if is_number else f"{scheme} {number}".strip()
        )
    ship = xml.find(element, "vesselInfo")
    if sign := xml.text(ship, "callSign"):
        numbers.append(f"Call Sign:{sign}")
    beside = [("Title", xml.text(element, "title"))]
    beside += [
        (what, xml.text(ship, tag))
        for what, tag in (
            ("Vessel Type", "vesselType"),
            ("Tonnage", "tonnage"),
            ("Gross Tonnage", "grossRegisteredTonnage"),
            ("Owner", "vesselOwner"),
        )
    ]
    told = [f"{what}: {text}" for what, text in beside if text]
    remarks = "; ".join([*told, *filter(None, [xml.text(element, "remarks")]), *rest])
    return {"identifiers": documents.several(numbers), "remarks": documents.plain(remarks) or None}

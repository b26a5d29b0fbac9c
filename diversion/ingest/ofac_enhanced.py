"""OFAC's ENHANCED_XML: `sanctionsData` with one `entity` an entry, its lists with the day of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.ingest import documents, ofac_cells, xml
from diversion.ingest.documents import Entry
from diversion.ingest.ofac_cells import CONS, SDN
from diversion.ingest.ofac_xml import COLUMNS
from diversion.ingest.sheet import Sheet, Told

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOT = "sanctionsData"
_SDN_LIST, _UMBRELLA = "SDN List", "Consolidated List"
_ADDRESS = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION")
_COUNTRIES = ("Nationality Country", "Citizenship Country", "Nationality of Registration", "Vessel Flag")
_AS_NUMBER = ("SWIFT/BIC", "BIK (RU)", "MMSI", "Vessel Call Sign", "ISIN", "D-U-N-S Number")


def open_enhanced(path: Path, where: str) -> list[Sheet]:
    """The entries of a publication. Raises `BadInput` where the XML is damaged."""
    head = next(xml.records(path, where, {"publicationInfo"}), None)
    published = (xml.text(head, "dataAsOf") or "")[:10] or None
    lists = [] if head is None else xml.texts(head, "filters/sanctionsLists/sanctionsList")
    which = SDN if lists == [_SDN_LIST] else CONS if lists and _SDN_LIST not in lists else None

    def entries(told: Told) -> Iterator[Entry]:
        for row, element in enumerate(xml.records(path, where, {"entity"}, told), 1):
            yield _entry(row, element, which, published)

    return [documents.sheet(None, which or SDN, COLUMNS, entries)]


def _entry(row: int, element: _Element, which: str | None, published: str | None) -> Entry:
    number = element.get("id")
    if not number:
        return Entry(row, fault="an entity without its id", value=_names(element)[0])
    name, others, weak = _names(element)
    listed, remarks = _listed(element, which)
    stated, features = _stated(element)
    return Entry(
        row,
        {
            "entry_id": number,
            "name": name,
            "aliases": documents.several(others),
            "weak_aliases": documents.several(weak),
            "kind": ofac_cells.kind(xml.text(element, "generalInfo/entityType")),
            "authority": ofac_cells.AUTHORITY,
            "regimes": documents.several(xml.texts(element, "sanctionsPrograms/sanctionsProgram")),
            "addresses": documents.addresses(map(_address, xml.find_all(element, "addresses/address"))),
            **listed,
            **stated,
            "remarks": documents.plain("; ".join([*remarks, *features])),
            "published": published,
        },
    )


def _listed(element: _Element, which: str | None) -> tuple[Mapping[str, str | None], list[str]]:
    """The list the entry is read for, and the first day on it; beside its remark, what else it is listed on.

    A publication of all lists holds an entry once: one that is blocked counts as such.
    """
    days: dict[str, str] = {}
    for one in xml.find_all(element, "sanctionsLists/sanctionsList"):
        days[xml.text(one) or ""] = one.get("datePublished") or ""
    which = which or (SDN if _SDN_LIST in days else CONS)
    mine = [name for name in days if (name == _SDN_LIST) == (which == SDN) and name != _UMBRELLA]
    mine = mine or [name for name in days if name == _UMBRELLA]
    also = [f"{name} since {days[name]}" for name in days if name not in (*mine, _UMBRELLA)]
    listed = {
        "list": which,
        "programme": "; ".join(dict.fromkeys(map(ofac_cells.list_of, mine)))
        or ofac_cells.programme((), which),
        "listed_on": min(filter(None, (days[name] for name in mine)), default=None),
    }
    return listed, [*xml.texts(element, "generalInfo/remarks"), *also]


def _names(element: _Element) -> tuple[str, list[str], list[str]]:
    """The name in Latin letters, all others in every script, and those of low quality."""
    main, others, weak = "", [], []
    for name in xml.find_all(element, "names/name"):
        primary, low = (xml.text(name, tag) == "true" for tag in ("isPrimary", "isLowQuality"))
        for one in xml.find_all(name, "translations/translation"):
            written = documents.plain(xml.text(one, "formattedFullName"))
            if primary and not main:
                main = written
            else:
                others.append(written)
            weak += [written] if low else []
    return main, others, [name for name in weak if name != main]


def _address(element: _Element) -> tuple[str | None, str | None]:
    """Its parts in the order of a letter, of the first translation, with the country as published."""
    said: dict[str, str] = {}
    for part in xml.find_all(element, "translations/translation/addressParts/addressPart"):
        said.setdefault((xml.text(part, "type") or "").upper(), xml.text(part, "value") or "")
    stated = xml.text(element, "country")
    country = ofac_cells.country(stated)
    parts = [said[kind] for kind in _ADDRESS if said.get(kind)]
    if not parts and country:
        return None, country
    return ", ".join(filter(None, [*parts, stated])), country


def _stated(element: _Element) -> tuple[Mapping[str, str | None], list[str]]:
    """Days of birth, countries and identifiers; and all other features, as remarks."""
    births, countries, numbers, rest = [], [], [], []
    for one in xml.find_all(element, "features/feature"):
        sort, said = xml.text(one, "type") or "", xml.text(one, "value") or ""
        if sort == "Birthdate":
            births.append(ofac_cells.birth(said))
        elif sort in _COUNTRIES:
            countries.append(ofac_cells.country(said))
        elif sort in _AS_NUMBER or sort.startswith("Digital Currency"):
            numbers.append(f"{sort}:{said}")
        elif said:
            rest.append(f"{sort.rstrip(' :-')}: {said}")
    for one in xml.find_all(element, "identityDocuments/identityDocument"):
        sort, said = xml.text(one, "type") or "", xml.text(one, "documentNumber") or ""
        if said:
            numbers.append(f"{sort or 'Number'}:{said}")
    stated = {
        "births": documents.several(births),
        "countries": documents.several(countries),
        "identifiers": documents.several(numbers),
    }
    return stated, rest

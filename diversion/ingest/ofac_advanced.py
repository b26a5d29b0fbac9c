"""OFAC's Advanced XML (`Sanctions`): parties with identities, names and features, all by reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.ingest import documents, ofac_cells, xml
from diversion.ingest.documents import Entry
from diversion.ingest.ofac_advanced_index import Index, Listed, day, read
from diversion.ingest.ofac_cells import CONS, SDN
from diversion.ingest.ofac_xml import COLUMNS
from diversion.ingest.sheet import Sheet, Told

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOT = "Sanctions"
_SDN_LIST = "SDN List"
_FAMILY = ("Last Name", "Maiden Name")
_COUNTRIES = ("Nationality Country", "Citizenship Country", "Nationality of Registration", "Vessel Flag")
_AS_NUMBER = ("SWIFT/BIC", "BIK (RU)", "MMSI", "Vessel Call Sign", "ISIN", "D-U-N-S Number")


def open_advanced(path: Path, where: str) -> list[Sheet]:
    """The parties of a list. Raises `BadInput` where the XML is damaged."""
    index = read(path, where)
    others = sum(any(one.name not in ("", _SDN_LIST) for one in some) for some in index.listed.values())
    which = CONS if others and others >= 0.5 * len(index.listed) else SDN

    def entries(told: Told) -> Iterator[Entry]:
        for row, element in enumerate(xml.records(path, where, {"DistinctParty"}, told), 1):
            yield _entry(row, element, index, which)

    return [documents.sheet(None, which, COLUMNS, entries)]


def _entry(row: int, element: _Element, index: Index, which: str) -> Entry:
    number, profile = element.get("FixedRef"), xml.find(element, "Profile")
    if not number or profile is None:
        return Entry(row, fault="a party without its number or its profile", value=number or "")
    name, others, weak = _names(profile, index)
    stated, features = _stated(profile, index)
    listed, also = _listed(index.listed.get(profile.get("ID") or number, ()), which)
    return Entry(
        row,
        {
            "entry_id": number,
            "name": name,
            "aliases": documents.several(others),
            "weak_aliases": documents.several(weak),
            "kind": _kind(profile, index),
            "authority": ofac_cells.AUTHORITY,
            **listed,
            **stated,
            "remarks": documents.plain("; ".join([*also, *features, *xml.texts(element, "Comment")])),
            "published": index.published,
        },
    )


def _kind(profile: _Element, index: Index) -> str:
    """By the sort of party; only individuals and organisations have none that is told apart (`Unknown`)."""
    number = profile.get("PartySubTypeID")
    named = index.name("PartySubType", number)
    if named and named != "Unknown":
        return ofac_cells.kind(named)
    return ofac_cells.kind(index.name("PartyType", index.parents.get(number or "")) or None)


def _listed(entries: tuple[Listed, ...], which: str) -> tuple[Mapping[str, str | None], list[str]]:
    """The list the party is read for, and since when; what else it is listed on."""
    mine = [one for one in entries if (one.name in ("", _SDN_LIST)) == (which == SDN)]
    codes = [code for one in entries for code in one.codes]
    names = dict.fromkeys(ofac_cells.list_of(one.name) for one in mine if one.name)
    listed = {
        "list": which,
        "programme": "; ".join(names) or ofac_cells.programme(codes, which),
        "regimes": documents.several(codes),
        "listed_on": min(filter(None, (one.day for one in mine)), default=None),
    }
    return listed, [f"{one.name} since {one.day}" for one in entries if one not in mine]


def _names(profile: _Element, index: Index) -> tuple[str, list[str], list[str]]:
    """The main name in Latin letters, all others in every script, and those of low quality."""
    main, others, weak = "", [], []
    for identity in xml.find_all(profile, "Identity"):
        kinds = {
            one.get("ID", ""): index.name("NamePartType", one.get("NamePartTypeID"))
            for one in xml.find_all(identity, "NamePartGroups/MasterNamePartGroup/NamePartGroup")
        }
        for alias in xml.find_all(identity, "Alias"):
            for documented in xml.find_all(alias, "DocumentedName"):
                written = _written(documented, kinds)
                if alias.get("Primary") == "true" and not main:
                    main = written
                else:
                    others.append(written)
                weak += [written] if alias.get("LowQuality") == "true" else []
    others = [name for name in others if name != main]
    return main, others, [name for name in weak if name != main]


def _written(documented: _Element, kinds: Mapping[str, str]) -> str:
    """The family name, a comma, and the other parts, as the printed list has it."""
    family: list[str] = []
    others: list[str] = []
    for value in xml.find_all(documented, "DocumentedNamePart/NamePartValue"):
        text = documents.plain(value.text)
        (family if kinds.get(value.get("NamePartGroupID", "")) in _FAMILY else others).append(text)
    return ", ".join(filter(None, [" ".join(family), " ".join(others)]))


def _stated(profile: _Element, index: Index) -> tuple[Mapping[str, str | None], list[str]]:
    """Days of birth, countries, addresses and identifiers; and all other features, as remarks."""
    births: list[str | None] = []
    countries: list[str | None] = []
    places, numbers, rest = [], [], []
    for feature in xml.find_all(profile, "Feature"):
        sort = index.name("FeatureType", feature.get("FeatureTypeID"))
        for version in xml.find_all(feature, "FeatureVersion"):
            said = _said(version, index)
            if sort == "Birthdate":
                births.append(_birth(version) or said)
            elif sort == "Location":
                places += _places(version, index)
            elif sort in _COUNTRIES:
                countries += [code for _, code in _places(version, index)] + [ofac_cells.country(said)]
            elif sort in _AS_NUMBER or sort.startswith("Digital Currency"):
                numbers.append(f"{sort}:{said}" if said else None)
            elif said:
                rest.append(f"{sort.rstrip(' :-')}: {said}")
    for identity in xml.find_all(profile, "Identity"):
        numbers += index.documents.get(identity.get("ID", ""), ())
    stated = {
        "births": documents.several(births),
        "countries": documents.several(countries),
        "addresses": documents.addresses(places),
        "identifiers": documents.several(numbers),
    }
    return stated, rest


def _said(version: _Element, index: Index) -> str:
    """The text of a version, or what its reference stands for, or its place or day."""
    detail = xml.find(version, "VersionDetail")
    named = "" if detail is None else index.name("DetailReference", detail.get("DetailReferenceID"))
    written = xml.text(detail) or named
    if written:
        return documents.plain(written)
    placed = next((text or country for text, country in _places(version, index)), None)
    return placed or _birth(version) or ""


def _places(version: _Element, index: Index) -> list[tuple[str | None, str | None]]:
    found = xml.find_all(version, "VersionLocation")
    return [index.places.get(one.get("LocationID", ""), (None, None)) for one in found]


def _birth(version: _Element) -> str | None:
    """A period of days as precisely as it is: a day, a year, or between two years."""
    period = xml.find(version, "DatePeriod")
    ends = [day(xml.find(period, path)) for path in ("Start/From", "End/To")] if period is not None else []
    first, last = [*ends, None, None][:2]
    if not first:
        return None
    begin = xml.find(period, "Start") if period is not None else None
    about = "~" if begin is not None and begin.get("Approximate") == "true" else ""
    if not last or first == last:
        return first + about
    if first[5:] == "01-01" and last[5:] == "12-31":
        return (first[:4] if first[:4] == last[:4] else f"{first[:4]}/{last[:4]}") + about
    if first[:7] == last[:7]:
        return first[:7] + about
    return f"{first}/{last}{about}"

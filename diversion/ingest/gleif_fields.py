"""A record of GLEIF, from XML or from a row of the golden copy's CSV, as flat fields under one set of names.

A name is the path of local names set apart by dots, `Entity.LegalAddress.City`. What may stand several times
is numbered from 1, `Entity.OtherEntityNames.OtherEntityName.2`, and an attribute stands below what has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from diversion.ingest.vocabulary import country

if TYPE_CHECKING:
    from lxml.etree import _Element

Fields = Mapping[str, str]

_SEVERAL = frozenset(
    (
        *("OtherEntityName", "TransliteratedOtherEntityName", "OtherAddress", "TransliteratedOtherAddress"),
        *("AdditionalAddressLine", "SuccessorEntity", "LegalEntityEvent", "RelationshipPeriod"),
        *("RelationshipQualifier", "RelationshipQuantifier", "ExceptionReason", "ExceptionReference"),
    )
)
_MOST_OF_CSV = 5
"""The CSV numbers what may stand several times up to this, and may leave gaps."""
_CSV_NAMES = (
    (re.compile(r"\.Period\.(\d+)\.(\w)"), ".RelationshipPeriods.RelationshipPeriod.{0}.{1}"),
    (re.compile(r"\.Qualifiers\.(\d+)"), ".RelationshipQualifiers.RelationshipQualifier.{0}"),
    (re.compile(r"\.Quantifiers\.(\d+)"), ".RelationshipQuantifiers.RelationshipQuantifier.{0}"),
    (re.compile(r"^Exception\.?(Category)$"), "Exception{0}"),
    (re.compile(r"^Exception\.?(Reason|Reference)(?:\.(\d+))?$"), "Exception{0}.{1}"),
)
"""Where the CSV names differently from the XML; the parts of a period begin in lower case there."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=T|$)")


def csv_name(header: str) -> str:
    """The name of a column of the CSV as a path of the XML.

    >>> csv_name("Relationship.Period.1.startDate"), csv_name("Exception.Reason.1")
    ('Relationship.RelationshipPeriods.RelationshipPeriod.1.StartDate', 'ExceptionReason.1')
    """
    for pattern, name in _CSV_NAMES:
        if found := pattern.search(header):
            groups = [f"{group[:1].upper()}{group[1:]}" if group else "1" for group in found.groups()]
            return header[: found.start()] + name.format(*groups) + header[found.end() :]
    return header.replace(".xmllang", ".lang")


def of_element(element: _Element) -> dict[str, str]:
    """The fields of a record of the XML."""
    found: dict[str, str] = {}
    _walk(element, "", found)
    return found


def _walk(element: _Element, prefix: str, found: dict[str, str]) -> None:
    counts: dict[str, int] = {}
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        if name in _SEVERAL:
            counts[name] = counts.get(name, 0) + 1
            name = f"{name}.{counts[name]}"
        path = prefix + name
        if text := (child.text or "").strip():
            found[path] = text
        for key, value in child.attrib.items():
            found[f"{path}.{str(key).rpartition('}')[2]}"] = str(value)
        if len(child):
            _walk(child, path + ".", found)


def several(fields: Fields, path: str, *names: str) -> list[dict[str, str]]:
    """What stands several times at a path: of each the parts called `names`, "" for its own text.

    >>> several({"A.1": "x", "A.1.type": "t", "A.2": "y"}, "A", "", "type")
    [{'': 'x', 'type': 't'}, {'': 'y'}]
    """
    found: list[dict[str, str]] = []
    at = 0
    while True:
        at += 1
        keys = {name: f"{path}.{at}.{name}".rstrip(".") for name in names}
        if part := {name: fields[key] for name, key in keys.items() if key in fields}:
            found.append(part)
        elif at > _MOST_OF_CSV:
            return found


def first(fields: Fields, *names: str) -> str | None:
    """The first of the fields that says something."""
    return next((fields[name] for name in names if name in fields), None)


def day(text: str | None) -> str | None:
    """The day of a time as it is written there, in its own zone; another text stays, for a person to see.

    >>> day("2018-11-09T00:00:00.000+01:00")
    '2018-11-09'
    """
    found = _DAY.match(text) if text else None
    return found[0] if found else text


def known_country(codes: Sequence[str | None]) -> str | None:
    """The first that is a country; a jurisdiction such as `US-DE` is one of its country."""
    found = (country(code.partition("-")[0])[0] for code in codes if code)
    return next((code for code in found if code), None)

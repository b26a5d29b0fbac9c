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
_COUNT = "#"
"""Below what may stand several times: how often. The CSV has columns for a fixed number, and gaps."""
_UNUSED = frozenset(("Geocoding", "OtherValidationAuthorities", "ValidationAuthority"))
_CSV_NAMES = (
    (re.compile(r"\.Period\.(\d+)\.(\w)"), ".RelationshipPeriods.RelationshipPeriod.{0}.{1}"),
    (re.compile(r"\.Qualifiers\.(\d+)"), ".RelationshipQualifiers.RelationshipQualifier.{0}"),
    (re.compile(r"\.Quantifiers\.(\d+)"), ".RelationshipQuantifiers.RelationshipQuantifier.{0}"),
    (re.compile(r"^Exception\.?(Category)$"), "Exception{0}"),
    (re.compile(r"^Exception\.?(Reason|Reference)(?:\.(\d+))?$"), "Exception{0}.{1}"),
)
"""Where the CSV names differently from the XML; the parts of a period begin in lower case there."""
_NUMBER = re.compile(r"\.(\d{1,4})(?=\.|$)")
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
        if name in _UNUSED:
            continue
        path = prefix + name
        if name in _SEVERAL:
            counts[path] = counts.get(path, 0) + 1
            path = f"{path}.{counts[path]}"
        if text := (child.text or "").strip():
            found[path] = text
        for key, value in child.items():
            found[f"{path}.{str(key).rpartition('}')[2]}"] = str(value)
        if len(child):
            _walk(child, path + ".", found)
    for path, count in counts.items():
        found[f"{path}.{_COUNT}"] = str(count)


def counts_of(names: Sequence[str]) -> dict[str, str]:
    """How often what has numbered columns may stand in a row, for every row of a table.

    >>> counts_of(["A.B.1.x", "A.B.3.x"])
    {'A.B.#': '3'}
    """
    found: dict[str, int] = {}
    for name in names:
        for number in _NUMBER.finditer(name):
            path = f"{name[: number.start()]}.{_COUNT}"
            found[path] = max(found.get(path, 0), int(number[1]))
    return {path: str(count) for path, count in found.items()}


def count(fields: Fields, path: str) -> int:
    """How often what may stand several times may be there."""
    return int(fields.get(f"{path}.{_COUNT}", 0))


def several(fields: Fields, path: str, *names: str) -> list[dict[str, str]]:
    """What stands several times at a path: of each the parts called `names`, "" for its own text.

    >>> several({"A.#": "2", "A.1": "x", "A.1.type": "t", "A.2": "y"}, "A", "", "type")
    [{'': 'x', 'type': 't'}, {'': 'y'}]
    """
    found: list[dict[str, str]] = []
    for at in range(1, count(fields, path) + 1):
        keys = {name: f"{path}.{at}.{name}" if name else f"{path}.{at}" for name in names}
        if part := {name: fields[key] for name, key in keys.items() if key in fields}:
            found.append(part)
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

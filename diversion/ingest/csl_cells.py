"""What the cells of the US Consolidated Screening List hold: several values each, set apart by semicolons."""

from __future__ import annotations

import re

from diversion.ingest.days import day
from diversion.ingest.vocabulary import countries, country

LISTS = {
    "SDN": ("US OFAC", "SDN"),
    "EL": ("US BIS", "Entity List"),
    "DPL": ("US BIS", "Denied Persons"),
    "UVL": ("US BIS", "Unverified"),
    "MEU": ("US BIS", "Military End User"),
    "DTC": ("US State", "ITAR Debarred"),
    "ISN": ("US State", "Nonproliferation Sanctions"),
    "SSI": ("US OFAC", "Sectoral Sanctions Identifications (SSI)"),
    "CAP": ("US OFAC", "CAPTA"),
    "CAPTA": ("US OFAC", "CAPTA"),
    "CMIC": ("US OFAC", "CMIC"),
    "FSE": ("US OFAC", "Foreign Sanctions Evaders (FSE)"),
    "MBS": ("US OFAC", "Menu-Based Sanctions (MBS)"),
    "PLC": ("US OFAC", "Palestinian Legislative Council (PLC)"),
}
"""Abbreviation in the column `source` → authority and programme."""
AGENCIES = {"treasury": "US OFAC", "bureau of industry": "US BIS", "state department": "US State"}
KINDS = {"individual": "person", "entity": "company", "vessel": "vessel"}

_COUNTRY_LAST = re.compile(r"(?:^|,)\s*([A-Z]{2})$")
_IN_BRACKETS = re.compile(r"\(([^)]*)\)")
_ABBREVIATION = re.compile(r"\b[A-Z]{2,5}\b")
_SCHEME = re.compile(
    r"(?i)passport|\bid\b|number|\bno\.|code|card|registration|license|licence|\btax|swift|\bbic\b|\bimo\b|ssn|"
    r"identification|r\.f\.c|c\.u\.r\.p|cedula|certificate|d\.n\.i|\bmmsi\b"
)
_NO_IDENTIFIER = re.compile(
    r"(?i)sanction|executive order|determination|gender|website|email|target type|[:\-]\s*$"
)


def several(text: str) -> list[str]:
    """The values of a cell.

    >>> several("AZIMUT LTD; ; OOO AZIMUT")
    ['AZIMUT LTD', 'OOO AZIMUT']
    """
    return [part.strip() for part in text.split(";") if part.strip()]


def source(text: str) -> tuple[str | None, str | None, str]:
    """Authority, programme and the short name of the list; no authority where the list is not known.

    >>> source("Entity List (EL) - Bureau of Industry and Security")
    ('US BIS', 'Entity List', 'EL')
    """
    for short in _ABBREVIATION.findall(" ".join(_IN_BRACKETS.findall(text))):
        if short in LISTS:
            return (*LISTS[short], short)
    for words, authority in AGENCIES.items():
        if words in text.casefold():
            return authority, text.partition(" - ")[0].strip(), text.partition(" - ")[0].strip()
    return None, None, text


def kind(text: str) -> tuple[str]:
    """What sort of party; an aircraft is none that the schema knows."""
    return (KINDS.get(text.strip().casefold(), "unknown"),)


def addresses(text: str) -> tuple[str | None, str | None, list[str] | None, list[str] | None]:
    """First address, its country, all addresses, all countries. A country alone is no address.

    >>> addresses("Room 9, Hong Kong, HK; AE")
    ('Room 9, Hong Kong, HK', 'HK', ['Room 9, Hong Kong, HK'], ['HK', 'AE'])
    """
    parts = several(text)
    found = [_country(part) for part in parts]
    whole = [part for part in parts if len(part) > 2]
    known = [code for code in found if code]
    first = whole[0] if whole else None
    return (
        first,
        (_country(first) if first else None) or (known[0] if known else None),
        whole or None,
        _once(known),
    )


def _country(address: str) -> str | None:
    hit = _COUNTRY_LAST.search(address.strip())
    return countries().get(hit[1].casefold()) if hit else None


def _once(values: list[str]) -> list[str] | None:
    return list(dict.fromkeys(values)) or None


def nationalities(text: str) -> tuple[list[str] | None]:
    """Countries given by code or name; what is no country is left out."""
    return (_once([code for part in several(text) if (code := country(part)[0])]),)


def identifiers(text: str) -> tuple[list[str] | None, str | None]:
    """Identifiers as `scheme:number`, and what else the cell says.

    The scheme stands last in files until 2022 and first in later ones.

    >>> identifiers("RU, 7736640919, Tax ID No.; Male, Gender")
    (['Tax ID No.:7736640919'], 'Male, Gender')
    """
    numbers, rest = [], []
    for part in several(text):
        fields = [field.strip() for field in part.split(",") if field.strip()]
        found = None if _NO_IDENTIFIER.search(part) else _identifier(fields)
        if found:
            numbers.append(found)
        else:
            rest.append(part)
    return _once(numbers), "; ".join(rest) or None


def _identifier(fields: list[str]) -> str | None:
    if len(fields) < 2:
        return None
    if _SCHEME.search(fields[-1]):
        numbers = [field for field in fields[:-1] if _is_number(field)]
        return f"{fields[-1]}:{numbers[-1]}" if numbers else None
    if _SCHEME.search(fields[0]):
        return f"{fields[0]}:{fields[1]}" if _is_number(fields[1]) else None
    return None


def _is_number(text: str) -> bool:
    """Neither a country nor a day of issue."""
    return (len(text) > 2 and day(text)[0] is None) or (len(text) == 8 and text.isdigit())

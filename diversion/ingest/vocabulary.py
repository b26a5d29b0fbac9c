"""What a cell means: units, currencies, kinds of party and more. One text in, one reading out.

Each reading is a tuple whose first element is None where the text means nothing. They are called once for
each distinct text of a column.
"""

from __future__ import annotations

import csv
import re
from functools import cache

from diversion.ingest.columns import squeeze
from diversion.ingest.countries import countries, country, data
from diversion.ingest.hs import hs
from diversion.ingest.months import plain

__all__ = ["countries", "country", "hs"]

_PARTS = re.compile(r"\s*[()\[\]:;,|–—/\\]+\s*|\s*-+\s*")
_LONGEST = 100
PARTY_KINDS = {
    "company": "company, organisation, organization, legal entity, entity, corporation, firm, legalentity",
    "person": "person, individual, natural person, human",
    "public body": "public body, publicbody, government, state, ministry, agency, authority, state body",
    "vessel": "vessel, ship",
    "unknown": "unknown, other, n/a, unspecified",
}


@cache
def _units() -> dict[str, tuple[str, float]]:
    rows = csv.DictReader(data("units.csv"))
    return {
        _unit_key(spelling): (row["base"], float(row["factor"]))
        for row in rows
        for spelling in row["spellings"].split("|")
    }


def _unit_key(text: str) -> str:
    return " ".join(plain(text).replace(".", " ").replace("(s)", "s").split())


def unit(text: str) -> tuple[str | None, float | None]:
    """The base unit and how many of it one unit is.

    >>> unit("DOZ"), unit("Kgs."), unit("furlong")
    (('pieces', 12.0), ('kg', 1.0), (None, None))
    >>> unit("КГ"), unit("11-UNIDAD"), unit("KG (KILOGRAMO)"), unit("KG/PCS")
    (('kg', 1.0), ('pieces', 1.0), ('kg', 1.0), (None, None))
    """
    if found := _units().get(_unit_key(text)):
        return found
    parts = [part for part in _PARTS.split(text[:_LONGEST]) if part and not part.isdigit()]
    told = {_units().get(_unit_key(part)) for part in parts}
    found = told.pop() if len(told) == 1 else None
    return found or (None, None)


@cache
def _currencies() -> dict[str, str]:
    import pycountry

    codes = " ".join(data("currencies.txt")).split()
    names = {
        _unit_key(name): row["code"]
        for row in csv.DictReader(data("currency_names.csv"))
        for name in row["names"].split("|")
    }
    numbers = {one.numeric: one.alpha_3 for one in pycountry.currencies if one.alpha_3 in codes}
    return names | numbers | {code.casefold(): code for code in codes}


def currency(text: str) -> tuple[str | None]:
    """The ISO 4217 code, in capitals, of a code, number, sign or name.

    >>> currency("usd"), currency("US$"), currency("QQQ"), currency("$")
    (('USD',), ('USD',), (None,), (None,))
    >>> currency("978"), currency("DÓLAR USA"), currency("USD - US Dollar")
    (('EUR',), ('USD',), ('USD',))
    """
    if found := _currencies().get(_unit_key(text)):
        return (found,)
    parts = [part for part in _PARTS.split(text[:_LONGEST]) if part.strip()]
    told = {_currencies().get(_unit_key(part)) for part in parts} if len(parts) > 1 else {None}
    return (told.pop(),) if len(told) == 1 else (None,)


@cache
def _flows() -> dict[str, str]:
    rows = csv.DictReader(data("flows.csv"))
    return {squeeze(plain(word)): row["flow"] for row in rows for word in row["words"].split("|")}


def flow(text: str) -> tuple[str | None]:
    """Which side declared: export, import, transit or domestic.

    >>> flow("IMPORTACIÓN"), flow("ЭК 10"), flow("maybe")
    (('import',), ('export',), (None,))
    """
    words = [text, *re.split(r"[\W\d]+", text[:_LONGEST])]
    return (next((found for word in words if word and (found := _flows().get(squeeze(plain(word))))), None),)


@cache
def _kinds() -> dict[str, str]:
    return {squeeze(word): kind for kind, words in PARTY_KINDS.items() for word in words.split(",")}


def party_kind(text: str) -> tuple[str | None]:
    """What sort of party, as the schema names it.

    >>> party_kind("Individual"), party_kind("ghost")
    (('person',), (None,))
    """
    return (_kinds().get(squeeze(text)),)


def effect(text: str) -> tuple[str | None]:
    """What a list entry does, as the schema names it."""
    word = text.strip().casefold()
    word = {
        "license": "licence",
        "licensing": "licence",
        "asset freeze": "blocking",
        "freeze": "blocking",
    }.get(word, word)
    return (word if word in ("blocking", "licence", "denial", "statement", "sectoral") else None,)


def stake(text: str) -> tuple[str | None]:
    """What is held: shares, votes or unknown."""
    word = text.strip().casefold()
    word = {"share": "shares", "shareholding": "shares", "voting": "votes", "vote": "votes"}.get(word, word)
    return (word if word in ("shares", "votes", "unknown") else None,)


def aliases(text: str) -> tuple[list[str] | None]:
    """Names set apart by `;` or `|`.

    >>> aliases("Orion; Orion Ltd | ORN")
    (['Orion', 'Orion Ltd', 'ORN'],)
    """
    return ([name.strip() for name in re.split(r"[;|]", text) if name.strip()],)

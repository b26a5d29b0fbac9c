"""What a cell means: countries, units, currencies, HS codes and kinds of party. One text in, one reading out.

Each reading is a tuple whose first element is None where the text means nothing. They are called once for
each distinct text of a column.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from diversion.ingest.columns import squeeze

_HS_PUNCTUATION = re.compile(r"[\s.\-\u00a0]")
_HS = re.compile(r"[0-9]{4,12}")

PARTY_KINDS = {
    "company": "company, organisation, organization, legal entity, entity, corporation, firm, legalentity",
    "person": "person, individual, natural person, human",
    "public body": "public body, publicbody, government, state, ministry, agency, authority, state body",
    "vessel": "vessel, ship",
    "unknown": "unknown, other, n/a, unspecified",
}


def _data(name: str) -> list[str]:
    text = (files("diversion.ingest") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def countries() -> dict[str, str]:
    """Squeezed code or English name → ISO 3166-1 alpha-2. Codes win over names."""
    found: dict[str, str] = {}
    rows = list(csv.DictReader(_data("countries.csv")))
    for row in rows:
        found[row["alpha2"].casefold()] = found[row["alpha3"].casefold()] = row["alpha2"]
    for row in rows:
        for name in row["names"].split("|"):
            found.setdefault(squeeze(name), row["alpha2"])
    return found


def country(text: str) -> tuple[str | None]:
    """ISO 3166-1 alpha-2 of an alpha-2 or alpha-3 code or an English name.

    >>> country("ae"), country("ARE"), country("United Arab Emirates"), country("Atlantis")
    (('AE',), ('AE',), ('AE',), (None,))
    """
    return (countries().get(squeeze(text)),)


@cache
def _units() -> dict[str, tuple[str, float]]:
    rows = csv.DictReader(_data("units.csv"))
    return {
        _unit_key(spelling): (row["base"], float(row["factor"]))
        for row in rows
        for spelling in row["spellings"].split("|")
    }


def _unit_key(text: str) -> str:
    return " ".join(text.casefold().replace(".", " ").replace("(s)", "s").split())


def unit(text: str) -> tuple[str | None, float | None]:
    """The base unit and how many of it one unit is.

    >>> unit("DOZ"), unit("Kgs."), unit("furlong")
    (('pieces', 12.0), ('kg', 1.0), (None, None))
    """
    return _units().get(_unit_key(text), (None, None))


@cache
def _currencies() -> frozenset[str]:
    return frozenset(" ".join(_data("currencies.txt")).split())


def currency(text: str) -> tuple[str | None]:
    """The ISO 4217 code, in capitals.

    >>> currency("usd"), currency("US$"), currency("QQQ")
    (('USD',), ('USD',), (None,))
    """
    code = {"US$": "USD", "$US": "USD", "€": "EUR", "£": "GBP"}.get(text.upper(), text.upper())
    return (code if code in _currencies() else None,)


def hs(text: str) -> tuple[str | None, str | None]:
    """The code without punctuation, 4 to 12 digits, and the first six where it has as many.

    >>> hs("8542.31.0000"), hs("8542"), hs("chips")
    (('8542310000', '854231'), ('8542', None), (None, None))
    """
    digits = _HS_PUNCTUATION.sub("", text)
    if not _HS.fullmatch(digits):
        return None, None
    return digits, digits[:6] if len(digits) >= 6 else None


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

"""Name and postal address that stand in one cell, told apart only where it is plain which is which."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from diversion.ingest.countries import named
from diversion.ingest.months import plain
from diversion.parties.names import split

_WORDS = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_AFTER_FORM = re.compile(
    r"(?i)^(.{3,}?\b(?:L\.?L\.?C|LTD|LIMITED|GMBH|FZE|FZCO|FZC|DMCC|INC|CORP|S\.?A\.?R\.?L|S\.?A\.? DE "
    r"C\.?V|LTDA|PLC|SDN\.? BHD|S\.?R\.?L|"
    r"S\.?P\.?A|A\.?[SŞ]|PVT\.? LTD|CO\.,? ?LTD)\.?)\s+((?:P\.?\s?O\.?\s?BOX|NO[.:]|PLOT|ROOM|RM|UNIT|"
    r"SUITE|FLAT|OFFICE|#|[0-9]).*)$",
    re.DOTALL,
)
_SEGMENT = re.compile(r"\s*[,;]\s*")
_TAIL = 80
_NAME_WITHIN = 4
"""A legal form further on than these segments belongs to the address."""


@cache
def words() -> dict[str, Any]:
    """The table of words that stand in the place of a party."""
    text = (files("diversion.ingest") / "data" / "party_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _address_words() -> frozenset[str]:
    return frozenset(plain(word) for word in words()["address"]["words"])


def is_form(text: str) -> bool:
    """Whether a text is a legal form and nothing else.

    >>> is_form("Ltd."), is_form("Inc"), is_form("Dubai")
    (True, True, False)
    """
    return split(f"x {text}")[0] == "x" and split(f"x {text}")[1] != ""


def country_of(text: str) -> str | None:
    """The country that an address ends with, by its full name; no code is believed.

    >>> country_of("12 DOCK ROAD, DUBAI, UNITED ARAB EMIRATES"), country_of("LOS ANGELES, CA")
    ('AE', None)
    """
    parts = [part for part in re.split(r"[,;\n|]+", text) if part.strip(" .-")]
    if not parts:
        return None
    last = parts[-1][-_TAIL:].rstrip("0123456789-. ()").strip(" .-()")
    tail = last.split()
    whole = [last, *(" ".join(tail[-count:]) for count in (4, 3, 2, 1) if count < len(tail))]
    return next((code for part in whole if (code := named(part))), None)


def country_alone(text: str) -> tuple[str | None]:
    """As `country_of`, for a column of addresses."""
    return (country_of(text),)


def like_address(text: str) -> bool:
    """Whether a text reads as a postal address: a number beside a word of streets, or a country last.

    >>> like_address("12 DOCK ROAD, DUBAI"), like_address("DUBAI"), like_address("PARIS, FRANCE")
    (True, False, True)
    """
    has_number = any(letter.isdigit() for letter in text)
    if has_number and _HAN.search(text):
        return True
    known = {plain(word) for word in _WORDS.findall(text)} & _address_words()
    parts = len([part for part in re.split(r"[,;\n]", text) if part.strip()])
    return (has_number and (bool(known) or parts > 1)) or (parts > 1 and country_of(text) is not None)


def apart(text: str) -> tuple[str, str | None, str | None]:
    """Name, address and country of a cell; the whole text and nothing where they cannot be told.

    >>> apart("ACME LTD, 12 DOCK ROAD, DUBAI, UAE")
    ('ACME LTD', '12 DOCK ROAD, DUBAI, UAE', 'AE')
    >>> apart("Smith, Jones & Co., Ltd."), apart("Siemens AG, Germany")
    (('Smith, Jones & Co., Ltd.', None, None), ('Siemens AG', None, 'DE'))
    >>> apart("BETA TRADING, JEDDAH")
    ('BETA TRADING, JEDDAH', None, None)
    """
    lines = [line.strip(" ,;") for line in text.split("\n") if line.strip(" ,;")]
    if len(lines) > 1:
        return _by_lines(lines) or _by_commas(", ".join(lines)) or (text, None, None)
    return _by_commas(text) or _by_form(text) or (text, None, None)


def _by_lines(lines: list[str]) -> tuple[str, str | None, str | None] | None:
    begins = 1
    if len(lines) > 2 and not split(lines[0])[1] and split(lines[1])[1] and not re.search("[0-9]", lines[1]):
        begins = 2
    first = _by_commas(lines[0]) if begins == 1 else None
    rest = ", ".join(lines[begins:])
    if first and first[1]:
        return first[0], f"{first[1]}, {rest}", country_of(rest)
    if like_address(rest):
        return " ".join(lines[:begins]), rest, country_of(rest)
    alone = named(rest) if len(lines) == begins + 1 else None
    return (" ".join(lines[:begins]), None, alone) if alone else None


def _by_commas(text: str) -> tuple[str, str | None, str | None] | None:
    parts = _SEGMENT.split(text)
    if len(parts) < 2:
        return None
    count = 1
    for at, part in enumerate(parts[:_NAME_WITHIN]):
        if at and any(letter.isdigit() for letter in part):
            break
        if at and (is_form(part) or (split(part)[1] and not split(parts[0])[1])):
            count = at + 1
    if count == len(parts):
        return None
    ends = [found.end() for found in _SEGMENT.finditer(text)]
    name, rest = text[: ends[count - 1]].strip(" ,;"), text[ends[count - 1] :].strip(" ,;")
    if like_address(rest):
        return name, rest, country_of(rest)
    alone = named(rest)
    return (name, None, alone) if alone else None


def _by_form(text: str) -> tuple[str, str | None, str | None] | None:
    found = _AFTER_FORM.match(text)
    if found and like_address(found[2]):
        return found[1].strip(), found[2].strip(), country_of(found[2])
    return None

"""What OFAC's lists say in one way or another in every format: lists, programmes, days of birth, remarks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diversion.ingest import vocabulary
from diversion.ingest.csl_cells import LISTS
from diversion.ingest.days import day

AUTHORITY = "US OFAC"
SDN, CONS = "ofac_sdn", "ofac_cons"
"""The two lists: of those whose property is blocked, and all others in one (`Consolidated`)."""
BESIDE = " | "
"""Between what stands in other columns of an old file (title, ship) and the remark itself."""

_BY_NAME = {
    "sdn": "SDN",
    "sectoral sanctions": "SSI",
    "palestinian legislative": "PLC",
    "fse": "FSE",
    "foreign sanctions evaders": "FSE",
    "capta": "CAPTA",
    "menu-based": "MBS",
    "cmic": "CMIC",
    "chinese military": "CMIC",
}
_BY_CODE = {
    "UKRAINE-EO13662": "SSI",
    "NS-PLC": "PLC",
    "CMIC-EO13959": "CMIC",
    "FSE-IR": "FSE",
    "FSE-SY": "FSE",
    "561-RELATED": "CAPTA",
    "MBS": "MBS",
    "HKAA": "MBS",
    "CAATSA - RUSSIA": "MBS",
}
"""Programmes whose entries, where they are not blocked, stand on a list of their own."""
_ELSEWHERE = {
    "palestinian": "PS",
    "west bank": "PS",
    "gaza": "PS",
    "north gaza": "PS",
    "northern gaza": "PS",
    "crimea": "UA",
    "crimea (occupied)": "UA",
    "man, isle of": "IM",
    "bahamas, the": "BS",
    "congo, republic of the": "CG",
    "north macedonia, the republic of": "MK",
}
_KINDS = {"individual": "person", "entity": "company", "vessel": "vessel", "aircraft": "unknown"}

_SCHEME = (
    r"(?:[A-Z][\w.,'/& ()-]*? )?(?:No\.|#|Number|Code|ID|Passport|SSN|RIF|MMSI|SWIFT/BIC|C\.U\.R\.P\.|"
    r"R\.F\.C\.|D\.N\.I\.|Identification|Digital Currency Address - [A-Z0-9]+)"
)
_IDENTIFIER = re.compile(
    rf"(?:alt\. )?({_SCHEME}) ((?:IMO )?[^\s;()]*[0-9][^\s;()]*)(?: (?:\(|issued|expires).*)?"
)
_BIC = re.compile(r"(?:alt\. )?(SWIFT/BIC) ([A-Z0-9]{8,11})")
_NO_IDENTIFIER = re.compile(r"(?i)phone|fax|email|website|gender|sanction|determination|directive")
_BIRTH = re.compile(r"(?:alt\. )?DOB (.+)")
_OF_COUNTRY = re.compile(r"(?:alt\. )?(?:nationality|citizen|Vessel Flag:) (.+)")
_WEAK = re.compile(r"(?:alt\. )?[afn]\.k\.a\. '(.+)'")
_MONTH = re.compile(r"([A-Za-z]{3,9}) ([0-9]{4})")
_CIRCA = re.compile(r"(?i)(?:circa|ca\.?|approximately|approx\.) (.+)")
_RANGE = re.compile(r"(.+?) (?:to|-) (.+)")


def kind(text: str | None) -> str:
    """What sort of party; nothing stated means an organisation; an aircraft is none that the schema knows."""
    return _KINDS.get((text or "entity").strip().casefold(), "unknown")


def list_of(name: str) -> str:
    """The programme of a list by OFAC's name of it, as the other lists of the US call it.

    >>> list_of("Sectoral Sanctions Identifications List"), list_of("Non-SDN CMIC List"), list_of("SDN List")
    ('Sectoral Sanctions Identifications (SSI)', 'CMIC', 'SDN')
    """
    plain = name.casefold().removeprefix("non-sdn ")
    hit = next((short for word, short in _BY_NAME.items() if word in plain), None)
    return LISTS[hit][1] if hit else name


def programme(codes: Iterable[str], which: str) -> str:
    """The list within `which` that entries of these programmes stand on, where a format does not say it.

    >>> programme(["UKRAINE-EO13662"], CONS), programme(["UKRAINE-EO13662"], SDN)
    ('Sectoral Sanctions Identifications (SSI)', 'SDN')
    """
    if which == SDN:
        return LISTS["SDN"][1]
    found = {LISTS[hit][1]: None for code in codes if (hit := _BY_CODE.get(code.upper()))}
    return "; ".join(found) or "Non-SDN"


def which(sample: Iterable[Iterable[str]]) -> str:
    """Which of the two lists it is, told by programmes of some entries: most of the other are known."""
    seen = [any(code.upper() in _BY_CODE for code in codes) for codes in sample]
    return CONS if seen and sum(seen) >= 0.5 * len(seen) else SDN


def country(text: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a country as OFAC writes it; a region lies in one where ISO says so.

    >>> country("Korea, North"), country("Region: Crimea"), country("undetermined")
    ('KP', 'UA', None)
    """
    plain = (text or "").strip().casefold().removeprefix("region: ")
    return _ELSEWHERE.get(plain) or vocabulary.country(plain)[0]


def birth(text: str) -> str:
    """A day of birth as precisely as it is stated, in ISO 8601: `1971~` is about 1971, `1970/1972` between.

    >>> birth("17 May 1971"), birth("Feb 1973"), birth("circa 1971"), birth("1970 to 1972")
    ('1971-05-17', '1973-02', '1971~', '1970/1972')
    """
    text = text.strip()
    if about := _CIRCA.fullmatch(text):
        return birth(about[1]) + "~"
    if between := _RANGE.fullmatch(text):
        return f"{birth(between[1])}/{birth(between[2])}"
    if month := _MONTH.fullmatch(text):
        first, _ = day(f"1 {month[1]} {month[2]}")
        return f"{first:%Y-%m}" if first else text
    first, last = day(text)
    return first.isoformat() if first and first == last else text


Said = tuple[list[str] | None, list[str] | None, list[str] | None, list[str] | None]


def remark(text: str) -> Said:
    """Days of birth, weak other names, identifiers and countries that a remark states.

    >>> remark("DOB 1971; nationality Iran; Passport A123 (Iran); a.k.a. 'BNC'.")
    (['1971'], ['BNC'], ['Passport:A123'], ['IR'])
    """
    births, weak, numbers, countries = [], [], [], []
    for part in text.replace(BESIDE, "; ").strip().removesuffix(".").split("; "):
        if hit := _BIRTH.fullmatch(part):
            births.append(birth(hit[1]))
        elif hit := _OF_COUNTRY.fullmatch(part):
            countries += [code for code in [country(hit[1])] if code]
        elif hit := _WEAK.fullmatch(part):
            weak.append(hit[1])
        elif found := identifier(part):
            numbers.append(found)
        elif part.startswith("Call Sign: "):
            numbers.append(part.replace(": ", ":"))
    return _once(births), _once(weak), _once(numbers), _once(countries)


def identifier(part: str) -> str | None:
    """`scheme:number` of a part of a remark, None where it is none or its number is not plain to see."""
    hit = _BIC.fullmatch(part) or _IDENTIFIER.fullmatch(part)
    return f"{hit[1]}:{hit[2]}" if hit and not _NO_IDENTIFIER.search(hit[1]) else None


def is_number(scheme: str) -> bool:
    """Whether what a publisher calls by this name identifies a party: no website, gender or risk.

    >>> is_number("Passport"), is_number("Gender"), is_number("Secondary sanctions risk:")
    (True, False, False)
    """
    return not (_NO_IDENTIFIER.search(scheme) or scheme.rstrip().endswith((":", "-")))


def _once(values: list[str]) -> list[str] | None:
    return list(dict.fromkeys(values)) or None

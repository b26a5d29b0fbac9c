"""Whether what stands below a header is what its name says."""

from __future__ import annotations

from collections.abc import Callable

from diversion.ingest.contents import Look

PARTY_WORDS = (
    "exporter",
    "consignee",
    "forwarder",
    "notify_party",
    "end_user",
    "declarant",
    "carrier",
    "bank",
)

_EXPECTED = {
    "hs_code": ("hs", 0.6, 0.25),
    "departed_on": ("day", 0.6, 0.3),
    "arrived_on": ("day", 0.6, 0.3),
    "known_on": ("day", 0.6, 0.3),
    "year": ("year", 0.8, 0.5),
    "month": ("month", 0.8, 0.5),
    "quantity": ("amount", 0.8, 0.4),
    "weight_kg": ("amount", 0.8, 0.4),
    "gross_weight_kg": ("amount", 0.8, 0.4),
    "value": ("amount", 0.8, 0.4),
    "value_usd": ("amount", 0.8, 0.4),
    "currency": ("currency", 0.6, 0.2),
    "flow": ("flow", 0.6, 0.4),
}
"""Column → what its values are, the share that confirms the name, and the share below which it is none."""

_ELSEWHERE = {"day": "other_day", "year": "other_year"}
"""What days and years of other calendars look like, which only a header makes one."""

EMPTY = 0.45
"""What is left of the confidence in a column without values: another that has some is the better one."""

SURE, FEW = 0.97, 6
"""Confidence in a name that a number of values below this does not contradict."""

PLAIN = 0.85
"""Confidence in a name of quantities that numbers which count the rows do not contradict."""


def _counted(found: Look) -> bool:
    """Whether numbers are amounts; those of units are few, and of three digits at most."""
    return found.distinct > 0.3 or found.short_code < 0.8


_OTHERWISE: tuple[tuple[str, Callable[[Look], bool], str, float], ...] = (
    ("month", lambda found: found.day > 0.6 and found.month < 0.5, "departed_on", 0.6),
    ("day", lambda found: found.day > 0.6, "departed_on", 0.6),
    (
        "unit",
        lambda found: found.number > 0.8 and found.unit < 0.3 and _counted(found),
        "quantity",
        0.55,
    ),
    (
        "description",
        lambda found: found.hs > 0.9 and found.length > 5 and found.letters < 0.1,
        "hs_code",
        0.6,
    ),
)
"""Column, what its values are that it should not hold, the column that it then is, and how sure that is."""


def judged(column: str, sure: float, found: Look | None) -> tuple[str, float]:
    """A name confirmed or contradicted by what stands below it, None where nothing does."""
    if found is None:
        return column, sure * EMPTY
    for name, holds, instead, confidence in _OTHERWISE:
        if name == column and holds(found):
            return instead, confidence
    if column in _EXPECTED:
        return column, _expected(column, sure, found)
    return column, min(sure * _plausible(column, found), max(sure, 0.96))


def _expected(column: str, sure: float, found: Look) -> float:
    what, confirming, least = _EXPECTED[column]
    share = found.share(what)
    if what in _ELSEWHERE and share < confirming:
        share = max(share, found.share(_ELSEWHERE[what]))
    if what == "day" and share < least and found.year > 0.8:
        return sure * 0.7
    weak = column == "hs_code" and sure < 0.5
    if column == "quantity" and found.counts and sure < PLAIN:
        return 0.0
    if share < least and sure >= SURE and found.filled < FEW:
        return sure * 0.5  # a few odd values say less than a name that leaves no doubt
    if share < least or (weak and (share < 0.9 or found.length < 6)):
        return 0.0
    if share < confirming:
        return sure * 0.85
    return sure + max(0.96 - sure, 0.0) * 0.4


def _plausible(column: str, found: Look) -> float:
    """How far values that are free in form could be those of a column."""
    if column in PARTY_WORDS or column == "description":
        return _named(found)
    ending = column.rpartition("_")[2]
    test = _FREE.get(column) or _FREE.get(ending)
    return test(found) if test else 1.0


def _named(found: Look) -> float:
    if found.number > 0.7 or found.day > 0.7:
        return 0.2
    return 1.03 if found.company > 0.3 or found.length > 12 else 0.97


def _country(found: Look) -> float:
    if found.country >= 0.6:
        return 1.03
    if found.number > 0.8 and found.length <= 3.5:  # numbers of countries, as many customs write them
        return 0.75
    return 0.2 if found.number > 0.8 or found.length > 45 or found.day > 0.5 else 0.75


def _paper(found: Look) -> float:
    worse = (
        found.day > 0.7
        or found.length > 45
        or (found.length < 3 and found.number > 0.8 and found.filled > 3)
        or (found.fraction > 0.5 and found.length < 12)
    )
    return 0.3 if worse else 1.0


def _declared(found: Look) -> float:
    """The number of a declaration is not the same in a whole table."""
    return 0.3 if found.distinct < 0.05 and found.filled > 40 else _paper(found)


def _unit(found: Look) -> float:
    if found.number > 0.8 and found.unit < 0.3:
        return 0.5
    return 1.03 if found.unit > 0.5 else 0.9


def _port(found: Look) -> float:
    return 0.7 if found.number > 0.8 else 1.0


_FREE: dict[str, Callable[[Look], float]] = {
    "country": _country,
    "address": lambda found: 0.3 if found.number > 0.7 else 1.0,
    "identifier": lambda found: 0.4 if found.company > 0.5 and found.number < 0.3 else 1.0,
    "port_of_loading": _port,
    "port_of_discharge": _port,
    "vessel": _port,
    "shipment_id": _declared,
    "bill_of_lading": _paper,
    "master_bill": _paper,
    "unit": _unit,
    "weight_unit": _unit,
}

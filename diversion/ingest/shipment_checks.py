"""What is a fault in a row of shipments: strictly in a file made for this tool, leniently in any other.

A lenient reading keeps what the row does say where one cell of it cannot be told; what makes the row
meaningless stays a fault: no day, no goods, nobody named, amounts below nothing, days that cannot be.
"""

from __future__ import annotations

from collections.abc import Sequence

from diversion.ingest.cell_address import words
from diversion.ingest.columns import ROLES
from diversion.ingest.documents import NOT_KEPT
from diversion.ingest.recipe import Check, country_checks, day_checks, number_checks

FIRST_DAY = "DATE '1990-01-01'"
LATEST_ARRIVAL = 366
"""Days after the ingest within which goods under way may be expected."""

_AMOUNTS = ("quantity", "weight_kg", "gross_weight_kg", "value", "value_usd")
_DAYS = ("departed_on", "arrived_on")
_TOO_LARGE = "too large for a number"
_NO_HS = "not an HS code: 4 to 12 digits, dots and spaces allowed"
NO_DAY = "neither departure nor arrival"
_NO_DAY = "v_departed_on IS NULL AND v_arrived_on IS NULL"
_POSSIBLE = (
    *(Check(c, f"v_{c} < {FIRST_DAY}", "earlier than 1990") for c in _DAYS),
    Check("departed_on", "v_departed_on > $today", "later than the day of ingest"),
    Check(
        "arrived_on",
        f"v_arrived_on > $today AND (v_departed_on IS NULL OR v_arrived_on > $today + {LATEST_ARRIVAL})",
        "later than the day of ingest",
    ),
    Check("arrived_on", "v_arrived_latest < v_departed_on", "arrival before departure"),
)
_FINITE = tuple(Check(c, f"isinf(v_{c})", _TOO_LARGE) for c in ("quantity", "weight_kg"))
"""Amounts that are too large only in the unit in which they are kept."""


def _unnamed(*roles: str) -> str:
    return " AND ".join(f"t_{role} IS NULL AND t_{role}_id IS NULL" for role in roles)


def strict(countries: Sequence[str]) -> tuple[Check, ...]:
    """Faults of a file whose columns bear the canonical names."""
    return (
        Check("exporter", _unnamed("exporter"), "neither name nor id of the exporter"),
        Check(
            "consignee",
            _unnamed("consignee", "end_user", "notify_party"),
            "neither name nor id of the consignee, nor of an end user or notify party",
        ),
        *day_checks(*_DAYS),
        Check("departed_on", _NO_DAY, NO_DAY),
        *_POSSIBLE,
        *country_checks(*countries),
        Check("hs_code", "t_hs_code IS NOT NULL AND hs_code__digits IS NULL", _NO_HS),
        Check("unit", "t_unit IS NOT NULL AND unit__base IS NULL", "unknown unit"),
        *number_checks(*_AMOUNTS),
        *_FINITE,
        Check("currency", "t_currency IS NOT NULL AND currency__code IS NULL", "no such currency (ISO 4217)"),
    )


def lenient(there: frozenset[str]) -> tuple[Check, ...]:
    """Faults of any other table, which has the columns `there`."""
    days = [c for c in (*_DAYS, "year", "month") if c in there] or ["departed_on"]
    return (
        *_nobody(there),
        *day_checks(*(c for c in _DAYS if c in there), also=_NO_DAY),
        Check(days[0], _NO_DAY, NO_DAY),
        *_POSSIBLE,
        Check(
            "hs_code", "t_hs_code IS NOT NULL AND hs_code__digits IS NULL AND t_description IS NULL", _NO_HS
        ),
        Check(
            "hs_code", "hs_code__digits IS NULL AND t_description IS NULL", "neither HS code nor description"
        ),
        *(Check(c, f"{c}__number < 0", "negative") for c in _AMOUNTS),
        *(Check(c, f"isinf(TRY_CAST(t_{c} AS DOUBLE))", _TOO_LARGE) for c in _AMOUNTS),
        *_FINITE,
    )


def _nobody(there: frozenset[str]) -> tuple[Check, ...]:
    """A row that names neither party nor country, in a table that has a column for parties."""
    ids = [f"{role}_id" for role in ROLES if f"{role}_id" in there]
    names = [role for role in ROLES if role in there]
    if not ids + names:
        return ()
    said = ", ".join(f"'{word}'" for word in words()["nobody"])
    none = [f"t_{c} IS NULL" for c in ids]
    none += [f"(t_{c} IS NULL OR lower(t_{c}) IN ({said}))" for c in names]
    places = ["origin_country", *(f"{role}_country" for role in ROLES)]
    none += [f"t_{c} IS NULL" for c in places if c in there]
    return (
        Check((names + ids)[0], " AND ".join(none), f"{NOT_KEPT}the row names neither party nor country"),
    )

"""What a header says beside its name: a currency, a unit, a scale, a price of one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from diversion.ingest.scales import NOT_KNOWN, scale
from diversion.ingest.words import read

_EACH = re.compile(
    r"(?i)/\s*(кг|kg|шт|pcs?|unit|u)\b|\bper (kg|unit|piece)|\bval\w*\.? un\b|\bun(it)?\. prod"
)
_TONNES = re.compile(r"(?i)\(\s*(t|mt|т)\s*\)|\btonn?e?s?\b|metric.?tons?|тонн")


def weigh_values(header: Sequence[str], best: dict[str, tuple[float, int]], same: float) -> None:
    """Take out what is no value of a row: the price of one. Dollars are the value in dollars.

    What is as sure as `same` stays: it is named by a person, or in our own words.
    """
    for column in ("value", "value_usd"):
        if column in best and best[column][0] < same and is_no_value(header[best[column][1]]):
            del best[column]
    free = "value" in best and "value_usd" not in best and best["value"][0] < same
    if free and read(header[best["value"][1]]).currency == "USD":
        best["value_usd"] = best.pop("value")


def is_no_value(text: str) -> bool:
    """Whether a header is of the price of one, or of a scale that cannot be told."""
    return scale(text) == NOT_KNOWN or bool(_EACH.search(text))


def constants_of(headers: Mapping[str, str]) -> dict[str, str]:
    """What headers of columns say of every row: currency and scale of the value, unit of quantity or weight.

    >>> constants_of({"value": "FOB (INR)", "value_usd": "FOB (000 USD)", "weight_kg": "Net, tonnes"})
    {'value_usd_scale': '1000', 'currency': 'INR', 'weight_unit': 't'}
    """
    said = {column: read(text) for column, text in headers.items()}
    told: dict[str, str] = {}
    for column in ("value", "value_usd"):
        if column in headers and (factor := scale(headers[column])) > 1:
            told[f"{column}_scale"] = str(factor)
    if "value" in said and (currency := said["value"].currency):
        told["currency"] = currency
    if "quantity" in said and "unit" not in said:
        unit = "packages" if "pack" in said["quantity"].concepts else said["quantity"].unit
        told |= {"unit": unit} if unit else {}
    weights = {_unit_of_weight(headers[c]) for c in ("weight_kg", "gross_weight_kg") if c in said}
    if "weight_unit" not in said and len(weights) == 1 and (unit := weights.pop()) not in (None, "kg"):
        told["weight_unit"] = str(unit)
    return told


def _unit_of_weight(text: str) -> str | None:
    return "t" if _TONNES.search(text.replace("_", " ")) else read(text).unit

"""Which recipe reads which kind of file."""

from __future__ import annotations

from diversion.ingest import (
    list_parts,
    listing,
    listings,
    ownership,
    parties,
    payments,
    register,
    shipments,
    us_csl,
)
from diversion.ingest.formats import FORMATS
from diversion.ingest.recipe import Recipe
from diversion.ingest.sheet import Sheet

RECIPES: dict[str, Recipe] = {
    "shipments": shipments.RECIPE,
    "parties": parties.RECIPE,
    "ownership": ownership.RECIPE,
    "listings": listings.RECIPE,
    "us_csl": us_csl.RECIPE,
    "register": register.RECIPE,
    "listing": listing.RECIPE,
    "list_parts": list_parts.RECIPE,
    "payments": payments.RECIPE,
}


def recipe_of(kind: str, sheet: Sheet) -> str:
    """The recipe of a sheet that is read as `kind`."""
    return FORMATS[kind] if sheet.format else kind

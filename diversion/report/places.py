"""Countries: what they are called, and where on a map a party of one is drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"


@dataclass(frozen=True)
class Country:
    """Short English name and a point inside, in degrees north and east."""

    name: str
    lat: float
    lon: float


@cache
def countries() -> dict[str, Country]:
    """Every country by its ISO 3166-1 alpha-2 code (and XK); read once, about 250."""
    with (STATIC / "countries.json").open(encoding="utf-8") as file:
        return {code: Country(*row) for code, row in json.load(file).items()}


def country_name(code: str | None) -> str:
    """What people call the country; the code itself where it is none that we know.

    >>> country_name("AE"), country_name("QQ"), country_name(None)
    ('United Arab Emirates', 'QQ', 'country not stated')
    """
    if not code:
        return "country not stated"
    known = countries().get(code)
    return known.name if known else code

"""What the invented world is made of: goods, places, languages and lines of business, read from `data/`."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

DATA = Path(__file__).resolve().parent / "data"
ORDINARY = (
    "food",
    "textile",
    "steel",
    "plastics",
    "vehicles",
    "pharma",
    "furniture",
    "toys",
    "household",
    "paper",
)
FAMILIES = {
    "electronics": ("chips", "telecom", "computing", "power", "connectors", "test", "fab"),
    "mechanical": ("bearings", "machines"),
    "aero": ("avionics", "optics", "test"),
    **{name: (name,) for name in ORDINARY},
}
EMBARGOED = ("RU", "BY", "IR", "SY", "KP", "CU")


@dataclass(frozen=True)
class Good:
    """One heading of the tariff, with what a lot of it costs, weighs and is called."""

    hs6: str
    sector: str
    controlled: bool
    unit: str
    price: float
    kg: float
    lot: int
    air: bool
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A country: its companies' cities, tongue, and weights as makers, distributors and users of goods.

    `ports` are the cities in Latin letters.
    """

    country: str
    region: str
    language: str
    currency: str
    maker: int
    hub: int
    buyer: int
    cities: tuple[str, ...]
    ports: tuple[str, ...]


@cache
def goods() -> tuple[Good, ...]:
    """All goods, in the order of the file."""
    with (DATA / "goods.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_good(row) for row in csv.DictReader(file))


def _good(row: dict[str, str]) -> Good:
    return Good(
        hs6=row["hs6"],
        sector=row["sector"],
        controlled=row["controlled"] == "1",
        unit=row["unit"],
        price=float(row["price"]),
        kg=float(row["kg"]),
        lot=int(row["lot"]),
        air=row["mode"] == "air",
        texts=tuple(row["texts"].split("|")),
    )


@cache
def good_index() -> dict[str, int]:
    """Position of a heading among `goods()`."""
    return {good.hs6: index for index, good in enumerate(goods())}


@cache
def near() -> tuple[bool, ...]:
    """Whether a good shares its four-digit heading with a controlled one, and so could be a relabel of it."""
    headings = {good.hs6[:4] for good in goods() if good.controlled}
    return tuple(good.hs6[:4] in headings for good in goods())


@cache
def places() -> tuple[Place, ...]:
    """All countries, in the order of the file."""
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_place(row) for row in csv.DictReader(file))


def _place(row: dict[str, str]) -> Place:
    weights = (int(row["maker"]), int(row["hub"]), int(row["buyer"]))
    head = (row["country"], row["region"], row["language"], row["currency"])
    pairs = [city.split("=") for city in row["cities"].split("|")]
    return Place(*head, *weights, tuple(p[0] for p in pairs), tuple(p[-1] for p in pairs))


@cache
def place_index() -> dict[str, int]:
    """Position of a country among `places()`."""
    return {place.country: index for index, place in enumerate(places())}


@cache
def ports() -> dict[str, str]:
    """City as written there → in Latin letters."""
    return {city: port for place in places() for city, port in zip(place.cities, place.ports, strict=True)}


@cache
def languages() -> dict[str, Any]:
    """Syllables, legal forms, people and streets by language."""
    return tomllib.loads((DATA / "languages.toml").read_text(encoding="utf-8"))


@cache
def trades() -> dict[str, dict[str, list[str]]]:
    """Words for a line of business, by family and language."""
    return tomllib.loads((DATA / "trades.toml").read_text(encoding="utf-8"))


TRANSIT = {  # days by sea or road between regions, low and high; by air 2 to 7 everywhere
    frozenset({"EU"}): (2, 6),
    frozenset({"EU", "ME"}): (7, 18),
    frozenset({"EU", "RU"}): (4, 10),
    frozenset({"EU", "CA"}): (9, 20),
    frozenset({"ME", "CA"}): (6, 14),
    frozenset({"ME", "RU"}): (7, 15),
    frozenset({"CA", "RU"}): (3, 8),
    frozenset({"EA"}): (3, 8),
    frozenset({"EA", "SE"}): (6, 13),
    frozenset({"EA", "RU"}): (12, 24),
    frozenset({"EA", "CA"}): (13, 26),
    frozenset({"NA"}): (3, 8),
    frozenset({"NA", "LA"}): (5, 15),
    frozenset({"ME"}): (2, 8),
    frozenset({"SE"}): (3, 8),
    frozenset({"CA"}): (2, 6),
    frozenset({"RU"}): (2, 5),
}
FAR = (16, 38)


@cache
def transit() -> np.ndarray[Any, np.dtype[np.int64]]:
    """Days of a voyage, as an array [from place, to place, (low, high)]."""
    regions = [place.region for place in places()]
    rows = [[TRANSIT.get(frozenset({a, b}), FAR) for b in regions] for a in regions]
    return np.array(rows, dtype=np.int64)

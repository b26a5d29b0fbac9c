"""Who owns whom, and who stands on the lists: the lawful background of both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from diversion.simulate.cast import BUYER, EPOCH, HOLDING, HUB, MAKER, PERSON, Cast
from diversion.simulate.catalogue import languages, place_index, places
from diversion.simulate.dice import Dice, Ints
from diversion.simulate.names import address, brands, company, latin, person
from diversion.simulate.stage import Entry, Holding

BANDS = ((25.0, 50.0), (50.0, 75.0), (75.0, 100.0))
NOTORIOUS = {
    "RU": 46,
    "IR": 18,
    "CN": 20,
    "BY": 8,
    "HK": 7,
    "AE": 6,
    "TR": 4,
    "SY": 3,
    "KP": 3,
    "CY": 2,
    "AM": 1,
}
PROGRAMMES = (
    ("US BIS", "Entity List", "", 46),
    ("US OFAC", "SDN", "", 40),
    ("EU", "EU", "blocking", 16),
    ("UK", "UK", "blocking", 12),
    ("US BIS", "Military End User", "", 8),
    ("US BIS", "Unverified List", "", 12),
    ("US BIS", "Denied Persons", "", 6),
)


def holdings(cast: Cast, dice: Dice) -> list[Holding]:
    """Groups of two to four companies under a holding or a person, some joint, some ended, some as bands."""
    owners = np.concatenate([cast.of(HOLDING), cast.of(PERSON)])
    free = np.flatnonzero(np.isin(cast.role, (MAKER, HUB, BUYER)))
    free = free[dice.shuffled(len(free))]
    counts = dice.between(1, 4, len(owners))
    mine = np.repeat(owners, counts)[: len(free)]
    draws = dice.below(1 << 30, len(mine))
    stakes = [_stake(int(a), int(b), int(d)) for a, b, d in zip(mine, free, draws, strict=False)]
    chains = dice.chance(0.2, len(owners)) & (np.arange(len(owners)) > 0)
    above = [
        Holding(int(owners[k - 1]), int(owners[k]), 60.0, 60.0)
        for k in np.flatnonzero(chains[: len(cast.of(HOLDING))])
    ]
    return [*stakes, *_joint(cast, free[len(mine) :], dice), *above]


def _stake(owner: int, owned: int, draw: int) -> Holding:
    since = date(2005, 1, 1) + timedelta(days=draw % 5800) if draw % 3 else None
    until = date(2021, 1, 1) + timedelta(days=draw % 1300) if draw % 11 == 0 else None
    low, high = BANDS[draw // 64 % 3] if draw % 5 < 2 else (float(12 + draw // 64 % 89),) * 2
    return Holding(
        owner, owned, low, high, since if not (since and until and since >= until) else None, until
    )


def _joint(cast: Cast, free: Ints, dice: Dice) -> list[Holding]:
    """Joint ventures: two companies hold half of a third."""
    third = len(free) // 30
    rows = zip(free[:third], free[third : 2 * third], free[2 * third : 3 * third], strict=True)
    return [Holding(int(a), int(c), 50.0, 50.0, date(2012, 1, 1)) for *pair, c in rows for a in pair]


def listed_parties(cast: Cast, dice: Dice, embargo: date) -> list[tuple[int, Entry]]:
    """A dozen companies of the background that stand on a list one day, with their entries.

    Until then they trade as others do; from that day on nobody sends them goods that are looked for.
    """
    hot = [place_index()[c] for c in ("CN", "HK", "AE", "TR", "RU", "BY", "IR")]
    fits = np.flatnonzero(np.isin(cast.place, hot) & np.isin(cast.role, (BUYER, HUB)))
    chosen = fits[dice.shuffled(len(fits))[:14]]
    days = dice.between(-500, 900, len(chosen))
    programme = dice.pick([p[3] for p in PROGRAMMES], len(chosen))
    return [
        (int(k), entry(cast, int(k), embargo + timedelta(days=int(d)), PROGRAMMES[p][:3]))
        for k, d, p in zip(chosen, days, programme, strict=True)
    ]


def entry(cast: Cast, index: int, listed_on: date, ground: tuple[str, str, str]) -> Entry:
    """A party of the background on a list; `ground` is (authority, programme, effect)."""
    authority, name, effect = ground
    place = places()[cast.place[index]]
    aliases = _typed(cast.name[index])
    return Entry(
        cast.name[index],
        authority,
        name,
        listed_on,
        place.country,
        cast.address[index],
        aliases,
        None,
        effect,
    )


def _typed(name: str) -> tuple[str, ...]:
    """The name on a latin keyboard, where that differs."""
    other = latin(name).translate({ord(c): None for c in "«»"})
    return (other,) if other != name else ()


def strangers(cast: Cast, count: int, dice: Dice) -> list[tuple[Entry, str]]:
    """Entries whose parties never trade in this world, as most of a list's never do, and the kind of each."""
    known = "\n".join(cast.name)
    chosen = dice.pick(list(NOTORIOUS.values()), count)
    rows = zip(chosen, dice.pick([p[3] for p in PROGRAMMES], count), dice.below(1 << 30, count), strict=True)
    stock = {c: _unused(places()[place_index()[c]].language, known, dice) for c in NOTORIOUS}
    return [_stranger(list(NOTORIOUS)[c], stock[list(NOTORIOUS)[c]], int(p), int(d)) for c, p, d in rows]


def _unused(language: str, known: str, dice: Dice) -> Iterator[str]:
    """Brands that nobody of the cast bears, then numbered ones, as plants are."""
    parts = languages()[language]
    stock = brands(language, len(parts["first"]) * len(parts["middle"]), dice)
    yield from (brand for brand in stock if brand not in known)
    yield from (f"{brand} {number}" for number in range(11, 1000) for brand in stock)


def _stranger(country: str, stock: Iterator[str], programme: int, draw: int) -> tuple[Entry, str]:
    place = places()[place_index()[country]]
    brand = next(stock)
    authority, name, effect, _ = PROGRAMMES[programme]
    city = place.cities[draw % len(place.cities)]
    streets = languages()[place.language]["streets"]
    where = address(place, city, streets[draw // 8 % len(streets)], 300 + draw % 700)
    kind, text = _called(place.language, brand, draw)
    listed_on = date.fromordinal(EPOCH + 16500 + draw // 4096 % 3500)
    removed_on = listed_on + timedelta(days=900) if draw % 23 == 0 else None
    aliases = _typed(text)
    return Entry(text, authority, name, listed_on, country, where, aliases, removed_on, effect), kind


def _called(language: str, brand: str, draw: int) -> tuple[str, str]:
    if draw % 29 == 1:
        return "vessel", f"M/V {latin(brand).upper()}"
    if draw % 9 == 0:
        return "person", person(language, brand, "person", draw)
    return "company", company(
        language, brand, ("electronics", "mechanical", "aero", "steel")[draw // 32 % 4], draw
    )

"""The goods, and where they come from."""

from __future__ import annotations

import numpy as np

from diversion.explain.words import day
from diversion.scoring.days import OPEN_FROM, OPEN_UNTIL, number
from diversion.scoring.facts import Facts
from diversion.scoring.model import Factor, Floats, Told
from diversion.scoring.speech import country, heading, hs6, ids, name, on, party_id, sender

# Tier 1 is of the greatest concern to the list's authors; each tier below is easier to come by.
TIERS = {"1": 1.2, "2": 1.0, "3.A": 0.8, "3.B": 0.7, "4.A": 0.6, "4.B": 0.5}
OTHER_TIER = 0.5


def by_tier(facts: Facts) -> Floats:
    """Points of the tier of each kind of goods, on any day; 0 for goods that no list names."""
    return np.array([0.0 if good is None else TIERS.get(good.tier or "", OTHER_TIER) for good in facts.goods])


def _tier(facts: Facts) -> Floats:
    """How much the goods are sought for weapons: their tier on the list in force when they first left.

    Tiers 1 and 2 of the Common High Priority List are electronics found in missiles and drones; tiers 3 and 4
    are components, bearings and machine tools. Before the list was published its tier is told, without
    points.
    """
    begin = np.array([number(good.from_day if good else None, OPEN_FROM) for good in facts.goods])
    until = np.array([number(good.until_day if good else None, OPEN_UNTIL) for good in facts.goods])
    item, days = facts.transfers.item, facts.transfers.departed
    held = (days >= begin[item]) & (days < until[item])
    return np.where(held, by_tier(facts)[item], 0.0)


def _tier_told(facts: Facts, transfer: int) -> Told | None:
    good = facts.goods[facts.transfers.item[transfer]]
    if good is None:
        return None
    days = int(facts.transfers.departed[transfer])
    what = f"HS {good.hs6} is {good.list}{f' tier {good.tier}' if good.tier else ''}"
    if days < number(good.from_day, OPEN_FROM):
        what += f" only since {day(number(good.from_day, 0))}: not yet on {on(facts, transfer)}"
    elif days >= number(good.until_day, OPEN_UNTIL):
        what += f" no longer on {on(facts, transfer)}"
    else:
        what += f", in force on {on(facts, transfer)}"
    return Told(what, ids(facts, [transfer]))


TIER = Factor(
    name="tier of the goods",
    place="start",
    most=1.2,
    source="BIS Common High Priority List of 23 Feb 2024",
    points=_tier,
    tell=_tier_told,
    lacks=lambda facts, transfer: "no code of the goods",
    informs=True,
)


def _coalition(facts: Facts) -> Floats:
    """The goods begin with a seller in a country that controls their export to the end.

    Goods made or sold in countries with like controls (the Global Export Control Coalition and the United
    States) are the ones that controls keep from the end user, and that intermediaries are used for.
    """
    src = facts.transfers.src
    inside = facts.within("coalition", src, facts.transfers.departed)
    return np.where(facts.country[src] < 0, np.nan, np.where(inside, 0.5, 0.0))


def _coalition_told(facts: Facts, transfer: int) -> Told | None:
    party = int(facts.transfers.src[transfer])
    text = (
        f"{name(facts, party)} sold from {country(facts, party)}, whose controls are those of the coalition"
    )
    return Told(text, (party_id(facts, party), *ids(facts, [transfer])))


COALITION = Factor(
    name="origin in the coalition",
    place="start",
    most=0.5,
    source="EAR Part 746 Supplement 3 (Global Export Control Coalition); FIN-2023-Alert004",
    points=_coalition,
    tell=_coalition_told,
    lacks=lambda facts, transfer: f"the country of {sender(facts, transfer)} is not known",
)


def _first_seller(facts: Facts) -> Floats:
    """The route begins where the records begin: the seller bought none of the heading before.

    A maker or first exporter is a better place to begin a story than a trader halfway, whose own supplier is
    part of it: a trader halfway gets no points, so that the tail of a route stays below the whole.
    """
    return np.where(facts.history.bought > facts.transfers.departed, 0.6, 0.0)


def _first_seller_told(facts: Facts, transfer: int) -> Told | None:
    party = int(facts.transfers.src[transfer])
    what = f"{heading(facts, transfer)} by {name(facts, party)} before {on(facts, transfer)}"
    text = f"No purchase of {what} is on record"
    return Told(text, (party_id(facts, party), *ids(facts, [transfer])))


FIRST_SELLER = Factor(
    name="first seller seen",
    place="start",
    most=0.6,
    source="BIS, Supply Chain Best Practices: know the first export from the controlling country",
    points=_first_seller,
    tell=_first_seller_told,
    lacks=lambda facts, transfer: f"no records before HS {hs6(facts, transfer)} was sold",
)

FACTORS = (TIER, COALITION, FIRST_SELLER)

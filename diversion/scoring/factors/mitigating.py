"""What speaks against diversion: licences, long trade, many customers, more hands."""

from __future__ import annotations

import numpy as np

from diversion.explain.words import day, listed, one_line
from diversion.scoring.facts import Facts
from diversion.scoring.history import YEAR
from diversion.scoring.model import Factor, Floats, Told
from diversion.scoring.speech import country, heading, hs6, ids, name, on, party_id, sender


def _licence(facts: Facts) -> Floats:
    """The last shipment names an export licence.

    That it covers these goods and this receiver remains to be seen.
    """
    if not facts.declared.any_licence:
        return np.full(len(facts.transfers), np.nan)
    return np.where(facts.declared.licence, -1.5, 0.0)


def _first_licence(facts: Facts) -> Floats:
    """The first shipment names an export licence: somebody asked where the goods go."""
    return _licence(facts) * (0.5 / 1.5)


def _licence_told(facts: Facts, transfer: int) -> Told | None:
    row = int(facts.transfers.shipment[transfer])
    number = one_line(facts.dossier.shipments["licence"][row].as_py())
    text = f"The shipment of {on(facts, transfer)} names licence {number}"
    return Told(text, ids(facts, [transfer]))


def _no_licences(facts: Facts, transfer: int) -> str:
    return "the records at hand state no licence of any shipment"


LICENCE = Factor(
    name="licence stated for the last shipment",
    place="end",
    most=1.5,
    source="EAR Part 758 (export clearance): licence number on the declaration",
    points=_licence,
    tell=_licence_told,
    lacks=_no_licences,
)
FIRST_LICENCE = Factor(
    name="licence stated for the first shipment",
    place="start",
    most=0.5,
    source="EAR Part 758 (export clearance): licence number on the declaration",
    points=_first_licence,
    tell=_licence_told,
    lacks=_no_licences,
)


def _long(facts: Facts, since: np.ndarray, most: float) -> Floats:
    """Points for years of trade: none up to one and a half, all from three; NaN if records are too short."""
    years = (facts.transfers.departed - since.astype(np.int64)) / YEAR
    points = np.interp(years, [1.5, 3.0], [0.0, most])
    short = facts.transfers.departed - facts.history.begin < 1.5 * YEAR
    return np.where(short, np.nan, points)


def _seller(facts: Facts) -> Floats:
    """The first seller has sold goods of this heading to the receiver's country for years.

    A trade that was there long before is less likely to be made for a diversion.
    """
    return _long(facts, facts.history.market, -0.5)


def _seller_told(facts: Facts, transfer: int) -> Told | None:
    first, t = int(facts.history.market[transfer]), facts.transfers
    there = facts.country[t.dst[transfer]]
    mine = facts.flows.sent_by(int(t.src[transfer]))
    mine = mine[facts.history.heading[mine] == facts.history.heading[transfer]]
    alike = mine[(facts.country[t.dst[mine]] == there) & (t.departed[mine] == first)]
    text = (
        f"{sender(facts, transfer)} has sold {heading(facts, transfer)} to "
        f"{country(facts, int(t.dst[transfer]))} since {day(first)} at the latest"
    )
    return Told(text, ids(facts, np.sort(alike)))


SELLER = Factor(
    name="seller long in this trade",
    place="start",
    most=0.5,
    source="EAR Part 732 Supplement 3, red flags 2 and 4, read the other way: known line of business",
    points=_seller,
    tell=_seller_told,
    lacks=lambda facts, transfer: (
        f"the records begin on {day(facts.history.begin)}, too late to show a long trade of "
        f"{sender(facts, transfer)}"
    ),
)


def _trader(facts: Facts) -> Floats:
    """An intermediary has traded goods of this heading for years; each one counts."""
    return _long(facts, facts.history.traded, -0.6)


def _trader_told(facts: Facts, transfer: int) -> Told | None:
    first, t = int(facts.history.traded[transfer]), facts.transfers
    party = int(t.src[transfer])
    out, into = facts.flows.sent_by(party), facts.flows.got_by(party)
    begun = np.concatenate([out[t.departed_first[out] == first], into[t.arrived[into] == first]])
    begun = np.sort(begun[facts.history.heading[begun] == facts.history.heading[transfer]])
    text = f"{name(facts, party)} has traded {heading(facts, transfer)} since {day(first)} at the latest"
    return Told(text, (party_id(facts, party), *ids(facts, begun)))


TRADER = Factor(
    name="intermediary long in this trade",
    place="onward",
    most=0.6,
    source="EAR Part 732 Supplement 3, red flag 2, read the other way: fits the line of business",
    points=_trader,
    tell=_trader_told,
    lacks=lambda facts, transfer: (
        f"the records begin on {day(facts.history.begin)}, too late to show a long trade of "
        f"{sender(facts, transfer)}"
    ),
    each=True,
)


def _wholesaler(facts: Facts) -> Floats:
    """An intermediary sells these goods to many customers, as a wholesaler does; each one counts."""
    return np.interp(facts.flows.customers, [3, 12], [0.0, -0.6])


def _wholesaler_told(facts: Facts, transfer: int) -> Told | None:
    many = int(facts.flows.customers[transfer])
    text = f"{sender(facts, transfer)} sold HS {hs6(facts, transfer)} to {many:,} customers"
    party = int(facts.transfers.src[transfer])
    return Told(text, (party_id(facts, party), *ids(facts, facts.dispatches(transfer))))


WHOLESALER = Factor(
    name="many customers",
    place="onward",
    most=0.6,
    source="BIS, Supply Chain Best Practices: stocking distributors with a known clientele",
    points=_wholesaler,
    tell=_wholesaler_told,
    lacks=lambda facts, transfer: f"no sales of {sender(facts, transfer)} on record",
    each=True,
)


def _hand(facts: Facts) -> Floats:
    """With each hand that the goods pass, it is less sure that they are the same goods."""
    return np.full(len(facts.transfers), -0.5)


def _hand_told(facts: Facts, transfer: int) -> Told | None:
    return _hands_told(facts, [transfer])


def _hands_told(facts: Facts, transfers: list[int]) -> Told:
    hands = listed([sender(facts, transfer) for transfer in transfers], len(transfers))
    text = f"That the same goods moved on is inferred at {hands}: no record numbers the goods"
    return Told(text, ids(facts, transfers))


HAND = Factor(
    name="hands passed",
    place="onward",
    most=0.5,
    source="material balance: the records do not number the goods",
    points=_hand,
    tell=_hand_told,
    lacks=lambda facts, transfer: "",
    each=True,
    together=_hands_told,
)

FACTORS = (LICENCE, FIRST_LICENCE, SELLER, TRADER, WHOLESALER, HAND)

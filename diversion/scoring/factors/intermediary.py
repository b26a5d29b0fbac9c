"""Who the intermediaries are: how old, where, and how new to these goods."""

from __future__ import annotations

import numpy as np

from diversion.explain.words import counted, day
from diversion.scoring.days import NEVER, OPEN_FROM
from diversion.scoring.facts import Facts
from diversion.scoring.history import YEAR
from diversion.scoring.model import Factor, Floats, Told
from diversion.scoring.speech import country, heading, hs6, ids, name, party_id, sender

NEWCOMER = 180
"""Days, where the policy says nothing else."""


def _age(facts: Facts) -> Floats:
    """Days from foundation to the first shipment of each party; NaN where not known."""
    known = (facts.founded > OPEN_FROM) & (facts.history.first_day < NEVER)
    age = facts.history.first_day.astype(np.float64) - facts.founded
    return np.where(known, age, np.nan)


def _founded(facts: Facts) -> Floats:
    """An intermediary was founded shortly before its first shipment, or trades before it was founded.

    Companies made for one trade begin it at once: in the case of Azu a firm of March 2022 shipped after a
    week. Full points up to 60 days, fewer up to the policy's `newcomer_days` and twice that.
    """
    limit = float(facts.dossier.policy.thresholds.get("newcomer_days", NEWCOMER))
    age = _age(facts)
    points = np.interp(age, [60, limit, 2 * limit], [1.2, 0.8, 0.0])
    return np.where(np.isnan(age), np.nan, points)[facts.transfers.src]


def _founded_told(facts: Facts, transfer: int) -> Told | None:
    party = int(facts.transfers.src[transfer])
    age = int(facts.history.first_day[party]) - int(facts.founded[party])
    how = f"{counted(age, 'day')} before" if age >= 0 else f"{counted(-age, 'day')} after"
    founded, begun = day(int(facts.founded[party])), day(int(facts.history.first_day[party]))
    text = f"{name(facts, party)} was founded on {founded}, {how} its first shipment on record ({begun})"
    return Told(text, (party_id(facts, party), *ids(facts, _first_shipment(facts, party))))


def _first_shipment(facts: Facts, party: int) -> list[int]:
    mine = np.concatenate([facts.flows.sent_by(party), facts.flows.got_by(party)])
    mine = mine[facts.transfers.departed[mine] == facts.history.first_day[party]]
    return [int(mine.min())] if len(mine) else []


def _no_foundation(facts: Facts, transfer: int) -> str:
    return f"the day on which {sender(facts, transfer)} was founded is not known"


FOUNDED = Factor(
    name="founded shortly before",
    place="onward",
    most=1.2,
    source="FIN-2023-Alert004; EAR Part 732 Supplement 3, red flag 4 (little background)",
    points=_founded,
    tell=_founded_told,
    lacks=_no_foundation,
)


def _controls(facts: Facts) -> np.ndarray:
    """The first control of the two years before each party was founded (place in the events; −1 none)."""
    days = np.array([event.day for event in facts.history.events], np.int64)
    founded = facts.founded.astype(np.int64)
    place = np.searchsorted(days, founded - 2 * YEAR)
    found = np.append(days, NEVER)[place] <= founded
    return np.where(found & (facts.founded > OPEN_FROM), place, -1)


def _after_control(facts: Facts) -> Floats:
    """An intermediary was founded within two years after a control made a new way worth having.

    It counts half in a country with like controls, since the alert asks for companies outside of them.
    """
    src = facts.transfers.src
    partner = facts.within("coalition", src, facts.transfers.departed)
    points = np.where(_controls(facts)[src] >= 0, np.where(partner, 0.4, 0.8), 0.0)
    return np.where(facts.founded[src] > OPEN_FROM, points, np.nan)


def _after_control_told(facts: Facts, transfer: int) -> Told | None:
    party = int(facts.transfers.src[transfer])
    event = facts.history.events[int(_controls(facts)[party])]
    since = int(facts.founded[party]) - event.day
    text = (
        f"{name(facts, party)} ({country(facts, party)}) was founded on {day(int(facts.founded[party]))}, "
        f"{counted(since, 'day')} after {event.name} took effect ({day(event.day)})"
    )
    return Told(text, (party_id(facts, party),))


AFTER_CONTROL = Factor(
    name="founded after a control",
    place="onward",
    most=0.8,
    source="FIN-2023-Alert004: incorporated after 24 Feb 2022 outside the coalition",
    points=_after_control,
    tell=_after_control_told,
    lacks=_no_foundation,
)


def _transshipment(facts: Facts) -> Floats:
    """An intermediary sits where goods are known to be diverted, since the day on which that was published.

    Much honest trade passes through these places: few points.
    """
    src, days = facts.transfers.src, facts.transfers.departed
    named = facts.within("transshipment", src, days) | facts.within("transshipment-also", src, days)
    return np.where(facts.country[src] < 0, np.nan, np.where(named, 0.4, 0.0))


def _transshipment_told(facts: Facts, transfer: int) -> Told | None:
    party = int(facts.transfers.src[transfer])
    group = facts.dossier.policy.sets["transshipment"]
    begun = f" named on {day(group.from_day)}" if group.from_day else ""
    return Told(
        f"{name(facts, party)} is in {country(facts, party)}, one of the points of transshipment{begun}",
        (party_id(facts, party),),
    )


TRANSSHIPMENT = Factor(
    name="transshipment country",
    place="onward",
    most=0.4,
    source="FIN-2022-Alert003: points of transshipment",
    points=_transshipment,
    tell=_transshipment_told,
    lacks=lambda facts, transfer: f"the country of {sender(facts, transfer)} is not known",
)


def _new_to_goods(facts: Facts) -> Floats:
    """An intermediary had not traded goods of this heading until shortly before.

    Full points up to 90 days, none from a year on. Where the records do not reach back half a year
    before its first trade, nothing can be said.
    """
    since = (facts.transfers.departed - facts.history.traded).astype(np.float64)
    points = np.interp(since, [90, 365], [0.7, 0.0])
    seen = facts.history.traded - facts.history.begin >= NEWCOMER
    return np.where(seen | (points == 0), points, np.nan)


def _new_to_goods_told(facts: Facts, transfer: int) -> Told | None:
    party = int(facts.transfers.src[transfer])
    first = int(facts.history.traded[transfer])
    since = int(facts.transfers.departed[transfer]) - first
    text = f"{name(facts, party)} first traded goods of {heading(facts, transfer)} on {day(first)}"
    text += f", {counted(since, 'day')} before" if since else ", on that very day"
    return Told(
        f"{text}; the records begin on {day(facts.history.begin)}",
        (party_id(facts, party), *ids(facts, [transfer])),
    )


NEW_TO_GOODS = Factor(
    name="new to these goods",
    place="onward",
    most=0.7,
    source="FIN-2023-Alert004; EAR Part 732 Supplement 3, red flags 2 and 6 (line of business)",
    points=_new_to_goods,
    tell=_new_to_goods_told,
    lacks=lambda facts, transfer: (
        f"the records begin on {day(facts.history.begin)}, too late to tell whether "
        f"{sender(facts, transfer)} was new to {heading(facts, transfer)}"
    ),
)


def _single(facts: Facts) -> Floats:
    """An intermediary sells these goods to one customer alone, several times: it is that customer's buyer."""
    alone = (facts.flows.customers == 1) & (facts.flows.dispatches >= 2)
    return np.where(alone, np.where(facts.flows.dispatches >= 3, 0.5, 0.3), 0.0)


def _single_told(facts: Facts, transfer: int) -> Told | None:
    t = facts.transfers
    mine = facts.flows.outs.members(facts.pair(transfer), OPEN_FROM, NEVER)
    text = (
        f"{sender(facts, transfer)} sold HS {hs6(facts, transfer)} to no other customer: "
        f"all {counted(len(mine), 'shipment')} on record went to {name(facts, int(t.dst[transfer]))}"
    )
    return Told(text, (party_id(facts, int(t.src[transfer])), *ids(facts, mine)))


SINGLE = Factor(
    name="single customer",
    place="onward",
    most=0.5,
    source="EAR Part 732 Supplement 3, red flag 21 (distributor and ultimate user); FATF, June 2025",
    points=_single,
    tell=_single_told,
    lacks=lambda facts, transfer: f"no sales of {sender(facts, transfer)} on record",
)

FACTORS = (FOUNDED, AFTER_CONTROL, TRANSSHIPMENT, NEW_TO_GOODS, SINGLE)

"""What the papers say: where the goods should have stayed, for what, and who was only named."""

from __future__ import annotations

import numpy as np

from diversion.explain.words import counted
from diversion.scoring.facts import Facts
from diversion.scoring.model import Factor, Floats, Told
from diversion.scoring.speech import country, hs6, ids, name, on, party_id, receiver, sender


def _elsewhere(facts: Facts) -> Floats:
    """The first shipment declares an end user, but such goods went on to others and none to that one.

    Where the receiver declared itself as the end user, any of the goods that it sent on within half a year
    count.
    """
    user = facts.declared.user
    onward = facts.flows.forwarded > 0
    itself = user == facts.transfers.dst
    points = np.where(onward & (itself | ~_reached(facts)), 0.9, 0.0)
    return np.where(user >= 0, points, np.nan)


def _reached(facts: Facts) -> np.ndarray:
    """Whether the receiver of each transfer ever sent those goods to its declared end user."""
    t = facts.transfers
    parties, items = len(t.party_ids), max(len(t.hs6), 1)
    asked = np.flatnonzero(facts.declared.user >= 0)
    reached = np.zeros(len(t), bool)
    if len(asked) and parties * parties * items < 2**62:
        buyer = np.zeros(parties, bool)
        buyer[t.dst[asked]] = True
        sale = np.flatnonzero(buyer[t.src])
        sent = (t.src[sale].astype(np.int64) * items + t.item[sale]) * parties + t.dst[sale]
        wanted = (t.dst[asked].astype(np.int64) * items + t.item[asked]) * parties + facts.declared.user[
            asked
        ]
        reached[asked] = np.isin(wanted, sent)
    return reached


def _elsewhere_told(facts: Facts, transfer: int) -> Told | None:
    t = facts.transfers
    dst, user = int(t.dst[transfer]), int(facts.declared.user[transfer])
    arrived = int(t.arrived[transfer])
    moved = facts.flows.outs.members(
        facts.flows.pair(dst, int(t.item[transfer])), arrived, arrived + facts.flows.window
    )
    went = sorted({country(facts, int(place)) for place in t.dst[moved]})
    who = "itself" if user == dst else f"{name(facts, user)} ({country(facts, user)})"
    text = (
        f"{name(facts, dst)} was to deliver to {who}, the end user declared on {on(facts, transfer)}; "
        f"it sent HS {hs6(facts, transfer)} on in {counted(len(moved), 'shipment')} "
        f"within {facts.flows.window} days, to {', '.join(went)}"
        + ("" if user == dst else ", none to that end user")
    )
    return Told(text, (party_id(facts, user), *ids(facts, [transfer, *moved])))


ELSEWHERE = Factor(
    name="declared destination against where the goods went",
    place="start",
    most=0.9,
    source="EAR Part 732 Supplement 3, red flags 8, 10 and 12 (delivery, route, re-export)",
    points=_elsewhere,
    tell=_elsewhere_told,
    lacks=lambda facts, transfer: (
        f"no end user is declared on {on(facts, transfer)} for {receiver(facts, transfer)}"
    ),
)


def _no_end_use(facts: Facts) -> Floats:
    """The first shipment states neither an end use nor an end user, though records at hand usually can."""
    papers = facts.declared
    if not (papers.any_end_use or papers.any_user):
        return np.full(len(facts.transfers), np.nan)
    return np.where(papers.end_use | (papers.user >= 0), 0.0, 0.3)


def _no_end_use_told(facts: Facts, transfer: int) -> Told | None:
    text = (
        f"{sender(facts, transfer)}'s shipment of {on(facts, transfer)} states neither end use nor end user"
    )
    return Told(text, ids(facts, [transfer]))


NO_END_USE = Factor(
    name="no end use stated",
    place="start",
    most=0.3,
    source="EAR Part 732 Supplement 3, red flags 1 and 21; FIN-2022-Alert003 (vague end user)",
    points=_no_end_use,
    tell=_no_end_use_told,
    lacks=lambda facts, transfer: "the records at hand state no end use and no end user of any shipment",
)


def _straw(facts: Facts) -> Floats:
    """The last shipment is consigned to a bank, a forwarder or to order, and names no end user.

    Cargo under a letter of credit is normally consigned to the bank: only the missing end user is a flag.
    """
    papers = facts.declared
    other = (papers.consignee >= 0) & (papers.consignee != facts.transfers.dst)
    return np.where(other & (papers.user < 0), 0.3, 0.0)


def _straw_told(facts: Facts, transfer: int) -> Told | None:
    named = int(facts.declared.consignee[transfer])
    text = (
        f"The shipment of {on(facts, transfer)} is consigned to {name(facts, named)}, names no end user, "
        f"and is taken to be for {receiver(facts, transfer)}"
    )
    return Told(text, (party_id(facts, named), *ids(facts, [transfer])))


STRAW = Factor(
    name="consignee only passes on",
    place="end",
    most=0.3,
    source="FIN-2023-NTC2, flag 1; EAR Part 732 Supplement 3, red flag 9",
    points=_straw,
    tell=_straw_told,
    lacks=lambda facts, transfer: f"no consignee is named on {on(facts, transfer)}",
)

FACTORS = (ELSEWHERE, NO_END_USE, STRAW)

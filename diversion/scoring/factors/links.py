"""Whom the intermediaries are tied to: shared owners and addresses, and orders taken over."""

from __future__ import annotations

import numpy as np

from diversion.explain.words import counted, day
from diversion.scoring.facts import Facts
from diversion.scoring.model import Factor, Floats, Told
from diversion.scoring.restricted import places
from diversion.scoring.speech import heading, ids, listing, name, on, party_id, sender
from diversion.scoring.takeover import BEFORE

# A majority owner in common directs both; a minority stake and an address are weaker ties.
KINDS = {"owner": 1.2, "holding": 0.9, "address": 0.8}


def _tied(facts: Facts) -> Floats:
    """An intermediary shares owner or address with a party restricted on that day, or is held in part by one.

    Addresses and owners of very many companies do not count, nor a tie that had ended or had not begun.
    """
    size = facts.links.table["kind"].map(KINDS).to_numpy(dtype=float)
    points = np.append(size, 0.0)[facts.links.row]
    if not len(facts.dossier.holdings) and not len(facts.dossier.located):
        return np.full(len(facts.transfers), np.nan)
    return points


def _tied_told(facts: Facts, transfer: int) -> Told | None:
    tie = facts.links.table.iloc[int(facts.links.row[transfer])]
    other = _named(facts, tie["other"])
    how = {
        "owner": f"has the same owner ({_named(facts, tie['via'])}) as {other}",
        "holding": f"is held in part ({tie['via']}) by {other}",
        "address": f"has the same address as {other}",
    }[tie["kind"]]
    text = f"{sender(facts, transfer)} {how}, restricted on {on(facts, transfer)}"
    via = () if tie["kind"] == "holding" else (str(tie["via"]),)
    own = party_id(facts, int(facts.transfers.src[transfer]))
    return Told(text, (own, *via, *listing(facts, int(tie["verdict"]))))


def _named(facts: Facts, party: str) -> str:
    place = int(places(facts.transfers.party_ids, [party])[0])
    if place >= 0:
        return name(facts, place)
    parties = facts.dossier.directory.parties
    known = parties.at[party, "name"] if party in parties.index else None
    return known if isinstance(known, str) else party


TIED = Factor(
    name="shared owner or address",
    place="onward",
    most=1.2,
    source="FIN-2022-Alert003 and FIN-2023-NTC2: co-located or shared ownership; EAR red flags 24 and 29",
    points=_tied,
    tell=_tied_told,
    lacks=lambda facts, transfer: f"no owner and no address of {sender(facts, transfer)} is on record",
)


def _takeover(facts: Facts) -> Floats:
    """An intermediary began to buy from a supplier when that lost a restricted customer for the same heading.

    Full points where it sells on to that very customer, half where it buys a like amount. The customer's
    orders must be on record, so that records which begin after the restriction cannot tell.
    """
    row, table = facts.takeovers.row, facts.takeovers.table
    same = np.append(table["same"].to_numpy(dtype=bool), False) if len(table) else np.zeros(1, bool)
    found = np.where(row >= 0, np.where(same[row], 1.2, 0.6), 0.0)
    late = facts.transfers.departed - facts.history.begin < BEFORE // 2
    return np.where((row < 0) & late, np.nan, found)


def _takeover_told(facts: Facts, transfer: int) -> Told | None:
    case = facts.takeovers.table.iloc[int(facts.takeovers.row[transfer])]
    t, newcomer, lost = facts.transfers, int(case["newcomer"]), int(case["lost"])
    sold = facts.flows.sent_by(int(case["supplier"]))
    sold = sold[facts.history.heading[sold] == case["heading"]]
    old = sold[(t.dst[sold] == lost) & (t.departed[sold] < case["since"])]
    new = sold[t.dst[sold] == newcomer]
    text = (
        f"{name(facts, lost)} bought {heading(facts, transfer)} from {name(facts, int(case['supplier']))} "
        f"({counted(len(old), 'shipment')}, the last on {day(int(t.departed[old].max()))}); from "
        f"{day(int(case['since']))} it was restricted; {name(facts, newcomer)} first bought there on "
        f"{day(int(case['first']))}"
    )
    if case["same"]:
        text += f" and sold on to {name(facts, lost)}"
    who = (party_id(facts, lost), party_id(facts, int(case["supplier"])))
    return Told(text, (*who, *ids(facts, [*_by_day(facts, old)[-10:], *_by_day(facts, new)[:10]])))


def _by_day(facts: Facts, transfers: np.ndarray) -> np.ndarray:
    return transfers[np.lexsort((transfers, facts.transfers.departed[transfers]))]


TAKEOVER = Factor(
    name="orders of a listed customer taken over",
    place="onward",
    most=1.2,
    source="EAR Part 732 Supplement 3, red flag 25",
    points=_takeover,
    tell=_takeover_told,
    lacks=lambda facts, transfer: (
        f"the records begin on {day(facts.history.begin)}, too late to show who bought before "
        f"{sender(facts, transfer)}"
    ),
)

FACTORS = (TIED, TAKEOVER)

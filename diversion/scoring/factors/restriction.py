"""How strong the restriction at the end is, on the day of the last shipment."""

from __future__ import annotations

import numpy as np

from diversion.explain.words import day
from diversion.scoring.days import number
from diversion.scoring.factors.goods import by_tier
from diversion.scoring.facts import Facts
from diversion.scoring.model import Factor, Floats, Told
from diversion.scoring.speech import country, hs6, ids, listing, name, on, party_id, receiver, sender, why

FULL = 2.0


def _row(facts: Facts) -> np.ndarray:
    met = facts.ends
    return np.where(met.receiver >= 0, met.receiver, met.user)


def _strength(facts: Facts) -> Floats:
    """What the restriction of the receiver, or declared end user, means on the day of the last shipment.

    Blocking and denial weigh most, a licence requirement a little less; the policy gives each list its
    weight. A destination whose rules cover the goods counts on its own, below. A party listed later costs
    nothing.
    """
    row = _row(facts)
    strength = np.append(facts.ends.table["strength"].to_numpy(float), 0.0)
    return np.where(row >= 0, FULL * np.clip(strength[row], 0.0, 1.0), 0.0)


def _strength_told(facts: Facts, transfer: int) -> Told | None:
    row = int(_row_of(facts, transfer))
    if row < 0:
        return None
    verdict = facts.ends.table.iloc[row]
    who = receiver(facts, transfer) if facts.ends.receiver[transfer] >= 0 else _user(facts, transfer)
    reason = why(facts, row, transfer)
    text = f"On {on(facts, transfer)} {who} was restricted ({verdict['effect']}): {reason}"
    return Told(text, (*listing(facts, row), *ids(facts, [transfer])))


def _row_of(facts: Facts, transfer: int) -> int:
    own = int(facts.ends.receiver[transfer])
    return own if own >= 0 else int(facts.ends.user[transfer])


def _user(facts: Facts, transfer: int) -> str:
    return name(facts, int(facts.transfers.end_user[transfer]))


STRENGTH = Factor(
    name="strength of the restriction",
    place="end",
    most=FULL,
    source="EAR §744.11 and Part 764 Supplement 2; 31 CFR Chapter V",
    points=_strength,
    tell=_strength_told,
    lacks=lambda facts, transfer: f"no list was read that could name {receiver(facts, transfer)}",
)


def _destination(facts: Facts) -> Floats:
    """The destination needs a licence for the goods of the last shipment on its day.

    The rule of the day counts, graded by the tier of the goods.
    """
    points = np.where(facts.ends.embargo >= 0, np.maximum(by_tier(facts), 0.3)[facts.transfers.item], 0.0)
    return np.where(facts.country[facts.transfers.dst] < 0, np.nan, points)


def _destination_told(facts: Facts, transfer: int) -> Told | None:
    rule = facts.dossier.policy.embargoes[int(facts.ends.embargo[transfer])]
    party = int(facts.transfers.dst[transfer])
    begun = f" since {day(number(rule.from_day, 0))}" if rule.from_day else ""
    text = f"{country(facts, party)} needs a licence for HS {hs6(facts, transfer)}{begun} ({rule.source})"
    return Told(text, (party_id(facts, party), *ids(facts, [transfer])))


DESTINATION = Factor(
    name="licence needed for the destination",
    place="end",
    most=1.2,
    source="EAR Part 746 (embargoes and other special controls)",
    points=_destination,
    tell=_destination_told,
    lacks=lambda facts, transfer: f"the country of {receiver(facts, transfer)} is not known",
)


def _named(facts: Facts) -> Floats:
    """The papers of the last shipment name a restricted end user behind a receiver who is not."""
    if not facts.declared.any_user:
        return np.full(len(facts.transfers), np.nan)
    return np.where((facts.ends.user >= 0) & (facts.ends.receiver < 0), 0.6, 0.0)


def _named_told(facts: Facts, transfer: int) -> Told | None:
    user = int(facts.transfers.end_user[transfer])
    text = f"The papers of {on(facts, transfer)} name {name(facts, user)} as end user, restricted on that day"
    row = int(facts.ends.user[transfer])
    return Told(
        f"{text}, and {receiver(facts, transfer)} as receiver",
        (*listing(facts, row), *ids(facts, [transfer])),
    )


NAMED = Factor(
    name="declared end user restricted",
    place="end",
    most=0.6,
    source="EAR Part 732 Supplement 3, red flag 21 (end user behind a distributor)",
    points=_named,
    tell=_named_told,
    lacks=lambda facts, transfer: "no shipment at hand declares an end user",
)


def _doubt(facts: Facts) -> Floats:
    """An intermediary is itself under a lesser measure, or it is undetermined whether it is restricted.

    A party on the Unverified List, under sectoral sanctions, or held by a restricted party in a share that
    straddles the threshold may trade; that it does so here is worth a look.
    """
    row = facts.ends.doubt
    strength = np.append(facts.ends.table["strength"].to_numpy(float), 0.0)
    return np.where(row >= 0, 0.3 + 0.3 * np.clip(strength[row], 0.0, 1.0), 0.0)


def _doubt_told(facts: Facts, transfer: int) -> Told | None:
    row = int(facts.ends.doubt[transfer])
    verdict = facts.ends.table.iloc[row]
    how = (
        "may be restricted"
        if verdict["verdict"] == "undetermined"
        else f"was under a {verdict['effect']} measure"
    )
    reason = why(facts, row, transfer)
    return Told(f"{sender(facts, transfer)} {how} on {on(facts, transfer)}: {reason}", listing(facts, row))


DOUBT = Factor(
    name="intermediary in doubt",
    place="onward",
    most=0.6,
    source="EAR §744.15 (Unverified List); Part 732 Supplement 3, red flag 29",
    points=_doubt,
    tell=_doubt_told,
    lacks=lambda facts, transfer: f"no list was read that could name {sender(facts, transfer)}",
)


def _direct(facts: Facts) -> Floats:
    """The first seller ships to the restricted party itself: no hand stands between, so nothing is inferred.

    Over several hands it remains to be seen that they are the same goods; here one record says so.
    """
    met = (facts.ends.receiver >= 0) | (facts.ends.user >= 0) | (facts.ends.embargo >= 0)
    return np.where(met, 2.0, 0.0)


def _direct_told(facts: Facts, transfer: int) -> Told | None:
    ends = f"{sender(facts, transfer)} shipped to {receiver(facts, transfer)} directly"
    text = f"{ends} on {on(facts, transfer)}: that the goods went there stands in the record"
    return Told(text, ids(facts, [transfer]))


DIRECT = Factor(
    name="direct delivery",
    place="start",
    most=2.0,
    source="EAR §736.2(b)(5), General Prohibition Five (end use, end user)",
    points=_direct,
    tell=_direct_told,
    lacks=lambda facts, transfer: f"no list was read that could name {receiver(facts, transfer)}",
)

FACTORS = (STRENGTH, DESTINATION, NAMED, DIRECT, DOUBT)

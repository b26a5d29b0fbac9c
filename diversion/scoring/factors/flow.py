"""What the intermediaries do with the goods: how soon, how much, at which price, and since when."""

from __future__ import annotations

import numpy as np

from diversion.explain.words import counted, day, money
from diversion.scoring.facts import Facts
from diversion.scoring.history import YEAR
from diversion.scoring.model import Factor, Floats, Told
from diversion.scoring.speech import heading, hs6, ids, measured, sender


def _dwell(facts: Facts) -> Floats:
    """The goods stay short: the median of days between a receipt and the next dispatch of the same goods.

    Traders who keep stock need weeks; goods bought for somebody else leave at once. Full points up to a
    week, none from 45 days on. In the published cases goods stayed from one day to a month.
    """
    points = np.interp(facts.flows.dwell, [7, 45], [0.7, 0.0])
    return np.where(np.isnan(facts.flows.dwell), np.nan, points)


def _dwell_told(facts: Facts, transfer: int) -> Told | None:
    days = int(facts.flows.dwell[transfer])
    text = (
        f"HS {hs6(facts, transfer)} left {sender(facts, transfer)} {counted(days, 'day')} (median) "
        f"after it came in, over {counted(int(facts.flows.receipts[transfer]), 'receipt')} around these days"
    )
    moved = [*facts.receipts(transfer), *facts.dispatches(transfer)]
    return Told(text, ids(facts, sorted(moved, key=lambda e: (facts.transfers.departed[e], e))))


def _no_receipt(facts: Facts, transfer: int) -> str:
    return f"no receipt of HS {hs6(facts, transfer)} by {sender(facts, transfer)} is on record"


DWELL = Factor(
    name="dwell time",
    place="onward",
    most=0.7,
    source="FATF, June 2025: pass-through intermediaries; published cases (C4ADS, DOJ)",
    points=_dwell,
    tell=_dwell_told,
    lacks=_no_receipt,
)


def _passed_on(facts: Facts) -> Floats:
    """What came in went out: the share of goods received that was sent on, within half a year either way.

    Full points from 90 % to 110 %, none below a half. Who sends on far more than came in has other sources:
    the points fall to none at 160 %. Wholesalers do this too, so that it counts beside other facts.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = facts.flows.sent / facts.flows.received
    points = np.interp(share, [0.5, 0.9, 1.1, 1.6], [0.0, 0.9, 0.9, 0.0])
    return np.where((facts.flows.received > 0) & ~np.isnan(share), points, np.nan)


def _passed_on_told(facts: Facts, transfer: int) -> Told | None:
    came, went = facts.flows.received[transfer], facts.flows.sent[transfer]
    window = facts.flows.window
    on = int(facts.transfers.departed[transfer])
    text = (
        f"Of {measured(facts, transfer, came)} of HS {hs6(facts, transfer)} that {sender(facts, transfer)} "
        f"received from {day(on - window)} to {day(on + window)}, as much as {went / came:.0%} "
        f"({measured(facts, transfer, went)}) went out again"
    )
    moved = [*facts.receipts(transfer), *facts.dispatches(transfer)]
    return Told(text, ids(facts, sorted(moved, key=lambda e: (facts.transfers.departed[e], e))))


def _no_amounts(facts: Facts, transfer: int) -> str:
    if not facts.flows.receipts[transfer]:
        return _no_receipt(facts, transfer)
    return f"amounts of HS {hs6(facts, transfer)} at {sender(facts, transfer)} are not stated in one unit"


PASSED_ON = Factor(
    name="quantity in against quantity out",
    place="onward",
    most=0.9,
    source="FinCEN and BIS, FIN-2022-Alert003 (consignee is a trader or forwarder); material balance",
    points=_passed_on,
    tell=_passed_on_told,
    lacks=_no_amounts,
)


def _jump(facts: Facts) -> Floats:
    """An intermediary already in the trade sent far more of the heading after a control than before.

    The year after is compared with the year before: points grow with the logarithm of the ratio, from one
    and a half to tenfold. A party that sent none before
    is not judged here but as new to the goods; nor is one whose year before the records do not show.
    """
    with np.errstate(divide="ignore"):
        points = np.interp(np.log(facts.history.jump), np.log([1.5, 10]), [0.0, 0.8])
    points = np.where(facts.history.jump > 0, points, 0.0)
    points = np.where(np.isnan(facts.history.jump), np.nan, points)
    return np.where((facts.history.event < 0) & ~_unseen(facts), 0.0, points)


def _unseen(facts: Facts) -> np.ndarray:
    """Whether the records are too short to compare the years of a control of the last two years."""
    unseen = np.zeros(len(facts.transfers), bool)
    for event in facts.history.events:
        near = facts.transfers.departed - event.day
        unseen |= (near >= 0) & (near < 2 * YEAR)
    return unseen & (facts.history.event < 0)


def _jump_told(facts: Facts, transfer: int) -> Told | None:
    event = facts.history.events[int(facts.history.event[transfer])]
    ratio = float(facts.history.jump[transfer])
    t = facts.transfers
    mine = facts.flows.sent_by(int(t.src[transfer]))
    mine = mine[facts.history.heading[mine] == facts.history.heading[transfer]]
    mine = mine[abs(t.departed[mine] - event.day) <= YEAR]
    text = (
        f"{sender(facts, transfer)} sent {ratio:.1f} times as much of {heading(facts, transfer)} "
        f"in the year after {event.name} took effect ({day(event.day)}) as in the year before"
    )
    return Told(text, ids(facts, mine[np.lexsort((mine, t.departed[mine]))]))


JUMP = Factor(
    name="volume jump after a control",
    place="onward",
    most=0.8,
    source="FIN-2023-Alert004: existing customer that sharply increases these codes after 24 Feb 2022",
    points=_jump,
    tell=_jump_told,
    lacks=lambda facts, transfer: (
        f"the records do not show a year before and {sender(facts, transfer)}'s trade after the last control"
    ),
)


def _markup(facts: Facts) -> Floats:
    """The goods left at a far higher price a unit than they came in: somebody pays for the detour.

    No points up to 1.3 times, full from twice on; both sides must state values.
    """
    ratio = facts.flows.charged / facts.flows.paid
    return np.where(np.isnan(ratio), np.nan, np.interp(ratio, [1.3, 2.0], [0.0, 0.4]))


def _markup_told(facts: Facts, transfer: int) -> Told | None:
    paid, charged = facts.flows.paid[transfer], facts.flows.charged[transfer]
    unit = "kg" if facts.flows.by_weight[transfer] else "unit"
    text = (
        f"{sender(facts, transfer)} received HS {hs6(facts, transfer)} at {_price(paid)} a {unit} "
        f"and sent it on at {_price(charged)}, {charged / paid:.1f} times as much"
    )
    moved = [*facts.receipts(transfer), *facts.dispatches(transfer)]
    return Told(text, ids(facts, sorted(moved, key=lambda e: (facts.transfers.departed[e], e))))


def _price(usd: float) -> str:
    return money(usd) if usd >= 100 else f"US${usd:.2f}"


MARKUP = Factor(
    name="price in against price out",
    place="onward",
    most=0.4,
    source="FIN-2023-NTC2 and FIN-2022-Alert003: overpayment",
    points=_markup,
    tell=_markup_told,
    lacks=lambda facts, transfer: (
        f"values or amounts of HS {hs6(facts, transfer)} at {sender(facts, transfer)} "
        "are not stated on both sides"
    ),
)


def _relabelled(facts: Facts) -> Floats:
    """What came in under one code of a heading went out under another, in a like amount and within 60 days.

    The intermediary received none of the code that it sends. Full points from 90 % to 110 % of what came in.
    Some honest trades change a code too, after processing or a correction.
    """
    found = facts.relabels
    with np.errstate(divide="ignore", invalid="ignore"):
        share = found.sent / found.received
    soon = found.dwell <= 60
    points = np.where(soon, np.interp(share, [0.5, 0.9, 1.1, 1.6], [0.0, 1.0, 1.0, 0.0]), 0.0)
    bought = facts.history.bought <= facts.transfers.departed
    unknown = np.isnan(share) & (facts.flows.receipts == 0) & ((found.received == found.received) | ~bought)
    return np.where(unknown, np.nan, np.where(np.isnan(share), 0.0, points))


def _relabelled_told(facts: Facts, transfer: int) -> Told | None:
    t, found = facts.transfers, facts.relabels
    day_of, window = int(t.departed[transfer]), facts.flows.window
    came = facts.flows.got_by(int(t.src[transfer]))
    came = came[facts.history.heading[came] == facts.history.heading[transfer]]
    came = came[abs(t.arrived[came] - day_of) <= window]
    codes = ", ".join(sorted({str(t.hs6[item]) for item in t.item[came]}))
    share = found.sent[transfer] / found.received[transfer]
    text = (
        f"{sender(facts, transfer)} received HS {codes} and none of HS {hs6(facts, transfer)}, which it "
        f"sends; of {heading(facts, transfer)} as much as {share:.0%} of what came in went out, "
        f"{counted(int(found.dwell[transfer]), 'day')} (median) later"
    )
    return Told(text, ids(facts, [*came[np.lexsort((came, t.arrived[came]))], *facts.dispatches(transfer)]))


RELABELLED = Factor(
    name="goods changed their code",
    place="onward",
    most=1.0,
    source="Operation Gatekeeper (goods reclassified); EAR Part 732 Supplement 3, red flag 11",
    points=_relabelled,
    tell=_relabelled_told,
    lacks=lambda facts, transfer: (
        f"no receipt of {heading(facts, transfer)} by {sender(facts, transfer)} is on record with its amount"
    ),
)

FACTORS = (DWELL, PASSED_ON, JUMP, MARKUP, RELABELLED)

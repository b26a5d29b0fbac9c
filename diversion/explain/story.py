"""What happened, in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from diversion.explain.grounds import RULES
from diversion.explain.legs import Leg
from diversion.explain.words import amount, between, called, counted, day, listed, money, number, one_line
from diversion.findings import Break, Goods, PartyRef, Restricted
from diversion.report.places import country_name

if TYPE_CHECKING:
    from diversion.explain.case import Case


def tell(goods: tuple[Goods, str], legs: Sequence[Leg], breaks: Sequence[Break]) -> tuple[str, ...]:
    """The sentences of *What happened* about the shipments, in order.

    `goods` come with the name of the list that gives their tier.
    """
    first = min(leg.hop.first_day for leg in legs)
    last = max(leg.hop.last_day for leg in legs)
    load = _load(*goods, legs[0], several=len(legs) > 1)
    opening = f"{between(first, last)}, {load} went from {place(legs[0].sender)}"
    opening += (
        f"{' directly' if len(legs) == 1 else ''} to {place(legs[0].receiver)} in {_shipments(legs[0])}"
    )
    sentences = [opening]
    for at, (before, leg) in enumerate(pairwise(legs), start=2):
        jumped = [b for b in breaks if b.hop == at and b.stands_in]
        onward = _onward(before, leg, bool(jumped))
        if at == 2 and not jumped:
            sentences[0] += f", and {onward}"
            continue
        sentences += _stands_in(before, leg, jumped[0]) if jumped else [_capital(onward)]
    return tuple(f"{sentence}." for sentence in sentences)


def place(party: PartyRef) -> str:
    """A party and its country."""
    return f"{called(party)} ({country_name(party.country)})"


def goods_phrase(goods: Goods, catalogue: str) -> str:
    """The goods with their code and, where the policy looks for them, their tier."""
    tier = f", {catalogue} tier {goods.tier}".replace("  ", " ") if goods.tier else ""
    text = one_line(goods.description).rstrip(".") or "goods"
    if text.endswith(")"):
        return f"{text[:-1]}; HS {goods.hs6}{tier})"
    return f"{text} (HS {goods.hs6}{tier})"


def _load(goods: Goods, catalogue: str, leg: Leg, *, several: bool) -> str:
    hop, what = leg.hop, goods_phrase(goods, catalogue)
    worth = ""
    if hop.value_usd is not None:
        value = f"{'at least ' * bool(leg.valueless)}{money(hop.value_usd)}"
        worth = f", worth {value}{' at the first hop' * several},"
    if hop.quantity is None:
        return f"{what}, in a quantity that no record states{worth.rstrip(',') + ',' if worth else ','}"
    least = "at least " if leg.lacking else ""
    return f"{least}{amount(hop.quantity, hop.unit)} of {what}{worth}"


def _shipments(leg: Leg) -> str:
    return counted(len(leg.transfers), "shipment")


def _onward(before: Leg, leg: Leg, jumped: bool) -> str:
    start = f"from {place(leg.sender)} " if jumped else "on "
    return f"{_soon(leg)}{_what(before, leg)} went {start}to {place(leg.receiver)} in {_shipments(leg)}"


def _what(before: Leg, leg: Leg) -> str:
    hop, same = leg.hop, leg.hop.hs6 == before.hop.hs6
    if hop.quantity is None:
        return "the same goods" if same else f"goods declared as HS {listed(hop.hs6)}"
    much = number(hop.quantity) if same and hop.unit == before.hop.unit else amount(hop.quantity, hop.unit)
    what = "the same" if same else f"goods declared as HS {listed(hop.hs6)}"
    return f"{'at least ' * bool(leg.lacking)}{much} of {what}"


def _soon(leg: Leg) -> str:
    several = len(leg.transfers) > 1
    if leg.dwell is None:
        return ""
    if leg.dwell == 0:
        return f"on the day of arrival{' (median)' * several} "
    days = counted(leg.dwell, "day")
    return f"within {days} (median) " if several else f"{days} later "


def _stands_in(before: Leg, leg: Leg, jump: Break) -> list[str]:
    who = f"{called(leg.sender)} stands in for {called(before.receiver)}"
    return [f"{who}: {one_line(jump.detail)}", _capital(_onward(before, leg, True))]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def verdict(legs: Sequence[Leg], restricted: Restricted, case: Case) -> str:
    """Who was restricted on the days of the last shipments, where one reason holds on all of them."""
    end = case.named(restricted.party_id)
    name, because = case.shown(restricted.party_id), one_line(restricted.reason).rstrip(".")
    lead = "Restricted on those days"
    if restricted.party_id != legs[-1].receiver.id:
        lead = "Restricted on those days is the declared end user"
    rule = f" ({_rule(restricted, because)})" if _rule(restricted, because) else ""
    if restricted.verdict == "yes":
        return f"{lead}: {name}, {_because(because, one_line(end))}{rule}."
    if restricted.verdict == "undetermined":
        return f"Whether {name} was restricted on those days is undetermined: {because}{rule}."
    return f"No rule at hand restricts {name} on those days; {because}."


def _because(reason: str, name: str) -> str:
    """The reason without the name of the party where it begins with it."""
    if reason.startswith(f"{name}, "):
        return reason[len(name) + 2 :]
    if reason.startswith(f"{name} is "):
        return f"which {reason[len(name) + 1 :]}"
    return f"because {reason}"


def _rule(restricted: Restricted, because: str) -> str:
    parts = [RULES.get(restricted.rule, one_line(restricted.rule))]
    if restricted.since and not {day(restricted.since), restricted.since} & _days_in(because, restricted):
        parts.append(f"since {day(restricted.since)}")
    return ", ".join(part for part in parts if part)


def _days_in(text: str, restricted: Restricted) -> set[str]:
    since = restricted.since or ""
    return {written for written in (day(since), since) if written in text}

"""How sure a finding is, and what would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from diversion.explain.legs import Leg
from diversion.explain.words import amount, as_date, called, counted, day, listed, one_line, share, shown
from diversion.findings import Break, Holding, PartyRef, Restricted, Search

if TYPE_CHECKING:
    from diversion.explain.case import Case, Row
    from diversion.routes.corridors import Corridor

CERTAIN = 0.995
SEARCH = "Search: "


def identity(legs: Sequence[Leg], restricted: Restricted, case: Case) -> tuple[str, ...]:
    """Names on the records that differ from the party's, and why they are taken to be it."""
    lines: list[str] = []
    for party in _unique(legs):
        lines.extend(_aliases(party, legs, case))
    if restricted.confidence < CERTAIN:
        lines.append(
            f"{case.shown(restricted.party_id)} is taken to be the restricted party with "
            f"confidence {restricted.confidence:.2f}"
        )
    if not lines:
        lines.append("The records name every party of this route as the party list does, or by its id")
    return (*lines, *_entries(restricted, case))


def _entries(restricted: Restricted, case: Case) -> list[str]:
    """What joins the restricted party, or the owners that its verdict rests on, to entries of a list."""
    parties = dict.fromkeys((restricted.party_id, *(holding.owner for holding in restricted.proof)))
    return [
        f"{case.shown(party)} is joined to its list entry: {one_line(why)} ({score:.2f})"
        for party in parties
        for score, why, _ in case.matches.get(party, [])[:1]
    ]


def _unique(legs: Sequence[Leg]) -> list[PartyRef]:
    return list({party.id: party for leg in legs for party in (leg.sender, leg.receiver)}.values())


def _aliases(party: PartyRef, legs: Sequence[Leg], case: Case) -> list[str]:
    """One line a reason: every other name of the party, and on how many shipments it stands."""
    written: dict[str, list[str]] = {}
    total = 0
    for leg in legs:
        for end, role in ((leg.sender, "exporter"), (leg.receiver, "consignee")):
            if end.id != party.id:
                continue
            total += len(leg.rows)
            for row in leg.rows:
                name = one_line(row.get(f"{role}_name") or "")
                if name and name != one_line(party.name):
                    written.setdefault(_reason(row.get(role), party, case), []).append(name)
    return [_taken(names, why, total, party) for why, names in sorted(written.items())]


def _reason(raw: str | None, party: PartyRef, case: Case) -> str:
    if raw == party.id:
        return ": the record gives its id"
    score, why = case.same.get((raw or "", party.id), (None, ""))
    return "" if score is None else f": {one_line(why)} ({score:.2f})"


def _taken(names: Sequence[str], why: str, total: int, party: PartyRef) -> str:
    quoted = listed([f"“{shown(name, party.country)}”" for name in sorted(set(names))])
    on = f"on {len(names)} of {counted(total, 'shipment')}" if total > 1 else "on the one shipment"
    verb = "is" if len(set(names)) == 1 else "are"
    return f"{quoted} {on} {verb} taken to be {called(party)}{why}"


def caveats(
    corridor: Corridor,
    legs: Sequence[Leg],
    breaks: Sequence[Break],
    restricted: Restricted,
    search: Search,
    case: Case,
) -> tuple[str, ...]:
    """Ownership, dates, amounts, goods and the search, each led by its word and a colon."""
    lines = [ownership(restricted.proof, restricted, case), dates(legs, case), _amounts(legs)]
    lines.append(_goods(corridor, legs, case))
    lines.append(searched(int(corridor.routes), breaks, search))
    return tuple(line for line in lines if line)


def ownership(proof: Sequence[Holding], restricted: Restricted, case: Case) -> str:
    """The holdings that the verdict rests on."""
    if not proof:
        return ""
    parts = [_holding(holding, case) + _where(holding) for holding in proof[:4]]
    more = f"; and {counted(len(proof) - 4, 'more holding')}" if len(proof) > 4 else ""
    open_band = any(h.share_min is None or h.share_min != h.share_max for h in proof)
    note = "; a share is known only as a band or a minimum" if open_band else ""
    return f"Ownership: {'; '.join(parts)}{more}{note}"


def _where(holding: Holding) -> str:
    return f" [{one_line(holding.source)}]" if one_line(holding.source) else ""


def _holding(holding: Holding, case: Case) -> str:
    since = f" from {day(holding.from_day)}" if holding.from_day else ", no first day stated"
    until = f" until {day(holding.until_day)}" if holding.until_day else ""
    owner, owned = case.shown(holding.owner), case.shown(holding.owned)
    return f"{owner} holds {share(holding.share_min, holding.share_max)} of {owned}{since}{until}"


def dates(legs: Sequence[Leg], case: Case) -> str:
    """Which days are stated, known to the month, or estimated."""
    columns = case.dossier.transfers
    every = np.concatenate([leg.transfers for leg in legs])
    guessed = every[columns.estimated[every]]
    wide = every[(columns.departed_first[every] < columns.departed[every]) & ~columns.estimated[every]]
    if not len(guessed) and not len(wide):
        return "Dates: departures and arrivals are stated to the day"
    parts = []
    if len(guessed):
        ids = listed([str(columns.ids[i]) for i in guessed])
        parts.append(f"one day of {ids} is not stated and was estimated from the transit time")
    if len(wide):
        ids = listed([str(columns.ids[i]) for i in wide])
        parts.append(
            f"the departure of {ids} is known only to a span of days, read so that the route is possible"
        )
    return f"Dates: {'; '.join(parts)}"


def _amounts(legs: Sequence[Leg]) -> str:
    total = sum(len(leg.transfers) for leg in legs)
    lacking, unpriced = sum(leg.lacking for leg in legs), sum(leg.valueless for leg in legs)
    parts = [
        _silent(count, total, what) for count, what in ((lacking, "quantity"), (unpriced, "value")) if count
    ]
    return f"Amounts: {'; '.join(parts)}" if parts else ""


def _silent(count: int, total: int, what: str) -> str:
    if count == total:
        return f"no record states a {what}"
    return f"{count} of {counted(total, 'shipment')} {'states' if count == 1 else 'state'} no {what}"


def _goods(corridor: Corridor, legs: Sequence[Leg], case: Case) -> str:
    good = case.dossier.policy.good(str(case.dossier.transfers.hs6[corridor.item]))
    if good is None or good.from_day is None:
        return ""
    listed_on, first = as_date(good.from_day), as_date(legs[0].hop.first_day)
    if listed_on <= first:
        return ""
    return (
        f"Goods: {one_line(good.list)} named them on {day(listed_on)}, after the first of these shipments; "
        "that they are sought is information, not law"
    )


def searched(number: int, breaks: Sequence[Break], search: Search) -> str:
    """Whether the search saw all there is, and how many routes this corridor tells."""
    routes = f"{counted(number, 'sequence')} of shipments fit{'s' * (number == 1)}"
    text = (
        f"{SEARCH}exact, every corridor under these limits was counted; {routes} this one"
        if search.exact and not search.truncated_by
        else f"{SEARCH}cut short by {one_line(search.truncated_by or 'a limit')}, so that there may be other "
        f"corridors; {routes} this one"
    )
    if any(b.stands_in for b in breaks):
        text += "; it passes between two parties that stand in for one another, so counts are upper bounds"
    return text


def settle(legs: Sequence[Leg], restricted: Restricted, case: Case) -> tuple[str, ...]:
    """What a person could ask for next, most telling first."""
    lines = [_stock(before, leg) for before, leg in pairwise(legs)]
    lines += [_holding_question(restricted, case), _end_user(legs, case), _licence(legs[-1], case)]
    lines += [_estimated(legs, case)]
    if restricted.confidence < 0.95:
        lines.append(f"An identifier of {case.shown(restricted.party_id)}: it was matched by name")
    return tuple(line for line in lines if line)


def _stock(before: Leg, leg: Leg) -> str:
    code, day_of = before.hop.hs6[0], day(_first_departure(leg))
    if leg.hop.quantity is None:
        held = "if it held enough before"
    else:
        held = f"if it held {amount(leg.hop.quantity, leg.hop.unit)} before"
    stock = f"The stock of {called(leg.sender)} of HS {code} on {day_of}"
    return f"{stock}: {held}, the goods need not be the same"


def _first_departure(leg: Leg) -> str:
    return leg.hop.first_day


def _holding_question(restricted: Restricted, case: Case) -> str:
    unsure = [h for h in restricted.proof if h.share_min is None or h.share_min != h.share_max]
    if not unsure:
        return ""
    owner, owned = case.shown(unsure[0].owner), case.shown(unsure[0].owned)
    return (
        f"The exact share of {owner} in {owned}: known is {share(unsure[0].share_min, unsure[0].share_max)}"
    )


def _end_user(legs: Sequence[Leg], case: Case) -> str:
    blank: list[tuple[str, Any]] = [
        (str(case.dossier.transfers.ids[i]), row.get("bill_of_lading"))
        for leg in legs
        for i, row in zip(leg.transfers, leg.rows, strict=True)
        if not row.get("end_user")
    ]
    if not blank:
        return ""
    papers = [one_line(str(paper)) for _, paper in blank if paper]
    where = f" (transport document{'s' * (len(papers) > 1)} {listed(papers)})" if papers else ""
    return f"The final consignee of {listed([name for name, _ in blank])}{where}: no end user is stated"


def _licence(leg: Leg, case: Case) -> str:
    lacking = [
        str(case.dossier.transfers.ids[i])
        for i, row in zip(leg.transfers, leg.rows, strict=True)
        if not _text(row, "licence")
    ]
    return f"Whether a licence covered {listed(lacking)}: none is stated" if lacking else ""


def _text(row: Row, name: str) -> str:
    return one_line(str(row.get(name) or ""))


def _estimated(legs: Sequence[Leg], case: Case) -> str:
    columns = case.dossier.transfers
    guessed = [str(columns.ids[i]) for leg in legs for i in leg.transfers if columns.estimated[i]]
    return f"The real departure and arrival of {listed(guessed)}" if guessed else ""

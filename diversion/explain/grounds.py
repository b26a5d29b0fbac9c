"""On which days of the last hop which reason makes the end restricted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from diversion.explain.words import day, iso, listed, one_line
from diversion.findings import Holding, PartyRef, Restricted

if TYPE_CHECKING:
    from diversion.explain.case import Case
    from diversion.explain.legs import Leg
    from diversion.routes.corridors import Corridor

RULES = {
    "listed": "",
    "ofac-50": "OFAC's 50 per cent rule",
    "bis-affiliates": "the BIS affiliates rule",
    "eu-ownership": "the EU test of ownership",
    "eu-sectoral-ownership": "the EU test of ownership under the sectoral articles",
    "eu-terrorism-ownership": "the EU test of ownership under the regimes against terrorism",
    "uk-ownership-control": "the UK test of ownership and control",
    "address": "a listed address",
    "destination": "the destination rule",
}
"""How the rules of the policy are called in a sentence."""


@dataclass(frozen=True)
class Ground:
    """One reason and the days (ISO, in order) on which shipments that rest on it departed.

    `also` says that the reason before it still holds on the first of these days.
    """

    why: Restricted
    days: tuple[str, ...]
    also: bool = False


def end_of(corridor: Corridor, legs: Sequence[Leg], case: Case) -> tuple[Restricted, tuple[Ground, ...]]:
    """Why the end was restricted on the day of the best route's last shipment, and what held on each day.

    A declared end user that is restricted for certain goes before a consignee of which that is open.
    """
    columns = case.dossier.transfers
    terminal = int(corridor.best[-1]) if len(corridor.best) else int(legs[-1].transfers[0])
    on = int(columns.departed[terminal])
    rows = dict(zip(map(int, legs[-1].transfers), legs[-1].rows, strict=True))
    users = [case.party(int(user)) for user in columns.end_user[legs[-1].transfers] if user >= 0]
    ends = [*_ends(terminal, rows.get(terminal, {}), case), *users]
    why = _reason(list(dict.fromkeys(ends)), on, case)
    if why is None:
        party = ends[0]
        return Restricted(party.id, "no", "it was named as an end of the search", "named", None), ()
    grounds = _grounds(why, legs[-1], case)
    return replace(why, proof=sourced(why.proof, case), first=_first(why, grounds)), grounds


def _ends(transfer: int, row: Mapping[str, Any], case: Case) -> list[PartyRef]:
    """The receiver, in the country to which the record says the goods went, and the declared end user."""
    columns = case.dossier.transfers
    receiver, user = case.party(int(columns.dst[transfer])), int(columns.end_user[transfer])
    stated = row.get("consignee_country")
    if stated and case.resolved(row.get("consignee")) == receiver.id:
        receiver = replace(receiver, country=stated)
    return [receiver, case.party(user)] if user >= 0 else [receiver]


def _reason(ends: Sequence[PartyRef], on: int, case: Case) -> Restricted | None:
    """A yes of any of the ends, in their order, else an open one."""
    found = [why for why in (case.why(end, on) for end in ends) if why is not None]
    return min(found, key=lambda why: why.verdict != "yes", default=None)


def _grounds(main: Restricted, last: Leg, case: Case) -> tuple[Ground, ...]:
    """The reasons of all shipments of the last hop, by the first day on which each is relied on."""
    columns = case.dossier.transfers
    found: dict[tuple[str, str, str, str | None], tuple[Restricted, set[int]]] = {}
    for i, row in zip(last.transfers, last.rows, strict=True):
        ends = sorted(_ends(int(i), row, case), key=lambda end: end.id != main.party_id)
        on = int(columns.departed[i])
        why = _reason(ends, on, case)
        if why is not None:
            key = (why.party_id, why.verdict, why.rule, why.since)
            found.setdefault(key, (why, set()))[1].add(on)
    ordered = sorted(found.values(), key=lambda pair: (min(pair[1]), pair[0].rule, pair[0].party_id))
    before = [None, *(why for why, _ in ordered)]
    return tuple(
        Ground(why, tuple(map(iso, sorted(days))), _stays(earlier, why, min(days), case))
        for earlier, (why, days) in zip(before, ordered, strict=False)
    )


def _stays(earlier: Restricted | None, why: Restricted, on: int, case: Case) -> bool:
    """Whether an embargo relied on before still holds on the day."""
    if earlier is None or earlier.rule != "destination" or earlier.party_id != why.party_id:
        return False
    return bool(len(case.dossier.restrictions.embargoes(case.country(why.party_id), on)))


def _first(main: Restricted, grounds: Sequence[Ground]) -> str | None:
    same = [g for g in grounds if (g.why.party_id, g.why.verdict) == (main.party_id, main.verdict)]
    if len(same) < 2:
        return None
    return min((g.why.since for g in same if g.why.since), default=None)


def sourced(proof: Sequence[Holding], case: Case) -> tuple[Holding, ...]:
    """The holdings with file and row in place of the id of their source."""
    return tuple(replace(holding, source=case.place_of(holding)) for holding in proof)


def several(grounds: Sequence[Ground], consignee: str, case: Case) -> str:
    """The sentences for an end that more than one reason makes restricted, or leaves open."""
    sure = [g for g in grounds if g.why.verdict == "yes"]
    unsure = [g for g in grounds if g.why.verdict != "yes"]
    parts = _parties(sure)
    always = not unsure and len(parts) == 1
    said = []
    for part in parts:
        who = "" if part[0].why.party_id == consignee else " is the declared end user"
        said.append(f"Restricted {'on those days' if always else _on(part)}{who}: {_named(part, case)}.")
    return " ".join([*said, *(_open(ground, case) for ground in unsure)])


def _parties(grounds: Sequence[Ground]) -> list[list[Ground]]:
    parts: dict[str, list[Ground]] = {}
    for ground in grounds:
        parts.setdefault(ground.why.party_id, []).append(ground)
    return list(parts.values())


def _on(grounds: Sequence[Ground]) -> str:
    return f"on {listed([day(on) for on in sorted({on for ground in grounds for on in ground.days})])}"


def _named(grounds: Sequence[Ground], case: Case) -> str:
    name = case.named(grounds[0].why.party_id)
    clauses = [_clause(ground, at, grounds, name) for at, ground in enumerate(grounds)]
    return f"{case.shown(grounds[0].why.party_id)}, {', and '.join(clauses)}"


def _clause(ground: Ground, at: int, grounds: Sequence[Ground], name: str) -> str:
    """By what, from when, and the source of it."""
    why = ground.why
    because = bare(one_line(why.reason).rstrip("."), one_line(name))
    since = f" since {day(why.since)}" if why.since else ""
    start, also = "", ""
    if at:
        before = grounds[at - 1].days[-1]
        fresh = why.since if why.since and why.since > before else ground.days[0]
        start, also = f"from {day(fresh)} ", "also " * ground.also
        if why.since == fresh:
            because, since = because.replace(since, "", 1), ""
    if because.startswith("listed"):
        return f"{start}{also}{because}"
    rule = RULES.get(why.rule) or one_line(why.rule)
    return f"{start}{also}by {rule}{since} ({because})"


def bare(reason: str, name: str) -> str:
    """The reason without the name of the party where it begins with it."""
    return reason.removeprefix(f"{name}, ")


def _open(ground: Ground, case: Case) -> str:
    name, because = case.shown(ground.why.party_id), one_line(ground.why.reason).rstrip(".")
    days = listed([day(on) for on in ground.days])
    return f"Whether {name} was restricted on {days} is undetermined: {because}."

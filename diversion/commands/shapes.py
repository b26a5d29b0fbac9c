"""Patterns: round trips, fans, splitting, gathering again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diversion.commands.opening import opened, reading
from diversion.commands.search import options_of
from diversion.errors import UsageError
from diversion.explain.words import called, counted, listed, short, span
from diversion.output import emit, say

if TYPE_CHECKING:
    from diversion.commands.options import Common, Searching
    from diversion.findings import PartyRef
    from diversion.patterns import Pattern
    from diversion.typologies import Returned, Typology

COLUMNS = ("kind", "pattern_id", "what", "goods", "days", "unusual", "bound", "value_usd")
SPARE = ("value_usd", "bound", "days")


def print_patterns(
    kinds: tuple[Typology, ...], how: tuple[int, bool], search: Searching, common: Common
) -> None:
    """Print the patterns of the store, `how` many of each kind and whether of all goods."""
    from diversion.assemble import assemble
    from diversion.typologies import TYPOLOGIES, pattern_row, typologies

    limit, every_goods = how
    if limit < 0:
        raise UsageError(f"{limit} patterns cannot be shown", where="--limit", hint="0 shows all")
    options = options_of(search)
    current, policy = opened(common)
    with reading(current) as store:
        dossier = assemble(store, options, policy)
    wanted = kinds or TYPOLOGIES
    told = typologies(dossier, options, wanted, every_goods=every_goods)
    by_kind = {kind: [one for one in told.found if one.kind == kind] for kind in wanted}
    kept = [one for found in by_kind.values() for one in (found[:limit] if limit else found)]
    if common.format == "table":
        emit([_row(one) for one in kept], "table", COLUMNS, spare=SPARE)
        _explain(policy.thresholds["pattern_days"], {kind: len(found) for kind, found in by_kind.items()})
    elif common.format == "csv":
        emit([pattern_row(one) for one in kept], "csv", ())
    else:
        emit([one.as_json() for one in kept], common.format, ())
    for note in told.notes:
        say(f"note: {note}")


def _explain(days: float, found: dict[str, int]) -> None:
    say(", ".join(f"{counted(number, kind)}" for kind, number in found.items()))
    say(f"unusual: how many within {days:g} days, and how many times what the same party had before")
    say("bound: shipments of it on walks to restricted parties; a pattern is a shape, not a finding")


def _row(one: Pattern | Returned) -> dict[str, Any]:
    from diversion.typologies import Returned

    if isinstance(one, Returned):
        what, unusual, value = _ring(one), counted(one.routes, "sequence"), one.steps[-1].value_usd
    else:
        what, unusual, value = _burst(one), _unusual(one), one.value_usd
    return {
        "kind": one.kind,
        "pattern_id": one.pattern_id,
        "what": what,
        "goods": short(f"{one.item.hs6} {one.item.description}", 40),
        "days": span(one.first_day, one.last_day),
        "unusual": unusual,
        "bound": f"{one.bound} of {len(one.shipments)}",
        "value_usd": value,
    }


def _ring(one: Returned) -> str:
    return " → ".join(_name(party) for party in (*one.parties, one.parties[0]))


def _burst(one: Pattern) -> str:
    others = listed([_name(party) for party in one.counterparties], 2)
    if one.kind == "fan-in":
        return f"{others} → {_name(one.party)}"
    if one.kind == "fan-out":
        return f"{_name(one.party)} → {others}"
    assert one.to is not None
    if one.kind == "gathering":
        return f"{_name(one.party)} → {others} → {_name(one.to)}"
    assert one.limit is not None
    within = f"each up to US${one.limit.usd:,.0f} ({one.limit.name})"
    return f"{_name(one.party)} → {_name(one.to)}: {counted(one.members, 'shipment')}, {within}"


def _name(party: PartyRef) -> str:
    return f"{called(party)} ({party.country or '?'})"


def _unusual(one: Pattern) -> str:
    if not one.earlier:
        return f"{one.members}, no time before to compare"
    if one.usual * (one.earlier + 1) < 1.5:
        return f"{one.members}, none in the {counted(one.earlier, 'window')} before"
    return f"{one.members}, {one.times:.1f} × the usual {one.usual:.1f}"

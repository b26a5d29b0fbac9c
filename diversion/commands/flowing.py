"""Flow: how much can have passed by a route, or reached a party."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from diversion.commands.opening import opened, reading
from diversion.commands.runs import findings_of, last_run, of_run
from diversion.explain.words import amount, called, counted, money, shown, span
from diversion.options import Options
from diversion.output import emit, say

if TYPE_CHECKING:
    from diversion.commands.options import Common
    from diversion.policy.policy import Policy
    from diversion.store.base import Store
    from diversion.throughput import Moved, Throughput

COLUMNS = ("shipment", "from", "to", "days", "amount", "value_usd")


def print_flow(what: str, window: tuple[date | None, date | None], run: str | None, common: Common) -> None:
    """Print the flow of a route or to a party of a run."""
    from diversion.throughput import chosen, throughput

    current, policy = opened(common)
    with reading(current) as store:
        summary = last_run(store, run)
        ranked = findings_of(store, summary["run_id"])
        with of_run(summary):
            findings = chosen(what, ranked)
        goods = _moved(store, Options.of_json(summary["manifest"]["options"]), policy)
    told = throughput(findings, goods, what, window, len(ranked))
    if common.format == "table":
        _say(told)
    else:
        emit(told.as_json(), common.format, ())


def _moved(store: Store, options: Options, policy: Policy) -> Moved:
    """The shipments that the run looked at. Who is one party does not matter: routes name their shipments."""
    import pandas as pd

    from diversion.assemble import shipments_of
    from diversion.routes.transfers import project
    from diversion.throughput import moved

    shipments = shipments_of(store, options, policy)
    as_they_are = pd.Series([], index=pd.Index([], dtype=object), dtype=object)
    return moved(project(shipments, as_they_are, policy, options.as_of), shipments, options)


def _say(told: Throughput) -> None:
    ends = " and ".join(called(party) for party in told.to)
    unit = told.unit or "units"
    print(f"{told.of}: to {ends}, by {counted(told.corridors, 'corridor')}")
    if not told.shipments:
        print("no shipment of it left and arrived within these days")
        return
    assert told.first_day is not None and told.last_day is not None
    print(f"  {counted(told.shipments, 'shipment')}, {span(told.first_day, told.last_day)}")
    at_least = "" if told.at_most == told.amount else "by the shipments of known amount, "
    print(f"  at most {at_least}{amount(told.amount, unit)}, worth {money(told.value_usd)} at the last hop")
    if told.indirect < told.amount:
        print(f"  of it by way of others at most {amount(told.indirect, unit)}")
    if told.at_most is None:
        print("  nothing bounds the others: along some way no shipment states its amount")
    elif at_least:
        print(f"  at most {amount(told.at_most, unit)} if those of unknown amount held any")
    for caveat in told.caveats:
        say(f"note: {caveat}")
    if told.cut:
        say("what bounds it (the smallest cut):")
        emit([_row(one, unit) for one in told.as_json()["cut"]], "table", COLUMNS)


def _row(one: dict[str, Any], unit: str) -> dict[str, Any]:
    return {
        "shipment": one["shipment"],
        "from": shown(one["sender"]["name"], one["sender"]["country"]),
        "to": shown(one["receiver"]["name"], one["receiver"]["country"]),
        "days": span(one["departed_on"], one["arrived_on"]),
        "amount": None if one["amount"] is None else amount(one["amount"], unit),
        "value_usd": one["value_usd"],
    }

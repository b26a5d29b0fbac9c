"""What only shows once packs lie over one another: references to rules that none of them holds."""

from __future__ import annotations

from collections.abc import Iterator

from diversion.policy.check import Fault, Raw
from diversion.policy.keys import TABLES
from diversion.policy.read import Layers


def dangling(layers: Layers) -> Iterator[Fault]:
    """Every reference that leads nowhere, every table that must be whole and is not."""
    raw = layers.raw
    for table in TABLES:
        if table not in ("pack", "remove") and table not in raw:
            yield Fault("policy", f"no pack holds [{table}]", f"add [{table}]")
    lists = {"*", *raw["goods"]}
    for rule in (one for versions in raw["embargoes"].values() for one in versions):
        if rule["goods"] not in lists:
            where = f"{layers.origin.get(('embargoes', rule['name']), 'policy')}, embargoes ({rule['name']})"
            what = f"goods: no list of goods is called {rule['goods']!r}"
            yield Fault(where, what, f"there are {', '.join(sorted(lists))}")
    yield from _transit(layers, raw.get("transit", {}))
    yield from _needed(raw)


def _transit(layers: Layers, row: Raw) -> Iterator[Fault]:
    if row and row["days_min"] > row["days_max"]:
        where = f"{layers.origin.get(('transit', 'transit'), 'policy')}, transit"
        yield Fault(where, "days_min is above days_max", "exchange them")


def _needed(raw: Raw) -> Iterator[Fault]:
    """Rules that the program asks for by name."""
    for table, names in NEEDED.items():
        for name in names:
            if name not in raw[table]:
                yield Fault(
                    "policy", f"{table} {name!r} was taken out", "replace it by one of the same name instead"
                )


NEEDED = {
    "sets": ("transshipment",),
    "thresholds": (
        *("same_party", "match_certain", "match_cutoff", "group_cap", "owner_group_share"),
        *("reporting_lag_days", "fuzzy_parties"),
        *("pattern_days", "fan_counterparties", "splitting_shipments", "splitting_share"),
        *("gathering_brokers", "gathering_hub"),
        *("check_route_score", "check_passed_on", "check_planned_days", "check_old_days", "check_corridors"),
    ),
}

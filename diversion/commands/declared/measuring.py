"""Beyond the ranking: flow, patterns, central."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from diversion.commands.options import COMMON, SEARCHING, Common, Day, Searching


def flow(
    what: str,
    *,
    since: Day | None = None,
    until: Day | None = None,
    run: str | None = None,
    common: Common = COMMON,
) -> None:
    """Tell how much of the goods can have passed by a route, or reached a restricted party, at most.

    A maximum flow over the shipments of the last analysis, with those that bound it.

    Example: diversion flow 1 --since 2022-03-01 --until 2023-03-01

    Parameters
    ----------
    what
        a route (its id or rank), or a party at the end of routes (its id or name).
    since
        only what left on this day or later.
    until
        only what arrived before this day.
    run
        an earlier run instead of the last: its id in `diversion runs`.
    """
    from diversion.commands.flowing import print_flow

    print_flow(what, (since, until), run, common)


def central(
    *,
    by: Literal["party", "address", "country", "goods"] = "party",
    limit: int = 20,
    exact: int = 20,
    search: Searching = SEARCHING,
    common: Common = COMMON,
) -> None:
    """Rank the parties, addresses, countries or goods that the walks to restricted parties pass.

    Visits come from counting all walks, without sampling; betweenness of the first rows from counting those
    that avoid each of them. The score is a bound: at most so much has a walk that passes it (`best_score`
    for machines). The flags of the search are those of `analyze`; nothing is kept.

    Example: diversion central --by country --format csv

    Parameters
    ----------
    by
        what is ranked.
    limit
        rows shown, 0 for all.
    exact
        rows whose betweenness is counted, two sweeps each.
    """
    from diversion.commands.ranking import print_central

    print_central(by, limit, exact, search, common)


Kinds = Literal["round-trip", "fan-in", "fan-out", "splitting", "gathering"]


def patterns(
    *,
    kind: Annotated[tuple[Kinds, ...], Parameter(negative="", show_default=False)] = (),
    limit: int = 10,
    all_goods: Annotated[bool, Parameter(negative="")] = False,
    search: Searching = SEARCHING,
    common: Common = COMMON,
) -> None:
    """Find goods that come back, fans, shipments split below a value limit, goods split and gathered again.

    These are shapes of trade, not findings. Each tells how unusual it is for the same party, and how much of
    it stands on walks to restricted parties. Thresholds are the policy's; `--hops`, `--dwell` and
    `--relations` apply to round trips.

    Example: diversion patterns --kind gathering --kind fan-in --format json

    Parameters
    ----------
    kind
        what to look for, several times [default: all].
    limit
        patterns of each kind shown, 0 for all.
    all_goods
        not only the goods that the policy looks for.
    """
    from diversion.commands.shapes import print_patterns

    print_patterns(kind, (limit, all_goods), search, common)

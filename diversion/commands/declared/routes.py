"""Routes: analyze, routes, explain, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from diversion.commands.options import COMMON, SEARCHING, Common, Searching


def analyze(
    *,
    search: Searching = SEARCHING,
    fail_on: float | None = None,
    stream: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> int:
    """Find, score and explain the routes of controlled goods to restricted end users.

    Example: diversion analyze --hops 4 --from country:DE

    Example: diversion analyze --from TR-1579 --to anywhere --avoid country:CN --stream

    Example: diversion analyze --to RU-0310 --through country:TR --time-limit 60

    Parameters
    ----------
    fail_on
        exit with 10 if a finding scores at least this.
    stream
        print each corridor as a JSON line as soon as its place is proven, and the summary as the last line.
    """
    from diversion.commands.search import run_analysis

    return run_analysis(search, fail_on, stream, common)


def routes(*, top: int = 50, run: str | None = None, common: Common = COMMON) -> None:
    """List the corridors of the last analysis, best first.

    Example: diversion routes --top 20 --format csv

    Parameters
    ----------
    top
        how many, 0 for all.
    run
        an earlier run instead of the last: its id in `diversion runs`.
    """
    from diversion.commands.search import list_routes

    list_routes(top, run, common)


def runs(*, common: Common = COMMON) -> None:
    """List the analyses that the store keeps, the last first: id, when, how many corridors, what was asked.

    `routes`, `explain`, `flow` and `report` answer from the last one, or from the one that `--run ID` names.

    Example: diversion runs
    """
    from diversion.commands.runs import list_runs

    list_runs(common)


def explain(route: str, *, run: str | None = None, common: Common = COMMON) -> None:
    """Tell one corridor in full: what happened, why it was flagged, what speaks against it, what is open.

    Example: diversion explain 1

    Parameters
    ----------
    route
        id of the corridor, or its rank in `diversion routes`.
    run
        an earlier run instead of the last: its id in `diversion runs`.
    """
    from diversion.commands.search import explain_route

    explain_route(route, run, common)


def report(
    out: Path = Path("diversion-report.html"),
    *,
    top: int = 50,
    run: str | None = None,
    common: Common = COMMON,
) -> None:
    """Write the last analysis as one HTML page that needs no network.

    Example: diversion report --out report.html --top 100

    Parameters
    ----------
    out
        the file to write.
    top
        corridors told in full; the table lists all.
    run
        an earlier run instead of the last: its id in `diversion runs`.
    """
    from diversion.commands.search import write_report

    write_report(out, top, run, common)

"""Routes: analyze, routes, explain, report."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diversion.commands.opening import opened, reading, writing
from diversion.commands.runs import OTHERS, findings_of, last_run, named, of_run
from diversion.errors import NotFound, UsageError
from diversion.explain.words import short
from diversion.findings import Finding
from diversion.frames import corridor_row
from diversion.options import Options
from diversion.output import counted, emit, say
from diversion.store.base import Store

if TYPE_CHECKING:
    from diversion.commands.options import Common, Searching
    from diversion.pipeline import Analysis
    from diversion.policy.policy import Policy
    from diversion.routes.keeping import Shelf
    from diversion.settings import Settings

COLUMNS = ("rank", "route_id", "score", "band", "route", "goods", "days", "last_hop_usd")
SPARE = ("band", "last_hop_usd", "goods")


SHOWN = 10
"""Corridors that `analyze` shows."""


def options_of(search: Searching, current: Settings | None = None) -> Options:
    """The flags of a search as the options of the pipeline, with the engine where settings are given.

    Raises `UsageError` where an engine is named that only `analyze` can use.
    """
    if current is None and (search.master or search.engine not in (None, "memory")):
        raise UsageError("only `diversion analyze` runs on Spark", where="--engine")
    options = _options(search)
    if current is None:
        return options
    engine, master = search.engine or current.engine, search.master or current.master
    return replace(options, engine=engine, master=master)


def _options(search: Searching) -> Options:
    return Options(
        as_of=search.as_of,
        known_at=search.known_at,
        hops=search.hops,
        dwell=search.dwell,
        dwell_min=search.dwell_min,
        relations=search.relations,
        origins=search.from_,
        ends=search.to,
        targets=search.targets,
        top=search.top,
        time_limit=search.time_limit,
        memory_limit=search.memory_limit,
        through=search.through,
        avoid=search.avoid,
    )


def run_analysis(search: Searching, fail_on: float | None, stream: bool, common: Common) -> int:
    """Analyse the store, keep the run in it, print the summary. Returns the exit code."""
    if stream and common.format not in ("table", "jsonl"):
        raise UsageError("corridors are streamed as JSON lines", where="--stream", hint="--format jsonl")
    current, policy = opened(common)
    options = options_of(search, current)
    from diversion import manifest
    from diversion.pipeline import analyze
    from diversion.routes.keeping import beside

    with reading(current) as store:
        shelf = beside(current.store, current.projection_gb)
        run = _streamed if stream else analyze
        analysis = run(store, options, policy, shelf=shelf)
    with writing(current) as store:
        manifest.keep(store, analysis)
    if stream:
        emit(analysis.summary, "jsonl", ())
    elif common.format == "table":
        _summary(analysis.summary, analysis.findings)
        if not len(analysis.dossier.listings) and not analysis.summary["restricted_parties"]:
            say("no list was read: only destinations restrict, nobody by name; `diversion ingest` a list")
    else:
        emit(analysis.summary, common.format, ())
    if not analysis.summary["transfers"]:
        _say_nothing(analysis, current.store)
    found = fail_on is not None and any(finding.score >= fail_on for finding in analysis.findings)
    return 10 if found else 0


def _streamed(store: Store, options: Options, policy: Policy, *, shelf: Shelf | None) -> Analysis:
    """The analysis, after each of its corridors was printed as a line when its place was proven."""
    from diversion.pipeline import stream

    search = stream(store, options, policy, shelf=shelf)
    while True:
        try:
            emit(next(search).as_json(), "jsonl", ())
        except StopIteration as end:
            analysis: Analysis = end.value
            return analysis
        sys.stdout.flush()


def _summary(told: dict[str, Any], findings: tuple[Finding, ...]) -> None:
    walks = [f"{_how(w)}{w['count']:,} of {w['hops']}" for w in told["walks"]]
    cut = told["search"]["truncated_by"]
    parties = counted(told["parties"], "party", "parties")
    say(f"{counted(told['transfers'], 'transfer')} among {parties}, up to {told['as_of']}")
    for reason, rows in told["left_out"].items():
        if rows:
            say(f"{counted(rows, 'shipment')} left out: {reason}")
    restricted = told["restricted_parties"]
    law = f"policy {told['policy']['name']} {told['policy']['version']}"
    say(f"{counted(restricted, 'party', 'parties')} restricted under {law}")
    say(f"walks by hops: {', '.join(walks) or 'none'} (a walk may pass a party twice)")
    say(f"{counted(told['corridors'], 'corridor')} kept; search {'cut short by ' + cut if cut else 'exact'}")
    if not findings and cut:
        say("the search was cut short before it told a route: whether there is one is open")
        return
    if not findings:
        if told["transfers"]:
            say("no route was found in these records under these limits; that is no clearance")
        return
    emit([listed(rank, f) for rank, f in enumerate(findings[:SHOWN], 1)], "table", COLUMNS, spare=SPARE)
    if len(findings) > SHOWN:
        say(f"the first {SHOWN} of {len(findings):,}; `diversion routes --top 0` lists them all")
    say("`diversion explain 1` tells the first; a finding does not say that anyone broke the law")


def _say_nothing(analysis: Analysis, store: str) -> None:
    """A store without shipments, or without any that can be looked at, gives zeros, which are no answer."""
    held = len(analysis.dossier.shipments)
    if held:
        what = f"none of its {counted(held, 'shipment')} could be looked at"
        say(f"error: {store}: {what}, so that nothing was searched\n  see what was left out and --as-of")
    else:
        say(
            f"error: {store}: there are no shipments in the store, so that nothing was searched\n"
            "  `diversion ingest FILE…` reads some first"
        )


def listed(rank: int, finding: Finding) -> dict[str, Any]:
    """One line of a ranking, for people."""
    return {
        "rank": rank,
        "route_id": finding.route_id,
        "score": round(finding.score, 1),
        "band": finding.band,
        "route": " → ".join(f"{p.name} ({p.country or '?'})" for p in finding.parties),
        "goods": short(f"{finding.item.hs6} {finding.item.description}", 60),
        "days": _days(finding),
        "last_hop_usd": finding.value_usd,
    }


def _days(finding: Finding) -> str:
    """First and last day; one that no record states, only the transit time, has a mark."""
    stated = {record.departed_on for record in finding.records if record.estimated_day != "departure"}
    came = {record.arrived_on for record in finding.records if record.estimated_day != "arrival"}
    first = "" if finding.first_day in stated else "~"
    last = "" if finding.last_day in came else "~"
    return f"{first}{finding.first_day} … {last}{finding.last_day}"


def list_routes(top: int, run: str | None, common: Common) -> None:
    """Print the corridors of a run."""
    if top < 0:
        raise UsageError(f"{top} corridors cannot be shown", where="--top", hint="0 shows all")
    current, _ = opened(common)
    with reading(current) as store:
        asked = last_run(store, run)
        ranked = findings_of(store, asked["run_id"])
    kept = ranked[:top] if top else ranked
    if common.format == "table":
        say(named(asked))
        if not kept:
            say(f"no route was found; that is no clearance. {OTHERS}")
            return
        emit([listed(rank, finding) for rank, finding in kept], "table", COLUMNS, spare=SPARE)
    elif common.format == "csv":
        emit([corridor_row(rank, finding) for rank, finding in kept], "csv", ())
    else:
        emit([finding.as_json() for _, finding in kept], common.format, COLUMNS)


def explain_route(route: str, run: str | None, common: Common) -> None:
    """Print one finding in full."""
    from diversion.report.text import text

    current, _ = opened(common)
    with reading(current) as store:
        asked = last_run(store, run)
        ranked = findings_of(store, asked["run_id"])
    with of_run(asked):
        rank, finding = _one(route, ranked)
    if common.format == "table":
        print(text(finding, rank=rank, total=len(ranked), others=_sharing(finding, ranked)))
    else:
        emit(finding.as_json(), common.format, ())


def _how(walks: dict[str, Any]) -> str:
    if not walks["exact"]:
        return "about "
    return "at most " if walks.get("upper_bound") else ""


def _sharing(finding: Finding, ranked: list[tuple[int, Finding]]) -> int:
    """How many other corridors pass through a party between the ends of this one."""
    mine = {party.id for party in finding.parties[1:-1]}
    others = (other for _, other in ranked if other.route_id != finding.route_id)
    return sum(bool(mine & {party.id for party in other.parties[1:-1]}) for other in others)


def _one(route: str, ranked: list[tuple[int, Finding]]) -> tuple[int, Finding]:
    for rank, finding in ranked:
        if route in (finding.route_id, str(rank)):
            return rank, finding
    raise NotFound(f"there is no route {route} in it", hint="`diversion routes` lists its routes")


def write_report(out: Path, top: int, run: str | None, common: Common) -> None:
    """Write the page of a run."""
    from diversion.report.html import write
    from diversion.report.loading import report_data

    current, _ = opened(common)
    with reading(current) as store:
        summary = last_run(store, run)
        ranked = findings_of(store, summary["run_id"])
        data = report_data(store, summary, tuple(finding for _, finding in ranked), top)
    write(data, out)
    told = counted(len(data.findings), "corridor")
    say(f"{out}: {told}, {out.stat().st_size / 1e6:.1f} MB, needs no network")

"""The spine, from a store to findings. Read this first; it is all of it.

store ─┬─ parties: resolve → screen → control ─→ who is restricted, why, from when to when
       └─ project ─→ transfers ─→ routes ─→ centrality ─→ scoring ─→ findings
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pandas as pd

from diversion import centrality, explain, manifest
from diversion.assemble import assemble
from diversion.dossier import Dossier
from diversion.findings import Finding, Search
from diversion.options import Options
from diversion.policy.policy import Policy
from diversion.question import ask
from diversion.routes.census import census_of
from diversion.routes.corridors import Limits, SearchResult, contained, search_in
from diversion.routes.field import ask as keep
from diversion.routes.keeping import Shelf
from diversion.scoring.facts import gather
from diversion.scoring.scorecard import Scorer, weights
from diversion.store.base import Store

Progress = Callable[[str], None]
"""Told the name of each station as it begins."""


@dataclass(frozen=True)
class Analysis:
    """One run: the summary of the JSON contract, the findings best first, and what they came from."""

    summary: dict[str, Any]
    findings: tuple[Finding, ...]
    dossier: Dossier
    visits: pd.DataFrame
    carried: pd.DataFrame


def analyze(
    store: Store,
    options: Options,
    policy: Policy,
    progress: Progress = lambda station: None,
    shelf: Shelf | None = None,
) -> Analysis:
    """Find, score and explain the routes in `store`; nothing is written but, if there is one, on the shelf.

    Deterministic: the same data, policy and options give the same findings. A million shipments take some
    seconds, most of them in the projection and the facts that the score needs.
    """
    clock = Clock(progress)
    clock.begin("parties")
    dossier = assemble(store, options, policy)
    clock.begin("project")
    projection, question = ask(dossier, options, shelf)
    clock.begin("sweep")
    field = keep(projection, question)
    counted = census_of(field)
    clock.begin("score")
    facts = gather(dossier)
    scorer = Scorer(dossier, facts)
    clock.begin("corridors")
    limits = Limits(seconds=options.time_limit)
    result = search_in(field, weights(facts), options.top, scorer.rank, limits)
    clock.begin("explain")
    findings = tell(result, scorer, dossier)
    visits = centrality.visits(dossier, projection, counted)
    made = manifest.manifest(store, dossier, options)
    summary = manifest.summary(dossier, made, counted, result, visits, clock.end())
    return Analysis(summary, findings, dossier, visits, carried(result, findings, dossier))


def tell(result: SearchResult, scorer: Scorer, dossier: Dossier) -> tuple[Finding, ...]:
    """Every corridor as a person reads it, best first."""
    corridors = [ranked.corridor for ranked in result.corridors]
    told = Search(result.exact, result.truncated_by)
    findings = [explain.finding(one, scorer.score(one), dossier, told) for one in corridors]
    inside = contained(corridors)
    return tuple(
        explain.within(finding, None if whole is None else findings[whole].route_id)
        for finding, whole in zip(findings, inside, strict=True)
    )


def carried(result: SearchResult, findings: tuple[Finding, ...], dossier: Dossier) -> pd.DataFrame:
    """Route, shipment (as the store numbers it) and hop, for every shipment of every corridor."""
    keys = dossier.shipments["id"].to_numpy(zero_copy_only=False)
    rows = dossier.transfers.shipment
    parts = [
        pd.DataFrame({"route": finding.route_id, "shipment": keys[rows[hop]], "seq": seq})
        for finding, ranked in zip(findings, result.corridors, strict=True)
        for seq, hop in enumerate(ranked.corridor.hops, 1)
    ]
    empty = pd.DataFrame({"route": [], "shipment": [], "seq": []}, dtype=object)
    return pd.concat(parts, ignore_index=True) if parts else empty


class Clock:
    """Seconds spent in each station."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._began, self._name = progress, perf_counter(), ""
        self._seconds: dict[str, float] = {}

    def begin(self, name: str) -> None:
        """Close the station before and open `name`."""
        self._close()
        self._name, self._began = name, perf_counter()
        self._progress(name)

    def end(self) -> dict[str, float]:
        """Seconds by station, and in all."""
        self._close()
        self._name = ""
        return {**self._seconds, "total": sum(self._seconds.values())}

    def _close(self) -> None:
        if self._name:
            self._seconds[self._name] = perf_counter() - self._began

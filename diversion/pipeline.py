"""The spine, from a store to findings. Read this first; it is all of it.

store ─┬─ parties: resolve → screen → control ─→ who is restricted, why, from when to when
       └─ project ─→ transfers ─→ routes ─→ centrality ─→ scoring ─→ findings
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pandas as pd

from diversion import centrality, manifest
from diversion.assemble import assemble
from diversion.dossier import Dossier
from diversion.engines import Asked, engine_of
from diversion.findings import Finding
from diversion.options import Options
from diversion.policy.policy import Policy
from diversion.question import asked
from diversion.routes.corridors import SearchResult
from diversion.routes.keeping import Shelf
from diversion.scoring.facts import gather
from diversion.scoring.scorecard import Scorer, weights
from diversion.store.base import Store
from diversion.telling import Teller, drained, limits_of, shortened

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
    return drained(stream(store, options, policy, progress, shelf, eager=False))


def stream(
    store: Store,
    options: Options,
    policy: Policy,
    progress: Progress = lambda station: None,
    shelf: Shelf | None = None,
    *,
    eager: bool = True,
) -> Generator[Finding, None, Analysis]:
    """The same, giving each finding as soon as its place is proven, best first, while the search goes on.

    Its `within` is not known yet. Those that a limit left unproven come last, and their `search` says so.
    The generator returns the analysis. Not `eager`, it gives nothing before the search has ended.
    """
    clock = Clock(progress)
    limits = limits_of(options)
    ready = engine_of(options, shelf)
    clock.begin("parties")
    dossier = assemble(store, options, policy)
    clock.begin("score")
    facts = gather(dossier)
    scorer = Scorer(dossier, facts)
    clock.begin("project")
    engine = ready(Asked(dossier.transfers, *asked(dossier, options), weights(facts)))
    clock.begin("sweep")
    counted = engine.census()
    clock.begin("corridors")
    search = engine.ranked(options.top, scorer.rank, shortened(limits))
    teller = Teller(scorer, dossier, limits)
    result = (yield from teller.proven(search)) if eager else drained(search)
    clock.begin("explain")
    result, findings = teller.all(result)
    if eager:
        yield from findings[result.proven :]
    visits = centrality.visits(dossier, counted)
    made = manifest.manifest(store, dossier, options)
    summary = manifest.summary(dossier, made, counted, result, visits, clock.end())
    return Analysis(summary, findings, dossier, visits, carried(result, findings, dossier))


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

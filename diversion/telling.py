"""From corridors to findings: as each is proven or all at once, and within the limits of the question."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TypeVar

from diversion import explain
from diversion.dossier import Dossier
from diversion.findings import Finding, Search
from diversion.options import Options
from diversion.routes.corridors import Ranked, SearchResult, contained
from diversion.routes.limits import Limits
from diversion.scoring.scorecard import Scorer

SEARCHED = 0.8
"""Share of the time that a search may take; the rest is for telling what it found."""

Given = TypeVar("Given")
Result = TypeVar("Result")


def drained(steps: Generator[Given, None, Result]) -> Result:
    """What a generator returns, whatever it gives before."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result


def limits_of(options: Options) -> Limits:
    """The limits of the whole question, which begins now."""
    limits = Limits(seconds=options.time_limit, memory=options.memory_limit)
    return replace(limits, began=limits.clock())


def shortened(limits: Limits) -> Limits:
    """The limits of the search alone."""
    return limits if limits.seconds is None else replace(limits, seconds=limits.seconds * SEARCHED)


class Teller:
    """Tells the corridors of one search as findings, each once."""

    def __init__(self, scorer: Scorer, dossier: Dossier, limits: Limits) -> None:
        self.scorer, self.dossier, self.reached = scorer, dossier, limits.meter()
        self.told: dict[str, Finding] = {}

    def proven(self, search: Generator[Ranked, None, SearchResult]) -> Generator[Finding, None, SearchResult]:
        """Every corridor of a search that goes on, as soon as its place is proven."""
        while True:
            try:
                found = next(search)
            except StopIteration as end:
                result: SearchResult = end.value
                return result
            yield self.tell(found, Search(True, None))

    def tell(self, found: Ranked, search: Search) -> Finding:
        """One corridor as a person reads it."""
        if found.route_id not in self.told:
            scored = self.scorer.score(found.corridor)
            self.told[found.route_id] = explain.finding(found.corridor, scored, self.dossier, search)
        return self.told[found.route_id]

    def all(self, result: SearchResult) -> tuple[SearchResult, tuple[Finding, ...]]:
        """Every corridor of a search that ended, best first, each saying in what it is contained.

        Where a limit is reached, those not told by then are left out of the result, which says so; the first
        is told all the same.
        """
        search, cut = Search(result.exact, result.truncated_by), None
        findings: list[Finding] = []
        for found in result.corridors:
            cut = self.reached(0) if findings and found.route_id not in self.told else None
            if cut:
                break
            findings.append(self.tell(found, search))
        if cut:
            search = Search(False, result.truncated_by or cut)
            result = _shorter(result, len(findings), search)
        inside = contained([one.corridor for one in result.corridors])
        ids = [None if whole is None else findings[whole].route_id for whole in inside]
        made = (explain.retold(one, within, search) for one, within in zip(findings, ids, strict=True))
        return result, tuple(made)


def _shorter(result: SearchResult, told: int, search: Search) -> SearchResult:
    return replace(
        result,
        corridors=result.corridors[:told],
        exact=False,
        truncated_by=search.truncated_by,
        proven=min(result.proven, told),
    )

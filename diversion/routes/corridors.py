"""The best corridors, exactly: best-first search with the best completion as its bound."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from time import perf_counter

import numpy as np

from diversion.errors import UsageError
from diversion.ids import digest
from diversion.routes.best import NEVER, Weights, bounds
from diversion.routes.field import Field, ask
from diversion.routes.frontier import Family, Frontier, State
from diversion.routes.ranges import Projection, Question
from diversion.routes.telling import Corridor, Teller
from diversion.routes.transfers import Transfers

__all__ = [
    "Corridor",
    "Limits",
    "Ranked",
    "SearchResult",
    "Weights",
    "contained",
    "id_of",
    "route_id",
    "search",
    "search_in",
    "stream",
]

SLACK = 1e-9
"""Rounding of a sum of weights, relative to its size: a bound that is lower by less decides nothing."""


@dataclass(frozen=True)
class Limits:
    """What cuts a search short: most corridors scored, most seconds. None: nothing does."""

    examined: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Ranked:
    """A corridor with its full score and its id."""

    corridor: Corridor
    score: float
    route_id: str


@dataclass(frozen=True)
class SearchResult:
    """The best corridors, best first, ties by id.

    `examined` were scored. `exact` where these are the best of all there are; else `truncated_by` says
    which limit ended the search (`examined` or `seconds`), and they are the best of those looked at.
    """

    corridors: tuple[Ranked, ...]
    examined: int
    exact: bool
    truncated_by: str | None


def route_id(parties: Iterable[str], hs6: str, jumps: Iterable[int] = ()) -> str:
    """The id of a corridor: a digest of its parties and goods, the same in every run.

    `jumps` are positions of parties that stood in for the one before: A sells to B and C, of the same
    owner, sells to D is not the same corridor as A to B to C to D.

    >>> route_id(["A", "B"], "854231")
    'R-a5b21bcb29d56e34'
    """
    stood_in = set(jumps)
    marked = ["~" + p if i in stood_in else "=" + p for i, p in enumerate(parties)]
    return "R-" + digest(hs6, *marked)


def id_of(corridor: Corridor, transfers: Transfers) -> str:
    """The id of a corridor among these transfers."""
    parties = (str(transfers.party_ids[p]) for p in corridor.parties)
    return route_id(parties, str(transfers.hs6[corridor.item]), corridor.jumps)


def search(
    projection: Projection,
    question: Question,
    weights: Weights,
    top: int,
    score: Callable[[Corridor], float] | None = None,
    limits: Limits = Limits(),
) -> SearchResult:
    """The `top` corridors by full score (0: all), which never exceeds the weight; None: the weight itself.

    Corridors come in descending order of a bound of their weight, each is told and scored, and the search
    ends when the next bound is below the score of the k-th: exact for any score that keeps its bound.
    Costs the sweeps of `ask` and `bounds`, then some 0.3 ms for each state looked at, of which there are few
    more than the answer needs.
    """
    return search_in(ask(projection, question), weights, top, score, limits)


def search_in(
    field: Field,
    weights: Weights,
    top: int,
    score: Callable[[Corridor], float] | None = None,
    limits: Limits = Limits(),
) -> SearchResult:
    """`search` among the transfers that `ask` kept."""
    if top < 0:
        raise UsageError(f"there are no top {top} corridors", hint="--top 0 for all")
    podium = _Podium(top, field.projection.transfers)
    ends, truncated = perf_counter() + (math.inf if limits.seconds is None else limits.seconds), None
    for weight, tell in walk(field, weights):
        if podium.settled(weight):
            break
        if limits.examined is not None and podium.examined >= limits.examined:
            truncated = "examined"
        elif perf_counter() > ends:
            truncated = "seconds"
        if truncated:
            break
        if tell is not None:
            corridor = tell()
            if corridor is None:
                continue
            podium.add(corridor, corridor.weight if score is None else score(corridor))
    return SearchResult(podium.ranking(), podium.examined, truncated is None, truncated)


def stream(field: Field, weights: Weights) -> Iterator[Corridor]:
    """All corridors in descending order of what the sweeps allow them, which bounds their weight."""
    for _, tell in walk(field, weights):
        if tell is not None and (corridor := tell()) is not None:
            yield corridor


def walk(field: Field, weights: Weights) -> Iterator[tuple[float, Tell | None]]:
    """The search, step by step: a bound of all still to come and, where a corridor ends, how to tell it.

    A* over sequences of parties (Hart, Nilsson and Raphael, 1968). The heuristic is exact for walks, so
    it never falls short of a route, which may pass no party twice; each corridor is reached once. Telling
    gives None where no route of it holds: no link in force on the days, no assignment of days.
    """
    frontier = Frontier(field, bounds(field, weights))
    teller, number = Teller(frontier, weights), count()
    queue: list[tuple[float, int, _Step]] = []

    def push(bound: float, step: _Step) -> None:
        if bound > NEVER:
            heapq.heappush(queue, (-bound, next(number), step))

    def advance(family: Family, turn: int) -> None:
        push(family.best(turn), lambda: turns(family, turn))

    def turns(family: Family, turn: int) -> None:
        state, which = frontier.child(family, turn), family.turn[turn]
        push(float(family.closed[which]), lambda: lambda: teller.tell(state))
        push(float(family.bound[which]), lambda: opened(state))
        advance(family, turn + 1)

    def opened(state: State) -> None:
        if family := frontier.expand(state):
            advance(family, 0)

    if len(field):
        advance(frontier.first(), 0)
    while queue:
        bound, _, step = heapq.heappop(queue)
        yield -bound, step()


Tell = Callable[[], Corridor | None]
_Step = Callable[[], Tell | None]


class _Podium:
    """The best so far under the full score."""

    def __init__(self, top: int, transfers: Transfers) -> None:
        self.top, self.transfers, self.examined = top, transfers, 0
        self.scores: list[float] = []
        self.ranked: list[Ranked] = []

    def add(self, corridor: Corridor, score: float) -> None:
        self.examined += 1
        self.ranked.append(Ranked(corridor, score, id_of(corridor, self.transfers)))
        if self.top:
            heapq.heappush(self.scores, score)
            if len(self.scores) > self.top:
                heapq.heappop(self.scores)
                if len(self.ranked) > 2 * self.top + 64:
                    self.ranked = list(self.ranking())

    def settled(self, weight: float) -> bool:
        """Whether nothing of this weight or less can be among the best."""
        if not self.top or len(self.scores) < self.top:
            return False
        return weight < self.scores[0] - SLACK * (1 + abs(self.scores[0]))

    def ranking(self) -> tuple[Ranked, ...]:
        ordered = sorted(self.ranked, key=lambda r: (-r.score, r.route_id))
        return tuple(ordered[: self.top] if self.top else ordered)


def contained(corridors: Sequence[Corridor]) -> list[int | None]:
    """For each corridor the index of the longest other of which it is only the tail, or None.

    A tail has the same goods and, aligned at the end, the same parties, and all its shipments are the
    other's. Of several longest ones the first. Linear in all tails and their shipments.
    """
    longer: dict[tuple[object, ...], list[int]] = {}
    for index, corridor in enumerate(corridors):
        for start in _hop_starts(corridor)[1:]:
            longer.setdefault(_tail(corridor, start), []).append(index)
    return [_longest(corridor, longer.get(_tail(corridor, 0), []), corridors) for corridor in corridors]


def _hop_starts(corridor: Corridor) -> list[int]:
    """Position in `parties` of the sender of each hop."""
    jumps = set(corridor.jumps)
    return [i for i in range(len(corridor.parties) - 1) if i + 1 not in jumps]


def _tail(corridor: Corridor, start: int) -> tuple[object, ...]:
    jumps = tuple(j - start for j in corridor.jumps if j > start)
    return corridor.item, corridor.parties[start:], jumps


def _longest(corridor: Corridor, candidates: list[int], corridors: Sequence[Corridor]) -> int | None:
    hops = corridor.hops
    holding = [
        i
        for i in candidates
        if all(np.isin(a, b).all() for a, b in zip(hops, corridors[i].hops[-len(hops) :], strict=True))
    ]
    return max(holding, key=lambda i: (len(corridors[i].hops), -i), default=None)

"""The best corridors, exactly: best-first search with the best completion as its bound."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from diversion.errors import UsageError
from diversion.ids import digest
from diversion.routes.best import NEVER, Weights, bounds
from diversion.routes.field import Field, ask
from diversion.routes.frontier import Family, Frontier, State
from diversion.routes.limits import Limits
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
    "ranked",
    "route_id",
    "search",
    "search_in",
]

NO_LIMITS = Limits()
SLACK = 1e-9
"""Rounding of a sum of weights, relative to its size: a bound that is lower by less decides nothing."""


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
    which limit ended the search (`examined`, `seconds` or `memory`), they are the best of those looked at,
    and the first `proven` of them are the best of all there are.
    """

    corridors: tuple[Ranked, ...]
    examined: int
    exact: bool
    truncated_by: str | None
    proven: int = 0


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
    limits: Limits = NO_LIMITS,
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
    limits: Limits = NO_LIMITS,
) -> SearchResult:
    """`search` among the transfers that `ask` kept."""
    search = ranked(field, weights, top, score, limits)
    while True:
        try:
            next(search)
        except StopIteration as end:
            found: SearchResult = end.value
            return found


def ranked(
    field: Field,
    weights: Weights,
    top: int,
    score: Callable[[Corridor], float] | None = None,
    limits: Limits = NO_LIMITS,
    floor: float = NEVER,
) -> Generator[Ranked, None, SearchResult]:
    """`search_in` that gives each corridor as soon as its place is proven, in the final order.

    That is where its score is above the bound of all still to come. What a limit leaves unproven is in the
    result that the generator returns, and only there. What weighs no more than `floor`, below which the field
    may be incomplete, is not looked at: if it could matter, the result is truncated by `floor`. A first
    corridor is looked for, some steps long, even where time or memory is spent.
    """
    if top < 0:
        raise UsageError(f"there are no top {top} corridors", hint="--top 0 for all")
    podium, reached = _Podium(top, field.projection.transfers), limits.meter()
    cut = None
    for steps, (weight, tell) in enumerate(walk(field, weights)):
        yield from podium.above(max(weight, floor))
        begun = podium.examined > 0 or steps >= FIRST_STEPS or limits.examined == 0
        cut = None if podium.full else "floor" if weight <= floor else None
        cut = reached(podium.examined) if cut is None and begun and not podium.full else cut
        if podium.full or cut:
            break
        if tell is not None and (corridor := tell()) is not None:
            podium.add(corridor, corridor.weight if score is None else score(corridor))
    if cut is None:
        yield from podium.above(floor)
        cut = None if podium.full or floor == NEVER else "floor"
    corridors = (*podium.proven, *podium.rest()) if cut else tuple(podium.proven)
    return SearchResult(corridors, podium.examined, cut is None, cut, len(podium.proven))


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


FIRST_STEPS = 1000
"""Steps of a search within which it looks for a first corridor, whatever the limits."""

Tell = Callable[[], Corridor | None]
_Step = Callable[[], Tell | None]


class _Podium:
    """Corridors that were scored, until it is proven that none of those to come is better."""

    def __init__(self, top: int, transfers: Transfers) -> None:
        self.top, self.transfers, self.examined = top, transfers, 0
        self.proven: list[Ranked] = []
        self.waiting: list[tuple[float, str, Ranked]] = []

    def add(self, corridor: Corridor, score: float) -> None:
        self.examined += 1
        id_ = id_of(corridor, self.transfers)
        heapq.heappush(self.waiting, (-score, id_, Ranked(corridor, score, id_)))
        if self.top and len(self.waiting) > 2 * self.top + 64:
            self.waiting = heapq.nsmallest(self.top - len(self.proven), self.waiting)

    @property
    def full(self) -> bool:
        return 0 < self.top <= len(self.proven)

    def above(self, weight: float) -> Iterator[Ranked]:
        """Those whose place is sure because what is to come weighs no more than `weight`, in order."""
        while self.waiting and not self.full and _beats(-self.waiting[0][0], weight):
            self.proven.append(heapq.heappop(self.waiting)[2])
            yield self.proven[-1]

    def rest(self) -> tuple[Ranked, ...]:
        """The best of those whose place is not sure."""
        ordered = tuple(ranked for *_, ranked in sorted(self.waiting, key=lambda one: one[:2]))
        return ordered[: self.top - len(self.proven)] if self.top else ordered


def _beats(score: float, weight: float) -> bool:
    return weight < score - SLACK * (1 + abs(score))


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

"""The scorecard: a readable list of factors, and the score as the sum of their points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from diversion.errors import UsageError
from diversion.findings import Contribution, Unjudged
from diversion.scoring.factors import flow, goods, intermediary, links, mitigating, papers, restriction, route
from diversion.scoring.facts import Facts
from diversion.scoring.model import UNKNOWN, Factor, Place, RouteFactor, Scored, Told, column, score_of

if TYPE_CHECKING:
    from diversion.dossier import Dossier
    from diversion.routes.best import Weights
    from diversion.routes.corridors import Corridor

__all__ = ["BASE", "SCORECARD", "Scored", "Scorer", "factor", "weights"]

BASE = -5.0
"""Log-odds of a corridor of which nothing is known but that goods, days and a restricted end fit: one in 150.

A choice, not a measurement: most such chains of shipments have nothing to do with one another. It is set so
that controlled goods on their way to a restricted end through long-established traders stay below 50, and
three or four independent facts about an intermediary lift them above it.
"""

SCORECARD: tuple[Factor | RouteFactor, ...] = (
    *goods.FACTORS,
    *restriction.FACTORS,
    *intermediary.FACTORS,
    *flow.FACTORS,
    *links.FACTORS,
    *papers.FACTORS,
    *mitigating.FACTORS,
    *route.FACTORS,
)

Card = Sequence[Factor | RouteFactor]
Sums = npt.NDArray[np.int32]


def factor(name: str, card: Card = SCORECARD) -> Factor | RouteFactor:
    """The factor of that name. Raises `UsageError` that lists the names where there is none.

    >>> factor("dwell time").place
    'onward'
    """
    for one in card:
        if one.name == name:
            return one
    raise UsageError(f"no factor is called {name!r}", hint="there are " + ", ".join(one.name for one in card))


def weights(facts: Facts, card: Card = SCORECARD) -> Weights:
    """Per transfer the sum of its points as first, later and last of a route: together a bound of the score.

    In log-odds, the base in the first. Of an onward factor the score counts the largest points, which are not
    negative, so that their sum is no less; one that lowers counts every time, and route factors only lower.
    """
    from diversion.routes.best import Weights

    start, onward, end = (_sum(facts, _at(card, place)) for place in ("start", "onward", "end"))
    return Weights(BASE + start / 100, onward / 100, end / 100, route.penalties(facts.dossier.policy))


def _at(card: Card, place: Place) -> list[Factor]:
    return [one for one in card if isinstance(one, Factor) and one.place == place]


def _sum(facts: Facts, factors: Iterable[Factor]) -> Sums:
    total = np.zeros(len(facts.transfers), np.int32)
    for one in factors:
        points = column(one, facts)
        total += np.where(points == UNKNOWN, np.int16(0), points)
    return total


@dataclass(frozen=True)
class _Judged:
    """What a factor says; `share` is that of its places which it could judge, None if it has none."""

    contribution: Contribution | None
    unjudged: Unjudged | None
    share: float | None


class Scorer:
    """Scores corridors. Making it computes every column; then one corridor costs microseconds to rank."""

    def __init__(self, dossier: Dossier, facts: Facts, card: Card = SCORECARD) -> None:
        self.dossier, self.facts, self.card = dossier, facts, tuple(card)
        self._start, self._end = (_sum(facts, _at(card, place)) for place in ("start", "end"))
        later = _at(card, "onward")
        self._onward = _sum(facts, later)
        self._every = _sum(facts, [one for one in later if one.each])
        self._largest = [column(one, facts) for one in later if not one.each]
        self._route = [one for one in card if isinstance(one, RouteFactor)]

    def rank(self, corridor: Corridor) -> float:
        """The log-odds of a corridor, base included: what `score` rests on and `weights` bound."""
        best = corridor.best
        total = int(self._start[best[0]]) + int(self._end[best[-1]]) + self._of_intermediaries(best[1:])
        return BASE + (total + sum(self._of_route(one, corridor) or 0 for one in self._route)) / 100

    def score(self, corridor: Corridor) -> Scored:
        """The score of the corridor's best route, with a sentence and evidence for every contribution."""
        judged = [self._judge(one, corridor) for one in self.card]
        told = [one.contribution for one in judged if one.contribution is not None]
        asked = [
            (one.most, each.share)
            for one, each in zip(self.card, judged, strict=True)
            if each.share is not None
        ]
        possible = sum(most for most, _ in asked)
        return Scored(
            score=score_of(self.rank(corridor)),
            base=BASE,
            contributions=tuple(sorted(told, key=lambda one: (-one.points, one.factor))),
            unjudged=tuple(one.unjudged for one in judged if one.unjudged is not None),
            coverage=sum(most * share for most, share in asked) / possible if possible else 1.0,
        )

    def _of_intermediaries(self, later: tuple[int, ...]) -> int:
        if len(later) < 2:
            return int(self._onward[later[0]]) if later else 0
        places = list(later)
        total = int(self._every[places].sum())
        for points in self._largest:
            total += max(0, int(points[places].max()))
        return total

    def _of_route(self, one: RouteFactor, corridor: Corridor) -> int | None:
        points = one.points(self.facts, corridor)
        return None if points != points else round(points * 100)  # noqa: PLR0124 - NaN: not known

    def _judge(self, one: Factor | RouteFactor, corridor: Corridor) -> _Judged:
        if isinstance(one, RouteFactor):
            return self._judge_route(one, corridor)
        best = corridor.best
        transfers = {"start": best[:1], "onward": best[1:], "end": best[-1:]}[one.place]
        if not transfers:
            return _Judged(None, None, None)
        points = column(one, self.facts)[list(transfers)]
        known = [(e, int(p)) for e, p in zip(transfers, points, strict=True) if p != UNKNOWN]
        lacking = [e for e, p in zip(transfers, points, strict=True) if p == UNKNOWN]
        unjudged = Unjudged(one.name, one.lacks(self.facts, lacking[0])) if lacking else None
        return _Judged(self._contribution(one, known), unjudged, len(known) / len(transfers))

    def _contribution(self, one: Factor, known: list[tuple[int, int]]) -> Contribution | None:
        if not one.each:
            known = sorted(known, key=lambda pair: -pair[1])[:1]
        counted = [(e, p) for e, p in known if p or one.informs]
        told = _told(one, self.facts, [e for e, _ in counted])
        total = sum(p for _, p in counted)
        if not told and not total:
            return None
        return _contribution(one, total, told)

    def _judge_route(self, one: RouteFactor, corridor: Corridor) -> _Judged:
        points = self._of_route(one, corridor)
        if points is None:
            return _Judged(None, Unjudged(one.name, one.lacks(self.facts, corridor)), 0.0)
        if points == 0:
            return _Judged(None, None, 1.0)
        told = one.tell(self.facts, corridor)
        return _Judged(_contribution(one, points, [] if told is None else [told]), None, 1.0)


def _told(one: Factor, facts: Facts, transfers: list[int]) -> list[Told]:
    if one.together is not None and len(transfers) > 1:
        return [one.together(facts, transfers)]
    return [told for e in transfers if (told := one.tell(facts, e)) is not None]


def _contribution(one: Factor | RouteFactor, points: int, told: list[Told]) -> Contribution:
    evidence = tuple(dict.fromkeys(id_ for each in told for id_ in each.evidence))
    detail = "; ".join(each.detail for each in told) or one.explanation.splitlines()[0]
    return Contribution(one.name, points / 100, detail, one.source, evidence)

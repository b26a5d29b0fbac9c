"""What a factor is: points in log-odds, a sentence with numbers, and the ids of its evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc
from math import exp
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from diversion.errors import DiversionError
from diversion.findings import Contribution, Unjudged

if TYPE_CHECKING:
    from diversion.routes.corridors import Corridor
    from diversion.scoring.facts import Facts

Floats = npt.NDArray[np.float64]
Hundredths = npt.NDArray[np.int16]
Place = Literal["start", "onward", "end", "route"]

UNKNOWN = np.int16(-(2**15))
"""Stands in a column of points where the records do not hold what a factor needs."""


@dataclass(frozen=True)
class Told:
    """One sentence, and the ids of the shipments, parties and listings that bear it out."""

    detail: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Factor:
    """A fact of one transfer that speaks for or against diversion.

    `place` says which transfers of a route it looks at: `start` the first, `end` the last, `onward` every
    later one, whose sender is an intermediary. Points are a column over all transfers (log-odds; NaN where
    the records cannot tell), so that the bound of a search and the score are the same numbers. Of several
    onward transfers the largest points count; where `each` is set, those of all, which must then lower.
    `most` is the largest size of the points of one transfer. Where `informs` is set, it is told without
    points as well; `together` tells several transfers in one sentence.

    The docstring of `points` is what an analyst reads.
    """

    name: str
    place: Place
    most: float
    source: str
    points: Callable[[Facts], Floats]
    tell: Callable[[Facts, int], Told | None]
    lacks: Callable[[Facts, int], str]
    each: bool = False
    informs: bool = False
    together: Callable[[Facts, list[int]], Told] | None = None

    @property
    def explanation(self) -> str:
        """What the factor means and why it counts."""
        return cleandoc(self.points.__doc__ or "")


@dataclass(frozen=True)
class RouteFactor:
    """A fact that only the whole corridor shows. It lowers the score or leaves it: `points` ≤ 0."""

    name: str
    most: float
    source: str
    points: Callable[[Facts, Corridor], float]
    tell: Callable[[Facts, Corridor], Told | None]
    lacks: Callable[[Facts, Corridor], str]
    place: Place = "route"

    @property
    def explanation(self) -> str:
        """What the factor means and why it counts."""
        return cleandoc(self.points.__doc__ or "")


@dataclass(frozen=True)
class Scored:
    """The score of one corridor, 0–100, and everything it is made of.

    score = 100 / (1 + e^−(base + sum of the points)); `coverage` is the share of the scorecard's possible
    points whose factors had data.
    """

    score: float
    base: float
    contributions: tuple[Contribution, ...]
    unjudged: tuple[Unjudged, ...]
    coverage: float


def score_of(log_odds: float) -> float:
    """Log-odds as a score from 0 to 100.

    >>> score_of(0.0), round(score_of(1.3), 1)
    (50.0, 78.6)
    """
    return 100.0 / (1.0 + exp(-log_odds))


def column(factor: Factor, facts: Facts) -> Hundredths:
    """The points of a factor for every transfer, in hundredths; computed once for the same facts."""
    if factor.name not in facts.columns:
        facts.columns[factor.name] = _hundredths(factor, factor.points(facts))
    return facts.columns[factor.name]


def _hundredths(factor: Factor, points: Floats) -> Hundredths:
    known = ~np.isnan(points)
    scaled = np.rint(np.where(known, points, 0.0) * 100)
    _check(factor, scaled)
    return np.where(known, scaled, UNKNOWN).astype(np.int16)


def _check(factor: Factor, scaled: Floats) -> None:
    if not len(scaled):
        return
    low, high = scaled.min() / 100, scaled.max() / 100
    if max(-low, high) > factor.most + 1e-9:
        raise DiversionError(
            f"the factor '{factor.name}' gives {low:g} to {high:g}, its most is {factor.most:g}"
        )
    if factor.place == "onward" and (high > 0 if factor.each else low < 0):
        # Else the sum over a route would not bound its score, and the search would not be exact.
        raise DiversionError(f"the onward factor '{factor.name}' gives points of the wrong sign")

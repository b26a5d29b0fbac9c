"""What counts the walks of a question and finds its corridors: in memory, or on Apache Spark."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from diversion.options import Options
from diversion.routes import corridors
from diversion.routes.best import Weights
from diversion.routes.census import Census, census_of
from diversion.routes.corridors import Corridor, Ranked, SearchResult
from diversion.routes.field import Field, ask
from diversion.routes.keeping import Shelf
from diversion.routes.limits import Limits
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.routes.transfers import Transfers

Score = Callable[[Corridor], float]
Search = Generator[Ranked, None, SearchResult]


@dataclass(frozen=True)
class Asked:
    """What is searched: the transfers, what may follow what, which routes, and what bounds their scores."""

    transfers: Transfers
    options: ProjectionOptions
    question: Question
    weights: Weights


class Engine(Protocol):
    """A question made ready. Whatever the engine, the answers are the same."""

    def census(self) -> Census:
        """How many walks there are, and what they pass."""

    def ranked(self, top: int, score: Score, limits: Limits) -> Search:
        """The best corridors, each as soon as its place is proven; see `corridors.ranked`."""


def engine_of(options: Options, shelf: Shelf | None = None) -> Callable[[Asked], Engine]:
    """What makes a question ready for the engine that the options name.

    Raises `EngineUnavailable` where Spark is asked for and it, or a Java runtime, is not installed.
    """
    if options.engine == "spark":
        from diversion.spark.session import Place

        place = Place.of(options.master)
        from diversion.spark.engine import OnSpark

        return lambda asked: OnSpark(asked, place)
    return lambda asked: InMemory(asked, shelf)


class InMemory:
    """Arrays of one machine, of which the shelf keeps what depends on the data alone."""

    def __init__(self, asked: Asked, shelf: Shelf | None = None) -> None:
        self.asked = asked
        self.projection = Projection.build(asked.transfers, asked.options, shelf)

    @cached_property
    def _walked(self) -> Field:
        return ask(self.projection, self.asked.question.of_walks)

    def census(self) -> Census:
        """See `Engine`."""
        return census_of(self._walked)

    def ranked(self, top: int, score: Score, limits: Limits) -> Search:
        """See `Engine`."""
        question = self.asked.question
        field = self._walked if question.further is None else ask(self.projection, question)
        return corridors.ranked(field, self.asked.weights, top, score, limits)

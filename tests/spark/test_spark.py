"""The engine on Spark gives the answers of the engine in memory, which brute force checks elsewhere.

Spark takes seconds to start and tenths of a second for each hop: many random worlds lie side by side in one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from diversion.engines import Asked, Engine, InMemory
from diversion.errors import EngineUnavailable
from diversion.routes.census import Census
from diversion.routes.corridors import Limits, SearchResult, Weights
from diversion.routes.ranges import ProjectionOptions
from diversion.spark import sweeps
from diversion.spark.engine import OnSpark
from diversion.spark.session import Place, session
from diversion.telling import drained
from tests.case import run, write_case
from tests.routes.brute import World
from tests.routes.test_edges import layered
from tests.routes.test_engine import full_score
from tests.routes.worlds import (
    blurred,
    dated,
    options_of,
    packed,
    question_of,
    random_world,
    told,
    transfers_of,
    weights_of,
)

PLACE = Place("local[2]", "1g")


@pytest.fixture(scope="module", autouse=True)
def _spark() -> Iterator[None]:
    """One session for all tests here; where there is no Java, a failure in CI and elsewhere a skip."""
    try:
        Place.of(PLACE.master)
    except EngineUnavailable as fault:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(fault))
    with session(PLACE):
        yield


def asked_of(world: World) -> Asked:
    transfers = transfers_of(world)
    return Asked(transfers, options_of(world, prune=True), question_of(world), weights_of(world))


def side_by_side(relations: str, seed: int, size: int = 12) -> World:
    worlds = [random_world(relations, 22, seed * 1000 + i) for i in range(size)]
    dice = Random(seed)
    hops, low, wait = dice.choice([3, 4, 5]), dice.choice([0, 0, 1]), dice.choice([0, 1, 3, 9])
    first = replace(worlds[0], hops=hops, dwell=(low, low + wait), open=dice.random() < 0.2)
    return packed([first, *worlds[1:]])


def found(engine: Engine, top: int) -> SearchResult:
    return drained(engine.ranked(top, full_score, Limits()))


def check(asked: Asked, top: int, brought: int) -> tuple[Census, SearchResult]:
    spark, memory = OnSpark(asked, PLACE, brought), InMemory(asked)
    counted, expected = spark.census(), memory.census()
    assert counted.walks == expected.walks and counted.exact == expected.exact
    for name in ("through", "started", "entered"):
        assert getattr(counted, name).tolist() == getattr(expected, name).tolist()
    one, other = found(spark, top), found(memory, top)
    assert [plain(asked, ranked) for ranked in one.corridors] == [
        plain(asked, ranked) for ranked in other.corridors
    ]
    assert one.exact and one.truncated_by is None and one.proven == other.proven
    return counted, one


def plain(asked: Asked, ranked: Any) -> tuple[Any, ...]:
    return ranked.route_id, ranked.score, told(ranked.corridor, asked.transfers)


CASES = [(relations, seed) for relations in ("strict", "relabel", "jump", "all") for seed in range(2)]


@pytest.mark.parametrize(("relations", "seed"), CASES)
def test_walks_visits_and_corridors_are_those_of_the_engine_in_memory(relations: str, seed: int) -> None:
    world = side_by_side(relations, seed)
    counted, result = check(asked_of(world), 0, 1)
    lengths = Counter(len(walk) for walk in world.walks())
    assert [(w.hops, w.count) for w in counted.walks] == [(h, lengths[h]) for h in range(1, world.hops + 1)]
    assert len(result.corridors) == len(world.corridors()) > 20


@pytest.mark.parametrize("seed", range(2))
def test_days_known_to_a_span_and_dated_links(seed: int) -> None:
    worlds = [dated(blurred(random_world("all", 18, seed * 1000 + i), i), i) for i in range(8)]
    first = replace(worlds[0], hops=3, dwell=(0, [0, 2][seed]))
    check(asked_of(packed([first, *worlds[1:]])), 0, 1)


@pytest.mark.parametrize("relations", ["strict", "all"])
def test_through_a_party(relations: str) -> None:
    world = replace(side_by_side(relations, 2), via=set(range(0, 72, 2)))
    counted, result = check(asked_of(world), 10, 4)
    lengths = Counter(len(walk) for walk in world.walks())
    assert [w.count for w in counted.walks] == [lengths[h] for h in range(1, world.hops + 1)]
    assert len(result.corridors) == 10


@pytest.mark.parametrize(("top", "brought"), [(1, 1), (5, 4), (40, 8)])
def test_the_best_are_found_among_the_few_that_are_brought(top: int, brought: int) -> None:
    asked = asked_of(side_by_side("all", 7))
    _, result = check(asked, top, brought)
    assert len(result.corridors) == top
    assert result.examined == found(InMemory(asked), top).examined


def test_few_are_brought_where_few_decide() -> None:
    engine = OnSpark(asked_of(side_by_side("strict", 3)), PLACE, 1)
    assert engine.swept.best.max() > np.partition(engine.swept.best, -9)[-9]
    rows, floor = engine._part(9)
    assert 9 <= len(rows) < len(engine.swept.rows) and floor > -np.inf


@pytest.mark.parametrize("types", [sweeps.TYPES, sweeps.TYPES[1:], sweeps.TYPES[2:]])
def test_counts_beyond_64_bits(types: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "TYPES", types)
    width, lanes, hops = 2, 120, 8
    transfers, question = layered(width, lanes, hops)
    nought = np.zeros(len(transfers))
    options = ProjectionOptions("strict", dwell_min=1, dwell_max=1)
    counted = OnSpark(Asked(transfers, options, question, Weights(nought, nought, nought)), PLACE).census()
    expected = [width ** (hop + 1) * lanes**hop for hop in range(1, hops + 1)]
    assert expected[-1] > 2**63
    exact = types[0][0] != "double"
    assert [w.exact for w in counted.walks] == [exact or w.hops == 1 for w in counted.walks]
    assert [w.count for w in counted.walks] == (expected if exact else pytest.approx(expected, rel=1e-12))
    every = sum(expected)
    assert counted.visits(transfers)[-width:].tolist() == pytest.approx([every / width] * width, rel=1e-12)


def test_no_transfer_gives_no_route() -> None:
    world = replace(random_world("all", 22, 1), transfers=[], start=[], onward=[], end=[], users={}, kilos={})
    counted, result = check(asked_of(replace(world, pieces={}, hops=2)), 3, 1)
    assert [w.count for w in counted.walks] == [0, 0] and not result.corridors


def analysed(folder: Path, *flags: object) -> tuple[Any, Any]:
    at = "--store", folder / "case.duckdb", "--format", "json"
    summary = run("analyze", *at, *flags)
    assert summary.code == 0, summary.err
    return summary.json, run("routes", *at, "--top", 0).json


def test_analyze_tells_the_same_whatever_searches(tmp_path: Path) -> None:
    assert run("ingest", *write_case(tmp_path), "--store", tmp_path / "case.duckdb").code == 0
    (one, routes), (other, same) = (
        analysed(tmp_path, "--engine", engine, "--master", "local[2]") for engine in ("spark", "memory")
    )
    assert one["corridors"] > 0 and routes == same
    for name in ("walks", "corridors", "search", "transfers", "visits", "restricted_parties"):
        assert one[name] == other[name]
    assert one["manifest"]["options"]["engine"] == "spark"


def test_only_analyze_runs_on_spark(tmp_path: Path) -> None:
    store = "--store", tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), *store)
    for command in ("central", "patterns"):
        refused = run(command, *store, "--engine", "spark")
        assert refused.code == 2 and "only `diversion analyze`" in refused.err
    assert run("analyze", *store, "--engine", "abacus").code == 2


def test_without_spark_or_java_one_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = "--store", tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), *store)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    no_java = run("analyze", *store, "--engine", "spark")
    assert (no_java.code, no_java.out) == (4, "") and "Java 17" in no_java.err
    monkeypatch.setattr("diversion.spark.session.find_spec", lambda name: None)
    no_spark = run("analyze", *store, "--engine", "spark")
    assert (no_spark.code, no_spark.out) == (4, "") and "pip install 'diversion[spark]'" in no_spark.err
    assert "Traceback" not in no_java.err + no_spark.err


def test_a_process_of_its_own_prints_nothing_else_and_leaves_nothing(tmp_path: Path) -> None:
    run("ingest", *write_case(tmp_path), "--store", tmp_path / "case.duckdb")
    folder = tmp_path / "work"
    folder.mkdir()
    environment = {**os.environ, "DIVERSION_SPARK_FOLDER": str(folder), "DIVERSION_ENGINE": "spark"}
    command = "-m", "diversion.cli", "analyze", "--master", "local[1]", "--format", "json"
    done = subprocess.run(
        [sys.executable, *command, "--store", str(tmp_path / "case.duckdb")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["corridors"] > 0
    assert not list(folder.iterdir())

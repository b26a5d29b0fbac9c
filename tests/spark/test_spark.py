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
from diversion.spark.sweeps import Swept
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

PLACE = Place(
    "local[2]",
    "1g",
    options={
        # What is small is not worth compiling.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.defaultJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    },
)


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
    hops, low, wait = dice.choice([3, 4]), dice.choice([0, 1]), dice.choice([3, 9])
    first = replace(worlds[0], hops=hops, dwell=(low, low + wait), open=dice.random() < 0.2)
    return packed([first, *worlds[1:]])


def found(engine: Engine, top: int) -> SearchResult:
    return drained(engine.ranked(top, full_score, Limits()))


def plain(asked: Asked, result: SearchResult) -> list[tuple[Any, ...]]:
    return [(one.route_id, one.score, told(one.corridor, asked.transfers)) for one in result.corridors]


def check(engine: OnSpark, top: int = 0) -> tuple[Census, SearchResult]:
    """The same answers as in memory, number by number and in the same order."""
    asked, memory = engine.asked, InMemory(engine.asked)
    counted, expected = engine.census(), memory.census()
    assert counted.walks == expected.walks and counted.exact == expected.exact
    for name in ("through", "started", "entered"):
        assert getattr(counted, name).tolist() == getattr(expected, name).tolist()
    one, other = found(engine, top), found(memory, top)
    assert plain(asked, one) == plain(asked, other)
    assert one.exact and one.truncated_by is None and one.proven == other.proven
    return counted, one


def again(engine: OnSpark, brought: int, **changes: Any) -> OnSpark:
    """The same sweeps, with fewer transfers brought or another question that does not change them."""
    question = replace(engine.asked.question, **changes)
    other = OnSpark(replace(engine.asked, question=question), PLACE, brought)
    vars(other)["swept"] = engine.swept
    return other


@pytest.mark.parametrize(("relations", "seed"), [("strict", 7), ("relabel", 6), ("jump", 2), ("all", 7)])
def test_answers_are_those_of_the_engine_in_memory(relations: str, seed: int) -> None:
    world = side_by_side(relations, seed)
    engine = OnSpark(asked_of(world), PLACE, 1)
    counted, result = check(engine)
    assert lengths(counted) == Counter(len(walk) for walk in world.walks())
    assert len(result.corridors) == len(world.corridors()) > 30
    for top, brought in ((1, 1), (5, 4), (20, 9)):
        fewer = again(engine, brought)
        examined = check(fewer, top)[1].examined
        assert examined == found(InMemory(engine.asked), top).examined
    via = set(range(0, 72, 2))
    passing = again(engine, 4, through=np.isin(np.arange(72), list(via)))
    assert lengths(check(passing, 10)[0]) == Counter(len(w) for w in replace(world, via=via).walks())


def lengths(counted: Census) -> dict[int, int]:
    return {walks.hops: walks.count for walks in counted.walks if walks.count}


def test_few_are_brought_where_few_decide() -> None:
    engine = OnSpark(asked_of(side_by_side("strict", 1)), PLACE)
    best = np.arange(100.0)
    rows = np.arange(100, dtype=np.int32)
    vars(engine)["swept"] = Swept((), rows, best, best, best, best, True)
    brought, floor = engine._part(9)
    src, dst = engine.asked.transfers.src, engine.asked.transfers.dst
    assert set(range(91, 100)) <= set(brought.tolist()) and 91 < floor < 91.1
    pairs = {(src[e], dst[e]) for e in range(91, 100)}
    assert set(brought.tolist()) == {e for e in range(100) if (src[e], dst[e]) in pairs}


@pytest.mark.parametrize("seed", range(2))
def test_days_known_to_a_span_and_dated_links(seed: int) -> None:
    worlds = [dated(blurred(random_world("all", 18, seed * 1000 + i), i), i) for i in range(8)]
    first = replace(worlds[0], hops=3, dwell=(0, [0, 2][seed]))
    counted, _ = check(OnSpark(asked_of(packed([first, *worlds[1:]])), PLACE))
    assert any(walks.upper_bound for walks in counted.walks)


@pytest.mark.parametrize("types", [sweeps.TYPES, sweeps.TYPES[2:]])
def test_counts_beyond_64_bits(types: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "TYPES", types)
    lanes, hops = 7000, 5
    transfers, question = layered(1, lanes, hops)
    nought = np.zeros(len(transfers))
    options = ProjectionOptions("strict", dwell_min=1, dwell_max=1)
    counted = OnSpark(Asked(transfers, options, question, Weights(nought, nought, nought)), PLACE).census()
    expected = [lanes**hop for hop in range(1, hops + 1)]
    assert expected[-1] > 2**63
    exact = types[0][0] != "double"
    assert [w.exact for w in counted.walks] == [exact or w.hops == 1 for w in counted.walks]
    assert [w.count for w in counted.walks] == (expected if exact else pytest.approx(expected, rel=1e-12))
    assert counted.visits(transfers)[-1] == pytest.approx(sum(expected), rel=1e-12)


def test_no_transfer_gives_no_route() -> None:
    world = replace(random_world("all", 22, 1), transfers=[], start=[], onward=[], end=[], users={}, kilos={})
    counted, result = check(OnSpark(asked_of(replace(world, pieces={}, hops=2)), PLACE), 3)
    assert [w.count for w in counted.walks] == [0, 0] and not result.corridors


def analysed(folder: Path, *flags: object) -> tuple[Any, Any]:
    at = "--store", folder / "case.duckdb", "--format", "json"
    summary = run("analyze", *at, *flags)
    assert summary.code == 0, summary.err
    return summary.json, run("routes", *at, "--top", 0).json


def test_analyze_tells_the_same_whatever_searches(tmp_path: Path) -> None:
    assert run("ingest", *write_case(tmp_path), "--store", tmp_path / "case.duckdb").code == 0
    (one, routes), (other, same) = (
        analysed(tmp_path, "--engine", engine, "--hops", 3) for engine in ("spark", "memory")
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
    command = "-m", "diversion.cli", "analyze", "--master", "local[1]", "--hops", "2", "--format", "json"
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

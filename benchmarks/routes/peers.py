"""The same question put to others: how many walks of up to five hops. The same counts, or an error.

Goods and parties are one node each pair, so that no peer looks at shipments of other goods. Raphtory is not
among them: its algorithms say which nodes are reached and count motifs of three nodes; none counts walks or
knows a window of days.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.routes.measuring import Clock, apart, head, row, seconds
from benchmarks.routes.worlds import DWELL, GOODS, HOPS, heavy, question_of, weights_of
from diversion.routes.census import census_of
from diversion.routes.corridors import search_in
from diversion.routes.field import ask
from diversion.routes.ranges import Projection, ProjectionOptions

WORLDS = {"few": (1_000_000, 20_000, 0.01), "many": (1_000_000, 500, 0.01), "rich": (1_000_000, 200, 0.02)}
PEERS = ("duckdb", "neo4j", "networkx")
NAMES = {"duckdb": "DuckDB recursive CTE", "neo4j": "Neo4j, warm", "networkx": "networkx, depth first"}


def ours(world: str) -> dict[str, Any]:
    """The least of three turns: with the projection, and without."""
    size, parties, share = WORLDS[world]
    transfers, clock = heavy(size, parties), Clock()
    question, counts = question_of(transfers, share), []
    for _ in range(3):
        with clock.time("all"):
            projection = Projection.build(transfers, ProjectionOptions("strict", dwell_max=DWELL))
            with clock.time("kept"):
                counts = [w.count for w in census_of(ask(projection, question)).walks]
        with clock.time("corridors"):
            search_in(ask(projection, question), weights_of(size), 1000)
    return {**clock, "counts": counts}


def columns_of(world: str) -> dict[str, Any]:
    """Shipments between nodes of a party with its goods."""
    size, parties, share = WORLDS[world]
    transfers = heavy(size, parties)
    question = question_of(transfers, share)
    keep = transfers.src != transfers.dst
    return {
        "src": (transfers.src * GOODS + transfers.item)[keep],
        "dst": (transfers.dst * GOODS + transfers.item)[keep],
        "departed": transfers.departed[keep],
        "arrived": transfers.arrived[keep],
        "terminal": question.terminal[keep],
        "origin": question.origin[keep],
    }


BACKWARD = """
WITH RECURSIVE walk AS (
  SELECT 1 AS hops, src, departed, origin FROM t WHERE terminal
  UNION ALL
  SELECT hops + 1, t.src, t.departed, t.origin FROM walk JOIN t
    ON t.dst = walk.src AND walk.departed BETWEEN t.arrived AND t.arrived + $1
  WHERE NOT t.terminal AND hops < $2
)
SELECT hops, count(*) FROM walk WHERE origin GROUP BY hops
"""


def duckdb(world: str, limit: float) -> dict[str, Any]:
    import duckdb as engine

    with tempfile.TemporaryDirectory() as folder:
        base = engine.connect()
        base.execute("SET threads = 2; SET memory_limit = '6GB'; SET max_temp_directory_size = '6GB'")
        base.execute("SET temp_directory = $1", [folder])
        base.register("given", columns_of(world))
        base.execute("CREATE TABLE t AS SELECT * FROM given")
        watch = Timer(limit, base.interrupt)
        watch.start()
        counts, clock = [0] * HOPS, Clock()
        try:
            for _ in range(3 if world == "few" else 1):
                with clock.time("all"):
                    for hops, count in base.execute(BACKWARD, [DWELL, HOPS]).fetchall():
                        counts[hops - 1] = count
        except engine.InterruptException:
            return {}
        except engine.OutOfMemoryException:
            return {"stopped": "out of 6 GB of memory and 6 of disk"}
        finally:
            watch.cancel()
    return {"all": clock["all"], "counts": counts}


def networkx(world: str, limit: float) -> dict[str, Any]:
    """From the last shipment of a walk backward, as in the other queries; loading is not counted."""
    from networkx import MultiDiGraph

    given = columns_of(world)
    graph = MultiDiGraph()
    rows = list(zip(*(column.tolist() for column in given.values()), strict=True))
    graph.add_edges_from((src, dst, {"e": rest}) for src, dst, *rest in rows)
    counts, began, step = Counter[int](), perf_counter(), 0
    stack = [(row[0], row[2], row[5], 1) for row in rows if row[4]]
    while stack:
        step += 1
        if not step % 10_000 and perf_counter() - began > limit:
            return {}
        node, left, begins, hops = stack.pop()
        if begins:
            counts[hops] += 1
        if hops < HOPS:
            for before, _, (departed, arrived, terminal, origin) in graph.in_edges(node, data="e"):
                if arrived <= left <= arrived + DWELL and not terminal:
                    stack.append((before, departed, origin, hops + 1))
    return {"all": perf_counter() - began, "counts": [counts[h] for h in range(1, HOPS + 1)]}


def chain(hops: int) -> str:
    """One MATCH a hop, from the last shipment backward."""
    lines = [f"MATCH (n1)-[e1:SENT]->() WHERE e1.terminal AND {hops} > 0"]
    for i in range(2, hops + 1):
        day = f"e{i - 1}.departed"
        lines.append(f"MATCH (n{i})-[e{i}:SENT]->(n{i - 1}) WHERE NOT e{i}.terminal")
        lines.append(f"AND e{i}.arrived <= {day} AND e{i}.arrived >= {day} - {DWELL}")
    return "\n".join([*lines, f"WITH e{hops} WHERE e{hops}.origin RETURN count(*) AS walks"])


def neo4j(world: str, limit: float) -> dict[str, Any]:
    with _server() as (url, password):
        from neo4j import GraphDatabase
        from neo4j.exceptions import Neo4jError

        with GraphDatabase.driver(url, auth=("neo4j", password)) as driver, driver.session() as session:
            _load(session, columns_of(world))
            counts, took = [], [0.0, 0.0]
            try:
                for turn in range(2 if world == "few" else 1):
                    began, counts = perf_counter(), []
                    for hops in range(1, HOPS + 1):
                        left = limit - (perf_counter() - began)
                        from neo4j import Query

                        query = Query(chain(hops), timeout=max(left, 0.001))  # type: ignore[arg-type]
                        counts.append(session.run(query).single(strict=True)["walks"])
                    took[turn] = perf_counter() - began
            except Neo4jError as fault:
                if "Timeout" in str(fault.code) or "terminat" in str(fault).lower():
                    return {}
                return {"stopped": str(fault.code)}
    return {"all": took[1] or took[0], "counts": counts}


def _load(session: Any, given: dict[str, Any]) -> None:
    session.run("CREATE CONSTRAINT FOR (n:Node) REQUIRE n.id IS UNIQUE").consume()
    session.run("CREATE INDEX FOR ()-[e:SENT]-() ON (e.terminal)").consume()
    nodes = np.unique(np.concatenate([given["src"], given["dst"]])).tolist()
    for begin in range(0, len(nodes), 50_000):
        session.run("UNWIND $ids AS id CREATE (:Node {id: id})", ids=nodes[begin : begin + 50_000]).consume()
    create = (
        "UNWIND $rows AS r MATCH (a:Node {id: r[0]}) MATCH (b:Node {id: r[1]}) CREATE (a)-[:SENT "
        "{departed: r[2], arrived: r[3], terminal: r[4], origin: r[5]}]->(b)"
    )
    rows = list(zip(*(column.tolist() for column in given.values()), strict=True))
    for begin in range(0, len(rows), 50_000):
        session.run(create, rows=[list(r) for r in rows[begin : begin + 50_000]]).consume()
    session.run("CALL db.awaitIndexes(600)").consume()


@contextmanager
def _server() -> Iterator[tuple[str, str]]:
    import secrets

    from tests.neo4j_server import server

    with tempfile.TemporaryDirectory() as home:
        password = secrets.token_urlsafe(16)
        with server(Path(home), password) as url:
            yield url, password


def absent(peer: str) -> str | None:
    """Why a peer cannot be asked here."""
    if peer != "neo4j":
        return None if importlib.util.find_spec(peer) else "not installed"
    from tests.neo4j_server import missing

    tools = missing()
    return f"no {', '.join(tools)}" if tools else None


def asked(peer: str, world: str, limit: float) -> dict[str, Any]:
    """A peer's answer, from a process of its own that ends some minutes after the limit at the latest."""
    call = f"import json, benchmarks.routes.peers as b; print(json.dumps(b.{peer}({world!r}, {limit})))"
    child = subprocess.Popen([sys.executable, "-c", call], stdout=subprocess.PIPE, text=True)
    try:
        out, _ = child.communicate(timeout=limit + 600)
    except subprocess.TimeoutExpired:
        child.kill()
        return {}
    if child.returncode:
        return {"stopped": f"ended with {child.returncode}"}
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def table(limit: float, peers: tuple[str, ...] = PEERS, worlds: tuple[str, ...] = tuple(WORLDS)) -> None:
    print("\ncounting every walk of up to 5 hops, strict, seconds (how many times ours with the projection, ")
    print("and without); loading is not counted for any; every number of walks was the same\n")
    head("world", "walks", "ours", "ours, kept", *(NAMES[peer] for peer in peers), "1,000 corridors, ours")
    for world in worlds:
        mine = apart("peers", "ours", world)
        cells = [
            told(asked(p, world, limit), mine, limit) if not absent(p) else str(absent(p)) for p in peers
        ]
        size, parties, _ = WORLDS[world]
        row(
            f"*{world}*: {size:,} transfers, {parties:,} parties",
            f"{sum(mine['counts']):,}",
            seconds(mine["all"]),
            seconds(mine["kept"]),
            *cells,
            seconds(mine["corridors"]),
        )


def told(found: dict[str, Any], mine: dict[str, Any], limit: float) -> str:
    if "stopped" in found:
        return str(found["stopped"])
    if not found:
        return f"not in {limit:.0f} (> {limit / mine['all']:,.0f}×, {limit / mine['kept']:,.0f}×)"
    if found["counts"] != mine["counts"]:
        raise AssertionError(f"{found['counts']} is not {mine['counts']}")
    took = found["all"]
    return f"{seconds(took)} ({took / mine['all']:,.1f}×, {took / mine['kept']:,.0f}×)"

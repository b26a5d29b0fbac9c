"""How other tools count the same walks: DuckDB, Neo4j and networkx, each in its fairest form.

Every function loads a world, counts the walks of one to `HOPS` transfers several times, and says how long
each took, in lines of JSON on stdout, so that what was done before a time-out is known. The strict
relation: the same
goods at the same party, which waited no longer than `DWELL` days.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from time import perf_counter

from benchmarks.routes import DWELL, HOPS, question_of
from benchmarks.routes import heavy as heavy_tailed
from benchmarks.stores import neo4j_server
from diversion.routes.census import walks_of
from diversion.routes.field import ask
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.routes.transfers import Transfers

WORLDS = {
    "few": (1_000_000, 20_000, 0.01),
    "many": (1_000_000, 850, 0.05),
    "rich": (1_000_000, 250, 0.05),
}
"""Transfers, parties, share of the parties that are restricted."""
QUICK = 5.0
"""Seconds."""
COLUMNS = ("src", "dst", "item", "departed", "arrived")
Counts = list[int]


def say(stage: str, seconds: float, counts: Counts | None = None) -> None:
    print(json.dumps({"stage": stage, "seconds": seconds, "counts": counts}), flush=True)


def timed(stage: str, work: Callable[[], Counts | None]) -> float:
    began = perf_counter()
    counts = work()
    took = perf_counter() - began
    say(stage, took, counts)
    return took


def asked_often(count: Callable[[], Counts]) -> None:
    """The question once, and again: thrice where it is quick, since other work disturbs a short one most."""
    timed("first", count)
    for _ in range(3):
        if timed("again", count) > QUICK:
            break


def asked(name: str) -> tuple[Transfers, Question]:
    size, parties, share = WORLDS[name]
    transfers = heavy_tailed(size, parties)
    return transfers, question_of(transfers, share)


def diversion(transfers: Transfers, question: Question) -> None:
    """Ours: the projection is the loading."""
    kept: list[Projection] = []

    def build() -> None:
        kept[:] = [Projection.build(transfers, ProjectionOptions("strict", dwell_max=DWELL))]

    def count() -> Counts:
        return [walks.count for walks in walks_of(ask(kept[0], question))]

    for stage in ("compile", "load"):
        timed(stage, build)
    timed("compile", count)
    asked_often(count)


BACKWARD = """
WITH RECURSIVE walk AS (
  SELECT 1 AS hops, src, item, departed, origin FROM t WHERE terminal
  UNION ALL
  SELECT hops + 1, t.src, t.item, t.departed, t.origin FROM walk JOIN t
    ON t.dst = walk.src AND t.item = walk.item
   AND walk.departed BETWEEN t.arrived AND t.arrived + $1
  WHERE NOT t.terminal AND hops < $2
)
SELECT hops, count(*) FROM walk WHERE origin GROUP BY hops
"""


def duckdb(transfers: Transfers, question: Question) -> None:
    """A recursive common table expression, from the restricted ends backward."""
    import duckdb as engine

    base = engine.connect()
    base.execute("SET threads = 2")
    columns = {name: getattr(transfers, name) for name in COLUMNS}
    columns |= {"terminal": question.terminal, "origin": question.origin}

    def load() -> None:
        base.register("given", columns)
        base.execute("CREATE TABLE t AS SELECT * FROM given WHERE src <> dst")

    def count() -> Counts:
        found = dict(base.execute(BACKWARD, [DWELL, HOPS]).fetchall())
        return [found.get(hops, 0) for hops in range(1, HOPS + 1)]

    timed("load", load)
    asked_often(count)


def rows(transfers: Transfers, question: Question) -> Iterator[tuple[int, int, int, int, int, bool, bool]]:
    columns = [getattr(transfers, name).tolist() for name in COLUMNS]
    flags = [question.terminal.tolist(), question.origin.tolist()]
    return (row for row in zip(*columns, *flags, strict=True) if row[0] != row[1])


CREATE = """
UNWIND $rows AS r
MATCH (a:Holding {key: r[0]}) MATCH (b:Holding {key: r[1]})
CREATE (a)-[:SENT {departed: r[2], arrived: r[3], terminal: r[4], origin: r[5]}]->(b)
"""


def chain(hops: int) -> str:
    """One MATCH a hop, backward from the restricted ends; a node is a party with its goods."""
    steps = [
        f"MATCH (p{hop})-[e{hop}:SENT]->(p{hop - 1}) WHERE NOT e{hop}.terminal "
        f"AND e{hop}.arrived <= e{hop - 1}.departed AND e{hop - 1}.departed <= e{hop}.arrived + {DWELL}"
        for hop in range(2, hops + 1)
    ]
    ends = "MATCH (p1)-[e1:SENT {terminal: true}]->()"
    return "\n".join([ends, *steps, f"WITH e{hops} WHERE e{hops}.origin RETURN count(*) AS walks"])


def neo4j(transfers: Transfers, question: Question) -> None:
    """Parties with their goods as nodes, transfers as relationships, ends indexed; Cypher over Bolt, warm."""
    import os

    from neo4j import GraphDatabase

    with neo4j_server() as url:
        if url is None:
            raise SystemExit("no Neo4j server can be started here")
        secret = (os.environ["DIVERSION_NEO4J_USER"], os.environ["DIVERSION_NEO4J_PASSWORD"])
        with GraphDatabase.driver(url, auth=secret) as driver:
            goods = len(transfers.hs6)

            def load() -> None:
                driver.execute_query("CREATE CONSTRAINT FOR (h:Holding) REQUIRE h.key IS UNIQUE")
                driver.execute_query("CREATE INDEX FOR ()-[s:SENT]-() ON (s.terminal)")
                moved = [
                    [src * goods + item, dst * goods + item, departed, arrived, end, origin]
                    for src, dst, item, departed, arrived, end, origin in rows(transfers, question)
                ]
                keys = sorted({key for row in moved for key in row[:2]})
                for begin in range(0, len(keys), 50_000):
                    text = "UNWIND $keys AS key CREATE (:Holding {key: key})"
                    driver.execute_query(text, keys=keys[begin : begin + 50_000])
                for begin in range(0, len(moved), 50_000):
                    driver.execute_query(CREATE, rows=moved[begin : begin + 50_000])
                driver.execute_query("CALL db.awaitIndexes(300)")

            def count() -> Counts:
                found = [driver.execute_query(chain(hops)) for hops in range(1, HOPS + 1)]
                return [int(one.records[0]["walks"]) for one in found]

            timed("load", load)
            asked_often(count)


def networkx(transfers: Transfers, question: Question) -> None:
    """Depth-first search backward over a graph of parties with their goods."""
    import networkx as nx

    graph = nx.MultiDiGraph()
    ends: list[tuple[tuple[int, int], int, bool]] = []

    def load() -> None:
        for src, dst, item, departed, arrived, end, origin in rows(transfers, question):
            graph.add_edge((src, item), (dst, item), days=(departed, arrived, end, origin))
            if end:
                ends.append(((src, item), departed, origin))

    def count() -> Counts:
        found: dict[int, int] = defaultdict(int)
        stack = [(1, *end) for end in ends]
        while stack:
            hops, party, departed, origin = stack.pop()
            found[hops] += origin
            if hops == HOPS or party not in graph:
                continue
            for before, _, (left, arrived, end, begins) in graph.in_edges(party, data="days"):
                if not end and arrived <= departed <= arrived + DWELL:
                    stack.append((hops + 1, before, left, begins))
        return [found[hops] for hops in range(1, HOPS + 1)]

    timed("load", load)
    asked_often(count)


TOOLS = {"diversion": diversion, "duckdb": duckdb, "neo4j": neo4j, "networkx": networkx}

if __name__ == "__main__":
    TOOLS[sys.argv[1]](*asked(sys.argv[2]))

"""What `verify` finds."""

from __future__ import annotations

import os
from collections.abc import Callable

import duckdb
import pytest

from diversion.errors import StoreTooNew
from diversion.store import open_store
from diversion.store.base import Batch
from tests.store.rows import everything

Tamper = Callable[[str], None]


@pytest.fixture
def tamper(place: str) -> Tamper:
    """Run a statement behind the back of the store."""

    def run(text: str) -> None:
        if "://" not in place:
            with duckdb.connect(place) as con:
                con.execute(text)
            return
        from neo4j import GraphDatabase

        auth = (os.environ["DIVERSION_NEO4J_USER"], os.environ["DIVERSION_NEO4J_PASSWORD"])
        with GraphDatabase.driver(place, auth=auth) as driver, driver.session() as session:
            session.run(text).consume()

    return run


@pytest.mark.parametrize(
    ("sql", "cypher", "where", "what"),
    [
        (
            'DELETE FROM store."SENT" WHERE rowid = 0',
            "MATCH ()-[r:SENT]->() WITH r LIMIT 1 DELETE r",
            "SENT",
            "1 of 4 rows is lost",
        ),
        (
            'UPDATE store."Shipment" SET quantity = 1e6 WHERE _key = 2',
            "MATCH (s:Shipment) WITH s ORDER BY s.id LIMIT 1 SET s.quantity = 1000000.0",
            "Shipment",
            "changed behind",
        ),
        (
            'UPDATE store."OWNS" SET owned = owner WHERE rowid = 1',
            "MATCH (a)-[r:OWNS]->() WITH a, r LIMIT 1 CREATE (a)-[n:OWNS]->(a) SET n = r DELETE r",
            "OWNS",
            "changed behind",
        ),
        (
            "INSERT INTO store.\"Item\" SELECT 99, '111111', '1111', max(_batch) FROM store.\"Item\"",
            "MATCH (i:Item) WITH max(i._batch) AS b CREATE (:Item {hs6: '111111', hs4: '1111', _batch: b})",
            "Item",
            "1 rows came in",
        ),
    ],
)
def test_damage_is_found_and_named(
    place: str, tamper: Tamper, sql: str, cypher: str, where: str, what: str
) -> None:
    with open_store(place) as store:
        store.write(Batch("june.csv", everything()))
    tamper(cypher if "://" in place else sql)
    with open_store(place, read_only=True) as store:
        (problem,) = store.verify()
    assert problem.where == f"{where}, batch june.csv"
    assert what in problem.what
    assert problem.hint


def test_a_newer_layout_is_not_opened(place: str, tamper: Tamper) -> None:
    open_store(place).close()
    tamper("MATCH (s:_Store) SET s.version = 99" if "://" in place else "UPDATE store.meta SET version = 99")
    with pytest.raises(StoreTooNew, match="version 99"):
        open_store(place)

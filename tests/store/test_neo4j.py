"""What goes wrong with a server, and what is left of it."""

from __future__ import annotations

import os
from typing import Any

import pytest

from diversion import schema
from diversion.errors import StoreError, StoreLocked, StoreUnavailable, UsageError
from diversion.store import open_store
from diversion.store.base import Batch, Written
from diversion.store.neo4j import Neo4jStore
from diversion.store.neo4j_lease import Lease
from diversion.store.neo4j_write import Writer
from tests.store.rows import contents, everything, party, shipment, table


def _run(url: str, text: str, **given: Any) -> list[dict[str, Any]]:
    from neo4j import GraphDatabase

    auth = (os.environ["DIVERSION_NEO4J_USER"], os.environ["DIVERSION_NEO4J_PASSWORD"])
    with GraphDatabase.driver(url, auth=auth) as driver, driver.session() as session:
        return session.run(text, given).data()


def test_no_server_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSION_NEO4J_PASSWORD", "whatever")
    with pytest.raises(StoreUnavailable, match="no Neo4j server answers") as caught:
        open_store("bolt://127.0.0.1:1", wait=1)
    assert "docker compose up" in caught.value.hint


def test_a_password_is_asked_for_and_not_taken_from_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIVERSION_NEO4J_PASSWORD", raising=False)
    with pytest.raises(StoreUnavailable, match="no password is set"):
        open_store("neo4j://127.0.0.1:1")
    with pytest.raises(UsageError, match="no user or password in the address") as caught:
        open_store("neo4j://me:s3cret@127.0.0.1:1")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(UsageError):
        open_store("neo4j://127.0.0.1:notaport")


def test_a_wrong_password_is_said(neo4j_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSION_NEO4J_PASSWORD", "wrong")
    with pytest.raises(StoreUnavailable, match="refuses this user or password") as caught:
        open_store(neo4j_url)
    assert "DIVERSION_NEO4J_PASSWORD" in caught.value.hint
    assert "wrong" not in str(caught.value)


def test_a_wrong_database_is_said(neo4j_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="no such database"):
        open_store(f"{neo4j_url}/nowhere")


def test_a_database_is_named_in_the_address(neo4j_empty: str) -> None:
    with open_store(f"{neo4j_empty}/neo4j") as store:
        store.write(Batch("b1", {"Party": table("Party", party("A"))}))
        assert store.count("Party") == 1


def test_a_database_of_something_else_is_left_alone(neo4j_empty: str) -> None:
    _run(neo4j_empty, "CREATE (:Movie {title: 'Heat'})")
    with pytest.raises(StoreError, match="belongs to something else"):
        open_store(neo4j_empty)
    assert _run(neo4j_empty, "MATCH (n) RETURN count(n) AS n") == [{"n": 1}]


def _half(store: Neo4jStore) -> None:
    """What is left of a writer that died before its marker: changed, new and superseded rows."""
    rows = everything()
    lease = Lease(store._server)
    lease.take(1)
    lease.write(("CREATE (:_Batch {number: 99, id: 'half', open: true})", {}))
    writer = Writer(store._server, lease, 99)
    old = rows["Shipment"].to_pylist()
    kinds = schema.load()
    writer.write(kinds["Party"], table("Party", party("new")))
    changed = [row | {"quantity": 77.0, "departed_on": None} for row in old]
    writer.write(kinds["Shipment"], table("Shipment", *changed, shipment("S9")))
    sent = {"party": "new", "shipment": old[0]["id"]}
    writer.write(kinds["SENT"], table("SENT", sent, {"party": "new", "shipment": "S9/1"}))
    writer.supersede(kinds["POSSIBLY_SAME"])
    lease.leave()


def test_a_half_written_batch_is_not_read_and_then_undone(neo4j_empty: str) -> None:
    with open_store(neo4j_empty) as store:
        assert isinstance(store, Neo4jStore)
        store.write(Batch("b1", everything()))
        before, wide = contents(store), store.shipments()
        _half(store)
        assert _run(neo4j_empty, "MATCH (p:Party {id: 'new'}) RETURN count(p) AS n") == [{"n": 1}]
        assert contents(store) == before
        assert store.shipments() == wide
        assert {kind: store.count(kind) for kind in before} == {
            kind: len(rows) for kind, rows in before.items()
        }
        assert [problem.where for problem in store.verify()] == ["batch 99"]
        rows = table("Item", {"hs6": "111111", "hs4": "1111"})
        assert store.write(Batch("b2", {"Item": rows}))["Item"] == Written(inserted=1)
        assert contents(store) == before | {"Item": store.read("Item")}
        assert store.verify() == []
    hidden = "MATCH (n) WHERE n._before IS NOT NULL OR n._batch = 99 RETURN count(n) AS n"
    assert _run(neo4j_empty, hidden) == [{"n": 0}]
    assert _run(neo4j_empty, "MATCH ()-[r]->() WHERE r._gone IS NOT NULL RETURN count(r) AS n") == [{"n": 0}]


def test_one_writes_at_a_time(neo4j_empty: str) -> None:
    with open_store(neo4j_empty) as holder, open_store(neo4j_empty, wait=0.3) as waiting:
        assert isinstance(holder, Neo4jStore)
        lease = Lease(holder._server)
        lease.take(0)
        with pytest.raises(StoreLocked, match=f"process {os.getpid()} on .* is writing"):
            waiting.write(Batch("b1", {"Party": table("Party", party("A"))}))
        lease.leave()
        waiting.write(Batch("b1", {"Party": table("Party", party("A"))}))
        with pytest.raises(StoreLocked, match="taken over"):
            lease.write(("CREATE (:Party {id: 'late'})", {}))
        assert waiting.count("Party") == 1


def test_the_lease_of_a_dead_writer_ends(neo4j_empty: str) -> None:
    with open_store(neo4j_empty, wait=0) as store:
        assert isinstance(store, Neo4jStore)
        Lease(store._server).take(0)
        _run(neo4j_empty, "MATCH (s:_Store) SET s.until = timestamp() - 1")
        assert store.write(Batch("b1", {"Party": table("Party", party("A"))}))["Party"].inserted == 1


def test_results_of_every_sort_become_columns(neo4j_empty: str) -> None:
    with open_store(neo4j_empty) as store:
        store.write(Batch("b1", {"Party": table("Party", party("A", name="Alpha"))}))
        row = store.query(
            "MATCH (p:Party) RETURN p, [1, null] AS l, {a: 1} AS m, date('2024-01-01') AS d"
        ).to_pylist()
        assert row[0]["p"]["name"] == "Alpha"
        assert not any(key.startswith("_") for key in row[0]["p"])
        mixed = store.query("UNWIND [1, 'a', null] AS x RETURN x").to_pylist()
        assert mixed == [{"x": "1"}, {"x": '"a"'}, {"x": None}]
        assert store.query("MATCH (p:Party {id: 'none'}) RETURN p.id AS id").column_names == ["id"]

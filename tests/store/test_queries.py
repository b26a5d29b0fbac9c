"""The saved queries for analysts, run on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from diversion.store import open_store
from diversion.store.base import Batch, Store
from tests.store.rows import party, shipment, table

QUERIES = Path(__file__).resolve().parents[2] / "graph_schema" / "queries"
DAYS = [date(2024, 1, n) for n in range(1, 20)]


def _sent(name: str, exporter: str, consignee: str, out: int, arrived: int) -> dict[str, Any]:
    days = {"departed_on": DAYS[out], "arrived_on": DAYS[arrived]}
    return {
        "exporter": exporter,
        "consignee": consignee,
        "row": shipment(name, hs6="854231", value_usd=10.0, **days),
    }


def case() -> dict[str, pa.Table]:
    """Maker sends to Middle, who sends on to Listed; a trust owns 60 % of its holding."""
    sent = [
        _sent("S1", "Maker", "Middle", 0, 2),
        _sent("S2", "Maker", "Middle", 5, 9),
        _sent("S3", "Middle", "Listed", 4, 6),
    ]
    names = ("Maker", "Middle", "Listed", "Trust", "Holding", "Neighbour")
    held = {"kind": "shares", "share_max": 60.0}
    carried = [{"route": "R-1", "shipment": s, "seq": n} for n, s in ((1, "S1/1"), (2, "S3/1"))]
    file = {
        "id": "F1",
        "file": "june.csv",
        "kind": "shipments",
        "sha256": "0",
        "bytes": 1,
        "ingested_on": DAYS[0],
    }
    return {
        "Source": table("Source", file | {"read": 3, "loaded": 3, "merged": 0, "rejected": 0}),
        "Party": table("Party", *(party(n, name=f"{n} Radian") for n in names)),
        "Shipment": table("Shipment", *(s["row"] | {"row": n} for n, s in enumerate(sent, 2))),
        "SENT": table("SENT", *({"party": s["exporter"], "shipment": s["row"]["id"]} for s in sent)),
        "DELIVERED_TO": table(
            "DELIVERED_TO", *({"party": s["consignee"], "shipment": s["row"]["id"]} for s in sent)
        ),
        "OWNS": table(
            "OWNS",
            {"id": "1", "owner": "Trust", "owned": "Holding", "share_min": 60.0} | held,
            {"id": "2", "owner": "Holding", "owned": "Middle", "share_min": 50.0, "until": DAYS[9]} | held,
        ),
        "Address": table("Address", {"id": "A1", "text": "1 Quay", "address_key": "1 quay"}),
        "LOCATED_AT": table("LOCATED_AT", *({"party": p, "address": "A1"} for p in ("Middle", "Neighbour"))),
        "Listing": table("Listing", {"id": "L1", "list": "us_csl", "kind": "company", "authority": "US BIS"}),
        "LISTED_AS": table("LISTED_AS", {"party": "Listed", "listing": "L1", "score": 1.0, "why": "name"}),
        "POSSIBLY_SAME": table(
            "POSSIBLY_SAME", {"party": "Middle", "other": "Neighbour", "score": 0.7, "why": "alike"}
        ),
        "Run": table("Run", *({"id": r, "finished_at": t, "policy": "p", "summary": "{}"} for r, t in RUNS)),
        "Route": table("Route", {"id": "R-1", "parties": ["Maker", "Middle", "Listed"], "hs6": "854231"}),
        "FOUND": table(
            "FOUND", *({"run": r, "route": "R-1", "rank": 1, "score": 88.0, "finding": "{}"} for r, _ in RUNS)
        ),
        "CARRIED": table("CARRIED", *carried),
    }


RUNS = (("old", "2024-05-01T00:00:00Z"), ("new", "2024-06-01T00:00:00Z"))
EXPECTED: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "neighbours": (
        {"party": "Middle"},
        [
            {"direction": "received from", "party": "Maker", "shipments": 2, "value_usd": 20.0},
            {"direction": "sent to", "party": "Listed", "shipments": 1, "first_day": DAYS[4]},
        ],
    ),
    "owners": (
        {"party": "Middle", "day": None},
        [
            {"owner": "Holding", "levels": 1, "share_min": 50.0, "share_max": 60.0},
            {"owner": "Trust", "levels": 2, "share_min": 30.0, "share_max": 36.0},
        ],
    ),
    "shipments_between": (
        {"exporter": "Maker", "consignee": "Middle"},
        [
            {"shipment": "S1/1", "departed_on": DAYS[0], "file": "june.csv", "row": 2},
            {"shipment": "S2/1", "departed_on": DAYS[5], "file": "june.csv", "row": 3},
        ],
    ),
    "shared_addresses": ({"party": "Middle", "most": 50}, [{"party": "Neighbour", "address": "1 Quay"}]),
    "possibly_same": (
        {"party": "Neighbour", "least": 0.5},
        [{"party": "Middle", "other": "Neighbour", "score": 0.7, "other_name": "Neighbour Radian"}],
    ),
    "last_findings": ({"top": 5}, [{"run": "new", "rank": 1, "route": "R-1", "shipments": 2}]),
    "evidence": (
        {"route": "R-1"},
        [
            {"hop": 1, "shipment": "S1/1", "exporter": "Maker", "consignee": "Middle", "row": 2},
            {"hop": 2, "shipment": "S3/1", "exporter": "Middle", "consignee": "Listed", "row": 4},
        ],
    ),
    "names": ({"text": "holdin~ AND radian", "top": 5}, [{"party": "Holding", "name": "Holding Radian"}]),
    "two_hops_to_listed": (
        {"hs6": "854231", "days": 180, "confidence": 0.9, "top": 5},
        [{"origin": "Maker", "middle": "Middle", "listed": "Listed", "shipments_in": 1, "shipments_out": 1}],
    ),
}


@pytest.fixture
def store(neo4j_empty: str) -> Iterator[Store]:
    with open_store(neo4j_empty) as opened:
        opened.write(Batch("b1", case()))
        yield opened


def test_every_saved_query_is_tested_and_explained() -> None:
    files = {path.stem: path.read_text(encoding="utf-8") for path in QUERIES.glob("*.cypher")}
    assert files.keys() == EXPECTED.keys()
    assert all(text.startswith("// ") and "// Parameters: $" in text for text in files.values())


def test_saved_queries_answer(store: Store) -> None:
    for name, (parameters, expected) in EXPECTED.items():
        text = (QUERIES / f"{name}.cypher").read_text(encoding="utf-8")
        rows = store.query(text, parameters).to_pylist()
        assert [{c: row[c] for c in want} for row, want in zip(rows, expected, strict=True)] == expected, name


def test_owners_of_a_day_leave_out_what_had_ended(store: Store) -> None:
    text = (QUERIES / "owners.cypher").read_text(encoding="utf-8")
    assert len(store.query(text, {"party": "Middle", "day": DAYS[8].isoformat()})) == 2
    assert len(store.query(text, {"party": "Middle", "day": DAYS[9].isoformat()})) == 0

"""What every store promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pytest

from diversion import schema
from diversion.errors import SchemaError, StoreError, UsageError
from diversion.store import open_store
from diversion.store.base import PARTY_ROLES, SHIPMENT_COLUMNS, Batch, Store, Written
from tests.store.rows import HOSTILE, contents, everything, ordered, party, shipment, table


def small() -> dict[str, pa.Table]:
    return {
        "Party": table("Party", party("A", name="Alpha"), party("B", name="Beta")),
        "Shipment": table("Shipment", shipment("S1", quantity=5.0, row=1)),
        "SENT": table("SENT", {"party": "A", "shipment": "S1/1", "name": "Alpha", "country": "DE"}),
        "DELIVERED_TO": table("DELIVERED_TO", {"shipment": "S1/1", "party": "B"}),
    }


def test_every_type_comes_back_as_it_went_in(store: Store) -> None:
    given = everything()
    written = store.write(Batch("b1", given))
    for name, rows in given.items():
        assert written[name] == Written(inserted=len(rows)), name
        back = store.read(name)
        assert back.schema == schema.load()[name].arrow, name
        assert back.to_pylist() == ordered(name, rows), name
        assert store.count(name) == len(rows)
    assert store.verify() == []


def test_some_rows_are_read_alone(store: Store) -> None:
    given = everything()
    store.write(Batch("b1", given))
    for name, rows in given.items():
        column = schema.load()[name].key[0]
        chosen = pa.array(rows[column].to_pylist()[:2], rows[column].type)
        wanted = [row for row in ordered(name, rows) if row[column] in chosen.to_pylist()]
        assert store.read(name, only=(column, chosen)).to_pylist() == wanted, name
        loose = store.read(name, [column], ordered=False)[column].to_pylist()
        assert sorted(loose) == sorted(rows[column].to_pylist()), name


def test_all_is_there_after_opening_again(place: str) -> None:
    with open_store(place) as store:
        store.write(Batch("b1", everything()))
        before = contents(store)
    with open_store(place, read_only=True) as store:
        assert contents(store) == before
        with pytest.raises(StoreError, match="reading only"):
            store.write(Batch("b2", small()))


def test_an_empty_store_has_every_type(store: Store) -> None:
    for name, rows in contents(store).items():
        assert rows.schema == schema.load()[name].arrow
        assert len(rows) == store.count(name) == 0
    assert store.shipments().column_names == list(SHIPMENT_COLUMNS)
    assert store.verify() == []


@pytest.mark.parametrize("second", ["b1", "b2"])
def test_the_same_rows_twice_change_nothing(store: Store, second: str) -> None:
    given = everything()
    store.write(Batch("b1", given))
    before = contents(store)
    written = store.write(Batch(second, given))
    assert written == {name: Written(unchanged=len(rows)) for name, rows in given.items()}
    assert contents(store) == before
    assert store.verify() == []


def test_a_batch_that_was_corrected_stays_corrected(store: Store) -> None:
    first, second = small(), {"Shipment": table("Shipment", shipment("S1", quantity=7.0))}
    store.write(Batch("b1", first))
    assert store.write(Batch("b2", second))["Shipment"] == Written(updated=1)
    store.write(Batch("b1", first))
    assert store.read("Shipment", ["quantity"]).to_pylist() == [{"quantity": 7.0}]
    assert store.verify() == []


def test_a_failing_table_leaves_the_store_as_it_was(store: Store) -> None:
    store.write(Batch("b1", small()))
    before = contents(store)
    bad = {
        "Party": table("Party", party("A", name="Other", stated=True), party("C")),
        "Shipment": table("Shipment", shipment("S1", quantity=6.0), shipment("S2")),
        "SENT": table("SENT", {"party": "B", "shipment": "S1/1"}, {"party": "nobody", "shipment": "S2/1"}),
    }
    with pytest.raises(SchemaError, match="neither in the batch nor in the store"):
        store.write(Batch("b2", bad))
    assert contents(store) == before
    assert store.verify() == []
    good = bad | {
        "SENT": table("SENT", {"party": "B", "shipment": "S1/1"}, {"party": "C", "shipment": "S2/1"})
    }
    assert store.write(Batch("b2", good))["SENT"] == Written(inserted=1, updated=1)
    assert store.verify() == []


def test_a_stream_that_breaks_off_leaves_the_store_as_it_was(store: Store) -> None:
    store.write(Batch("b1", small()))
    before = contents(store)

    def breaking() -> Iterator[pa.RecordBatch]:
        yield from table("Party", party("C"), party("D")).to_batches()
        raise SchemaError("the file ends here")

    stream = pa.RecordBatchReader.from_batches(schema.load()["Party"].arrow, breaking())
    with pytest.raises(SchemaError, match="the file ends here"):
        store.write(Batch("b2", {"Party": stream}))
    assert contents(store) == before
    assert store.verify() == []


def test_streams_of_several_batches_go_in(store: Store) -> None:
    parts = [table("Party", party(f"P{n}-{k}")) for n in range(3) for k in range(4)]
    batches = [batch for part in parts for batch in part.to_batches()]
    stream = pa.RecordBatchReader.from_batches(schema.load()["Party"].arrow, iter(batches))
    assert store.write(Batch("b1", {"Party": stream}))["Party"] == Written(inserted=12)
    assert store.count("Party") == 12


@pytest.mark.parametrize("streamed", [False, True])
def test_a_key_that_stands_twice_is_refused(store: Store, streamed: bool) -> None:
    rows = pa.concat_tables([table("Shipment", shipment("S1")), table("Shipment", shipment("S1", row=2))])
    given = rows.to_reader() if streamed else rows
    with pytest.raises(SchemaError, match="twice"):
        store.write(Batch("b1", {"Shipment": given}))
    assert store.count("Shipment") == 0


@pytest.mark.parametrize(
    ("name", "row", "fault"),
    [
        ("Party", {"id": "A", "kind": "spaceship", "stated": True}, "not allowed"),
        ("Party", {"id": None, "kind": "company", "stated": True}, "null"),
        ("Party", {"id": "A", "kind": "company", "stated": True, "shoe_size": "9"}, "unknown columns"),
        (
            "Listing",
            {"id": "L", "list": "l", "kind": "company", "authority": "EU", "aliases": ["a", None]},
            "null",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(
    store: Store, name: str, row: dict[str, object], fault: str
) -> None:
    rows = pa.Table.from_pylist([row | {"source": "F1"}])
    with pytest.raises(SchemaError, match=fault):
        store.write(Batch("b1", {name: rows}))
    assert store.count(name) == 0


def test_a_replacing_row_keeps_the_earliest_day_and_its_own_source(store: Store) -> None:
    early, late = date(2024, 1, 1), date(2024, 6, 1)
    store.write(
        Batch("b1", {"Shipment": table("Shipment", shipment("S1", source="F1", row=3, known_on=late))})
    )
    same = table("Shipment", shipment("S1", source="F2", row=9, known_on=early))
    assert store.write(Batch("b2", {"Shipment": same}))["Shipment"] == Written(updated=1)
    wanted = {"source": "F1", "row": 3, "known_on": early}
    assert store.read("Shipment", ["source", "row", "known_on"]).to_pylist() == [wanted]
    new = table("Shipment", shipment("S1", unit="kg", source="F3", row=1, known_on=late))
    assert store.write(Batch("b3", {"Shipment": new}))["Shipment"] == Written(updated=1)
    wanted = {"unit": "kg", "source": "F3", "row": 1, "known_on": early}
    assert store.read("Shipment", ["unit", "source", "row", "known_on"]).to_pylist() == [wanted]


def test_a_kept_row_stays(store: Store) -> None:
    address = {"id": "A1", "text": "1 Quay", "address_key": "1 quay"}
    store.write(Batch("b1", {"Address": table("Address", address)}))
    other = address | {"text": "1, QUAY", "known_on": date(2024, 1, 1), "source": "F2"}
    assert store.write(Batch("b2", {"Address": table("Address", other)}))["Address"] == Written(updated=1)
    (row,) = store.read("Address").to_pylist()
    assert (row["text"], row["source"], row["known_on"]) == ("1 Quay", "F1", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ((False, "Old", None), (True, "New", None), (True, "New", None)),
        ((True, "Old", None), (False, "New", "DE"), (True, "Old", None)),
        ((True, "Old", "DE"), (True, "New", None), (True, "New", None)),
        ((False, "Old", None), (False, "New", "DE"), (False, "Old", "DE")),
        ((False, None, None), (False, "New", "DE"), (False, "New", "DE")),
    ],
)
def test_a_mention_gives_way_to_a_stated_party(
    store: Store,
    first: tuple[bool, str | None, str | None],
    second: tuple[bool, str | None, str | None],
    kept: tuple[bool, str | None, str | None],
) -> None:
    for n, (stated, name, country) in enumerate((first, second)):
        rows = table("Party", party("A", stated=stated, name=name, country=country))
        store.write(Batch(f"b{n}", {"Party": rows}))
    (row,) = store.read("Party", ["stated", "name", "country"]).to_pylist()
    assert tuple(row.values()) == kept
    assert store.verify() == []


def test_a_relationship_moves_to_another_party(store: Store) -> None:
    store.write(Batch("b1", small()))
    moved = table("SENT", {"party": "B", "shipment": "S1/1"})
    assert store.write(Batch("b2", {"SENT": moved}))["SENT"] == Written(updated=1)
    assert store.read("SENT").to_pylist() == moved.to_pylist()
    assert store.count("SENT") == 1
    assert store.verify() == []


def test_shipments_stand_in_one_row_with_their_parties(store: Store) -> None:
    roles = {role: f"P-{role}" for role in PARTY_ROLES}
    others = [role for role in PARTY_ROLES if role not in ("exporter", "consignee")]
    took = [{"party": roles[r], "shipment": "S2/1", "role": r.replace("_", " ")} for r in others]
    took.append({"party": "P-exporter", "shipment": "S2/1", "role": "declarant"})
    store.write(
        Batch(
            "b1",
            {
                "Party": table("Party", *(party(name) for name in roles.values())),
                "Shipment": table("Shipment", shipment("S2", quantity=5.0, row=2), shipment("S10", row=1)),
                "SENT": table(
                    "SENT", {"party": "P-exporter", "shipment": "S2/1", "name": "X", "country": "DE"}
                ),
                "DELIVERED_TO": table(
                    "DELIVERED_TO", {"shipment": "S2/1", "party": "P-consignee", "name": "Y"}
                ),
                "TOOK_PART": table("TOOK_PART", *took),
            },
        )
    )
    rows = store.shipments()
    assert tuple(rows.column_names) == SHIPMENT_COLUMNS
    assert all(pa.types.is_dictionary(rows.schema.field(role).type) for role in PARTY_ROLES)
    bare, full = rows.to_pylist()
    assert (bare["id"], full["id"]) == ("S10/1", "S2/1")
    assert {role: full[role] for role in PARTY_ROLES} == roles
    assert (full["exporter_name"], full["exporter_country"], full["consignee_name"]) == ("X", "DE", "Y")
    assert (full["quantity"], full["row"], full["source"]) == (5.0, 2, "F1")
    assert all(bare[role] is None for role in PARTY_ROLES)


def test_a_derived_table_is_replaced_whole_or_not_at_all(store: Store) -> None:
    store.write(Batch("b1", small()))
    one = {"party": "A", "other": "B", "score": 0.9, "why": HOSTILE[0]}
    store.replace("POSSIBLY_SAME", table("POSSIBLY_SAME", one))
    with pytest.raises(SchemaError):
        store.replace("POSSIBLY_SAME", table("POSSIBLY_SAME", one | {"other": "nobody"}))
    assert store.read("POSSIBLY_SAME").to_pylist() == [one]
    two = {"party": "B", "other": "A", "score": 0.5, "why": ""}
    store.replace("POSSIBLY_SAME", table("POSSIBLY_SAME", two))
    assert store.read("POSSIBLY_SAME").to_pylist() == [two]
    store.replace("POSSIBLY_SAME", table("POSSIBLY_SAME", two))
    store.replace("POSSIBLY_SAME", table("POSSIBLY_SAME", two).slice(0, 0))
    assert store.count("POSSIBLY_SAME") == 0
    assert store.verify() == []
    with pytest.raises(SchemaError):
        store.replace("Party", table("Party", party("A")))


def test_columns_may_be_chosen(store: Store) -> None:
    store.write(Batch("b1", small()))
    assert store.read("Party", ["name"]).to_pylist() == [{"name": "Alpha"}, {"name": "Beta"}]
    assert store.read("SENT", ["shipment", "country"]).to_pylist() == [{"shipment": "S1/1", "country": "DE"}]
    with pytest.raises(SchemaError, match="no columns"):
        store.read("Party", ["name; DROP"])
    with pytest.raises(SchemaError, match="no type"):
        store.read("Party; DROP")


def _text(place: str, sql: str, cypher: str) -> str:
    return cypher if "://" in place else sql


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_data_in_a_query(store: Store, name: str) -> None:
    store.write(Batch("b1", {"Party": table("Party", party("A", name=name), party("B", name="other"))}))
    sql = 'SELECT id, name FROM "Party" WHERE name = $name'
    cypher = "MATCH (p:Party {name: $name}) RETURN p.id AS id, p.name AS name"
    found = store.query(_text(store.location, sql, cypher), {"name": name})
    assert found.to_pylist() == [{"id": "A", "name": name}]


@pytest.mark.parametrize(
    ("sql", "cypher"),
    [
        ('DELETE FROM store."Party"', "MATCH (p:Party) DETACH DELETE p"),
        ("INSERT INTO store.\"Item\" VALUES (9, '1', '1', 1)", "CREATE (:Item {hs6: '1'})"),
        ('SELECT 1; DROP TABLE store."Party"', "MATCH (p:Party) SET p.name = 'x' RETURN p.name"),
        ("CREATE TABLE x(a INT)", "CREATE INDEX x IF NOT EXISTS FOR (p:Party) ON (p.kind)"),
        ("COPY (SELECT 1) TO 'out.csv'", "CALL db.createLabel('X')"),
        ("SELECT * FROM read_text('/etc/passwd')", "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row"),
        ("ATTACH 'other.duckdb'", "DROP CONSTRAINT party_key IF EXISTS"),
        ("SET memory_limit = '1GB'", "CREATE USER x SET PASSWORD 'yyyyyyyyyy'"),
    ],
)
def test_a_query_cannot_write_or_reach_files(store: Store, sql: str, cypher: str) -> None:
    store.write(Batch("b1", small()))
    before = contents(store)
    with pytest.raises(StoreError):
        store.query(_text(store.location, sql, cypher))
    assert contents(store) == before
    assert store.verify() == []


def test_a_query_that_makes_no_sense_is_the_users_fault(store: Store) -> None:
    with pytest.raises(UsageError, match="cannot be run"):
        store.query("SELEC nothing")
    with pytest.raises(UsageError, match="cannot be run"):
        store.query(_text(store.location, "SELECT $missing", "RETURN $missing AS x"))

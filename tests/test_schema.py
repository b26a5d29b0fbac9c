from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from diversion import schema
from diversion.errors import SchemaError
from diversion.resources import folder


def test_the_reference_page_is_current() -> None:
    page = (folder("graph_schema") / "README.md").read_text(encoding="utf-8")
    assert page == schema.reference(), "run `make docs`"


def test_every_type_of_the_design_is_there() -> None:
    nodes = {
        "Party",
        "Address",
        "Shipment",
        "Item",
        "Listing",
        "Instrument",
        "Source",
        "Run",
        "Route",
        "Decision",
    }
    trade = {"SENT", "DELIVERED_TO", "TOOK_PART", "OF", "FINANCES", "PARTY_TO"}
    links = {"OWNS", "CONTROLS", "LOCATED_AT", "LISTED_AS", "POSSIBLY_SAME", "FOUND", "CARRIED"}
    assert nodes | trade | links <= set(schema.load().tables)


@pytest.mark.parametrize("kind", list(schema.load()), ids=lambda kind: kind.name)
def test_every_type_says_what_and_why_and_its_key_and_ends_exist(kind: schema.TableType) -> None:
    assert kind.doc and kind.why and all(column.doc for column in kind.columns)
    assert set(kind.key) <= set(kind.names)
    for end in (kind.start, kind.end):
        if end:
            assert end.column in kind.names
            assert schema.load()[end.node].kind == "node"


def _listing(**changes: object) -> pa.Table:
    row: dict[str, object] = {"id": "L1", "list": "us_csl", "name": "X", "kind": "company", "source": "s"}
    return pa.Table.from_pylist([{**row, "authority": "US BIS", **changes}])


def test_conform_adds_absent_columns_in_order_and_type() -> None:
    table = schema.conform("Listing", _listing(listed_on=dt.date(2022, 4, 8), aliases=["Y"]))
    assert table.schema == schema.load()["Listing"].arrow
    assert table["removed_on"].null_count == 1


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"kind": "ship"}, "'ship'"),
        ({"country": "Germany"}, "'Germany'"),
        ({"id": None}, "null"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_conform_names_what_does_not_fit(changes: dict[str, object], what: str) -> None:
    with pytest.raises(SchemaError, match=what):
        schema.conform("Listing", _listing(**changes))


def test_a_key_may_stand_once_and_a_share_ends_at_a_hundred() -> None:
    twice = pa.concat_tables([_listing(), _listing(name="Z")])
    with pytest.raises(SchemaError, match="twice"):
        schema.conform("Listing", twice)
    holding = {"id": "o", "owner": "a", "owned": "b", "kind": "shares", "source": "s", "share_max": 140.0}
    with pytest.raises(SchemaError, match="140"):
        schema.conform("OWNS", pa.Table.from_pylist([holding]))

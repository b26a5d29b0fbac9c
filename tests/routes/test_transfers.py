"""Which shipments become transfers, between whom and on which days."""

from __future__ import annotations

from datetime import date
from random import Random

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from diversion.policy.policy import Policy, load
from diversion.routes.transfers import Transfers, project
from diversion.schema import ARROW
from diversion.store.base import PARTY_ROLES, SHIPMENT_COLUMNS

DAYS = ("departed_on", "departed_latest", "arrived_on", "arrived_latest", "known_on")
AMOUNTS = ("quantity", "weight_kg", "value_usd")
EPOCH = date(1970, 1, 1)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load()


def row(number: int, **changes: object) -> dict[str, object]:
    day = date(2024, 3, 1)
    plain = dict.fromkeys(SHIPMENT_COLUMNS)
    given = {
        "id": f"S{number:03}/1",
        "shipment_id": f"S{number:03}",
        "line": "1",
        "exporter": "A",
        "consignee": "B",
        "consignee_name": "Kestrel Trading FZE",
        "departed_on": day,
        "departed_latest": day,
        "arrived_on": date(2024, 3, 9),
        "arrived_latest": date(2024, 3, 9),
        "hs6": "854231",
    }
    return {**plain, **given, **changes}


def table(*rows: dict[str, object]) -> pa.Table:
    columns = []
    for name in SHIPMENT_COLUMNS:
        kind = ARROW["date" if name in DAYS else "float64" if name in AMOUNTS else "string"]
        if name in PARTY_ROLES:
            kind = pa.dictionary(pa.int32(), pa.string())
        columns.append(pa.array([r[name] for r in rows], pa.int64() if name == "row" else kind))
    return pa.table(columns, names=list(SHIPMENT_COLUMNS))


def projected(policy: Policy, *rows: dict[str, object], as_of: date | None = None, **same: str) -> Transfers:
    ids = sorted({str(r[role]) for r in rows for role in PARTY_ROLES if r[role]})
    canonical = pd.Series({i: same.get(i, i) for i in ids}, dtype=object)
    return project(table(*rows), canonical, policy, as_of)


def pairs(found: Transfers) -> list[tuple[str, str]]:
    return [
        (str(found.party_ids[a]), str(found.party_ids[b])) for a, b in zip(found.src, found.dst, strict=True)
    ]


@pytest.mark.parametrize(
    ("changes", "receiver"),
    [
        ({}, "B"),
        ({"end_user": "E", "notify_party": "N"}, "B"),
        ({"consignee_name": "Commercial Bank of Somewhere", "end_user": "E"}, "E"),
        ({"consignee_name": "TO THE ORDER OF SOME BANK", "notify_party": "N"}, "N"),
        ({"consignee_name": "To Order", "end_user": "E", "notify_party": "N"}, "E"),
        ({"bank": "B", "end_user": "E"}, "E"),
        ({"carrier": "B", "notify_party": "N"}, "N"),
        ({"forwarder": "B", "notify_party": "N"}, "N"),
        ({"forwarder": "B", "notify_party": "B"}, None),
        ({"consignee": None, "consignee_name": None, "end_user": "E"}, "E"),
        ({"consignee": None, "consignee_name": None, "notify_party": "N"}, "N"),
        ({"consignee": None, "consignee_name": None}, None),
        ({"consignee": ""}, None),
    ],
)
def test_the_receiver_is_who_can_pass_goods_on(
    policy: Policy, changes: dict[str, object], receiver: str | None
) -> None:
    found = projected(policy, row(1, **changes))
    assert pairs(found) == ([("A", receiver)] if receiver else [])
    assert found.left_out["no receiver that could pass goods on"] == (receiver is None)


def test_a_declared_end_user_is_kept_unless_it_receives(policy: Policy) -> None:
    rows = row(1, end_user="E"), row(2, end_user="B"), row(3), row(4, bank="B", end_user="E")
    found = projected(policy, *rows)
    assert [str(found.party_ids[u]) if u >= 0 else None for u in found.end_user] == ["E", None, None, None]


def test_records_that_are_one_party_meet(policy: Policy) -> None:
    found = projected(policy, row(1), row(2, exporter="b2", consignee="C"), b2="B")
    assert pairs(found) == [("A", "B"), ("B", "C")]
    assert found.party_ids.tolist() == ["A", "B", "C"]


def test_what_is_no_transfer_is_counted_once(policy: Policy) -> None:
    nothing = dict.fromkeys(DAYS)
    rows = [
        row(1),
        row(2, exporter=None, hs6=None),
        row(3, consignee="A"),
        row(4, exporter="a2"),
        row(5, hs6=None),
        row(6, **nothing),
        row(7, departed_on=date(2024, 3, 5), departed_latest=date(2024, 3, 5)),
        row(8, consignee=None, **nothing),
    ]
    found = projected(policy, *rows, as_of=date(2024, 3, 4), a2="B")
    assert found.ids.tolist() == ["S001"] and found.shipment.tolist() == [0]
    assert found.left_out == {
        "no exporter": 1,
        "no receiver that could pass goods on": 1,
        "sent to its sender": 2,
        "no six-digit code": 1,
        "no day": 1,
        "left after the last day looked at": 1,
    }
    assert sum(found.left_out.values()) + len(found) == len(rows)


def test_a_missing_day_is_estimated_and_marked(policy: Policy) -> None:
    low, high = policy.transit.days_min, policy.transit.days_max
    no_arrival = {"arrived_on": None, "arrived_latest": None}
    no_departure = {"departed_on": None, "departed_latest": None}
    found = projected(policy, row(1), row(2, **no_arrival), row(3, **no_departure))
    left, came = (date(2024, 3, 1) - EPOCH).days, (date(2024, 3, 9) - EPOCH).days
    assert found.estimated.tolist() == [False, True, True]
    assert found.departed.tolist() == [left, left, came - low]
    assert found.departed_first.tolist() == [left, left, came - high]
    assert found.arrived.tolist() == [came, left + low, came]
    assert found.arrived_last.tolist() == [came, left + high, came]


def test_a_month_keeps_both_ends_within_reason(policy: Policy) -> None:
    month = {
        "departed_on": date(2024, 3, 1),
        "departed_latest": date(2024, 3, 31),
        "arrived_on": date(2024, 3, 9),
        "arrived_latest": date(2024, 3, 9),
    }
    found = projected(policy, row(1, **month))
    first, came = (date(2024, 3, 1) - EPOCH).days, (date(2024, 3, 9) - EPOCH).days
    assert (found.departed_first[0], found.departed[0]) == (first, came)
    assert (found.arrived[0], found.arrived_last[0]) == (came, came)


def test_ids_are_those_a_person_sees(policy: Policy) -> None:
    two = {"shipment_id": "S001", "line": "2"}
    rows = (
        row(1),
        row(1, id="S001/2", hs6="854232", **two),
        row(3, quantity=4.0),
        row(4, id="S001/9", hs6=None, **two),
    )
    found = projected(policy, *rows)
    assert found.ids.tolist() == ["S001/1", "S001/2", "S003"]
    assert found.hs6[found.item].tolist() == ["854231", "854232", "854231"]
    assert np.isnan(found.quantity[:2]).all() and found.quantity[2] == 4.0


def test_a_slash_in_the_name_of_a_shipment_hides_no_line(policy: Policy) -> None:
    lines = [("A", "1"), ("A/1", "x"), ("A", "2"), ("B", "1")]
    rows = [row(n, id=f"{name}/{line}", shipment_id=name, line=line) for n, (name, line) in enumerate(lines)]
    assert projected(policy, *rows).ids.tolist() == ["A/1", "A/1", "A/2", "B"]


def test_the_order_of_rows_does_not_matter(policy: Policy) -> None:
    rows = [row(n, exporter=f"P{n % 5}", consignee=f"P{n % 7}", hs6=f"85423{n % 3}") for n in range(60)]
    shuffled = Random(3).sample(rows, len(rows))
    one, other = projected(policy, *rows), projected(policy, *shuffled)
    for name in ("src", "dst", "item", "departed", "ids", "party_ids", "hs6"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert [shuffled[i]["id"] for i in other.shipment] == [rows[i]["id"] for i in one.shipment]


def test_no_shipments_are_no_transfers(policy: Policy) -> None:
    found = projected(policy)
    assert len(found) == 0 and found.party_ids.tolist() == []
    chunks = pa.concat_tables([table(row(1)), table(row(2, consignee="C"))])
    both = project(chunks, pd.Series({"A": "A"}, dtype=object), policy, None)
    assert pairs(both) == [("A", "B"), ("A", "C")]


def test_goods_that_an_edition_only_renamed_are_one_item(policy: Policy) -> None:
    """Parts of aircraft left under the code of HS 2017 and went on under that of HS 2022."""
    codes = ["880330", "880730", "854140", "854141", None]
    found = projected(policy, *(row(n, hs6=code) for n, code in enumerate(codes)))
    assert found.hs6.tolist() == ["854140", "854141", "880730"]
    assert [str(found.hs6[item]) for item in found.item] == ["880730", "880730", "854140", "854141"]
    # One code that became several is not any one of them: a route that goes on under one was relabelled.
    assert set(policy.renamed) == {"880330", "854890"}
    assert not set(policy.renamed) & {good.hs6 for good in policy.goods}

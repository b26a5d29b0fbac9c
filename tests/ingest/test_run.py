"""Files into a real store: counts that add up, refusals that leave the store as it was."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from diversion.errors import BadInput, UsageError
from diversion.ingest.options import IngestOptions, load_mapping
from diversion.ingest.run import ingest
from diversion.parties.names import mention_id
from diversion.policy.policy import load
from diversion.routes.transfers import project
from diversion.store import open_store
from diversion.store.base import Store
from tests.ingest.world import HEADER, TODAY, content, empty_store, faulty, good, one, options, write


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with empty_store(tmp_path) as opened:
        yield opened


SHIPMENT_FAULTS = [
    ("departed_on", "", "arrived_on", ""),
    ("departed_on", "soon", None, None),
    ("departed_on", "2023-02-30", None, None),
    ("departed_on", "1989-12-31", None, None),
    ("departed_on", "2024-07-01", "arrived_on", "2024-07-03"),
    ("arrived_on", "2023-04-04", None, None),
    ("exporter", "", None, None),
    ("consignee", " ", None, None),
    ("exporter_country", "XX", None, None),
    ("consignee_country", "Atlantis", None, None),
    ("hs_code", "853", None, None),
    ("hs_code", "8542.31.00.00.000", None, None),
    ("hs_code", "chips", None, None),
    ("quantity", "-1", None, None),
    ("quantity", "ten", None, None),
    ("quantity", "inf", None, None),
    ("unit", "furlong", None, None),
    ("value", "-0.01", None, None),
    ("currency", "QQQ", None, None),
]


@pytest.mark.parametrize(("column", "value", "other", "second"), SHIPMENT_FAULTS)
def test_faulty_row_is_rejected_by_itself(
    store: Store, tmp_path: Path, column: str, value: str, other: str | None, second: str | None
) -> None:
    row = faulty(column, value)
    if other is not None:
        row[HEADER.index(other)] = second or ""
    report = one(store, write(tmp_path / "s.csv", [*good(5), row, *good(4, 10)]))
    assert (report.read, report.loaded, report.rejected) == (10, 9, 1)
    (reject,) = report.rejects
    assert (reject.row, reject.column) == (7, column)
    assert reject.value == (value.strip() or None)
    (kept,) = store.read("Reject").to_pylist()
    assert (kept["row"], kept["column"], kept["reason"]) == (7, column, reject.reason)


OWNERSHIP_FAULTS = [
    ("share", "140"),
    ("share", "-1"),
    ("share", "half"),
    ("share_min", "60"),
    ("until", "2020-01-01"),
    ("until", "2019-12-31"),
    ("owner", ""),
    ("owned", ""),
    ("from", "once"),
]


@pytest.mark.parametrize(("column", "value"), OWNERSHIP_FAULTS)
def test_faulty_holding(store: Store, tmp_path: Path, column: str, value: str) -> None:
    header = ["owner", "owned", "share", "share_min", "share_max", "from", "until"]
    base = "Parent {n},Child {n},50,50,55,2020-01-01,2021-01-01"
    rows = [base.format(n=n).split(",") for n in range(9)]
    row = faulty(column, value, header, base)
    report = one(store, write(tmp_path / "o.csv", [*rows, row], header))
    assert (report.kind, report.loaded, report.rejected) == ("ownership", 9, 1)
    assert (report.rejects[0].row, report.rejects[0].column) == (11, column)


def test_shipment_becomes_nodes_and_relationships(store: Store, tmp_path: Path) -> None:
    header = [*HEADER, "line", "forwarder", "end_user_id"]
    row = [
        *[
            "S1",
            "2023-04",
            "2023-05-09",
            "ООО Сигма",
            "ru",
            "Beta LLC",
            "ARE",
            "8542310000",
            "chips",
            "2",
            "dozen",
        ],
        "1.234,5",
    ]
    report = one(store, write(tmp_path / "s.csv", [[*row, "USD", "7", "Fast Ltd", "E9"]], header))
    assert report.loaded == 1
    (found,) = store.shipments().to_pylist()
    assert found["id"] == "S1/7"
    assert found["exporter"] == mention_id("ООО Сигма", "RU")
    assert found["consignee"] == mention_id("Beta LLC", "AE")
    assert found["forwarder"] == mention_id("Fast Ltd", None)
    assert found["end_user"] == "E9"
    assert (found["departed_on"], found["departed_latest"]) == (date(2023, 4, 1), date(2023, 4, 30))
    assert (found["quantity"], found["unit"], found["hs6"]) == (24.0, "pieces", "854231")
    assert found["value_usd"] == 1234.5
    parties = {row["id"]: row for row in store.read("Party").to_pylist()}
    assert parties["E9"]["name"] is None
    assert not any(row["stated"] for row in parties.values())
    assert {row["name"] for row in parties.values()} == {"ООО Сигма", "Beta LLC", "Fast Ltd", None}


def test_same_file_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", good(20))
    assert one(store, path).loaded == 20
    before = content(store)
    again = one(store, path)
    assert (again.loaded, again.unchanged) == (0, 20)
    assert content(store) == before
    renamed = write(tmp_path / "copy.csv", [*good(20), *good(1, 21)])
    partly = one(store, renamed)
    assert (partly.loaded, partly.unchanged) == (1, 20)


def test_duplicates_are_merged_and_twins_without_id_are_not(store: Store, tmp_path: Path) -> None:
    report = one(store, write(tmp_path / "a.csv", [*good(5), *good(2)]))
    assert (report.loaded, report.merged) == (5, 2)
    nameless = [row[1:] for row in good(1)] * 3
    report = one(store, write(tmp_path / "b.csv", nameless, HEADER[1:]))
    assert (report.loaded, report.merged) == (3, 0)
    lines = [row["line"] for row in store.read("Shipment").to_pylist() if row["shipment_id"].startswith("S-")]
    assert sorted(lines) == ["1", "2", "3"]


def test_a_key_with_two_contents_keeps_one_and_says_so(store: Store, tmp_path: Path) -> None:
    header = [*HEADER, "line"]
    rows = [[*row, "1"] for row in good(9)]
    twin = [*rows[0]]
    twin[HEADER.index("quantity")] = "11"
    kept = []
    for name, order in (("a", [*rows, twin]), ("b", [twin, *rows])):
        with open_store(str(tmp_path / f"{name}.duckdb")) as other:
            report = one(other, write(tmp_path / f"{name}.csv", order, header))
            assert (report.loaded, report.rejected) == (9, 1)
            assert "stand already in row" in report.rejects[0].reason
            kept.append(content(other))
    assert kept[0] == kept[1]


def test_order_and_splitting_do_not_matter(tmp_path: Path) -> None:
    rows = good(30) + [[*row[:8], "boards", *row[9:]] for row in good(5)]
    stores = []
    for name, parts in (("one", [rows]), ("shuffled", [_shuffled(rows)]), ("two", [rows[17:], rows[:17]])):
        with open_store(str(tmp_path / f"{name}.duckdb")) as store:
            for at, part in enumerate(parts):
                assert one(store, write(tmp_path / f"{name}{at}.csv", part)).refused is None
            stores.append(content(store))
    assert stores[0] == stores[1] == stores[2]
    assert len(stores[0]["Shipment"]) == 35


def _amounts(store: Store) -> dict[str, float]:
    return {row["id"]: row["quantity"] for row in store.read("Shipment").to_pylist()}


def test_a_corrected_row_replaces_what_it_corrects(store: Store, tmp_path: Path) -> None:
    one(store, write(tmp_path / "a.csv", good(3)))
    (wrong,) = good(1)
    right = [*wrong[:2], "2023-04-11", "Alpha Ltd", "DE", "Gamma LLC", "TR", "854231", " Chips. ", "120"]
    report = one(store, write(tmp_path / "b.csv", [[*right, *wrong[10:]]]))
    assert (report.loaded, report.unchanged) == (1, 0)
    assert sorted(_amounts(store).values()) == [10.0, 10.0, 120.0]
    (found,) = (row for row in store.shipments().to_pylist() if row["shipment_id"] == "S1")
    assert (found["consignee_name"], found["consignee_country"]) == ("Gamma LLC", "TR")
    assert store.verify() == []


def test_lines_with_equal_goods_are_several_in_any_order(tmp_path: Path) -> None:
    (base,) = good(1)
    rows = [[*base[:9], amount, *base[10:]] for amount in ("1", "2", "3", "3")]
    rows += [[*base[:7], "8471.50", *base[8:]]]
    found = []
    for name, order in (("a", rows), ("b", rows[::-1]), ("c", _shuffled(rows))):
        with open_store(str(tmp_path / f"{name}.duckdb")) as store:
            report = one(store, write(tmp_path / f"{name}.csv", order))
            assert (report.loaded, report.merged, report.rejected) == (4, 1, 0)
            found.append(_amounts(store))
            again = one(store, write(tmp_path / f"{name}.csv", [*order, *good(1, 2)]))
            assert (again.loaded, again.unchanged) == (1, 4)
            alone = one(store, write(tmp_path / f"{name}.csv", rows[4:]))
            assert alone.unchanged == 1
    assert found[0] == found[1] == found[2]
    assert sorted(found[0].values()) == [1.0, 2.0, 3.0, 10.0]


def _shuffled(rows: list[list[str]]) -> list[list[str]]:
    return random.Random(7).sample(rows, len(rows))


def test_above_the_share_of_faults_the_file_is_refused_and_the_store_stays(
    store: Store, tmp_path: Path
) -> None:
    one(store, write(tmp_path / "a.csv", good(3)))
    before = content(store)
    rows = [*good(3, 50), faulty("hs_code", "x")]
    path = write(tmp_path / "b.csv", rows)
    report = one(store, path)
    assert report.refused and "1 of 4 rows" in report.refused
    assert content(store) == before
    assert one(store, path, max_rejected=0.25).loaded == 3


def test_hostile_names_stay_as_they_are(store: Store, tmp_path: Path) -> None:
    names = [
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
        "'; DROP TABLE Party;--",
        "a\nb",
        "\u202eevil",
        "!!!",
        "💥",
        "x\x1fy",
    ]
    rows = [[*row[:3], name, *row[4:]] for row, name in zip(good(len(names)), names, strict=True)]
    assert one(store, write(tmp_path / "s.csv", rows)).loaded == len(names)
    assert {row["name"] for row in store.read("SENT").to_pylist()} == set(names)
    assert {row["name"] for row in store.read("Party").to_pylist()} == {*names, "Beta LLC"}


PARTIES = [["P1", "Beta LLC", "company", "AE", "1 Dock Road, Dubai", "2019-05-01", "TRN:1"]]
PARTY_HEADER = ["party_id", "name", "kind", "country", "address", "incorporated_on", "identifier"]


def test_parties_file_is_stated_and_has_addresses(store: Store, tmp_path: Path) -> None:
    second = [*PARTIES[0]]
    second[4] = "2 Dock Road, Dubai"
    report = one(
        store, write(tmp_path / "p.csv", [*PARTIES, second, ["", "Gamma", "", "", "", "", ""]], PARTY_HEADER)
    )
    assert (report.kind, report.loaded, report.merged) == ("parties", 2, 1)
    rows = {row["id"]: row for row in store.read("Party").to_pylist()}
    assert rows["P1"]["stated"] and rows["P1"]["identifier"] == "TRN:1"
    assert rows[mention_id("Gamma", None)]["kind"] == "unknown"
    assert [row["party"] for row in store.read("LOCATED_AT").to_pylist()] == ["P1", "P1"]
    assert store.count("Address") == 2


def test_ownership_mentions_what_it_names(store: Store, tmp_path: Path) -> None:
    path = write(
        tmp_path / "o.csv", [["P1", "Beta LLC", "49.5%"], ["X", "", ""]], ["owner", "owned", "percent"]
    )
    report = one(store, path, max_rejected=0.5)
    assert report.mapping["share"].column == "percent"
    (row,) = store.read("OWNS").to_pylist()
    assert (row["owner"], row["owned"]) == (mention_id("P1", None), mention_id("Beta LLC", None))
    assert row["share_min"] == row["share_max"] == 49.5


def test_listings(store: Store, tmp_path: Path) -> None:
    header = [
        "party_id",
        "name",
        "authority",
        "programme",
        "effect",
        "listed_on",
        "removed_on",
        "country",
        "address",
        "aliases",
    ]
    rows = [
        [
            "P1",
            "Beta LLC",
            "US BIS",
            "Entity List",
            "licence",
            "2022-03-01",
            "",
            "AE",
            "1 Dock Road",
            "BETA; Бета",
        ],
        ["", "", "US BIS", "Entity List", "", "2024-06-12", "", "HK", "Room 1", ""],
    ]
    report = one(store, write(tmp_path / "l.csv", rows, header))
    assert (report.kind, report.loaded) == ("listings", 2)
    found = {row["name"]: row for row in store.read("Listing").to_pylist()}
    assert found["Beta LLC"]["aliases"] == ["BETA", "Бета"]
    assert found["Beta LLC"]["party_id"] == "P1"
    assert found[None]["address"] == "Room 1"
    ended = [[*rows[0][:6], "2023-01-01", *rows[0][7:]]]
    assert one(store, write(tmp_path / "l2.csv", ended, header)).loaded == 1
    assert store.count("Listing") == 2


def test_ids_win_over_names_and_suffice(store: Store, tmp_path: Path) -> None:
    header = ["shipment_id", "exporter_id", "consignee_id", "hs_code", "departed_on"]
    assert (
        one(store, write(tmp_path / "s.csv", [["S1", "A", "B", "854231", "2023-01-01"]], header)).loaded == 1
    )
    (row,) = store.shipments().to_pylist()
    assert (row["exporter"], row["consignee"], row["exporter_name"]) == ("A", "B", None)


def test_an_id_that_looks_like_a_mention_does_not_double_rows(store: Store, tmp_path: Path) -> None:
    rows = good(2)
    header = [*HEADER, "exporter_id"]
    named = [[*rows[0], ""], [*rows[1][:3], "Other name", *rows[1][4:], mention_id("Alpha Ltd", "DE")]]
    assert one(store, write(tmp_path / "s.csv", named, header)).loaded == 2
    assert store.count("SENT") == 2


def test_without_consignee_the_end_user_receives_else_the_notify_party(store: Store, tmp_path: Path) -> None:
    header = [*HEADER, "end_user", "notify_party_id"]
    bare = [[*row[:5], "", "", *row[7:]] for row in good(3)]
    named = [
        [*row, *others] for row, others in zip(bare, [("Omega", "N1"), ("", "N2"), ("", "")], strict=True)
    ]
    report = one(store, write(tmp_path / "s.csv", named, header), max_rejected=0.5)
    assert (report.loaded, report.rejected, report.rejects[0].column) == (2, 1, "consignee")
    table = store.shipments()
    assert [row["consignee"] for row in table.to_pylist()] == [None, None]
    assert (store.count("DELIVERED_TO"), store.count("SENT"), store.verify()) == (0, 2, [])
    transfers = project(table, pd.Series(dtype=object), load(), None)
    assert [transfers.party_ids[at] for at in transfers.dst] == [mention_id("Omega", None), "N2"]
    assert list(transfers.ids) == ["S1", "S2"]


def test_known_on(store: Store, tmp_path: Path) -> None:
    rows = [[*row, day] for row, day in zip(good(2), ("2023-05-01", ""), strict=True)]
    one(store, write(tmp_path / "s.csv", rows, [*HEADER, "known_on"]), known_on=date(2024, 1, 1))
    assert [row["known_on"] for row in store.read("Shipment").to_pylist()] == [
        date(2023, 5, 1),
        date(2024, 1, 1),
    ]


def test_json_has_the_shape_of_the_contract(store: Store, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    path = write(tmp_path / "s.csv", [*good(9), faulty("unit", "furlong")])
    report = ingest(store, [path, bad], options())
    shown: dict[str, Any] = json.loads(json.dumps(report.as_json()))
    assert report.refused
    assert set(shown) == {"files", "totals"}
    first, second = shown["files"]
    wanted = {
        "file",
        "kind",
        "read",
        "loaded",
        "unchanged",
        "merged",
        "rejected",
        "refused",
        "mapping",
        "rejects",
    }
    assert wanted <= set(first)
    assert first["mapping"]["hs_code"] == {"column": "hs_code", "confidence": 1.0}
    assert first["rejects"] == [
        {"sheet": None, "row": 11, "column": "unit", "reason": "unknown unit", "value": "furlong"}
    ]
    assert second["refused"] and "'a', 'b'" in second["refused"]
    assert shown["totals"] == {"read": 10, "loaded": 9, "unchanged": 0, "merged": 0, "rejected": 1}


def test_headers_are_recognised_or_mapped(store: Store, tmp_path: Path) -> None:
    header = ["Ref", "Ship Date", "SHIPPER", "Shipper Country", "Buyer", "Buyer Country", "HS CODE", "Goods"]
    rows = [row[:2] + row[3:9] for row in good(3)]
    report = one(store, write(tmp_path / "s.csv", rows, header), mapping={"shipment_id": "Ref"})
    assert report.loaded == 3
    assert report.mapping["exporter"].column == "SHIPPER"
    assert report.mapping["hs_code"].confidence == 0.97
    assert report.mapping["shipment_id"].confidence == 1.0
    refused = one(store, write(tmp_path / "t.csv", rows, header), mapping={"shipment_id": "Reff"})
    assert refused.refused and "did you mean 'Ref'" in refused.refused


def test_mapping_file(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[columns]\nhs_code = "Code"\n')
    assert load_mapping(path) == {"hs_code": "Code"}
    path.write_text("hs_code = 1\n")
    with pytest.raises(BadInput, match="lines like"):
        load_mapping(path)


def test_options_are_checked() -> None:
    with pytest.raises(UsageError, match="no kind"):
        IngestOptions(kind="invoices")
    with pytest.raises(UsageError, match="later than today"):
        IngestOptions(known_on=date(2025, 1, 1), today=TODAY)


def test_kind_can_be_forced(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", [["Alpha", "US OFAC", "DE"]], ["name", "authority", "country"])
    assert one(store, path).kind == "listings"
    assert one(store, path, kind="parties").kind == "parties"
    refused = one(store, path, kind="shipments")
    assert refused.refused and "consignee" in refused.refused


def test_a_table_with_an_id_is_not_taken_for_parties(store: Store, tmp_path: Path) -> None:
    header = ["id", "label", "kind", "goods", "note"]
    path = write(tmp_path / "truth.csv", [["P1", "planted", "company", "854231", ""]], header)
    refused = one(store, path)
    assert refused.kind is None and "do not tell" in (refused.refused or "")
    assert one(store, path, kind="parties").loaded == 1


def test_progress_is_told(store: Store, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    path = write(tmp_path / "s.csv", good(3))
    ingest(store, [path], options(), lambda file, done, total: told.append((file, done, total)))
    assert told[-1] == ("s.csv", path.stat().st_size, path.stat().st_size)


def test_amounts_without_currency_and_in_others(store: Store, tmp_path: Path) -> None:
    rows = [[*row[:12], currency] for row, currency in zip(good(3), ("USD", "", "XDR"), strict=True)]
    report = one(store, write(tmp_path / "s.csv", rows))
    assert [row["value_usd"] for row in store.read("Shipment").to_pylist()] == [100.5, 100.5, None]
    assert any("not converted" in note for note in report.notes)
    assert any("no currency" in note for note in report.notes)

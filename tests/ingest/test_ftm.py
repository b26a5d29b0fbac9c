"""FollowTheMoney: every entity is a row of exactly one sheet, and says what it says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from diversion.errors import BadInput
from diversion.ingest.columns import guess
from diversion.ingest.ftm import is_ftm, open_ftm
from tests.ingest.ftm_files import ENTITIES, HOSTILE, thing
from tests.ingest.sheets import Rows, parts, places, rows

DONATIONS = "screening/nomenklatura/tests/fixtures/donations.ijson"


def write(tmp_path: Path, records: Sequence[Any], name: str = "f.json") -> Path:
    path = tmp_path / name
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records))
    return path


def read(path: Path) -> dict[str, Rows]:
    return {sheet.format or "shipments": rows(sheet) for sheet in open_ftm(path, str(path))}


def register(tmp_path: Path) -> dict[str, dict[str, str]]:
    return {row["record_id"]: row for row in read(write(tmp_path, ENTITIES))["ftm"].cells}


def test_real_entities(shared_data: Path) -> None:
    path = shared_data / DONATIONS
    stated = [json.loads(line) for line in path.read_text().splitlines()]
    assert is_ftm(path.read_bytes()[:4096])
    found = read(path)
    assert list(found) == ["ftm"]
    kinds = Counter(one["schema"] for one in stated)
    assert len(found["ftm"]) == len(stated) == 474
    assert len(found["ftm"].cells) == kinds["Company"] + kinds["Person"] + kinds["Organization"]
    assert len(found["ftm"].not_kept) == len(found["ftm"].faults) == kinds["Payment"] + kinds["Address"]
    by_id = {one["id"]: one["properties"] for one in stated}
    assert sorted(found["ftm"].numbers) == list(range(1, 475))
    for row in found["ftm"].cells:
        said = by_id[row["party_id"]]
        assert row["name"] in said["name"] and row.get("country", "").lower() == said.get("country", [""])[0]
        stands = [by_id[one]["full"][0].strip(" ,") for one in said.get("addressEntity", [])]
        assert [text for text, _ in places(row["addresses"])] == stands if stands else "addresses" not in row


def test_every_entity_is_in_one_sheet(tmp_path: Path) -> None:
    found = read(write(tmp_path, ENTITIES))
    assert {name: len(sheet) for name, sheet in found.items()} == {
        "ftm": len(ENTITIES) - 2,
        "ftm_listing": 1,
        "shipments": 1,
    }
    numbers = [number for sheet in found.values() for number in sheet.numbers]
    assert sorted(numbers) == list(range(1, len(ENTITIES) + 1))
    told = dict(found["ftm"].faults)
    schemata = {row: ENTITIES[row - 1]["schema"] for row in told}
    assert set(schemata.values()) == {"Address", "Passport", "Membership", "Payment", "Wormhole"}
    assert all(reason.startswith("not kept: ") for reason in told.values())
    assert all(schemata[row] in told[row] for row in told if schemata[row] != "Passport")


def test_parties(tmp_path: Path) -> None:
    found = register(tmp_path)
    alpha, anna, ship = found["c1"], found["p1"], found["v1"]
    assert (alpha["name"], alpha["kind"], alpha["country"]) == ("Alpha LLC", "company", "RU")
    assert parts(alpha["aliases"]) == ["Alfa", "Omega", "A1"]
    numbers = ["LEI:9876LEIA00ALPHA00012", "INN:7701", "Registration (RU):77-1"]
    assert parts(alpha["identifiers"]) == numbers
    assert places(alpha["addresses"]) == [("1 Mira St, Moscow", "RU"), ("Elsewhere 2", "")]
    assert parts(alpha["contacts"]) == ["phone:+7 495", "email:a@example.org"]
    assert (alpha["incorporated_on"], alpha["note"]) == ("2001-02-03", "legalForm LLC")
    assert (anna["kind"], anna["born"], anna["aliases"]) == ("person", "1971-05", "Анна Бета")
    assert anna["identifiers"] == "Passport (RU):72 1234567" and anna["note"] == "topics sanction"
    assert (ship["kind"], ship["country"], ship["identifiers"]) == ("vessel", "PA", "IMO:9000001")
    assert (found["i2"]["party_id"], found["i2"]["identifiers"]) == ("elsewhere", "Tax card:X9")


def test_stakes_and_control(tmp_path: Path) -> None:
    found = register(tmp_path)
    one = found["o1"]
    assert (one["record"], one["owner_id"], one["owned_id"], one["share"]) == ("holding", "p1", "c1", "51")
    assert (one["from"], one["until"], one["interest"]) == ("2015-01-01", "2020-07-01", "shares")
    half = found["o2"]
    assert (half["share_min"], half["share_max"], half["status"]) == ("0.5", "50", "closed")
    assert half["stated_on"] == "2023-03-04" and "0.5" in half["reason"]
    unnamed = found["o3"]
    assert "owner_id" not in unnamed and "share" not in unnamed and unnamed["indirect"] == "true"
    assert "no owner is named" in unnamed["reason"] and "control" in unnamed["reason"]
    chief, stated = found["d1"], found["k1"]
    assert (chief["record"], chief["by"], chief["owner_id"]) == ("control", "director", "p1")
    assert chief["reason"] == "General director"
    two = thing("o", "Ownership", owner=["a", "b"], asset="c", percentage="60")
    pair = read(write(tmp_path, [two]))["ftm"]
    assert len(pair) == 1 and [row["owner_id"] for row in pair.cells] == ["a", "b"]
    assert all((row["share_max"], "share" in row) == ("60", False) for row in pair.cells)
    assert (stated["by"], stated["owned_id"], stated["reason"]) == ("stated control", "c2", "contractual")


def test_sanctions_are_entries_of_lists(tmp_path: Path) -> None:
    (row,) = read(write(tmp_path, ENTITIES))["ftm_listing"].cells
    assert (row["list"], row["entry_id"], row["party_id"]) == ("us_ofac_sdn", "c1/s1", "c1")
    assert (row["authority"], row["programme"]) == ("US OFAC", "SDN; RUSSIA-EO14024")
    assert (row["regimes"], row["listed_on"], row["removed_on"]) == ("US-RUSHAR", "2022-04-06", "2024-02-01")
    assert (row["name"], row["kind"], row["countries"]) == ("Alpha LLC", "company", "RU")
    assert parts(row["aliases"]) == ["Alfa", "Omega", "A1"] and row["weak_aliases"] == "A1"
    assert places(row["addresses"])[0] == ("1 Mira St, Moscow", "RU")
    assert "INN:7701" in parts(row["identifiers"])
    assert row["remarks"] == "reason: E.O. 14024" and row["published"] == "2024-05-06"


def test_a_customs_value_at_its_rate(tmp_path: Path) -> None:
    given = {
        "customsAmount": "90000",
        "dollarExchRate": "75",
        "invoiceAmount": "1000 EUR",
        "startDate": "2023-01",
    }
    path = write(tmp_path, [thing("e", "EconomicActivity", **given)])
    (row,) = read(path)["shipments"].cells
    assert (row["value"], row["currency"], row["value_usd"]) == ("1000", "EUR", "1200.00")
    assert (row["shipment_id"], "line" in row, row["departed_on"]) == ("e", False, "2023-01")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("HM Treasury", "UK"),
        ("European External Action Service", "EU"),
        ("UN Security Council", "UN"),
        ("Bureau of Industry and Security", "US BIS"),
        ("Ministry of Atlantis", "Ministry of Atlantis"),
    ],
)
def test_authorities(tmp_path: Path, said: str, told: str) -> None:
    (row,) = read(write(tmp_path, [thing("s", "Sanction", entity="x", authority=said)]))["ftm_listing"].cells
    assert row["authority"] == told and row["party_id"] == "x"


def test_declarations_are_shipments(tmp_path: Path) -> None:
    path = write(tmp_path, ENTITIES)
    sheet = open_ftm(path, "f")[2]
    layout = guess(sheet.header)
    assert layout and layout.kind == "shipments" and set(layout.position) == set(sheet.header)
    (row,) = rows(sheet).cells
    assert row == {
        "shipment_id": "10130/1",
        "line": "e1",
        "arrived_on": "2023-02-01",
        "hs_code": "8542319000",
        "description": "microchips",
        "value": "1200.50",
        "currency": "USD",
        "exporter_id": "c2",
        "exporter_country": "AE",
        "consignee_id": "c1",
        "consignee_country": "RU",
        "declarant_id": "c1",
        "forwarder_id": "c2",
        "flow": "import",
        "origin_country": "CN",
    }


def test_nested_entities_stand_once(tmp_path: Path) -> None:
    """As in `targets.nested.json`: what an entity refers to stands within it, and elsewhere again."""
    person, company, address = (ENTITIES[at] for at in (0, 2, 3))
    inner = thing("o1", "Ownership", owner="p1", asset=[company], percentage="51%")
    sanction = ENTITIES[1] | {"properties": ENTITIES[1]["properties"] | {"entity": [{"id": "c1"} | company]}}
    outer = [
        person | {"properties": person["properties"] | {"ownershipOwner": [inner]}},
        company
        | {
            "properties": company["properties"]
            | {"addressEntity": [address], "sanctions": [sanction], "ownershipAsset": [inner]}
        },
    ]
    found = read(write(tmp_path, outer))
    assert sorted(row["record_id"] for row in found["ftm"].cells) == ["c1", "o1", "p1"]
    by_id = {row["record_id"]: row for row in found["ftm"].cells}
    assert (by_id["o1"]["owner_id"], by_id["o1"]["owned_id"]) == ("p1", "c1")
    assert places(by_id["c1"]["addresses"])[0] == ("1 Mira St, Moscow", "RU")
    assert [row["party_id"] for row in found["ftm_listing"].cells] == ["c1"]
    assert found["ftm_listing"].cells[0]["name"] == "Alpha LLC"
    assert len(found["ftm"].faults) == 1  # the address


def test_the_forms_of_a_file(tmp_path: Path) -> None:
    lines = read(write(tmp_path, ENTITIES))
    array = tmp_path / "array.json"
    for text in (json.dumps(ENTITIES, indent=2), "\ufeff" + json.dumps(ENTITIES)):
        array.write_text(text)
        assert is_ftm(array.read_bytes()[:4096]) and is_ftm(array.read_bytes()[:300])
        assert read(array) == lines
    array.write_text("\n".join(json.dumps(one, indent=1) for one in ENTITIES))
    assert is_ftm(array.read_bytes()[:4096]) and read(array) == lines


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b'{"id":"a","caption":"A","schema":"Person","properties":{"name":["A"],"alias":["x', True),
        (b'{"id":"a","properties":{"name":["A"]},"schema":"Person"}', True),
        (b'{"type":"Feature","id":"a","properties":{"name":["A"]}}', False),
        (b'{"$schema":"x","properties":{"a":{"type":"string"}}}', False),
        (b'{"id":"a","schema":"Person","properties":{"name":"A"}}', False),
        (b'[{"statementID":"a","statementType":"entityStatement"}]', False),
        (b"[]", False),
        (b"name,schema,properties", False),
        (b"", False),
        (b"[" * 4096, False),
        (b'{"id":"\xff"', False),
    ],
)
def test_what_is_recognised(start: bytes, told: bool) -> None:
    assert is_ftm(start) is told


def test_what_is_no_entity_is_told_with_its_path(tmp_path: Path) -> None:
    good = thing("c", "Company", name="Alpha")
    inside = thing("p", "Person", name="B", ownershipOwner=[{"schema": "Ownership", "properties": {}}])
    path = write(tmp_path, [{"schema": "Company", "properties": {}}, {"id": "x", "properties": {}},
                            {"id": "x", "schema": "Company", "properties": ["a"]}, [1], good, inside,
                            thing("o", "Ownership", owner=["a", "b"], asset="c"),
                            thing("o", "Ownership", owner="a"), thing("s", "Sanction")])  # fmt: skip
    path.write_text(path.read_text() + '{"id": "cut')
    found = read(path)
    assert found["ftm"].faults[:4] == [
        (1, "id: missing"),
        (2, "schema: missing"),
        (3, "properties: not an object"),
        (4, "not an object: an entity has id, schema and properties"),
    ]
    told = dict(found["ftm"].faults)
    assert told[7] == "properties.ownershipOwner[0].id: missing"
    assert told[9] == "properties.asset: missing"
    assert "not JSON" in told[11] and len(found["ftm"].cells) == 4
    assert found["ftm_listing"].faults == [(10, "properties.entity: no entities where one is expected")]


def test_hostile_entities(tmp_path: Path) -> None:
    path = tmp_path / "h.json"
    path.write_text("\n".join(HOSTILE) + "\n")
    found = read(path)
    assert sum(map(len, found.values())) >= len(HOSTILE)
    by_id = {row["record_id"]: row for row in found["ftm"].cells}
    assert by_id["a"]["name"] == "? lone  zero"
    assert (by_id["7"]["name"], by_id["7"]["aliases"]) == ("1", "2.5\ue000true")
    assert "share" not in by_id["d"] and places(by_id["h"]["addresses"]) == [("xyz", "")]


def test_a_line_without_end_and_cut_files(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    start = json.dumps(thing("a", "Company", name="Alpha"))
    path.write_text(f'{start}\n{{"id": "{"x" * (17 << 20)}"}}\n{start.replace("a", "b", 1)}\n')
    found = read(path)["ftm"]
    assert (len(found.cells), [row for row, _ in found.faults]) == (2, [2])
    whole = json.dumps(ENTITIES).encode()
    for cut in range(40, len(whole) - 1, 211):
        path.write_bytes(whole[:cut])
        try:
            read(path)
        except BadInput:
            continue

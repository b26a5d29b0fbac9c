"""OpenSanctions' simple CSV: cells of several values, whose sanction it is, and who has none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from diversion.ingest.documents import NOT_KEPT
from diversion.ingest.opensanctions import authority
from diversion.policy.policy import load
from tests.ingest.listed import columns, entries

HEADER = columns("""
id | schema | name | aliases | birth_date | countries | addresses | identifiers | sanctions | phones
| emails | program_ids | dataset | first_seen | last_seen | last_change
""")
SEEN = {"first_seen": "2022-03-01T10:00:00", "last_seen": "2026-03-15T13:11:55"}
ROWS: list[dict[str, str]] = [
    {"id": "NK-1", "schema": "Person", "name": "Pavel Orlov", "aliases": 'P. Orlov;"Orlov; Pavel";Павел'}
    | {"birth_date": "1970-01-02;1971", "countries": "ru;ua-cri;suhh", "addresses": '"Lenina 1; Perm";Moscow'}
    | {"identifiers": "750123;AB:9", "sanctions": "UKR - 2022/336 - 2022-03-09;RUSDA - 2024/1 - 2024-05-27"}
    | {"phones": "+7 000", "program_ids": "EU-UKR", "dataset": "EU Financial Sanctions Files (FSF);Wikidata"},
    {
        "id": "NK-2",
        "schema": "Vessel",
        "name": "KESTREL",
        "identifiers": "IMO9422964",
        "program_ids": "EU-MARE;GB-RUS",
    }
    | {"dataset": "EU Sanctions Map;UK FCDO Sanctions List", "sanctions": "2026-07-24;Article 3s(2)"},
    {"id": "NK-3", "schema": "Company", "name": "Severtrucks", "dataset": "Swiss SECO Sanctions"},
    {"id": "Q4", "schema": "Person", "name": "A Member", "dataset": "Every Politician;Wikidata"},
    {"id": "NK-5", "schema": "Company", "dataset": "US OFAC Specially Designated Nationals (SDN) List"},
    {
        "id": "NK-6",
        "schema": "Airplane",
        "name": "RA-1",
        "dataset": "US OFAC Specially Designated Nationals (SDN) List",
    }
    | {"sanctions": "RUSSIA-EO14024 - Block - 2023-05-19"},
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with (tmp_path / "targets.simple.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(HEADER)
        writer.writerows([[(SEEN | row).get(name, "") for name in HEADER] for row in ROWS])
    return tmp_path / "targets.simple.csv"


def test_cells_of_several_values(path: Path) -> None:
    entry = entries(path)[0]
    assert (entry["list"], entry["entry_id"], entry["authority"]) == ("opensanctions", "NK-1", "EU")
    assert entry["aliases"] == ["P. Orlov", "Orlov; Pavel", "Павел"] and entry["weak_aliases"] == []
    assert entry["births"] == ["1970-01-02", "1971"]
    assert entry["countries"] == ["RU", "UA"] and "country: suhh" in entry["remarks"]
    assert entry["addresses"] == [("Lenina 1; Perm", ""), ("Moscow", "")]
    assert entry["identifiers"] == ["750123", "AB 9"] and "phone: +7 000" in entry["remarks"]
    assert entry["regimes"] == ["EU-UKR", "UKR", "RUSDA"]


def test_listed_on_the_first_day_of_a_sanction_not_when_it_was_seen(path: Path) -> None:
    first, ship, third = entries(path)[:3]
    assert (first["listed_on"], first["published"]) == ("2022-03-09", "2026-03-15")
    assert ship["listed_on"] == "2026-07-24" and third["listed_on"] is None


def test_of_one_authority_or_of_several(path: Path) -> None:
    found = entries(path)
    ship, swiss = found[1], found[2]
    assert (ship["kind"], ship["identifiers"], ship["authority"]) == (
        "vessel",
        ["IMO:9422964"],
        "OpenSanctions",
    )
    for entry, effect in (
        (ship, "blocking"),
        (swiss, "blocking"),
        (found[0], "blocking"),
        (found[5], "blocking"),
    ):
        programme = load().programme(entry["authority"], entry["programme"])
        assert programme is not None and programme.effect == effect
    assert authority(["US BIS Denied Persons List"], []) == "US BIS"
    assert authority([], ["GB-RUS"]) == "UK"
    assert authority(["UK Companies House Disqualified Directors"], []) == "OpenSanctions"


def test_a_politician_is_not_kept_and_a_nameless_row_is_a_fault(path: Path) -> None:
    found = entries(path)
    assert found[3]["fault"].startswith(NOT_KEPT) and found[3]["value"] == "A Member"
    assert found[4]["fault"] == "the entry has no name"
    assert (found[5]["kind"], found[5]["authority"]) == ("unknown", "US OFAC") and "RUSSIA-EO14024" in found[
        5
    ]["programme"]
    assert [one["row"] for one in found] == [2, 3, 4, 5, 6, 7]

"""The Consolidated Screening List as JSON: counts of the publisher, and the same entries as in its CSV."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pycountry
import pytest

from tests.ingest.world import content, empty_store, one

ENTRY = {
    "id": "a1b2",
    "source": "Entity List (EL) - Bureau of Industry and Security",
    "entity_number": None,
    "type": None,
    "programs": [],
    "name": "Kestrel Invented Electronics",
    "title": None,
    "addresses": [
        {
            "address": "Room 9, 1 Unreal Road",
            "city": "Kowloon",
            "state": None,
            "postal_code": None,
            "country": "HK",
        },
        {"address": None, "city": None, "state": None, "postal_code": None, "country": "AE"},
    ],
    "federal_register_notice": "89 FR 12345",
    "start_date": "2024-06-12",
    "end_date": None,
    "standard_order": None,
    "license_requirement": "For all items subject to the EAR.",
    "license_policy": "Presumption of denial.",
    "remarks": None,
    "alt_names": ["Kestrel HK", "KIE"],
    "citizenships": [],
    "dates_of_birth": [],
    "nationalities": [],
    "ids": [{"type": "Tax ID No.", "number": "7736640919", "country": "RU"}],
}
PERSON = ENTRY | {
    "source": "Specially Designated Nationals (SDN) - Treasury Department",
    "entity_number": 90001,
    "type": "Individual",
    "programs": ["SYRIA", "CYBER2"],
    "name": "NEBULA, Orion",
    "addresses": [],
    "nationalities": ["SY"],
    "dates_of_birth": ["1971-05-17"],
    "start_date": None,
    "ids": [{"type": "Gender", "number": "Male", "country": None}],
}


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def as_csv(path: Path, entries: list[dict[str, Any]]) -> Path:
    """The entries as the publisher writes them in its CSV."""
    join = {
        "addresses": lambda one: ", ".join(text for text in one.values() if text),
        "ids": lambda one: ", ".join(text for key in ("country", "number", "type") if (text := one[key])),
    }
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.DictWriter(stream, ["_id", *list(ENTRY)[1:]])
        out.writeheader()
        for entry in entries:
            row = {
                key: "; ".join(map(join.get(key, str), value)) if isinstance(value, list) else value
                for key, value in entry.items()
            }
            out.writerow({"_id": row.pop("id"), **row})
    return path


def test_published_list_in_short_keys_is_in(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "lists/us_csl/screening-list_2026-07-31.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    sources, tables = document["tables"]["sources"], document["tables"]
    with empty_store(tmp_path) as store:
        report = one(store, path)
        rows = store.read("Listing").to_pylist()
        assert one(store, path).unchanged == len(rows)
    assert (report.kind, report.read, report.loaded) == ("us_csl", 25_921, document["entryCount"])
    stated = Counter({name.split("(")[1].split(")")[0]: n for name, n in document["countsBySource"].items()})
    stated["MBS"] = stated.pop("NS-MBS List")
    assert Counter(row["id"].split(":")[1] for row in rows) == stated
    by_row = {row["row"]: row for row in rows}
    for no, entry in enumerate(document["entries"], 1):
        row = by_row[no]
        assert row["name"] == entry["n"].strip()
        codes = {{"UK": "GB"}.get(code, code) for code in entry.get("c", ())}
        known = {code for code in codes if pycountry.countries.get(alpha_2=code)} | codes & {"XK"}
        assert known <= set(row["countries"] or ())
        others = {*(row["countries"] or ()), *(row["addresses"] or ())} - known
        assert len(others) <= len(codes - known)  # words for a country, or kept as they stand
        names = list(dict.fromkeys(name.strip() for name in entry.get("a", ()) if name.strip()))
        assert (row["aliases"] or []) == names
        assert ("lp" in entry) == (row["licence_policy"] is not None)
        if "e" in entry:
            assert row["id"].split(":")[2] == entry["e"]
            assert "; ".join(row["regimes"]) == tables["programmes"][entry["pg"]]
        assert f"({row['id'].split(':')[1]}" in sources[entry["s"]].replace("NS-MBS", "MBS")
    assert {row["first_seen"] for row in rows} == {date(2026, 7, 31)}


def test_entries_of_2022_meet_themselves_in_2026(shared_data: Path, tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        one(store, shared_data / "lists/us_csl/consolidated_2022-04.csv")
        old = {row["id"]: row for row in store.read("Listing").to_pylist()}
        path = shared_data / "lists/us_csl/screening-list_2026-07-31.json"
        refused = one(store, path).refused
        assert refused and "CAPTA" in refused  # of 52 entries one is left
        report = one(store, path, max_shrink=None)
        assert report.loaded + report.unchanged == 25_921
        rows = {row["id"]: row for row in store.read("Listing").to_pylist()}
    there = {number: row for number, row in rows.items() if row["gone_on"] is None}
    assert len(there) == 25_921 and len(rows) == len(old.keys() | there.keys())
    both = old.keys() & there.keys()
    shared = Counter(number.split(":")[1] for number in both)
    assert shared["SDN"] == 8_687  # entity numbers that stand in both files
    assert shared["EL"] > 1_800 and shared["MEU"] == 70 and shared["DTC"] > 690
    assert all(old[number]["authority"] == there[number]["authority"] for number in both)
    assert all(old[i]["name_key"] == there[i]["name_key"] for i in both if i.split(":")[1] in ("EL", "DPL"))
    assert {there[number]["first_seen"].year for number in both} == {2022}


@pytest.mark.parametrize("form", ["results", "array"])
def test_json_of_the_publisher_says_what_its_csv_says(tmp_path: Path, form: str) -> None:
    entries: list[dict[str, Any]] = [ENTRY, PERSON]
    document: object = {"total": 2, "sources_used": [], "results": entries} if form == "results" else entries
    with empty_store(tmp_path) as store:
        report = one(store, written(tmp_path / "csl.json", document), known_on=date(2024, 6, 20))
        assert (report.kind, report.loaded) == ("us_csl", 2)
        as_json = content(store)
        assert one(store, as_csv(tmp_path / "csl.csv", entries), known_on=date(2024, 6, 20)).unchanged == 2
        assert content(store) == as_json
    listing = next(row for row in as_json["Listing"] if row["programme"] == "Entity List")
    assert listing["addresses"] == ["Room 9, 1 Unreal Road, Kowloon, HK"]
    assert (listing["country"], listing["countries"]) == ("HK", ["AE", "HK"])
    assert (listing["identifiers"], listing["remarks"]) == (["Tax ID No.:7736640919"], "89 FR 12345")
    assert listing["licence_policy"] == "Presumption of denial."
    person = next(row for row in as_json["Listing"] if row["programme"] == "SDN")
    assert (person["id"], person["regimes"]) == ("us_csl:SDN:90001", ["SYRIA", "CYBER2"])
    assert (person["births"], person["countries"]) == (["1971-05-17"], ["SY"])


def test_what_is_no_entry_is_rejected_by_itself(tmp_path: Path) -> None:
    odd: list[Any] = [
        7,
        None,
        ["x"],
        ENTRY | {"source": "Unheard-of List (XYZ) - Nobody"},
        ENTRY | {"name": {"a": 1}, "addresses": "?"},
        ENTRY | {"name": None, "alt_names": [], "federal_register_notice": "1 FR 1"},
        ENTRY
        | {"alt_names": {"a": [1]}, "ids": 5, "addresses": [None, "X Street, Minsk, BY"], "name": "Odd"},
    ]
    with empty_store(tmp_path) as store:
        report = one(store, written(tmp_path / "csl.json", {"results": odd}), max_rejected=1.0)
        rows = store.read("Listing").to_pylist()
    assert [reject.row for reject in report.rejects] == [1, 2, 3, 4, 5]
    assert "no list of the Consolidated Screening List" in report.rejects[3].reason
    assert report.rejects[4].reason == "neither name nor address"
    address_only, by_text = sorted(rows, key=lambda row: row["name"] or "")
    assert address_only["name"] is None and address_only["address"] == "Room 9, 1 Unreal Road, Kowloon, HK"
    assert (by_text["country"], by_text["addresses"]) == ("BY", ["X Street, Minsk, BY"])


@pytest.mark.parametrize(
    "text",
    [
        '{"results": [{"source": "x", "alt_names": [',
        '{"sources_used": [], "total": 0}',
        '{"alt_names": ' + "[" * 200_000,
        '[{"alt_names": "' + "x" * (17 << 20),
        '{"entity_number": 1, "results": [{"name": "' + "\\ud800" + '"}]',
    ],
)
def test_damaged_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "csl.json"
    path.write_text(text, encoding="utf-8")
    with empty_store(tmp_path) as store:
        assert one(store, path).refused
        assert store.count("Listing") == 0

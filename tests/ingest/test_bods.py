"""The Beneficial Ownership Data Standard: published examples, published invalid statements, broken files."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import bods_fixtures
import pytest

from diversion.ingest.bods import is_bods, open_bods
from diversion.ingest.bods_cells import bounds
from diversion.ingest.bods_schema import _validator, faults, is_sound
from diversion.ingest.documents import PARTS
from tests.ingest.world import empty_store, one

TODAY = date(2026, 11, 1)
Rows = list[dict[str, Any]]


def read(path: Path) -> Rows:
    """What the reader makes of a file, without a store."""
    (sheet,) = open_bods(path, str(path))
    found = []
    for batch in sheet.read(range(len(sheet.header)), lambda done, total: None):
        for row in batch.to_pylist():
            cells = {name: row[str(at)] for at, name in enumerate(sheet.header) if row[str(at)]}
            found.append(cells | {"row": row["row"], "fault": row["fault"]})
    return found


def statements(path: Path) -> Rows:
    told = json.loads(path.read_text(encoding="utf-8-sig"))
    return told if isinstance(told, list) else [told]


def examples(shared_data: Path) -> Iterator[Path]:
    folder = shared_data / "ownership/bods"
    for name in ("examples", "v0.2.0", "v0.3.0"):
        yield from sorted((folder / name).rglob("*.json"))


def test_invalid_statements_break_what_the_standard_says_they_break(shared_data: Path) -> None:
    folder = shared_data / "ownership/bods/tests/data/invalid-statements"
    with (folder / "expected_errors.csv").open(encoding="utf-8") as stream:
        expected = [[cell.strip() for cell in row] for row in csv.reader(stream)]
    assert len(expected) > 190
    for name, keyword, path, about in expected:
        assert is_bods((folder / name).read_bytes()[:4096]), name
        told = [row["fault"] or "" for row in read(folder / name)]
        words = [f"{path}: {keyword}", about]
        assert any(all(word in fault for word in words) for fault in told), (name, words, told)


def test_a_fault_names_the_property_that_is_missing() -> None:
    (fault,) = faults({"statementID": "a", "statementType": "entityStatement"}, "$[3]")
    assert (fault.path, fault.keyword, fault.properties) == ("$[3]", "required", ("entityType",))


def test_valid_statements_load(shared_data: Path, tmp_path: Path) -> None:
    files = sorted((shared_data / "ownership/bods/tests/data/valid-statements").glob("*.json"))
    assert len(files) > 90
    with empty_store(tmp_path) as store:
        for path in files:
            told = statements(path)
            assert [row for row in read(path) if row["fault"]] == [], path
            if path.stem in ("entity", "person", "relationship", "record_status"):
                report = one(store, path, today=TODAY)
                assert (report.read, report.rejected) == (len(told), 0)


def test_examples_of_all_versions_go_in(shared_data: Path, tmp_path: Path) -> None:
    for number, path in enumerate(examples(shared_data)):
        rows = read(path)
        assert {row["row"] & (1 << PARTS) - 1 for row in rows} == set(range(1, len(statements(path)) + 1))
        if number % 6:
            continue
        (place := tmp_path / str(number)).mkdir()
        with empty_store(place) as store:
            first, again = one(store, path, today=TODAY), one(store, path, today=TODAY)
            assert (first.kind, first.read, first.rejected) == ("bods", len(statements(path)), 0)
            assert (first.unchanged, again.loaded, again.unchanged) == (0, 0, first.loaded)


def test_parties_and_interests_as_an_independent_count_has_them(shared_data: Path, tmp_path: Path) -> None:
    for name in ("multiple-indirect-ownership", "nomination", "bods-package-fi-soe"):
        path = shared_data / f"ownership/bods/examples/{name}.json"
        told = statements(path)
        parties = [one for one in told if one["recordType"] != "relationship"]
        interests = [
            interest
            for one in told
            if one["recordType"] == "relationship"
            for interest in one["recordDetails"].get("interests") or [{}]
        ]
        (place := tmp_path / name).mkdir()
        with empty_store(place) as store:
            assert one(store, path, today=TODAY).loaded == len(told)
            stated = [row["id"] for row in store.read("Party").to_pylist() if row["stated"]]
            stakes = store.count("OWNS") + store.count("CONTROLS")
        assert (sorted(stated), stakes) == (sorted(one["recordId"] for one in parties), len(interests))


def test_a_restated_stake_was_held_as_it_was_until_then(shared_data: Path, tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        report = one(store, shared_data / "ownership/bods/examples/tecido.json", today=TODAY)
        owns, controls = store.read("OWNS").to_pylist(), store.read("CONTROLS").to_pylist()
        people = {row["id"]: row for row in store.read("Party").to_pylist()}
    assert (report.read, report.merged, report.rejected) == (11, 6, 0)
    shares = [
        (row["owner"], row["share_min"], str(row["from"]), str(row["until"]))
        for row in owns
        if row["kind"] == "shares"
    ]
    esteves, trust = "018AF6B3EB", "033E84672B"
    assert sorted(shares, key=lambda row: (row[0], row[2])) == [
        (esteves, 100, "2002-03-09", "2021-09-24"),
        (esteves, 40, "2021-09-24", "2022-09-21"),
        (esteves, 30, "2022-09-21", "2023-03-03"),
        (trust, 60, "2021-09-24", "2022-09-21"),
        (trust, 70, "2022-09-21", "2023-03-01"),
        (trust, 80, "2023-03-01", "None"),
    ]
    assert [(row["by"], str(row["until"])) for row in controls] == [("board chair", "2023-03-03")]
    assert people[esteves]["note"] == "record closed 2023-03-03"


def test_statements_that_replace_another_leave_nothing_of_it(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "ownership/bods/v0.3.0/examples"
    whole = statements(folder / "1-single-direct.json") + statements(folder / "2-single-update.json")[2:]
    (path := tmp_path / "both.json").write_text(json.dumps(whole))
    with empty_store(tmp_path) as store:
        report = one(store, path, today=TODAY)
        owns = store.read("OWNS").to_pylist()
        unnamed = next(row for row in store.read("Party").to_pylist() if row["name"] is None)
    assert (report.read, report.loaded, report.merged) == (5, 4, 1)
    spans = sorted((row["share_min"], str(row["from"]), str(row["until"])) for row in owns)
    # The day on which the share changed is not stated: it is the day of the statement that says so.
    assert spans == [
        (50, "2016-04-06", "None"),
        (50, "2018-01-05", "None"),
        (100, "2016-04-06", "2018-01-05"),
    ]
    assert (unnamed["kind"], unnamed["stated"]) == ("unknown", True)
    assert unnamed["note"].startswith("interestedPartyHasNotProvidedInformation: The new owner")
    told = next(row for row in owns if row["owner"] == unnamed["id"])
    assert told["reason"].startswith("interestedPartyHasNotProvidedInformation")


@pytest.mark.parametrize("order", [1, -1])
def test_an_update_in_a_file_of_its_own_is_history(order: int, shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "ownership/bods/v0.3.0/examples"
    with empty_store(tmp_path) as store:
        for name in ("1-single-direct.json", "2-single-update.json")[::order]:
            one(store, folder / name, today=TODAY)
        owns = store.read("OWNS").to_pylist()
    spans = sorted((row["share_min"], str(row["from"]), str(row["until"])) for row in owns)
    assert spans == [
        (50, "2016-04-06", "None"),
        (50, "2018-01-05", "None"),
        (100, "2016-04-06", "2018-01-05"),
    ]


def test_component_records_tell_an_indirect_stake_and_no_direct_one(
    shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "ownership/bods/examples/mixed-direct-and-indirect-ownership.json"
    with empty_store(tmp_path) as store:
        one(store, path, today=TODAY)
        owns = store.read("OWNS").to_pylist()
    told = {
        row["indirect"]: row["told_by"] for row in owns if row["owner"] == "53508b65253f" and row["share_min"]
    }
    assert told == {True: ["ec61aeda7141", "acdf30ece808", "07f0f7024a92"], False: None}


@pytest.mark.parametrize("name", bods_fixtures.list_cases())
def test_conformance_fixtures(name: str, tmp_path: Path) -> None:
    told = bods_fixtures.load(name).statements
    (path := tmp_path / "fixture.jsonl").write_text("\n".join(map(json.dumps, told)) + "\n")
    with empty_store(tmp_path) as store:
        report = one(store, path, today=TODAY)
        owns, parties = store.read("OWNS").to_pylist(), store.read("Party").to_pylist()
    assert (report.read, report.loaded, report.rejected) == (len(told), len(told), 0)
    pairs = {(row["owner"], row["owned"], row["kind"], row["share_min"]) for row in owns}
    if name == "core/01-direct-ownership":
        ends = ("rec-jane-smith-1975", "rec-acme-holdings-ltd")
        assert pairs == {(*ends, "shares", 75.0), (*ends, "votes", 75.0)}
    elif name == "edge-cases/10-circular-ownership":
        assert pairs == {
            ("rec-alpha-corp", "rec-beta-corp", "shares", 100.0),
            ("rec-beta-corp", "rec-alpha-corp", "shares", 100.0),
        }
    else:
        assert [row["kind"] for row in parties if row["name"] is None] == ["unknown"]
        assert owns[0]["reason"].startswith("subjectUnableToConfirmOrIdentifyBeneficialOwner: The subject")


def test_bounds_of_a_share_before_and_since_0_4() -> None:
    older = {"minimum": 25, "exclusiveMinimum": True, "maximum": 50, "exclusiveMaximum": False}
    newer = {"exclusiveMinimum": 25, "maximum": 50}
    assert bounds(older) == bounds(newer)
    assert bounds({"minimum": 30, "exclusiveMinimum": 25}) == bounds({"minimum": 30})
    assert bounds({"exact": 50, "minimum": 50, "maximum": 50}) == {"share": "50"}


ENTITY = {
    "statementId": "f01-e1-7c4f-4a1c-b3ad-61353b66a9b7",
    "declarationSubject": "r1",
    "statementDate": "2022-01-01",
    "recordId": "r1",
    "recordType": "entity",
    "recordDetails": {"isComponent": False, "entityType": {"type": "registeredEntity"}, "name": "Acme Ltd"},
}


def test_lines_that_are_no_statement_are_rejected_by_themselves(tmp_path: Path) -> None:
    good = json.dumps(ENTITY).encode()
    deep = b'{"statementID":' * 5_000 + b"}"
    lines = [good, b"", b'{"statementId": ', b'"text"', good.replace(b"Acme", b"\xff"), deep, b"[1]"]
    (path := tmp_path / "x.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    with empty_store(tmp_path) as store:
        report = one(store, path, today=TODAY, max_rejected=1.0)
    assert (report.read, report.loaded, report.rejected) == (6, 1, 5)
    reasons = {row.row: row.reason for row in report.rejects}
    assert sorted(reasons) == [3, 4, 5, 6, 7]
    assert "not UTF-8" in reasons[5] and "deeply" in reasons[6] and "type" in reasons[7]


def test_an_array_that_breaks_off_keeps_what_stands_before(tmp_path: Path) -> None:
    whole = json.dumps([{**ENTITY, "recordId": f"r{n}"} for n in range(9)])
    (path := tmp_path / "x.json").write_text(whole[:-40])
    with empty_store(tmp_path) as store:
        report = one(store, path, today=TODAY)
    assert (report.read, report.loaded, report.rejected) == (9, 8, 1)
    assert "breaks off" in report.rejects[0].reason


@pytest.mark.parametrize("bomb", [b"[" * 300_000, b'[{"statementId":"' + b"x" * 18_000_000, b'[{"a":' * 200])
def test_bombs_are_refused(tmp_path: Path, bomb: bytes) -> None:
    (path := tmp_path / "x.json").write_bytes(b'[{"statementId": 1},' + bomb)
    with empty_store(tmp_path) as store:
        report = one(store, path, today=TODAY)
    assert report.refused


def test_mutated_files_give_rows_or_rejects(shared_data: Path, tmp_path: Path) -> None:
    chance = random.Random(4)
    originals = [path.read_bytes() for path in examples(shared_data)][:30]
    for number in range(150):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data))
            data[at : at + chance.randrange(0, 9)] = chance.choice(
                [b"", b"9", b'"', b"{", b"null", b"[]", b"\xff"]
            )
        (path := tmp_path / f"{number}.json").write_bytes(data)
        for row in read(path):
            assert row["fault"] or row["record"]


def test_a_record_of_one_day_stated_twice_keeps_one_and_says_so(tmp_path: Path) -> None:
    renamed = {**ENTITY, "recordDetails": {**ENTITY["recordDetails"], "name": "Other"}}  # type: ignore[dict-item]
    others = [{**ENTITY, "recordId": f"r{n}"} for n in range(2, 9)]
    (path := tmp_path / "x.json").write_text(json.dumps([ENTITY, renamed, ENTITY, *others]))
    with empty_store(tmp_path) as store:
        report = one(store, path, today=TODAY)
    assert (report.read, report.loaded, report.rejected + report.merged) == (10, 8, 2)
    assert any("with other content" in row.reason for row in report.rejects)


MUTATED: tuple[object, ...] = (None, 7, "", "x", "2020-13-40", [], {}, True, ["GB"], {"code": "GBR"}, -1, 101)


@pytest.mark.parametrize("version", ["0_2", "0_4"])
def test_the_compiled_constraints_are_those_of_the_schema(version: str, shared_data: Path) -> None:
    """Against the interpreter of the schema, on every statement at hand and on every value of it changed."""
    told = [
        stated
        for path in sorted((shared_data / "ownership/bods").rglob("*.json"))
        if "schema" not in path.parts
        for stated in statements(path)
        if isinstance(stated, dict) and ("statementType" in stated) == (version == "0_2")
    ]
    assert any(is_sound(stated, version) for stated in told)
    for stated in told:
        assert is_sound(stated, version) == _validator(version).is_valid(stated)
    dice = random.Random(7)
    for stated in dice.sample(told, 60):
        for _ in range(12):
            changed = json.loads(json.dumps(stated))
            holder, key = dice.choice(list(_places(changed)))
            holder[key] = dice.choice(MUTATED)
            assert is_sound(changed, version) == _validator(version).is_valid(changed), changed


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])

"""The recipe of registers: what rows of any reader become, whatever their order."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from diversion.ingest import look
from diversion.ingest.columns import KINDS
from diversion.ingest.documents import NOT_KEPT, Entry, addresses, part, several, sheet
from diversion.ingest.report import FileReport
from diversion.store.base import Store
from tests.ingest.world import Content, content, empty_store, one

Cells = Mapping[str, str | None]
TODAY = date(2025, 1, 1)
HOLDING = {"record": "holding", "record_id": "h", "owner_id": "A", "owned_id": "B", "interest": "shares"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return empty_store(tmp_path)


def load(
    store: Store, where: Path, monkeypatch: pytest.MonkeyPatch, *records: Cells | Sequence[Cells]
) -> FileReport:
    """Ingest records, each of one part or of several, as a reader hands them on."""
    parts = [[one] if isinstance(one, Mapping) else list(one) for one in records]
    rows = [
        Entry(part(row, number), cells)
        for row, some in enumerate(parts, 1)
        for number, cells in enumerate(some)
    ]
    made = [sheet(None, "bods", KINDS["register"].columns, lambda told: rows)]
    monkeypatch.setattr(look, "open_sheets", lambda *given: made)
    path = where / "register.json"
    path.write_text(repr(records))
    return one(store, path, today=TODAY, max_rejected=1.0)


def test_a_party_with_all_that_a_register_says(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = {
        "record": "party",
        "party_id": "C1",
        "name": "Orion Ltd",
        "kind": "company",
        "country": "US-DE",
        "addresses": addresses([("1 High St", "Wales"), ("2 Low St", "Nowhere"), (None, "DE")]),
        "identifiers": several(["LEI:123", "GB-COH:00000001"]),
        "aliases": several(["Orion", "ОРИОН"]),
        "contacts": several(["phone:1"]),
        "incorporated_on": "2001-02",
        "dissolved_on": "2020-01-01",
        "note": "a trust",
    }
    assert load(store, tmp_path, monkeypatch, cells).loaded == 1
    (party,) = store.read("Party").to_pylist()
    assert (party["stated"], party["country"], party["incorporated_on"]) == (True, "US", date(2001, 2, 1))
    assert party["identifier"] == "LEI:123; GB-COH:00000001"
    assert (party["aliases"], party["contacts"]) == (["Orion", "ОРИОН"], ["phone:1"])
    places = {(row["text"], row["country"]) for row in store.read("Address").to_pylist()}
    assert places == {("1 High St", "GB"), ("2 Low St", None), ("DE", "DE")}
    assert store.count("LOCATED_AT") == 3


def test_a_country_that_is_none_is_kept_in_words(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, tmp_path, monkeypatch, {"record": "party", "party_id": "C1", "country": "Atlantis"})
    assert store.read("Party").to_pylist()[0]["note"] == "country Atlantis"


VERSIONS = [
    {**HOLDING, "stated_on": "2018-01-01", "share": "100", "from": "2016-01-01", "known_on": "2018-02-01"},
    {**HOLDING, "stated_on": "2019-01-01", "share": "100", "note": "again"},
    {**HOLDING, "stated_on": "2020-01-01", "share": "60", "from": "2016-01-01"},
    {**HOLDING, "stated_on": "2021-06-01", "share": "40", "from": "2021-05-01"},
    {**HOLDING, "stated_on": "2022-01-01", "share": "40", "status": "closed"},
]
HISTORY = [
    (100, date(2016, 1, 1), date(2020, 1, 1)),
    (60, date(2020, 1, 1), date(2021, 5, 1)),
    (40, date(2021, 5, 1), date(2022, 1, 1)),
]


def test_history_is_the_same_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for number, records in enumerate(itertools.islice(itertools.permutations(VERSIONS), 0, 120, 40)):
        (place := tmp_path / str(number)).mkdir()
        with empty_store(place) as store:
            report = load(store, place, monkeypatch, *records)
            assert (report.read, report.loaded, report.merged, report.rejected) == (5, 1, 4, 0)
            again = load(store, place, monkeypatch, *records)
            assert (again.unchanged, again.loaded) == (1, 0)
            found.append(content(store))
    spans = [(row["share_min"], row["from"], row["until"]) for row in found[0]["OWNS"]]
    assert sorted(spans, key=str, reverse=True) == sorted(HISTORY, key=str, reverse=True)
    first = next(row for row in found[0]["OWNS"] if row["share_min"] == 100)
    assert first["known_on"] == date(2018, 2, 1)
    assert all(one == found[0] for one in found)


def test_a_later_file_brings_the_record_up_to_date(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(store, tmp_path, monkeypatch, VERSIONS[0])
    assert load(store, tmp_path, monkeypatch, *VERSIONS).loaded == 1
    spans = [(row["share_min"], row["from"], row["until"]) for row in store.read("OWNS").to_pylist()]
    assert sorted(spans) == sorted(HISTORY)


def held(store: Store) -> Content:
    """What the store holds, but for stakes that hold on no day, and parties that only those name."""
    found = content(store)
    for name in ("OWNS", "CONTROLS"):
        found[name] = [
            row for row in found.get(name, []) if row["from"] is None or row["from"] != row["until"]
        ]
    ends = {row[end] for row in found["OWNS"] for end in ("owner", "owned")}
    ends |= {row[end] for row in found["CONTROLS"] for end in ("controller", "controlled")}
    found["Party"] = [row for row in found.get("Party", []) if row["stated"] or row["id"] in ends]
    return found


def in_parts(
    place: Path, monkeypatch: pytest.MonkeyPatch, *files: Sequence[Cells | Sequence[Cells]]
) -> tuple[Content, list[FileReport]]:
    """The store after these files, and what reading each of them again reports."""
    place.mkdir()
    with empty_store(place) as store:
        for records in files:
            load(store, place, monkeypatch, *records)
        before = content(store)
        again = [load(store, place, monkeypatch, *records) for records in files]
        assert content(store) == before and store.verify() == []
        return held(store), again


PARTY = {"record": "party", "party_id": "A"}
OLDER, NEWER = "2022-01-01", "2024-03-01"
PAIRS: dict[str, tuple[list[Cells | Sequence[Cells]], list[Cells | Sequence[Cells]]]] = {
    "another share": (
        [{**HOLDING, "stated_on": OLDER, "share": "60", "from": "2016-01-01"}],
        [{**HOLDING, "stated_on": NEWER, "share": "20"}],
    ),
    "its end": (
        [{**HOLDING, "stated_on": OLDER, "share": "60"}],
        [{**HOLDING, "stated_on": NEWER, "share": "60", "status": "closed"}],
    ),
    "the same again, and an end before it began": (
        [{**HOLDING, "stated_on": OLDER, "share": "60", "from": "2020-01-01"}],
        [{**HOLDING, "stated_on": NEWER, "share": "60", "until": "2020-01-01"}],
    ),
    "another owner, and no votes": (
        [[
            {**HOLDING, "stated_on": OLDER, "share": "60", "known_on": OLDER},
            {**HOLDING, "stated_on": OLDER, "share": "70", "interest": "votes", "known_on": OLDER},
        ]],
        [{**HOLDING, "stated_on": NEWER, "share": "60", "owner_id": "Z", "known_on": NEWER}],
    ),
    "an owner without a name": (
        [{**HOLDING, "stated_on": OLDER, "share": "60", "owner_id": None, "reason": "unknown"}],
        [{**HOLDING, "stated_on": NEWER, "share": "20", "owner_id": None, "reason": "still unknown"}],
    ),
    "control": (
        [{**HOLDING, "record": "control", "by": "trustee", "stated_on": OLDER, "from": "2016-01-01"}],
        [{**HOLDING, "record": "control", "by": "settlor", "stated_on": NEWER}],
    ),
    "statements that replace one another": (
        [
            {**PARTY, "record_id": "A", "name": "Orion", "stated_on": OLDER},
            {**HOLDING, "record_id": "one", "stated_on": OLDER, "share": "60", "from": "2016-01-01"},
        ],
        [
            {**PARTY, "record_id": "A2", "party_id": "A2", "replaces": "A", "name": "Aura",
             "stated_on": NEWER},
            {**HOLDING, "record_id": "two", "replaces": "one", "owner_id": "A2", "stated_on": NEWER,
             "share": "20"},
        ],
    ),
    "what only the older states": (
        [{**HOLDING, "stated_on": OLDER, "share": "60"}, {**HOLDING, "record_id": "o", "stated_on": OLDER}],
        [{**HOLDING, "stated_on": NEWER, "share": "20"}],
    ),
}  # fmt: skip
"""Two files each, an older and a newer one, of the same records."""


@pytest.mark.parametrize("name", PAIRS)
def test_files_in_any_order_are_as_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older, newer = PAIRS[name]
    whole, _ = in_parts(tmp_path / "whole", monkeypatch, [*older, *newer])
    forth, one_ = in_parts(tmp_path / "forth", monkeypatch, older, newer)
    back, other = in_parts(tmp_path / "back", monkeypatch, newer, older)
    assert forth == back == whole
    for report in (*one_, *other):
        assert (report.loaded, report.rejected, report.unchanged + report.merged) == (0, 0, report.read)


def test_history_over_files_in_every_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = in_parts(tmp_path / "whole", monkeypatch, VERSIONS)
    for number, records in enumerate(itertools.islice(itertools.permutations(VERSIONS), 0, 120, 31)):
        (place := tmp_path / str(number)).mkdir()
        with empty_store(place) as store:
            for record in records:
                load(store, place, monkeypatch, record)
            assert held(store) == whole


def test_a_day_between_two_files_sees_what_held_then(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for records in PAIRS["another share"]:
        load(store, tmp_path, monkeypatch, *records)
    spans = [(row["share_min"], row["from"], row["until"]) for row in store.read("OWNS").to_pylist()]
    assert sorted(spans) == [(20, date(2024, 3, 1), None), (60, date(2016, 1, 1), date(2024, 3, 1))]


def test_the_later_statement_of_a_party_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = {
        **PARTY,
        "name": "Orion",
        "stated_on": OLDER,
        "known_on": OLDER,
        "addresses": addresses([("1", "DE")]),
    }
    new = {
        **PARTY,
        "name": "Aura",
        "stated_on": NEWER,
        "known_on": NEWER,
        "addresses": addresses([("2", "DE")]),
    }
    for number, records in enumerate(itertools.permutations([old, new])):
        (place := tmp_path / str(number)).mkdir()
        with empty_store(place) as store:
            for record in records:
                load(store, place, monkeypatch, record)
            (party,) = store.read("Party").to_pylist()
            assert (party["name"], party["known_on"], party["stated"]) == ("Aura", date(2024, 3, 1), True)


def test_a_corrected_file_takes_the_place_of_what_it_corrects(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {**HOLDING, "stated_on": OLDER, "share": "60"}
    load(store, tmp_path, monkeypatch, [said, {**said, "interest": "votes"}])
    load(store, tmp_path, monkeypatch, {**said, "share": "40"})
    load(store, tmp_path, monkeypatch, {**said, "stated_on": NEWER, "share": "20"})
    rows = [row for row in store.read("OWNS").to_pylist() if row["from"] != row["until"] or not row["from"]]
    assert sorted((row["share_min"], str(row["until"])) for row in rows) == [(20, "None"), (40, NEWER)]


def test_without_a_day_the_file_read_last_stands(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for share in ("60", "20"):
        load(store, tmp_path, monkeypatch, {**HOLDING, "share": share})
    assert [row["share_min"] for row in store.read("OWNS").to_pylist()] == [20]


def test_an_earlier_statement_read_last_leaves_the_record_its_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = [
        {**HOLDING, "record_id": "s1", "stated_on": "2020-01-01", "share": "90"},
        {**HOLDING, "record_id": "s2", "replaces": "s1", "stated_on": "2021-01-01", "share": "50"},
        {**HOLDING, "record_id": "s3", "replaces": "s2", "stated_on": "2022-01-01", "share": "10"},
    ]
    for number, records in enumerate(itertools.permutations(chain)):
        found, _ = in_parts(tmp_path / str(number), monkeypatch, *([record] for record in records))
        spans = sorted((row["share_min"], str(row["from"]), str(row["until"])) for row in found["OWNS"])
        assert spans == [
            (10, "2022-01-01", "None"),
            (50, "2021-01-01", "2022-01-01"),
            (90, "None", "2021-01-01"),
        ]


def test_a_stake_that_a_later_statement_leaves_out_ends(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = {**HOLDING, "stated_on": "2018-01-01", "share": "30"}
    votes = {**both, "interest": "votes", "share": "70"}
    report = load(store, tmp_path, monkeypatch, [both, votes], {**both, "stated_on": "2019-01-01"})
    assert (report.read, report.loaded, report.merged) == (2, 1, 1)
    found = {row["kind"]: (row["share_min"], row["until"]) for row in store.read("OWNS").to_pylist()}
    assert found == {"shares": (30, None), "votes": (70, date(2019, 1, 1))}


def test_two_records_about_one_pair_both_stand(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_, other = {**HOLDING, "share": "30"}, {**HOLDING, "record_id": "k", "share": "25"}
    assert load(store, tmp_path, monkeypatch, one_, other, one_).merged == 1
    assert sorted(row["share_min"] for row in store.read("OWNS").to_pylist()) == [25, 30]
    assert {row["stated"] for row in store.read("Party").to_pylist()} == {False}


def test_control_and_exceptions(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = {**HOLDING, "record": "control", "by": "ultimate accounting consolidation", "from": "2020"}
    why = {"record": "exception", "record_id": "e", "party_id": "B", "reason": "NATURAL_PERSONS"}
    assert load(store, tmp_path, monkeypatch, control, why).loaded == 2
    (controls,) = store.read("CONTROLS").to_pylist()
    assert (controls["controller"], controls["controlled"], controls["from"]) == ("A", "B", date(2020, 1, 1))
    (owns,) = store.read("OWNS").to_pylist()
    owner = next(row for row in store.read("Party").to_pylist() if row["id"] == owns["owner"])
    assert (owns["owned"], owns["reason"], owns["share_min"]) == ("B", "NATURAL_PERSONS", None)
    assert (owner["name"], owner["note"], owner["kind"]) == (None, "NATURAL_PERSONS", "unknown")


def test_an_anonymous_owner_lends_its_reason(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = {"record": "party", "party_id": "A", "kind": "person", "note": "anonymous person"}
    load(store, tmp_path, monkeypatch, nobody, HOLDING)
    assert store.read("OWNS").to_pylist()[0]["reason"] == "anonymous person"


def test_the_reason_of_an_owner_without_a_name_stays_with_the_stake(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = {"record": "party", "party_id": "A", "kind": "person", "note": "anonymous person"}
    load(store, tmp_path, monkeypatch, nobody, {**HOLDING, "stated_on": OLDER, "share": "60"})
    load(store, tmp_path, monkeypatch, {**HOLDING, "stated_on": NEWER, "share": "20"})
    found = {row["share_min"]: row["reason"] for row in store.read("OWNS").to_pylist()}
    assert found[60] == "anonymous person"


def test_components_are_kept_as_stated(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether all of them are there is told where the stakes are used: they may come in a later file."""
    there = {**HOLDING, "record_id": "i", "indirect": "true", "told_by": several(["C", "link"])}
    load(store, tmp_path, monkeypatch, {**HOLDING, "record_id": "link"}, there)
    found = {row["record"]: row["told_by"] for row in store.read("OWNS").to_pylist()}
    assert found == {"link": None, "i": ["C", "link"]}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"record": "rumour"}, "record"),
        ({"owned_id": None}, "owned_id"),
        ({"share": "101"}, "share"),
        ({"share_min": "-1"}, "share_min"),
        ({"share_min": "60", "share_max": "50"}, "share_min"),
        ({"from": "2020-01-02", "until": "2020-01-01"}, "until"),
        ({"from": "yesterday"}, "from"),
        ({"interest": "castles"}, "interest"),
        ({"from": "2020-01-01", "status": "closed", "stated_on": "2019-01-01"}, "until"),
        ({"status": "void"}, "stated_on"),
    ],
)
def test_a_faulty_part_rejects_its_record_once(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: Cells, column: str
) -> None:
    good = {**HOLDING, "record_id": "good"}
    report = load(store, tmp_path, monkeypatch, good, [HOLDING, {**HOLDING, **cells}, {**HOLDING, **cells}])
    assert (report.read, report.loaded, report.rejected) == (2, 1, 1)
    assert (report.rejects[0].row, report.rejects[0].column) == (2, column)
    assert store.count("OWNS") == 1


def test_a_stake_that_held_on_no_day_is_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = load(store, tmp_path, monkeypatch, {**HOLDING, "from": "2020-01-01", "until": "2020-01-01"})
    assert (report.read, report.rejected) == (1, 1)
    assert report.rejects[0].reason.startswith(NOT_KEPT)


def test_chains_and_circles_of_replaced_statements_end(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = [
        {**HOLDING, "record_id": f"s{n:03}", "replaces": f"s{n - 1:03}" if n else None, "share": f"{n % 90}",
         "stated_on": f"2020-01-{n % 28 + 1:02}"}
        for n in range(28)
    ]  # fmt: skip
    circle = [
        {**HOLDING, "record_id": a, "replaces": b, "owner_id": "Z", "stated_on": "2020-01-01"}
        for a, b in (("x", "y"), ("y", "x"))
    ]
    report = load(store, tmp_path, monkeypatch, *chain, *circle)
    assert report.rejected == 0
    current = [row for row in store.read("OWNS").to_pylist() if row["owner"] == "A" and row["until"] is None]
    assert [row["share_min"] for row in current] == [27]

"""The UK register of people with significant control, in the shape of its snapshot; all of it is made up."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diversion.ingest.documents import NOT_KEPT
from diversion.ingest.psc import is_psc
from diversion.ingest.psc_natures import stake
from diversion.ingest.report import FileReport
from diversion.store.base import Store
from tests.ingest.world import empty_store, one

Record = dict[str, Any]
TODAY = date(2025, 1, 1)
TOTALS = {"data": {"kind": "totals#persons-of-significant-control-snapshot", "statements_count": 1}}


def psc(company: str, kind: str, link: str, **more: Any) -> Record:
    data = {"kind": kind, "links": {"self": f"/company/{company}/{link}"}, "etag": "e" + link}
    return {"company_number": company, "data": {**data, **more}}


def person(company: str = "09000001", link: str = "individual/Ab1", **more: Any) -> Record:
    told = {
        "name": "Mr Jan Roe",
        "name_elements": {"title": "Mr", "forename": "Jan", "middle_name": "Q", "surname": "Roe"},
        "nationality": "British",
        "country_of_residence": "Scotland",
        "address": {"premises": "1", "address_line_1": "Quay", "postal_code": "EH1", "country": "Scotland"},
        "date_of_birth": {"month": 4, "year": 1971},
        "natures_of_control": [
            "ownership-of-shares-25-to-50-percent",
            "voting-rights-50-to-75-percent-as-trust",
        ],
        "notified_on": "2016-04-06",
    }
    return psc(company, "individual-person-with-significant-control", link, **{**told, **more})


def entity(company: str, link: str, number: str | None, country: str | None, place: str | None) -> Record:
    return psc(
        company,
        "corporate-entity-person-with-significant-control",
        link,
        name="Holding Limited",
        natures_of_control=["ownership-of-shares-75-to-100-percent", "right-to-appoint-and-remove-directors"],
        identification={
            "registration_number": number,
            "country_registered": country,
            "place_registered": place,
            "legal_form": "Limited Company",
        },
        notified_on="2018-01-01",
        ceased_on="2019-02-01",
    )


def load(store: Store, where: Path, *records: Any, **more: object) -> FileReport:
    path = where / "psc.txt"
    lines = [record if isinstance(record, str) else json.dumps(record) for record in (*records, TOTALS)]
    path.write_text("\n".join(lines) + "\n")
    assert is_psc(path.read_bytes()[:4096])
    return one(store, path, today=TODAY, **more)


@pytest.mark.parametrize("order", [1, -1])
def test_snapshots_of_which_the_day_is_said_are_history(order: int, tmp_path: Path) -> None:
    """The register states no day: a record said the same until the snapshot in which it had changed."""
    old, new = date(2022, 1, 1), date(2024, 1, 1)
    natures = {old: ["ownership-of-shares-50-to-75-percent"], new: ["ownership-of-shares-25-to-50-percent"]}
    with empty_store(tmp_path) as store:
        for day in (old, new)[::order]:
            record = person(natures_of_control=natures[day], name=f"Jan {day}", name_elements={})
            load(store, tmp_path, record, known_on=day)
        if order == 1:
            same = load(store, tmp_path, record, known_on=date(2024, 6, 1))
            assert (same.loaded, same.unchanged) == (0, 1)
        owns, parties = store.read("OWNS").to_pylist(), store.read("Party").to_pylist()
    spans = sorted((row["share_min"], str(row["from"]), str(row["until"])) for row in owns)
    assert spans == [(25, "2024-01-01", "None"), (50, "2016-04-06", "2024-01-01")]
    assert [row["name"] for row in parties if row["stated"]] == [f"Jan {new}"]


def test_a_person_and_what_she_controls(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        report = load(store, tmp_path, person())
        assert (report.kind, report.read, report.loaded, report.rejected) == ("psc", 1, 1, 0)
        assert load(store, tmp_path, person()).unchanged == 1
        parties = {row["id"]: row for row in store.read("Party").to_pylist()}
        owns = {row["kind"]: row for row in store.read("OWNS").to_pylist()}
        (place,) = store.read("Address").to_pylist()
    someone, company = parties["GB-PSC-Ab1"], parties["GB-COH-09000001"]
    assert (someone["name"], someone["kind"], someone["country"]) == ("Jan Q Roe", "person", "GB")
    assert (someone["born"], someone["note"]) == ("1971-04", "nationality British")
    assert (company["identifier"], company["stated"], company["country"]) == ("GB-COH:09000001", False, "GB")
    shares, votes = owns["shares"], owns["votes"]
    assert (shares["share_min"], shares["share_max"], shares["above_min"], shares["below_max"]) == (
        25,
        50,
        True,
        False,
    )
    assert (votes["share_min"], votes["share_max"], votes["above_min"], votes["below_max"]) == (
        50,
        75,
        True,
        True,
    )
    assert (votes["indirect"], votes["reason"], votes["from"]) == (True, "as trust", date(2016, 4, 6))
    assert (place["text"], place["country"]) == ("1, Quay, EH1", "GB")


def test_a_british_company_is_itself_and_a_foreign_one_is_the_same_everywhere(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        report = load(
            store,
            tmp_path,
            entity("09000001", "corporate-entity/C1", "9000009", "England And Wales", "Companies House"),
            entity("09000002", "corporate-entity/C2", "sc 12345", None, "Companies House"),
            entity("09000003", "corporate-entity/C3", "HRB 77", "Germany", "Handelsregister"),
            entity("09000004", "corporate-entity/C4", "HRB 77", "Germany", "Handelsregister"),
            entity("09000005", "corporate-entity/C5", None, None, None),
        )
        owns, controls = store.read("OWNS").to_pylist(), store.read("CONTROLS").to_pylist()
        parties = {row["id"]: row for row in store.read("Party").to_pylist()}
    assert (report.read, report.loaded, report.merged) == (5, 5, 0)
    owner = {row["owned"]: row["owner"] for row in owns}
    assert owner["GB-COH-09000001"] == "GB-COH-09000009" and owner["GB-COH-09000002"] == "GB-COH-SC012345"
    assert owner["GB-COH-09000003"] == owner["GB-COH-09000004"] != owner["GB-COH-09000005"]
    assert parties["GB-COH-09000009"]["name"] == "Holding Limited"
    assert not parties["GB-COH-09000009"]["stated"]
    foreign = parties[owner["GB-COH-09000003"]]
    assert (foreign["identifier"], foreign["country"], foreign["stated"]) == ("Germany:HRB 77", "DE", True)
    assert {(row["by"], row["until"]) for row in controls} == {
        ("right to appoint the board", date(2019, 2, 1))
    }


def test_why_nobody_is_named(tmp_path: Path) -> None:
    statement = psc(
        "09000001",
        "persons-with-significant-control-statement",
        "persons-with-significant-control-statements/S1",
        statement="no-individual-or-entity-with-signficant-control",
        notified_on="2016-06-30",
    )
    protected = psc(
        "09000002", "super-secure-person-with-significant-control", "super-secure/P1", ceased=False
    )
    exempt = psc(
        "09000003",
        "exemptions",
        "exemptions",
        exemptions={
            "psc_exempt_as_trading_on_regulated_market": {
                "exemption_type": "psc-exempt-as-trading-on-regulated-market",
                "items": [
                    {"exempt_from": "2016-04-06", "exempt_to": "2018-01-01"},
                    {"exempt_from": "2019-01-01"},
                ],
            }
        },
    )
    gone = psc("09000004", "super-secure-beneficial-owner", "super-secure/P2", ceased=True)
    with empty_store(tmp_path) as store:
        report = load(store, tmp_path, statement, protected, exempt, gone)
        owns = store.read("OWNS").to_pylist()
        names = {row["id"]: row["name"] for row in store.read("Party").to_pylist()}
    assert (report.read, report.loaded, report.rejected) == (4, 3, 1)
    assert report.rejects[0].reason.startswith(NOT_KEPT)
    assert {row["reason"] for row in owns} == {
        "no-individual-or-entity-with-signficant-control",
        "super secure person with significant control",
        "psc-exempt-as-trading-on-regulated-market",
    }
    assert {names[row["owner"]] for row in owns} == {None}
    spans = {(row["from"], row["until"]) for row in owns if row["owned"] == "GB-COH-09000003"}
    assert spans == {(date(2016, 4, 6), date(2018, 1, 1)), (date(2019, 1, 1), None)}


def test_overseas_entities_and_their_designated_owners(tmp_path: Path) -> None:
    owner = person(
        "OE000001",
        "persons-with-significant-control/individual-beneficial-owner/B1",
        natures_of_control=[
            "ownership-of-shares-more-than-25-percent-as-control-over-trust-registered-overseas-entity",
            "significant-influence-or-control-registered-overseas-entity",
        ],
        is_sanctioned=True,
    )
    owner["data"]["kind"] = "individual-beneficial-owner"
    with empty_store(tmp_path) as store:
        load(store, tmp_path, owner)
        (owns,) = store.read("OWNS").to_pylist()
        (control,) = store.read("CONTROLS").to_pylist()
        parties = {row["id"]: row for row in store.read("Party").to_pylist()}
    assert (owns["share_min"], owns["share_max"], owns["above_min"]) == (25, 100, True)
    assert owns["reason"] == "as control over trust"
    assert control["by"] == "significant influence or control"
    assert "designated" in parties["GB-PSC-B1"]["note"]
    assert parties["GB-COH-OE000001"]["country"] is None


def test_a_later_snapshot_ends_what_has_ceased(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        load(store, tmp_path, person())
        assert load(store, tmp_path, person(ceased_on="2024-01-01")).loaded == 1
        assert {row["until"] for row in store.read("OWNS").to_pylist()} == {date(2024, 1, 1)}
        assert store.count("OWNS") == 2


def test_records_that_are_none_are_rejected_by_themselves(tmp_path: Path) -> None:
    bad = [
        person(ceased_on="2015-01-01"),
        {"company_number": "1", "data": []},
        {"company_number": None, "data": {"kind": "exemptions"}},
        psc("1", "a-ghost", "x"),
        "{not json",
        '{"company_number": "1", "data": {"kind": "exemptions", "x": "\\ud800", "y": '
        + "[" * 900
        + "]" * 900
        + "}}",
        psc("1", "individual-person-with-significant-control", "y", notified_on=[1], name=5, address="x"),
    ]
    with empty_store(tmp_path) as store:
        report = load(store, tmp_path, person(link="individual/Ok"), *bad, max_rejected=1.0)
    assert (report.read, report.rejected) == (8, 5)
    assert sorted(row.row for row in report.rejects) == [2, 3, 4, 5, 6]


def test_natures_of_partnerships_and_natures_not_known() -> None:
    surplus = stake("right-to-share-surplus-assets-50-to-75-percent-as-firm-limited-liability-partnership")
    assert (surplus["by"], surplus["reason"]) == ("right to surplus assets", "50 to 75 per cent, as firm")
    members = stake("right-to-appoint-and-remove-members-limited-liability-partnership")
    assert members["by"] == "right to appoint the board"
    assert stake("reads-minds")["by"] == "reads minds"


def test_a_band_that_cannot_be_is_a_fault(tmp_path: Path) -> None:
    odd = person(link="individual/Odd", natures_of_control=["ownership-of-shares-99-to-101-percent"])
    with empty_store(tmp_path) as store:
        report = load(store, tmp_path, person(), odd, max_rejected=1.0)
        assert store.count("CONTROLS") == 0
    assert (report.read, report.loaded, report.rejected) == (2, 1, 1)
    assert "unknown nature of control: ownership-of-shares-99-to-101" in report.rejects[0].reason


@pytest.mark.parametrize("said", [None, date(2024, 3, 1)])
def test_the_totals_date_the_snapshot(said: date | None, tmp_path: Path) -> None:
    totals = {"data": {**TOTALS["data"], "generated_at": "2024-01-01T00:00:00Z"}}
    path = tmp_path / "psc.txt"
    path.write_text("\n".join(map(json.dumps, (person(), totals))))
    with empty_store(tmp_path) as store:
        report = one(store, path, today=TODAY, known_on=said)
        days = {row["known_on"] for name in ("OWNS", "Source") for row in store.read(name).to_pylist()}
    assert days == {said or date(2024, 1, 1)}
    assert any("2024-01-01" in note for note in report.notes) == (said is None)

"""OFAC's lists in all their formats: counts of the publisher, and one entry the same in each of them."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from diversion.ingest.csl_cells import LISTS
from diversion.ingest.documents import NOT_KEPT
from diversion.ingest.ofac_cells import CONS, programme
from diversion.ingest.report import FileReport
from diversion.ingest.run import ingest
from diversion.policy.policy import load
from diversion.store.base import Store
from tests.ingest.ofac_world import ADD, ADVANCED, ALT, SDN, XML, publication, text_file
from tests.ingest.world import empty_store, one, options

NEWCOMER = '90004,3,"aka","NEWCOMER LLC",-0- \r\n'
NAMESPACE = "{https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML}"


def rows_of(path: Path) -> list[list[str]]:
    """The rows of an old file by another reader; the mark of its end is none."""
    with path.open(encoding="latin-1", newline="") as stream:
        return [row for row in csv.reader(stream) if row != ["\x1a"]]


def listed(store: Store) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in store.read("Listing").to_pylist()}


def all_of(store: Store, paths: list[Path]) -> list[FileReport]:
    files = ingest(store, paths, options()).files
    assert all(f.read == f.loaded + f.unchanged + f.merged + f.rejected for f in files if not f.refused)
    return list(files)


def test_published_trio_is_in(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "lists/ofac_sdn"
    alt, add, sdn = (rows_of(folder / f"{name}.csv") for name in ("alt", "add", "sdn"))
    known = {row[0] for row in sdn}
    with empty_store(tmp_path) as store:
        first = all_of(
            store, [folder / name for name in ("alt.csv", "add.csv", "sdn_comments.csv", "sdn.csv")]
        )
        assert [report.refused for report in first] == [None] * 4
        found = listed(store)
        again = all_of(
            store, [folder / name for name in ("alt.csv", "add.csv", "sdn_comments.csv", "sdn.csv")]
        )
        assert listed(store) == found and not store.verify()
    assert first[3].loaded == again[3].unchanged == len(sdn) == len(found)
    for report, published in zip(first, (alt, add), strict=False):
        assert (report.read, report.merged) == (len(published), sum(row[0] in known for row in published))
        assert all(one.reason.startswith(f"{NOT_KEPT}no entry ") for one in report.rejects)
    assert {row["name"] for row in found.values()} == {row[1].strip() for row in sdn}
    strong = {(number, name) for number, _, _, name, _ in alt if number in known}
    kept = {(i.partition(":")[2], name) for i, row in found.items() for name in row["aliases"] or ()}
    assert {(number, name.strip()) for number, name in strong} <= kept
    weak = {(i.partition(":")[2], name) for i, row in found.items() for name in row["weak_aliases"] or ()}
    assert kept - weak <= {(number, name.strip()) for number, name in strong}
    cuba = found["ofac_sdn:36"]
    assert (cuba["aliases"], cuba["address"], cuba["country"]) == (["AERO-CARIBBEAN"], "Havana, Cuba", "CU")
    assert Counter(row["kind"] for row in found.values())["person"] == sum(r[2] == "individual" for r in sdn)


def test_text_that_was_cut_goes_on(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "lists/ofac_sdn"
    remark = next(row[11] for row in rows_of(folder / "sdn.csv") if row[0] == "12300")
    more = next(row[1] for row in rows_of(folder / "sdn_comments.csv") if row[0] == "12300")
    assert len(remark) == 1000
    with empty_store(tmp_path) as store:
        all_of(store, [folder / "sdn.csv"])
        for _ in range(2):
            assert all_of(store, [folder / "sdn_comments.csv"])[0].merged == 3
            assert listed(store)["ofac_sdn:12300"]["remarks"] == remark + more
        shorter = text_file(tmp_path / "c.csv", '12300,"Z; Passport 123X (Iran)."\r\n')
        assert all_of(store, [shorter])[0].merged == 1
        entry = listed(store)["ofac_sdn:12300"]
    assert entry["remarks"] == remark + "Z; Passport 123X (Iran)."
    assert "Passport:123X" in entry["identifiers"]


def test_half_a_number_is_none(tmp_path: Path) -> None:
    filler = "; ".join(["Linked To: NOBODY AT ALL"] * 30)
    remark = f"{filler}; Passport 7319"
    remark = "X" * (1000 - len(remark)) + remark
    entry = f'90001,"NEBULA","individual","CUBA",{", ".join(["-0-"] * 7)},"{remark}"\r\n'
    with empty_store(tmp_path) as store:
        all_of(store, [text_file(tmp_path / "sdn.csv", entry)])
        assert listed(store)["ofac_sdn:90001"]["identifiers"] is None
        all_of(store, [text_file(tmp_path / "c.csv", '90001,"69851 (Russia); DOB 1971."\r\n')])
        row = listed(store)["ofac_sdn:90001"]
    assert (row["identifiers"], row["births"]) == (["Passport:731969851"], ["1971"])


def test_satellites_without_entries_are_shown_and_change_nothing(tmp_path: Path) -> None:
    alt, add, _ = publication(tmp_path)
    with empty_store(tmp_path) as store:
        for report in all_of(store, [alt, add]):
            assert (report.merged, report.rejected, report.refused) == (0, report.read, None)
            assert report.rejects[0].reason == f"{NOT_KEPT}no entry of this number: read sdn.csv with it"
        assert store.count("Listing") == 0


def test_satellites_of_another_day_are_told(tmp_path: Path) -> None:
    alt, _, sdn = publication(tmp_path)
    newer = text_file(tmp_path / "alt_new.csv", ALT.replace("\x1a", NEWCOMER))
    with empty_store(tmp_path) as store:
        same, other = all_of(store, [sdn, alt])[1], all_of(store, [newer])[0]
    assert not any("different days" in note for note in same.notes)
    (note,) = [note for note in other.notes if "different days" in note]
    assert note.startswith("1 of the 3 entries that it names are not in the list ofac_sdn")


def test_old_files_make_whole_entries(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        assert [report.kind for report in all_of(store, publication(tmp_path))] == [
            "ofac_aliases",
            "ofac_addresses",
            "ofac_sdn",
        ]
        found = listed(store)
    person, ship, firm = (found[f"ofac_sdn:9000{no}"] for no in (1, 2, 3))
    assert person["aliases"] == ["NEBULAEV, Orion", "THE COMET"]
    assert (person["regimes"], person["programme"]) == (["RUSSIA-EO14024", "CYBER2"], "SDN")
    assert person["remarks"].startswith("Title: Director | DOB 17 May 1971;")
    assert (ship["kind"], ship["countries"], ship["identifiers"]) == ("vessel", ["MT"], ["Call Sign:UBXY7"])
    assert "Owner: Quasar Lines" in ship["remarks"]
    assert (firm["kind"], firm["addresses"]) == ("company", ["1 Unreal Quay, Korea, North"])
    assert (firm["country"], firm["countries"]) == ("KP", ["CY", "KP"])


def test_new_entries_keep_what_satellites_said_and_new_satellites_replace_it(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        all_of(store, publication(tmp_path))
        renamed = text_file(tmp_path / "sdn2.csv", SDN.replace("PULSAR TRADING OOO", "PULSAR TRADE OOO"))
        assert all_of(store, [renamed])[0].unchanged == 2
        firm = listed(store)["ofac_sdn:90003"]
        assert (firm["name"], firm["aliases"], firm["countries"]) == (
            "PULSAR TRADE OOO",
            ["PULSAR OOO"],
            ["CY", "KP"],
        )
        (report,) = all_of(store, [text_file(tmp_path / "alt2.csv", '90001,9,"aka","NEBULOV, O.",-0- \r\n')])
        found = listed(store)
        assert "1 entries have no other names any more" in " ".join(report.notes)
        assert found["ofac_sdn:90003"]["aliases"] is None
        assert found["ofac_sdn:90001"]["aliases"] == ["NEBULOV, O.", "THE COMET"]
        assert found["ofac_sdn:90001"]["address"] == "12 Invented Street, Moscow 101000, Russia"


@pytest.mark.parametrize("delimiter", ["|", "@"])
def test_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    with empty_store(tmp_path) as store:
        for name, text in (("sdn", SDN), ("alt", ALT), ("add", ADD)):
            rows = list(csv.reader(text.splitlines()))
            with (tmp_path / f"{name}.pip").open("w", newline="", encoding="utf-8") as stream:
                csv.writer(stream, delimiter=delimiter).writerows(rows)
            assert all_of(store, [tmp_path / f"{name}.pip"])[0].refused is None
        assert listed(store)["ofac_sdn:90001"]["aliases"] == ["NEBULAEV, Orion", "THE COMET"]


def test_list_of_those_not_blocked_is_another_list(tmp_path: Path) -> None:
    text = SDN.replace("RUSSIA-EO14024] [CYBER2", "NS-PLC").replace("RUSSIA-EO14024", "UKRAINE-EO13662")
    with empty_store(tmp_path) as store:
        all_of(
            store, [text_file(tmp_path / "cons_alt.csv", ALT), text_file(tmp_path / "cons_prim.csv", text)]
        )
        found = listed(store)
    assert set(found) == {f"ofac_cons:9000{no}" for no in (1, 2, 3)}
    assert found["ofac_cons:90003"]["programme"] == "Sectoral Sanctions Identifications (SSI)"
    assert found["ofac_cons:90001"]["programme"] == "Palestinian Legislative Council (PLC)"
    assert found["ofac_cons:90003"]["aliases"] == ["PULSAR OOO"]


def test_one_entry_is_the_same_in_every_format(tmp_path: Path) -> None:
    same = (
        "name",
        "kind",
        "births",
        "country",
        "countries",
        "identifiers",
        "regimes",
        "programme",
        "authority",
    )
    seen = []
    for name, text in (("sdn.xml", XML), ("sdn_advanced.xml", ADVANCED), ("old", "")):
        folder = tmp_path / name.replace(".", "_")
        folder.mkdir()
        with empty_store(folder) as store:
            if text:
                report = one(store, text_file(folder / name, text), max_rejected=1.0)
                assert (report.rejected, report.kind) == (1, "ofac_sdn")
            else:
                all_of(store, publication(folder))
            entry = listed(store)["ofac_sdn:90001"]
        assert sorted(entry["aliases"]) == ["NEBULAEV, Orion", "THE COMET"]
        assert entry["weak_aliases"] == ["THE COMET"]
        seen.append({column: entry[column] for column in same})
        if text:
            assert entry["first_seen"] == date(2026, 3, 4)
            assert entry["addresses"] == ["12 Invented Street, Moscow, 101000, Russia"]
            assert "Gender" in entry["remarks"]
    assert seen[0] == seen[1] == seen[2]
    assert seen[0]["births"] == ["1971-05-17"] and seen[0]["identifiers"] == ["Passport:77X123"]
    assert entry["listed_on"] is None  # the old files state no day


def test_advanced_xml_states_the_day(tmp_path: Path) -> None:
    with empty_store(tmp_path) as store:
        report = one(store, text_file(tmp_path / "x.xml", ADVANCED), max_rejected=0.5)
        assert listed(store)["ofac_sdn:90001"]["listed_on"] == date(2024, 2, 23)
    assert [(reject.row, reject.reason) for reject in report.rejects] == [
        (2, "a party without its number or its profile")
    ]


def test_published_enhanced_xml_is_in(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "lists/ofac_sdn/CONS_ENHANCED.XML"
    entities = ElementTree.parse(path).getroot().findall(f"{NAMESPACE}entities/{NAMESPACE}entity")
    with empty_store(tmp_path) as store:
        report = one(store, path)
        found = listed(store)
        assert one(store, path).unchanged == len(entities)
    assert (report.kind, report.read, report.loaded) == ("ofac_cons", len(entities), len(entities))
    assert set(found) == {f"ofac_cons:{entity.get('id')}" for entity in entities}
    assert {row["first_seen"] for row in found.values()} == {date(2025, 1, 10)}
    for entity in entities:
        row = found[f"ofac_cons:{entity.get('id')}"]
        written = {one.text.strip() for one in entity.iter(f"{NAMESPACE}formattedFullName") if one.text}
        assert {row["name"], *(row["aliases"] or ())} == written
        numbers = {one.text for one in entity.iter(f"{NAMESPACE}documentNumber")}
        assert numbers <= {number.partition(":")[2] for number in row["identifiers"] or ()}
        days = [one.get("datePublished") for one in entity.iter(f"{NAMESPACE}sanctionsList")
                if one.text not in ("Consolidated List", "SDN List")]  # fmt: skip
        assert row["listed_on"] == min(date.fromisoformat(day) for day in days if day)
        codes = [one.text for one in entity.iter(f"{NAMESPACE}sanctionsProgram")]
        assert row["regimes"] == list(dict.fromkeys(codes))
    assert sum("SDN List since" in (row["remarks"] or "") for row in found.values()) == 77


@pytest.mark.parametrize("name", ["alt", "add", "sdn_comments", "sdn"])
def test_broken_files_are_refused_or_rejected_by_row(shared_data: Path, tmp_path: Path, name: str) -> None:
    folder = shared_data / "lists/broken"
    known = {row[0] for row in rows_of(folder / "sdn.csv") if len(row) == 12}
    published = rows_of(folder / f"{name}.csv")
    with empty_store(tmp_path) as store:
        all_of(store, [folder / "sdn.csv"])
        (report,) = ingest(store, [folder / f"{name}.csv"], options(max_rejected=0.5)).files
    assert (report.read, report.rejected) == (len(published), 1)
    assert report.merged + report.unchanged == sum(row[0] in known for row in published)
    (reject,) = report.rejects
    assert (reject.row, reject.value) == (len(published), "||||")
    assert "the row has 1 cells" in reject.reason


@pytest.mark.parametrize("text", [XML, ADVANCED])
def test_damaged_and_hostile_xml_is_refused(tmp_path: Path, text: str) -> None:
    entity = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    head, _, rest = text.partition("?>")
    with empty_store(tmp_path) as store:
        assert one(store, text_file(tmp_path / "cut.xml", text[: len(text) // 2])).refused
        refused = one(store, text_file(tmp_path / "bomb.xml", f"{head}?>{entity}{rest}")).refused
        assert refused and "entities" in refused
        assert store.count("Listing") == 0


def test_policy_knows_what_each_list_of_ofac_means() -> None:
    policy, meant = load(), {}
    for short in ("SDN", "SSI", "PLC", "FSE", "CAPTA", "MBS", "CMIC"):
        found = policy.programme("US OFAC", LISTS[short][1])
        assert found
        meant[short] = found.effect
    assert meant == {
        "SDN": "blocking",
        "SSI": "sectoral",
        "PLC": "sectoral",
        "FSE": "denial",
        "CAPTA": "sectoral",
        "MBS": "sectoral",
        "CMIC": "sectoral",
    }
    unknown = policy.programme("US OFAC", programme(["NOT-KNOWN"], CONS))
    assert unknown and unknown.effect != "blocking"

"""ISO 20022 messages into a real store: bare, in envelopes, one behind the other; and hostile ones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diversion.ingest.iso20022 import is_iso20022
from diversion.parties.names import mention_id
from diversion.store.base import Store
from tests.ingest.messages import COVER, PACS008, PACS009, enveloped
from tests.ingest.world import content, empty_store, one

UETR = "UETR:0b1d7c1e-5a1f-4c5e-8f2b-6f0c2a4d9e77"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with empty_store(tmp_path) as opened:
        yield opened


def put(store: Store, folder: Path, text: str, name: str = "m.xml") -> Any:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return one(store, path, max_rejected=1.0)


def instruments(store: Store) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in store.read("Instrument").to_pylist()}


def roles(store: Store, instrument: str) -> dict[str, str]:
    rows = store.read("PARTY_TO").to_pylist()
    return {row["role"]: row["party"] for row in rows if row["instrument"] == instrument}


def test_two_transfers(store: Store, tmp_path: Path) -> None:
    report = put(store, tmp_path, PACS008)
    assert (report.kind, report.read, report.loaded) == ("iso20022", 2, 2)
    found = instruments(store)
    assert set(found) == {UETR, "E2E:KF-4712"}
    first = found[UETR]
    assert (first["kind"], first["format"], first["issued_on"]) == ("payment", "pacs.008", date(2024, 6, 7))
    assert (first["amount"], first["currency"], first["goods"]) == (180250.75, "USD", "BALL BEARINGS")
    assert first["bills_of_lading"] == ["HLCUJEA240500117"]
    assert {"invoice:FR-2024-091", "creditor reference:RF18539007547034", "end to end:KF-4711"} <= set(
        first["references"]
    )
    assert "instructed amount: EUR 166900.00" in first["terms"].splitlines()
    who = roles(store, UETR)
    assert who["debtor"] == mention_id("KIELER FOERDE HANDELS GMBH", "DE")
    assert who["creditor"] == mention_id("Falcon Route General Trading LLC", "AE")
    assert who["ultimate debtor"] == mention_id("Nordlicht Lager AG", "CH")
    assert who["intermediary agent"] == "BIC:PARKUS33" and who["creditor agent"] == "BIC:ORYXAEAD"
    assert who["debtor agent"] == mention_id("Hansa Handelsbank", "DE"), "a bank with a name is known by it"
    assert (who["sender"], who["receiver"]) == ("BIC:HANSDEHH", "BIC:ORYXAEAD")
    parties = {row["id"]: row for row in store.read("Party").to_pylist()}
    debtor = parties[who["debtor"]]
    assert debtor["kind"] == "company"
    assert debtor["identifier"] == "IBAN:DE89370400440532013000; LEI:529900T8BM49AURSDO55"
    person = parties[roles(store, "E2E:KF-4712")["creditor"]]
    assert (person["kind"], person["born"]) == ("person", "1971-05-17")


@pytest.mark.parametrize("version", ["pacs.008.001.02", "pacs.008.001.12"])
@pytest.mark.parametrize("prefix", ["", "p:"])
def test_any_version_and_prefix(store: Store, tmp_path: Path, version: str, prefix: str) -> None:
    text = PACS008.replace("pacs.008.001.08", version)
    if version.endswith("02"):
        text = text.replace("BICFI", "BIC")
    if prefix:
        text = (
            text.replace("xmlns=", "xmlns:p=")
            .replace("</", "</p:")
            .replace("<", "<p:")
            .replace("<p:/p:", "</p:")
        )
    assert put(store, tmp_path, text).loaded == 2
    assert roles(store, UETR)["intermediary agent"] == "BIC:PARKUS33"


def test_a_cover_and_what_it_covers_are_one_payment(store: Store, tmp_path: Path) -> None:
    report = put(store, tmp_path, enveloped(PACS008, PACS009))
    assert (report.read, report.loaded, report.merged) == (3, 2, 1)
    payment = instruments(store)[UETR]
    assert set(payment["format"].split(", ")) == {"pacs.008", "pacs.009 COV"}
    who = roles(store, UETR)
    assert who["ordering institution"] == "BIC:HANSDEHH" and who["beneficiary institution"] == "BIC:ORYXAEAD"


def test_order_of_files_does_not_matter(tmp_path: Path) -> None:
    found: list[dict[str, Any]] = []
    for order in ((PACS008, PACS009, COVER), (COVER, PACS009, PACS008)):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        with empty_store(folder) as store:
            for number, text in enumerate(order):
                put(store, folder, text, f"{number}.xml")
            found.append(content(store))
    assert found[0]["Instrument"] == found[1]["Instrument"] and found[0]["PARTY_TO"] == found[1]["PARTY_TO"]


def test_messages_one_behind_the_other(store: Store, tmp_path: Path) -> None:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    broken = PACS008.replace("</Cdtr>", "</Cdt>").replace(UETR[5:], "0b1d7c1e-5a1f-4c5e-8f2b-000000000000")
    report = put(store, tmp_path, "\n".join(head + one for one in (PACS008, broken, PACS009)))
    assert (report.read, report.loaded, report.merged, report.rejected) == (4, 2, 1, 1)
    assert "damaged" in report.rejects[0].reason and report.rejects[0].row == 3


def test_business_header_names_the_ends_where_the_group_header_does_not(store: Store, tmp_path: Path) -> None:
    bare = PACS008
    for tag in ("InstgAgt", "InstdAgt"):
        start, end = bare.index(f"<{tag}>"), bare.index(f"</{tag}>") + len(tag) + 3
        bare = bare[:start] + bare[end:]
    put(store, tmp_path, enveloped(bare))
    who = roles(store, UETR)
    assert (who["sender"], who["receiver"]) == ("BIC:HANSDEHH", "BIC:ORYXAEAD")


FAULTS = [
    (">180250.75<", ">180,250.75<", "IntrBkSttlmAmt"),
    ('<IntrBkSttlmAmt Ccy="USD">', '<IntrBkSttlmAmt Ccy="QQQ">', "no such currency"),
    (">2024-06-07</IntrBkSttlmDt>", ">07.06.2024</IntrBkSttlmDt>", "IntrBkSttlmDt"),
    ("<Nm>Falcon Route General Trading LLC</Nm>", "", "Cdtr is missing"),
]


@pytest.mark.parametrize(("old", "new", "reason"), FAULTS)
def test_a_broken_transfer_is_a_reject_by_itself(
    store: Store, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    report = put(store, tmp_path, PACS008.replace(old, new))
    assert (report.read, report.loaded, report.rejected) == (2, 1, 1)
    assert report.rejects[0].row == 1 and reason in report.rejects[0].reason


def test_a_transfer_between_banks_alone_is_not_kept(store: Store, tmp_path: Path) -> None:
    start, end = PACS009.index("<UndrlygCstmrCdtTrf>"), PACS009.index("</UndrlygCstmrCdtTrf>")
    report = put(store, tmp_path, PACS009[:start] + PACS009[end + len("</UndrlygCstmrCdtTrf>") :])
    assert (report.loaded, report.rejected) == (0, 1)
    assert report.rejects[0].reason.startswith("not kept: pacs.009")


def test_hostile_xml_is_refused(store: Store, tmp_path: Path) -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'
    report = put(store, tmp_path, bomb + PACS008.replace("BALL BEARINGS", "&b;"))
    assert report.refused and "entities" in report.refused
    assert put(store, tmp_path, PACS008[: len(PACS008) // 2], "cut.xml").refused
    assert store.count("Instrument") == 0


def test_what_is_iso20022() -> None:
    assert is_iso20022(PACS008.encode()) and is_iso20022(enveloped(PACS009).encode("utf-16"))
    assert not is_iso20022(b"<html>") and not is_iso20022(b"urn:iso:std:iso:20022:tech:xsd:pacs")

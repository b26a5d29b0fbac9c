"""SWIFT messages into a real store: credits, their amendments in any order, covers, and broken ones."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.ingest.instruments import bic, country_at_end
from diversion.ingest.remittance import named
from diversion.ingest.swift_mt import is_swift
from diversion.parties.names import mention_id
from diversion.store.base import Store
from tests.ingest.messages import COVER, MT700, MT707, MT707_SECOND
from tests.ingest.world import content, empty_store, one


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with empty_store(tmp_path) as opened:
        yield opened


def put(store: Store, folder: Path, *texts: str, name: str = "m.txt", between: str = "\n$\n") -> Any:
    path = folder / name
    path.write_text(between.join(texts), encoding="utf-8")
    return one(store, path, max_rejected=1.0)


def only(store: Store) -> dict[str, Any]:
    (row,) = store.read("Instrument").to_pylist()
    return dict(row)


def roles(store: Store) -> dict[tuple[str, str], str]:
    return {(row["role"], row["instrument"]): row["party"] for row in store.read("PARTY_TO").to_pylist()}


def test_a_credit(store: Store, tmp_path: Path) -> None:
    report = put(store, tmp_path, MT700)
    assert (report.kind, report.read, report.loaded) == ("swift_mt", 1, 1)
    credit = only(store)
    assert (credit["id"], credit["kind"], credit["format"]) == ("LC-2400512", "letter of credit", "MT700")
    assert credit["issued_on"] == date(2024, 1, 15)
    assert credit["expires_on"] == date(2024, 6, 1), "31D is the last day on which it holds"
    assert credit["latest_shipment"] == date(2024, 5, 10)
    assert (credit["amount"], credit["currency"]) == (248500.0, "EUR")
    assert credit["goods"].splitlines()[1] == "  WITH CONTROL UNITS AND SPARE PARTS"
    assert len(credit["goods"].splitlines()) == 7
    assert (credit["port_of_loading"], credit["port_of_discharge"]) == (
        "HAMBURG PORT, GERMANY",
        "JEBEL ALI, UAE",
    )
    assert credit["references"] == ["contract:FR/EP/2023-17", "invoice:EP-PI-23/884"]
    assert credit["bills_of_lading"] is None
    terms = credit["terms"].splitlines()
    assert "partial shipments: ALLOWED" in terms and "transhipment: NOT ALLOWED" in terms
    assert "field 99Z: SOMETHING NEW" in terms and "amount tolerance: 05/05" in terms
    assert "place of expiry: HAMBURG, GERMANY" in terms
    found = roles(store)
    assert found["applicant", credit["id"]] == mention_id("Falcon Route General Trading L.L.C.", "AE")
    assert found["beneficiary", credit["id"]] == mention_id("ELBTAL PRAEZISION GMBH", "DE")
    assert found["issuing bank", credit["id"]] == found["drawee", credit["id"]] == "BIC:ORYXAEAD"
    assert found["advising bank", credit["id"]] == found["available with", credit["id"]] == "BIC:HANSDEHH"
    parties = {row["id"]: row for row in store.read("Party").to_pylist()}
    beneficiary = parties[found["beneficiary", credit["id"]]]
    assert beneficiary["identifier"] == "IBAN:DE89370400440532013000" and not beneficiary["stated"]
    assert parties["BIC:ORYXAEAD"]["identifier"] == "BIC:ORYXAEAD"
    places = {row["text"] for row in store.read("Address").to_pylist()}
    assert "HAFENSTRASSE 12, 20457 HAMBURG, GERMANY" in places


def test_bare_fields_say_the_same_as_blocks(store: Store, tmp_path: Path) -> None:
    bare = MT700[MT700.index("{4:\n") + 4 : MT700.index("-}")]
    put(store, tmp_path, MT700)
    whole = only(store)
    (tmp_path / "other").mkdir()
    with empty_store(tmp_path / "other") as other:
        report = put(
            other, tmp_path, bare + "-", bare.replace("LC-2400512", "LC-2"), between="\n\n", name="b.fin"
        )
        assert (report.read, report.loaded) == (2, 2)
        first = other.read("Instrument").to_pylist()[1]
    same = ("id", "amount", "currency", "goods", "terms", "expires_on", "references", "port_of_loading")
    assert [whole[c] for c in same] == [first[c] for c in same]


@pytest.mark.parametrize("order", list(itertools.permutations((MT700, MT707, MT707_SECOND))))
@pytest.mark.parametrize("together", [True, False])
def test_amendments_count_in_whatever_order(
    store: Store, tmp_path: Path, order: tuple[str, ...], together: bool
) -> None:
    if together:
        report = put(store, tmp_path, *order)
        assert (report.read, report.loaded, report.merged) == (3, 1, 2)
    else:
        for number, text in enumerate(order):
            report = put(store, tmp_path, text, name=f"{number}.txt")
            assert (report.read, report.loaded, report.merged) == (1, 1, 0)
    credit = only(store)
    assert credit["id"] == "LC-2400512"
    assert credit["amount"] == 248500 + 20000 - 8500
    assert credit["expires_on"] == date(2024, 7, 1) and credit["latest_shipment"] == date(2024, 6, 10)
    assert credit["issued_on"] == date(2024, 1, 15)
    assert credit["format"] == "MT700, MT707"
    assert "+ 12 SETS" in credit["goods"] and "TOOL MAGAZINES" in credit["goods"]
    assert "partial shipments: NOT ALLOWED" in credit["terms"].splitlines()
    assert len(credit["messages"]) == 3


def test_reading_again_adds_nothing_to_the_amount(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, MT700, name="a.txt")
    put(store, tmp_path, MT707, name="b.txt")
    before = content(store)
    report = put(store, tmp_path, MT707 + "\n", MT700, name="again.txt")
    assert (report.loaded, report.unchanged, report.merged) == (0, 1, 1)
    assert content(store) == before


def test_amendment_alone_says_what_it_states(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, MT707)
    credit = only(store)
    assert (credit["id"], credit["amount"], credit["latest_shipment"]) == (
        "LC-2400512",
        None,
        date(2024, 6, 10),
    )


def test_new_total_wins_over_the_increase(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, MT700, MT707.replace(":44C:", ":34B:EUR300000,\n:44C:"))
    assert only(store)["amount"] == 300000


def test_amendment_that_names_the_credit_in_field_21_only(store: Store, tmp_path: Path) -> None:
    other = (
        MT707.replace(":20:LC-2400512", ":20:AMD-77")
        .replace(":21:NONREF", ":21:LC-2400512")
        .replace(":23:LC-2400512\n", "")
    )
    put(store, tmp_path, MT700, other)
    assert only(store)["amount"] == 268500


def test_other_content_under_a_number_is_a_reject(store: Store, tmp_path: Path) -> None:
    report = put(store, tmp_path, MT700, MT700.replace("248500", "148500"))
    assert (report.read, report.loaded, report.rejected) == (2, 1, 1)
    assert "stands already in row" in report.rejects[0].reason


def test_a_cover_tells_of_the_customers(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, COVER)
    payment = only(store)
    assert payment["id"] == "UETR:0b1d7c1e-5a1f-4c5e-8f2b-6f0c2a4d9e77"
    assert (payment["kind"], payment["format"]) == ("payment", "MT202 COV")
    assert (payment["amount"], payment["currency"], payment["issued_on"]) == (
        180250.75,
        "USD",
        date(2024, 6, 7),
    )
    assert "instructed amount: EUR 166900.00" in payment["terms"].splitlines()
    assert (
        payment["bills_of_lading"] == ["HLCUJEA240500117"] and "invoice:FR-2024-091" in payment["references"]
    )
    found = {role: party for (role, _), party in roles(store).items()}
    assert found["ordering customer"] == mention_id("Kieler Foerde Handels GmbH", "DE")
    assert found["beneficiary customer"] == mention_id("FALCON ROUTE GENERAL TRADING LLC", "AE")
    assert found["debtor agent"] == found["ordering institution"] == "BIC:HANSDEHH"
    assert found["creditor agent"] == found["beneficiary institution"] == "BIC:ORYXAEAD"
    assert found["account with institution"] == "BIC:PARKUS33"


FAULTS = [
    (":32B:EUR248500,00", ":32B:EUR248500.00", "field 32B"),
    (":32B:EUR248500,00", ":32B:EUR248.500,00", "field 32B"),
    (":32B:EUR248500,00", ":32B:QQQ248500,00", "no such currency"),
    (":31C:240115", ":31C:241315", "field 31C"),
    (":31C:240115", ":31C:15 JAN 24", "field 31C"),
    (":44C:240510", ":44C:240231", "field 44C"),
    (":31D:240531HAMBURG, GERMANY\n", "", "field 31D is missing"),
    (":20:LC-2400512\n", "", "field 20 is missing"),
    (":50:FALCON ROUTE GENERAL TRADING LLC", ":95Z:FALCON", "field 50 is missing"),
    ("-}{5:{CHK:1A2B3C4D5E6F}}", "", "cut off"),
    ("{2:I700HANSDEHHXXXXN}", "", "block 2"),
    ("{2:I700", "{2:I940", "not kept: MT940"),
    ("31D:240531", "31D:231231", "it expires before it is issued"),
]


@pytest.mark.parametrize(("old", "new", "reason"), FAULTS)
def test_a_broken_message_is_a_reject_by_itself(
    store: Store, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    report = put(store, tmp_path, COVER, MT700.replace(old, new), MT707.replace("LC-2400512", "LC-9"))
    assert (report.read, report.loaded, report.rejected) == (3, 2, 1)
    assert report.rejects[0].row == 2 and reason in report.rejects[0].reason


def test_transfer_without_customers_is_shown_and_no_fault(store: Store, tmp_path: Path) -> None:
    plain = COVER[: COVER.index(":50F:")].replace("{119:COV}", "") + "-}"
    path = tmp_path / "m.txt"
    path.write_text("$".join([plain] * 3 + [MT700]), encoding="utf-8")
    report = one(store, path)
    assert (report.refused, report.loaded, report.rejected) == (None, 1, 3)
    assert report.rejects[0].reason.startswith("not kept: MT202")


def test_advice_and_transfer_are_of_the_credit_they_name(store: Store, tmp_path: Path) -> None:
    advice = MT700.replace("{2:I700", "{2:I710").replace(
        ":20:LC-2400512", ":20:ADV-1\n:21:LC-2400512\n:52A:ORYXAEAD"
    )
    put(store, tmp_path, advice)
    assert only(store)["id"] == "LC-2400512" and "bank:ADV-1" in only(store)["references"]


def test_incoming_message_names_its_sender_in_block_2(store: Store, tmp_path: Path) -> None:
    output = MT700.replace("{1:F01ORYXAEADAXXX", "{1:F01HANSDEHHAXXX").replace(
        "{2:I700HANSDEHHXXXXN}", "{2:O7001200240115ORYXAEADAXXX00000000012401151205N}"
    )
    put(store, tmp_path, output)
    found = {role: party for (role, _), party in roles(store).items()}
    assert (found["sender"], found["receiver"]) == ("BIC:ORYXAEAD", "BIC:HANSDEHH")


def test_a_name_that_could_be_a_bic_is_a_name(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, MT700.replace("ELBTAL PRAEZISION GMBH", "ELECTRONICS"))
    assert roles(store)["beneficiary", "LC-2400512"] == mention_id("Electronics", "DE")


def test_what_is_swift() -> None:
    assert is_swift(MT700.encode()) and is_swift(b"\xef\xbb\xbf\r\n" + COVER.encode())
    assert is_swift(b":27:1/1\n:40A:IRREVOCABLE\n:20:X")
    for other in (b'{"a": 1}', b"shipment_id,exporter\n1,2", b"<Document/>", b"", b":20:"):
        assert not is_swift(other)


def test_countries_and_bics() -> None:
    assert country_at_end(["1 MAIN ROAD", "SHENZHEN, P.R. CHINA"]) == "CN"
    assert country_at_end(["HONG KONG"]) == "HK" and country_at_end(["LONDON UK"]) == "GB"
    assert country_at_end(["SAN FRANCISCO, CA"]) == country_at_end(["BOSTON MA"]) == country_at_end([]) == ""
    assert bic("ORYXAEADXXX") == "ORYXAEAD" and bic("DUBAI TRADING") == ""


@pytest.mark.parametrize(
    ("text", "references", "bills"),
    [
        ("INV.NO.123/24 AWB 176-12345675", ["invoice:123/24"], ["176-12345675"]),
        (
            "INVOICES INV-1001, INV-1002 AND INV-1003",
            ["invoice:INV-1001", "invoice:INV-1002", "invoice:INV-1003"],
            [],
        ),
        ("CREDIT NO. 77 FOR PO 4500012345", ["lc:77", "order:4500012345"], []),
        ("PAYMENT FOR BL00005 BL 2/3 MSKU-BL00007", [], ["BL00005"]),
        ("B/L NO: HLCUDX1240100123", [], ["HLCUDX1240100123"]),
        ("FULL SET 3/3 CLEAN ON BOARD BILL OF LADING TO ORDER, INVOICE IN 3 COPIES", [], []),
        ("INVOICE DATED 2024-03-12, L/C AT 90 DAYS", [], []),
    ],
)
def test_numbers_in_text(text: str, references: list[str], bills: list[str]) -> None:
    found = named(text)
    assert set(found.references) == set(references) and list(found.bills) == bills


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(), st.integers(1, 30))
def test_mutated_messages_are_rows_rejects_or_a_refusal(
    tmp_path_factory: Any, seed: int, changes: int
) -> None:
    draw, body = random.Random(seed), bytearray("\n$\n".join([MT700, MT707, COVER]).encode())
    for _ in range(changes):
        at = draw.randrange(len(body))
        body[at : at + draw.randrange(3)] = bytes(draw.choices(b"\x00\n:{}-$,/A9\xff", k=draw.randrange(4)))
    folder = tmp_path_factory.mktemp("fuzz")
    path = folder / "m.txt"
    path.write_bytes(b"{1:F01ORYXAEADAXXX" + bytes(body)[18:])
    with empty_store(folder) as store:
        report = one(store, path, max_rejected=1.0)
        assert store.count("Instrument") == report.loaded
        assert store.verify() == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_bare_fields_behind_a_message_in_blocks_are_a_message(store: Store, tmp_path: Path, end: str) -> None:
    bare = MT707.partition("{4:\n")[2].replace("-}", "-")
    text = "\n".join((MT700, bare, COVER, MT707_SECOND.partition("{4:\n")[2].replace("-}", "-")))
    (tmp_path / "m.txt").write_bytes(text.replace("\n", end).encode())
    report = one(store, tmp_path / "m.txt")
    assert (report.read, report.rejected) == (4, 0)
    amounts = {row["id"]: row["amount"] for row in store.read("Instrument").to_pylist()}
    assert amounts["LC-2400512"] == 260000 and len(amounts) == 2

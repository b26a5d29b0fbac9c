"""Which instrument pays for which shipment: hand-made worlds with near misses, and what must not matter."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from diversion.linking.financing import link
from diversion.linking.financing.bench import Bench
from diversion.store.base import Store
from tests.ingest.messages import COVER, MT700, MT707, MT707_SECOND
from tests.ingest.world import empty_store, one, write

HEADER = [
    *("shipment_id", "line", "departed_on", "exporter", "exporter_country", "consignee", "consignee_country"),
    *("notify_party", "notify_party_country", "hs_code", "description", "value", "currency"),
    *("instrument_id", "bill_of_lading"),
]
CREDIT = {
    "shipment_id": "S1",
    "line": "1",
    "departed_on": "2024-05-03",
    "exporter": "Elbtal Praezision GmbH",
    "exporter_country": "DE",
    "consignee": "Falcon Route General Trading L.L.C.",
    "consignee_country": "AE",
    "hs_code": "845710",
    "description": "CNC machining centres EP-500",
    "value": "99000",
    "currency": "EUR",
}
PAID = CREDIT | {
    "departed_on": "2024-05-20",
    "exporter": "Falcon Route General Trading LLC",
    "exporter_country": "AE",
    "consignee": "Kieler Foerde Handels GmbH",
    "consignee_country": "DE",
    "hs_code": "848210",
    "description": "ball bearings",
    "value": "166900",
}
UNRELATED = PAID | {"shipment_id": "X1", "exporter": "Vega Ltd", "consignee": "Rigel Ltd", "value": "5"}
Row = dict[str, str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with empty_store(tmp_path) as opened:
        yield opened


def put(store: Store, folder: Path, rows: Sequence[Row], *texts: str) -> Any:
    if rows:
        one(store, write(folder / "s.csv", [[row.get(c, "") for c in HEADER] for row in rows], HEADER))
    if texts:
        (folder / "m.txt").write_text("\n".join(texts), encoding="utf-8")
        return one(store, folder / "m.txt")
    return None


def links(store: Store) -> dict[str, dict[str, Any]]:
    return {row["shipment"]: row for row in store.read("FINANCES").to_pylist()}


def score(folder: Path, text: str, base: Row, **changes: str) -> float:
    """The score of the one link between a message and a shipment; 0 where there is none."""
    place = folder / "-".join([*changes, *changes.values(), "x"]).replace("/", "")[:80]
    place.mkdir()
    with empty_store(place) as store:
        put(store, place, [base | changes], text)
        return float(links(store).get("S1/1", {"score": 0})["score"])


def test_a_file_says_how_many_links_were_made(store: Store, tmp_path: Path) -> None:
    report = put(store, tmp_path, [CREDIT, UNRELATED], MT700)
    assert report.notes[-1].startswith(
        "1 links of instruments to shipments, 0 of them sure: 1 of 1 instruments"
    )
    (row,) = store.read("FINANCES").to_pylist()
    assert (row["instrument"], row["shipment"]) == ("LC-2400512", "S1/1")
    for told in ("the exporter is paid", "the consignee pays", "within the credit", "HS code 845710"):
        assert told in row["why"]
    assert "; but " not in row["why"]
    assert store.verify() == []


def test_the_number_of_the_credit_is_certain(tmp_path: Path) -> None:
    assert score(tmp_path, MT700, CREDIT, instrument_id="LC-2400512") == 1.0
    assert score(tmp_path, MT700, CREDIT, instrument_id="lc 2400512") == 1.0
    assert score(tmp_path, MT700, CREDIT, instrument_id="LC-2400513") < 0.5


def test_a_bill_of_lading_is_nearly_certain(tmp_path: Path) -> None:
    plain = score(tmp_path, COVER, PAID)
    assert 0.7 < plain < 0.9
    assert score(tmp_path, COVER, PAID, bill_of_lading="HLCUJEA240500117") > 0.95
    assert score(tmp_path, COVER, PAID, bill_of_lading="HLCUJEA240500118") < 0.5


def test_what_speaks_against_a_credit_lowers_it(tmp_path: Path) -> None:
    sure = score(tmp_path, MT700, CREDIT)
    assert 0.65 < sure < 0.9
    late = score(tmp_path, MT700, CREDIT, departed_on="2024-05-14")
    assert 0.5 <= late < sure
    assert score(tmp_path, MT700, CREDIT, departed_on="2024-05-10") == sure, "the last day is a good one"
    over = score(tmp_path, MT700, CREDIT, value="300000")
    assert over < 0.5
    assert score(tmp_path, MT700, CREDIT, value="258000") > sure, "within the tolerance, and all of it"
    assert score(tmp_path, MT700, CREDIT, departed_on="2024-07-20") == 0
    assert score(tmp_path, MT700, CREDIT, departed_on="2023-07-20") == 0
    assert score(tmp_path, MT700, CREDIT, currency="USD", hs_code="845711") < sure
    assert score(tmp_path, MT700, CREDIT, hs_code="090111", description="coffee") < 0.5
    assert score(tmp_path, MT700, CREDIT, exporter="Vega Ltd") == 0
    assert score(tmp_path, MT700, CREDIT, consignee="Rigel Ltd") == 0


def test_conflicts_are_said_beside_the_number(store: Store, tmp_path: Path) -> None:
    row = CREDIT | {"instrument_id": "LC-2400512", "departed_on": "2024-05-14", "value": "300000"}
    put(store, tmp_path, [row | {"consignee": "Rigel Ltd"}, row | {"shipment_id": "S2", "value": "9"}], MT700)
    assert set(links(store)) == {"S2/1"}
    why = links(store)["S2/1"]["why"]
    assert "names this instrument" in why.split("; but ")[0]
    assert "shipped 2024-05-14, after the last day 2024-05-10" in why.split("; but ")[1]
    assert links(store)["S2/1"]["score"] == 0.75


def test_partial_shipments_that_are_not_allowed(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, [CREDIT], MT700.replace(":43P:ALLOWED", ":43P:NOT ALLOWED"))
    assert "partial shipments are not allowed" in links(store)["S1/1"]["why"]


def test_a_payment_wants_the_amount_and_the_days(tmp_path: Path) -> None:
    assert score(tmp_path, COVER, PAID, value="180250.75", currency="USD") > 0.7, "the settled amount"
    assert score(tmp_path, COVER, PAID, value="16690") == 0
    assert score(tmp_path, COVER, PAID, departed_on="2023-05-20") == 0
    assert (
        score(tmp_path, COVER, PAID, consignee="Nordlicht AG", notify_party="Kieler Foerde Handels GmbH")
        > 0.7
    )
    third = score(tmp_path, COVER, PAID, consignee="Nordlicht Lager AG")
    assert 0.5 <= third < 0.65, "somebody else pays: amount, seller, day and goods still agree"
    assert score(tmp_path, COVER, PAID, consignee="Nordlicht AG", description="machine oil") == 0


def test_the_lines_of_a_shipment_are_paid_together(store: Store, tmp_path: Path) -> None:
    lines = [PAID | {"line": str(n), "value": str(value)} for n, value in enumerate((100000, 66900), 1)]
    put(store, tmp_path, [*lines, PAID | {"shipment_id": "S3", "value": "100000"}], COVER)
    assert set(links(store)) == {"S1/1", "S1/2"}


def test_a_payment_under_a_credit(store: Store, tmp_path: Path) -> None:
    text = COVER.replace("BALL BEARINGS", "DRAWN UNDER L/C NO LC-2400512")
    put(store, tmp_path, [PAID | {"instrument_id": "LC-2400512", "value": "170000"}], text)
    assert "letter of credit of the shipment" in links(store)["S1/1"]["why"]


def test_an_unrelated_shipment_changes_no_link(tmp_path: Path) -> None:
    found: list[list[dict[str, Any]]] = []
    for more in ([], [UNRELATED], [UNRELATED, UNRELATED | {"shipment_id": "X2", "hs_code": "845710"}]):
        place = tmp_path / str(len(more))
        place.mkdir()
        with empty_store(place) as store:
            put(store, place, [CREDIT, PAID | {"shipment_id": "S2"}, *more], MT700, COVER)
            found.append(store.read("FINANCES").to_pylist())
    assert found[0] == found[1] == found[2] and len(found[0]) == 2


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    rows = [[row.get(c, "") for c in HEADER] for row in (CREDIT, PAID | {"shipment_id": "S2"})]
    found: list[list[dict[str, Any]]] = []
    for order in itertools.permutations(range(4)):
        place = tmp_path / "".join(map(str, order))
        place.mkdir()
        files = [write(place / "s.csv", rows, HEADER)]
        for number, text in enumerate((MT700, MT707 + "\n" + MT707_SECOND, COVER)):
            files.append(place / f"{number}.txt")
            files[-1].write_text(text, encoding="utf-8")
        with empty_store(place) as store:
            for at in order:
                one(store, files[at])
            found.append(store.read("FINANCES").to_pylist())
    assert all(rows == found[0] for rows in found) and len(found[0]) == 2


def test_linking_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, [CREDIT, PAID | {"shipment_id": "S2"}], MT700, COVER)
    before = store.read("FINANCES")
    again = link(store)
    assert again.rows.equals(before) and again.counts["links"] == 2
    store.replace("FINANCES", again.rows)
    assert store.read("FINANCES").equals(before)


def test_an_interrupted_ingest_is_linked_by_the_next(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(opened: Store, memory: str | None) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("diversion.linking.after.link", stop)
        with pytest.raises(KeyboardInterrupt):
            put(store, tmp_path, [CREDIT], MT700)
    assert store.count("Instrument") == 1 and store.count("FINANCES") == 0
    report = put(store, tmp_path, [], MT700)
    assert report.unchanged == 1 and store.count("FINANCES") == 1


def test_no_instruments_no_links(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, [CREDIT])
    assert link(store).counts["links"] == 0 and "replace FINANCES" not in store.batches()


SHORT = MT700.replace("LC-2400512", "LC 12")


def test_a_short_number_tells_only_beside_a_party(tmp_path: Path) -> None:
    stated = CREDIT | {"instrument_id": "LC-12"}
    strangers = stated | {"exporter": "Vega Ltd", "consignee": "Rigel Ltd"}
    assert score(tmp_path, SHORT, strangers) == 0
    assert score(tmp_path, SHORT, strangers, consignee=CREDIT["consignee"]) > 0.5
    assert score(tmp_path, SHORT, stated, line="1") > 0.5
    assert score(tmp_path, SHORT.replace("LC 12", "LC 012"), strangers, instrument_id="LC012") > 0.5


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("Müller Präzision Straßenbau GmbH", "MUELLER PRAEZISION STRASSENBAU GMBH"),
        ("Ørsted Værktøj A/S", "OERSTED VAERKTOEJ A/S"),
        ("Ångström Verktyg AB", "AANGSTROEM VERKTYG AB"),
        ("Müller Präzision GmbH", "MULLER PRAZISION GMBH"),
    ],
)
def test_names_as_messages_spell_them_agree(store: Store, tmp_path: Path, written: str, spelt: str) -> None:
    text = MT700.replace("ELBTAL PRAEZISION GMBH", spelt)
    put(store, tmp_path, [CREDIT | {"exporter": written}], text)
    assert "the exporter is paid;" in links(store)["S1/1"]["why"]


def test_only_shipments_within_reach_are_held(store: Store, tmp_path: Path) -> None:
    """Of the shipments that have nothing to do with an instrument none is on the bench."""
    crowd = [UNRELATED | {"shipment_id": f"X{n}", "bill_of_lading": f"MAEU{n:07}"} for n in range(500)]
    lines = [CREDIT | {"line": str(n)} for n in (1, 2)]
    billed = UNRELATED | {
        "shipment_id": "S2",
        "departed_on": "2024-05-20",
        "bill_of_lading": "HLCUJEA240500117",
    }
    put(store, tmp_path, [*lines, billed, *crowd], MT700, COVER)
    with Bench(store) as bench:
        assert bench.shipments.to_pylist() == ["S1/1", "S1/2", "S2/1"]
    assert set(links(store)) == {"S1/1", "S1/2"}, "a bill alone does not outweigh parties and amount"

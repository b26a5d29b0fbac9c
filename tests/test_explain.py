"""Every sentence of a finding comes from the records, whatever they lack."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion import explain
from diversion.explain.case import case_of
from diversion.findings import Finding, Holding, Restricted, Search, from_json
from diversion.report.text import text
from tests.report.examples import HOSTILE
from tests.report.tale import LISTED, SCORED, Line, Tale, made, number, tell

PARTIES = {
    "A": ("Nordic Radian AG", "CH"),
    "B": ("Kestrel Trading FZE", "AE"),
    "C": ("ООО Волга", "RU"),
    "D": ("Lion Logistics", "HK"),
}
IN = (
    Line("S-1", "A", "B", "2024-03-03", "2024-03-08", quantity=1320, value=410_000),
    Line("S-2", "A", "B", "2024-04-01", "2024-04-05", quantity=1500, value=480_000),
)
OUT = (
    Line("S-4", "B", "C", "2024-03-14", "2024-03-24", quantity=900, got_as="VOLGA LLC"),
    Line("S-5", "B", "C", "2024-04-16", "2024-04-25", quantity=1800),
)
KESTREL = Tale([IN, OUT], PARTIES, routes=3)


def sentences(finding: Finding) -> list[str]:
    parts = (finding.happened, finding.identity, finding.caveats, finding.settle, finding.law)
    return [*(text for part in parts for text in part), *(b.detail for b in finding.breaks)]


def test_two_hops_are_told_in_one_sentence_with_amounts_places_days_and_dwell() -> None:
    first, second = tell(KESTREL).happened
    assert first == (
        "Between 3 Mar and 25 Apr 2024, 2,820 pieces of processors and controllers (integrated circuits; "
        "HS 854231, CHPL tier 1), worth US$890,000 at the first hop, went from Nordic Radian AG "
        "(Switzerland) to Kestrel Trading FZE (United Arab Emirates) in 2 shipments, and within 8 days "
        "(median) 2,700 of the same went on to ООО Волга [OOO Volga] (Russia) in 2 shipments."
    )
    assert second == (
        "Restricted on those days: ООО Волга [OOO Volga], because on the US Entity List since 8 Apr 2022."
    )


def test_numbers_of_a_hop_are_those_of_its_rows() -> None:
    told = tell(KESTREL)
    assert [(h.quantity, h.value_usd, h.first_day, h.last_day) for h in told.per_hop] == [
        (2820.0, 890_000.0, "2024-03-03", "2024-04-05"),
        (2700.0, 2000.0, "2024-03-14", "2024-04-25"),
    ]
    assert (told.quantity, told.unit, told.value_usd) == (2700.0, "pieces", 2000.0)
    assert told.shipments == (("S-1", "S-2"), ("S-4", "S-5"))
    assert [(r.shipment, r.file, r.sheet, r.row) for r in told.records] == [
        ("S-1", "customs.xlsx", "Export", 2), ("S-2", "customs.xlsx", "Export", 3),
        ("S-4", "customs.xlsx", "Export", 4), ("S-5", "customs.xlsx", "Export", 5),
    ]  # fmt: skip


def test_a_name_on_the_record_that_differs_is_said_with_its_reason() -> None:
    tale = replace(KESTREL, same=[("C", "P-x", 0.99, "tax number agrees")], canonical={"P-x": "C"})
    corridor, dossier = made(tale)
    rows = dossier.shipments.to_pylist()
    rows[2]["consignee"] = "P-x"
    changed = replace(dossier, shipments=dossier.shipments.from_pylist(rows))
    told = explain.finding(corridor, SCORED, changed, Search(True, None))
    assert told.identity == (
        "“VOLGA LLC” on 1 of 2 shipments is taken to be ООО Волга [OOO Volga]: tax number agrees (0.99)",
    )


def test_a_stand_in_is_named_with_what_joins_it() -> None:
    onward = (replace(OUT[0], src="D"), replace(OUT[1], src="D"))
    held = [("B", "D", 60.0, 60.0), ("H", "B", 80.0, 80.0), ("H", "D", 75.5, 100.0)]
    by_owner = Tale([IN, onward], PARTIES, relations=("owner",), holdings=held)
    told = tell(by_owner)
    assert [p.id for p in told.parties] == ["A", "B", "D", "C"]
    assert [(b.hop, b.kind) for b in told.breaks] == [(2, "owner")]
    joined = (
        "Lion Logistics stands in for Kestrel Trading FZE: H holds 80 % of Kestrel Trading FZE and 75.5–100 %"
    )
    assert told.happened[1].startswith(joined)
    assert "upper bounds" in " ".join(told.caveats)
    by_address = Tale(
        [IN, onward], PARTIES, relations=("address",), located=[("B", "A1", "Office 7"), ("D", "A1", "x")]
    )
    assert tell(by_address).breaks[0].detail == "both are at Office 7"


def test_a_change_of_code_is_a_break_and_a_sentence() -> None:
    told = tell(replace(KESTREL, hops=[IN, tuple(replace(line, hs6="854239") for line in OUT)]))
    assert [(b.hop, b.kind) for b in told.breaks] == [(2, "relabel")]
    assert "2,700 pieces of goods declared as HS 854239 went on" in told.happened[0]


def test_a_declared_end_user_is_named_as_such() -> None:
    lines = tuple(replace(line, dst="D", end_user="C") for line in OUT)
    told = tell(Tale([IN, lines], PARTIES))
    assert told.happened[-1].startswith("Restricted on those days is the declared end user: ООО Волга")
    assert not any("final consignee of S-4" in line for line in told.settle)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("ООО Волга, listed since 8 Apr 2022 (X)", "[OOO Volga], listed since 8 Apr 2022 (X)."),
        ("ООО Волга is on list X since 8 Apr 2022", "[OOO Volga], which is on list X since 8 Apr 2022."),
        ("it lies in QQ", "[OOO Volga], because it lies in QQ (since 8 Apr 2022)."),
    ],
)
def test_a_reason_does_not_repeat_the_name(reason: str, said: str) -> None:
    told = tell(replace(KESTREL, restricted=replace(LISTED, reason=reason)))
    assert told.happened[-1].endswith(said)


EMBARGO = Restricted("C", "yes", "need a licence to RU: EAR 746.8", "destination", "2022-02-24")
NAMED = Restricted(
    "C", "yes", "ООО Волга, listed since 1 Apr 2024 (US BIS Entity List)", "listed", "2024-04-01"
)


def test_each_day_of_the_last_hop_rests_on_the_reason_that_held_on_it() -> None:
    told = tell(replace(KESTREL, restricted=EMBARGO, later=[("2024-04-01", "C", NAMED)]))
    assert told.happened[-1] == (
        "Restricted on those days: ООО Волга [OOO Volga], by the destination rule since 24 Feb 2022 (need a "
        "licence to RU: EAR 746.8), and from 1 Apr 2024 also listed (US BIS Entity List)."
    )
    corridor, dossier = made(replace(KESTREL, restricted=EMBARGO, later=[("2024-04-01", "C", NAMED)]))
    last = replace(corridor, best=(0, 3))
    told = explain.finding(last, SCORED, dossier, Search(True, None))
    assert told.restricted == replace(NAMED, first="2022-02-24")
    assert "restricted since 24 Feb 2022" in text(told)


def test_a_day_that_is_open_is_not_called_restricted() -> None:
    open_ = replace(EMBARGO, verdict="undetermined", rule="ofac-50", reason="H holds 25–50 %")
    told = tell(replace(KESTREL, restricted=open_, later=[("2024-04-01", "C", NAMED)]))
    assert told.happened[-1] == (
        "Restricted on 16 Apr 2024: ООО Волга [OOO Volga], listed since 1 Apr 2024 (US BIS Entity List). "
        "Whether ООО Волга [OOO Volga] was restricted on 14 Mar 2024 is undetermined: H holds 25–50 %."
    )
    assert told.restricted.first is None


def test_a_certain_end_user_goes_before_an_open_consignee() -> None:
    lines = tuple(replace(line, dst="D", end_user="C") for line in OUT)
    unsure = Restricted("D", "undetermined", "H holds 25–50 %", "ofac-50", None)
    told = tell(Tale([IN, lines], PARTIES, restricted=LISTED, later=[("2000-01-01", "D", unsure)]))
    assert told.restricted == LISTED
    assert told.happened[-1].startswith("Restricted on those days is the declared end user: ООО Волга")


def test_what_joins_the_party_to_its_entry_is_always_said() -> None:
    corridor, dossier = made(KESTREL)
    rows = [("C", "L-2", 0.93, "names alike"), ("C", "L-1", 1.0, "the entry names the party by its id")]
    matched = pd.DataFrame(rows, columns=["party", "listing", "score", "why"])
    told = explain.finding(corridor, SCORED, replace(dossier, listed_as=matched), Search(True, None))
    joined = "ООО Волга [OOO Volga] is joined to its list entry: the entry names the party by its id (1.00)"
    assert told.identity[-1] == joined


def test_holdings_name_their_file() -> None:
    proof = (
        Holding("H", "C", 62.0, 62.0, None, None, "F1"),
        Holding("I", "C", 1.0, 1.0, None, None, "registry"),
    )
    told = tell(replace(KESTREL, restricted=replace(LISTED, proof=proof)))
    assert [h.source for h in told.restricted.proof] == ["customs.xlsx sheet Export", "registry"]


def test_undetermined_and_unrestricted_ends_are_never_called_restricted() -> None:
    band = (Holding("H", "C", 25.0, 50.0, None, None, "register"),)
    unsure = Restricted("C", "undetermined", "H holds 25–50 %", "ofac-50", None, band, 0.8)
    told = tell(replace(KESTREL, restricted=unsure))
    assert told.happened[-1].startswith(
        "Whether ООО Волга [OOO Volga] was restricted on those days is undetermined"
    )
    assert any("exact share of H" in line for line in told.settle)
    assert any("confidence 0.80" in line for line in told.identity)
    named = tell(replace(KESTREL, restricted=None))
    assert named.restricted.verdict == "no"
    assert "No rule at hand restricts" in named.happened[-1]


def test_estimated_days_and_cut_searches_are_said() -> None:
    hops = [IN, (replace(OUT[0], estimated=True), OUT[1])]
    told = tell(replace(KESTREL, hops=hops, search=Search(False, "seconds")))
    assert "Dates: one day of S-4 is not stated and was estimated from the transit time" in told.caveats
    assert any("cut short by seconds" in line for line in told.caveats)
    assert [r.estimated for r in told.records] == [False, False, True, False]


def test_goods_listed_later_cost_nothing_and_are_said() -> None:
    early = tuple(replace(line, left="2023-03-03", came="2023-03-04") for line in IN)
    assert any(
        "named them on 23 Feb 2024" in line for line in tell(replace(KESTREL, hops=[early, OUT])).caveats
    )
    assert not any(line.startswith("Goods:") for line in tell(KESTREL).caveats)


def test_the_lists_and_the_policy_are_named() -> None:
    law = tell(KESTREL).law
    assert law[0] == "Lists searched: US Consolidated Screening List as of 31 Jul 2026 (2 entries)."
    assert law[1].startswith("Policy diversion ")


def test_a_dossier_is_prepared_once_and_let_go() -> None:
    corridor, dossier = made(KESTREL)
    assert case_of(dossier) is case_of(dossier)
    one = explain.finding(corridor, SCORED, dossier, Search(True, None))
    assert one == explain.finding(corridor, SCORED, dossier, Search(True, None))
    del dossier, corridor


def test_the_end_of_a_search_changes_nothing_else() -> None:
    told = tell(KESTREL)
    assert explain.retold(told, "R-1", told.search) == replace(told, within="R-1")
    cut = Search(False, "seconds")
    assert explain.retold(told, None, cut) == replace(tell(replace(KESTREL, search=cut)), within=None)
    assert explain.retold(told, None, told.search) == told


names = st.one_of(
    st.none(), st.sampled_from([*HOSTILE, "Ａ", "", " ", "中芯国际", "x" * 300]), st.text(max_size=20)
)
amounts = st.one_of(st.none(), st.floats(0, 1e15), st.just(0.0), st.just(0.004))
starts = st.integers(number("1990-01-01"), number("2030-01-01"))


@st.composite
def tales(draw: st.DrawFn) -> Tale:
    """One to four hops of one to three lines, anything missing, some hops by a stand-in."""
    from datetime import date, timedelta

    ids = [f"P{i}" for i in range(10)]
    day, at, hops, relations = draw(starts), 0, [], []
    for hop in range(draw(st.integers(1, 4))):
        if hop and draw(st.booleans()):
            at += 1
            relations.append(draw(st.sampled_from(["owner", "address", "owner+relabel"])))
        elif hop:
            relations.append(draw(st.sampled_from(["strict", "relabel"])))
        code = draw(st.sampled_from(["854231", "854239", "999999"]))
        lines = []
        for k in range(draw(st.integers(1, 3))):
            left = date(1970, 1, 1) + timedelta(day + draw(st.integers(0, 9)))
            came = left + timedelta(draw(st.integers(0, 30)))
            lines.append(
                Line(
                    f"S{hop}-{k}", ids[at], ids[at + 1], left.isoformat(), came.isoformat(), code,
                    draw(amounts), draw(amounts), draw(amounts),
                    draw(st.sampled_from([None, "pieces", "kg"])), draw(names), draw(names),
                    draw(st.sampled_from([None, "P9"])), draw(names), draw(names),
                    draw(st.booleans()),
                )
            )  # fmt: skip
        hops.append(lines)
        at, day = at + 1, day + 60
    known = {key: (draw(names), draw(st.sampled_from([None, "AE", "QQ", "HK"]))) for key in ids}
    end = draw(st.sampled_from([None, LISTED, replace(LISTED, since=None, verdict="undetermined")]))
    end = end and replace(end, party_id=ids[at], reason=draw(names) or "a rule")
    return Tale(hops, known, relations, end, draw(st.integers(1, 10**20)))


@settings(max_examples=120, deadline=None)
@given(tales())
def test_whatever_the_records_lack_every_sentence_reads(tale: Tale) -> None:
    told = tell(tale)
    given_text = json.dumps([told.as_json()["parties"], told.as_json()["records"], told.restricted.reason])
    for sentence in sentences(told):
        assert sentence.strip(), sentence
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2028]", sentence), sentence
        for word in re.findall(r"\b(?:nan|inf|None|NaT)\b", sentence):
            assert word in given_text, sentence
        assert not re.search(r"\d{4}-\d\d-\d\d", sentence), sentence
    assert from_json(json.loads(json.dumps(told.as_json()))) == told
    assert len(told.happened) >= 2
    assert [len(ids) for ids in told.shipments] == [len(hop) for hop in tale.hops]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_words(name: str) -> None:
    told = tell(replace(KESTREL, parties={**PARTIES, "B": (name, "AE")}))
    assert not re.search("[\x00-\x1f\u202a-\u202e]", " ".join(sentences(told)))


def test_rows_are_fetched_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow as pa

    corridor, dossier = made(KESTREL)
    case = case_of(dossier)
    asked: list[int] = []
    whole = case.rows

    def counting(places: Any) -> Any:
        asked.append(1)
        return whole(places)

    monkeypatch.setattr(case, "rows", counting)
    explain.finding(corridor, SCORED, dossier, Search(True, None))
    assert len(asked) == len(corridor.hops)
    assert isinstance(dossier.shipments, pa.Table)

"""How alike two names are: kinds of names that are one, and of names that are not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.parties.compare import compare, likeness
from diversion.parties.features import FEATURES
from diversion.parties.model import models
from diversion.policy.policy import load

CUTOFF = load().thresholds["match_cutoff"]
ONE = [
    ("person", "Bob Kestrel", "Robert Kestrel"),
    ("person", "Kestrel, Robert J.", "Robert James Kestrel"),
    ("person", "Ким Мин Су", "Kim Min Su"),
    ("person", "Abdul Rahman al-Masri", "عبد الرحمن المصري"),
    ("person", "Aleksandr Sergeyevich Volkov", "Александр Волков"),
    ("person", "Lee Min Ho", "이민호"),
    ("person", "Nikos Papadakis", "Νίκος Παπαδάκης"),
    ("company", "China Aerospace Science and Technology Corporation", "CASC"),
    ("company", "Торговый дом «Кедр»", "Kedr Trading House LLC"),
    ("company", "Завод Сигма", "Sigma Plant"),
    ("company", "三菱重工業株式会社", "Mitsubishi Heavy Industries Ltd"),
    ("company", "Kestrel Instruments Ltd", "Kestrel Instuments"),
    ("company", "Goldenstar Shipping", "Golden Star Shipping Co."),
    ("company", "Plant No. 24", "Plant Twenty-Four"),
    ("vessel", "M/V Ocean Pearl", "OCEAN PEARL"),
]
TWO = [
    ("person", "Ivan Kestrel", "Igor Kestrel"),
    ("person", "Hassan Kestrel", "Hussein Kestrel"),
    ("person", "Dmitry Ivanovich Orlov", "Dmitry Petrovich Orlov"),
    ("person", "Kim Min Su", "Kim Min Ho"),
    ("person", "George Osprey Jr.", "George Osprey Sr."),
    ("company", "Plant No. 5", "Plant No. 6"),
    ("company", "Tekhnopromexport", "Tekhnopromimport"),
    ("company", "Harrier Trading", "Osprey Trading"),
    ("company", "Bank of Moscow", "Bank of Tomsk"),
    ("company", "Golden Harrier General Trading LLC", "Silver Osprey General Trading LLC"),
    ("vessel", "IRAN HORMUZ 12", "IRAN HORMUZ 14"),
]


@pytest.mark.parametrize(("kind", "left", "right"), ONE)
def test_one_name_written_in_two_ways(kind: str, left: str, right: str) -> None:
    assert likeness(left, right, kind) >= CUTOFF


@pytest.mark.parametrize(("kind", "left", "right"), TWO)
def test_names_of_two_parties(kind: str, left: str, right: str) -> None:
    assert likeness(left, right, kind) < CUTOFF


VOCABULARY = "kestrel osprey harrier trading plant 5 6 ivan petrov al bank moscow o llc"
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), min_size=1, max_size=5).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS, st.sampled_from(["person", "company", None]))
def test_effects_add_up_to_a_symmetric_score(left: str, right: str, kind: str | None) -> None:
    told = compare(left, right, kind)
    assert (
        told.score == compare(right, left, kind).score == pytest.approx(likeness(left, right, kind), abs=1e-6)
    )
    if told.parts and told.score > 0:
        assert sum(float(str(part["effect"])) for part in told.parts) == pytest.approx(told.score, abs=1e-4)
    least = 0.5
    quick = likeness(left, right, kind, least)
    assert quick == pytest.approx(told.score, abs=1e-6) if told.score >= least else quick < least


def test_no_fault_ever_helps() -> None:
    for model in models().values():
        assert len(model.faults) == len(FEATURES) and all(taken >= 0 for taken in model.faults)
        assert model.score([0.0] * len(FEATURES)) == 1.0


def test_pairs_across_scripts(shared_data: Path) -> None:
    text = (shared_data / "screening/cross_script/cross_script_pairs.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.reader(line for line in text.splitlines() if line[:1] not in {"", "#"}) if row]
    assert len(rows) == 22
    for left, right, *_ in rows:
        assert likeness(left, right) >= CUTOFF, (left, right)
    for one in rows:
        for other in rows:
            assert one[1] == other[1] or likeness(one[0], other[1]) < CUTOFF, (one[0], other[1])

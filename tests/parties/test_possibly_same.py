"""Parties that may be one: in the store after a run, for analysts and for the search of routes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diversion import manifest
from diversion.options import Options
from diversion.parties.decisions import CONFIRMED, REJECTED, UNSURE, decide
from diversion.pipeline import Analysis, analyze
from diversion.policy.policy import load
from diversion.store import open_store
from diversion.store.base import Store
from tests.case import run
from tests.parties.test_review import PARTIES, SHIPMENTS

ALL = "SELECT party, other, score, why FROM POSSIBLY_SAME ORDER BY party, other"
TODAY = date(2025, 1, 1)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    for name, text in (("parties.csv", PARTIES), ("shipments.csv", SHIPMENTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    place = tmp_path / "s.duckdb"
    ran = run("ingest", tmp_path / "parties.csv", tmp_path / "shipments.csv", "--store", place)
    assert ran.code == 0, ran.err
    return place


def looked_at(store: Store) -> Analysis:
    analysis = analyze(store, Options(), load())
    manifest.keep(store, analysis)
    return analysis


def rows(store: Store) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["party"], row["other"]): row for row in store.query(ALL).to_pylist()}


def test_a_run_leaves_open_pairs_in_the_store_and_in_its_dossier(store: Path) -> None:
    with open_store(str(store)) as opened:
        dossier = looked_at(opened).dossier
        found = rows(opened)
        looked_at(opened)
        assert rows(opened) == found and not opened.verify()
    asked = run("review", "--store", store, "--format", "json").json
    assert found.keys() == {(row["party"], row["other"]) for row in asked}
    assert all(0 < row["score"] < 1 and row["why"] for row in found.values())
    assert {("C1", "C2"), ("C5", "C6"), ("C6", "C7")} <= found.keys()
    told = dossier.possibly_same
    assert list(told.columns) == ["party", "other", "score", "why"]
    assert told.to_dict("records") == list(found.values())
    # C4 is certainly C3: no pair names it, for each end is a party as the run reads it.
    assert {end for pair in found for end in pair} <= set(dossier.directory.parties.index)
    assert "C4" in dossier.directory.canonical.index and "C4" not in {end for pair in found for end in pair}


def test_what_people_decided_is_open_no_more(store: Path) -> None:
    with open_store(str(store)) as opened:
        looked_at(opened)
        before = rows(opened)
        decide(opened, ("C2", "C1"), CONFIRMED, "A. Clerk", "the seals agree", TODAY)
        decide(opened, ("C5", "C6"), REJECTED, "A. Clerk", "two houses", TODAY)
        decide(opened, ("C6", "C7"), UNSURE, "A. Clerk", "no papers", TODAY)
        left = rows(opened)
        assert before.keys() - left.keys() == {("C1", "C2"), ("C5", "C6")}
        dossier = looked_at(opened).dossier
        assert rows(opened).keys() == left.keys()
        assert dossier.directory.canonical["C2"] == "C1"
        decide(opened, ("C5", "C6"), UNSURE, "B. Clerk", "the houses share a cellar", TODAY)
        looked_at(opened)
        assert ("C5", "C6") in rows(opened) and not opened.verify()


def test_pairs_that_no_longer_look_alike_are_gone(store: Path, tmp_path: Path) -> None:
    with open_store(str(store)) as opened:
        looked_at(opened)
        assert ("C5", "C6") in rows(opened)
    changed = tmp_path / "more.csv"
    changed.write_text(
        "party_id,name,country,identifier\n"
        "C5,Tau Harrier LLC,AE,LEI:5493001KJTIIGC8Y1R12\nC6,Tau Harier LLC,AE,LEI:213800WSGIIZCXF1P572\n",
        encoding="utf-8",
    )
    assert run("ingest", changed, "--store", store).code == 0
    with open_store(str(store)) as opened:
        looked_at(opened)
        assert ("C5", "C6") not in rows(opened)

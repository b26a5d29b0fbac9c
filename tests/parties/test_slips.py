"""Names one letter apart, and legal forms with a slip in them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from diversion.parties.acronyms import abbreviates, initials
from diversion.parties.compare import compare, likeness
from diversion.parties.loose_forms import form_words, split_loosely
from diversion.parties.names import split
from diversion.parties.pairs import judge
from diversion.parties.queries import pairs
from diversion.parties.slips import Slips
from diversion.parties.tokens import MOST_WORDS
from diversion.policy.policy import load
from tests.case import run

LETTERS = st.text("abdeklmnorst", min_size=4, max_size=9)
NAMES = st.lists(LETTERS, min_size=1, max_size=3).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=8), NAMES, st.integers(0, 30), st.sampled_from("xyz"))
def test_every_name_one_letter_away_is_near(names: list[str], name: str, place: int, letter: str) -> None:
    place %= len(name) + 1
    for asked in (name, name[:place] + letter + name[place:], name[:place] + name[place + 1 :]):
        found = set(Slips.of(names).near(asked))
        for row, other in enumerate(names):
            left, right = asked.replace(" ", ""), other.replace(" ", "")
            if min(len(left), len(right)) >= 4 and max(len(left), len(right)) <= 24:
                assert (
                    OSA.distance(left, right) > 1
                    or row in found
                    or "".join(sorted(left)) == "".join(sorted(right))
                )


@pytest.mark.parametrize("form", ["limited", "gesellschaft mbh", "incorporated"])
def test_a_legal_form_with_a_wrong_letter_is_that_form(form: str) -> None:
    for place, letter in enumerate(form):
        word = next(w for w in form.split() if form.index(w) <= place <= form.index(w) + len(w))
        if letter != " " and len(word) >= 7:
            slip = form[:place] + "q" + form[place + 1 :]
            assert split_loosely(f"kestrel {slip}") == split(f"kestrel {form}")
            assert likeness(f"Kestrel Foods {slip}", f"Kestrel Foods {form}") > 0.9


def test_a_name_is_no_slip_of_a_form() -> None:
    assert "berhad" in form_words()
    assert split_loosely("Karl Berhard") == ("karl berhard", "")
    assert split_loosely("Stork OOO")[0] == "stork"


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        ("Kestrel LLC", "Kestrel LgC", True),
        ("Kestrel Foods LLC", "KestrelxFoods LLC", True),
        ("Kazanskiy Optical Plant", "Kazan Optical Plant", True),
        ("NPP Kestrel", "Research and Production Enterprise Kestrel", True),
        ("Kestrel Plant named after Osprey", "Kestrel Plant", True),
        ("Kestrel Osprey Trading (Dalian)", "Kestrel Osprey Trading (Shanghai)", False),
        ("Marina Shipping", "Karina Shipping", False),
        ("Northern Kestrel Lines", "Southern Kestrel Lines", False),
        ("AM Logistics LLC", "Kestrel Logistics LLC", False),
    ],
)
def test_what_makes_two_names_one_organisation(left: str, right: str, one: bool) -> None:
    assert (likeness(left, right, "company") >= load().thresholds["match_cutoff"]) == one


def test_what_stands_behind_a_name_weighs_more_than_what_stands_before() -> None:
    name = "Kestrel Osprey Foods"
    behind = likeness(name, f"{name} Uganda", "company")
    assert behind < likeness(name, f"Uganda {name}", "company") < likeness(name, f"{name} Ltd", "company")
    assert likeness(f"{name} Trading", f"{name} Holdings", "company") < behind


@settings(max_examples=80, deadline=None)
@given(LETTERS, st.lists(LETTERS, min_size=2, max_size=5), st.sampled_from(["", "inc", "sa"]))
def test_initials_are_told_from_other_words(word: str, others: list[str], form: str) -> None:
    first = "".join(other[0] for other in others)
    assert initials(first, others, form) == others
    found = initials(word, others, form)
    assert not found or found[0][0] == word[0]
    assert not abbreviates(word, others) or len(word) == 4


def test_words_behind_very_many_are_not_compared() -> None:
    many = " ".join(f"w{chr(97 + n % 26)}{chr(97 + n // 26)}k" for n in range(MOST_WORDS))
    assert likeness(f"{many} kestrel", f"{many} osprey") == 1.0


@pytest.mark.parametrize(
    ("raw", "rows"),
    [
        ("\ufeffleft,right,kind\r\nSigma LLC,OOO Sigma,company\r\n,,\r\nVolga\r\n", [2, 4]),
        ("left;right;kind\nSigma, Sons;OOO Sigma;company\n", [2]),
        ("RIGHT\tleft \tx\nSigma LLC\tOOO Sigma\t1\n", [2]),
        ("left|right\nVolga|\n|Volga\n", [2, 3]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_pairs_of_any_layout_score_as_the_matcher_does(
    tmp_path: Path, raw: str, rows: list[int], encoding: str
) -> None:
    path = tmp_path / "pairs.csv"
    path.write_bytes(raw.lstrip("\ufeff" if encoding == "utf-16" else "").encode(encoding))
    told = run("screen", "--pairs", str(path), "--format", "json").json
    asked = pairs(path)
    assert [one["row"] for one in told] == rows
    assert told == judge(asked, load())
    for one, (_, pair) in zip(told, asked, strict=True):
        alike = compare(pair["left"] or "", pair["right"] or "", pair["kind"])
        assert one["score"] == pytest.approx(alike.score, abs=1e-4)


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "twice.csv").write_text("left,right,left\nA,B,C\n", encoding="utf-8")
    ran = run("screen", "--pairs", str(tmp_path / "twice.csv"))
    assert ran.code != 0 and "'left'" in ran.err and "Traceback" not in ran.err


def test_pairs_written_by_hand_are_none_of_the_reported(shared_data: Path) -> None:
    path = shared_data / "screening/nomenklatura/contrib/name_bench/run_data/logicv2-frozen.csv"
    with path.open(encoding="utf-8", newline="") as file:
        known = {frozenset((row["name1"].lower(), row["name2"].lower())) for row in csv.DictReader(file)}
    for name in ("name_pairs", "organisation_pairs"):
        with (Path("benchmarks/data") / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) > 500
        assert not any(frozenset((row["left"].lower(), row["right"].lower())) in known for row in rows)

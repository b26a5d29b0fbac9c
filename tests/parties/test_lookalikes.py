"""Look-alikes: what is proposed, what is measured, what is certain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.duplicates import world
from benchmarks.resolve import measure
from benchmarks.truth_sets import read
from diversion.parties import blocking
from diversion.parties.pair_features import Commonness, Record, features
from diversion.parties.pair_model import PLACES, model
from diversion.parties.resolve import Directory, resolve
from diversion.policy.policy import load
from tests.parties.worlds import Row, party_table

SIGMA = {"name": "Sigma Radian LLC", "country": "AE", "kind": "company"}


def directory(rows: Sequence[Row], places: Sequence[tuple[str, str]] = ()) -> Directory:
    at = pd.DataFrame(list(places), columns=["party", "text"], dtype=object)
    return resolve(party_table(rows), load(), at)


def test_an_address_beside_an_equal_name_joins_and_a_mass_address_does_not() -> None:
    rows = [{"id": "A", **SIGMA}, {"id": "B", **SIGMA, "name": "SIGMA RADIAN L.L.C."}]
    here = [("A", "12 Dock Road, Dubai"), ("B", "12 Dock Rd., Dubai")]
    assert directory(rows, here).canonical.nunique() == 1
    many = [{"id": f"M{n:02}", "name": f"Firm {n} Ltd", "country": "AE"} for n in range(60)]
    mass = [(str(row["id"]), "12 Dock Road, Dubai") for row in [*rows, *many]]
    found = directory([*rows, *many], mass)
    assert found.canonical.nunique() == len(rows) + len(many)
    assert set(found.same["party"]) | set(found.same["other"]) == {"A", "B"}


def test_a_shared_agent_joins_nobody() -> None:
    rows: list[Row] = [
        {"id": f"M{n}", "name": name, "country": "AE", "contacts": ["phone:+971 4 555 0101"]}
        for n, name in enumerate(("Kestrel Trading", "Osprey Marine", "Harrier Logistics", "Merlin Foods"))
    ]
    found = directory(rows, [(str(row["id"]), "1 Agents House, Dubai") for row in rows])
    assert found.canonical.nunique() == 4


@pytest.mark.parametrize(
    ("more", "other"),
    [
        ({"incorporated_on": date(2019, 1, 1)}, {"incorporated_on": date(2023, 6, 1)}),
        ({"identifier": "tax:1"}, {"identifier": "tax:2"}),
        ({"country": "AE"}, {"country": "RU"}),
        ({"kind": "person"}, {"kind": "company"}),
    ],
)
def test_what_speaks_against_an_equal_name_at_one_address_keeps_apart(more: Row, other: Row) -> None:
    rows = [{"id": "A", **SIGMA, **more}, {"id": "B", **SIGMA, **other}]
    here = [("A", "12 Dock Road, Dubai"), ("B", "12 Dock Road, Dubai")]
    assert directory(rows, here).canonical.nunique() == 2


def test_people_of_one_name_and_house_are_not_one_without_more() -> None:
    person = {"name": "Ivan Petrov", "kind": "person", "country": "RU"}
    here = [("A", "12 Lenina, Kazan"), ("B", "12 Lenina, Kazan")]
    assert directory([{"id": "A", **person}, {"id": "B", **person}], here).canonical.nunique() == 2
    born = {**person, "born": "1971-05-17"}
    assert directory([{"id": "A", **born}, {"id": "B", **born}], here).canonical.nunique() == 1


def test_an_alias_counts_as_a_name() -> None:
    rows: list[Row] = [
        {"id": "A", "name": "Wolga Pribory", "aliases": ["Kestrel Radian Osprey"], "country": "RU"},
        {"id": "B", "name": "Kestrel Radian Osprey", "country": "RU"},
    ]
    assert directory(rows).same[["party", "other"]].values.tolist() == [["A", "B"]]


NAMES = st.lists(st.text("abcdehiknorst ", min_size=3, max_size=14), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(NAMES)
def test_names_of_the_same_words_are_always_proposed(names: list[str]) -> None:
    bases = [" ".join(name.split()) for name in names if name.split()]
    found = set(blocking.same_words(bases).tolist())
    brute = {
        (i << 32) | j
        for (i, a), (j, b) in combinations(enumerate(bases), 2)
        if sorted(a.split()) == sorted(b.split())
    }
    assert found == brute


def test_a_slip_in_any_place_of_a_name_is_proposed() -> None:
    base = "kestrel radian osprey"
    for spot, letter in enumerate(base):
        if letter == " ":
            continue
        for slip in (base[:spot] + base[spot + 1 :], base[:spot] + "t" + base[spot + 1 :]):
            found = np.concatenate(list(blocking.name_pairs([base, slip], ["AE", "AE"])))
            assert 1 in found.tolist(), slip


def test_pairs_grow_with_the_records_of_a_key_and_not_with_their_square() -> None:
    few = blocking.paired(np.zeros(500, np.uint64), np.arange(500))
    assert len(few) <= 500 * blocking.NEAR


FACTS = st.builds(
    Record,
    names=st.lists(st.sampled_from(["Ed Mooney", "Edward Moonie", "Sigma LLC", "Sigma"]), max_size=2).map(
        tuple
    ),
    kind=st.sampled_from(["person", "company", "unknown"]),
    country=st.sampled_from([None, "RU", "AE"]),
    addresses=st.lists(st.sampled_from(["12 King Street", "9 King St, York"]), max_size=1).map(tuple),
    contacts=st.frozensets(st.sampled_from(["phone:1234567", "email:a@b.c"]), max_size=2),
    day=st.sampled_from([None, "1971", "1971-05-17", "1971-17-05"]),
)


@given(FACTS, FACTS)
def test_features_are_symmetric_and_within_0_and_1(left: Record, right: Record) -> None:
    common = Commonness.of(["ed mooney", "sigma"], ["12 King Street"], ["phone:1234567"])
    measured = features(left, right, common)
    assert measured == features(right, left, common)
    assert all(0 <= value <= 1 for value in measured)


def test_evidence_raises_the_odds_and_conflicts_lower_them() -> None:
    held = dict(zip(PLACES, model().coefficients, strict=True))
    assert all(
        held[name] > 0 for name in ("name", "words", "contact", "date", "number", "several", "country")
    )
    assert all(value <= 0 for name, value in held.items() if name.endswith("_differs"))


def test_the_model_in_use_on_the_published_truth_sets(shared_data: Path) -> None:
    truth = read(shared_data)
    same = np.array([truth.same(pair) for pair in truth.pairs()])
    assert (len(truth.records), int(same.sum())) == (159, 108)
    score = model().probabilities(np.array(truth.measured()))
    precision, recall, _ = measure(score >= model().offer, same)
    assert precision > 0.8 and recall > 0.65


def test_a_made_world_of_duplicates() -> None:
    table, places, truth = world(3000)
    found = resolve(table, load(), places)
    company = {party: truth.get(party, party) for party in found.canonical.index}
    joined = [(a, b) for a, b in found.canonical.items() if a != b]
    assert sum(company[str(a)] == company[str(b)] for a, b in joined) >= 0.99 * len(joined)
    offered = set(zip(found.same["party"], found.same["other"], strict=True))
    reached = [a for a, b in truth.items() if found.canonical[a] == found.canonical[b] or (b, a) in offered]
    assert len(joined) >= 0.4 * len(truth) and len(reached) >= 0.85 * len(truth)
    mixed = resolve(table.take(np.random.default_rng(1).permutation(len(table))), load(), places[::-1])
    pd.testing.assert_frame_equal(found.same, mixed.same)

"""Many pairs at once against one pair at a time, and what two rows have in common against sets."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.parties import identifiers, lookalikes, registers
from diversion.parties.held import Held
from diversion.parties.names import name_key
from diversion.parties.pair_features import FEATURES, Commonness, Record, contact, features
from diversion.parties.pair_table import PairTable
from diversion.parties.records import evidence
from diversion.policy.policy import load

CAP = 14
SOME: dict[str, list[Any]] = {
    "name": [
        *("Sigma Radian LLC", "Sigma Radiant", "Radian, Sigma", "Kestrel Osprey FZE", "ООО Сигма", "Tau 5"),
        *("Ivan Petrov jr", "Petrov Ivan sr"),
    ],
    "aliases": [None, None, ["Sigma"], ["Kestrel Osprey", "Tau 6 Ltd"]],
    "kind": [None, "company", "person", "unknown"],
    "country": [None, "RU", "AE", "DE"],
    "born": [None, "1971", "1971-05-17", "1971-17-05", "1971-05-18", "1980-01-01"],
    "identifier": [
        *(None, "LEI:5493001KJTIIGC8Y1R12", "LEI:213800WSGIIZCXF1P572", "LEI:5493001KJTIIGC8Y1R13"),
        *("inn:7707083893; kpp:773601001", "inn:7707083894", "tax:12", "passport:12", "passport:13; tax:12"),
    ],
    "contacts": [
        *(None, ["phone:+971 4 555 0101"], ["phone:04 5550101", "email:A <a@x.org>"]),
        *(["email:b@x.org"], ["phone:1"], ["phone:2"]),
    ],
}
PLACES = ["12 Dock Road, Dubai", "12 Dock Rd Dubai", "9 Dock Road, Dubai", "Lenina 4, Kazan", "Kazan", "-"]


def drawn(seed: int, size: int = 40) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Party rows that have much in common, and where they are."""
    dice = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = [
        {column: values[dice.integers(len(values))] for column, values in SOME.items()} for _ in range(size)
    ]
    frame = pd.DataFrame(rows, dtype=object).assign(incorporated_on=None)
    frame["id"] = [f"C{row:03}" for row in range(size)]
    frame["name_key"] = frame["name"].map(name_key)
    at = [(f"C{row:03}", PLACES[dice.integers(len(PLACES))]) for row in range(size) if dice.random() < 0.6]
    return frame, pd.DataFrame(at * 2, columns=["party", "text"], dtype=object)


def plain(frame: pd.DataFrame, places: pd.DataFrame, named: pd.DataFrame) -> tuple[list[Record], Commonness]:
    """The same rows as records, gathered row by row."""
    given: dict[int, list[tuple[str, str, str]]] = {}
    for place, *told_number in identifiers.known(frame).to_numpy(object).tolist():
        given.setdefault(int(place), []).append((told_number[0], told_number[1], told_number[2]))
    told = {row: {contact(c) for c in found or ()} for row, found in frame["contacts"].items()}
    at = {row: set(places.loc[places["party"] == party, "text"]) for row, party in frame["id"].items()}
    every = [[one for held in sort.values() for one in held] for sort in (at, told)]
    common = Commonness.of(named["base"].tolist(), *every)
    few = [Counter(some) for some in every]
    made = []
    for row, told_of in enumerate(frame.to_dict("records")):
        held: dict[tuple[str, str], set[str]] = {}
        weak: set[tuple[str, str]] = set()
        for scheme, register, number in given.get(row, []):
            if registers.valid(scheme, number):
                held.setdefault((scheme, register), set()).add(number)
            else:
                weak.add((scheme, number))
        made.append(
            Record(
                names=tuple(named.loc[named["row"] == row, "name"]),
                kind=told_of["kind"] or "unknown",
                country=told_of["country"],
                addresses=tuple(sorted(text for text in at[row] if few[0][text] <= CAP)),
                contacts=frozenset(one for one in told[row] if few[1][one] <= CAP),
                day=told_of["born"],
                numbers={register: frozenset(found) for register, found in held.items()},
                weak=frozenset(weak),
            )
        )
    return made, common


def test_many_pairs_at_once_measure_as_one_pair_at_a_time() -> None:
    seen = np.zeros(len(FEATURES), bool)
    for seed in range(6):
        frame, places = drawn(seed)
        named = lookalikes.called(frame, load())
        left, right = np.array(list(combinations(range(len(frame)), 2))).T
        table = PairTable(frame, evidence(frame, places, identifiers.known(frame)), named, CAP)
        measured = table.without_names(left, right)
        table.add_names(measured, left, right, np.zeros(len(left), bool), 0.0)
        records, common = plain(frame, places, named)
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        expected = np.array([features(records[a], records[b], common) for a, b in pairs])
        for number, name in enumerate(FEATURES):
            assert measured[:, number] == pytest.approx(expected[:, number], abs=1e-12), name
        seen |= (expected > 0).any(axis=0)
    assert seen.all(), [name for name, found in zip(FEATURES, seen, strict=True) if not found]


def test_names_that_need_not_be_told_change_no_pair_that_is() -> None:
    frame, places = drawn(11)
    frame["aliases"] = None
    named = lookalikes.called(frame, load())
    table = PairTable(frame, evidence(frame, places, identifiers.known(frame)), named, CAP)
    left, right = np.array(list(combinations(range(len(frame)), 2))).T
    least = (1 + lookalikes.ALIKE) / 2
    told = [table.without_names(left, right) for _ in range(2)]
    for made, idle in zip(told, (False, True), strict=True):
        table.add_names(made, left, right, np.full(len(left), idle), least)
    near = told[0][:, FEATURES.index("name")] >= lookalikes.ALIKE
    assert 0 < near.sum() < len(near)
    assert (told[0][near] == told[1][near]).all()
    assert (told[1][~near][:, FEATURES.index("name")] < lookalikes.ALIKE).all()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abcd")), max_size=20))
def test_what_rows_hold_together(held: list[tuple[int, str]]) -> None:
    table = pd.DataFrame(held, columns=["row", "value"])
    made = Held(table["row"], table["value"], 6)
    left, right = np.array([(a, b) for a in range(6) for b in range(6)]).T
    sets = [{value for row, value in held if row == number} for number in range(6)]

    def read(place: Any, *codes: Any) -> set[tuple[Any, ...]]:
        return {(int(p), *(made.values[c] for c in one)) for p, *one in zip(place, *codes, strict=True)}

    pairs = list(enumerate(zip(left, right, strict=True)))
    assert read(*made.both(left, right)) == {(p, v) for p, (a, b) in pairs for v in sets[a] & sets[b]}
    every = {(p, v, w) for p, (a, b) in pairs for v in sets[a] for w in sets[b]}
    assert read(*made.each(left, right)) == every
    assert made.rows_of.tolist() == [sum(value in one for one in sets) for value in made.values]

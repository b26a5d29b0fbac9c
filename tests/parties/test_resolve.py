"""Which records are one party."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.parties.names import mention_id
from diversion.parties.resolve import Directory, resolve
from diversion.policy.policy import load
from tests.parties.worlds import Row, party_table


def directory(rows: Sequence[Row]) -> Directory:
    return resolve(party_table(rows), load())


def mention(name: str, country: str | None = None, **more: object) -> Row:
    place = mention_id(name, country)
    return {"id": place, "name": name, "country": country, "stated": False, "kind": "unknown", **more}


def stated(place: str, name: str, country: str | None = None, **more: object) -> Row:
    return {"id": place, "name": name, "country": country, **more}


def test_a_mention_of_a_stated_name_in_its_country_is_that_party() -> None:
    rows = [stated("C1", "ООО Сигма", "RU"), mention("Sigma LLC", "RU"), mention("Sigma LLC", "AE")]
    found = directory(rows).canonical
    assert found[mention_id("Sigma LLC", "RU")] == "C1"
    assert found[mention_id("Sigma LLC", "AE")] == mention_id("Sigma LLC", "AE")


def test_a_mention_that_is_an_id_is_that_party_whatever_else_it_could_be() -> None:
    rows = [stated("C-17", "Kestrel FZE", "AE"), mention("C-17"), stated("X", "Other", "DE")]
    found = directory(rows)
    assert found.canonical[mention_id("C-17")] == "C-17"
    assert found.parties.loc["C-17", "name"] == "Kestrel FZE"
    assert set(found.names["name"]) == {"Kestrel FZE", "Other"}


def test_a_mention_without_country_joins_only_where_the_name_is_unique() -> None:
    one = directory([stated("C1", "Sigma LLC", "RU"), mention("Sigma LLC")])
    assert one.canonical[mention_id("Sigma LLC")] == "C1"
    two = directory([stated("C1", "Sigma LLC", "RU"), stated("C2", "Sigma LLC", "AE"), mention("Sigma LLC")])
    assert two.canonical[mention_id("Sigma LLC")] == mention_id("Sigma LLC")
    assert set(two.same["other"]) | set(two.same["party"]) >= {"C1", "C2", mention_id("Sigma LLC")}


def test_two_ids_that_were_given_are_two_parties_but_candidates() -> None:
    found = directory(
        [stated("C1", "Sigma LLC", "AE"), stated("C2", "Sigma LLC", "AE"), mention("Sigma LLC", "AE")]
    )
    assert found.canonical["C1"] != found.canonical["C2"]
    assert found.canonical[mention_id("Sigma LLC", "AE")] not in ("C1", "C2")
    pair = found.same[(found.same["party"] == "C1") & (found.same["other"] == "C2")]
    assert len(pair) == 1 and pair["score"].iloc[0] < load().thresholds["same_party"]


def test_an_equal_identifier_joins_and_another_number_keeps_apart() -> None:
    same = directory(
        [
            stated("C1", "Sigma LLC", "RU", identifier="tax:7701 234"),
            stated("K9", "Sigma Electronics", "RU", identifier="lei:X; TAX:7701234"),
        ]
    )
    assert same.canonical["K9"] == same.canonical["C1"] == "C1"
    apart = directory(
        [
            stated("C1", "Sigma LLC", "RU", identifier="tax:1"),
            mention("Sigma LLC", "RU", identifier="tax:2"),
        ]
    )
    assert apart.canonical[mention_id("Sigma LLC", "RU")] != "C1"


def test_a_number_that_says_nothing_joins_nobody() -> None:
    rows = [stated(f"C{n}", f"Firm {n} Ltd", "GB", identifier="tax:000") for n in range(3)]
    many = [stated(f"D{n}", f"Company {n} Ltd", "GB", identifier="agent:77") for n in range(60)]
    assert directory([*rows, *many]).canonical.nunique() == 63


def test_a_joined_party_keeps_what_its_own_record_says_and_fills_the_rest() -> None:
    rows = [
        stated("B", "Sigma", "RU", identifier="tax:5"),
        stated("A", "Sigma Two", None, identifier="tax:5", incorporated_on=date(2020, 1, 1)),
    ]
    found = directory(rows).parties
    assert list(found.index) == ["A"]
    row = found.loc["A"]
    assert (row["name"], row["country"], row["incorporated_on"]) == ("Sigma Two", "RU", date(2020, 1, 1))


def test_look_alikes_are_candidates_and_never_joined() -> None:
    found = directory(
        [stated("C1", "Kestrel Radian Trading", "AE"), stated("C2", "Kestrell Radian Trading", "AE")]
    )
    assert found.canonical["C1"] != found.canonical["C2"]
    assert found.same[["party", "other"]].values.tolist() == [["C1", "C2"]]


def test_no_parties() -> None:
    found = directory([])
    assert len(found.canonical) == len(found.parties) == len(found.same) == 0


NAMES = st.sampled_from(["Sigma LLC", "ООО Сигма", "Kestrel FZE", "Volga JSC", "C1", "Nordic"])
COUNTRY = st.sampled_from([None, "RU", "AE"])
ROWS = st.lists(
    st.tuples(NAMES, COUNTRY, st.sampled_from([None, "tax:1", "tax:2", "reg:1"]), st.booleans()), max_size=9
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_records_does_not_matter(
    rows: list[tuple[str, str | None, str | None, bool]], mix: random.Random
) -> None:
    made: dict[str, Row] = {}
    for place, (name, country, number, own) in enumerate(rows):
        row = stated(f"C{place}", name, country) if own else mention(name, country)
        made[str(row["id"])] = {**row, "identifier": number}
    shuffled = list(made.values())
    mix.shuffle(shuffled)
    left, right = directory(list(made.values())), directory(shuffled)
    pd.testing.assert_frame_equal(left.parties, right.parties)
    pd.testing.assert_frame_equal(left.same, right.same)
    assert left.canonical.sort_index().equals(right.canonical.sort_index())
    assert set(left.canonical) <= set(left.canonical.index)
    assert (left.canonical[left.canonical.to_numpy()].to_numpy() == left.canonical.to_numpy()).all()

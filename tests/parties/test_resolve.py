"""Which records are one party."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.parties.decisions import Decision, pair
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


def decided(party: str, other: str, verdict: str) -> dict[tuple[str, str], Decision]:
    low, high = pair(party, other)
    made = Decision("D-1", low, high, verdict, "the seals differ", "A. Clerk", date(2025, 1, 2), 1)
    return {(low, high): made}


def groups(found: Directory) -> set[frozenset[str]]:
    canonical = found.canonical
    return {frozenset(canonical.index[canonical == party]) for party in set(canonical)}


def offered(found: Directory) -> dict[tuple[str, str], str]:
    apart = found.same[
        found.canonical[found.same["party"]].to_numpy() != found.canonical[found.same["other"]].to_numpy()
    ]
    return {(row["party"], row["other"]): row["why"] for row in apart.to_dict("records")}


def test_a_record_between_two_numbers_of_one_register_joins_neither_and_says_so() -> None:
    # B has the LEI of A and the IMO number of C, but A and C have two different Russian tax numbers.
    rows = [
        stated("A", "Sigma", "RU", identifier="INN:7736640919; LEI:5493001KJTIIGC8Y1R12"),
        stated("B", "Tau", "RU", identifier="LEI:5493001KJTIIGC8Y1R12; IMO:9074729"),
        stated("C", "Rho", "RU", identifier="IMO:9074729; INN:7707083893"),
    ]
    found = directory(rows)
    assert groups(found) == {frozenset("A"), frozenset("B"), frozenset("C")}
    assert set(offered(found)) == {("A", "B"), ("B", "C")}
    assert all("kept apart" in why for why in offered(found).values())
    assert groups(directory([rows[0], rows[1]])) == {frozenset("AB")}


def test_a_surer_link_wins_where_a_weaker_one_would_bring_two_numbers_together() -> None:
    rows = [
        stated("A", "Sigma LLC", "RU", identifier="INN:7736640919"),
        stated("B", "Other", "RU", identifier="INN:7707083893; LEI:5493001KJTIIGC8Y1R12"),
        mention("Sigma LLC", "RU", identifier="LEI:5493001KJTIIGC8Y1R12"),
    ]
    found = directory(rows)
    assert groups(found) == {frozenset("A"), frozenset(["B", mention_id("Sigma LLC", "RU")])}
    ((pair_of, why),) = offered(found).items()
    assert pair_of == ("A", mention_id("Sigma LLC", "RU"))
    assert why.endswith("kept apart: INN 7736640919 against 7707083893")


def test_a_number_that_fails_its_check_digits_joins_nobody_and_parts_nobody() -> None:
    same = directory(
        [
            stated("A", "Sigma", "RU", identifier="INN:7736640918"),
            stated("B", "Tau", "RU", identifier="inn: 7736640918"),
        ]
    )
    assert same.canonical.nunique() == 2
    assert "fails its check digits" in offered(same)["A", "B"]
    rows = [stated("A", "Sigma LLC", "RU", identifier="INN:7736640919")]
    rows += [mention("Sigma LLC", "RU", identifier="INN:7736640918")]
    assert directory(rows).canonical.nunique() == 1


def test_registers_of_two_countries_may_give_one_number_to_two_companies() -> None:
    rows = [
        stated("A", "Sigma", "DE", identifier="registration number:4711"),
        stated("B", "Tau", "AT", identifier="registration number:4711"),
        stated("C", "Rho", "DE", identifier="Registration No. (AT):47-11"),
        stated("D", "Phi", None, identifier="reg no:4711"),
    ]
    assert groups(directory(rows)) == {frozenset("A"), frozenset("BC"), frozenset("D")}
    assert groups(directory([rows[0], rows[3]])) == {frozenset("AD")}


def test_a_person_confirms_and_rejects() -> None:
    rows = [stated("C1", "Sigma LLC", "AE"), stated("C2", "Sigma LLC", "AE"), stated("C3", "Sigma LLC", "AE")]
    joined = resolve(party_table(rows), load(), decisions=decided("C2", "C1", "confirmed"))
    assert groups(joined) == {frozenset(["C1", "C2"]), frozenset(["C3"])}
    assert "A. Clerk" in joined.same.loc[joined.same["score"] == 1.0, "why"].iloc[0]
    parted = resolve(party_table(rows), load(), decisions=decided("C1", "C2", "rejected"))
    assert ("C1", "C2") not in offered(parted) and ("C1", "C3") in offered(parted)
    numbered = [{**row, "identifier": "tax:7"} for row in rows[:2]]
    assert groups(directory(numbered)) == {frozenset(["C1", "C2"])}
    kept = resolve(party_table(numbered), load(), decisions=decided("C1", "C2", "rejected"))
    assert groups(kept) == {frozenset(["C1"]), frozenset(["C2"])} and not offered(kept)


def test_a_person_may_join_what_numbers_keep_apart() -> None:
    rows = [stated("A", "Sigma", "DE", identifier="tax:1"), stated("B", "Sigma", "DE", identifier="tax:2")]
    assert groups(directory(rows)) == {frozenset("A"), frozenset("B")}
    found = resolve(party_table(rows), load(), decisions=decided("A", "B", "confirmed"))
    assert groups(found) == {frozenset("AB")}


NUMBERS = st.lists(
    st.sampled_from(["tax:1", "tax:2", "reg:1", "reg:2", "uen:3", "lei:5493001KJTIIGC8Y1R12"]), max_size=2
)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(NAMES, COUNTRY, NUMBERS, st.booleans()), max_size=8),
    st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=2),
    st.randoms(),
)
def test_nobody_has_two_numbers_of_one_register_nor_what_was_rejected(
    rows: list[tuple[str, str | None, list[str], bool]], parted: set[tuple[int, int]], mix: random.Random
) -> None:
    made: dict[str, Row] = {}
    for place, (name, country, numbers, own) in enumerate(rows):
        row = stated(f"C{place}", name, country) if own else mention(name, country)
        made[str(row["id"])] = {
            **row,
            "identifier": "; ".join(numbers),
        }
    ids = sorted(made)
    rejected: dict[tuple[str, str], Decision] = {}
    for a, b in parted:
        if a != b and max(a, b) < len(ids):
            rejected |= decided(ids[a], ids[b], "rejected")
    shuffled = list(made.values())
    mix.shuffle(shuffled)
    found = resolve(party_table(list(made.values())), load(), decisions=rejected)
    again = resolve(party_table(shuffled), load(), decisions=rejected)
    pd.testing.assert_frame_equal(found.same, again.same)
    assert groups(found) == groups(again)
    for low, high in rejected:
        assert found.canonical[low] != found.canonical[high] and (low, high) not in offered(found)
    for members in groups(found):
        assert _compatible([made[one] for one in members])


def _compatible(rows: list[Row]) -> bool:
    """Whether no register tells these rows apart: its numbers hang together by rows that hold several."""
    sets: dict[tuple[str, object], list[set[str]]] = {}
    for row in rows:
        own: dict[tuple[str, object], set[str]] = {}
        for part in filter(None, str(row["identifier"] or "").split("; ")):
            scheme, number = part.split(":")
            register = (scheme, row["country"] if scheme in ("tax", "reg") else "")
            if register[1] is not None and scheme != "uen":
                own.setdefault(register, set()).add(number)
        for register, numbers in own.items():
            sets.setdefault(register, []).append(numbers)
    return all(_hang_together(held) for held in sets.values())


def _hang_together(held: list[set[str]]) -> bool:
    reached, rest = set(held[0]), held[1:]
    while met := [numbers for numbers in rest if numbers & reached]:
        rest = [numbers for numbers in rest if numbers not in met]
        for numbers in met:
            reached |= numbers
    return not rest

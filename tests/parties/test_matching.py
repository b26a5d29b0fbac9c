"""Parties against entries: by id, then identifier, then name, and what a name alone is worth."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from diversion.parties.matching import match_listings
from diversion.parties.resolve import resolve
from diversion.parties.screen import Screener
from diversion.policy.policy import load
from tests.parties.worlds import Row, listing_table, located_frame, party_table

CERTAIN = load().thresholds["match_certain"]
CUTOFF = load().thresholds["match_cutoff"]
HARRIER: Row = {"id": "C-1", "name": "Harrier Trading"}
LISTED: Row = {"id": "L1", "name": "Harrier Trading"}


def matched(party: Row, entry: Row, located: Sequence[Row] = ()) -> tuple[float, str] | None:
    directory = resolve(party_table([party]), load())
    found = match_listings(directory, listing_table([entry]), located_frame(located), load())
    assert len(found) <= 1
    return None if found.empty else (float(found["score"].iloc[0]), str(found["why"].iloc[0]))


def test_an_equal_identifier_matches_whatever_the_names() -> None:
    party = {**HARRIER, "country": "AE", "identifier": "inn: 77 01-23"}
    found = matched(party, {"id": "L1", "name": "Volga", "country": "RU", "identifiers": ["INN:770123"]})
    assert found is not None and found[0] == 0.99 and "INN:770123" in found[1]
    assert matched(party, {"id": "L1", "name": "Volga", "identifiers": ["LEI:770123"]}) is None


def test_another_name_that_a_register_states_is_matched_too() -> None:
    party = {
        "id": "A",
        "name": "Wolga Pribory LLC",
        "country": "RU",
        "aliases": ["Kestrel Radian Osprey FZE"],
    }
    entry = {"id": "L1", "name": "Kestrel Radian Osprey FZE", "country": "RU"}
    found = matched(party, entry)
    assert found is not None and found[0] >= CUTOFF
    assert matched({**party, "aliases": None}, entry) is None


def test_a_conflict_of_identifiers_leaves_the_same_name_undetermined() -> None:
    party = {**HARRIER, "country": "RU", "identifier": "inn:1"}
    entry = {**LISTED, "country": "RU", "countries": ["RU"]}
    found = matched(party, {**entry, "identifiers": ["inn:2"]})
    assert found is not None and CUTOFF <= found[0] < CERTAIN and "INN 1 against 2" in found[1]
    for numbers in (["inn:2", "inn:1"], ["lei:2"]):
        found = matched(party, {**entry, "identifiers": numbers})
        assert found is not None and found[0] >= 0.99


def test_an_entry_for_one_party_alone_is_not_matched_to_others_by_number() -> None:
    party = {**HARRIER, "identifier": "inn:1"}
    assert matched(party, {"id": "L1", "name": "Volga", "party_id": "C-9", "identifiers": ["inn:1"]}) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "name", "certain"),
    [
        (None, "RU", "Harrier Trading", False),
        (None, None, "Harrier Trading", True),
        ("RU", None, "Harrier Trading", True),
        ("RU", "RU", "Harrier Trading", True),
        (None, "RU", "Harrier Osprey Trading", True),
        ("RU", None, "Harrier Osprey", True),
        ("AE", "RU", "Harrier Osprey", False),
    ],
)
def test_a_name_alone_is_not_certain_unless_it_is_distinctive(
    ours: str | None, theirs: str | None, name: str, certain: bool
) -> None:
    entry = {"id": "L1", "name": name, "country": theirs, "countries": [theirs] if theirs else None}
    found = matched({"id": "C-1", "name": name, "country": ours}, entry)
    assert found is not None
    assert (found[0] == 1.0) == certain
    assert certain or CUTOFF < found[0] < CERTAIN
    assert ("distinctive (harrier, osprey)" in found[1]) == (
        certain and theirs is not None and ours != theirs
    )


def test_an_equal_address_supports_a_name_and_a_person_needs_more_than_one() -> None:
    at = [{"party": "C-1", "address": "A-1", "text": "12 Hung Fat Rd."}]
    found = matched(HARRIER, {**LISTED, "country": "HK", "address": "12 Hung Fat Road"}, at)
    assert found is not None and found[0] == 1.0 and "address agrees" in found[1]
    person = {"id": "L1", "name": "Vladimir Onezhessky", "kind": "person", "country": "RU"}
    found = matched({"id": "C-1", "name": "Vladimir Onezhessky", "kind": "person"}, person)
    assert found is not None and found[0] < CERTAIN


def test_a_query_with_an_identifier_raises_or_lowers_and_drops_nothing() -> None:
    screener = Screener(listing_table([{**LISTED, "identifiers": ["inn:1"]}]), load())

    def score(name: str, identifier: str) -> tuple[float, bool]:
        (hit,) = screener.screen([{"name": name, "identifier": identifier}], 0.8)[0]["hits"]
        return hit["score"], any("identifier" in str(part["part"]) for part in hit["explanation"])

    assert score("Volga Instruments", "INN:1") == (0.99, True)
    assert score("Harrier Trading", "INN:1") == (1.0, True)
    lowered, marked = score("Harrier Trading", "INN:2")
    assert load().thresholds["match_cutoff"] <= lowered < CERTAIN and marked
    alike, _ = score("Harier Tradng", "lei:1")
    against, marked = score("Harier Tradng", "inn:2")
    assert load().thresholds["match_cutoff"] <= against <= alike and marked

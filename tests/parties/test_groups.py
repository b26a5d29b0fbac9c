"""Companies that may stand in for one another."""

from __future__ import annotations

from diversion.parties.groups import address_groups, owner_groups
from diversion.policy.policy import load
from tests.parties.worlds import Row, holding_frame, located_frame


def held(owner: str, owned: str, share: float | None) -> Row:
    return {"owner": owner, "owned": owned, "share_min": share, "share_max": share}


def test_companies_of_one_owner_join_from_fifty_per_cent_on() -> None:
    rows = [
        held("X", "B", 50),
        held("X", "A", 80),
        held("X", "C", 49.9),
        held("X", "D", None),
        held("Y", "E", 90),
    ]
    found = owner_groups(holding_frame(rows), load())
    assert found.to_dict() == {"A": "A", "B": "A"}


def test_groups_are_a_partition() -> None:
    rows = [held("X", "A", 50), held("X", "B", 50), held("Y", "B", 50), held("Y", "C", 50)]
    assert owner_groups(holding_frame(rows), load()).to_dict() == {"A": "A", "B": "A", "C": "A"}


def test_a_group_of_more_than_the_cap_does_not_join() -> None:
    for size, joined in ((50, 50), (51, 0)):
        rows = [held("X", f"C{n:03}", 100) for n in range(size)]
        assert len(owner_groups(holding_frame(rows), load())) == joined


def test_a_mass_address_joins_nobody_and_is_named() -> None:
    mass = [{"party": f"C{n:03}", "address": "A-mass", "text": "agent"} for n in range(51)]
    few = [{"party": party, "address": "A-few", "text": "yard"} for party in ("C001", "C002")]
    found, named = address_groups(located_frame([*mass, *few]), load())
    assert named == {"A-mass"}
    assert found.to_dict() == {"C001": "C001", "C002": "C001"}


def test_nothing_to_group() -> None:
    assert owner_groups(holding_frame([]), load()).empty
    assert address_groups(located_frame([]), load())[0].empty

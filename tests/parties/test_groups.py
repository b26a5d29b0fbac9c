"""Companies that may stand in for one another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from diversion.parties.groups import OPEN, Bonds, address_bonds, address_groups, owner_bonds, owner_groups
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


def bond(rows: Sequence[Row]) -> Bonds:
    frame = holding_frame(rows)
    return owner_bonds(frame, owner_groups(frame, load()), load())


def days(*spans: tuple[date | None, date | None]) -> tuple[tuple[int, int], ...]:
    epoch = date(1970, 1, 1)
    return tuple(
        (-OPEN if begin is None else (begin - epoch).days, OPEN if end is None else (end - epoch).days)
        for begin, end in spans
    )


MARCH, MAY, JULY, YEAR_ONE = date(2023, 3, 1), date(2023, 5, 1), date(2023, 7, 1), date(1, 1, 1)


def test_days_shared_are_those_on_which_both_holdings_were_in_force() -> None:
    rows = [
        {**held("X", "A", 50), "from": MARCH, "until": JULY},
        {**held("X", "B", 60), "from": MAY},
        {**held("Y", "B", 60), "until": MAY},
        {**held("Y", "C", 60), "from": YEAR_ONE},
        {**held("X", "C", 40)},
    ]
    made = bond(rows)
    assert made.shared("A", "B") == made.shared("B", "A") == days((MAY, JULY))
    assert made.shared("B", "C") == days((YEAR_ONE, MAY))
    assert made.shared("A", "C") == () == made.shared("A", "unknown")


def test_days_shared_by_several_owners_are_told_once() -> None:
    rows = [
        {**held("X", "A", 100), "until": JULY},
        {**held("X", "B", 100), "from": MARCH},
        {**held("Y", "A", 50), "from": MAY},
        {**held("Y", "B", 50), "from": MAY},
    ]
    assert bond(rows).shared("A", "B") == days((MARCH, None))


def test_a_group_is_whole_where_one_owner_held_all_of_it_on_all_days() -> None:
    rows = [
        {**held("X", "A", 50), "from": MARCH, "until": JULY},
        held("X", "B", 60),
        held("Y", "C", 60),
        held("Y", "D", 60),
        held("Z", "D", 60),
        held("Z", "E", 60),
    ]
    made = bond(rows)
    ((first, until),) = days((MARCH, JULY))
    assert made.whole(first, until - 1) == {"A", "B"}
    assert made.whole(first - 1, until - 1) == made.whole(first, until) == frozenset()
    assert bond([]).whole(0, 9) == frozenset()


def test_who_left_an_address_shares_it_no_longer() -> None:
    rows = [
        {"party": "A", "address": "A-1", "text": "yard", "until": MAY},
        {"party": "B", "address": "A-1", "text": "yard", "from": MARCH},
    ]
    rows += [{"party": f"C{n:03}", "address": "A-mass", "text": "agent"} for n in range(51)]
    rows += [{"party": party, "address": "A-mass", "text": "agent"} for party in ("A", "B")]
    frame = located_frame(rows)
    groups, mass = address_groups(frame, load())
    made = address_bonds(frame, groups, mass)
    assert made.shared("A", "B") == days((MARCH, MAY))
    assert made.shared("C001", "C002") == ()

"""Integrated ownership against published figures, a matrix inverse, and chains counted by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diversion.parties.integrated import integrated
from tests.parties.worlds import holding_frame

DAY = date(2024, 1, 1)


def held(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return holding_frame(
        [{"owner": owner, "owned": owned, "share_min": s, "share_max": s} for owner, owned, s in rows]
    )


def shares(frame: pd.DataFrame, company: str) -> dict[str, float]:
    found = integrated(frame, company, DAY)
    assert (found["share_min"] == found["share_max"]).all()
    return dict(zip(found["owner"], found["share_min"], strict=True))


def test_a_firm_that_owns_half_of_itself_doubles_what_its_owners_have() -> None:
    assert shares(held(("P", "F", 16.0), ("F", "F", 50.0)), "F") == {"P": 32.0}


def test_shares_are_multiplied_along_chains_and_added_over_them() -> None:
    frame = held(("P", "A", 50.0), ("P", "B", 60.0), ("A", "C", 40.0), ("B", "C", 50.0))
    assert shares(frame, "C") == {"P": 50.0, "B": 50.0, "A": 40.0}


def test_an_owner_in_a_circle_is_not_counted_through_itself() -> None:
    frame = held(("P", "A", 20.0), ("A", "B", 80.0), ("B", "A", 80.0), ("Q", "B", 20.0))
    found = shares(frame, "B")
    assert found["A"] == 80.0
    assert found["P"] == pytest.approx(100 * 0.2 * 0.8 / (1 - 0.64))
    assert found["P"] + found["Q"] == pytest.approx(100.0)


def test_unknown_and_past_stakes() -> None:
    frame = holding_frame(
        [
            {"owner": "P", "owned": "A", "share_min": None, "share_max": None},
            {"owner": "P", "owned": "B", "share_min": 90.0, "share_max": 90.0, "until": date(2023, 1, 1)},
            {"owner": "A", "owned": "B", "share_min": 25.0, "share_max": 50.0},
        ]
    )
    found = integrated(frame, "B", DAY).to_dict("split")["data"]
    assert found == [["A", 25.0, 50.0], ["P", 0.0, 50.0]]


MATRIX = st.lists(st.lists(st.floats(0, 0.24), min_size=4, max_size=4), min_size=6, max_size=6)


@settings(max_examples=60, deadline=None)
@given(MATRIX)
def test_outside_owners_have_what_the_inverse_says(rows: list[list[float]]) -> None:
    """Two outsiders own four firms that own one another: A (I − F)⁻¹ is the published form."""
    matrix = np.round(np.array(rows), 6)
    expected = matrix[4:] @ np.linalg.inv(np.eye(4) - matrix[:4])
    names = ["F0", "F1", "F2", "F3", "P0", "P1"]
    frame = held(
        *((names[i], f"F{j}", float(matrix[i, j] * 100)) for i in range(6) for j in range(4) if matrix[i, j])
    )
    for j in range(4):
        found = shares(frame, f"F{j}")
        for i in range(2):
            assert found.get(f"P{i}", 0.0) == pytest.approx(100 * expected[i, j], abs=1e-4)

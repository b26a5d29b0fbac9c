"""Shares that do not reach a bound, stakes that others tell, and control of sorts that do not count."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from diversion.parties.control import holds, over_time
from diversion.parties.layout import Layout, holdings_of
from diversion.parties.shares import OPEN, with_control
from diversion.parties.stakes import stakes_of
from diversion.policy.model import FIRST_DAY, LAST_DAY
from diversion.policy.policy import load
from diversion.schema import conform
from tests.parties.worlds import holding_frame, table

DAY = date(2025, 10, 1)


def verdict(rule: str, *rows: dict[str, Any]) -> str:
    """Whether what A holds in B restricts B by the rule."""
    return judged(rule, holding_frame([{"owner": "A", "owned": "B", **row} for row in rows]))


def judged(rule: str, frame: pd.DataFrame) -> str:
    given = load().rule(rule)
    assert given is not None
    period = given.on(DAY)
    assert period is not None
    parties = np.array(["A", "B"], dtype=object)
    holdings = holdings_of(frame, parties, control=period.control, by=given.control_by)
    seeds = {0: ((FIRST_DAY, LAST_DAY),)}
    for word, upper in (("yes", False), ("undetermined", True)):
        if holds(
            over_time(stakes_of(holdings, count_votes=period.control), seeds, period, upper=upper).get(1, ()),
            20_362,
        ):
            return word
    return "no"


LOW = {"share_min": 25.0, "share_max": 50.0, "above_min": True, "below_max": False}
MIDDLE = {"share_min": 50.0, "share_max": 75.0, "above_min": True, "below_max": True}


@pytest.mark.parametrize(
    ("rule", "band", "expected"),
    [
        ("uk-ownership-control", MIDDLE, "yes"),  # more than 50
        ("ofac-50", LOW, "undetermined"),  # 50 itself is in the band
        ("uk-ownership-control", LOW, "no"),  # not more than 50
        ("ofac-50", MIDDLE, "yes"),
        ("ofac-50", {**LOW, "below_max": True}, "no"),
        ("uk-ownership-control", {**MIDDLE, "above_min": False}, "undetermined"),
    ],
)
def test_bands_of_a_register(rule: str, band: dict[str, Any], expected: str) -> None:
    assert verdict(rule, band) == expected


def test_an_open_bound_survives_the_tolerance_of_sums() -> None:
    from diversion.parties.control import SLACK
    from diversion.parties.stakes import UNIT

    assert OPEN > 50 * SLACK * UNIT
    assert OPEN < 1e-3


def test_a_stake_that_others_tell_does_not_count() -> None:
    exact = {"share_min": 60.0, "share_max": 60.0}
    assert verdict("ofac-50", exact) == "yes"
    assert verdict("ofac-50", {**exact, "told_by": ["r1", "r2"]}) == "no"
    assert verdict("ofac-50", {**exact, "told_by": []}) == "yes"


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("stated control", "yes"),
        ("board majority", "yes"),
        ("significant influence or control", "yes"),
        ("right to appoint the board", "yes"),
        ("direct accounting consolidation", "no"),
        ("ultimate accounting consolidation", "no"),
        ("fund management", "no"),
        ("board member", "no"),
        ("trustee", "no"),
    ],
)
def test_sorts_of_control(by: str, expected: str) -> None:
    stated = table("CONTROLS", [{"controller": "A", "controlled": "B", "id": "c", "by": by, "source": "s"}])
    frame = with_control(holding_frame([]), conform("CONTROLS", stated).to_pandas(date_as_object=True))
    assert judged("uk-ownership-control", frame) == expected
    assert judged("ofac-50", frame) == "no"


NATURES = ["", "as trust", "as firm", "as nominee for a client", "held jointly", "under a joint arrangement"]


@pytest.mark.parametrize("rule", [rule.name for rule in load().ownership])
@pytest.mark.parametrize("nature", NATURES)
def test_a_larger_stake_never_lifts_a_restriction_in_any_capacity(rule: str, nature: str) -> None:
    shares = [0.0, 10.0, 25.0, 49.9, 50.0, 50.1, 75.0, 100.0]
    found = [natured(rule, share, nature) for share in shares]
    assert found == sorted(found)


def natured(rule: str, share: float, nature: str) -> int:
    given = load().rule(rule)
    assert given is not None
    period = given.periods[-1]
    frame = holding_frame(
        [
            {"owner": "A", "owned": "B", "share_min": share, "share_max": share, "reason": nature},
            {"owner": "C", "owned": "B", "share_min": 10.0, "share_max": 20.0},
        ]
    )
    parties = np.array(["A", "B", "C"], dtype=object)
    layout = Layout(frame, parties)
    holdings = layout.holdings(control=period.control, by=given.control_by, natures=given.natures)
    stakes = stakes_of(holdings, count_votes=period.control)
    seeds = {0: ((FIRST_DAY, LAST_DAY),), 2: ((FIRST_DAY, LAST_DAY),)}
    return sum(1 in over_time(stakes, seeds, period, upper=upper) for upper in (False, True))


def test_what_is_no_capacity_is_left_alone() -> None:
    """Words that only resemble those of a trust, a nominee or a joint holding."""
    rule = load().rule("ofac-50")
    assert rule is not None
    for text in ("trusted partner", "joint stock company", "nomination committee", "Trust Bank plc", ""):
        assert rule.nature(text) is None, text

"""Indirect stakes count where the records that should tell them link by link do not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from diversion.parties.shares import with_control
from diversion.parties.told import chains
from diversion.schema import conform
from tests.parties.worlds import table

SUM = {"owner": "A", "owned": "C", "record": "sum", "told_by": ["one", "B", "two"]}
ONE = {"owner": "A", "owned": "B", "record": "one"}
TWO = {"owner": "B", "owned": "C", "record": "two"}
CUT = date(2020, 1, 1)


def counted(*rows: dict[str, Any], control: tuple[dict[str, Any], ...] = ()) -> list[tuple[Any, Any]]:
    """The days on which the sum itself counts."""
    common = {"source": "s", "kind": "shares", "share_min": 60.0}
    full = [{**common, "id": str(at), **row} for at, row in enumerate(rows)]
    owns = conform("OWNS", table("OWNS", full)).to_pandas(date_as_object=True)
    ruled = [{"source": "s", "by": "stated control", "id": str(at), **row} for at, row in enumerate(control)]
    controls = conform("CONTROLS", table("CONTROLS", ruled)).to_pandas(date_as_object=True)
    frame = chains(with_control(owns, controls))
    mine = frame[(frame["record"] == "sum") & ~(frame["told_by"].str.len() > 0).to_numpy(dtype=bool)]
    return [(row["from"], row["until"]) for _, row in mine.iterrows()]


ALWAYS = [(None, None)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([SUM, ONE, TWO], []),
        ([SUM, ONE], ALWAYS),
        ([SUM, TWO], ALWAYS),
        ([SUM], ALWAYS),
        ([SUM, ONE, {**TWO, "owned": "D"}], ALWAYS),  # all are there, and do not lead to C
        ([{**SUM, "told_by": ["B"]}, ONE, TWO], ALWAYS),  # no link is named
        ([{**SUM, "told_by": []}, ONE, TWO], ALWAYS),
        ([{**SUM, "told_by": ["sum"]}], ALWAYS),
        ([SUM, ONE, {**TWO, "until": CUT}], [(CUT, None)]),
        ([SUM, {**ONE, "from": CUT}, TWO], [(None, CUT)]),
        ([SUM, ONE, {**TWO, "until": CUT}, {**TWO, "from": CUT, "share_min": 20.0}], []),
    ],
)
def test_a_chain_tells_a_stake_only_while_it_is_whole(rows: list[dict[str, Any]], expected: object) -> None:
    assert counted(*rows) == expected


def test_a_link_may_be_control() -> None:
    link = {"controller": "B", "controlled": "C", "record": "two"}
    assert counted(SUM, ONE, control=(link,)) == []


def test_the_other_stakes_are_left_as_they_are() -> None:
    frame = pd.DataFrame({"owner": ["A"], "told_by": [["x"]]})
    assert chains(frame) is frame

"""Holdings as intervals of shares over intervals of days, as columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

OPEN = 1e-6
"""How far, in per cent, a share keeps from a bound that it does not reach.

Small beside any share that is stated, and a thousand times the tolerance to which sums are compared
(`control.SLACK`), so that no rule overlooks it.
"""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Holdings:
    """Statements about stakes, as columns.

    `owner` and `owned` number the `parties`; shares are in per cent, an unknown one is [0, 100]; days since
    1970-01-01, `[begin, end)`; `votes` marks a stake in votes alone; `row` is the place in the frame.
    """

    parties: npt.NDArray[np.object_]
    owner: Ints
    owned: Ints
    low: Floats
    high: Floats
    begin: Ints
    end: Ints
    votes: npt.NDArray[np.bool_]
    row: Ints

    def __len__(self) -> int:
        return len(self.owner)


def day_numbers(days: pd.Series, otherwise: int) -> Ints:
    """A column of dates as days since 1970-01-01; `otherwise` where it is empty."""
    stated = pa.array(days, type=pa.date32(), from_pandas=True).cast(pa.int32())
    return np.asarray(stated.fill_null(otherwise), dtype=np.int64)


def with_control(holdings: pd.DataFrame, controls: pd.DataFrame) -> pd.DataFrame:
    """`holdings` and, behind them, statements of control (controller, controlled, by, from, until, source).

    They have the kind `control` and no share: regimes that count control read them as all of the votes, if
    it is control of a sort that they count (`by`).
    """
    stated = controls.rename(columns={"controller": "owner", "controlled": "owned"})
    stated = stated.assign(share_min=None, share_max=None, kind="control")
    names = [*holdings.columns, "by"]
    kept = stated[[name for name in names if name in stated.columns]]
    return pd.concat([holdings, kept], ignore_index=True) if len(kept) else holdings


class Statement(NamedTuple):
    """One statement, for work on single companies; `place` is its place in the columns."""

    owner: int
    owned: int
    low: float
    high: float
    begin: int
    end: int
    votes: bool
    place: int


def statements(holdings: Holdings, places: Ints) -> dict[int, list[Statement]]:
    """The statements at these places, by the company that they are about."""
    columns = (
        holdings.owner[places].tolist(),
        holdings.owned[places].tolist(),
        holdings.low[places].tolist(),
        holdings.high[places].tolist(),
        holdings.begin[places].tolist(),
        holdings.end[places].tolist(),
        holdings.votes[places].tolist(),
        places.tolist(),
    )
    found: dict[int, list[Statement]] = {}
    for statement in map(Statement._make, zip(*columns, strict=True)):
        found.setdefault(statement.owned, []).append(statement)
    return found


def stake(mine: Iterable[Statement], count_votes: bool) -> tuple[float, float]:
    """One owner's stake in one company from all its statements of a day: at least, at most.

    Several statements about one pair may tell of one holding or of several: the stake is at least the
    largest of them and at most their sum. Where votes do not count, a stake in votes alone leaves the share
    open.

    >>> two = [Statement(0, 1, 30, 30, 0, 9, False, 0), Statement(0, 1, 25, 30, 0, 9, False, 1)]
    >>> stake(two, count_votes=False)
    (30, 60)
    """
    shares = [s for s in mine if not s.votes]
    votes = [s for s in mine if s.votes]
    least = max((s.low for s in shares), default=0.0)
    most = sum(s.high for s in shares)
    if count_votes and votes:
        least = max(least, *(s.low for s in votes))
        most = max(most, sum(s.high for s in votes))
    elif not shares:
        most = 100.0
    return least, min(most, 100.0)

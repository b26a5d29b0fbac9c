"""Days without a gap, over rows that each tell a part of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def unbroken(rows: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The whole run of days in which each row stands: rows of one key that touch or overlap are one run.

    Columns `from` and `until` (exclusive) under the index of `rows`. n log n in the rows.

    >>> rows = pd.DataFrame({"party": ["A", "A", "A"], "from": [1, 5, 9], "until": [5, 7, 10]})
    >>> unbroken(rows, ["party"]).values.tolist()
    [[1, 7], [1, 7], [9, 10]]
    """
    ordered = rows.sort_values([*key, "from", "until"])
    groups = ordered.groupby(list(key), sort=False)
    reached = groups["until"].cummax().groupby([ordered[name] for name in key], sort=False).shift()
    run = (~(reached >= ordered["from"])).cumsum()
    found = ordered.groupby(run, sort=False).agg(begin=("from", "min"), end=("until", "max"))
    spans = {"from": run.map(found["begin"]), "until": run.map(found["end"])}
    return pd.DataFrame(spans, index=ordered.index).reindex(rows.index)

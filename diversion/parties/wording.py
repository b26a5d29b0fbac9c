"""Holdings in words, and as findings keep them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from diversion.findings import Holding


def holding(row: Mapping[str, Any]) -> Holding:
    """A row of the holdings as findings keep it."""
    return Holding(
        owner=str(row["owner"]),
        owned=str(row["owned"]),
        share_min=_number(row["share_min"]),
        share_max=_number(row["share_max"]),
        from_day=_iso(row["from"]),
        until_day=_iso(row["until"]),
        source=str(row["source"]),
        kind=str(row["kind"]),
        by=_words(row["by"] if row["kind"] == "control" else row["reason"]),
    )


def share(row: Mapping[str, Any]) -> str:
    """A stake in words.

    >>> share({"share_min": 25.0, "share_max": 50.0, "kind": "shares"})
    '25-50 %'
    """
    low, high = _number(row["share_min"]), _number(row["share_max"])
    if row["kind"] == "control":
        return "by control"
    if low is None and high is None:
        return "an unknown share"
    votes = " of the votes" if row["kind"] == "votes" else ""
    if low == high or high is None:
        return f"{low:g} %{votes}" if low == high else f"{low:g} % or more{votes}"
    return f"{low or 0:g}-{high:g} %{votes}"


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _words(value: Any) -> str | None:
    return None if value is None or pd.isna(value) or not value else str(value)


def _iso(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)[:10]

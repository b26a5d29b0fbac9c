"""The holdings above a party: who holds it, and who holds those."""

from __future__ import annotations

from collections import deque
from datetime import date
from typing import Any

import pandas as pd

from diversion.dossier import People

Row = dict[str, Any]


def holdings_above(party: str, people: People) -> list[Row]:
    """Every holding in force on the day looked at, level by level, each once; circles end by themselves.

    A row has level (1 = held directly), owner, owner_name, owner_country, owned, share (as text), share_min,
    share_max (per cent), from, until, source and row, and restricted (by what rule, or None).
    """
    held = _in_force(people.holdings, people.as_of)
    by_owned = dict(iter(held.groupby("owned", sort=True)))
    waiting, seen, found = deque([(party, 1)]), {party}, []
    while waiting:
        owned, level = waiting.popleft()
        for _, row in by_owned.get(owned, held.iloc[:0]).iterrows():
            found.append(_told(row, level, people))
            if row["owner"] not in seen:
                seen.add(row["owner"])
                waiting.append((row["owner"], level + 1))
    return found


def integrated_above(party: str, people: People) -> list[Row]:
    """The share that each owner has in the end, largest first; see `integrated`."""
    from diversion.parties.integrated import integrated

    found = integrated(people.holdings, party, people.as_of)
    return [_in_the_end(row, people) for row in found.to_dict("records")]


def _in_the_end(row: Any, people: People) -> Row:
    owner = people.directory.parties.loc[row["owner"]]
    share = share_text(round(row["share_min"], 2), round(row["share_max"], 2))
    return {**row, "owner_name": owner["name"], "owner_country": owner["country"], "share": share}


def _in_force(holdings: pd.DataFrame, day: date) -> pd.DataFrame:
    begun = holdings["from"].isna() | (holdings["from"] <= day)
    lasting = holdings["until"].isna() | (holdings["until"] > day)
    return holdings[begun & lasting].sort_values(["owned", "owner", "id"])


def _told(row: pd.Series, level: int, people: People) -> Row:
    owner = people.directory.parties.loc[row["owner"]]
    reason = people.restrictions.why(row["owner"], people.as_of, owner["country"])
    return {
        "level": level,
        "owner": row["owner"],
        "owner_name": owner["name"],
        "owner_country": owner["country"],
        "owned": row["owned"],
        "share": share_text(row["share_min"], row["share_max"]),
        "share_min": None if pd.isna(row["share_min"]) else float(row["share_min"]),
        "share_max": None if pd.isna(row["share_max"]) else float(row["share_max"]),
        "from": _day(row["from"]),
        "until": _day(row["until"]),
        "source": row["source"],
        "row": None if pd.isna(row["row"]) else int(row["row"]),
        "restricted": reason.rule if reason else None,
    }


def _day(value: object) -> str | None:
    return value.isoformat() if isinstance(value, date) else None


def share_text(low: float | None, high: float | None) -> str:
    """A share as a person reads it.

    >>> share_text(25.0, 50.0), share_text(62.0, 62.0), share_text(None, None)
    ('25–50 %', '62 %', 'unknown')
    """
    if pd.isna(low) and pd.isna(high):
        return "unknown"
    least, most = 0.0 if pd.isna(low) else low, 100.0 if pd.isna(high) else high
    return f"{least:g} %" if least == most else f"{least:g}–{most:g} %"

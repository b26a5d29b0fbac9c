"""Who is restricted because a list names the party, or its address."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from diversion.parties.names import address_key
from diversion.parties.shares import day_numbers
from diversion.policy.model import FIRST_DAY, LAST_DAY, Programme, day_number
from diversion.policy.policy import Policy

TABLE = [
    "party",
    "rule",
    "verdict",
    "effect",
    "strength",
    "from",
    "until",
    "since",
    "reason",
    "listing",
    "confidence",
    "proof",
]
"""Columns of `Restrictions.table`."""

EPOCH = date(1970, 1, 1)


def told(day: date | None) -> str:
    """A day that no reader takes for another.

    >>> told(date(2022, 4, 8))
    '8 Apr 2022'
    """
    return "an unknown day" if day is None else f"{day.day} {day:%b %Y}"


def as_day(number: int) -> date | None:
    """The date of days since 1970-01-01; None for an open end."""
    return None if number in (FIRST_DAY, LAST_DAY) else EPOCH + timedelta(days=number)


def meanings(listings: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Effect, strength and the words for it of every entry, indexed by listing id."""
    words = listings[["authority", "programme", "effect"]].astype(object)
    words = words.where(words.notna(), None)
    found = {key: _meaning(key, policy) for key in set(words.itertuples(index=False, name=None))}
    rows = [found[key] for key in words.itertuples(index=False, name=None)]
    return pd.DataFrame(rows, columns=["effect", "strength", "label"], index=listings["id"].to_numpy())


def _meaning(key: tuple[Any, Any, Any], policy: Policy) -> tuple[str, float, str]:
    authority, programme, effect = key
    rule = policy.programme(authority, programme)
    label = " ".join(dict.fromkeys(part for part in (authority, programme) if part))
    if rule is None:
        return effect or "licence", policy.strengths[effect or "licence"], label
    if effect and effect != rule.effect:
        return effect, policy.strengths[effect], label
    return rule.effect, rule.strength, label


def listed(
    listings: pd.DataFrame, listed_as: pd.DataFrame, located: pd.DataFrame, policy: Policy
) -> pd.DataFrame:
    """Rows of the table for matched entries: rule `listed`, or `address` where the entry is only an address.

    A match at or above `match_certain` counts; one below is undetermined and keeps its confidence.
    """
    columns = [
        "id",
        "name",
        "party_id",
        "authority",
        "programme",
        "listed_on",
        "removed_on",
        "first_seen",
        "gone_on",
        "address",
        "effect",
    ]
    rows = listed_as.merge(
        listings[columns].rename(columns={"effect": "stated"}), left_on="listing", right_on="id", sort=False
    )
    rows = rows.join(meanings(listings, policy), on="listing")
    rows = _versions(rows, policy)
    rows["only_address"] = (rows["name"].isna() | (rows["name"] == "")) & rows["address"].notna()
    rows = _at_address(_dated(rows, policy), located)
    certain = (rows["score"] >= policy.thresholds["match_certain"]) & rows["sure"]
    rows["verdict"] = np.where(certain, "yes", "undetermined")
    rows["rule"] = np.where(rows["only_address"], "address", "listed")
    rows["reason"] = [_reason(row) for row in rows.to_dict("records")]
    rows["confidence"] = rows["score"].astype(float)
    rows["proof"] = [()] * len(rows)
    rows["from"] = np.maximum(rows["from"], rows["begins"])
    rows["until"] = np.minimum(rows["until"], rows["ends"])
    rows = rows[rows["from"] < rows["until"]]
    return rows[TABLE].reset_index(drop=True)


def _versions(rows: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The rows with the days for which their programme means what it means, one for each of its versions.

    Most programmes have one version without end. An entry that states its effect by itself depends on none.
    """
    rows = rows.assign(begins=FIRST_DAY, ends=LAST_DAY, ended=None)
    if all(one.from_day is None and one.until_day is None for one in policy.programmes):
        return rows
    parts = []
    for (authority, programme), part in rows.groupby(["authority", "programme"], dropna=False, sort=False):
        versions = policy.meanings(
            *(str(word) if isinstance(word, str) else None for word in (authority, programme))
        )
        own = part["stated"].notna()
        parts += [part[own]] + [_version(part[~own], one) for one in versions or ()]
        parts += [part[~own]] if not versions else []
    return pd.concat(parts, ignore_index=True) if parts else rows


def _version(part: pd.DataFrame, one: Programme) -> pd.DataFrame:
    return part.assign(
        effect=one.effect,
        strength=one.strength,
        begins=day_number(one.from_day),
        ends=day_number(one.until_day, LAST_DAY),
        ended=one.until_day,
    )


def _dated(rows: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Each entry with its days; an undated one twice, where it is sure only from a snapshot on."""
    rows = rows.copy()
    rows["from"] = day_numbers(rows["listed_on"], FIRST_DAY)
    ends = (day_numbers(rows[name], LAST_DAY) for name in ("removed_on", "gone_on"))
    rows["until"] = np.minimum(*ends)
    rows["sure"] = True
    rows["since"] = rows["listed_on"].astype(object).where(rows["listed_on"].notna(), None)
    undated = rows["listed_on"].isna()
    if policy.undated == "always" or not undated.any():
        return rows
    before = rows[undated].assign(sure=False)
    if policy.undated == "never":
        return pd.concat([rows[~undated], before], ignore_index=True)
    seen = day_numbers(before["first_seen"], LAST_DAY)
    first_seen = before["first_seen"].astype(object).where(before["first_seen"].notna(), None)
    after = before.assign(sure=True, since=first_seen)
    after["from"] = seen
    before = before.assign(until=np.minimum(before["until"], seen))
    return pd.concat([rows[~undated], before, after], ignore_index=True)


def _at_address(rows: pd.DataFrame, located: pd.DataFrame) -> pd.DataFrame:
    """Rows of address entries cut to the days on which the party is there."""
    there = rows[rows["only_address"]]
    if there.empty:
        return rows
    there = there.assign(key=[address_key(text) for text in there["address"]])
    places = located[["party", "text", "from", "until"]].assign(key=located["text"].map(address_key))
    places = places.assign(
        begin=day_numbers(places["from"], FIRST_DAY), end=day_numbers(places["until"], LAST_DAY)
    )
    cut = there.merge(places[["party", "key", "begin", "end"]], on=["party", "key"], how="left")
    cut["from"] = np.maximum(cut["from"], cut["begin"].fillna(FIRST_DAY)).astype(np.int64)
    cut["until"] = np.minimum(cut["until"], cut["end"].fillna(LAST_DAY)).astype(np.int64)
    return pd.concat([rows[~rows["only_address"]], cut], ignore_index=True)


def _reason(row: Any) -> str:
    label = row["label"] or "a restricted-party list"
    named = row["name"] if _is(row["name"]) and row["name"] else row["party_id"]
    who = f"the address {row['address']}" if row["only_address"] else str(named)
    since = f"listed since {told(row['listed_on'])}" if _is(row["listed_on"]) else _undated(row)
    text = f"{who}, {since}"
    if _is(row["removed_on"]):
        text += f" and until {told(row['removed_on'])}"
    elif _is(row["gone_on"]):
        text += f", no longer on the list of {told(row['gone_on'])}"
    if _is(row["ended"]):
        text += f", under a programme that ended on {told(row['ended'])}"
    text += f" ({label})"
    return text if row["score"] >= 1 else f"{text}; match {row['score']:.2f}: {row['why']}"


def _undated(row: Any) -> str:
    if _is(row["first_seen"]):
        return f"listed on a day that is not stated, first seen on {told(row['first_seen'])}"
    return "listed on a day that is not stated"


def _is(value: Any) -> bool:
    return value is not None and not pd.isna(value)

"""Who is restricted because restricted parties own it: one pass a rule and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.findings import Holding
from diversion.parties.control import Interval, minus, over_time, union, within
from diversion.parties.listed import TABLE, as_day, meanings
from diversion.parties.proof import Prover
from diversion.parties.shares import Holdings, holdings_of
from diversion.policy.model import FIRST_DAY, LAST_DAY, OwnershipRule, Period, day_number
from diversion.policy.policy import Policy

Seeds = dict[int, tuple[Interval, ...]]


@dataclass(frozen=True)
class Estate:
    """What the ownership rules look at: holdings, who they are about, names, listed rows."""

    frame: pd.DataFrame
    parties: npt.NDArray[np.object_]
    names: pd.Series
    listed: pd.DataFrame


def estate(holdings: pd.DataFrame, listed: pd.DataFrame, names: pd.Series) -> Estate:
    """The parties of the holdings and of the listed rows, numbered in the order of their ids."""
    everyone = pd.concat([holdings["owner"], holdings["owned"], listed["party"]]).dropna().unique()
    parties = np.array(sorted(everyone), dtype=object)
    return Estate(holdings.reset_index(drop=True), parties, names, listed)


def owned(given: Estate, listings: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Rows of the table for every ownership rule of the policy."""
    words = listings.set_index("id")[["authority", "programme"]].fillna("")
    words = words.join(meanings(listings, policy)[["label"]])
    seeds = given.listed[given.listed["rule"] == "listed"].join(words, on="listing")
    rows = [row for rule in policy.ownership for row in _rule(given, rule, seeds, policy)]
    return pd.DataFrame(rows, columns=TABLE)


def _rule(
    given: Estate, rule: OwnershipRule, listed: pd.DataFrame, policy: Policy
) -> list[dict[str, object]]:
    kind, strength = _kinds(rule, listed), policy.strengths[rule.effect]
    if not (kind > 0).any():
        return []
    control = any(period.control for period in rule.periods)
    holdings = holdings_of(given.frame, given.parties, control=control)
    certain = _spans(given.parties, listed[kind == CERTAIN])
    possible = _spans(given.parties, listed[kind > 0])
    labels = listed[kind > 0].sort_values(["party", "from", "listing"]).drop_duplicates("party")
    marks = labels.set_index("party")["label"]
    confidence = listed[kind > 0].groupby("party")["confidence"].max()
    rows = []
    for period in rule.periods:
        work = Work(given, rule, period, holdings, marks, confidence)
        rows += work.rows(_cut(certain, period), _cut(possible, period), strength)
    return rows


POSSIBLE, CERTAIN = 1, 2


def _kinds(rule: OwnershipRule, listed: pd.DataFrame) -> npt.NDArray[np.int8]:
    """For each listed row whether it seeds the rule: 0 not, 1 perhaps, 2 for certain."""
    keys = list(zip(listed["authority"], listed["programme"], listed["effect"], strict=True))
    fits = {
        key: max((2 if s.certain else 1 for s in rule.seeds if s.fits(*key)), default=0) for key in set(keys)
    }
    kind = np.array([fits[key] for key in keys], dtype=np.int8)
    return np.where(listed["verdict"] == "yes", kind, np.minimum(kind, POSSIBLE)).astype(np.int8)


def _kind(rule: OwnershipRule, key: tuple[str, str, str]) -> int:
    return max((CERTAIN if s.certain else POSSIBLE for s in rule.seeds if s.fits(*key)), default=0)


def _spans(parties: npt.NDArray[np.object_], rows: pd.DataFrame) -> Seeds:
    found: dict[int, list[Interval]] = {}
    places = pd.Index(parties).get_indexer(pd.Index(rows["party"], dtype=object))
    for place, begin, end in zip(places.tolist(), rows["from"], rows["until"], strict=True):
        found.setdefault(place, []).append((int(begin), int(end)))
    return {place: union(spans) for place, spans in sorted(found.items())}


def _cut(seeds: Seeds, period: Period) -> Seeds:
    begin, end = day_number(period.from_day), day_number(period.until_day, LAST_DAY)
    cut = {party: within(spans, begin, end) for party, spans in seeds.items()}
    return {party: spans for party, spans in cut.items() if spans}


@dataclass(frozen=True)
class Work:
    """One rule in one period."""

    given: Estate
    rule: OwnershipRule
    period: Period
    holdings: Holdings
    marks: pd.Series
    confidence: pd.Series

    def rows(self, certain: Seeds, possible: Seeds, strength: float) -> list[dict[str, object]]:
        """Rows for every company that the seeds restrict, for certain or perhaps."""
        if not possible:
            return []
        lower = over_time(self.holdings, certain, self.period, upper=False)
        upper = over_time(self.holdings, possible, self.period, upper=True)
        sure = Prover(self.holdings, certain, lower, self.period, upper=False)
        unsure = Prover(self.holdings, possible, upper, self.period, upper=True)
        verify = self.period.status == "verify"
        rows = []
        for company in sorted(upper):
            yes = minus(lower.get(company, ()), certain.get(company, ()))
            maybe = minus(upper[company], union([*lower.get(company, ()), *possible.get(company, ())]))
            rows += [self._row(company, span, sure, "undetermined" if verify else "yes") for span in yes]
            rows += [self._row(company, span, unsure, "undetermined") for span in maybe]
        return [{**row, "strength": strength} for row in rows]

    def _row(self, company: int, span: Interval, prover: Prover, verdict: str) -> dict[str, object]:
        begin, end = span
        day = begin if begin != FIRST_DAY else (end - 1 if end != LAST_DAY else 0)
        taken, ends = prover.prove(company, day)
        parties = self.given.parties
        seeds = [str(parties[end]) for end in ends]
        return {
            "party": parties[company],
            "rule": self.rule.name,
            "verdict": verdict,
            "effect": self.rule.effect,
            "from": begin,
            "until": end,
            "since": as_day(begin),
            "reason": self._reason(company, taken, seeds, verdict),
            "listing": None,
            "confidence": min((float(self.confidence.get(seed, 1.0)) for seed in seeds), default=1.0),
            "proof": tuple(self._holding(statement) for statement in taken),
        }

    def _reason(self, company: int, taken: list[int], seeds: Sequence[str], verdict: str) -> str:
        """Direct stakes in the company, whom they lead up to, and why the answer is open where it is."""
        frame, holdings = self.given.frame, self.holdings
        direct = [s for s in taken if holdings.owned[s] == company]
        parts = [
            f"{self._name(str(holdings.parties[holdings.owner[s]]))} {share(frame.iloc[holdings.row[s]])}"
            for s in direct
        ]
        above = ", ".join(f"{self._name(seed)} ({self.marks.get(seed, 'listed')})" for seed in seeds)
        word = "more than" if self.period.strict else "at least"
        text = f"{self.rule.title}: held by {' and '.join(parts)}; restricted above it: {above}"
        text += f"; {word} {self.period.threshold:g} %"
        text += " in the aggregate" if self.period.aggregate else " by one owner"
        if verdict == "yes":
            return text
        if self.period.status == "verify":
            return f"{text}; whether the rule is in force must be verified ({self.period.source})"
        return f"{text}; the stated shares, or the listing, leave it open"

    def _name(self, party: str) -> str:
        name = self.given.names.get(party)
        return str(name) if name else party

    def _holding(self, statement: int) -> Holding:
        row = self.given.frame.iloc[self.holdings.row[statement]]
        return Holding(
            owner=str(row["owner"]),
            owned=str(row["owned"]),
            share_min=_number(row["share_min"]),
            share_max=_number(row["share_max"]),
            from_day=_iso(row["from"]),
            until_day=_iso(row["until"]),
            source=str(row["source"]),
        )


def share(row: pd.Series) -> str:
    """A stake in words.

    >>> share(pd.Series({"share_min": 25.0, "share_max": 50.0, "kind": "shares"}))
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


def _iso(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)[:10]

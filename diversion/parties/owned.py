"""Who is restricted because restricted parties own it: one pass a rule and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties.control import Interval, holds, minus, over_time, union, within
from diversion.parties.deciding import DATED, IDENTIFIED, IN_FORCE, asks
from diversion.parties.layout import Layout, in_order
from diversion.parties.listed import TABLE, as_day, meanings
from diversion.parties.proof import Prover
from diversion.parties.shares import Holdings, Statement
from diversion.parties.stakes import Stakes, stakes_of
from diversion.parties.unbroken import unbroken
from diversion.parties.wording import holding, share
from diversion.policy.model import LAST_DAY, OwnershipRule, Period, day_number
from diversion.policy.policy import Policy

Seeds = dict[int, tuple[Interval, ...]]


@dataclass(frozen=True)
class Estate:
    """What the ownership rules look at: holdings laid out, names of parties, listed rows.

    From `confirmed` on, a match counts as the listed party itself.
    """

    layout: Layout
    names: pd.Series
    listed: pd.DataFrame
    confirmed: float

    @property
    def parties(self) -> npt.NDArray[np.object_]:
        """The parties of the holdings and of the listed rows, in the order of their ids."""
        return self.layout.parties


def estate(holdings: pd.DataFrame, listed: pd.DataFrame, names: pd.Series, confirmed: float) -> Estate:
    """The holdings laid out, with everybody numbered who holds, is held or is listed."""
    parties = in_order(holdings["owner"], holdings["owned"], listed["party"])
    return Estate(Layout(holdings.reset_index(drop=True), parties), names, listed, confirmed)


def owned(given: Estate, listings: pd.DataFrame, policy: Policy) -> tuple[pd.DataFrame, tuple[Work, ...]]:
    """Rows of the table for every ownership rule of the policy, and the works that prove them."""
    made = works(given, listings, policy)
    rows = [row for work in made for row in work.rows(policy.strengths[work.rule.effect])]
    return _whole(pd.DataFrame(rows, columns=TABLE)), made


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for days on which a rule says the same without a gap, whatever period of it says so.

    What proves it is told for a day, by the period of that day.
    """
    if rows.empty:
        return rows
    key = ["party", "rule", "verdict"]
    rows = rows.assign(**unbroken(rows, key)).drop_duplicates([*key, "from"], ignore_index=True)
    since = pd.Series([as_day(begin) for begin in rows["from"].tolist()], dtype=object)
    return rows.assign(since=since)


def works(given: Estate, listings: pd.DataFrame, policy: Policy) -> tuple[Work, ...]:
    """One work for each period of each ownership rule that a listed party may seed; nothing is computed."""
    words = listings.set_index("id")[["authority", "programme"]].fillna("")
    words["programme"] = [
        "; ".join([programme, *regimes]) if isinstance(regimes, (list, np.ndarray)) else programme
        for programme, regimes in zip(words["programme"], listings["regimes"], strict=True)
    ]
    words = words.join(meanings(listings, policy)[["label"]])
    seeds = given.listed[given.listed["rule"] == "listed"].join(words, on="listing")
    return tuple(work for rule in policy.ownership for work in _works(given, rule, seeds))


def _works(given: Estate, rule: OwnershipRule, listed: pd.DataFrame) -> list[Work]:
    kind = _kinds(rule, listed)
    if not (kind > 0).any():
        return []
    certain = _spans(given.parties, listed[kind == CERTAIN])
    possible = _spans(given.parties, listed[kind > 0])
    ordered = listed[kind > 0].sort_values(["party", "from", "listing"])
    about = ordered.groupby("party").agg(label=("label", "first"), confidence=("confidence", "max"))
    cut = [(period, _cut(certain, period), _cut(possible, period)) for period in rule.periods]
    return [Work(given, rule, period, about, sure, maybe) for period, sure, maybe in cut if maybe]


POSSIBLE, CERTAIN = 1, 2


def _kinds(rule: OwnershipRule, listed: pd.DataFrame) -> npt.NDArray[np.int8]:
    """For each listed row whether it seeds the rule: 0 not, 1 perhaps, 2 for certain."""
    keys = list(zip(listed["authority"], listed["programme"], listed["effect"], strict=True))
    fits = {
        key: max((CERTAIN if s.certain else POSSIBLE for s in rule.seeds if s.fits(*key)), default=0)
        for key in set(keys)
    }
    kind = np.array([fits[key] for key in keys], dtype=np.int8)
    return np.where(listed["verdict"] == "yes", kind, np.minimum(kind, POSSIBLE)).astype(np.int8)


def _spans(parties: npt.NDArray[np.object_], rows: pd.DataFrame) -> Seeds:
    found: dict[int, list[Interval]] = {}
    places = np.searchsorted(parties, rows["party"].to_numpy(dtype=object))
    for place, begin, end in zip(places.tolist(), rows["from"], rows["until"], strict=True):
        found.setdefault(place, []).append((int(begin), int(end)))
    return {place: union(spans) for place, spans in sorted(found.items())}


def _cut(seeds: Seeds, period: Period) -> Seeds:
    begin, end = day_number(period.from_day), day_number(period.until_day, LAST_DAY)
    cut = {party: within(spans, begin, end) for party, spans in seeds.items()}
    return {party: spans for party, spans in cut.items() if spans}


@dataclass(frozen=True)
class Work:
    """One rule in one period, with the seeds that are certain and those that are possible."""

    given: Estate
    rule: OwnershipRule
    period: Period
    seeds: pd.DataFrame
    certain: Seeds
    possible: Seeds

    @cached_property
    def holdings(self) -> Holdings:
        """The statements that count in the period."""
        rule = self.rule
        return self.given.layout.holdings(
            control=self.period.control, by=rule.control_by, natures=rule.natures
        )

    @cached_property
    def stakes(self) -> Stakes:
        """What each owner holds in each company, day by day."""
        return stakes_of(self.holdings, count_votes=self.period.control)

    @cached_property
    def _lower(self) -> dict[int, tuple[Interval, ...]]:
        return over_time(self.stakes, self.certain, self.period, upper=False)

    @cached_property
    def _upper(self) -> dict[int, tuple[Interval, ...]]:
        return over_time(self.stakes, self.possible, self.period, upper=True)

    @cached_property
    def _sure(self) -> Prover:
        return Prover(self.holdings, self.certain, self._lower, self.period, upper=False)

    @cached_property
    def _unsure(self) -> Prover:
        return Prover(self.holdings, self.possible, self._upper, self.period, upper=True)

    @cached_property
    def _columns(self) -> dict[str, npt.NDArray[np.object_]]:
        names = [
            "owner",
            "owned",
            "share_min",
            "share_max",
            "kind",
            "from",
            "until",
            "source",
            "by",
            "reason",
        ]
        frame = self.given.layout.frame.reindex(columns=names)
        return {name: frame[name].to_numpy(dtype=object) for name in names}

    @cached_property
    def _marks(self) -> dict[str, tuple[str, float]]:
        rows = zip(self.seeds.index, self.seeds["label"], self.seeds["confidence"], strict=True)
        return {str(party): (str(label), float(confidence)) for party, label, confidence in rows}

    def rows(self, strength: float) -> list[dict[str, object]]:
        """Rows for every company that the seeds restrict, for certain or perhaps; `again` proves one."""
        rows = []
        for company in sorted(self._upper):
            lower, seeds = self._lower.get(company, ()), self.possible.get(company, ())
            yes = minus(lower, self.certain.get(company, ()))
            maybe = minus(self._upper[company], union([*lower, *seeds]))
            rows += [self._row(company, span, True) for span in yes]
            rows += [self._row(company, span, False) for span in maybe]
        return [{**row, "strength": strength} for row in rows]

    def _row(self, company: int, span: Interval, sure: bool) -> dict[str, object]:
        begin, end = span
        return {
            "party": self.given.parties[company],
            "rule": self.rule.name,
            "verdict": "yes" if sure and self.period.status != "verify" else "undetermined",
            "effect": self.rule.effect,
            "from": begin,
            "until": end,
            "since": None,
            "reason": "",
            "listing": None,
            "confidence": 1.0,
            "proof": (),
        }

    def on_day(self, day: int) -> npt.NDArray[np.int8]:
        """Of every party of the estate whether it is owned: 0 no, `POSSIBLE` or `CERTAIN`; seeds are not."""
        found = np.zeros(len(self.given.parties), np.int8)
        for held, seeds, word in (
            (self._upper, self.possible, POSSIBLE),
            (self._lower, self.certain, CERTAIN if self.period.status != "verify" else POSSIBLE),
        ):
            there = [p for p, spans in held.items() if holds(spans, day) and not holds(seeds.get(p, ()), day)]
            found[there] = word
        return found

    def covers(self, day: int) -> bool:
        """Whether the period holds on that day."""
        end = day_number(self.period.until_day, LAST_DAY)
        return day_number(self.period.from_day) <= day < end

    def again(self, party: str, day: int) -> dict[str, object] | None:
        """Reason, confidence and proof of that very day: owners may change within the days of a row.

        None where the rule does not restrict the party that day. The first call takes a pass over the
        holdings.
        """
        place = int(np.searchsorted(self.given.parties, party))
        if place >= len(self.given.parties) or self.given.parties[place] != party:
            return None
        if self._sure.holds(place, day):
            return self._proved(place, day, True)
        return self._proved(place, day, False) if self._unsure.holds(place, day) else None

    def _proved(self, company: int, day: int, sure: bool) -> dict[str, object]:
        taken, ends, smallest = (self._sure if sure else self._unsure).prove(company, day)
        seeds = [str(self.given.parties[end]) for end in ends]
        rows = [self._record(statement) for statement in taken]
        direct = [row for row in rows if row["owned"] == self.given.parties[company]]
        doubtful = [seed for seed, end in zip(seeds, ends, strict=True) if end not in self.certain]
        confidence = [self._marks[seed][1] for seed in seeds if seed in self._marks]
        return {
            "reason": self._reason(direct, seeds, "" if sure else self._open(doubtful)),
            "confidence": min(confidence, default=1.0),
            "proof": tuple(holding(row) for row in rows),
            "smallest": smallest,
            "asks": (IN_FORCE,) if sure else self._asks(taken, doubtful),
        }

    def _asks(self, taken: Sequence[Statement], doubtful: Sequence[str]) -> tuple[str, ...]:
        """What records would decide an open verdict."""
        rows = [(statement, self._record(statement)) for statement in taken]
        asked = asks(rows, self.rule, self.period, self._called)
        confirmed = [self._marks.get(seed, ("", 0.0))[1] >= self.given.confirmed for seed in doubtful]
        for seed, sure in zip(doubtful, confirmed, strict=True):
            asked.append((DATED if sure else IDENTIFIED).format(self._called(seed)))
        asked += [IN_FORCE] if self.period.status == "verify" else []
        return tuple(dict.fromkeys(asked))

    def _called(self, party: str) -> str:
        """A party by name and id."""
        name = self._name(party)
        return name if name == party else f"{name} ({party})"

    def _record(self, statement: Statement) -> dict[str, Any]:
        row = self.holdings.row[statement.place]
        return {name: values[row] for name, values in self._columns.items()}

    def _open(self, doubtful: Sequence[str]) -> str:
        """Why a verdict is undetermined."""
        if not doubtful:
            return "the stated shares, or the days of the listing, leave it open"
        names = " and ".join(self._name(seed) for seed in doubtful)
        if all(self._marks.get(seed, ("", 0.0))[1] >= self.given.confirmed for seed in doubtful):
            return f"whether the day or the programme of the listing of {names} counts here is open"
        return f"that {names} is the listed party is not confirmed"

    def _reason(self, direct: Sequence[dict[str, Any]], seeds: Sequence[str], still_open: str) -> str:
        """Direct stakes in the company, whom they lead up to, and why the answer is open where it is."""
        parts = [f"{self._name(row['owner'])} {share(row)}" for row in direct]
        above = ", ".join(f"{self._name(s)} ({self._marks.get(s, ('listed', 1))[0]})" for s in seeds)
        word = "more than" if self.period.strict else "at least"
        text = f"{self.rule.title}: held by {' and '.join(parts)}; restricted above it: {above}"
        text += f"; {word} {self.period.threshold:g} %"
        text += " in the aggregate" if self.period.aggregate else " by one owner"
        if still_open:
            return f"{text}; {still_open}"
        if self.period.status == "verify":
            return f"{text}; whether the rule is in force must be verified ({self.period.source})"
        return text

    def _name(self, party: str) -> str:
        name = self.given.names.get(party)
        return str(name) if name else party

"""Who is restricted, on which days, by which rule, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.findings import Restricted
from diversion.parties.control import Interval, union
from diversion.parties.listed import TABLE, as_day, listed
from diversion.parties.owned import Work, estate, owned
from diversion.parties.resolve import Directory
from diversion.policy.model import FIRST_DAY, LAST_DAY, day_number
from diversion.policy.policy import Policy

Flags = npt.NDArray[np.bool_]
Asked = Literal["yes", "undetermined"]
Places = tuple[npt.NDArray[np.int32], npt.NDArray[np.object_]]
"""A place in the second for each question, −1 where unknown."""
DESTINATIONS = ["country", "goods", "verdict", "effect", "strength", "from", "until", "source", "name"]


def restrict(
    directory: Directory,
    holdings: pd.DataFrame,
    located: pd.DataFrame,
    listings: pd.DataFrame,
    listed_as: pd.DataFrame,
    policy: Policy,
) -> Restrictions:
    """All dated reasons for which a party of the directory is restricted.

    `holdings` (statements of control among them, see `shares.with_control`) and `located` hold resolved ids,
    `listed_as` (party, listing, score, why) is what `match_listings` found. Linear in the matches and in the
    holdings below a listed party; a million holdings that no list reaches cost a second.
    """
    direct = listed(listings, listed_as, located, policy)
    names = directory.parties["name"]
    given = estate(holdings, direct, names, policy.thresholds["match_certain"])
    below, works = owned(given, listings, policy)
    table = pd.concat([direct, below], ignore_index=True) if len(below) else direct
    table = table.sort_values(["party", "rule", "from", "until", "listing", "reason"], ignore_index=True)
    table["strength"] = table["strength"].astype(float)
    table["confidence"] = table["confidence"].astype(float)
    table[["from", "until"]] = table[["from", "until"]].astype(np.int64)
    return Restrictions(table[TABLE], _destinations(policy), directory.parties, policy, works)


def _destinations(policy: Policy) -> pd.DataFrame:
    rows = [
        {
            "country": rule.country,
            "goods": rule.goods,
            "verdict": "undetermined" if rule.status == "verify" else "yes",
            "effect": rule.effect,
            "strength": policy.strengths[rule.effect],
            "from": day_number(rule.from_day),
            "until": day_number(rule.until_day, LAST_DAY),
            "source": rule.source,
            "name": rule.name,
        }
        for rule in policy.embargoes
        if (codes := policy.codes(rule.goods)) is None or codes & policy.looked_for
    ]
    frame = pd.DataFrame(rows, columns=DESTINATIONS)
    return frame.sort_values(["country", "from", "name"], ignore_index=True)


@dataclass(frozen=True)
class Cargo:
    """What goes to a party, and where, one entry a question: what an embargo of some goods depends on.

    `items` index `hs6`. `country` is where the record says that the goods went, None where it says nothing;
    without it, or where it says nothing, the party's own country counts. By law the goods that left the
    origin decide, whatever they are called later. A transfer knows its own code alone, so with `relabel` it
    counts as embargoed where its four-digit heading holds a code of the embargo that is looked for: goods
    that a route can have relabelled. That is an upper bound. Without `relabel` the code itself must be meant.
    `disguised`, so may be goods of every heading of which nothing is looked for.
    """

    items: npt.NDArray[np.int32]
    hs6: npt.NDArray[np.object_]
    relabel: bool = False
    country: npt.NDArray[np.object_] | None = None
    disguised: bool = False

    def of(self, goods: str, policy: Policy) -> Flags:
        """Which entries are goods of that list of the policy, or may have been."""
        codes = policy.codes(goods)
        if codes is None:
            return np.ones(len(self.items), bool)
        headings = {code[:4] for code in codes & policy.looked_for} if self.relabel else set()
        told = {code[:4] for code in policy.looked_for} if self.disguised else None
        meant = [
            code in codes or code[:4] in headings or (told is not None and code[:4] not in told)
            for code in map(str, self.hs6)
        ]
        found: Flags = np.array(meant, bool)[self.items]
        return found


@dataclass(frozen=True)
class Restrictions:
    """Dated reasons for which parties are restricted.

    `table` has one row a reason: party, rule, verdict (yes or undetermined), effect, strength, from and until
    (days since 1970-01-01), since (a date or None), reason, listing, confidence and proof (Holdings). Why a
    party is restricted as owned may change from day to day: `of_day` tells and proves such a row. A row
    with an effect outside the policy's `ends` (a statement, sectoral) is a fact that scores, and never makes
    the party an end. `destinations` are the embargoes of the policy, by country, for the goods looked for,
    `told` the verdicts on them that were asked for.
    """

    table: pd.DataFrame
    destinations: pd.DataFrame
    parties: pd.DataFrame
    policy: Policy
    works: tuple[Work, ...] = field(default=(), repr=False, compare=False)
    _lookups: dict[tuple[str, str], Lookup] = field(default_factory=dict, repr=False, compare=False)

    told: dict[tuple[str | None, date], dict[str, Any]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def on(
        self,
        party_ids: npt.NDArray[np.object_],
        parties: npt.NDArray[np.int32],
        days: npt.NDArray[np.int32],
        verdict: Asked = "yes",
        cargo: Cargo | None = None,
    ) -> Flags:
        """Whether each party (a place in `party_ids`) is restricted on each day, its destination included.

        `undetermined` means that nothing restricts it for certain that day. With `cargo` a destination counts
        only for goods of its embargo, and where the record says they went; without, for any goods, in the
        party's own country. A binary search a day for the parties, and one for each list of embargoed goods.
        """
        where = self._places(party_ids, parties, cargo)
        yes = self._meet("yes", party_ids, parties, days) | self._embargoed("yes", where, days, cargo)
        if verdict == "yes":
            return yes
        unsure = self._meet(verdict, party_ids, parties, days)
        return (unsure | self._embargoed(verdict, where, days, cargo)) & ~yes

    def _places(self, party_ids: Any, parties: Any, cargo: Cargo | None) -> Places:
        own = self.parties["country"].reindex(pd.Index(party_ids, dtype=object))
        codes, names = pd.factorize(own)
        place = codes.astype(np.int32)[parties] if len(codes) else np.empty(0, np.int32)
        if cargo is None or cargo.country is None:
            return place, names.to_numpy(dtype=object)
        said, stated = pd.factorize(cargo.country)
        return np.where(said < 0, place, said + len(names)), np.append(names, stated)

    def _embargoed(self, verdict: str, where: Places, days: Any, cargo: Cargo | None) -> Flags:
        found = np.zeros(len(where[0]), bool)
        for goods in self.destinations["goods"].unique():
            met = self._lookup(verdict, goods).meet(where[1], where[0], days)
            found |= met if cargo is None else met & cargo.of(goods, self.policy)
        return found

    def _meet(self, verdict: str, party_ids: Any, parties: Any, days: Any) -> Flags:
        return self._lookup(verdict, "").meet(party_ids, parties, days)

    def _lookup(self, verdict: str, goods: str) -> Lookup:
        """Days with that verdict and an effect that ends a route: of parties, or of countries for goods."""
        if (verdict, goods) not in self._lookups:
            rows = self.destinations[self.destinations["goods"] == goods] if goods else self.table
            rows = rows[(rows["verdict"] == verdict) & rows["effect"].isin(self.policy.ends)]
            spans: dict[str, list[Interval]] = {}
            for key, begin, end in zip(
                rows["country" if goods else "party"], rows["from"], rows["until"], strict=True
            ):
                spans.setdefault(key, []).append((int(begin), int(end)))
            self._lookups[verdict, goods] = Lookup({key: union(found) for key, found in spans.items()})
        return self._lookups[verdict, goods]

    def why(self, party_id: str, day: int | date, country: str | None = None) -> Restricted | None:
        """The strongest reason for which the party is restricted on that day, else an undetermined one.

        None where no reason that ends a route is at hand. `country` is where the goods went; without it,
        the party's own.
        """
        number = day_number(day) if isinstance(day, date) else int(day)
        rows = self.rows(party_id, number)
        rows = rows[rows["effect"].isin(self.policy.ends)]
        # A reason about the party itself tells more than one about its country.
        if not (rows["verdict"] == "yes").any():
            embargo = _under_embargo(party_id, self.embargoes(country or self._country(party_id), number))
            if embargo is not None and (rows.empty or embargo.verdict == "yes"):
                return embargo
        if rows.empty:
            return None
        told = [self.of_day(row, number) for row in rows.to_dict("records")]
        return _restricted(min(told, key=_weaker))

    def of_day(self, row: dict[Any, Any], day: int) -> dict[Any, Any]:
        """A row of the table with the reason and the proof of that very day."""
        for work in self.works:
            if work.rule.name == row["rule"] and work.covers(day):
                return {**row, **(work.again(row["party"], day) or {})}
        return row

    def rows(self, party_id: str, day: int) -> pd.DataFrame:
        """Rows of the table that hold for the party on that day."""
        rows = self.all_rows(party_id)
        return rows[(rows["from"] <= day) & (day < rows["until"])]

    def all_rows(self, party_id: str) -> pd.DataFrame:
        """Rows of the table for the party, whatever the day."""
        place = self._by_party.get(party_id)
        return self.table.iloc[[] if place is None else place]

    def of(self, party_ids: Iterable[str]) -> pd.DataFrame:
        """Rows of the table for some parties."""
        found = [self._by_party[one] for one in party_ids if one in self._by_party]
        return self.table.iloc[np.sort(np.concatenate([*found, np.zeros(0, np.int64)]))]

    def records(self, party_id: str) -> list[dict[Any, Any]]:
        """The same rows, one by one; quick where there is none."""
        return self.all_rows(party_id).to_dict("records") if party_id in self._by_party else []

    def embargoes(self, country: str | None, day: int) -> pd.DataFrame:
        """Embargoes of that destination on that day."""
        rows = self.destinations
        return rows[(rows["country"] == country) & (rows["from"] <= day) & (day < rows["until"])]

    @cached_property
    def _by_party(self) -> dict[str, npt.NDArray[np.int64]]:
        groups = self.table.groupby("party", sort=False).indices
        return {str(party): np.asarray(rows, dtype=np.int64) for party, rows in groups.items()}

    def _country(self, party_id: str) -> str | None:
        return self.parties["country"].get(party_id)

    def verdicts(self, party_id: str, day: date, only: str | None = None) -> list[dict[str, Any]]:
        """One verdict a rule on that day, in the shape of the `party` command."""
        from diversion.parties.verdicts import verdicts

        return verdicts(self, party_id, day, only)


def _weaker(row: dict[Any, Any]) -> tuple[object, ...]:
    """The order of reasons, the strongest first."""
    return row["verdict"] != "yes", -row["strength"], -row["confidence"], row["rule"], row["reason"]


def _restricted(row: dict[Any, Any]) -> Restricted:
    return Restricted(
        party_id=row["party"],
        verdict=row["verdict"],
        reason=row["reason"],
        rule=row["rule"],
        since=row["since"].isoformat() if row["since"] else None,
        proof=row["proof"],
        confidence=float(row["confidence"]),
    )


def _under_embargo(party_id: str, rows: pd.DataFrame) -> Restricted | None:
    if rows.empty:
        return None
    row = rows.sort_values(["verdict", "name"], ascending=[False, True]).iloc[0]
    since = as_day(int(row["from"]))
    reason = licence_reason(row)
    return Restricted(party_id, row["verdict"], reason, "destination", since.isoformat() if since else None)


def licence_reason(row: Any) -> str:
    """What a row of `destinations` says, its list of goods named."""
    goods = "all goods" if row["goods"] == "*" else f"goods of the list {row['goods']}"
    return f"{goods} need a licence to {row['country']}: {row['source']}"


@dataclass(frozen=True)
class Lookup:
    """Disjoint intervals of parties, or of countries, ready for many questions at once."""

    spans: dict[str, tuple[Interval, ...]]

    def meet(self, names: Any, places: Any, days: Any) -> Flags:
        """Whether each name (a place in `names`, −1 for none) has an interval that holds each day."""
        mine = [self.spans.get(name, ()) for name in names.tolist()]
        rows = [(place, *span) for place, spans in enumerate(mine) for span in spans]
        if not rows or not len(places):
            return np.zeros(len(places), bool)
        table = np.array(rows, dtype=np.int64)
        keys = _key(table[:, 0], table[:, 1])
        asked = _key(np.asarray(places, np.int64), np.asarray(days, np.int64))
        at = np.searchsorted(keys, asked, "right") - 1
        found = table[np.maximum(at, 0)]
        met: Flags = (at >= 0) & (found[:, 0] == places) & (days < found[:, 2])
        return met


def _key(party: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return (party << 33) + (day - FIRST_DAY)

"""The rows of one file, judged one by one: who is named, what the lists say, which routes they complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from diversion.checking.arrivals import Arrived
from diversion.checking.filed import Filed
from diversion.checking.passed import Passed, passed_on
from diversion.checking.records import Planned
from diversion.checking.routing import Found, Routing
from diversion.checking.verdict import RECEIVING, Named, Reason, note, verdict_of
from diversion.parties.restricted import Restrictions
from diversion.policy.model import day_number
from diversion.routes.transfers import project
from diversion.store.base import PARTY_ROLES

if TYPE_CHECKING:
    from diversion.checking.checker import Checker

Checked = dict[str, Any]
Row = Mapping[str, Any]
Query = dict[str, str | None]
MANY = 64
"""Names from which on all processors screen."""


@dataclass(frozen=True)
class Mention:
    """A party as one record names it, on the day of the record."""

    role: str
    id: str
    name: str | None
    country: str | None
    day: date


class Desk:
    """One file on the desk: each of its parties is looked up and screened once."""

    def __init__(self, checker: Checker, filed: Filed, arrived: Arrived) -> None:
        self.checker, self.filed, self.arrived = checker, filed, arrived
        self._rows = {row["id"]: row for row in filed.parties.to_pylist()}
        self._places = {row["party"]: row["text"] for row in filed.places.to_pylist()}
        self._known = checker.records.dossier.directory.parties
        self._about: dict[str, dict[str, Any]] = {}
        self._screened: dict[tuple[Any, ...], dict[str, Any]] = {}

    def named(self, mentions: Sequence[Mention]) -> list[Named]:
        """The parties that records name, each with its hits; all new names are screened together."""
        queries = [self._query(one) for one in mentions]
        self._screen(queries, [one.day for one in mentions])
        return [
            self._with_hits(one, query, self._screened[_key(query, one.day)])
            for one, query in zip(mentions, queries, strict=True)
        ]

    def _query(self, one: Mention) -> Query:
        row, known = self._rows.get(one.id, {}), self._on_record(one.id)
        kind = known.get("kind") or row.get("kind")
        return {
            "name": one.name or row.get("name") or known.get("name") or one.id,
            "country": one.country or row.get("country") or known.get("country"),
            "identifier": row.get("identifier") or known.get("identifier"),
            "address": self._places.get(one.id),
            "kind": None if kind == "unknown" else kind,
        }

    def _on_record(self, id_: str) -> dict[str, Any]:
        """What is known of the party that an id is read as."""
        party = self.arrived.canonical.get(id_, id_)
        if party not in self._about:
            there = party in self._known.index
            found = dict(zip(self._known.columns, self._known.loc[party], strict=True)) if there else {}
            self._about[party] = found
        return self._about[party]

    def _screen(self, queries: list[Query], days: list[date]) -> None:
        """Screen what was not yet; by day, since a pass of the whitelist has a last one."""
        how, policy = self.checker.how, self.checker.policy
        cutoff = policy.thresholds["match_cutoff"] if how.cutoff is None else how.cutoff
        asked: dict[date, dict[tuple[Any, ...], Query]] = {}
        for query, day in zip(queries, days, strict=True):
            key = _key(query, day)
            if key not in self._screened:
                asked.setdefault(day if how.whitelist else days[0], {})[key] = query
        for day, some in asked.items():
            many = self.checker.screener.screen_many if len(some) > MANY else self.checker.screener.screen
            told = many(list(some.values()), cutoff, 0, how.whitelist, day)
            self._screened |= dict(zip(some, told, strict=True))

    def _with_hits(self, one: Mention, query: Query, told: dict[str, Any]) -> Named:
        party = self.arrived.canonical.get(one.id, one.id)
        return Named(
            role=one.role,
            party_id=party,
            name=str(query["name"]),
            country=query["country"],
            new=not self._on_record(one.id),
            hits=told["hits"],
            suppressed=told.get("suppressed", ()),
        )

    def restrictions(self, party: str) -> Restrictions:
        """Where the reasons for which a party is restricted stand."""
        new = party in self.arrived.parties.index
        return self.arrived.restrictions if new else self.checker.records.dossier.restrictions

    def reasons(self, who: Named, day: int) -> Iterator[Reason]:
        """What the lists say of a party, by itself and by its name."""
        rules = self.checker.rules
        yield from rules.of_party(who, self.restrictions(who.party_id), day)
        yield from rules.of_hits(who, day)

    def told(
        self,
        head: Checked,
        parties: list[Named],
        reasons: list[Reason],
        found: Found,
        passed: Passed | None,
        unsearched: str | None,
    ) -> Checked:
        """One object of the contract."""
        verdict, searched = verdict_of(reasons), self.checker.searched
        best = found.findings[0] if found.findings else None
        search = {"exact": found.search.exact, "truncated_by": found.search.truncated_by}
        return head | {
            "verdict": verdict,
            "score": best.score if best else 0.0,
            "screening": [_hit(who, hit) for who in parties for hit in who.hits],
            "suppressed": [_hit(who, hit) for who in parties for hit in who.suppressed],
            "routes": [one.as_json() for one in found.findings],
            "contributions": best.as_json()["contributions"] if best else [],
            "reasons": [one.as_json() for one in reasons],
            "passed_on": passed.as_json() if passed else None,
            "parties": [_party(who) for who in parties],
            "searched": searched | {"routes": search | {"not_searched": unsearched}},
            "note": note(verdict, searched, unsearched),
        }


def _key(query: Query, day: date) -> tuple[Any, ...]:
    return (*query.values(), day)


def _party(who: Named) -> dict[str, Any]:
    return {
        "role": who.role,
        "party_id": who.party_id,
        "name": who.name,
        "country": who.country,
        "new": who.new,
    }


def _hit(who: Named, hit: Mapping[str, Any]) -> dict[str, Any]:
    return {**hit, "role": who.role, "asked": who.name}


def shipments(desk: Desk) -> Iterator[Checked]:
    """Each shipment of the file, in its order."""
    return iter(_Shipments(desk))


class _Shipments:
    """The shipments of a file, each beside the records and those before it."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.checker = desk, desk.checker
        self.table = desk.filed.shipments
        canonical = pd.Series(dict(desk.arrived.canonical), dtype=object)
        canonical.index = canonical.index.astype(object)
        self.canonical = canonical
        transfers = project(self.table, canonical, self.checker.policy, None)
        self.planned = Planned(self.table, transfers, desk.arrived, dict(desk.filed.files))
        self.transfer = {int(row): at for at, row in enumerate(transfers.shipment)}

    @cached_property
    def routing(self) -> Routing:
        """The search, laid out for all of them."""
        checker = self.checker
        return Routing(checker.records, checker.watch, self.planned, checker.how.options, checker.how.top)

    @cached_property
    def order(self) -> list[int]:
        """The transfers in the order of their rows."""
        return [self.transfer[row] for row in range(len(self.table)) if row in self.transfer]

    @cached_property
    def candidates(self) -> list[int]:
        """The transfers that may complete a route."""
        return self.routing.candidates(self.order) if self.order else []

    def __iter__(self) -> Iterator[Checked]:
        rows, alone = self.table.to_pylist(), self.table["shipment_id"].to_pandas().value_counts()
        mentions = [self._mentions(place, row) for place, row in enumerate(rows)]
        self.desk.named([one for some in mentions for one in some])
        for place, row in enumerate(rows):
            single = alone[row["shipment_id"]] == 1
            id_ = row["shipment_id"] if single else row["id"]
            yield self._checked(place, row, id_, self.desk.named(mentions[place]))

    def _mentions(self, place: int, row: Row) -> list[Mention]:
        day = self._day(place, row)
        return [
            Mention(role, row[role], row.get(f"{role}_name"), row.get(f"{role}_country"), day)
            for role in PARTY_ROLES
            if row[role]
        ]

    def _checked(self, place: int, row: Row, id_: str, parties: list[Named]) -> Checked:
        desk, day = self.desk, self._day(place, row)
        number = day_number(day)
        reasons = [one for who in parties for one in desk.reasons(who, number)]
        hs6 = self.checker.policy.renamed.get(row["hs6"], row["hs6"])
        for who in parties:
            if who.role in RECEIVING:
                there = desk.restrictions(who.party_id)
                reasons += self.checker.rules.of_destination(who, who.country, hs6, there, number)
        found, passed = self._routes(place), self._passed(place, number)
        reasons += [_of_route(one.parties, one.score, one.band) for one in found.findings[:1]]
        reasons += [_of_passed(passed, parties)] if passed else []
        head = {"shipment_id": id_, "row": row["row"], "day": day.isoformat(), "hs6": row["hs6"]}
        return desk.told(head, parties, reasons, found, passed, self._unsearched(place))

    def _day(self, place: int, row: Row) -> date:
        """The day whose law applies: that of the departure, as a transfer has it."""
        if place in self.transfer:
            number = int(self.planned.transfers.departed[self.transfer[place]])
            return date.fromordinal(date(1970, 1, 1).toordinal() + number)
        return row["departed_latest"] or row["arrived_latest"] or self.checker.day

    def _routes(self, place: int) -> Found:
        at = self.transfer.get(place)
        if at is None or at not in self.candidates:
            return Found()
        before = self.order[: self.order.index(at)]
        return self.routing.found(at, before, self.candidates)

    def _passed(self, place: int, day: int) -> Passed | None:
        at, t = self.transfer.get(place), self.planned.transfers
        if at is None:
            return None
        party, hs6 = str(t.party_ids[t.dst[at]]), str(t.hs6[t.item[at]])
        return passed_on(self.checker.records, self.checker.watch, party, hs6, day)

    def _unsearched(self, place: int) -> str | None:
        """Why no route was looked for with a row."""
        if place in self.transfer:
            return None
        one = project(self.table.take(pa.array([place])), self.canonical, self.checker.policy, None)
        return next((why for why, rows in one.left_out.items() if rows), None)


def _of_route(parties: Any, score: float, band: str) -> Reason:
    way = " → ".join(f"{party.name} ({party.country or '?'})" for party in parties)
    return Reason("review", "route", None, None, f"would complete a route: {way}, score {score:.0f} ({band})")


def _of_passed(passed: Passed, parties: list[Named]) -> Reason:
    who = next((one for one in parties if one.party_id == passed.party_id), None)
    name, told = who.name if who else passed.party_id, passed.as_json()
    text = (
        f"{name} sent goods of this heading on towards a restricted party before: {passed.count} "
        f"{'shipment' if passed.count == 1 else 'shipments'}, {told['first_day']} to {told['last_day']}"
    )
    return Reason("review", "passed on", who.role if who else None, passed.party_id, text)


def instruments(desk: Desk) -> Iterator[Checked]:
    """Each payment, credit or other instrument of the file: its parties; it names no transfer of goods."""
    parts: dict[str, list[Row]] = {}
    for row in desk.filed.roles.to_pylist():
        parts.setdefault(row["instrument"], []).append(row)
    for row in desk.filed.instruments.to_pylist():
        day = row["latest_shipment"] or row["issued_on"] or desk.checker.day
        named = sorted(parts.get(row["id"], ()), key=lambda part: (part["role"], part["party"]))
        parties = desk.named(
            [Mention(one["role"], one["party"], one["name"], one["country"], day) for one in named]
        )
        reasons = [one for who in parties for one in desk.reasons(who, day_number(day))]
        head = {"shipment_id": row["id"], "row": row["row"], "day": day.isoformat(), "hs6": None}
        head["instrument"] = {name: row[name] for name in ("kind", "format", "amount", "currency", "goods")}
        yield desk.told(head, parties, reasons, Found(), None, "it is a payment, whose goods have no code")

"""The rows of one file, judged one by one: who is named, what the lists say, which routes they complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
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


class Desk:
    """One file on the desk: each of its parties is looked up and screened once."""

    def __init__(self, checker: Checker, filed: Filed, arrived: Arrived) -> None:
        self.checker, self.filed, self.arrived = checker, filed, arrived
        self._rows = {row["id"]: row for row in filed.parties.to_pylist()}
        self._places = {row["party"]: row["text"] for row in filed.places.to_pylist()}
        self._known = checker.records.dossier.directory.parties
        self._screened: dict[tuple[str | None, ...], dict[str, Any]] = {}

    def named(self, role: str, id_: str, name: str | None, country: str | None, day: date) -> Named:
        """A party as a record names it, with its hits."""
        row, party = self._rows.get(id_, {}), self.arrived.canonical.get(id_, id_)
        known = self._known.loc[party].to_dict() if party in self._known.index else {}
        name = name or row.get("name") or known.get("name") or id_
        country = country or row.get("country") or known.get("country")
        kind = known.get("kind") or row.get("kind")
        query = {
            "name": name,
            "country": country,
            "identifier": row.get("identifier") or known.get("identifier"),
            "address": self._places.get(id_),
            "kind": None if kind == "unknown" else kind,
        }
        told = self._hits(query, day)
        return Named(role, party, name, country, not known, told["hits"], told.get("suppressed", ()))

    def _hits(self, query: Mapping[str, str | None], day: date) -> dict[str, Any]:
        key = (*query.values(), day.isoformat())
        if key not in self._screened:
            how, policy = self.checker.how, self.checker.policy
            cutoff = policy.thresholds["match_cutoff"] if how.cutoff is None else how.cutoff
            (self._screened[key],) = self.checker.screener.screen([query], cutoff, 0, how.whitelist, day)
        return self._screened[key]

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
            "note": note(verdict, searched, reasons, unsearched),
        }


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
        for place, row in enumerate(rows):
            single = alone[row["shipment_id"]] == 1
            yield self._checked(place, row, row["shipment_id"] if single else row["id"])

    def _checked(self, place: int, row: Row, id_: str) -> Checked:
        desk, day = self.desk, self._day(place, row)
        parties = [
            desk.named(role, row[role], row.get(f"{role}_name"), row.get(f"{role}_country"), day)
            for role in PARTY_ROLES
            if row[role]
        ]
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
    """Each payment, credit or other instrument of the file: its parties, for it names no transfer of goods."""
    parts: dict[str, list[Row]] = {}
    for row in desk.filed.roles.to_pylist():
        parts.setdefault(row["instrument"], []).append(row)
    for row in desk.filed.instruments.to_pylist():
        day = row["latest_shipment"] or row["issued_on"] or desk.checker.day
        parties = [
            desk.named(part["role"], part["party"], part["name"], part["country"], day)
            for part in sorted(parts.get(row["id"], ()), key=lambda part: (part["role"], part["party"]))
        ]
        reasons = [one for who in parties for one in desk.reasons(who, day_number(day))]
        head = {"shipment_id": row["id"], "row": row["row"], "day": day.isoformat(), "hs6": None}
        head["instrument"] = {name: row[name] for name in ("kind", "format", "amount", "currency", "goods")}
        yield desk.told(head, parties, reasons, Found(), None, "it is a payment, whose goods have no code")

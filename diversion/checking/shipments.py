"""The shipments of one file, each beside the records and those before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property

import pandas as pd
import pyarrow as pa

from diversion.checking.desk import Checked, Desk, Looked, Mention, Row
from diversion.checking.passed import Passed, passed_on
from diversion.checking.records import Planned
from diversion.checking.routing import Found, Routing
from diversion.checking.verdict import RECEIVING, Named, Reason
from diversion.findings import Finding
from diversion.output import counted
from diversion.policy.model import day_number
from diversion.routes.transfers import project
from diversion.store.base import PARTY_ROLES

EPOCH = date(1970, 1, 1)


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
        rows, alone = self.table.to_pylist(), Counter(self.table["shipment_id"].to_pylist())
        mentions = [self._mentions(place, row) for place, row in enumerate(rows)]
        self.desk.named([one for some in mentions for one in some])
        for place, row in enumerate(rows):
            lined = alone[row["shipment_id"]] > 1 and row["id"] in self.desk.filed.lined
            id_ = row["id"] if lined else row["shipment_id"]
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
                reasons += self.checker.rules.of_destination(who, who.country, hs6, number)
        found, passed = self._routes(place), self._passed(place, number)
        reasons += self._of_routes(found)
        least = self.checker.policy.thresholds["check_passed_on"]
        reasons += [_of_passed(passed, parties)] if passed and passed.count >= least else []
        head = {"shipment_id": id_, "row": row["row"], "day": day.isoformat(), "hs6": row["hs6"]}
        undated = row["row"] in desk.filed.undated
        looked = Looked(found, passed, self._unsearched(place), day, undated)
        return desk.told(head, parties, reasons, looked)

    def _day(self, place: int, row: Row) -> date:
        """The day whose law applies: that of the departure, as a transfer has it."""
        if place in self.transfer:
            return EPOCH + timedelta(days=int(self.planned.transfers.departed[self.transfer[place]]))
        return row["departed_latest"] or row["arrived_latest"] or self.checker.day

    def _routes(self, place: int) -> Found:
        at = self.transfer.get(place)
        if at is None or at not in self.candidates:
            return Found()
        before = self.order[: self.order.index(at)]
        return self.routing.found(at, before, self.candidates)

    def _of_routes(self, found: Found) -> list[Reason]:
        """The best route that it would complete, and how many more there are."""
        least = self.checker.policy.thresholds["check_route_score"]
        many = [one for one in found.findings if one.score >= least]
        return [_of_route(many[0], len(many) - 1)] if many else []

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


def _of_route(best: Finding, more: int) -> Reason:
    way = " → ".join(f"{party.name} ({party.country or '?'})" for party in best.parties)
    text = f"would complete a route: {way}, score {best.score:.0f} ({best.band})"
    text += f", and {counted(more, 'other')}" if more else ""
    return Reason("review", "route", None, None, text)


def _of_passed(passed: Passed, parties: list[Named]) -> Reason:
    who = next((one for one in parties if one.party_id == passed.party_id), None)
    name, told = who.name if who else passed.party_id, passed.as_json()
    text = (
        f"{name} sent goods of this heading on towards a restricted party before: "
        f"{counted(passed.count, 'shipment')}, {told['first_day']} to {told['last_day']}"
    )
    return Reason("review", "passed on", who.role if who else None, passed.party_id, text)

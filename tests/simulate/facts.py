"""A world read anew from its files, and the definition of a route written down again, plainly and slowly.

Nothing here is shared with the program. `waive` lets one fact go, to show that it alone stood in the way.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise, product
from pathlib import Path

DWELL, CAP = 180, 50
EMBARGO = {"RU": date(2022, 2, 24), "BY": date(2022, 2, 24)} | dict.fromkeys(
    ("IR", "SY", "KP", "CU"), date.min
)
Row = dict[str, str]


@dataclass(frozen=True)
class Transfer:
    id: str
    src: str
    dst: str
    end_user: str
    hs6: str
    departed: date | None
    arrived: date | None


@dataclass(frozen=True)
class Facts:
    folder: Path
    sought: frozenset[str]
    waive: str = ""
    _memo: dict[tuple[date, str], frozenset[str]] = field(default_factory=dict, compare=False)

    def rows(self, name: str) -> list[Row]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def parties(self) -> dict[str, Row]:
        return {row["party_id"]: row for row in self.rows("parties")}

    @cached_property
    def holdings(self) -> list[Row]:
        return self.rows("ownership")

    @cached_property
    def truth(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.rows("truth")}

    @cached_property
    def crowd(self) -> Counter[tuple[str, str]]:
        return Counter((row["address"], row["country"]) for row in self.parties.values())

    @cached_property
    def transfers(self) -> dict[str, list[Transfer]]:
        found: dict[str, list[Transfer]] = defaultdict(list)
        for row in self.rows("shipments"):
            found[row["shipment_id"]].append(self._transfer(row))
        return found

    def _transfer(self, row: Row) -> Transfer:
        consignee = row["consignee_id"] or f"{row['consignee']} in {row['consignee_country']}"
        called = {row["consignee"], self.parties.get(row["consignee_id"], row).get("name", "")}
        lends = called & {row["bank"], row["forwarder"]} - {""} or row["consignee"].startswith("TO ORDER")
        if lends and self.waive != "bank":
            consignee = row["end_user_id"] or row["notify_party_id"] or row["notify_party"]
        return Transfer(
            row["shipment_id"],
            row["exporter_id"] or f"{row['exporter']} in {row['exporter_country']}",
            consignee,
            row["end_user_id"],
            row["hs_code"].replace(".", "")[:6],
            _day(row["departed_on"]),
            _day(row["arrived_on"]),
        )

    @cached_property
    def listed(self) -> list[tuple[str, Row]]:
        """Entries with the party that each names: by id, else by name, country and address."""
        by_name: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for key, row in self.parties.items():
            by_name[row["name"], row["country"], row["address"]].append(key)
            by_name[(row["name"],)].append(key)
        found = []
        for row in self.rows("listings"):
            if row["party_id"] and self.waive != "namesake":
                found.append((row["party_id"], row))
                continue
            where = (
                (row["name"],) if self.waive == "namesake" else (row["name"], row["country"], row["address"])
            )
            found += [(key, row) for key in by_name[where]]
        return found

    def _stands(self, row: Row, day: date) -> bool:
        since = date.min if self.waive == "listed_on" else date.fromisoformat(row["listed_on"])
        gone = (
            row["removed_on"] and self.waive != "removed_on" and date.fromisoformat(row["removed_on"]) <= day
        )
        return since <= day and not gone

    def _held(self, row: Row, day: date) -> float:
        late = row["from"] and date.fromisoformat(row["from"]) > day
        over = row["until"] and date.fromisoformat(row["until"]) <= day and self.waive != "until"
        share = float(row["share"] or row["share_min"])
        return 0.0 if late or over else share + (5.0 if self.waive == "share" else 0.0)

    def blocked(self, day: date) -> frozenset[str]:
        """Listed as SDN, or owned half or more by such, down the chain."""
        if (day, "sdn") not in self._memo:
            found = {key for key, row in self.listed if row["programme"] == "SDN" and self._stands(row, day)}
            while True:
                held: dict[str, float] = defaultdict(float)
                for row in self.holdings:
                    held[row["owned"]] += self._held(row, day) if row["owner"] in found else 0.0
                more = {key for key, share in held.items() if share >= 50} - found
                if not more:
                    break
                found |= more
            self._memo[day, "sdn"] = frozenset(found)
        return self._memo[day, "sdn"]

    def on_list(self, day: date) -> frozenset[str]:
        if (day, "list") not in self._memo:
            free = "" if self.waive == "unverified" else "Unverified List"
            hits = (key for key, row in self.listed if row["programme"] != free and self._stands(row, day))
            self._memo[day, "list"] = frozenset(hits)
        return self._memo[day, "list"]

    def restricted(self, party: str, day: date | None, hs6: str) -> bool:
        if day is None or not party:
            return False
        country = self.parties[party]["country"] if party in self.parties else party[-2:]
        embargo = hs6 in self.sought and EMBARGO.get(country, date.max) <= day
        return embargo or party in self.on_list(day) or party in self.blocked(day)

    def stands_in(self, one: str, other: str, day: date) -> bool:
        if one not in self.parties or other not in self.parties:
            return False
        a, b = self.parties[one], self.parties[other]
        door = (a["address"], a["country"])
        crowded = self.crowd[door] > CAP and self.waive != "mass"
        if door == (b["address"], b["country"]) and not crowded:
            return True
        halves = [
            {row["owner"] for row in self.holdings if row["owned"] == key and self._held(row, day) >= 50}
            for key in (one, other)
        ]
        return bool(halves[0] & halves[1])

    def faults(self, route: Iterable[Transfer]) -> set[str]:
        """What keeps a sequence of transfers from being a route; nothing for a route."""
        legs = list(route)
        found = set()
        if legs[0].hs6 not in self.sought:
            found.add("goods")
        stops = [legs[0].src]
        for before, after in pairwise(legs):
            found |= self._joint_faults(before, after)
        for leg in legs:
            stops += [leg.dst] if leg.src == stops[-1] else [leg.src, leg.dst]
            found |= {"itself"} if leg.src == leg.dst else set()
        last = legs[-1]
        if not any(self.restricted(p, last.departed, legs[0].hs6) for p in (last.dst, last.end_user)):
            found.add("end")
        if any(self.restricted(p, e.departed, legs[0].hs6) for e in legs for p in (e.src,)):
            found.add("middle")
        if any(self.restricted(p, e.departed, legs[0].hs6) for e in legs[:-1] for p in (e.dst, e.end_user)):
            found.add("middle")
        return found | ({"repeats"} if len(set(stops)) < len(stops) else set())

    def _joint_faults(self, before: Transfer, after: Transfer) -> set[str]:
        found = set()
        if before.hs6[:4] != after.hs6[:4]:
            found.add("goods")
        if before.arrived is None or after.departed is None:
            return found | {"time"}
        if not 0 <= (after.departed - before.arrived).days <= DWELL:
            found.add("time")
        if before.dst != after.src and not self.stands_in(before.dst, after.src, after.departed):
            found.add("stands in")
        return found

    def hops(self, story: str) -> list[list[Transfer]]:
        hops = self.truth[story]["shipments"].split("|")
        return [[line for ship in hop.split(";") for line in self.transfers[ship]] for hop in hops]

    def sequences(self, story: str) -> Iterator[tuple[Transfer, ...]]:
        return product(*self.hops(story))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if len(text) == 10 else None

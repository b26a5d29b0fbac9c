"""Whether a receiver passed such goods on to a restricted party before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from diversion.checking.records import Records
from diversion.routes.incremental import Watch
from diversion.routes.transfers import Ints

SHOWN = 10


@dataclass(frozen=True)
class Passed:
    """Shipments of a party that lead to a restricted end within the limits of the search.

    `shipments` are the latest of them, `hops` is how many shipments the shortest way takes.
    """

    party_id: str
    count: int
    hops: int
    first_day: int
    last_day: int
    shipments: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The fields under their own names, days as text."""
        from diversion.checking.verdict import iso

        return {
            "party_id": self.party_id,
            "count": self.count,
            "hops": self.hops,
            "first_day": iso(self.first_day),
            "last_day": iso(self.last_day),
            "shipments": list(self.shipments),
        }


def passed_on(records: Records, watch: Watch, party: str, hs6: str, day: int) -> Passed | None:
    """What a party sent on before a day, of the heading of these goods, on a way to a restricted end.

    Not a route with the new shipment, whose goods come later: what the party did with earlier ones.
    """
    t, place = records.dossier.transfers, watch.parties.get(party)
    if place is None:
        return None
    rows = records.outs.of([place])
    free = ~watch.question.barred[rows]
    rows = rows[free & (t.departed[rows] < day) & _of_heading(records, rows, hs6)]
    if not len(rows):
        return None
    position = watch.projection.position
    assert position is not None
    at = position[rows]
    rows, at = rows[at >= 0], at[at >= 0]
    ahead = watch.ahead[at].astype(np.int64) + 1
    near = ahead < watch.question.hops
    if not near.any():
        return None
    mine: Ints = rows[near]
    latest = mine[np.argsort(t.departed[mine], kind="stable")]
    return Passed(
        party_id=party,
        count=len(mine),
        hops=int(ahead[near].min()),
        first_day=int(t.departed[mine].min()),
        last_day=int(t.departed[mine].max()),
        shipments=tuple(str(t.ids[i]) for i in latest[::-1][:SHOWN]),
    )


def _of_heading(records: Records, rows: Ints, hs6: str) -> Any:
    t = records.dossier.transfers
    alike = np.array([str(code)[:4] == hs6[:4] for code in t.hs6], bool)
    return alike[t.item[rows]]

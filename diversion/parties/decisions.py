"""What people decided about pairs of records, and how it is remembered.

Every decision is kept; the last one on a pair is in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from diversion.errors import NotFound, UsageError
from diversion.ids import digest
from diversion.schema import load

if TYPE_CHECKING:
    from diversion.store.base import Store

CONFIRMED, REJECTED, UNSURE = "confirmed", "rejected", "unsure"
Pair = tuple[str, str]


@dataclass(frozen=True)
class Decision:
    """One decision on whether two records are one party. `number` is 1 for the first on the pair."""

    id: str
    party: str
    other: str
    verdict: str
    reason: str
    by: str
    day: date
    number: int


def pair(party: str, other: str) -> Pair:
    """The two ids in order.

    >>> pair("B", "A")
    ('A', 'B')
    """
    return (party, other) if party <= other else (other, party)


def history(decisions: pa.Table) -> list[Decision]:
    """All decisions about matches in the Decision table, by pair and from the first to the last."""
    rows = [row for row in decisions.to_pylist() if row["about"] == "match"]
    made = [
        Decision(
            *(row["id"], row["party"], row["other"], row["verdict"], row["reason"], row["by"], row["from"]),
            number=row["number"] or 1,
        )
        for row in rows
    ]
    return sorted(made, key=lambda d: (d.party, d.other, d.number, d.day, d.id))


def in_force(decisions: pa.Table, known_at: date | None = None) -> dict[Pair, Decision]:
    """The last decision on each pair; with `known_at`, the last one that had been made by that day."""
    told = history(decisions)
    return {(d.party, d.other): d for d in told if known_at is None or d.day <= known_at}


def contradictions(decided: Mapping[Pair, Decision]) -> dict[Pair, tuple[str, ...]]:
    """Rejected pairs that decisions in force join by way of others, each with the shortest such way.

    A run keeps a rejected pair apart and so cannot follow all of the confirmed ones between.
    """
    import networkx as nx

    same = nx.Graph([two for two, made in sorted(decided.items()) if made.verdict == CONFIRMED])
    apart = [two for two, made in sorted(decided.items()) if made.verdict == REJECTED]
    known = [two for two in apart if two[0] in same and two[1] in same and nx.has_path(same, *two)]
    return {two: tuple(nx.shortest_path(same, *two)) for two in known}


def remember(store: Store, made: Decision) -> None:
    """Write a decision into the store, beside the earlier ones on its pair."""
    from diversion.store.base import Batch

    row: dict[str, Any] = asdict(made)
    row |= {"about": "match", "subject": digest("match", made.party, made.other), "from": row.pop("day")}
    kept = pa.Table.from_pylist([row], schema=load()["Decision"].arrow)
    store.write(Batch(f"decision {made.id}", {"Decision": kept}))


def decide(store: Store, parties: Pair, verdict: str, by: str, reason: str, day: date) -> Decision:
    """Remember that two records are one party, are not, or that nobody can tell yet.

    A pair on which somebody decided is no longer POSSIBLY_SAME; all else that follows, the next run draws.
    Raises `NotFound` where the store has no such record, `UsageError` where both are one record, the day is
    still to come, or who decided, or why, is empty.
    """
    low, high = pair(*parties)
    if day > datetime.now(UTC).date():
        raise UsageError(f"{day} is still to come", where="--on", hint="the day on which it was decided")
    _check(store, low, high, by, reason)
    earlier = [d for d in history(store.read("Decision")) if (d.party, d.other) == (low, high)]
    number = 1 + max((d.number for d in earlier), default=0)
    name = f"D-{digest(low, high, number, verdict, by, reason, day)}"
    made = Decision(name, low, high, verdict, reason.strip(), by.strip(), day, number)
    remember(store, made)
    if verdict != UNSURE:
        _close(store, low, high)
    return made


def _close(store: Store, low: str, high: str) -> None:
    """Take a pair out of those that the last run left open."""
    found = store.read("POSSIBLY_SAME")
    one, other = (pc.equal(found[end], name) for end, name in (("party", low), ("other", high)))
    left = found.filter(pc.invert(pc.and_(one, other)))
    if len(left) < len(found):
        store.replace("POSSIBLY_SAME", left)


def _check(store: Store, low: str, high: str, by: str, reason: str) -> None:
    if low == high:
        raise UsageError("a party is always itself: name two", where="review")
    for flag, text in (("--by", by), ("--reason", reason)):
        if not text.strip():
            raise UsageError("it is empty", where=flag, hint="say who decides, and why")
    found = store.read("Party", ["id"], only=("id", pa.array([low, high], pa.string())))["id"].to_pylist()
    for party in (low, high):
        if party not in found:
            hint = "`diversion review --format json` prints the ids of each pair"
            raise NotFound(f"no record of a party has the id {party!r}", hint=hint)

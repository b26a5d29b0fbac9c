"""Who is who, judged by people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from diversion.commands.opening import opened, reading, writing
from diversion.errors import UsageError
from diversion.output import counted, emit, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diversion.commands.options import Common
    from diversion.parties.decisions import Decision, Pair
    from diversion.store.base import Store

OPEN = ("score", "records", "party", "other", "why")
DECIDED = ("party", "other", "verdict", "by", "day", "reason")
FOLLOWS = {
    "confirmed": "from the next run on both are read as one party",
    "rejected": "from the next run on both are two parties, and never offered again",
    "unsure": "the pair stays open, behind all others",
}


def show_open(limit: int, common: Common) -> None:
    """Print the pairs that may be one party and on which nobody has decided."""
    from diversion.parties.review import open_pairs

    if limit < 0:
        raise UsageError(f"{limit} is no number of pairs", where="--limit", hint="0 for all")
    current, policy = opened(common)
    with reading(current) as store:
        rows = open_pairs(store, policy)
    shown = rows[:limit] if limit else rows
    if common.format != "table":
        emit(shown, common.format, ())
        if len(shown) < len(rows):
            say(f"{len(shown):,} of {counted(len(rows), 'open pair')}; `--limit 0` for all")
        return
    if not rows:
        say("no pair of records is open; that does not mean that no party stands here twice")
        return
    emit([_line(row) for row in shown], "table", OPEN)
    say(
        f"{len(shown):,} of {counted(len(rows), 'open pair')}; judge one by its ids: "
        "`diversion review confirm|reject|unsure PARTY OTHER --by NAME --reason TEXT`"
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    """A pair for people: each id above its name and country, and no name twice."""
    name = f"{row['name']} " if row["name"] else ""
    other = f"{row['other_name']} " if row["other_name"] and row["other_name"] != row["name"] else ""
    why = str(row["why"]).replace(f"{row['name']!r} and {row['other_name']!r} are ", "")
    why = "; ".join([why, *(f"{party} is on a list" for party in row["listed"])])
    if row["unsure"]:
        why += f"; {row['unsure']['by']} could not tell: {row['unsure']['reason']}"
    return {
        **row,
        "party": f"{row['party']}\n{name}{_of(row['country'])}",
        "other": f"{row['other']}\n{other}{_of(row['other_country'])}",
        "why": why,
    }


def _of(country: str | None) -> str:
    return f"({country or 'no country'})"


def show_decisions(common: Common) -> None:
    """Print every decision on a pair, the replaced ones too."""
    from diversion.parties.decisions import history, in_force

    current, _ = opened(common)
    with reading(current) as store:
        table = store.read("Decision")
        called = _called(store, {party for one in history(table) for party in (one.party, one.other)})
    decided = in_force(table)
    last = {one.id for one in decided.values()}
    rows: list[dict[str, Any]] = [
        {**_made(one, called), "in_force": one.id in last} for one in history(table)
    ]
    if common.format != "table":
        emit(rows, common.format, ())
    elif rows:
        emit([_decided_line(row) for row in rows], "table", DECIDED)
    else:
        say("nobody has decided on any pair yet; `diversion review` lists the open ones")
    _warn(decided)


def _made(one: Decision, called: dict[str, str | None]) -> dict[str, Any]:
    names = {"name": called.get(one.party), "other_name": called.get(one.other)}
    return {**vars(one), "day": one.day.isoformat(), **names}


def _decided_line(row: dict[str, Any]) -> dict[str, Any]:
    """A decision for people: each id above its name, and whether a later one replaced it."""
    party, other = (
        f"{row[end]}\n{row[name] or ''}" for end, name in (("party", "name"), ("other", "other_name"))
    )
    verdict = row["verdict"] if row["in_force"] else f"{row['verdict']}\n(replaced)"
    return {**row, "party": party, "other": other, "verdict": verdict}


def _called(store: Store, parties: set[str]) -> dict[str, str | None]:
    """The name of each of these records."""
    import pyarrow as pa

    found = store.read("Party", ["id", "name"], only=("id", pa.array(sorted(parties), pa.string())))
    return dict(zip(found["id"].to_pylist(), found["name"].to_pylist(), strict=True))


def _warn(decided: Mapping[Pair, Decision]) -> None:
    """Tell of decisions that cannot all be followed."""
    from diversion.parties.decisions import contradictions

    for (low, high), way in contradictions(decided).items():
        say(
            f"warning: {low} and {high} are rejected, yet confirmed as one by way of {' = '.join(way)}: "
            "they stay apart, and those links are not followed until one of the decisions is replaced"
        )


def decide_on(parties: Pair, verdict: str, by: str, reason: str, day: date | None, common: Common) -> None:
    """Remember a decision and print it."""
    from diversion.parties.decisions import decide, in_force

    current, _ = opened(common)
    with reading(current):
        pass  # a store that is not there yet is no place to decide in
    with writing(current) as store:
        made = decide(store, parties, verdict, by, reason, day or datetime.now(UTC).date())
        row = {**_made(made, _called(store, {made.party, made.other})), "in_force": True}
        decided = in_force(store.read("Decision"))
    if common.format != "table":
        emit(row, common.format, ())
    else:
        emit(_decided_line(row), "table", DECIDED)
    say(f"{FOLLOWS[verdict]}; a later decision on the pair replaces this one")
    _warn(decided)

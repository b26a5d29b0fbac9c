"""Who is who, judged by people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from diversion.commands.opening import opened, reading, writing
from diversion.errors import UsageError
from diversion.output import counted, emit, say

if TYPE_CHECKING:
    from diversion.commands.options import Common
    from diversion.parties.decisions import Pair

OPEN = ("score", "records", "one", "other", "why")
DECIDED = ("party", "other", "number", "verdict", "in_force", "by", "day", "reason")


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
    """A pair for people: each id above its name and country, and why without the names again."""
    one = f"{row['party']}\n{row['name']}{_of(row['country'])}"
    other = f"{row['other']}\n{row['other_name']}{_of(row['other_country'])}"
    why = str(row["why"]).replace(f"{row['name']!r} and {row['other_name']!r} are ", "")
    if row["unsure"]:
        why += f"; {row['unsure']['by']} could not tell: {row['unsure']['reason']}"
    return {**row, "one": one, "other": other, "why": why}


def _of(country: str | None) -> str:
    return f" ({country})" if country else ""


def show_decisions(common: Common) -> None:
    """Print every decision on a pair, the replaced ones too."""
    from diversion.parties.decisions import history, in_force

    current, _ = opened(common)
    with reading(current) as store:
        table = store.read("Decision")
    last = {one.id for one in in_force(table).values()}
    rows: list[dict[str, Any]] = [
        {**vars(one), "day": one.day.isoformat(), "in_force": one.id in last} for one in history(table)
    ]
    emit(rows, common.format, DECIDED)


def decide_on(parties: Pair, verdict: str, by: str, reason: str, day: date | None, common: Common) -> None:
    """Remember a decision and print it."""
    from diversion.parties.decisions import decide

    current, _ = opened(common)
    with reading(current):
        pass  # a store that is not there yet is no place to decide in
    with writing(current) as store:
        made = decide(store, parties, verdict, by, reason, day or datetime.now(UTC).date())
    emit({**vars(made), "day": made.day.isoformat()}, common.format, DECIDED[:4] + DECIDED[5:])

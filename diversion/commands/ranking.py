"""Central: who and what the routes pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diversion.commands.opening import opened, reading
from diversion.commands.search import options_of
from diversion.errors import UsageError
from diversion.output import counted, emit, say

if TYPE_CHECKING:
    import pandas as pd

    from diversion.commands.options import Common, Searching
    from diversion.groupings import By

KEYS = {
    "party": ("party_id", "name", "country"),
    "address": ("address", "country", "parties"),
    "country": ("country",),
    "goods": ("hs6", "goods", "tier"),
}
MEASURES = ("visits", "betweenness", "between", "score_at_most", "value_usd", "bound_share", "days")
SPARE = ("between", "days", "bound_share", "country", "score_at_most")


def print_central(by: By, top: int, exact: int, search: Searching, common: Common) -> None:
    """Analyse the store and print what its walks pass most."""
    from diversion.passing import central
    from diversion.pipeline import analyze

    if top < 0:
        raise UsageError(f"{top} rows cannot be shown", where="--limit", hint="0 shows all")
    options = options_of(search)
    current, policy = opened(common)
    with reading(current) as store:
        analysis = analyze(store, options, policy)
    frame = central(analysis, by, exact)
    rows = records(frame.head(top) if top else frame)
    if common.format != "table":
        emit(rows, common.format, ())
        return
    walks = analysis.summary["walks"]
    bound = "at most " if any(one["upper_bound"] or not one["exact"] for one in walks) else ""
    total = counted(sum(one["count"] for one in walks), "walk")
    say(f"{bound}{total} to restricted parties; {counted(len(frame), 'row')} by {by}")
    emit(
        [_shown(row) for row in rows],
        "table",
        (*KEYS[by], *MEASURES),
        spare=[one for one in SPARE if one not in KEYS[by][:1]],
    )
    say("visits: walks that come to it; betweenness: walks that pass it at all, between: that have it on")
    say("the way; score at most: no walk that passes it scores more, and the routes told may all score less;")
    say("bound share: of the value of all it sent or received. Passing goods on is no offence")


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as machines read them: no NaN, whole numbers whole."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): _plain(value) for name, value in row.items()} for row in plain.to_dict("records")]


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    return value


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    percent = {
        name: None if row.get(name) is None else f"{row[name]:.1%}"
        for name in ("betweenness", "between", "bound_share")
    }
    return {
        **row,
        **percent,
        "score_at_most": round(row["best_score"], 1),
        "value_usd": round(row["value_usd"]),
        "days": f"{row['first_day']} … {row['last_day']}",
    }

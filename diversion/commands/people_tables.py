"""What a terminal shows of parties, owners and hits: no id is repeated and no column is left empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from diversion.output import emit

Row = Mapping[str, Any]
VERDICTS = ("rule", "verdict", "reason")
OWNERS = ("level", "owner", "share", "owned", "days", "restricted")
IN_THE_END = ("owner", "share")
HITS = ("score", "entry", "list", "listed_on", "why")


def show_verdicts(told: Iterable[Row], *, briefly: bool) -> None:
    """A table a party; `briefly` leaves out what does not restrict, and parties of which nothing is left."""
    for one in told:
        lines = [_verdict(v) for v in one["verdicts"] if v["verdict"] != "no" or not briefly]
        if lines:
            emit(lines, "table", VERDICTS, title=f"{_called(one)}, {one['party_id']}, on {one['as_of']}")


def _verdict(verdict: Row) -> dict[str, Any]:
    days = [f"{word} {verdict[word]}" for word in ("since", "until") if verdict[word]]
    told = f"{' '.join(days)}: {verdict['reason']}" if days else verdict["reason"]
    asks = [f"it would be decided by {ask}" for ask in verdict["decided_by"]]
    return {**verdict, "reason": "\n".join([told, *asks])}


def _called(row: Row, name: str = "name", country: str = "country") -> str:
    return f"{row[name] or 'without a name'} ({row[country] or 'no country'})"


def owner_line(row: Row) -> dict[str, Any]:
    """A holding; `from` and `until` in one cell, the owner's name above its id."""
    days = f"from {row.get('from') or 'before all records'}" + (
        f"\nto {row['until']}" if row.get("until") else ""
    )
    return {**row, "owner": f"{_called(row, 'owner_name', 'owner_country')}\n{row['owner']}", "days": days}


def hit_line(hit: Row) -> dict[str, Any]:
    """A hit; what it matched only where that is not the name of the entry."""
    matched = f"\nas {hit['matched']}" if hit["matched"] != hit["name"] else ""
    parts = [f"{_pair(part)} {part['effect']:+.2f}" for part in hit["explanation"]]
    return {
        **hit,
        "entry": f"{hit['name']}{matched}\n{hit['listing_id']}",
        "list": "\n".join(text for text in (hit["list"], hit["programme"]) if text),
        "why": "\n".join(parts),
    }


def _pair(part: Row) -> str:
    own, against = part["part"], part["against"]
    return str(own) if not against or own == against else f"{own or '–'} ~ {against}"

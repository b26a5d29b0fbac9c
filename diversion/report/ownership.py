"""The proof of a verdict as a drawing: owners above, what they own below, shares on the lines."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from diversion.explain.words import day, one_line, share, short, shown
from diversion.findings import Finding, Holding

WIDE, HIGH, GAP, DROP, MARGIN = 214, 46, 26, 66, 8
LETTERS = 26
GROUNDS = {
    "listed": "Entry of a list",
    "address": "Listed address",
    "destination": "Controlled destination",
    "named": "Named in the question",
}


@dataclass(frozen=True)
class Box:
    """One party of the drawing; `kind` is `end`, `source`, `owner` or `list`."""

    x: float
    y: float
    text: str
    below: str
    full: str
    kind: str


@dataclass(frozen=True)
class Line:
    """A holding between two boxes, with its label in the middle."""

    x1: float
    y1: float
    x2: float
    y2: float
    text: str
    full: str


@dataclass(frozen=True)
class Drawing:
    """Boxes and lines in a picture of `width` by `height`, and the same in words."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    words: tuple[str, ...]

    box_width: int = WIDE
    box_height: int = HIGH


def drawing(finding: Finding) -> Drawing:
    """Why the end was restricted: its listing, or the holdings that lead from a listed owner down to it."""
    end = _end(finding)
    holdings = finding.restricted.proof or (
        Holding(_rule(finding), end, None, None, finding.restricted.since, None, ""),
    )
    levels = _levels(end, holdings)
    rows: dict[int, list[str]] = {}
    for name, level in levels.items():
        rows.setdefault(level, []).append(name)
    top, across = max(rows), max(len(names) for names in rows.values())
    width = 2 * MARGIN + across * WIDE + (across - 1) * GAP
    where: dict[str, tuple[float, float]] = {
        name: ((width - len(names) * WIDE - (len(names) - 1) * GAP) / 2 + at * (WIDE + GAP),
               MARGIN + (top - level) * (HIGH + DROP))
        for level, names in rows.items()
        for at, name in enumerate(names)
    }  # fmt: skip
    listed = not finding.restricted.proof
    boxes = tuple(_box(name, where[name], finding, levels, listed) for name in levels)
    lines = tuple(_line(h, where, listed) for h in holdings if h.owner != h.owned)
    height = 2 * MARGIN + (top + 1) * HIGH + top * DROP
    return Drawing(width, height, boxes, lines, tuple(_words(h, finding) for h in finding.restricted.proof))


def _end(finding: Finding) -> str:
    """The end as the holdings name it: by id or by name."""
    end = finding.restricted.party_id
    owned = {h.owned for h in finding.restricted.proof}
    last = finding.parties[-1].name
    if end in owned or not owned:
        return end
    if last in owned:
        return last
    owners = {h.owner for h in finding.restricted.proof}
    return min(owned - owners, default=min(owned))


def _rule(finding: Finding) -> str:
    return one_line(finding.restricted.rule) or "rule"


def _levels(end: str, holdings: tuple[Holding, ...]) -> dict[str, int]:
    """How many holdings lie between each party and the end; the end is 0. Circles do no harm."""
    owners: dict[str, list[str]] = {}
    for holding in holdings:
        owners.setdefault(holding.owned, []).append(holding.owner)
    levels, queue = {end: 0}, deque([end])
    while queue:
        owned = queue.popleft()
        for owner in owners.get(owned, ()):
            if owner not in levels:
                levels[owner] = levels[owned] + 1
                queue.append(owner)
    top = max(levels.values()) + 1
    for holding in holdings:
        for name in (holding.owner, holding.owned):
            levels.setdefault(name, top)
    return levels


def _box(name: str, at: tuple[float, float], finding: Finding, levels: dict[str, int], listed: bool) -> Box:
    full = _full(name, finding)
    if listed and levels[name]:
        reason = one_line(finding.restricted.reason)
        return Box(at[0], at[1], GROUNDS.get(name, short(name, LETTERS)), short(reason, 36), reason, "list")
    kind = "end" if levels[name] == 0 else "owner"
    if kind == "owner" and levels[name] == max(levels.values()):
        kind = "source"
    below = ""
    if kind == "end":
        below = {"yes": "restricted", "undetermined": "undetermined", "no": "named"}[
            finding.restricted.verdict
        ]
        first = finding.restricted.first or finding.restricted.since
        below += f" since {day(first)}" if first else ""
    return Box(at[0], at[1], short(full, LETTERS), below, full, kind)


def named(key: str, finding: Finding) -> str:
    """The name of a party of the route by its id; else what the holding calls it."""
    return next((p.name for p in finding.parties if p.id == key), key)


def _full(key: str, finding: Finding) -> str:
    country = next((p.country for p in finding.parties if p.id == key), None)
    return shown(named(key, finding), country)


def _line(holding: Holding, where: dict[str, tuple[float, float]], listed: bool) -> Line:
    (x1, y1), (x2, y2) = where[holding.owner], where[holding.owned]
    down = y1 < y2
    start, end = (y1 + HIGH, y2) if down else (y1 + HIGH / 2, y2 + HIGH / 2)
    text = "concerns" if listed else share(holding.share_min, holding.share_max)
    full = one_line(holding.source)
    return Line(x1 + WIDE / 2, start, x2 + WIDE / 2, end, text, full)


def _words(holding: Holding, finding: Finding) -> str:
    since = f" from {day(holding.from_day)}" if holding.from_day else ", first day not stated"
    until = f" until {day(holding.until_day)}" if holding.until_day else ""
    owner, owned = _full(holding.owner, finding), _full(holding.owned, finding)
    source = f" · {one_line(holding.source)}" if holding.source else ""
    return f"{owner} holds {share(holding.share_min, holding.share_max)} of {owned}{since}{until}{source}"

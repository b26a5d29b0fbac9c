"""The proof of a verdict as a picture: owners above, what they own below, shares and days on the arrows."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from rich.cells import cell_len

from diversion.output import clean, counted
from diversion.parties.layers import Point, layers
from diversion.policy.model import day_number

if TYPE_CHECKING:
    from diversion.dossier import People

WIDE, HIGH, GAP, MARGIN, TOP = 244, 78, 30, 28, 96
SAID, DROP = 42, 22
"""Height of a row of links, and how far rows stand apart."""
LETTERS, HEAD_LETTERS, LINE_LETTERS = 26, 70, 104
"""Most letters of a line in a box, of the title and of what is said below it, at the width of Latin ones."""
COLOURS = {"yes": "#a3211b", "undetermined": "#9a6700", "no": "#2f6f3e"}
PERHAPS = "perhaps"
LEAST = {
    "smallest": "no smaller set of holdings decides it",
    "inclusion-minimal": "none of them can be spared",
}
STYLE = (
    "text{font-family:'DejaVu Sans','Helvetica Neue',Arial,sans-serif;fill:#1d1f23}"
    ".name{font-size:13px;font-weight:bold;text-anchor:middle}.small{font-size:11px;text-anchor:middle}"
    ".title{font-size:17px;font-weight:bold}.sub{font-size:12px;fill:#4a4f57}"
    ".share{font-size:12px;font-weight:bold;text-anchor:middle}.days{font-size:10.5px;text-anchor:middle}"
    ".arrow{fill:none;stroke:#5b616b;stroke-width:1.6}"
)


@dataclass(frozen=True)
class Scene:
    """What is to be shown: the party, its verdict as `party` prints it, the rule in words and names by id.

    `listed` tells of the parties that a list names, in a few words each.
    """

    party: str
    day: str
    rule: str
    verdict: Mapping[str, Any]
    names: Mapping[str, str]
    listed: Mapping[str, str]

    @property
    def title(self) -> str:
        """Party, verdict, rule and day."""
        return f"{self.name(self.party)}: {self.verdict['verdict']}, {self.rule}, on {self.day}"

    def name(self, party: str) -> str:
        """The name of a party, else its id."""
        return clean(self.names.get(party) or party)


def scene(party: str, rule: str | None, people: People) -> Scene:
    """What there is to show of a party: the verdict of the rule, else its gravest, proved ones first."""
    found = people.restrictions.verdicts(party, people.as_of, rule)
    grave = {"yes": 0, "undetermined": 1, "no": 2}
    verdict = min(found, key=lambda one: (grave[one["verdict"]], not one["proof"]))
    parties = {party, *(end for row in verdict["proof"] for end in (row["owner"], row["owned"]))}
    owning = people.policy.rule(verdict["rule"])
    title = owning.title if owning else verdict["rule"]
    if rule is None and verdict["verdict"] == "no":
        title, verdict = (
            "by any rule",
            {
                **verdict,
                "reason": "no rule restricts it on this day as far as the records tell; that is no clearance",
            },
        )
    names = people.directory.parties["name"].reindex(sorted(parties))
    return Scene(
        party=party,
        day=people.as_of.isoformat(),
        rule=title,
        verdict=verdict,
        names={str(key): name for key, name in names.items() if isinstance(name, str)},
        listed={one: told for one in parties if (told := _listed(one, people))},
    )


def _listed(party: str, people: People) -> str:
    """That a list names the party on the day, and whether it is the party for certain."""
    day = day_number(people.as_of)
    rows = [r for r in people.restrictions.records(party) if r["rule"] == "listed"]
    rows = [row for row in rows if row["from"] <= day < row["until"]]
    if not rows:
        return ""
    best = min(rows, key=lambda row: (row["verdict"] != "yes", row["from"]))
    since = f" since {best['since'].isoformat()}" if best["since"] else ""
    return f"listed{since}" if best["verdict"] == "yes" else f"{PERHAPS} listed{since}"


def svg(scene: Scene) -> str:
    """The picture as SVG; every text of a record stands in it escaped.

    Owners stand above what they own, so that arrows point down. Linear in the holdings but for the order
    within a row, which a few rounds of averages settle.
    """
    proof: Sequence[Mapping[str, Any]] = scene.verdict["proof"]
    links = list(dict.fromkeys((row["owner"], row["owned"]) for row in proof))
    rows, ways = layers(scene.party, links)
    across = max(map(len, rows))
    head, lines = _lines(scene.title, HEAD_LETTERS, 2), _said_above(scene)
    width = max(2 * MARGIN + across * WIDE + (across - 1) * GAP, 860)
    y = TOP + 16.0 * len(lines) + 22 * (len(head) - 1)
    where: dict[Point, tuple[float, float]] = {}
    for level in range(len(rows) - 1, -1, -1):
        left = (width - len(rows[level]) * WIDE - (len(rows[level]) - 1) * GAP + WIDE) / 2
        where |= {point: (left + at * (WIDE + GAP), y) for at, point in enumerate(rows[level])}
        y += DROP + (SAID if level % 2 else HIGH)
    height = y - DROP + MARGIN
    root = _root(scene, width, height, head, lines)
    for link in links:
        held = [row for row in proof if (row["owner"], row["owned"]) == link]
        _arrow(root, [where[point] for point in ways[link]], held)
    for party in dict.fromkeys([scene.party, *(end for link in links for end in link)]):
        _box(root, where[Point(party)], scene, party)
    return ElementTree.tostring(root, encoding="unicode")


def _said_above(scene: Scene) -> list[str]:
    """The reason, and what would decide it where it is open."""
    lines = _lines(scene.verdict["reason"], LINE_LETTERS, 4)
    for ask in scene.verdict["decided_by"][:3]:
        lines += _lines(f"It would be decided by {ask}.", LINE_LETTERS, 2)
    return lines


def _lines(text: str, letters: int, most: int) -> list[str]:
    """The text in lines; wide letters count double."""
    plain = clean(text)
    fitting = max(8, letters * len(plain) // max(1, cell_len(plain)))
    lines = textwrap.wrap(plain, fitting) or [""]
    if len(lines) > most:
        lines[most - 1 :] = [f"{lines[most - 1][: fitting - 1]}…"]
    return lines


def _root(
    scene: Scene, width: float, height: float, head: list[str], lines: list[str]
) -> ElementTree.Element:
    size = {"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"}
    root = ElementTree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size})
    ElementTree.SubElement(root, "title").text = scene.title
    ElementTree.SubElement(root, "style").text = STYLE
    defs = ElementTree.SubElement(root, "defs")
    tip = {"id": "head", "viewBox": "0 0 10 10", "refX": "9", "refY": "5", "markerWidth": "8"}
    marker = ElementTree.SubElement(defs, "marker", {**tip, "markerHeight": "8", "orient": "auto"})
    ElementTree.SubElement(marker, "path", {"d": "M0 0L10 5L0 10z", "fill": "#5b616b"})
    ElementTree.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#fff"})
    for at, line in enumerate(head):
        _text(root, "title", MARGIN, 36 + 22 * at, line)
    top = 22 * (len(head) - 1)
    told, least = len(scene.verdict["proof"]), LEAST.get(scene.verdict["proof_is"] or "", "")
    rests = f"the proof: {counted(told, 'holding')}, {least}" if told else "no holdings are relied on"
    _text(root, "sub", MARGIN, top + 58, rests)
    for at, line in enumerate(lines):
        _text(root, "sub", MARGIN, top + 78 + 16 * at, line)
    return root


def _text(parent: ElementTree.Element, kind: str, x: float, y: float, text: str) -> None:
    place = {"class": kind, "x": f"{x:g}", "y": f"{y:g}"}
    ElementTree.SubElement(parent, "text", place).text = text


def _box(root: ElementTree.Element, at: tuple[float, float], scene: Scene, party: str) -> None:
    x, y = at
    mine, listed = party == scene.party, party in scene.listed
    colour = COLOURS[scene.verdict["verdict"]] if mine else "#5b616b"
    if listed and not mine:
        colour = COLOURS["undetermined" if scene.listed[party].startswith(PERHAPS) else "yes"]
    group = ElementTree.SubElement(root, "g")
    ElementTree.SubElement(group, "title").text = f"{scene.name(party)} ({clean(party)})"
    shape = {"x": f"{x - WIDE / 2:g}", "y": f"{y:g}", "width": f"{WIDE}", "height": f"{HIGH}", "rx": "7"}
    look = {"stroke": colour, "stroke-width": "3" if mine or listed else "1.4"}
    fill = "#fbeceb" if listed and colour == COLOURS["yes"] else "#fffaf0" if mine else "#f7f8fa"
    ElementTree.SubElement(group, "rect", {**shape, **look, "fill": fill})
    name = _lines(scene.name(party), LETTERS, 2)
    for number, line in enumerate(name):
        _text(group, "name", x, y + (20 if len(name) > 1 else 27) + 16 * number, line)
    _text(group, "small", x, y + 53, _short(clean(party), 36) if scene.name(party) != party else "")
    _text(group, "small", x, y + 69, _short(_said(scene, party), 38))


def _said(scene: Scene, party: str) -> str:
    """What a box says below the name."""
    verdict = scene.verdict["verdict"]
    if party == scene.party:
        told = {"yes": "restricted", "no": "no restriction known"}.get(verdict, verdict)
        return f"{told} since {scene.verdict['since']}" if scene.verdict["since"] else told
    certain = "counts as restricted itself" if verdict == "yes" else "may count as restricted itself"
    return clean(scene.listed.get(party, certain))


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"


def _arrow(root: ElementTree.Element, way: list[tuple[float, float]], held: list[Mapping[str, Any]]) -> None:
    """A line down through the rows that it passes; what is held stands in the first of them."""
    path = f"M{way[0][0]:g} {way[0][1] + HIGH:g}"
    for at, ((x1, y1), (x2, y2)) in enumerate(pairwise(way)):
        begin, last = y1 + (SAID if at % 2 else HIGH), at == len(way) - 2
        end = y2 - 3 if last else y2
        bend = (begin + end) / 2
        path += f"C{x1:g} {bend:g} {x2:g} {bend:g} {x2:g} {end:g}"
        path += "" if last else f"V{y2 + (HIGH if at % 2 else SAID):g}"
    ElementTree.SubElement(root, "path", {"class": "arrow", "d": path, "marker-end": "url(#head)"})
    x, y = way[1]
    share, days = " + ".join(_share(row) for row in held), "; ".join(sorted({_days(row) for row in held}))
    wide = max(len(share) * 7.5, len(days) * 6) + 8
    behind = {"x": f"{x - wide / 2:g}", "y": f"{y + 3:g}", "width": f"{wide:g}", "height": f"{SAID - 5}"}
    ElementTree.SubElement(root, "rect", {**behind, "fill": "#fff"})
    _text(root, "share", x, y + 17, share)
    _text(root, "days", x, y + 33, days)


def _share(row: Mapping[str, Any]) -> str:
    low, high = row["share_min"], row["share_max"]
    if row.get("kind") == "control":
        return clean(_short(row.get("by") or "control", 26))
    if low is None and high is None:
        return "share unknown"
    what = " of votes" if row.get("kind") == "votes" else ""
    least, most = 0.0 if low is None else low, 100.0 if high is None else high
    return f"{least:g} %{what}" if least == most else f"{least:g}–{most:g} %{what}"


def _days(row: Mapping[str, Any]) -> str:
    since = f"from {row['from']}" if row["from"] else "first day not stated"
    return f"{since} until {row['until']}" if row["until"] else since


def html(scene: Scene) -> str:
    """The picture as a page of its own, which loads nothing."""
    from html import escape

    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(scene.title)}</title>'
        f'<body style="margin:0;background:#fff;text-align:center">{svg(scene)}</body></html>\n'
    )

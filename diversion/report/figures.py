"""The pictures of a finding as Plotly figures: plain dictionaries of `data` and `layout`.

Nothing here imports Plotly, so that a page of fifty routes costs milliseconds; `figure` makes a
`plotly.graph_objects.Figure` of one for a notebook. Colours of paper, ink and land are left to the page,
which has a light and a dark side.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate
from typing import Any

from diversion.explain.words import amount, as_date, called, day, money, number, one_line, points, span
from diversion.findings import Finding, Record
from diversion.report.arcs import map_figure
from diversion.report.steps import numbered, steps

Spec = dict[str, Any]
Link = tuple[int, int, float, str, str]

HOP_COLOURS = ("#2f7fb5", "#d07a2d", "#4f9a63", "#9a68b0", "#c0504d", "#7c8a3a", "#5c6bc0", "#a1795b")
RAISES, LOWERS, BASE, SUM = "#c0504d", "#4f9a63", "#8a94a3", "#5b6b82"
BANDS = ((-1.0986, "25"), (0.0, "50"), (1.3863, "80"))
MOST_LINKS, MOST_BARS = 60, 120


def label(text: str, width: int = 0) -> str:
    """Text for a label of Plotly, which reads a subset of HTML: shown as it is, never read as markup.

    >>> label("<b>x</b> & y"), label("Kestrel Trading FZE", 9)
    ('&lt;b&gt;x&lt;/b&gt; &amp; y', 'Kestrel …')
    """
    text = one_line(text)
    if width and len(text) > width:
        text = text[: width - 1] + "…"
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def colour(hop: int) -> str:
    """The colour of a hop, counted from 1."""
    return HOP_COLOURS[(hop - 1) % len(HOP_COLOURS)]


def timeline(finding: Finding) -> Spec:
    """Every shipment from its departure to its arrival, hop under hop; hollow ends were estimated."""
    traces: list[Spec] = []
    ticks: list[float] = []
    names: list[str] = []
    level, numbers = 0, numbered(finding)
    for hop in range(1, finding.hops + 1):
        records = [r for r in finding.records if r.hop == hop][:MOST_BARS]
        lanes = _lanes(records)
        ticks.append(-(level + max(lanes, default=0) / 2))
        names.append(numbers.get(hop, f"hop {hop}"))
        traces.append(_bars(records, [-(level + lane) for lane in lanes], hop))
        level += max(lanes, default=0) + 2
    return {
        "data": traces,
        "layout": {
            "height": max(150, 74 + 17 * level),
            "margin": {"l": 56, "r": 16, "t": 12, "b": 34},
            "showlegend": False,
            "hovermode": "closest",
            "xaxis": {
                "type": "date", "automargin": True, "range": _days(finding), "tickformat": "%-d %b\n%Y",
                "fixedrange": True,
            },
            "yaxis": {
                "tickmode": "array", "tickvals": ticks, "ticktext": names, "zeroline": False,
                "showgrid": False, "range": [-level + 0.6, 1], "fixedrange": True,
            },
        },
    }  # fmt: skip


def _days(finding: Finding) -> list[str]:
    """The days to show: three weeks at least, and a little room at both ends."""
    days = [as_date(day) for r in finding.records for day in (r.departed_on, r.arrived_on)]
    first, last = min(days, default=as_date(finding.first_day)), max(days, default=as_date(finding.last_day))
    room = max(2, (last - first).days // 25, (21 - (last - first).days) // 2)
    return [day.isoformat() for day in (first - timedelta(room), last + timedelta(room))]


def _lanes(records: list[Record]) -> list[int]:
    """A line for each record, so that none that overlap share one."""
    ends: list[str] = []
    lanes: list[int] = []
    for record in records:
        free = next((i for i, end in enumerate(ends) if end < record.departed_on), len(ends))
        ends[free : free + 1] = [record.arrived_on]
        lanes.append(free)
    return lanes


def _bars(records: list[Record], levels: list[int], hop: int) -> Spec:
    x: list[str | None] = []
    y: list[int | None] = []
    symbols: list[str] = []
    said: list[str] = []
    for record, level in zip(records, levels, strict=True):
        x += [record.departed_on, record.arrived_on, None]
        y += [level, level, None]
        symbols += ["circle-open" if record.estimated else "circle"] * 3
        said += [_about(record)] * 2 + [""]
    return {
        "type": "scatter", "mode": "lines+markers", "x": x, "y": y, "text": said, "hoverinfo": "text",
        "line": {"color": colour(hop), "width": 5}, "name": f"hop {hop}",
        "marker": {"size": 9, "symbol": symbols, "color": colour(hop)},
    }  # fmt: skip


def _about(record: Record) -> str:
    lines = [label(record.shipment, 60), f"{label(record.sender, 44)} → {label(record.receiver, 44)}"]
    lines.append(
        span(record.departed_on, record.arrived_on) + (" (a day is estimated)" if record.estimated else "")
    )
    if record.quantity is not None:
        lines.append(label(amount(record.quantity, record.unit), 40))
    if record.value_usd is not None:
        lines.append(money(record.value_usd))
    return "<br>".join(lines)


def flow(finding: Finding) -> Spec:
    """What went from party to party: a band a shipment, wide by quantity, else by value, else by count."""
    measure, _ = measured(finding)
    nodes = finding.parties
    most = max(9, min(30, 72 // max(1, len(nodes) - 1)))
    links: list[Link] = []
    for step in steps(finding):
        if step.hop:
            links += _hop_links(finding, step.hop, step.one, measure)
        else:
            width = min(_through(finding, hop, measure) for hop in _around(finding, step.one))
            links.append((step.one, step.two, width, "rgba(138,148,163,.35)", "stands in"))
    return {
        "data": [
            {
                "type": "sankey", "arrangement": "snap", "valueformat": ",.6~g",
                "node": {
                    "label": [label(f"{i} {p.name}", most) for i, p in enumerate(nodes, 1)],
                    "color": [_node_colour(finding, i) for i in range(len(nodes))],
                    "pad": 18, "thickness": 16, "line": {"width": 0},
                    "hovertemplate": "%{customdata}<extra></extra>",
                    "customdata": [label(f"{called(p)} ({p.country or '?'})", 80) for p in nodes],
                },
                "link": {
                    "source": [link[0] for link in links], "target": [link[1] for link in links],
                    "value": [link[2] for link in links], "color": [link[3] for link in links],
                    "label": [link[4] for link in links], "hovertemplate": "%{label}<extra></extra>",
                },
            }
        ],
        "layout": {"height": 210, "margin": {"l": 4, "r": 4, "t": 14, "b": 14}},
    }  # fmt: skip


def measured(finding: Finding) -> tuple[Callable[[Record], float], str]:
    """What the width of a band means: its function and its words."""
    units = {r.unit for r in finding.records}
    if len(units) == 1 and all(r.quantity for r in finding.records):
        return (lambda r: float(r.quantity or 0)), one_line(next(iter(units)) or "units")
    if finding.records and all(r.value_usd for r in finding.records):
        return (lambda r: float(r.value_usd or 0)), "US dollars"
    return (lambda r: 1.0), "shipments"


def _around(finding: Finding, jump: int) -> list[int]:
    """The hops before and after the step that begins at that party."""
    return [step.hop for step in steps(finding) if step.hop and abs(step.one - jump) == 1] or [1]


def _through(finding: Finding, hop: int, measure: Callable[[Record], float]) -> float:
    return sum(measure(r) for r in finding.records if r.hop == hop) or 1.0


def _hop_links(finding: Finding, hop: int, place: int, measure: Callable[[Record], float]) -> list[Link]:
    records = [r for r in finding.records if r.hop == hop]
    tint = _tint(colour(hop))
    if len(records) <= MOST_LINKS and records:
        return [(place, place + 1, measure(r), tint, _about(r)) for r in records]
    said = f"hop {hop}: {number(len(records))} shipments"
    return [(place, place + 1, _through(finding, hop, measure), tint, said)]


def _tint(code: str) -> str:
    red, green, blue = (int(code[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},.45)"


def _node_colour(finding: Finding, index: int) -> str:
    return RAISES if index == len(finding.parties) - 1 else "#5b6b82"


def waterfall(finding: Finding) -> Spec:
    """From the base through every factor to the score, in log-odds; dotted lines are the bands."""
    rows = [
        (c, p)
        for c, p in zip(finding.contributions, points([c.points for c in finding.contributions]), strict=True)
        if c.points
    ]
    rows.sort(key=lambda row: (-row[0].points, row[0].factor))
    total = finding.base + sum(c.points for c in finding.contributions)
    names = ["base", *(label(c.factor.replace("_", " "), 30) for c, _ in rows), "sum"]
    values = [finding.base, *(c.points for c, _ in rows), total]
    texts = [_signed(finding.base), *(_signed(p) for _, p in rows), f"{_signed(total)} → {finding.score:.0f}"]
    said = [
        "where every route starts",
        *(_folded(c.detail) for c, _ in rows),
        f"score {finding.score:.1f} of 100",
    ]
    keys = list(range(len(names)))
    reached = list(accumulate(values[:-1]))
    low, high = min(0.0, *reached), max(0.0, *reached)
    pad = 0.16 * (high - low or 1.0)
    return {
        "data": [
            {
                "type": "waterfall", "orientation": "h", "y": keys, "x": values, "text": texts,
                "cliponaxis": False, "measure": ["absolute", *("relative" for _ in rows), "total"],
                "hovertext": said, "hoverinfo": "text", "textposition": "outside",
                "increasing": {"marker": {"color": RAISES}}, "decreasing": {"marker": {"color": LOWERS}},
                "totals": {"marker": {"color": SUM}}, "connector": {"line": {"width": 1, "color": BASE}},
            }
        ],
        "layout": {
            "height": 90 + 27 * len(names), "margin": {"l": 10, "r": 56, "t": 26, "b": 40},
            "showlegend": False,
            "xaxis": {"title": {"text": "log-odds"}, "zeroline": False, "fixedrange": True,
                      "range": [low - pad, high + 1.6 * pad]},
            "yaxis": {
                "autorange": "reversed", "fixedrange": True, "automargin": True, "tickmode": "array",
                "tickvals": keys, "ticktext": names, "showgrid": False,
            },
            "shapes": [
                {"type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
                 "line": {"dash": "dot", "width": 1, "color": BASE}, "layer": "below"}
                for at, _ in BANDS
            ],
            "annotations": [
                {"x": at, "y": 1, "xref": "x", "yref": "paper", "yanchor": "bottom", "showarrow": False,
                 "text": name, "font": {"size": 11}}
                for at, name in BANDS
            ],
        },
    }  # fmt: skip


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def _folded(text: str) -> str:
    from textwrap import wrap

    return "<br>".join(label(line) for line in wrap(one_line(text), 56))


def route_map(finding: Finding) -> Spec:
    """Arcs between the countries of the parties; a party stands in its country, not at its address."""
    return map_figure(finding, colour, label)


def captions(finding: Finding) -> dict[str, str]:
    """What each picture shows and where it stops, in words."""
    most = max((sum(r.hop == h for r in finding.records) for h in range(1, finding.hops + 1)), default=0)
    cut = f" Drawn are the first {MOST_BARS} shipments of a hop." if most > MOST_BARS else ""
    since = finding.restricted.first or finding.restricted.since
    known = f" {called(finding.parties[-1])}: restricted since {day(since)}." if since else ""
    nowhere = [called(p) for p in finding.parties if not p.country]
    missing = f" Not drawn, for want of a country: {', '.join(nowhere)}." if nowhere else ""
    return {
        "timeline": "Each bar is a shipment from departure to arrival; a hollow end was estimated."
        f"{known}{cut}",
        "flow": f"A band is a shipment, from the left to the right; its width is in {measured(finding)[1]}.",
        "map": "The numbers are the parties in order, each at a point of its country, not at its address. "
        "Boundaries: United Nations geodata as shipped with plotly.js; they imply no opinion on the status "
        f"of any territory.{missing}",
        "waterfall": "Points are log-odds; the dotted lines are scores of 25, 50 and 80.",
        "ownership": "Shares as stated in the sources, from the owner above to what it owns below.",
    }


def figures(finding: Finding) -> dict[str, Spec]:
    """Every Plotly picture of the finding by name."""
    return {
        "timeline": timeline(finding),
        "flow": flow(finding),
        "map": route_map(finding),
        "waterfall": waterfall(finding),
    }


def figure(spec: Spec) -> Any:
    """The specification as a `plotly.graph_objects.Figure`; imports Plotly, a second the first time."""
    from plotly.graph_objects import Figure

    return Figure(spec)

"""The report: one HTML file that holds everything it needs and asks nothing of any network.

Everything that came from a file is escaped by the template engine. Scripts are named by their digest in the
page's Content-Security-Policy, so that no other script runs even if one got in.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from diversion.errors import DiversionError
from diversion.explain.words import amount, clean, counted, day, money, number, points, shown, span
from diversion.findings import Contribution, Finding
from diversion.report.data import ReportData
from diversion.report.direction import isolated
from diversion.report.figures import captions, figures
from diversion.report.ownership import drawing
from diversion.report.places import STATIC, country_name
from diversion.report.steps import numbered, steps
from diversion.report.tails import Group, Ranked, groups
from diversion.report.text import place_of, signed

TEMPLATES = Path(__file__).resolve().parent / "templates"
_ANCHOR = re.compile("[A-Za-z0-9_-]{1,64}")


def write(report: ReportData, path: Path) -> None:
    """Write the page to `path`: about 5.5 MB, of which Plotly is 4.8 and the map 0.5.

    Fifty routes told in full take well under a second. Raises `DiversionError` where it cannot be written.
    """
    page = "".join(render(report))
    try:
        Path(path).write_text(page, encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        do = f"make the folder {Path(path).parent} first" if missing else "make room"
        hint = f"name another file with --out, or {do}"
        raise DiversionError(error.strerror or "cannot be written", where=str(path), hint=hint) from error


def render(report: ReportData) -> Iterator[str]:
    """The page in pieces."""
    scripts = [_script(plotly_source()), _script(_static("report.js"))]
    every = groups(report.findings)
    told = every[: report.told]
    table = _table(every, len(told), report.tabled)
    view = {
        "report": report,
        "summary": report.summary,
        "scripts": scripts,
        "hashes": " ".join(f"'sha256-{_digest(script)}'" for script in scripts),
        "style": Markup(_static("report.css")),
        "world": embedded(json.loads(_static("world_50m.json"))),
        "table": table,
        "routes": [_route(group, report) for group in told],
        "untold": len(report.findings) - len(table),
        "wholes": len(every),
        "rows": {row["finding"].route_id: row["row_id"] for row in table if row["tail_of"]},
    }
    yield from _environment().get_template("report.html").generate(view)


def plotly_source() -> str:
    """Plotly's own script, as the installed package ships it."""
    from plotly.offline import get_plotlyjs

    source: str = get_plotlyjs()
    return source


def embedded(data: Any) -> Markup:
    r"""Data as JSON that no reader of HTML or JavaScript takes for an end of the script.

    >>> embedded({"a": "</script><!--"})
    Markup('{"a":"\\u003c/script\\u003e\\u003c!--"}')
    """
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for letter in "<>&'":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)


def anchor(route_id: str, rank: int) -> str:
    """The id of the route on the page: its own where that is fit for an address."""
    return route_id if _ANCHOR.fullmatch(route_id) else f"route-{rank}"


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _script(source: str) -> Markup:
    # Browsers hash what they parsed, in which every line ends with a line feed.
    return Markup(source.replace("\r\n", "\n").replace("\r", "\n"))


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode("utf-8")).digest()).decode("ascii")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.filters.update(
        day=day, money=money, number=number, counted=counted, country=country_name, shown=_name,
        isolated=isolated, signed=signed, amount=amount, place=place_of,
    )  # fmt: skip
    environment.globals.update(span=span)
    return environment


def _name(name: str, country: str | None) -> Markup:
    return isolated(shown(name, country))


def _visible(value: Any) -> Any:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return clean(value)


def _table(every: Sequence[Group], told: int, most: int) -> list[dict[str, Any]]:
    """The rows of the table, each route followed by its tails, which lead to the section of the whole."""
    rows = []
    for at, group in enumerate(every):
        for one in group:
            row = _row(group.whole if at < told else None, one)
            tail_of = None if one is group.whole else group.whole.rank
            rows.append({**row, "tail_of": tail_of, "tails": 0 if tail_of else len(group.tails)})
        if len(rows) >= most:
            break
    return rows[:most]


def _row(section: Ranked | None, one: Ranked) -> dict[str, Any]:
    """What a row says of `one`, and the section that tells it."""
    rank, finding = one.rank, one.finding
    return {
        "rank": rank,
        "finding": finding,
        "anchor": anchor(section.finding.route_id, section.rank) if section else None,
        "row_id": anchor(finding.route_id, rank),
        "shipments": sum(len(hop) for hop in finding.shipments),
        "days": span(finding.first_day, finding.last_day),
    }


def _route(group: Group, report: ReportData) -> dict[str, Any]:
    finding = group.whole.finding
    rows = list(zip(finding.contributions, points([c.points for c in finding.contributions]), strict=True))
    most = max((abs(c.points) for c in finding.contributions), default=1.0) or 1.0
    return {
        **_row(group.whole, group.whole),
        "tails": [_row(group.whole, tail) for tail in group.tails],
        "for": _scored(sorted((r for r in rows if r[0].points >= 0), key=lambda r: -r[0].points), most),
        "against": _scored(sorted((r for r in rows if r[0].points < 0), key=lambda r: r[0].points), most),
        "sum": sum(share for _, share in rows),
        "figures": embedded(figures(finding)),
        "captions": captions(finding),
        "ownership": drawing(finding),
        "caveats": [_caveat(said) for said in finding.caveats],
        "chain": list(_chain(finding)),
        "numbers": numbered(finding),
        "law": "; ".join(line.rstrip(".") for line in finding.law),
        "decisions": report.decisions.get(finding.route_id, ()),
    }


def _scored(rows: list[tuple[Contribution, float]], most: float) -> list[dict[str, Any]]:
    return [{"c": c, "points": share, "width": round(100 * abs(c.points) / most)} for c, share in rows]


def _caveat(said: str) -> tuple[str, str]:
    word, _, rest = said.partition(": ")
    return (word, rest) if rest and len(word) < 12 else ("", said)


def _chain(finding: Finding) -> Iterator[dict[str, Any]]:
    """Parties in order, each with the step that leads on from it."""
    after = {step.one: step for step in steps(finding)}
    for at, party in enumerate(finding.parties):
        step = after.get(at)
        told: dict[str, Any] = {"party": party, "number": at + 1, "step": step}
        if step and step.hop:
            told["hop"] = finding.per_hop[min(step.hop, len(finding.per_hop)) - 1]
            told["count"] = len(finding.shipments[min(step.hop, len(finding.shipments)) - 1])
        yield told

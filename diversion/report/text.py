"""One finding as a page of plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import wrap

from diversion.explain.words import amount, called, clean, counted, day, money, number, one_line, points, span
from diversion.findings import Contribution, Finding, Record

WIDTH = 120
DETAIL, SOURCE = 66, 40
LABEL = 11
_PER_CENT = re.compile("(?<=[0-9]) %")
DISCLAIMER = "This finding does not say that anyone broke the law."


def text(
    finding: Finding,
    *,
    rank: int | None = None,
    total: int | None = None,
    decisions: Sequence[str] = (),
    others: int | None = None,
) -> str:
    """The whole finding in plain text, about 120 columns wide, without colour codes.

    `rank` of `total` corridors stand in the heading; `decisions` is what people decided about it;
    `others` is how many other corridors pass a party between its ends, None where that was not counted.
    """
    parts = [
        [heading(finding, rank, total, others)],
        _block("What happened", _sentences(finding.happened)),
        _chain(finding),
        _scorecard(finding),
        _block("How sure", _sure(finding)),
        _block("What would settle it", _numbered(finding.settle)),
        _block("Records", _records(finding.records)),
        ["Decision  " + (" · ".join(map(one_line, decisions)) or "none recorded")],
        _law(finding),
    ]
    return "\n\n".join("\n".join(clean(line.rstrip()) for line in part) for part in parts if part)


def heading(finding: Finding, rank: int | None, total: int | None, others: int | None = None) -> str:
    """Id, band and score, coverage, rank, and how many others share its broker."""
    place = ""
    if rank is not None:
        place = f"   no. {rank:,}" + (f" of {counted(total, 'corridor')}" if total else "")
    inside = f"   the tail of {one_line(finding.within)}" if finding.within else ""
    if others is not None:
        place += f"; {_sharing(others)}" if place else f"   {_sharing(others)}"
    score = f"{finding.band.upper()} {finding.score:.0f}"
    return f"{one_line(finding.route_id)}  {score}   coverage {finding.coverage:.2f}{place}{inside}"


def _sharing(others: int) -> str:
    """How many other corridors pass the same broker.

    >>> _sharing(0), _sharing(1), _sharing(3)
    ('no other shares this broker', '1 other shares this broker', '3 others share this broker')
    """
    if others == 0:
        return "no other shares this broker"
    return f"{others:,} other shares this broker" if others == 1 else f"{others:,} others share this broker"


def _block(title: str, lines: Iterable[str]) -> list[str]:
    return [title, *(list(lines) or ["  none"])]


def _filled(line: str, indent: int = 2, hang: int = 2) -> list[str]:
    return _wrapped(line, WIDTH, " " * indent, " " * hang)


def _wrapped(line: str, width: int, indent: str = "", hang: str = "") -> list[str]:
    kept = _PER_CENT.sub("\u00a0%", one_line(line))
    lines = wrap(kept, width, initial_indent=indent, subsequent_indent=hang, break_on_hyphens=False)
    return [part.replace("\u00a0%", " %") for part in lines] or [""]


def _sentences(sentences: Sequence[str]) -> list[str]:
    return [line for sentence in sentences for line in _filled(sentence)]


def _numbered(lines: Sequence[str]) -> list[str]:
    return [part for at, line in enumerate(lines, 1) for part in _filled(f"{at}. {line}", 2, 5)]


def _chain(finding: Finding) -> list[str]:
    """The route as a picture of letters: one line a party, with what went between."""
    lines = []
    hop, jumps = 0, {b.hop for b in finding.breaks if b.stands_in}
    last = len(finding.parties) - 1
    for at, party in enumerate(finding.parties):
        mark = "  ◀ restricted" if at == last and finding.restricted.party_id == party.id else ""
        lines.append(
            f"  {called(party)} ({one_line(party.country or '?')}){_why_end(finding) if mark else ''}"
        )
        if at == last:
            break
        if hop + 1 in jumps and hop > 0:
            jumps.discard(hop + 1)
            kind = next(b.kind for b in finding.breaks if b.hop == hop + 1 and b.stands_in)
            lines.append("   ┆  possibly the same" if kind == "possibly-same" else f"   ┆  same {kind}")
            continue
        lines.append(_arrow(finding, hop))
        hop += 1
    return lines


def _why_end(finding: Finding) -> str:
    word = {"yes": "restricted", "undetermined": "undetermined", "no": "named end"}[
        finding.restricted.verdict
    ]
    first = finding.restricted.first or finding.restricted.since
    since = f" since {day(first)}" if first else ""
    owned = [h for h in finding.restricted.proof if h.owned == finding.restricted.party_id]
    how = " (owned)" if owned or finding.restricted.proof else ""
    return f"  ◀ {word}{how}{since}"


def _arrow(finding: Finding, hop: int) -> str:
    step = finding.per_hop[min(hop, len(finding.per_hop) - 1)]
    count = len(finding.shipments[hop]) if hop < len(finding.shipments) else 0
    much = f", {number(step.quantity)} {one_line(step.unit or 'units')}" if step.quantity is not None else ""
    return f"   │  {counted(count, 'shipment')}{much}, {span(step.first_day, step.last_day)}\n   ▼"


def _scorecard(finding: Finding) -> list[str]:
    shares = points([c.points for c in finding.contributions])
    rows = list(zip(finding.contributions, shares, strict=True))
    raising = sorted((r for r in rows if r[0].points >= 0), key=lambda r: -r[0].points)
    lowering = sorted((r for r in rows if r[0].points < 0), key=lambda r: r[0].points)
    head = f"{'Why it was flagged':<{DETAIL + 4}}{'points':>6}   source"
    lines = [head, *_rows(raising), "What speaks against it", *_rows(lowering)]
    lines.append("What could not be judged (no points either way)")
    unjudged = [f"{u.factor.replace('_', ' ')} ({u.why})" for u in finding.unjudged]
    lines += _filled("; ".join(unjudged)) if unjudged else ["  nothing: every factor had the data it needs"]
    total = sum(shares)
    lines.append(
        f"  Sum {signed(total)}, base {signed(finding.base)} → {finding.score:.0f} of 100 "
        "(points are log-odds: 100 / (1 + e^−(base + sum)))"
    )
    return lines


def _rows(rows: Sequence[tuple[Contribution, float]]) -> list[str]:
    if not rows:
        return ["  nothing in the records at hand"]
    return [line for contribution, share in rows for line in _row(contribution, share)]


def _row(contribution: Contribution, share: float) -> list[str]:
    left, right = _wrapped(contribution.detail, DETAIL), _wrapped(contribution.source, SOURCE)
    lines = []
    for at in range(max(len(left), len(right))):
        said = left[at] if at < len(left) else ""
        source = right[at] if at < len(right) else ""
        mark = signed(share) if at == 0 else ""
        lines.append(f"  {said:<{DETAIL}}  {mark:>6}   {source}")
    return lines


def signed(value: float) -> str:
    """Points with their sign; a true minus.

    >>> signed(1.94), signed(-0.4), signed(0.0)
    ('+1.9', '−0.4', '0.0')
    """
    if abs(value) < 0.05:
        return "0.0"
    return f"{value:+.1f}".replace("-", "−")


def _sure(finding: Finding) -> list[str]:
    lines = [line for said in finding.identity for line in _labelled("Identity", said)]
    for said in finding.caveats:
        label, _, rest = said.partition(": ")
        lines += _labelled(label, rest) if rest and len(label) < LABEL else _labelled("", said)
    return lines


def _labelled(label: str, said: str) -> list[str]:
    lines = _wrapped(said, WIDTH - LABEL - 2)
    return [f"  {label if not at else '':<{LABEL}}{line}" for at, line in enumerate(lines)]


def _records(records: Sequence[Record]) -> list[str]:
    ids = [one_line(r.shipment) for r in records]
    width = min(max((len(name) for name in ids), default=0), 28)
    return [
        line
        for name, record in zip(ids, records, strict=True)
        for line in _wrapped(_record(record), WIDTH, f"  {name:<{width}}  ", " " * (width + 4))
    ]


def _record(record: Record) -> str:
    """Days, parties as written, amount, and the place of the row in its file."""
    guess = " (a day is estimated)" if record.estimated else ""
    sender, receiver = (one_line(who) or "(blank)" for who in (record.sender, record.receiver))
    parts = [f"{span(record.departed_on, record.arrived_on)}{guess}", f"{sender} → {receiver}"]
    if record.quantity is not None:
        parts.append(amount(record.quantity, record.unit))
    if record.value_usd is not None:
        parts.append(money(record.value_usd))
    return " · ".join([*parts, place_of(record)])


def place_of(record: Record) -> str:
    """File, sheet and row of a record, as far as they are known."""
    sheet = f" sheet {one_line(record.sheet)}" if record.sheet else ""
    row = f" row {record.row:,}" if record.row is not None else ""
    return f"{one_line(record.file)}{sheet}{row}"


def _law(finding: Finding) -> list[str]:
    lists = "; ".join(one_line(line).rstrip(".") for line in finding.law) or "none stated"
    return [*_filled(f"List versions and law: {lists}.", 0, 2), DISCLAIMER]

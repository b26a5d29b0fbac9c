"""Which columns each kind of file has, and by which headers they are known (`data/columns.toml`).

A header is compared without case, spaces, underscores and punctuation. What the headers of shipments may be
called, in which language, and what their values look like, is told by `recognise.py`.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from diversion.ingest.joined import AND, further, places
from diversion.ingest.meanings import trade
from diversion.ingest.periods import Period
from diversion.ingest.recognise import ALIKE, ENOUGH, Table, recognise
from diversion.ingest.report import Mapped
from diversion.ingest.said import constants_of, weigh_values
from diversion.ingest.words import read

SAME, SYNONYM = 1.0, 0.9
"""Confidence: the canonical name, a synonym."""

PERIOD = 0.6
"""Confidence in the time of a table that only its title or its name states."""

NOT_PARTIES = -2.0
"""What headers say of trade (`meanings.trade`) where they are of a survey, a ledger or the like."""

ROLES = ("exporter", "consignee", "forwarder", "notify_party", "end_user", "carrier", "bank", "declarant")
Sample = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Kind:
    """A kind of file: its columns, and groups of which one column each must be there.

    `least` is the share of the columns of a file that must be known for it to be taken for this kind unasked.
    A kind that is not `unasked` is only given by readers of documents, never told by the columns of a table.
    """

    name: str
    columns: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]
    least: float = 0.0
    unasked: bool = True


_TABLE = tomllib.loads((files("diversion.ingest") / "data" / "columns.toml").read_text(encoding="utf-8"))

KINDS: dict[str, Kind] = {
    name: Kind(
        name,
        tuple(raw["columns"]),
        tuple(tuple(group) for group in raw["required"]),
        raw.get("least", 0.0),
        raw.get("unasked", True),
    )
    for name, raw in _TABLE["kinds"].items()
}
TABLES = tuple(name for name, kind in KINDS.items() if kind.unasked)
"""Kinds that the columns of a table tell."""


@cache
def squeeze(header: str) -> str:
    """A header without case, accents, spaces and punctuation.

    >>> squeeze(" HS_Code. ") == squeeze("hs code")
    True
    """
    plain = unicodedata.normalize("NFKD", header).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


@cache
def _words(kind: str) -> dict[str, tuple[str, float]]:
    """Squeezed header → canonical column and confidence, the surest first."""
    found: dict[str, tuple[str, float]] = {}
    own = {column: [column] for column in KINDS[kind].columns}
    for table, confidence in ((own, ALIKE), (_TABLE["known_as"], SYNONYM)):
        for canonical in KINDS[kind].columns:
            for word in table.get(canonical, ()):
                found.setdefault(squeeze(word), (canonical, confidence))
    if kind == "us_csl":
        # What a publisher calls its columns is no guess: only its own names count.
        return {word: hit for word, hit in found.items() if hit[1] == ALIKE}
    if kind == "shipments":
        # An id of a party is the tool's own only under its own name: elsewhere it is a number of a register.
        ids = {f"{role}_id" for role in ROLES}
        return {word: hit for word, hit in found.items() if hit[1] == ALIKE and hit[0] not in ids}
    return found


@dataclass(frozen=True)
class Layout:
    """How one sheet is read: its kind, and for each canonical column the position of its header."""

    kind: str
    position: Mapping[str, int]
    mapping: Mapping[str, Mapped]
    constants: Mapping[str, str] = field(default_factory=dict)
    """Canonical columns with one value for every row, told by a header (`FOB (INR)`) or by a person."""
    sure: float = 1.0
    """How sure it is that the sheet holds this kind, 0 to 1."""
    further: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Columns that are read as one with the one at `position`, in order."""
    notes: tuple[str, ...] = ()
    """What a person should know of how it is read."""


def lay_out(
    kind: str, header: Sequence[str], explicit: Mapping[str, str] | None = None, sample: Sample = ()
) -> Layout:
    """The best mapping of `header` for `kind`, `sample` being rows below it; nothing is required here.

    `explicit` wins: canonical column → header, or `#14` for the 14th column, or nothing for no column.
    """
    columns = KINDS[kind].columns
    named = {c: places(h, header) for c, h in (explicit or {}).items() if c in columns}
    fixed = {c: at[0] for c, at in named.items() if at}
    refused = {c for c, h in (explicit or {}).items() if not h}
    best = {c: (SAME, at) for c, at in fixed.items()}
    for column, confidence, at in _by_name(kind, header):
        taken = {place for _, place in best.values()}
        if column not in best and column not in refused and at not in taken:
            best[column] = (confidence, at)
    layout = (
        _shipments(header, best, refused, sample) if kind == "shipments" else _layout(kind, header, best, {})
    )
    more: dict[str, Sequence[int]] = {c: at[1:] for c, at in named.items() if at[1:]}
    if kind == "shipments":
        more |= further(header, layout.position, fixed)
    return _joined(layout, header, more) if more else layout


def _joined(layout: Layout, header: Sequence[str], more: Mapping[str, Sequence[int]]) -> Layout:
    """The layout in which columns go on in others."""
    shown = {
        c: replace(layout.mapping[c], column=AND.join(header[at] or f"#{at + 1}" for at in places_of))
        for c, rest in more.items()
        for places_of in [(layout.position[c], *rest)]
    }
    return replace(layout, mapping={**layout.mapping, **shown}, further=more)


def _by_name(kind: str, header: Sequence[str]) -> list[tuple[str, float, int]]:
    """Columns that the headers are by name alone, the surest first; of shipments only the canonical names."""
    hits = []
    for at, text in enumerate(header):
        canonical, confidence = _words(kind).get(squeeze(text), ("", 0.0))
        if text.strip() in KINDS[kind].columns:
            canonical, confidence = text.strip(), SAME
        if canonical and (kind != "shipments" or confidence == SAME):
            hits.append((canonical, confidence, at))
    return sorted(hits, key=lambda hit: (-hit[1], hit[2]))


def _layout(
    kind: str, header: Sequence[str], best: Mapping[str, tuple[float, int]], constants: Mapping[str, str]
) -> Layout:
    order = [c for c in KINDS[kind].columns if c in best]
    shown = {c: Mapped(header[best[c][1]] or f"#{best[c][1] + 1}", best[c][0]) for c in order}
    layout = Layout(kind, {c: best[c][1] for c in order}, shown, constants)
    if kind != "shipments":
        return layout
    return replace(layout, sure=_sure(layout, header))


def _shipments(
    header: Sequence[str], best: dict[str, tuple[float, int]], refused: set[str], sample: Sample
) -> Layout:
    alike = {
        at: hit[0]
        for at, text in enumerate(header)
        if (hit := _words("shipments").get(squeeze(text))) is not None
    }
    taken = {column: at for column, (_, at) in best.items()}
    allowed = [column for column in KINDS["shipments"].columns if column not in refused]
    for told in recognise(Table.of(header, sample), taken, allowed, alike):
        best[told.column] = (told.confidence, told.at)
    weigh_values(header, best, SAME)
    constants = constants_of({c: header[at] for c, (_, at) in best.items()})
    if "currency" in constants and best.get("currency", (0.0, 0))[0] < SAME:
        best.pop("currency", None)
    return _layout("shipments", header, best, constants)


def stated(layout: Layout, constants: Mapping[str, str]) -> Layout:
    """The layout with values that a person states for every row; they win over columns."""
    mine = {c: value for c, value in constants.items() if c in KINDS[layout.kind].columns}
    if not mine:
        return layout
    position = {c: at for c, at in layout.position.items() if c not in mine}
    mapping = {c: mapped for c, mapped in layout.mapping.items() if c not in mine}
    more = {c: at for c, at in layout.further.items() if c not in mine}
    layout = replace(layout, further=more)
    return replace(layout, position=position, mapping=mapping, constants={**layout.constants, **mine})


def _sure(layout: Layout, header: Sequence[str]) -> float:
    """How sure it is that a table holds shipments.

    It is the weakest of goods, time and party, and less where little speaks of trade over borders.
    """
    sure = {column: mapped.confidence for column, mapped in layout.mapping.items()}
    goods = max(sure.get("hs_code", 0.0), 0.9 * sure.get("description", 0.0))
    papers = max(sure.get("shipment_id", 0.0), sure.get("bill_of_lading", 0.0))
    time = max(
        *(sure.get("departed_on", 0.0), sure.get("arrived_on", 0.0), 0.8 * sure.get("year", 0.0)),
        *(0.7 * papers, PERIOD if "year" in layout.constants else 0.0),
    )
    named = [c for role in ROLES[:5] for c in (role, f"{role}_id", f"{role}_identifier")]
    party = max(sure.get(column, 0.0) for column in named)
    traded = [sure.get(c, 0.0) for c in ("origin_country", "exporter_country", "consignee_country")]
    amounts = [sure.get(c, 0.0) for c in ("value", "value_usd", "weight_kg", "gross_weight_kg", "quantity")]
    party = max(party, 0.9 * min(max(traded), max(amounts)))
    hs = layout.position.get("hs_code")
    told = trade(header) + (2.0 if hs is not None and "hs" not in read(header[hs]).concepts else 0.0)
    found = min(goods, time, party, 1.0) * min(1.0, told / 5)
    # Goods by their code, on a day, between countries or in amounts: nothing else looks like that.
    amounted = sum(one >= 0.6 for one in (max(traded), *sorted(amounts)[-3:]))
    plain = sure.get("hs_code", 0.0) >= 0.55 and time >= 0.5 and party >= 0.4 and amounted > 1
    return round(max(found, 0.55) if plain else found, 2)


def missing(layout: Layout) -> list[tuple[str, ...]]:
    """Groups of required columns of which none is there."""
    groups = KINDS[layout.kind].required
    there = {*layout.position, *layout.constants}
    return [group for group in groups if not there.intersection(group)]


def guess(
    header: Sequence[str],
    kind: str | None = None,
    explicit: Mapping[str, str] | None = None,
    sample: Sample = (),
    when: Period | None = None,
) -> Layout | None:
    """The layout that recognises most of `header`, of `kind` if given; None where required columns miss.

    `sample` are rows below the header: what stands in them confirms, contradicts or replaces a name. `when`
    is the period that a table without days is of.

    >>> layout = guess(["Shipper", "Consignee", "HS CODE", "Departure Date"])
    >>> layout.kind, layout.mapping["hs_code"].confidence
    ('shipments', 0.97)
    """
    layouts = [
        dated(lay_out(name, header, explicit, sample), header, when) for name in ([kind] if kind else TABLES)
    ]
    whole = [layout for layout in layouts if not missing(layout) and (kind or _known_enough(layout, header))]
    return max(whole, key=weight, default=None)


def dated(layout: Layout, header: Sequence[str], when: Period | None) -> Layout:
    """The layout with the period of all rows, where it names parties and no column holds a day or a year."""
    there = {*layout.position, *layout.constants}
    if layout.kind != "shipments" or when is None or there & {"departed_on", "arrived_on", "year"}:
        return layout
    if not there & {"exporter", "consignee"}:
        return layout
    more = {c: value for c, value in when.constants.items() if c not in there}
    whole = replace(layout, constants={**layout.constants, **more}, notes=(*layout.notes, when.note))
    return replace(whole, sure=_sure(whole, header))


def _known_enough(layout: Layout, header: Sequence[str]) -> bool:
    if layout.kind == "parties" and trade(header) <= NOT_PARTIES:
        return False
    named = sum(1 for text in header if text.strip())
    return len(layout.mapping) >= KINDS[layout.kind].least * named and layout.sure >= ENOUGH


def weight(layout: Layout) -> float:
    """How much of a header a layout recognises."""
    return sum(mapped.confidence for mapped in layout.mapping.values())


def nearest(
    header: Sequence[str],
    kind: str | None = None,
    explicit: Mapping[str, str] | None = None,
    sample: Sample = (),
    when: Period | None = None,
) -> Layout:
    """The layout that comes closest, even where required columns miss."""
    return guess(header, kind, explicit, sample, when) or max(
        (lay_out(name, header, explicit, sample) for name in ([kind] if kind else TABLES)), key=weight
    )

"""Which columns each kind of file has, and by which headers they are known (`data/columns.toml`).

A header is compared without case, spaces, underscores and punctuation.
"""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from diversion.errors import BadInput
from diversion.ingest.report import Mapped

SAME, ALIKE, SYNONYM, WEAK = 1.0, 0.97, 0.9, 0.6
"""Confidence: the canonical name, the same but for case and punctuation, a synonym, an ambiguous word."""

ROLES = ("exporter", "consignee", "forwarder", "notify_party", "end_user", "carrier", "bank", "declarant")


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
    columns = KINDS[kind].columns
    own = {column: [column] for column in columns}
    for table, confidence in ((own, ALIKE), (_TABLE["known_as"], SYNONYM), (_TABLE["ambiguous"], WEAK)):
        for canonical in columns:
            for word in table.get(canonical, ()):
                found.setdefault(squeeze(word), (canonical, confidence))
    if kind == "us_csl":
        # What a publisher calls its columns is no guess: only its own names count.
        return {word: hit for word, hit in found.items() if hit[1] == ALIKE}
    return found


@dataclass(frozen=True)
class Layout:
    """How one sheet is read: its kind, and for each canonical column the position of its header."""

    kind: str
    position: Mapping[str, int]
    mapping: Mapping[str, Mapped]
    constants: Mapping[str, str] = field(default_factory=dict)
    """Canonical columns with one value for every row, told by a header (`FOB (INR)`) or by a person."""


def lay_out(kind: str, header: Sequence[str], explicit: Mapping[str, str] | None = None) -> Layout:
    """The best mapping of `header` for `kind`; nothing is required here."""
    best: dict[str, tuple[float, int]] = {}
    for at, text in enumerate(header):
        canonical, confidence = _words(kind).get(squeeze(text), ("", 0.0))
        if text.strip() == canonical:
            confidence = SAME
        if canonical and confidence > best.get(canonical, (0.0, 0))[0]:
            best[canonical] = (confidence, at)
    named = {c: h for c, h in (explicit or {}).items() if c in KINDS[kind].columns and h in header}
    for canonical, text in named.items():
        at = list(header).index(text)
        best = {c: hit for c, hit in best.items() if hit[1] != at}
        best[canonical] = (SAME, at)
    order = [c for c in KINDS[kind].columns if c in best]
    return Layout(
        kind,
        {c: best[c][1] for c in order},
        {c: Mapped(header[best[c][1]], best[c][0]) for c in order},
    )


def missing(layout: Layout) -> list[tuple[str, ...]]:
    """Groups of required columns of which none is there."""
    groups = KINDS[layout.kind].required
    return [group for group in groups if not any(name in layout.position for name in group)]


def guess(
    header: Sequence[str], kind: str | None = None, explicit: Mapping[str, str] | None = None
) -> Layout | None:
    """The layout that recognises most of `header`, of `kind` if given; None where required columns miss.

    >>> layout = guess(["Shipper", "Consignee", "HS CODE", "Departure Date"])
    >>> layout.kind, layout.mapping["hs_code"].confidence
    ('shipments', 0.97)
    """
    layouts = [lay_out(name, header, explicit) for name in ([kind] if kind else TABLES)]
    whole = [layout for layout in layouts if not missing(layout) and (kind or _known_enough(layout, header))]
    return max(whole, key=_weight, default=None)


def _known_enough(layout: Layout, header: Sequence[str]) -> bool:
    named = sum(1 for text in header if text.strip())
    return len(layout.mapping) >= KINDS[layout.kind].least * named


def _weight(layout: Layout) -> float:
    return sum(mapped.confidence for mapped in layout.mapping.values())


def demand(header: Sequence[str], kind: str | None, explicit: Mapping[str, str] | None, where: str) -> Layout:
    """As `guess`, but raises `BadInput` that names what was found and what was expected."""
    _check_explicit(header, explicit, where)
    layout = guess(header, kind, explicit)
    if layout:
        return layout
    shown = ", ".join(repr(text[:40]) for text in header[:30]) or "none"
    nearest = max((lay_out(name, header, explicit) for name in ([kind] if kind else TABLES)), key=_weight)
    wants = "; ".join(" or ".join(group) for group in missing(nearest))
    if wants and (kind or len(nearest.mapping) > 3):
        raise BadInput(
            f"as {nearest.kind}, no column holds {wants}; the columns found are {shown}",
            where=where,
            hint=_hint(header, missing(nearest)),
        )
    lacks = f"; as {nearest.kind} they lack {wants}" if wants and nearest.mapping else ""
    raise BadInput(
        f"its columns do not tell what it holds: {shown}{lacks}",
        where=where,
        hint=f"expected the columns of {', '.join(TABLES)}; name them with --mapping, or the kind with --as",
    )


def _check_explicit(header: Sequence[str], explicit: Mapping[str, str] | None, where: str) -> None:
    known = {name for kind in KINDS.values() for name in kind.columns}
    for canonical, text in (explicit or {}).items():
        if canonical not in known:
            raise BadInput(f"the mapping names {canonical!r}, which is no canonical column", where=where)
        if text not in header:
            close = difflib.get_close_matches(text, header, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"the columns are {', '.join(header[:30])}"
            raise BadInput(f"the mapping names a column {text!r} that is not there", where=where, hint=hint)


def _hint(header: Sequence[str], groups: list[tuple[str, ...]]) -> str:
    words = [name for group in groups for name in group]
    close = [hit for name in words for hit in difflib.get_close_matches(name, header, n=1)]
    told = f" (perhaps {close[0]!r})" if close else ""
    return f'name it with --mapping: a TOML file with a line like {words[0]} = "its header"{told}'

"""Why the columns of a sheet do not suffice, in words that help to map them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from diversion.errors import BadInput
from diversion.ingest.columns import KINDS, TABLES, Layout, Sample, guess, missing, nearest
from diversion.ingest.joined import places
from diversion.ingest.periods import Period
from diversion.ingest.recognise import ENOUGH

SHOWN = 30
"""Headers that a message names."""


def demand(
    header: Sequence[str],
    kind: str | None,
    explicit: Mapping[str, str] | None,
    where: str,
    sample: Sample = (),
    when: Period | None = None,
) -> Layout:
    """As `guess`, but raises `BadInput` that names what was found and what was expected."""
    _check_explicit(header, explicit, where)
    layout = guess(header, kind, explicit, sample, when)
    if layout:
        return layout
    closest = nearest(header, kind, explicit, sample, when)
    shown = ", ".join(repr(text[:40]) for text in header[:SHOWN]) or "none"
    wants = "; ".join(" or ".join(group) for group in missing(closest))
    if wants and (kind or len(closest.mapping) > 3):
        raise BadInput(
            f"as {closest.kind}, no column holds {wants}; the columns found are {shown}{read_as(closest)}",
            where=where,
            hint=naming(header, missing(closest)),
        )
    lacks = f"; as {closest.kind} they lack {wants}" if wants and closest.mapping else ""
    doubt = f"; as shipments they are only {closest.sure:.2f} sure, not {ENOUGH}" if not wants else ""
    raise BadInput(
        f"its columns do not tell what it holds: {shown}{lacks}{doubt}{read_as(closest)}",
        where=where,
        hint=f"expected the columns of {', '.join(TABLES)}; name the kind with --as, or the columns with "
        f"--mapping: `diversion mapping FILE` prints one to correct",
    )


def read_as(layout: Layout) -> str:
    """The columns that were recognised, as far as they were."""
    told = [f"{c} = {m.column[:40]!r} ({m.confidence:.2f})" for c, m in layout.mapping.items()]
    return f"; read as {', '.join(told[:SHOWN])}" if told else ""


def _check_explicit(header: Sequence[str], explicit: Mapping[str, str] | None, where: str) -> None:
    known = {name for kind in KINDS.values() for name in kind.columns}
    for canonical, text in (explicit or {}).items():
        if canonical not in known:
            raise BadInput(f"the mapping names {canonical!r}, which is no canonical column", where=where)
        if text and not places(text, header):
            close = difflib.get_close_matches(text, header, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"the columns are {', '.join(header[:SHOWN])}"
            raise BadInput(f"the mapping names a column {text!r} that is not there", where=where, hint=hint)


def naming(header: Sequence[str], groups: list[tuple[str, ...]]) -> str:
    """How a person names what no column is recognised for, one column of each group."""
    words = [name for group in groups for name in group]
    close = [hit for name in words for hit in difflib.get_close_matches(name, header, n=1)]
    told = f" (perhaps {close[0]!r})" if close else ""
    return (
        f'name it with --mapping: a TOML file with a line like {words[0]} = "its header"{told}; '
        "`diversion mapping FILE` prints one to correct"
    )

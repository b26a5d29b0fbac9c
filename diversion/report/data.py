"""What a report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diversion.findings import Finding
from diversion.lists import ListVersion


@dataclass(frozen=True)
class SourceRow:
    """One sheet of one file: what was read, and what became of its rows. Days are ISO dates."""

    file: str
    sheet: str | None
    kind: str
    read: int
    loaded: int
    merged: int
    rejected: int
    published: str | None
    known_on: str | None
    ingested_on: str | None


@dataclass(frozen=True)
class Passage:
    """A party through which routes pass: in how many corridors, their best score and value at its exit.

    `visits` is how often the counted walks pass it, None where that was not computed.
    """

    party_id: str
    name: str
    country: str | None
    corridors: int
    best: float
    value_usd: float | None
    visits: float | None = None


@dataclass(frozen=True)
class ReportData:
    """Everything on the page.

    `findings` are ranked best first. Those that are the tail of another are listed inside it; the first
    `told` of the rest are told in full, `tabled` rows stand in the table, and the page says how many do not.
    `summary` is what `analyze` prints. `decisions` maps a route id to what people decided about it, newest
    first.
    """

    findings: tuple[Finding, ...]
    summary: Mapping[str, Any]
    sources: tuple[SourceRow, ...] = ()
    lists: tuple[ListVersion, ...] = ()
    passages: tuple[Passage, ...] = ()
    decisions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told: int = 50
    tabled: int = 2000
    title: str = "Routes by which controlled goods may have reached restricted parties"

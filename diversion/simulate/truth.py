"""The key to a world: what was planted and what must not be flagged, and how much of it an analysis tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from diversion.findings import Finding

Hops = tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Story:
    """A route (label `planted`) or a `decoy`: its parties in order and the shipments of each hop.

    Of a lawful sale to a restricted party (label `lawful`) the last hop alone.
    """

    id: str
    label: str
    kind: str
    parties: tuple[str, ...]
    hops: Hops


@dataclass(frozen=True)
class Recovery:
    """Which stories stand among the first `depth` corridors, of how many in all."""

    depth: int
    planted: tuple[str, ...]
    planted_of: int
    decoys: tuple[str, ...]
    decoys_of: int
    lawful: tuple[str, ...]
    lawful_of: int


def read_truth(path: Path) -> list[Story]:
    """The stories of a `truth.csv`."""
    rows = pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")
    return [
        Story(
            id=row["id"],
            label=row["label"],
            kind=row["kind"],
            parties=tuple(row["parties"].split(";")),
            hops=tuple(frozenset(hop.split(";")) for hop in row["shipments"].split("|")),
        )
        for row in rows
    ]


def tells(finding: Finding, story: Story) -> bool:
    """Whether a corridor is that story: its hops, in order, each with a shipment of the story's.

    A corridor that begins earlier or ends later than the story still tells it; one that tells only its tail
    does not.
    """
    hops = [frozenset(ids) for ids in finding.shipments]
    lasts = range(len(hops) - len(story.hops) + 1)
    return any(
        all(mine & theirs for mine, theirs in zip(hops[start:], story.hops, strict=False)) for start in lasts
    )


def recovery(
    findings: Sequence[Finding], stories: Sequence[Story], depths: Sequence[int] = (20, 50, 100)
) -> list[Recovery]:
    """How many planted routes, decoys and lawful sales the first findings tell, at each depth."""
    planted, decoys, lawful = (
        [story for story in stories if story.label == label] for label in ("planted", "decoy", "lawful")
    )
    return [
        Recovery(
            depth,
            _told(findings[:depth], planted),
            len(planted),
            _told(findings[:depth], decoys),
            len(decoys),
            _told(findings[:depth], lawful),
            len(lawful),
        )
        for depth in depths
    ]


def _told(findings: Sequence[Finding], stories: Sequence[Story]) -> tuple[str, ...]:
    return tuple(story.id for story in stories if any(tells(finding, story) for finding in findings))

"""Findings as data frames, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from diversion.findings import Finding


def corridors_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row a corridor, best first.

    Columns: rank, route_id, score (0–100), band, coverage (0–1), first and last party, `through` (those
    between), goods, tier, hops, routes, shipments, first_day, last_day, quantity, unit, value_usd (of the
    last hop), restricted (id of the restricted party), rule, within (id of the
    longest corridor that contains it, else None).
    """
    rows = [corridor_row(rank, finding) for rank, finding in enumerate(findings, 1)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    days = ["first_day", "last_day"]
    return frame.assign(**{day: pd.to_datetime(frame[day]) for day in days})


COLUMNS = [
    "rank",
    "route_id",
    "score",
    "band",
    "coverage",
    "first",
    "through",
    "last",
    "hs6",
    "goods",
    "tier",
    "hops",
    "routes",
    "shipments",
    "first_day",
    "last_day",
    "quantity",
    "unit",
    "value_usd",
    "restricted",
    "rule",
    "within",
]


def corridor_row(rank: int, finding: Finding) -> dict[str, object]:
    """One corridor as one flat row: the columns of `corridors_frame`."""
    names = [party.name for party in finding.parties]
    return {
        "rank": rank,
        "route_id": finding.route_id,
        "score": finding.score,
        "band": finding.band,
        "coverage": finding.coverage,
        "first": names[0],
        "through": " → ".join(names[1:-1]),
        "last": names[-1],
        "hs6": finding.item.hs6,
        "goods": finding.item.description,
        "tier": finding.item.tier,
        "hops": finding.hops,
        "routes": finding.routes,
        "shipments": sum(map(len, finding.shipments)),
        "first_day": finding.first_day,
        "last_day": finding.last_day,
        "quantity": finding.quantity,
        "unit": finding.unit,
        "value_usd": finding.value_usd,
        "restricted": finding.restricted.party_id,
        "rule": finding.restricted.rule,
        "within": finding.within,
    }


def contributions_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row a contribution: route_id, factor, points (log-odds), detail, source."""
    rows = [
        {
            "route_id": f.route_id,
            "factor": c.factor,
            "points": c.points,
            "detail": c.detail,
            "source": c.source,
        }
        for f in findings
        for c in f.contributions
    ]
    return pd.DataFrame(rows, columns=["route_id", "factor", "points", "detail", "source"])

"""What a page needs of a run, read from the store."""

from __future__ import annotations

from typing import Any

import pandas as pd

from diversion.findings import Finding
from diversion.report.data import ListVersion, Passage, ReportData, SourceRow
from diversion.store.base import Store


def report_data(
    store: Store, summary: dict[str, Any], findings: tuple[Finding, ...], told: int
) -> ReportData:
    """The page of one run, `told` of its findings in full."""
    return ReportData(
        findings=findings,
        summary=summary,
        sources=_sources(store),
        lists=_lists(store),
        passages=_passages(findings, summary),
        told=told,
    )


def _sources(store: Store) -> tuple[SourceRow, ...]:
    names = list(SourceRow.__dataclass_fields__)
    rows = store.read("Source", names).to_pylist()
    made = [SourceRow(**{name: _iso(value) for name, value in row.items()}) for row in rows]
    return tuple(sorted(made, key=lambda source: (source.kind, source.file, source.sheet or "")))


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _lists(store: Store) -> tuple[ListVersion, ...]:
    entries = store.read("Listing", ["list", "first_seen", "listed_on"]).to_pandas(date_as_object=True)
    return tuple(
        ListVersion(
            name=str(name),
            published=_iso(rows["first_seen"].dropna().max()) if rows["first_seen"].notna().any() else None,
            entries=len(rows),
            newest=_iso(rows["listed_on"].dropna().max()) if rows["listed_on"].notna().any() else None,
            undated=int(rows["listed_on"].isna().sum()),
        )
        for name, rows in entries.groupby("list", sort=True)
    )


def _passages(findings: tuple[Finding, ...], summary: dict[str, Any]) -> tuple[Passage, ...]:
    """The parties between the ends of the corridors, most corridors first."""
    visits = {row["party_id"]: row["visits"] for row in summary.get("visits", [])}
    rows = [
        {"id": party.id, "name": party.name, "country": party.country, "score": f.score, "value": f.value_usd}
        for f in findings
        for party in f.parties[1:-1]
    ]
    if not rows:
        return ()
    grouped = pd.DataFrame(rows).groupby("id", sort=True)
    made = [
        Passage(
            party_id=str(party),
            name=group["name"].iloc[0],
            country=group["country"].iloc[0],
            corridors=len(group),
            best=float(group["score"].max()),
            value_usd=float(group["value"].sum()) if group["value"].notna().any() else None,
            visits=visits.get(party),
        )
        for party, group in grouped
    ]
    return tuple(sorted(made, key=lambda p: (-p.corridors, -p.best, p.party_id)))[:25]

"""What a page needs of a run, read from the store."""

from __future__ import annotations

from typing import Any

from diversion.centrality import steps
from diversion.findings import Finding, PartyRef
from diversion.lists import versions
from diversion.report.data import Passage, ReportData, SourceRow
from diversion.store.base import Store


def report_data(
    store: Store, summary: dict[str, Any], findings: tuple[Finding, ...], told: int
) -> ReportData:
    """The page of one run, `told` of its findings in full."""
    return ReportData(
        findings=findings,
        summary=summary,
        sources=_sources(store),
        lists=versions(store.read("Listing", ["list", "first_seen", "listed_on"])),
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


def _passages(findings: tuple[Finding, ...], summary: dict[str, Any]) -> tuple[Passage, ...]:
    """The parties between the ends of the corridors, most corridors first; each shipment's value once."""
    visits = {row["party_id"]: row["visits"] for row in summary.get("visits", [])}
    met: dict[str, list[tuple[Finding, PartyRef]]] = {}
    for finding in findings:
        for party in finding.parties[1:-1]:
            met.setdefault(party.id, []).append((finding, party))
    sent = _sent_on(findings)
    made = [
        Passage(
            party_id=party,
            name=passes[0][1].name,
            country=passes[0][1].country,
            corridors=len(passes),
            best=max(finding.score for finding, _ in passes),
            value_usd=sum(sent[party].values()) if party in sent else None,
            visits=visits.get(party),
        )
        for party, passes in met.items()
    ]
    return tuple(sorted(made, key=lambda p: (-p.corridors, -p.best, p.party_id)))[:25]


def _sent_on(findings: tuple[Finding, ...]) -> dict[str, dict[str, float]]:
    """Value of each shipment that a party sent on a route, by party and shipment."""
    sent: dict[str, dict[str, float]] = {}
    for finding in findings:
        senders = [sender for sender, _ in steps(finding)]
        for record in finding.records:
            if record.value_usd is not None:
                sent.setdefault(senders[record.hop - 1], {})[record.shipment] = record.value_usd
    return sent

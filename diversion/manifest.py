"""What a run was: enough to do it again, and what the store keeps of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

import diversion
from diversion.dossier import Dossier
from diversion.findings import Finding
from diversion.ids import digest
from diversion.options import Options
from diversion.parties.watchlist import WATCHLIST
from diversion.schema import load
from diversion.store.base import Batch, Store

if TYPE_CHECKING:
    from diversion.pipeline import Analysis
    from diversion.routes.census import Census
    from diversion.routes.corridors import SearchResult

MOST_VISITED = 100
"""Parties whose visits a run keeps."""
RUN = "run-"
"""What the ids of runs begin with, and the batches that keep them; all other batches are facts."""


def manifest(store: Store, dossier: Dossier, options: Options) -> dict[str, Any]:
    """Digests of data and policy, version and parameters: the same manifest gives the same findings.

    The data are the batches read in, in their order: what was read, as what, and with which mapping.
    """
    facts = [batch for batch in store.batches() if not batch.startswith((RUN, "replace "))]
    return {
        "version": diversion.__version__,
        "data": digest(*facts),
        "policy": dossier.policy.digest,
        "as_of": dossier.as_of.isoformat(),
        "options": options.as_json(),
    }


def summary(
    dossier: Dossier,
    made: dict[str, Any],
    counted: Census,
    result: SearchResult,
    visits: pd.DataFrame,
    seconds: dict[str, float],
) -> dict[str, Any]:
    """What `analyze` prints: the object of the JSON contract, and the parties most visited."""
    policy = dossier.policy
    names = ("exact", "truncated_by", "examined", "proven")
    found = {name: getattr(result, name) for name in names}
    return {
        "run_id": f"{RUN}{digest(json.dumps(made, sort_keys=True))}",
        "as_of": dossier.as_of.isoformat(),
        "known_at": dossier.known_at.isoformat() if dossier.known_at else None,
        "policy": {"name": policy.name, "version": policy.version, "digest": policy.digest},
        "transfers": len(dossier.transfers),
        "left_out": dict(dossier.transfers.left_out),
        "parties": len(dossier.directory.parties),
        "restricted_parties": restricted_parties(dossier),
        "walks": [asdict(walks) for walks in counted.walks],
        "corridors": len(result.corridors),
        "search": found,
        "manifest": made,
        "visits": visits.head(MOST_VISITED)[["party_id", "name", "visits"]].to_dict("records"),
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
    }


def restricted_parties(dossier: Dossier) -> int:
    """How many parties a rule names as restricted on some day up to the last one looked at."""
    table = dossier.restrictions.table
    last = (dossier.as_of - date(1970, 1, 1)).days
    counts = (table["verdict"] == "yes") & (table["from"] <= last)
    return int(table.loc[counts, "party"].nunique())


def keep(store: Store, analysis: Analysis) -> None:
    """Write the run, its routes, whom the lists were matched to and who may be one party.

    The last two are those of this run alone. Again, it only becomes the last run.
    """
    matched = analysis.dossier.listed_as
    # Entries of a watchlist live in the policy alone: the store holds nothing that such a row could point to.
    stored = matched[~matched["listing"].astype(str).str.startswith(f"{WATCHLIST}:")]
    listed_as = pa.Table.from_pandas(stored, preserve_index=False)
    store.replace("LISTED_AS", listed_as)
    store.replace("POSSIBLY_SAME", possibly_same(analysis.dossier))
    told, findings = analysis.summary, analysis.findings
    run = _run(told)
    tables = {
        "Run": _table("Run", [run]),
        "Route": _table("Route", [_route(finding) for finding in findings]),
        "FOUND": _table("FOUND", [_found(told, rank, f) for rank, f in enumerate(findings, 1)]),
        "CARRIED": _carried(analysis.carried),
    }
    store.write(Batch(f"{told['run_id']} {run['finished_at']}", tables))


def possibly_same(dossier: Dossier) -> pa.Table:
    """The rows of POSSIBLY_SAME: parties as this run read them, without what a person decided."""
    kind = load()["POSSIBLY_SAME"].arrow
    return pa.Table.from_pandas(dossier.possibly_same, schema=kind, preserve_index=False)


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=load()[name].arrow)


def _run(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": told["run_id"],
        "finished_at": datetime.now(UTC).isoformat(),
        "as_of": date.fromisoformat(told["as_of"]),
        "known_at": date.fromisoformat(told["known_at"]) if told["known_at"] else None,
        "policy": f"{told['policy']['name']} {told['policy']['version']}",
        "summary": json.dumps(told, ensure_ascii=False),
    }


def _route(finding: Finding) -> dict[str, Any]:
    parties = [party.id for party in finding.parties]
    return {"id": finding.route_id, "parties": parties, "hs6": finding.item.hs6}


def _found(told: dict[str, Any], rank: int, finding: Finding) -> dict[str, Any]:
    text = json.dumps(finding.as_json(), ensure_ascii=False)
    return {
        "run": told["run_id"],
        "route": finding.route_id,
        "rank": rank,
        "score": finding.score,
        "finding": text,
    }


def _carried(carried: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(carried, schema=load()["CARRIED"].arrow, preserve_index=False)

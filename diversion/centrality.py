"""Which parties the routes pass: visits over all walks, and the usual measures on what was flagged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from diversion.findings import Finding

if TYPE_CHECKING:
    import networkx as nx

    from diversion.dossier import Dossier
    from diversion.routes.census import Census
    from diversion.routes.transfers import Transfers

EXACT_BELOW = 2_000
"""Parties up to which betweenness is exact; above it is estimated from as many pivots, with a fixed seed."""


def visits(dossier: Dossier, census: Census) -> pd.DataFrame:
    """How often the counted walks visit each party, most visited first; those that none visits are left out.

    Columns: party_id, name, country, visits (through-counts of the transfers into the party, and jumps onto
    it), begun (walks that begin with it), share (visits over all walks; above 1 where walks come twice),
    first_day and last_day (of the transfers on walks that it sends or receives, days as dates). Linear in the
    transfers.
    """
    transfers = dossier.transfers
    size = len(transfers.party_ids)
    counted = census.visits(transfers)
    begun = np.bincount(transfers.src, census.started, size)
    total = float(sum(walks.count for walks in census.walks))
    first, last = _days(transfers, census, size)
    frame = pd.DataFrame(
        {
            "party_id": transfers.party_ids,
            "visits": counted,
            "begun": begun,
            "share": counted / total if total else np.zeros(size),
            "first_day": pd.to_datetime(first, unit="D").date if size else [],
            "last_day": pd.to_datetime(last, unit="D").date if size else [],
        }
    )
    frame = frame[(counted > 0) | (begun > 0)]
    known = dossier.directory.parties.reindex(frame["party_id"])
    frame.insert(1, "name", known["name"].to_numpy(dtype=object))
    frame.insert(2, "country", known["country"].to_numpy(dtype=object))
    return frame.sort_values(
        ["visits", "begun", "party_id"], ascending=[False, False, True], ignore_index=True
    )


def _days(transfers: Transfers, census: Census, size: int) -> tuple[np.ndarray, np.ndarray]:
    walked = np.flatnonzero(census.through > 0)
    first = np.full(size, np.iinfo(np.int32).max, np.int64)
    last = np.full(size, np.iinfo(np.int32).min, np.int64)
    for party, day in ((transfers.src, transfers.departed), (transfers.dst, transfers.arrived)):
        np.minimum.at(first, party[walked], day[walked])
        np.maximum.at(last, party[walked], day[walked])
    unseen = first > last
    first[unseen] = last[unseen] = 0
    return first, last


def to_networkx(findings: Iterable[Finding]) -> nx.MultiDiGraph:
    """Parties as nodes, hops as edges: what the findings say, as a graph that GraphML and GEXF can hold.

    A node has name, country and restricted. An edge is one hop of one corridor, keyed by its route id and
    hop: route_id, hop, hs6, shipments (number), ids (set apart by spaces), first_day and last_day, score, and
    quantity with unit and value_usd where they are known. Where a party stood in, an edge of kind `stand-in`
    joins the two. No attribute is None.
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    for finding in sorted(findings, key=lambda one: one.route_id):
        for party in finding.parties:
            graph.add_node(party.id, **_known({"name": party.name, "country": party.country}))
            graph.nodes[party.id].setdefault("restricted", False)
        for hop, (sender, receiver) in enumerate(steps(finding), start=1):
            if hop > 1 and sender != steps(finding)[hop - 2][1]:
                before = steps(finding)[hop - 2][1]
                graph.add_edge(before, sender, f"{finding.route_id}/{hop}*", **_stand_in(finding, hop))
            graph.add_edge(sender, receiver, f"{finding.route_id}/{hop}", **_carried(finding, hop))
        end = finding.restricted.party_id
        if end in graph and finding.restricted.verdict == "yes":
            graph.nodes[end]["restricted"] = True
    return graph


def steps(finding: Finding) -> list[tuple[str, str]]:
    """Sender and receiver of each hop; after a jump the stand-in sends."""
    jumps = {broken.hop for broken in finding.breaks if broken.stands_in}
    ids, place, steps = [party.id for party in finding.parties], 0, []
    for hop in range(1, finding.hops + 1):
        place += hop in jumps
        steps.append((ids[place], ids[place + 1]))
        place += 1
    return steps


def _carried(finding: Finding, hop: int) -> dict[str, Any]:
    told = finding.per_hop[hop - 1]
    shipments = finding.shipments[hop - 1]
    return _known(
        {
            "kind": "hop",
            "route_id": finding.route_id,
            "hop": hop,
            "hs6": " ".join(told.hs6),
            "shipments": len(shipments),
            "ids": " ".join(shipments),
            "first_day": told.first_day,
            "last_day": told.last_day,
            "score": finding.score,
            "quantity": told.quantity,
            "unit": told.unit,
            "value_usd": told.value_usd,
        }
    )


def _stand_in(finding: Finding, hop: int) -> dict[str, Any]:
    detail = "; ".join(b.detail for b in finding.breaks if b.hop == hop and b.stands_in)
    return {"kind": "stand-in", "route_id": finding.route_id, "hop": hop, "detail": detail, "shipments": 0}


def _known(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def measures(flagged: Iterable[Finding] | nx.MultiDiGraph, seed: int = 0) -> pd.DataFrame:
    """The usual measures of the flagged subgraph, one row a party, most between first.

    Columns: party_id, name, country, restricted, senders and receivers (distinct neighbours before and
    after), betweenness (Freeman 1977: share of shortest paths through it; exact up to 2,000 parties, then
    estimated from 2,000 pivots), pagerank (of a walk upstream from the restricted parties, damping 0.85: how
    near it feeds them; Page and others 1998), core (Seidman 1983: largest k of a subgraph in which all have k
    neighbours) and articulation (without it the graph falls apart). The same findings give the same numbers
    in any order.
    """
    import networkx as nx

    many = flagged if isinstance(flagged, nx.MultiDiGraph) else to_networkx(flagged)
    graph = _simple(many)
    plain = nx.Graph(graph)
    cuts = set(nx.articulation_points(plain))
    pivots = None if len(graph) <= EXACT_BELOW else EXACT_BELOW
    columns = {
        "restricted": {node: bool(data.get("restricted", False)) for node, data in graph.nodes.items()},
        "senders": dict(graph.in_degree()),
        "receivers": dict(graph.out_degree()),
        "betweenness": nx.betweenness_centrality(graph, k=pivots, seed=seed) if len(graph) else {},
        "pagerank": _from_restricted(graph),
        "core": nx.core_number(plain) if len(plain) else {},
        "articulation": {node: node in cuts for node in plain},
    }
    frame = pd.DataFrame({"party_id": list(graph)})
    for name in ("name", "country"):
        frame[name] = [graph.nodes[node].get(name) for node in graph]
    for name, values in columns.items():
        frame[name] = [values[node] for node in graph]
    return frame.sort_values(["betweenness", "party_id"], ascending=[False, True], ignore_index=True)


def _simple(many: nx.MultiDiGraph) -> nx.DiGraph:
    """One arc a pair, in the order of ids, weighted by its shipments; loops left out."""
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from((node, dict(many.nodes[node])) for node in sorted(many))
    weight: dict[tuple[str, str], float] = {}
    for sender, receiver, data in many.edges(data=True):
        if sender != receiver:
            pair = (sender, receiver)
            weight[pair] = weight.get(pair, 0.0) + max(1.0, float(data.get("shipments", 1)))
    graph.add_edges_from((*pair, {"weight": weight[pair]}) for pair in sorted(weight))
    return graph


def _from_restricted(graph: nx.DiGraph) -> dict[str, float]:
    import networkx as nx

    if not len(graph):
        return {}
    seeds = {node: 1.0 for node, data in graph.nodes.items() if data.get("restricted")}
    found: dict[str, float] = nx.pagerank(
        graph.reverse(copy=True), personalization=seeds or None, tol=1e-10, max_iter=1000
    )
    return found

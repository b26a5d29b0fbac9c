"""Centrality: visits against enumeration, measures in any order, graphs that files can hold."""

from __future__ import annotations

import io
from collections import Counter
from random import Random

import networkx as nx
import numpy as np
import pytest

from diversion.centrality import measures, to_networkx, visits
from diversion.findings import Break, Finding, Goods, Hop, PartyRef, Restricted, Search
from diversion.routes.census import census
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from tests.scoring.world import Move, World, dossier


def told(route: str, *parties: str, jump: int = 0) -> Finding:
    """A finding through these parties; `jump` is the hop into which another party stood in."""
    hops = len(parties) - 1 - bool(jump)
    hop = Hop(None, None, 5.0, "2024-01-01", "2024-02-01", ("854231",))
    return Finding(
        route_id=route,
        score=60.0,
        band="high",
        coverage=1.0,
        parties=tuple(PartyRef(one, f"{one} Ltd", None if one == "b" else "AE") for one in parties),
        item=Goods("854231", "chips", "1"),
        hops=hops,
        routes=1,
        shipments=tuple((f"{route}-{place}", f"{route}-{place}x") for place in range(hops)),
        first_day="2024-01-01",
        last_day="2024-02-01",
        quantity=None,
        unit=None,
        value_usd=None,
        per_hop=(hop,) * hops,
        base=-6.5,
        breaks=(Break(jump, "owner", "the same owner"),) if jump else (),
        restricted=Restricted(parties[-1], "yes", "listed", "listed", None),
        contributions=(),
        within=None,
        search=Search(True, None),
    )


STAR = [told("R-1", "a", "hub", "t"), told("R-2", "b", "hub", "t"), told("R-3", "c", "hub", "u")]


def test_a_hop_is_an_edge_with_its_shipments_and_no_attribute_is_none() -> None:
    graph = to_networkx(STAR)
    assert set(graph) == {"a", "b", "c", "hub", "t", "u"}
    assert graph.number_of_edges() == 6
    edge = graph.edges["hub", "t", "R-1/2"]
    assert edge["ids"] == "R-1-1 R-1-1x"
    assert edge["shipments"] == 2
    assert "quantity" not in edge
    assert graph.nodes["t"]["restricted"] is True
    assert graph.nodes["hub"]["restricted"] is False
    values = [v for _, data in graph.nodes(data=True) for v in data.values()]
    values += [v for *_, data in graph.edges(data=True) for v in data.values()]
    assert None not in values
    for write in (nx.write_graphml, nx.write_gexf):
        held = io.BytesIO()
        write(graph, held)
        assert held.tell()


def test_a_stand_in_is_joined_by_an_edge_of_its_own() -> None:
    graph = to_networkx([told("R-9", "a", "x", "y", "t", jump=2)])
    assert {(u, v) for u, v, data in graph.edges(data=True) if data["kind"] == "hop"} == {
        ("a", "x"),
        ("y", "t"),
    }
    assert [(u, v) for u, v, data in graph.edges(data=True) if data["kind"] == "stand-in"] == [("x", "y")]


def test_the_hub_of_a_star_is_between_most_and_cuts_it() -> None:
    table = measures(STAR).set_index("party_id")
    assert table.index[0] == "hub"
    # Of the 20 ordered pairs of the others, the 6 from a seller to an end pass the hub.
    assert table.at["hub", "betweenness"] == pytest.approx(6 / 20)
    assert table.at["hub", "senders"] == 3
    assert table.at["hub", "receivers"] == 2
    assert table["articulation"].sum() == 1
    assert table.at["hub", "articulation"]
    assert table["pagerank"].sum() == pytest.approx(1.0)
    assert table["pagerank"]["hub"] > table["pagerank"]["a"]
    assert (table["core"] == 1).all()


def test_the_order_of_findings_changes_nothing() -> None:
    chain = [told(f"R-{i}", f"m{i}", f"b{i % 3}", f"f{i % 2}", "t") for i in range(9)]
    first = measures(chain)
    Random(3).shuffle(chain)
    assert first.equals(measures(chain))
    assert first.equals(measures(to_networkx(chain)))


def test_nothing_flagged_gives_empty_tables() -> None:
    assert len(measures([])) == 0
    assert len(to_networkx([])) == 0


def random_world(seed: int) -> World:
    dice = Random(seed)
    parties = [f"p{i}" for i in range(8)]
    moves = []
    for place in range(40):
        src, dst = dice.sample(parties, 2)
        day = dice.randrange(200)
        left, came = (str(np.datetime64("2024-01-01") + day + wait) for wait in (0, dice.randrange(5)))
        moves.append(Move(f"S{place:02}", src, dst, left, came))
    return World(moves, dict.fromkeys(parties, ("CH", None)))


@pytest.mark.parametrize("seed", range(5))
def test_visits_are_those_of_all_walks_enumerated(seed: int) -> None:
    case = dossier(random_world(seed))
    t = case.transfers
    terminal = np.asarray(t.dst == 7)
    question = Question(terminal, ~np.asarray(t.src == 7), np.zeros(len(t), bool), 3)
    projection = Projection.build(t, ProjectionOptions(relations="strict", dwell_max=60))
    table = visits(case, census(projection, question)).set_index("party_id")

    walks: list[list[int]] = []

    def extend(walk: list[int]) -> None:
        last = walk[-1]
        if terminal[last]:
            walks.append(walk)
        elif len(walk) < 3:
            for e in range(len(t)):
                if t.src[e] == t.dst[last] and 0 <= int(t.departed[e]) - int(t.arrived[last]) <= 60:
                    extend([*walk, e])

    for e in np.flatnonzero(question.origin):
        extend([int(e)])
    seen = Counter(str(t.party_ids[t.dst[e]]) for walk in walks for e in walk)
    begun = Counter(str(t.party_ids[t.src[walk[0]]]) for walk in walks)
    assert walks
    assert {party: row for party, row in table["visits"].items() if row} == dict(seen)
    assert {party: row for party, row in table["begun"].items() if row} == dict(begun)
    assert table.at["p7", "share"] == pytest.approx(1.0)
    for party, row in table.iterrows():
        place = list(t.party_ids).index(party)
        on = [e for walk in walks for e in walk if place in (t.src[e], t.dst[e])]
        ends = [int(t.departed[e]) if t.src[e] == place else int(t.arrived[e]) for e in on]
        assert (np.datetime64(row["first_day"]), np.datetime64(row["last_day"])) == (
            np.datetime64(min(ends), "D"),
            np.datetime64(max(ends), "D"),
        )

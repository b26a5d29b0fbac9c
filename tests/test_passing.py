"""What walks pass, by party, address, country and goods, against all walks enumerated."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest

import diversion as dv
from diversion.errors import UsageError
from diversion.explain.words import as_date
from diversion.groupings import By
from diversion.passing import Walked, passing
from diversion.routes.census import census_of
from diversion.routes.field import ask
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from tests.case import run, write_case
from tests.scoring.world import CHIPS, SCOPES, Move, World, dossier

COUNTRIES = ("CH", "AE", "TR")
DWELL = 60


def random_world(seed: int) -> World:
    dice, parties, moves = Random(seed), [f"p{i}" for i in range(8)], []
    for place in range(40):
        src, dst = dice.sample(parties, 2)
        day = as_date("2024-01-01") + timedelta(days=dice.randrange(200))
        came = day + timedelta(days=dice.randrange(5))
        goods = dice.choice([CHIPS, CHIPS, SCOPES])
        move = Move(f"S{place:02}", src, dst, str(day), str(came), goods, value=dice.randint(1, 9) * 100)
        moves.append(move)
    located = [
        (party, f"a{dice.randrange(3)}", dice.choice([None, "2024-03-01"]), dice.choice([None, "2024-06-01"]))
        for party in parties
        for _ in range(2)
    ]
    return World(moves, {p: (dice.choice(COUNTRIES), None) for p in parties}, located=located)


class Brute:
    """The walks of a world to p7, and which groups are at which end of which move."""

    def __init__(self, world: World, by: By) -> None:
        self.world, self.by = world, by
        self.walks: list[list[int]] = []
        for e, move in enumerate(world.moves):
            if move.src != "p7":
                self._onward([e])

    def _onward(self, walk: list[int]) -> None:
        last = self.world.moves[walk[-1]]
        if last.dst == "p7":
            self.walks.append(walk)
        elif len(walk) < 3:
            for f, move in enumerate(self.world.moves):
                wait = (as_date(move.left) - as_date(last.came)).days
                if move.src == last.dst and move.hs6 == last.hs6 and 0 <= wait <= DWELL:
                    self._onward([*walk, f])

    def groups(self, party: str, day: str) -> set[str]:
        if self.by == "party":
            return {party}
        if self.by == "country":
            return {self.world.parties[party][0] or ""}
        return {
            at
            for who, at, begin, until in self.world.located
            if who == party and (begin or "0") <= day < (until or "9")
        }

    def ends(self, e: int) -> tuple[set[str], set[str]]:
        move = self.world.moves[e]
        if self.by == "goods":
            return {move.hs6}, {move.hs6}
        return self.groups(move.src, move.left), self.groups(move.dst, move.came)


def table_of(world: World, by: By) -> tuple[dict[str, dict[str, object]], Walked]:
    case = dossier(world)
    t = case.transfers
    p7 = list(t.party_ids).index("p7")
    question = Question(np.asarray(t.dst == p7), np.asarray(t.src != p7), np.zeros(len(t), bool), 3)
    field = ask(Projection.build(t, ProjectionOptions("strict", dwell_max=DWELL)), question)
    walked = Walked(case, field, census_of(field), np.linspace(0, 100, len(t)))
    frame = passing(walked, by, exact=100)
    key = {"party": "party_id", "address": "address_id", "country": "country", "goods": "hs6"}[by]
    rows = [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]
    return {str(row[key]): row for row in rows}, walked


@pytest.mark.parametrize("by", ["party", "address", "country", "goods"])
@pytest.mark.parametrize("seed", range(8))
def test_the_table_is_that_of_all_walks_enumerated(seed: int, by: By) -> None:
    world = random_world(seed)
    table, walked = table_of(world, by)
    brute, best = Brute(world, by), walked.best
    assert brute.walks
    assert walked.total == len(brute.walks)
    visits, weighted, begun = Counter[str](), Counter[str](), Counter[str]()
    passes, between = Counter[str](), Counter[str]()
    for walk in brute.walks:
        sent, came = zip(*map(brute.ends, walk), strict=True)
        begun.update(sent[0])
        visits.update(g for groups in came for g in groups)
        for e, groups in zip(walk, came, strict=True):
            for g in groups:
                weighted[g] += best[e] / 100
        passes.update(set.union(*sent, *came))
        between.update(set().union(*came[:-1]))
    assert set(table) == set(visits) | set(begun)
    total = len(brute.walks)
    for group, row in table.items():
        assert (row["visits"], row["begun"], row["walks"]) == (visits[group], begun[group], passes[group])
        assert row["weighted"] == pytest.approx(weighted[group])
        assert row["betweenness"] == pytest.approx(passes[group] / total)
        assert by == "goods" or row["between"] == pytest.approx(between[group] / total)


@pytest.mark.parametrize("by", ["party", "address", "country", "goods"])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_carried_on_walks_and_when(seed: int, by: By) -> None:
    world = random_world(seed)
    table, walked = table_of(world, by)
    brute = Brute(world, by)
    on = {e for walk in brute.walks for e in walk}
    every = sum(world.moves[e].value or 0 for e in on)
    for group, row in table.items():
        mine = [e for e in range(len(world.moves)) if group in set.union(*brute.ends(e))]
        value = sum(world.moves[e].value or 0 for e in mine if e in on)
        assert row["shipments"] == len(on & set(mine))
        assert row["value_usd"] == pytest.approx(value)
        assert row["of_all"] == pytest.approx(value / every)
        assert row["bound_share"] == pytest.approx(value / sum(world.moves[e].value or 0 for e in mine))
        assert row["best_score"] == max(walked.best[e] for e in on & set(mine))
        days = [world.moves[e].left for e in on if group in brute.ends(e)[0]]
        days += [world.moves[e].came for e in on if group in brute.ends(e)[1]]
        assert (row["first_day"], row["last_day"]) == (as_date(min(days)), as_date(max(days)))


def test_the_broker_of_the_small_case_is_between_all_that_passes_somebody(tmp_path: Path) -> None:
    store = tmp_path / "case.duckdb"
    assert run("ingest", *write_case(tmp_path), "--store", store).code == 0
    rows = run("central", "--store", store, "--format", "json").json
    # Walks: S-3, S-4, and S-1 or S-2 before S-3; all of them pass Kestrel, two have it between.
    broker = next(row for row in rows if row["name"] == "Kestrel Trading FZE")
    assert (broker["walks"], broker["betweenness"], broker["between"]) == (4, 1.0, 0.5)
    assert (broker["visits"], broker["begun"], broker["senders"], broker["receivers"]) == (2, 2, 1, 1)
    assert broker["value_usd"] == pytest.approx(310_000 + 380_000 + 900_000 + 9_000)
    assert broker["bound_share"] == 1.0
    countries = run("central", "--by", "country", "--limit", "1", "--store", store, "--format", "csv").out
    assert countries.splitlines()[0].startswith("country,visits,share")
    assert len(countries.splitlines()) == 2
    goods = run("central", "--by", "goods", "--store", store)
    assert "854231" in goods.out
    assert run("central", "--by", "address", "--store", store, "--format", "json").json == []
    with dv.open_store(str(store), read_only=True) as opened:
        analysis = dv.analyze(opened)
    assert len(dv.central(analysis)) == len(rows)
    with pytest.raises(UsageError):
        dv.central(analysis, exact=-1)


def test_the_table_calls_the_score_a_bound_and_machines_keep_its_name(tmp_path: Path) -> None:
    store = tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), "--store", store)
    told = run("central", "--store", store)
    assert "score at most" in told.out and "best score" not in told.out and "no walk that passes" in told.err
    assert "best_score" in run("central", "--store", store, "--format", "json").json[0]

"""The scorecard as a whole: it adds up, bounds the search, and does not depend on the order of records."""

from __future__ import annotations

from math import log
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.errors import DiversionError, UsageError
from diversion.routes.corridors import search
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.scoring.facts import Facts, gather
from diversion.scoring.model import UNKNOWN, Factor, Told, column
from diversion.scoring.scorecard import BASE, SCORECARD, Scorer, factor, weights
from tests.scoring.world import CHIPS, SCOPES, Move, World, corridor, dossier, verdict

PARTIES = ("maker", "broker", "hub", "front", "target", "sink")
COUNTRIES = ("CH", "AE", "TR", "RU", None)


def _date(day: int) -> str:
    return str(np.datetime64("2021-01-01") + day)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    def move(place: int) -> Move:
        src, dst = draw(st.permutations(PARTIES))[:2]
        left = draw(st.integers(0, 1500))
        return Move(
            id=f"S{place:02}",
            src=src,
            dst=dst,
            left=_date(left),
            came=_date(left + draw(st.integers(0, 20))),
            hs6=draw(st.sampled_from((CHIPS, "854232", SCOPES))),
            quantity=draw(st.sampled_from((None, 1.0, 10.0, 500.0))),
            value=draw(st.sampled_from((None, 100.0, 9000.0))),
            weight=draw(st.sampled_from((None, 2.0))),
            unit=draw(st.sampled_from(("pieces", "kg"))),
            licence=draw(st.sampled_from((None, None, "D-1"))),
            end_use=draw(st.sampled_from((None, "toys"))),
            end_user=draw(st.sampled_from((None, *PARTIES))),
            consignee=draw(st.sampled_from((None, "bank"))),
            estimated=draw(st.booleans()),
        )

    who = {
        party: (
            draw(st.sampled_from(COUNTRIES)),
            draw(st.sampled_from((None, _date(draw(st.integers(0, 1500)))))),
        )
        for party in PARTIES
    }
    return World(
        moves=[move(place) for place in range(draw(st.integers(4, 30)))],
        parties=who,
        listed=[
            verdict("target", _date(draw(st.integers(0, 900))), strength=draw(st.sampled_from((0.3, 1.0))))
        ],
        holdings=[
            ("nominee", party, draw(st.sampled_from((None, 30.0, 60.0))), None, None)
            for party in PARTIES[1:5:2]
        ],
        located=[(party, "A1", None, None) for party in draw(st.permutations(PARTIES))[:3]],
    )


def chains(case: Facts) -> list[tuple[str, ...]]:
    """Some chains of shipments, in time or not: the bound must hold for all of them."""
    t = case.transfers
    follow = [[f for f in range(len(t)) if t.src[f] == t.dst[e]] for e in range(len(t))]
    found: list[tuple[int, ...]] = [(e,) for e in range(len(t))]
    found += [(e, f) for e in range(len(t)) for f in follow[e]]
    found += [(e, f, g) for e in range(len(t)) for f in follow[e][:3] for g in follow[f][:3]]
    found += [
        (e, f, g, h)
        for e in range(len(t))
        for f in follow[e][:2]
        for g in follow[f][:2]
        for h in follow[g][:2]
    ]
    found.sort(key=len, reverse=True)
    return [tuple(str(t.ids[e]) for e in chain) for chain in found[:60]]


FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@FEW
@given(worlds())
def test_weights_bound_every_score_and_the_parts_add_up(world: World) -> None:
    case = dossier(world)
    facts = gather(case)
    scorer, bound = Scorer(case, facts), weights(facts)
    for chain in chains(facts):
        told = corridor(case, *chain, relations=(["relabel"] * (len(chain) - 1)))
        most = bound.start[told.best[0]] + bound.onward[list(told.best[1:])].sum() + bound.end[told.best[-1]]
        most -= sum(bound.of(relation) for relation in told.relations)
        rank = scorer.rank(told)
        assert rank <= most + 1e-9
        scored = scorer.score(told)
        total = scored.base + sum(one.points for one in scored.contributions)
        assert total == pytest.approx(rank, abs=1e-9)
        assert log(scored.score / (100 - scored.score)) == pytest.approx(total, abs=1e-6)
        assert 0 <= scored.coverage <= 1
        assert all(one.points or one.factor == "tier of the goods" for one in scored.contributions)


@FEW
@given(worlds(), st.integers(1, 4))
def test_a_search_for_the_best_finds_what_scoring_all_of_them_finds(world: World, top: int) -> None:
    case = dossier(world)
    facts = gather(case)
    scorer, t = Scorer(case, facts), case.transfers
    terminal = (facts.ends.receiver >= 0) | (facts.ends.user >= 0)
    question = Question(terminal, np.ones(len(t), bool), np.zeros(len(t), bool), 4)
    projection = Projection.build(t, ProjectionOptions(relations="relabel"))
    every = search(projection, question, weights(facts), 0, scorer.rank)
    best = search(projection, question, weights(facts), top, scorer.rank)
    assert all(one.score <= one.corridor.weight + 1e-9 for one in every.corridors)
    assert [one.route_id for one in best.corridors] == [one.route_id for one in every.corridors[:top]]


@FEW
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(world: World, random: Random) -> None:
    shuffled = list(range(len(world.moves)))
    random.shuffle(shuffled)
    one, two = dossier(world), dossier(world, shuffled)
    first, second = gather(one), gather(two)
    again = np.argsort(np.array(shuffled))
    for each in SCORECARD:
        if isinstance(each, Factor):
            assert (column(each, first) == column(each, second)[again]).all(), each.name
    scorers = Scorer(one, first), Scorer(two, second)
    for chain in chains(first)[:20]:
        a, b = (s.score(corridor(case, *chain)) for s, case in zip(scorers, (one, two), strict=True))
        assert (a.score, a.coverage, a.unjudged) == (b.score, b.coverage, b.unjudged)
        assert [c.points for c in a.contributions] == [c.points for c in b.contributions]


def test_every_factor_says_what_it_means_and_where_it_is_published() -> None:
    names = [one.name for one in SCORECARD]
    assert len(names) == len(set(names)) >= 14
    for one in SCORECARD:
        assert one.explanation.endswith(".")
        assert one.source
        assert 0 < one.most <= 2
        assert one.place in ("start", "onward", "end", "route")


def test_a_factor_is_found_by_name_and_an_unknown_name_lists_them() -> None:
    assert factor("dwell time").place == "onward"
    with pytest.raises(UsageError, match="dwell time"):
        factor("dwel time")


def test_columns_are_whole_hundredths_and_computed_once() -> None:
    case = dossier(
        World([Move("S1", "maker", "target", "2024-01-01", "2024-01-05")], listed=[verdict("target")])
    )
    facts = gather(case)
    one = factor("strength of the restriction")
    assert isinstance(one, Factor)
    assert column(one, facts).tolist() == [180]
    assert column(one, facts) is column(one, facts)
    assert column(factor_of("declared end user restricted"), facts).tolist() == [int(UNKNOWN)]


def factor_of(name: str) -> Factor:
    one = factor(name)
    assert isinstance(one, Factor)
    return one


@pytest.mark.parametrize(("points", "each"), [(-0.2, False), (0.2, True), (9.0, False)])
def test_a_factor_that_would_break_the_bound_is_refused(points: float, each: bool) -> None:
    case = dossier(World([Move("S1", "maker", "target", "2024-01-01", "2024-01-05")]))
    facts = gather(case)
    wrong = Factor(
        name="wrong",
        place="onward",
        most=1.0,
        source="none",
        points=lambda f: np.full(len(f.transfers), points),
        tell=lambda f, e: Told("wrong"),
        lacks=lambda f, e: "",
        each=each,
    )
    with pytest.raises(DiversionError, match="wrong"):
        column(wrong, facts)


def test_a_direct_shipment_has_no_intermediary_to_judge() -> None:
    case = dossier(
        World([Move("S1", "maker", "target", "2024-01-01", "2024-01-05")], listed=[verdict("target")])
    )
    scored = Scorer(case, gather(case)).score(corridor(case, "S1"))
    onward = {one.name for one in SCORECARD if one.place == "onward"}
    assert not onward & (
        {one.factor for one in scored.contributions} | {one.factor for one in scored.unjudged}
    )
    assert scored.base == BASE


def test_of_several_intermediaries_the_worst_counts_and_every_hand_lowers() -> None:
    moves = [
        Move("S1", "maker", "hub", "2024-01-01", "2024-01-05"),
        Move("S2", "hub", "front", "2024-01-10", "2024-01-12"),
        Move("S3", "front", "target", "2024-01-15", "2024-01-20"),
    ]
    parties = {"hub": ("AE", "2022-06-01"), "front": ("TR", "2023-12-20"), "target": ("RU", None)}
    case = dossier(World(moves, parties, [verdict("target")]))
    scored = Scorer(case, gather(case)).score(corridor(case, "S1", "S2", "S3"))
    told = {one.factor: one for one in scored.contributions}
    assert told["founded shortly before"].detail.startswith("front Ltd")
    assert told["hands passed"].points == -1.0
    assert told["hands passed"].detail.count("hub Ltd") == told["hands passed"].detail.count("front Ltd") == 1


def test_an_empty_world_has_empty_facts() -> None:
    case = dossier(World([], {"maker": ("CH", None)}))
    facts = gather(case)
    assert len(weights(facts).start) == 0

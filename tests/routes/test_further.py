"""Goods in disguise and parties possibly the same: few, explicit, told, and never counted as walks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.further import in_disguise, possibly_same
from diversion.policy.policy import load
from diversion.routes.arcs import Further
from diversion.routes.census import census
from diversion.routes.corridors import search
from diversion.routes.disguise import AT_ONCE
from tests.case import LISTINGS, run
from tests.routes.brute import World
from tests.routes.test_edges import CHIP, world_of
from tests.routes.worlds import blurred, further_of, projection_of, question_of, weights_of, worlds

many = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
TOY = "950300"


@many
@given(data=st.data(), seed=st.integers(0, 2**32), at_once=st.sampled_from([1, AT_ONCE]))
def test_disguises_are_those_of_brute_force(data: st.DataObject, seed: int, at_once: int) -> None:
    world = replace(data.draw(worlds("all", 40)), hops=1, disguise=(0.04, 3, seed % 4 + 1, seed % 9 + 1))
    world = blurred(world, seed) if seed % 2 else world
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diversion.routes.disguise.AT_ONCE", at_once)
        more = further_of(world)
    assert more is not None
    found = sorted(zip(more.into.tolist(), more.onto.tolist(), strict=True))
    assert found == [(e, f) for e in range(len(world.transfers)) for f in sorted(world.disguised(e))]


def disguised(**changes: object) -> World:
    chain = [(0, 1, CHIP, 0, 2), (1, 2, TOY, 5, 6), (2, 3, TOY, 7, 8)]
    made = world_of(chain, {3}, relations="all", origins={0}, goods={CHIP}, hops=3, dwell=(0, 9))
    made = replace(made, kilos={0: 400.0, 1: 404.0}, disguise=(0.02, 5, 3, 9), penalties={"disguise": 1.5})
    return replace(made, **changes)  # type: ignore[arg-type]


def told(world: World) -> list[tuple[tuple[int, ...], tuple[str, ...], float]]:
    found = search(projection_of(world, prune=True), question_of(world), weights_of(world), 0).corridors
    return [(r.corridor.parties, r.corridor.relations, r.corridor.weight) for r in found]


def test_goods_go_on_under_another_name_and_no_walk_does() -> None:
    assert told(disguised()) == [((0, 1, 2, 3), ("disguise", "strict"), -1.5)]
    counted = census(projection_of(disguised(), prune=True), question_of(disguised()))
    assert [w.count for w in counted.walks] == [0, 0, 0] and not counted.through.any()


@pytest.mark.parametrize(
    "changes",
    [
        {"kilos": {0: 400.0, 1: 410.0}},
        {"kilos": {0: 400.0}},
        {"disguise": (0.02, 2, 3, 9)},
        {"disguise": (0.02, 5, 3, 0)},
        {"disguise": None},
        {"relations": "jump"},
    ],
)
def test_another_amount_or_a_long_wait_is_no_disguise(changes: dict[str, object]) -> None:
    assert told(disguised(**changes)) == []


def test_where_more_tie_than_may_be_taken_none_of_them_is() -> None:
    chain = [(0, 1, CHIP, 0, 2), *((1, 2 + k, TOY, 5, 6) for k in range(3)), (1, 5, TOY, 4, 6)]
    world = world_of(chain, {2, 3, 4, 5}, relations="all", origins={0}, goods={CHIP}, dwell=(0, 9))
    world = replace(world, kilos=dict.fromkeys(range(5), 9.0), disguise=(0.0, 9, 3, 9))
    assert [parties for parties, *_ in told(world)] == [(0, 1, 5)]
    assert len(told(replace(world, disguise=(0.0, 9, 4, 9)))) == 4


def test_goods_may_change_their_name_twice() -> None:
    hs6, items = np.array([CHIP, TOY, "842952", "100100"], object), np.array([0, 1, 1, 2, 3], np.int32)
    nobody = np.zeros(0, np.int32)
    more = Further(
        np.array([0, 2], np.int32), np.array([1, 3], np.int32), (0, 9), nobody, nobody, np.zeros(0)
    )
    chips = np.array([True, False, False, False])
    assert in_disguise(chips, hs6, items, more).tolist() == [True, True, True, False]
    assert in_disguise(~chips, hs6, items, None).tolist() == (~chips).tolist()


def test_the_likeliest_few_stand_in_and_cost_more_as_they_are_less_likely() -> None:
    ids = np.array(["A", "B", "C", "D", "E"], object)
    rows = [
        ("A", "B", 0.9, "one name"),
        ("A", "C", 0.7, "alike"),
        ("D", "A", 0.8, "alike"),
        ("E", "A", 0.6, "x"),
    ]
    table = pd.DataFrame([*rows, ("A", "Z", 0.9, "never ships")], columns=["party", "other", "score", "why"])
    dossier: Any = SimpleNamespace(
        possibly_same=table, policy=load(), transfers=SimpleNamespace(party_ids=ids)
    )
    found = possibly_same(dossier)
    assert [pair for pair in found if pair[0] == 0] == [(0, 1), (0, 3), (0, 2)]
    assert {(1, 0), (2, 0), (3, 0), (4, 0)} < set(found)
    costs = [found[0, other].penalty for other in (1, 3, 2)]
    assert costs == sorted(costs) and costs[0] < costs[-1] and costs[0] == round(0.4 + 1.1 * 0.1, 2)
    assert possibly_same(SimpleNamespace()) == {}  # type: ignore[arg-type]


HEADER = """\
shipment_id,departed_on,arrived_on,exporter,consignee,consignee_country,hs_code,quantity,unit,weight_kg
"""
ROWS = """\
S-1,2023-03-01,2023-03-05,Nordic Radian AG,Kestrel Trading FZE,AE,854231,1000,pieces,412
S-2,2023-03-09,2023-03-12,Kestrel Trading FZE,Volga Instruments,KZ,950300,90,pieces,{kilos}
"""


@pytest.mark.parametrize(("kilos", "found"), [(410, True), (390, False)])
def test_a_disguise_is_told_in_words(tmp_path: Path, kilos: int, found: bool) -> None:
    files = {"shipments.csv": HEADER + ROWS.format(kilos=kilos), "listings.csv": LISTINGS}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    at = "--store", tmp_path / "case.duckdb"
    assert run("ingest", *(tmp_path / name for name in files), *at).code == 0
    told = run("analyze", *at, "--format", "json").json
    assert [walk["count"] for walk in told["walks"]] == [0] * 5 and told["corridors"] == found
    if found:
        (route,) = run("routes", *at, "--format", "json").json
        assert route["breaks"] == [
            {
                "hop": 2,
                "kind": "disguise",
                "detail": "HS 854231 arrived, HS 950300 left, from the same party in the same amount "
                "(412 kg and 410 kg), 4 days later",
            }
        ]
        (lowers,) = [one for one in route["contributions"] if one["factor"] == "breaks in the chain"]
        assert lowers["points"] == -1.2 and lowers["evidence"] == ["S-1", "S-2"]
        assert "goods of another heading left in the same amount 4 days later (HS 950300)" in lowers["detail"]
        text = run("explain", "1", *at).out
        assert "goods declared as HS 950300" in text
    strict = run("analyze", *at, "--relations", "jump", "--format", "json").json
    assert strict["corridors"] == 0

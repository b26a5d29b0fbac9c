"""Patterns against their definition on small worlds, and against what was planted in the sample world."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from random import Random
from types import MappingProxyType

import numpy as np
import pytest

import diversion as dv
from diversion.assemble import assemble
from diversion.dossier import Dossier
from diversion.errors import UsageError
from diversion.explain.words import as_date
from diversion.pattern_shapes import Kind
from diversion.patterns import KINDS, patterns
from diversion.policy.model import Threshold, ValueLimit
from diversion.policy.policy import load
from diversion.typologies import Returned, typologies
from tests.case import run, write_case
from tests.scoring.world import CHIPS, SCOPES, Move, World, days, dossier

LEAST, WINDOW = 3, 20
SMALL = {
    "pattern_days": WINDOW,
    "fan_counterparties": LEAST,
    "splitting_shipments": LEAST,
    "gathering_brokers": LEAST,
    "gathering_hub": 100,
    "splitting_share": 0.5,
}


def random_case(seed: int) -> tuple[World, Dossier]:
    dice, parties, moves = Random(seed), [f"p{i}" for i in range(7)], []
    for place in range(70):
        src, dst = dice.sample(parties, 2)
        left = as_date(days("2024-01-01") + dice.randrange(120))
        came = as_date(days(str(left)) + dice.randrange(4))
        value = dice.choice([None, 400.0, 500.0, 900.0, 1000.0, 1001.0])
        goods = dice.choice([CHIPS, CHIPS, CHIPS, SCOPES])
        moves.append(Move(f"S{place:02}", src, dst, str(left), str(came), goods, value=value))
    world = World(moves, {party: (dice.choice(["US", "US", "AE"]), None) for party in parties})
    case, policy = dossier(world), load()
    small = {name: (Threshold(name, value, "test"),) for name, value in SMALL.items()}
    until = as_date("2024-04-01")
    limit = ValueLimit("limit", 1000.0, frozenset({"US"}), as_date("2024-01-20"), until, "test", "stated")
    return world, replace(
        case,
        policy=replace(policy, numbers=MappingProxyType({**policy.numbers, **small}), value_limits=(limit,)),
    )


def events_of(world: World, kind: Kind) -> dict[tuple[str, ...], list[tuple[int, str, tuple[Move, ...]]]]:
    """Day, member and shipments of every event of each group, by the definitions."""
    found: dict[tuple[str, ...], list[tuple[int, str, tuple[Move, ...]]]] = defaultdict(list)
    for move in world.moves:
        left, came = days(move.left), days(move.came)
        if kind == "fan-in":
            found[move.dst, move.hs6].append((came, move.src, (move,)))
        elif kind == "fan-out":
            found[move.src, move.hs6].append((left, move.dst, (move,)))
        elif kind == "splitting":
            within = move.value is not None and 500 <= move.value <= 1000
            there = world.parties[move.src][0] == "US" and "2024-01-20" <= move.left < "2024-04-01"
            if within and there:
                found[move.src, move.hs6, move.dst].append((left, move.id, (move,)))
        else:
            for other in world.moves:
                wait = days(other.left) - came
                follows = other.src == move.dst and other.hs6 == move.hs6 and 0 <= wait <= WINDOW
                if follows and other.dst != move.src:
                    event = (days(other.left), move.dst, (move, other))
                    found[move.src, move.hs6, other.dst].append(event)
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_they_are_those_of_the_definition(seed: int, kind: Kind) -> None:
    world, case = random_case(seed)
    told = patterns(case, kind, np.ones(len(case.transfers), bool)).found
    most: dict[tuple[str, ...], int] = {}
    for group, events in events_of(world, kind).items():
        full = [{m for d, m, _ in events if day - WINDOW < d <= day} for day, _, _ in events]
        if max(map(len, full)) >= LEAST:
            most[group] = max(map(len, full))
    found: dict[tuple[str, ...], int] = {}
    for one in told:
        group = (one.party.id, one.item.hs6, *([one.to.id] if one.to else []))
        found[group] = max(found.get(group, 0), one.members)
        mine = [
            event
            for event in events_of(world, kind)[group]
            if {move.id for move in event[2]} <= set(one.shipments)
        ]
        assert {move.id for _, _, moves in mine for move in moves} == set(one.shipments)
        assert {member for _, member, _ in mine} >= {party.id for party in one.counterparties}
        assert one.members == (len(one.shipments) if kind == "splitting" else len(one.counterparties))
        last = {moves[-1].id: moves[-1] for _, _, moves in mine}
        if kind != "gathering":
            assert max(d for d, _, _ in mine) - min(d for d, _, _ in mine) < WINDOW
            assert (one.value_usd or 0) == pytest.approx(sum(m.value or 0 for m in last.values()))
        assert one.times == pytest.approx(one.members / one.usual)
        assert one.first_day == min(move.left for _, _, moves in mine for move in moves)
    assert found == most
    assert [one.times for one in told] == sorted((one.times for one in told), reverse=True)


def test_what_may_go_on_by_too_many_shipments_is_counted_not_followed() -> None:
    moves = [Move("in", "a", "b", "2024-01-01", "2024-01-02")]
    moves += [Move(f"out{i}", "b", f"c{i}", "2024-01-03", "2024-01-04") for i in range(60)]
    case = dossier(World(moves))
    assert patterns(case, "gathering", np.ones(61, bool)).left_out == 1


def test_the_parallel_shells_of_the_sample_gather_and_the_repairs_come_back(sample: Dossier) -> None:
    told = typologies(sample, dv.Options(), ("gathering", "round-trip"))
    gathered = [one for one in told.found if not isinstance(one, Returned)]
    # P04 to P06: one maker, three shells, one customer. P07 to P10: one shell, four hubs, one customer.
    assert {(one.party.id, one.to.id if one.to else None) for one in gathered} == {
        ("US-1564", "RU-0810"),
        ("US-1198", "RU-0310"),
    }
    shells = next(one for one in gathered if one.party.id == "US-1564")
    assert {party.id for party in shells.counterparties} == {"HK-1836", "HK-0905", "HK-1072"}
    assert shells.bound == len(shells.shipments)
    # L59 to L63: one instrument sent for repair, and returned.
    rings = {tuple(party.id for party in one.parties) for one in told.found if isinstance(one, Returned)}
    assert rings == {
        ("TR-0608", "ZA-1885"),
        ("CN-0245", "UZ-0426"),
        ("KZ-2232", "BG-0529"),
        ("CN-0678", "AU-1882"),
        ("IN-2289", "SG-0299"),
    }
    with pytest.raises(UsageError):
        typologies(sample, dv.Options(), ("sideways",))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    place = tmp_path_factory.mktemp("sample") / "sample.duckdb"
    with dv.open_store(str(place)) as store:
        dv.read_files(store, sorted(dv.sample_data().glob("[!t]*.csv")))
        return assemble(store, dv.Options(), load())


def test_the_command_and_the_frame_tell_the_same(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("patterns")
    files, store = write_case(folder), folder / "case.duckdb"
    back = "S-9,2023-03-12,2023-03-15,Kestrel Trading FZE,AE,Nordic Radian AG,CH,854231,back,9,pieces,900,USD"
    files[0].write_text(f"{files[0].read_text(encoding='utf-8').rstrip()}\n{back}\n", encoding="utf-8")
    assert run("ingest", *files, "--store", store).code == 0
    (ring,) = run("patterns", "--kind", "round-trip", "--store", store, "--format", "json").json
    # S-1 and S-2 came before S-9 left.
    assert (ring["routes"], [step["shipments"] for step in ring["steps"]]) == (2, [["S-1", "S-2"], ["S-9"]])
    assert [party["name"] for party in ring["parties"]] == ["Nordic Radian AG", "Kestrel Trading FZE"]
    table = run("patterns", "--store", store)
    assert ring["pattern_id"] in table.out
    csv = run("patterns", "--store", store, "--format", "csv").out.splitlines()
    assert len(csv) == 2
    with dv.open_store(str(store), read_only=True) as opened:
        frame = dv.patterns_frame(dv.analyze(opened))
    assert frame["pattern_id"].tolist() == [ring["pattern_id"]]
    assert frame.at[0, "bound"] == 2

"""What surrounds a few transfers is enough to score them as a run over all does."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pyarrow as pa

from diversion.checking.records import Records, some
from diversion.scoring.facts import Facts, gather
from diversion.scoring.model import UNKNOWN, Factor, column
from diversion.scoring.scope import Scope
from diversion.scoring.scorecard import SCORECARD
from tests.scoring.world import CHIPS, SCOPES, Move, World, dossier, verdict

MAKERS, BROKERS, BUYERS = ([f"{tier}{number:02}" for number in range(10)] for tier in "MBC")
MOVES = 120


def date(day: int) -> str:
    return str(np.datetime64("2020-06-01") + day)


def world(seed: int) -> World:
    """A sparse world: who buys mostly does so from one maker; some are lost to a list, brokers come later."""
    dice = Random(seed)
    since = {buyer: dice.randrange(500, 1100) for buyer in dice.sample(BUYERS, 5)}
    begun = {broker: dice.randrange(0, 1300) for broker in BROKERS}

    def way() -> tuple[str, str, int]:
        place, kind = dice.randrange(10), dice.randrange(3)
        if kind == 0:
            buyer = BUYERS[place]
            return MAKERS[place], buyer, dice.randrange(since.get(buyer, 1800))
        broker = BROKERS[place]
        day = dice.randrange(begun[broker], 1850)
        return (MAKERS[place], broker, day) if kind == 1 else (broker, dice.choice(BUYERS), day)

    def move(number: int) -> Move:
        src, dst, left = way()
        return Move(
            id=f"S{number:03}",
            src=src,
            dst=dst,
            left=date(left),
            came=date(left + dice.randrange(0, 30)),
            hs6=dice.choice((CHIPS, CHIPS, CHIPS, "854232", SCOPES)),
            quantity=dice.choice((None, 10.0, 12.0, 500.0)),
            value=dice.choice((900.0, 1000.0, 1500.0)) if seed % 2 else None,
            weight=dice.choice((2.0, 3.0)),
            unit=dice.choice(("pieces", "pieces", "kg")),
            licence="D-1" if dice.random() < 0.01 else None,
            end_use="toys" if dice.random() < 0.01 else None,
            end_user=dice.choice(BUYERS) if dice.random() < 0.01 else None,
        )

    who = {
        party: (dice.choice(("CH", "AE", "TR", "RU")), date(dice.randrange(-400, 900)))
        for party in (*MAKERS, *BROKERS, *BUYERS)
    }
    listed = [verdict(party, since=date(day)) for party, day in since.items()]
    return World([move(number) for number in range(MOVES)], who, listed)


def parts(seed: int) -> tuple[Facts, Facts, np.ndarray, np.ndarray]:
    """Facts of a whole world, those of what surrounds some of its rows, the rows, and where they stand."""
    case, dice = dossier(world(seed)), Random(seed)
    rows = np.array(sorted(dice.sample(range(MOVES), 2)), np.int32)
    near = Records(case).around(rows, np.zeros(0, np.int32))
    part = replace(
        case,
        transfers=replace(some(case.transfers, near), shipment=np.arange(len(near))),
        shipments=case.shipments.take(pa.array(near)),
    )
    few = gather(part, scope=Scope.of(case.transfers, case.shipments))
    return gather(case), few, rows, np.searchsorted(near, rows)


def test_facts_of_a_few_are_those_of_a_run_over_all() -> None:
    judged: Counter[str] = Counter()
    for seed in range(160):
        whole, few, rows, at = parts(seed)
        assert len(few.transfers) < len(whole.transfers)
        for one in SCORECARD:
            if isinstance(one, Factor):
                expected = column(one, whole)[rows]
                assert (column(one, few)[at] == expected).all(), (seed, one.name)
                judged[one.name] += int(((expected != 0) & (expected != UNKNOWN)).sum())
    # What others do shows in these worlds, so that a narrower view of them would be seen.
    assert judged["orders of a listed customer taken over"] and judged["volume jump after a control"]

"""What a projection holds stays within the bytes a transfer that its description states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from diversion.routes.ranges import Projection, ProjectionOptions, Relation
from diversion.routes.transfers import Transfers
from tests.routes.brute import World
from tests.routes.worlds import transfers_of

SIZE, PARTIES = 50_000, 2_500


def many() -> Transfers:
    """Random transfers of two goods of one heading."""
    dice = np.random.default_rng(5)
    base = transfers_of(World([(0, 1, "854231", 0, 0), (0, 1, "854232", 0, 0)]))
    days = dice.integers(0, 700, SIZE).astype(np.int32)
    return replace(
        base,
        src=dice.integers(0, PARTIES // 2, SIZE).astype(np.int32),
        dst=dice.integers(PARTIES // 2, PARTIES, SIZE).astype(np.int32),
        end_user=np.full(SIZE, -1, np.int32),
        item=dice.integers(0, 2, SIZE).astype(np.int32),
        departed=days,
        departed_first=days,
        arrived=days + np.int32(3),
        arrived_last=days + np.int32(3),
        estimated=np.zeros(SIZE, bool),
        shipment=np.arange(SIZE),
        ids=np.full(SIZE, "", object),
        party_ids=np.array([f"P{p:04}" for p in range(PARTIES)], object),
        quantity=np.zeros(SIZE),
        weight_kg=np.zeros(SIZE),
        value_usd=np.zeros(SIZE),
    )


def held(projection: Projection) -> int:
    """Bytes of all arrays that grow with the transfers, each once."""
    arrays = [projection.rows, projection.position, projection.grouped, projection.widened]
    for relation in [*projection.relations.values(), *projection.jumps_goods.values()]:
        arrays += columns(relation)
    return sum({id(a): a.nbytes for a in arrays if a is not None and len(a) > PARTIES}.values())


def columns(relation: Relation) -> list[np.ndarray | None]:
    sides = relation.sides
    assert sides is not None
    return [relation.order, relation.lo, relation.hi, relation.widened, sides.outs, sides.ins, sides.asking]


@pytest.mark.parametrize(("relations", "bytes_each"), [("strict", 36), ("relabel", 68)])
def test_a_projection_takes_what_it_says(relations: str, bytes_each: int) -> None:
    options = ProjectionOptions(relations)  # type: ignore[arg-type]
    assert held(Projection.build(many(), options)) == SIZE * bytes_each


def test_jumps_take_memory_for_the_grouped_alone() -> None:
    """A fifth of the parties in groups by owner, and again by address, no party in both."""
    owner, address = np.full(PARTIES, -1, np.int32), np.full(PARTIES, -1, np.int32)
    owner[::5], address[1::5] = 7, 8
    made = Projection.build(many(), ProjectionOptions("all", owner, address))
    ranges, members = 5 * 8 + 1, 4 * 0.2 * 24
    assert held(made) == pytest.approx(SIZE * (68 + ranges + members), rel=0.02)

"""Fictional worlds of transfers: heavy-tailed ones, and ones whose routes can be counted by hand."""

from __future__ import annotations

import numpy as np

from diversion.routes.best import Weights
from diversion.routes.ranges import Question
from diversion.routes.transfers import Flags, Floats, Ints, Transfers

HOPS, DWELL, TOP = 5, 180, 1000
GOODS = 50


def transfers_of(src: Ints, dst: Ints, item: Ints, days: tuple[Ints, Ints], parties: int) -> Transfers:
    """Transfers without amounts and ids, which no question here needs."""
    departed, arrived = days
    size = len(src)
    return Transfers(
        src=src,
        dst=dst,
        end_user=np.full(size, -1, np.int32),
        item=item,
        departed=departed,
        departed_first=departed,
        arrived=arrived,
        arrived_last=arrived,
        estimated=np.zeros(size, bool),
        quantity=np.zeros(0),
        weight_kg=np.zeros(0),
        value_usd=np.zeros(0),
        shipment=np.zeros(0, np.int64),
        ids=np.zeros(0, object),
        party_ids=np.array([f"P{i:07}" for i in range(parties)], object),
        hs6=np.array([f"{8500 + i // 5:04}{i % 5:02}" for i in range(GOODS)], object),
    )


def heavy(size: int, parties: int, goods: int = GOODS, days: int = 730, seed: int = 7) -> Transfers:
    """Transfers between parties whose shipments follow a power law, each side with hubs of its own."""
    dice = np.random.default_rng(seed)
    share = np.cumsum(1 / np.arange(1, parties + 1) ** 0.8)

    def side() -> Ints:
        rank = np.searchsorted(share, dice.random(size) * share[-1]).clip(max=parties - 1)
        return np.asarray(dice.permutation(parties)[rank], np.int32)

    departed = dice.integers(18_000, 18_000 + days, size, dtype=np.int32)
    arrived = departed + dice.integers(1, 30, size, dtype=np.int32)
    src, dst = side(), side()
    return transfers_of(src, dst, dice.integers(0, goods, size, dtype=np.int32), (departed, arrived), parties)


def restricted_of(parties: int, share: float) -> Flags:
    return np.random.default_rng(11).random(parties) < share


def question_of(transfers: Transfers, share: float) -> Question:
    restricted = restricted_of(len(transfers.party_ids), share)
    barred = restricted[transfers.src]
    return Question(restricted[transfers.dst], ~barred, barred, HOPS)


def weights_of(size: int) -> Weights:
    """Points in hundredths, as a scorecard gives them."""
    dice = np.random.default_rng(13)

    def points(low: int, high: int) -> Floats:
        return dice.integers(low, high, size, dtype=np.int16) / np.float64(100)

    return Weights(
        points(0, 400), points(-50, 200), points(0, 300), {"relabel": 0.5, "owner": 0.3, "address": 0.4}
    )


def groups_of(parties: int) -> tuple[Ints, Ints]:
    """A tenth of the parties share an owner, and a tenth an address, with some others."""
    dice = np.random.default_rng(17)

    def label() -> Ints:
        joined = dice.random(parties) < 0.1
        return np.where(joined, dice.integers(0, parties // 50 + 1, parties), -1).astype(np.int32)

    return label(), label()

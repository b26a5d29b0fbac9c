"""All verdicts of ownership on one day, measured: `python -m benchmarks.ownership`; `--store` asks the command.

A made world of a million parties and a million holdings, in the shape of registers: few owners hold much, most
hold one company; chains of up to forty links; circles; bands, unknown shares and votes among exact shares;
holdings that begin and end; two in a thousand parties on a list. Of each regime: seconds of the clock and of the
processor by stage, from rows with textual ids to a word for every party.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from time import perf_counter, process_time
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties.owned import Estate, estate, on_day, works_of
from diversion.parties.restricted import restrict
from diversion.policy.policy import Policy, load

Ints = npt.NDArray[np.int64]
DAY = date(2025, 10, 15)
EPOCH = date(1970, 1, 1)
LISTS = (("US OFAC", "SDN"), ("US BIS", "Entity List"), ("EU", "asset freeze"), ("UK", "asset freeze"))
BANDS = ((25.0, 50.0), (50.0, 75.0), (75.0, 100.0), (np.nan, np.nan))
EXACT = (5.0, 10.0, 20.0, 25.0, 33.3, 40.0, 49.0, 50.0, 51.0, 60.0, 75.0, 100.0)
"""Shares as registers have them; the last bands are unknown."""


@dataclass(frozen=True)
class World:
    """Ids of the parties, the holdings, and which party stands on which list."""

    ids: npt.NDArray[np.object_]
    holdings: pd.DataFrame
    listings: pd.DataFrame
    listed: pd.DataFrame


def world(parties: int, holdings: int, seed: int = 1) -> World:
    """A world of that size; the same seed gives the same world."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"XX-REG-{number:08d}" for number in range(parties)], dtype=object)
    owner, owned = _links(rng, parties, holdings)
    marked = rng.choice(parties, max(4, parties // 500), replace=False)
    return World(ids, _frame(rng, ids, owner, owned), *_lists(ids, marked))


def _links(rng: np.random.Generator, parties: int, holdings: int) -> tuple[Ints, Ints]:
    """Who holds whom: a third of the links in chains, some of which close, the others by a heavy tail."""
    chained = holdings // 3
    length = rng.integers(2, 41, chained // 10)
    step = np.concatenate([np.arange(n) for n in length])[:chained]
    head = np.repeat(rng.integers(0, parties, len(length)), length)[: len(step)]
    round_ = np.repeat(np.where(rng.random(len(length)) < 0.2, length, parties), length)[: len(step)]
    chain = head + step, head + (step + 1) % round_
    rest = holdings - len(step)
    heavy = np.minimum(rng.pareto(0.8, rest) * 3, parties - 1).astype(np.int64) * 7919
    loose = np.where(rng.random(rest) < 0.5, heavy, rng.integers(0, parties, rest))
    return (
        np.concatenate([chain[0], loose]) % parties,
        np.concatenate([chain[1], rng.integers(0, parties, rest)]) % parties,
    )


def _frame(rng: np.random.Generator, ids: npt.NDArray[np.object_], owner: Ints, owned: Ints) -> pd.DataFrame:
    size = len(owner)
    exact = np.array(EXACT)[rng.integers(0, len(EXACT), size)]
    band = np.array(BANDS)[rng.integers(0, len(BANDS), size)]
    banded = rng.random(size) < 0.4
    days = np.array([EPOCH + timedelta(days=n) for n in range(20_500)], dtype=object)
    since, until = rng.integers(10_000, 20_000, size), rng.integers(15_000, 20_500, size)
    return pd.DataFrame(
        {
            "owner": ids[owner],
            "owned": ids[owned],
            "share_min": np.where(banded, band[:, 0], exact),
            "share_max": np.where(banded, band[:, 1], exact),
            "above_min": pd.Series(banded & (band[:, 0] < 75), dtype=object),
            "below_max": pd.Series(np.full(size, False), dtype=object),
            "kind": pd.Series(np.where(rng.random(size) < 0.1, "votes", "shares"), dtype=object),
            "told_by": pd.Series([None] * size, dtype=object),
            "from": np.where(rng.random(size) < 0.5, days[since], None),
            "until": np.where(rng.random(size) < 0.1, days[until], None),
            "source": "register",
            "row": np.arange(size),
            "id": pd.Series(np.arange(size)).astype(str).astype(object),
        }
    )


def _lists(ids: npt.NDArray[np.object_], marked: Ints) -> tuple[pd.DataFrame, pd.DataFrame]:
    entries = [
        {"id": f"L{at}", "name": ids[place], "authority": LISTS[at % 4][0], "programme": LISTS[at % 4][1]}
        for at, place in enumerate(marked.tolist())
    ]
    empty = ["party_id", "removed_on", "first_seen", "gone_on", "address", "effect", "regimes"]
    listings = pd.DataFrame(entries).assign(listed_on=date(2022, 2, 24), **dict.fromkeys(empty))
    listed = pd.DataFrame({"party": ids[marked], "listing": listings["id"], "score": 1.0, "why": "id"})
    return listings, listed


@contextmanager
def stage(name: str, spent: dict[str, tuple[float, float]]) -> Iterator[None]:
    clock, processor = perf_counter(), process_time()
    yield
    spent[name] = perf_counter() - clock, process_time() - processor

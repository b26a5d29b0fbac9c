"""All verdicts of ownership on one day, measured: `python -m benchmarks.ownership`.

A made world of a million parties and a million holdings, in the shape of registers: few owners hold much,
most hold one company; chains of up to forty links; circles; bands, unknown shares and votes among exact
shares; holdings that begin and end; one in two hundred parties on a list. Of each regime: seconds of the
clock and of the processor by stage, from rows with textual ids to a word for every party.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from time import perf_counter, process_time

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties.listed import listed
from diversion.parties.owned import CERTAIN, POSSIBLE, estate, works
from diversion.policy.model import OwnershipRule, day_number
from diversion.policy.policy import load

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
    marked = rng.choice(parties, max(4, parties // 200), replace=False)
    return World(ids, _frame(rng, ids, owner, owned), *_lists(ids, marked))


def _links(rng: np.random.Generator, parties: int, holdings: int) -> tuple[Ints, Ints]:
    """Who holds whom: a third in chains, one in five of which closes; the others by a heavy tail.

    One in ten pairs is stated twice, as registers state shares and votes.
    """
    length = rng.integers(2, 41, holdings // 63)
    step = np.concatenate([np.arange(n) for n in length])
    start = np.repeat(np.cumsum(length) - length, length)
    closed = np.repeat(np.where(rng.random(len(length)) < 0.2, length, parties), length)
    cast = rng.permutation(parties)
    above, below = cast[(start + step) % parties], cast[(start + (step + 1) % closed) % parties]
    twice = rng.choice(len(above), holdings // 20, replace=False)
    rest = holdings - len(above) - len(twice)
    heavy = np.minimum(rng.pareto(0.8, rest) * 50, parties - 1).astype(np.int64)
    owner = np.where(rng.random(rest) < 0.5, heavy, rng.integers(0, parties, rest))
    return (
        np.concatenate([above, above[twice], owner]),
        np.concatenate([below, below[twice], rng.integers(0, parties, rest)]),
    )


def _frame(rng: np.random.Generator, ids: npt.NDArray[np.object_], owner: Ints, owned: Ints) -> pd.DataFrame:
    size = len(owner)
    exact = np.array(EXACT)[rng.integers(0, len(EXACT), size)]
    band = np.array(BANDS)[rng.integers(0, len(BANDS), size)]
    banded = rng.random(size) < 0.4
    days = np.array([EPOCH + timedelta(days=n) for n in range(20_500)], dtype=object)
    nothing = np.full(size, None, dtype=object)
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
            "from": np.where(rng.random(size) < 0.5, days[since], nothing),
            "until": np.where(rng.random(size) < 0.1, days[until], nothing),
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


Spent = dict[str, tuple[float, float]]
"""Seconds of the clock and of the processor, by stage."""


@contextmanager
def stage(name: str, spent: Spent) -> Iterator[None]:
    """Measure what is done within."""
    clock, processor = perf_counter(), process_time()
    yield
    spent[name] = perf_counter() - clock, process_time() - processor


def measure(made: World, rule: OwnershipRule) -> tuple[Spent, npt.NDArray[np.int8]]:
    """A word for every party by one rule on one day, from the rows on; nothing is kept from other rules."""
    spent: Spent = {}
    policy = replace(load(), ownership=(rule,))
    places = pd.DataFrame(columns=["party", "address", "text", "country", "from", "until"])
    with stage("lists", spent):
        direct = listed(made.listings, made.listed, places, policy)
    with stage("ids", spent):
        given = estate(made.holdings, direct, pd.Series(made.ids, index=made.ids), 0.9)
    with stage("stakes", spent):
        chosen = [work for work in works(given, made.listings, policy) if work.covers(day_number(DAY))]
        for work in chosen:
            work.stakes  # noqa: B018  it is computed when asked for
    with stage("verdicts", spent):
        found = np.zeros(len(given.parties), np.int8)
        for work in chosen:
            found = np.maximum(found, work.on_day(day_number(DAY)))
    with stage("proofs of a hundred", spent):
        for place in np.flatnonzero(found)[:100].tolist():
            for work in chosen:
                work.again(str(given.parties[place]), day_number(DAY))
    return spent, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parties", type=int, default=1_000_000)
    size = parser.parse_args().parties
    made = world(size, size)
    print(f"{size:,} parties, {len(made.holdings):,} holdings, {len(made.listings):,} listed, on {DAY}")
    measure(world(1_000, 1_000), load().ownership[0])  # loops are compiled, or read from their cache
    for rule in load().ownership:
        spent, found = measure(made, rule)
        asked = [seconds for name, seconds in spent.items() if not name.startswith("proofs")]
        total = [sum(one[at] for one in asked) for at in (0, 1)]
        stages = "  ".join(f"{name} {spent[name][0]:.2f}/{spent[name][1]:.2f}" for name in spent)
        counts = [int((found == word).sum()) for word in (CERTAIN, POSSIBLE)]
        print(
            f"{rule.name:24} {total[0]:5.2f} s, processor {total[1]:5.2f} s  ({stages})  "
            f"yes {counts[0]:,}  undetermined {counts[1]:,}  no {size - sum(counts):,}",
            flush=True,
        )


if __name__ == "__main__":
    main()

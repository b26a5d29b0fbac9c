"""One new shipment at a time against a graph that is projected already."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.routes.measuring import apart, head, row
from benchmarks.routes.ours import parties_of
from benchmarks.routes.worlds import DWELL, groups_of, heavy, question_of, restricted_of, weights_of
from diversion.routes.incremental import Watch
from diversion.routes.ranges import Projection, ProjectionOptions, Question, Relations
from diversion.routes.transfers import Transfers


def run(size: int, relations: Relations, share: float, turns: int = 2000) -> dict[str, Any]:
    parties = parties_of(size)
    transfers = heavy(size, parties)
    options = ProjectionOptions(relations, *groups_of(parties), 0, DWELL)
    watch = Watch(Projection.build(transfers, options), question_of(transfers, share))
    new, weights = heavy(turns + 200, parties, seed=23), weights_of(size)
    restricted, mine = restricted_of(parties, share), weights_of(turns + 200)
    took, walks = [], 0
    for at in range(len(new)):
        one = only(new, at)
        barred = restricted[one.src]
        asked = Question(restricted[one.dst], ~barred, barred, watch.question.hops)
        here = replace(
            mine, **{name: getattr(mine, name)[at : at + 1] for name in ("start", "onward", "end")}
        )
        began = perf_counter()
        found = watch.around(one, asked)
        walks += sum(w.count for w in found.walks())
        found.corridors(found.weights(weights, here), 1)
        took.append(perf_counter() - began)
    middle, late, last = np.quantile(took[200:], [0.5, 0.99, 1]) * 1000
    return {"middle": middle, "late": late, "last": last, "walks": walks}


def only(new: Transfers, at: int) -> Transfers:
    names = [name for name, column in vars(new).items() if len(column) == len(new)]
    cut = replace(new, **{name: getattr(new, name)[at : at + 1] for name in names})
    ends, item = np.array([cut.src[0], cut.dst[0]]), cut.item[0]
    return replace(
        cut,
        src=np.zeros(1, np.int32),
        dst=np.ones(1, np.int32),
        item=np.zeros(1, np.int32),
        party_ids=new.party_ids[ends],
        hs6=new.hs6[item : item + 1],
    )


def table(size: int) -> None:
    print(f"\none new shipment against {size:,}: its walks and its best corridor, milliseconds\n")
    head("relations", "restricted", "median", "p99", "worst of 2,000", "walks found")
    for relations, share in (("strict", 0.001), ("strict", 0.1), ("all", 0.001), ("all", 0.1)):
        found = apart("alerts", "run", size, relations, share)
        row(relations, share, *(f"{found[name]:.2f}" for name in ("middle", "late", "last")), found["walks"])

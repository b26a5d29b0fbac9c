"""The transfers of a question as the columns of a table that Spark reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from diversion.engines import Asked
from diversion.routes.arcs import Further, joined
from diversion.routes.building import Builder
from diversion.routes.links import Longs
from diversion.routes.transfers import Flags, Ints

NOBODY = -1
GROUP = 500_000
"""Rows that one task of Spark reads."""


@dataclass(frozen=True)
class Table:
    """A row for each transfer that a route could hold; `rows` are their indices, `e` in the table.

    For each grouping of parties (`party`, `owner`, `address`, `both`; `alone` is `party` for those who are in
    a group) there are the labels of sender and receiver, `NAME_out` and `NAME_in` (−1: of none). What may
    follow in it departs (`left`) from `since` to `until_NAME`, in days from the first that matters; no such
    span is shorter than `block` days. `item` and `head` are the goods and their heading. `ends` and `on` say
    whether walks end with it and go on from it, `told_ends` and `told_on` whether corridors do. `widened` are
    rows whose span may hold more than can follow.
    """

    rows: Ints
    columns: dict[str, Any]
    block: int
    widened: Flags

    def write(self, folder: Path) -> None:
        """As one Parquet file whose groups of rows Spark reads apart."""
        table = pa.table({"e": self.rows, **self.columns})
        folder.mkdir()
        pq.write_table(table, folder / "transfers.parquet", row_group_size=GROUP)


def table_of(asked: Asked) -> Table:
    """The table of a question. Linear."""
    builder = Builder(asked.transfers, asked.options)
    rows, question, t = builder.rows, asked.question, asked.transfers
    if question.avoid is not None:
        rows = rows[~(question.avoid[t.src[rows]] | question.avoid[t.dst[rows]])]
    barred, ends, told_ends = (
        np.asarray(flags, bool)[rows] for flags in (question.barred, question.terminal, question.ends)
    )
    columns: dict[str, Any] = {
        "item": t.item[rows],
        "head": builder.hs4[t.item[rows]],
        "free": ~barred,
        "origin": np.asarray(question.origin, bool)[rows] & ~barred,
        "ends": ends,
        "on": np.ones(len(rows), bool) if question.open else ~ends,
        "told_ends": told_ends,
        "told_on": np.ones(len(rows), bool) if question.open else ~told_ends,
        **{name: getattr(asked.weights, name)[rows] for name in ("start", "onward", "end")},
    }
    days, widened = _days(builder, rows)
    columns |= days
    for name, label in _labels(builder):
        columns |= {f"{name}_out": label[t.src[rows]], f"{name}_in": label[t.dst[rows]]}
    if question.further is not None:
        columns |= _further(question.further, asked, rows)
    return Table(rows, columns, asked.options.dwell_max - asked.options.dwell_min + 1, widened)


def _labels(builder: Builder) -> Iterator[tuple[str, Ints]]:
    """Each grouping of parties with a label a party."""
    everybody = np.arange(builder.parties, dtype=np.int32)
    yield "party", everybody
    if builder.options.jumps:
        grouped = np.zeros(builder.parties, bool)
        for name, label, members in builder.groups():
            yield name, np.where(members, label, NOBODY).astype(np.int32)
            grouped |= members
        yield "alone", np.where(grouped, everybody, NOBODY)


def _days(builder: Builder, rows: Ints) -> tuple[dict[str, Longs], Flags]:
    """When each transfer left, and from when until when what follows it may leave."""
    t, options = builder.transfers, builder.options
    left, came = (day[rows].astype(np.int64) for day in (t.departed, t.arrived))
    since = came + options.dwell_min
    base = min(int(left.min(initial=0)), int(since.min(initial=0)))
    last = int(left.max(initial=0)) - base
    since, width = since - base, options.dwell_max - options.dwell_min
    latest = t.arrived_last[rows].astype(np.int64) + options.dwell_max - base
    days, widened = {"left": left - base, "since": since}, np.zeros(len(rows), bool)
    vague = t.departed[builder.rows].astype(np.int64) - t.departed_first[builder.rows]
    spans = [("same", np.full(len(rows), int(vague.max(initial=0))))]
    for name, label in _labels(builder):
        group = label[t.dst[rows]]
        further = np.where(group >= 0, builder.widest(label)[group], 0)
        widened |= further > 0
        spans.append((name, further))
    for name, further in spans:
        # What leaves after everything else is not looked for, but no span may be shorter than a block.
        days[f"until_{name}"] = np.maximum(np.minimum(latest + further, last), since + width)
    return days, widened


def _further(further: Further, asked: Asked, rows: Ints) -> dict[str, pa.Array]:
    """What each transfer may become in disguise, and who may stand in for its receiver at what price."""
    place = np.full(len(asked.transfers), NOBODY, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    held = (place[further.into] >= 0) & (place[further.onto] >= 0)
    into, onto = place[further.into[held]], further.onto[held]
    order = np.argsort(into, kind="stable")
    disguised = np.zeros(len(asked.transfers), bool)
    disguised[onto] = True
    src, dst = asked.transfers.src[rows], asked.transfers.dst[rows]
    by_party = np.argsort(further.party, kind="stable")
    pair, e = joined(further.party[by_party], dst)
    pair = by_party[pair]
    other = pa.array(further.other[pair].astype(np.int32))
    stands = pa.StructArray.from_arrays([other, pa.array(further.less[pair])], ["other", "less"])
    return {
        "disguise_out": np.where(disguised[rows], rows, NOBODY),
        "disguise_in": _lists(into[order], pa.array(onto[order].astype(np.int32)), len(rows)),
        "same_out": np.where(np.isin(src, further.other), src, NOBODY),
        "same_in": _lists(e, stands, len(rows)),
    }


def _lists(owner: npt.NDArray[np.integer], values: pa.Array, size: int) -> pa.Array:
    """A list of values for each of `size` rows, given by ascending row."""
    offsets = np.searchsorted(owner, np.arange(size + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values)

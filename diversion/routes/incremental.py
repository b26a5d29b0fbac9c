"""New shipments against a graph that is projected already: only the routes that use one of them.

A `Watch` is made once, with one pass of sweeps. For each batch of new transfers it gathers what leads to
them and what leads on from them to an end; on these few the engine runs as it does on all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np

from diversion.routes.best import Weights
from diversion.routes.census import Walks, walks_of
from diversion.routes.corridors import walk
from diversion.routes.field import FAR, Field, ahead, ask
from diversion.routes.joining import NOBODY, Names, joined_to, marked, options_among
from diversion.routes.nearby import Longs, before, joined, sought
from diversion.routes.ranges import Projection, ProjectionOptions, Question, Relation
from diversion.routes.telling import Corridor
from diversion.routes.transfers import Flags, Floats, Ints, Transfers


@dataclass(frozen=True)
class Increment:
    """New transfers among those of the graph that a route with one of them could use.

    `rows` are their indices in the graph, −1 for the new ones, which stand last; parties and goods are
    numbered anew. Where it is not `live`, no route uses a new transfer.
    """

    transfers: Transfers
    options: ProjectionOptions
    question: Question
    rows: Ints
    live: bool

    @cached_property
    def projection(self) -> Projection:
        """The transfers, sorted."""
        return Projection.build(self.transfers, self.options)

    @cached_property
    def field(self) -> Field:
        """Those that stand on a walk, be it one without a new transfer."""
        return ask(self.projection, self.question)

    @property
    def fresh(self) -> Flags:
        """Which of the transfers are new."""
        return np.asarray(self.rows == NOBODY, bool)

    @cached_property
    def _walked(self) -> bool:
        return self.live and bool(self.fresh[self.field.projection.rows].any())

    def walks(self) -> tuple[Walks, ...]:
        """The walks, hop by hop, that use at least one new transfer: all of these less those without."""
        if not self._walked:
            return tuple(Walks(hops, 0, True) for hops in range(1, self.question.hops + 1))
        every, old = walks_of(self.field), walks_of(self._without())
        return tuple(
            replace(a, count=a.count - b.count, exact=a.exact and b.exact)
            for a, b in zip(every, old, strict=True)
        )

    def _without(self) -> Field:
        return self.field.narrow(~self.fresh[self.field.projection.rows])

    def corridors(self, weights: Weights, most: int) -> list[Corridor]:
        """Up to `most` corridors with a new transfer, by a descending bound of their weight.

        Each is as a search of all tells it.

        `weights` has an entry for each of `transfers`. Of a corridor, routes without a new transfer are told
        too: they are the same finding.
        """
        if not self._walked:
            return []
        fresh = self.fresh
        told = (tell() for _, tell in walk(self.field, weights) if tell is not None)
        found = (c for c in told if c is not None and any(fresh[hop].any() for hop in c.hops))
        return list(islice(found, most))

    def weights(self, old: Weights, new: Weights) -> Weights:
        """Weights of the graph and of the new transfers as those of this increment."""
        at = self.rows[~self.fresh]

        def column(name: str) -> Floats:
            return np.concatenate([getattr(old, name)[at], getattr(new, name)])

        return replace(old, start=column("start"), onward=column("onward"), end=column("end"))


class Watch:
    """A projection that was not narrowed, waiting for new transfers; see `around`.

    Continuations beyond the relations (goods in disguise, parties possibly the same) are not followed here.

    Costs the sweeps backward once, and a byte a transfer.
    """

    def __init__(self, projection: Projection, question: Question) -> None:
        self.projection, self.question = projection, question.of_walks
        self.ahead = ahead(projection, self.question)
        self.parties = {str(party): i for i, party in enumerate(projection.transfers.party_ids)}
        self.items = {str(code): i for i, code in enumerate(projection.transfers.hs6)}
        self.heads = {code[:4]: i for code, i in self.items.items()}

    def around(self, new: Transfers, asked: Question, without: Ints | None = None) -> Increment:
        """What could make a route with one of `new`; `asked` says which of them begin and end one.

        Rows of the graph in `without` are left out: what new ones take the place of.
        Two binary searches for each transfer found and each relation: follows the few. The parties of `new`
        are known by their ids; one that the graph does not know stands in no group.
        """
        seeds = _Seeds.of(self, new, asked)
        after, limit = self._after(seeds)
        if limit < 0:
            return self._nothing(new, asked)
        old = np.union1d(self._before(seeds, limit), after).astype(np.int32)
        rows = np.union1d(self.projection.rows[old], self._alike(seeds, old))
        if without is not None:
            rows = np.setdiff1d(rows, without)
        return self._increment(rows.astype(np.int32), new, asked)

    def _alike(self, seeds: _Seeds, old: Ints) -> Ints:
        """Rows between the same two parties with like goods, which a corridor of these may hold too."""
        transfers, sides = self.projection.transfers, self.projection.base.sides
        assert sides is not None
        rows = self.projection.rows[old]
        src = np.append(transfers.src[rows], seeds.src)
        dst = np.append(transfers.dst[rows], seeds.dst)
        item = np.append(transfers.item[rows], seeds.item)
        known = (src >= 0) & (dst >= 0) & (item >= 0)
        src, dst, item = src[known], dst[known], item[known]
        first = np.full(len(src), sides.base, np.int64)
        places = joined(*sought(sides, sides.outs, (src, item), (first, 0, 1 << sides.width)))
        order = self.projection.base.order
        found = self.projection.rows[places if order is None else order[places]]
        size = len(transfers.party_ids)
        pairs = src.astype(np.int64) * size + dst
        mine = transfers.src[found].astype(np.int64) * size + transfers.dst[found]
        return found[np.isin(mine, pairs)]

    def _relations(self) -> list[tuple[Relation, bool]]:
        """Each relation, and whether it jumps."""
        projection = self.projection
        jumps = [(relation, True) for relation, sign in projection.jumps if sign > 0]
        return [(projection.base, False), *jumps]

    def _after(self, seeds: _Seeds) -> tuple[Ints, int]:
        """What may follow the seeds on the way to an end; how many may come before them at most, or −1."""
        hops, found = self.question.hops, []
        front = seeds.followers(self)
        least = int(self.ahead[front].min(initial=FAR)) + 1
        if seeds.terminal.any():
            least = 0
        if seeds.alone and least > hops - 1:
            return front[:0], -1
        seen = np.zeros(0, np.int32)
        for step in range(1, hops):
            # Among several, what leads to no end may lead to another of them.
            near = self.ahead[front] < hops - step if seeds.alone else self.ahead[front] <= FAR
            front = np.setdiff1d(front[near], seen)
            seen = np.union1d(seen, front)
            found.append(front)
            if not len(front) or step == hops - 1:
                break
            front = self._following(front)
        return np.concatenate([*found, front[:0]]).astype(np.int32), hops - 1 - (least if seeds.alone else 0)

    def _following(self, at: Ints) -> Ints:
        projection, question = self.projection, self.question
        if not question.open:
            at = at[~question.terminal[projection.rows[at]]]
        parts = []
        for relation, jump in self._relations():
            places = joined(relation.lo[at].astype(np.int64), relation.hi[at].astype(np.int64))
            after = places.astype(np.int32) if relation.order is None else relation.order[places]
            parts.append(self._entered(after) if jump else after)
        return np.unique(np.concatenate(parts))

    def _entered(self, after: Ints) -> Ints:
        return after[~self.question.barred[self.projection.rows[after]]]

    def _going(self, at: Ints) -> Ints:
        if self.question.open:
            return at
        return at[~self.question.terminal[self.projection.rows[at]]]

    def _before(self, seeds: _Seeds, limit: int) -> Ints:
        """What may come before the seeds, by up to `limit` continuations."""
        front = self._going(seeds.predecessors(self)) if limit > 0 else np.zeros(0, np.int32)
        seen = front
        for _ in range(1, limit):
            if not len(front):
                break
            entered = self._entered(front)
            parts = [
                before(self.projection, relation, entered if jump else front)
                for relation, jump in self._relations()
            ]
            front = np.setdiff1d(self._going(np.concatenate(parts)), seen)
            seen = np.union1d(seen, front)
        return seen.astype(np.int32)

    def _nothing(self, new: Transfers, asked: Question) -> Increment:
        alone = ProjectionOptions("strict", None, None, self.projection.options.dwell_min)
        question = replace(asked, hops=self.question.hops, open=self.question.open)
        return Increment(new, alone, question, np.full(len(new), NOBODY, np.int32), False)

    def _increment(self, rows: Ints, new: Transfers, asked: Question) -> Increment:
        transfers, given = joined_to(self.projection.transfers, rows, new)
        place = self.number(transfers.party_ids, self.parties)
        mine = self.question
        question = replace(
            mine,
            terminal=np.concatenate([mine.terminal[rows], asked.terminal]),
            origin=np.concatenate([mine.origin[rows], asked.origin]),
            barred=np.concatenate([mine.barred[rows], asked.barred]),
            through=marked(mine.through, place),
            avoid=marked(mine.avoid, place),
        )
        options = options_among(self.projection.options, place)
        return Increment(transfers, options, question, given, True)

    def number(self, names: Names, known: dict[str, int]) -> Longs:
        """The number of each name in the graph, −1 where it has none."""
        return np.array([known.get(str(name), NOBODY) for name in names], np.int64)


@dataclass(frozen=True)
class _Seeds:
    """New transfers by the numbers that the graph has for their parties and goods (−1: none)."""

    src: Ints
    dst: Ints
    item: Ints
    new: Transfers
    terminal: Flags
    barred: Flags
    going: Flags
    slack: int

    @property
    def alone(self) -> bool:
        return len(self.new) < 2

    @staticmethod
    def of(watch: Watch, new: Transfers, asked: Question) -> _Seeds:
        party = watch.number(new.party_ids, watch.parties)
        if watch.projection.options.headings:
            item = watch.number(np.array([str(code)[:4] for code in new.hs6], object), watch.heads)
        else:
            item = watch.number(new.hs6, watch.items)
        spans = (new.departed - new.departed_first).max(initial=0) + (new.arrived_last - new.arrived).max(
            initial=0
        )
        going = np.ones(len(new), bool) if watch.question.open else ~asked.terminal
        return _Seeds(
            party[new.src].astype(np.int32),
            party[new.dst].astype(np.int32),
            item[new.item].astype(np.int32),
            new,
            asked.terminal,
            asked.barred,
            going,
            watch.projection.slack + int(spans),
        )

    def followers(self, watch: Watch) -> Ints:
        """Positions of what may follow them."""
        options, parts = watch.projection.options, []
        known = np.flatnonzero((self.dst >= 0) & (self.item >= 0) & self.going)
        for relation, jump in watch._relations():
            assert relation.sides is not None
            who = self.dst[known], self.item[known]
            days = self.new.arrived[known], options.dwell_min, options.dwell_max + self.slack
            places = joined(*sought(relation.sides, relation.sides.outs, who, days))
            after = places.astype(np.int32) if relation.order is None else relation.order[places]
            parts.append(watch._entered(after) if jump else after)
        return np.unique(np.concatenate(parts))

    def predecessors(self, watch: Watch) -> Ints:
        """Positions of what they may follow."""
        options, parts = watch.projection.options, []
        for relation, jump in watch._relations():
            assert relation.sides is not None
            met = (self.src >= 0) & (self.item >= 0)
            known = np.flatnonzero(met & ~self.barred if jump else met)
            who = self.src[known], self.item[known]
            days = self.new.departed[known], -options.dwell_max - self.slack, -options.dwell_min
            parts.append(
                relation.sides.asking[joined(*sought(relation.sides, relation.sides.ins, who, days))]
            )
        return np.unique(np.concatenate(parts))

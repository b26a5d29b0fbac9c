"""The smallest set of holdings that restricts a company: an exact search where it is short.

The problem is one of sets to cover, companies above one another, and has no quick way in general. So a set
of which none can be spared is found first, by the largest holdings, and then a smaller one is sought, branch
and bound, within a number of steps.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

STEPS = 20_000
"""Steps of a search, some microseconds each, after which the set at hand is taken as it is."""
MOST = 100
"""Holdings of the set at hand from which on no smaller one is sought."""


class Link(NamedTuple):
    """A holding and what it adds; links of one company are compared in this order."""

    weight: int
    order: int
    owner: int
    place: int


@dataclass(frozen=True)
class Case:
    """Companies with the links into them, `seeds`, and when a company is restricted.

    It is where links from restricted owners add up to `least`, those of one owner without `aggregate`.
    """

    links: Mapping[int, tuple[Link, ...]]
    seeds: frozenset[int]
    least: int
    aggregate: bool


Room = Callable[[], int]
Chosen = dict[int, tuple[Link, ...]]
"""The links that restrict each company; no company restricts itself by way of others."""


def smallest(case: Case, company: int, steps: int = STEPS) -> tuple[Chosen, bool]:
    """Links that restrict the company, none of which can be spared, and whether no fewer would do.

    >>> a, b, c = Link(30, 0, 1, 10), Link(30, 0, 2, 11), Link(25, 0, 3, 12)
    >>> case = Case({0: (a, b, c)}, frozenset({1, 2, 3}), 50, True)
    >>> sorted(link.place for link in smallest(case, 0)[0][0])
    [10, 11]
    """
    if company in case.seeds:
        return {}, True
    search = _Search(case, _by_size(case, company), steps)
    search.go({}, (company,), 0)
    return search.best, search.left >= 0


def _by_size(case: Case, company: int) -> Chosen:
    """A proof by the largest links of each company, from owners that were restricted in rounds before it."""
    known, covers = set(case.seeds), dict[int, tuple[Link, ...]]()
    below: dict[int, list[int]] = {}
    for held, links in case.links.items():
        for owner in dict.fromkeys(link.owner for link in links):
            below.setdefault(owner, []).append(held)
    fresh = sorted(known)
    while fresh:
        asked = dict.fromkeys(c for owner in fresh for c in below.get(owner, ()) if c not in known)
        found = {c: _largest(case, c, known) for c in asked}
        fresh = [c for c, cover in found.items() if cover]
        covers.update({c: found[c] for c in fresh})
        known.update(fresh)
    waiting, taken = [company], {}
    for party in waiting:
        if party not in taken and party not in case.seeds:
            taken[party] = covers.get(party, ())
            waiting += [link.owner for link in taken[party]]
    return taken


def _largest(case: Case, company: int, known: Container[int]) -> tuple[Link, ...]:
    """The fewest links of known owners that are enough; nothing where all of them are not."""
    able = sorted((link for link in case.links[company] if link.owner in known), reverse=True)
    if case.aggregate:
        return _enough(able, case.least)
    owners = dict.fromkeys(link.owner for link in able)
    covers = (_enough([link for link in able if link.owner == owner], case.least) for owner in owners)
    return min((cover for cover in covers if cover), key=len, default=())


def _enough(ordered: list[Link], least: int) -> tuple[Link, ...]:
    """The first of the links that reach `least` together."""
    total = 0
    for number, link in enumerate(ordered, 1):
        total += link.weight
        if total >= least:
            return tuple(ordered[:number])
    return ()


class _Search:
    """Branch and bound over which links restrict each company that is needed."""

    def __init__(self, case: Case, best: Chosen, steps: int) -> None:
        self.best, self.left = best, steps
        self._case, self._size = case, sum(map(len, best.values()))
        everybody = case.seeds | case.links.keys()
        self._floor = {c: len(_largest(case, c, everybody)) or self._size for c in case.links}

    def go(self, chosen: Chosen, open_: tuple[int, ...], cost: int) -> None:
        """Prove the open companies in every way that may be smaller than the best set known."""
        self.left -= 1
        if self.left < 0 or cost + sum(self._floor[c] for c in open_) >= self._size:
            return
        if self._size > MOST:
            self.left = -1
            return
        if not open_:
            self.best, self._size = chosen, cost
            return
        company, rest = open_[0], open_[1:]
        others = cost + sum(self._floor[c] for c in rest)
        for cover in self._covers(company, chosen, lambda: self._size - others):
            fresh = dict.fromkeys(link.owner for link in cover if link.owner not in self._case.seeds)
            more = tuple(owner for owner in fresh if owner not in chosen and owner not in rest)
            self.go({**chosen, company: cover}, (*rest, *more), cost + len(cover))

    def _covers(self, company: int, chosen: Chosen, room: Room) -> Iterator[tuple[Link, ...]]:
        """Sets of links that are enough and smaller than `room`, without any that closes a circle."""
        by_owner: dict[int, list[Link]] = {}
        for link in sorted(self._case.links[company], reverse=True):
            by_owner.setdefault(link.owner, []).append(link)
        open_ = [o for o in by_owner if o not in self._case.seeds and not self._rests_on(o, company, chosen)]
        sure = [o for o in by_owner if o in self._case.seeds]
        if not self._case.aggregate:
            covers = [_enough(by_owner[owner], self._case.least) for owner in (*sure, *open_)]
            yield from sorted(filter(None, covers), key=len)
            return
        free = sorted((link for owner in sure for link in by_owner[owner]), reverse=True)
        yield from self._mixed((), [by_owner[owner] for owner in open_], free, room)

    def _mixed(
        self, taken: tuple[Link, ...], groups: list[list[Link]], free: list[Link], room: Room
    ) -> Iterator[tuple[Link, ...]]:
        """Some links of the groups, and as few of the free ones, the largest, as fill them up."""
        self.left -= 1
        if self.left < 0 or len(taken) >= room():
            return
        missing = self._case.least - sum(link.weight for link in taken)
        if missing <= 0:
            yield taken
            return
        filled = _enough(free, missing)
        if filled and len(taken) + len(filled) < room():
            yield (*taken, *filled)
        for at, group in enumerate(groups):
            for number in range(1, len(group) + 1):
                yield from self._mixed((*taken, *group[:number]), groups[at + 1 :], free, room)

    def _rests_on(self, owner: int, company: int, chosen: Chosen) -> bool:
        """Whether what is chosen proves the owner by the company."""
        waiting, seen = [owner], {owner}
        for party in waiting:
            if party == company:
                return True
            fresh = {link.owner for link in chosen.get(party, ())} - seen
            seen |= fresh
            waiting += fresh
        return False

"""Facts of transfers that raise or lower a score, all known before the search, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.further import Likely, possibly_same
from diversion.scoring.calendar import Calendar, Longs
from diversion.scoring.days import NEVER, OPEN_FROM, OPEN_UNTIL, number, numbers
from diversion.scoring.declared import Declared, declared
from diversion.scoring.ends import Ends, ends
from diversion.scoring.flows import Flows, flows
from diversion.scoring.history import Event, History, history
from diversion.scoring.links import Links, links
from diversion.scoring.relabels import Relabels, relabels
from diversion.scoring.restricted import places
from diversion.scoring.scope import Scope
from diversion.scoring.takeover import Lost, Takeovers, takeovers

if TYPE_CHECKING:
    from diversion.dossier import Dossier
    from diversion.policy.model import CountrySet, Good
    from diversion.routes.transfers import Transfers
    from diversion.scoring.model import Hundredths

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

WINDOW = 180
"""Days before and after a transfer within which goods in and goods out are compared."""


@dataclass(frozen=True)
class Facts:
    """What the factors read.

    Of parties, in the order of `Transfers.party_ids`: `names`, `country` (a place in `countries`, −1
    unknown), `founded` (day of incorporation, `OPEN_FROM` where not known). `goods` is what the policy says
    of each of `Transfers.hs6`. `last` is the last day looked at. `columns` keeps the points of each factor
    once computed.
    """

    dossier: Dossier
    last: int
    names: npt.NDArray[np.object_]
    country: Ints
    countries: list[str]
    founded: Ints
    goods: tuple[Good | None, ...]
    flows: Flows
    relabels: Relabels
    history: History
    declared: Declared
    ends: Ends
    links: Links
    takeovers: Takeovers
    columns: dict[str, Hundredths] = field(default_factory=dict, repr=False, compare=False)

    @property
    def transfers(self) -> Transfers:
        """The transfers, one row of every column each."""
        return self.dossier.transfers

    @cached_property
    def same(self) -> Mapping[tuple[int, int], Likely]:
        """Who may stand in for whom because both may be one party, and how sure that is."""
        return possibly_same(self.dossier)

    def within(self, name: str, parties: Ints, days: Ints) -> Flags:
        """Whether each party's country is in a set of the policy on each day; not if it has none."""
        inside: Flags = np.zeros(len(parties), bool)
        for group in self.dossier.policy.versions.get(name, ()):
            inside |= self._members(group)[self.country[parties]] & (
                (days >= number(group.from_day, OPEN_FROM)) & (days < number(group.until_day, OPEN_UNTIL))
            )
        return inside

    def _members(self, group: CountrySet) -> Flags:
        # The last place stands for the unknown country, which −1 finds.
        return np.array([*(country in group.countries for country in self.countries), False])

    def pair(self, transfer: int) -> int:
        """The group of the sender of a transfer with its goods, in the calendars of `flows`."""
        t = self.transfers
        return self.flows.pair(int(t.src[transfer]), int(t.item[transfer]))

    def receipts(self, transfer: int) -> Longs:
        """What the sender received of these goods within the window around a transfer."""
        return self._around(self.flows.ins, transfer)

    def dispatches(self, transfer: int) -> Longs:
        """What the sender sent of these goods within the window around a transfer."""
        return self._around(self.flows.outs, transfer)

    def _around(self, calendar: Calendar, transfer: int) -> Longs:
        window, day = self.flows.window, int(self.transfers.departed[transfer])
        return calendar.members(self.pair(transfer), day - window, day + window)


def gather(dossier: Dossier, window: int = WINDOW, scope: Scope | None = None) -> Facts:
    """All facts, computed over whole columns. `scope` is that of all records, where these are some of them.

    A few sorts of the transfers: n log n; a million take some two seconds on one core. The order of the
    transfers does not matter.
    """
    transfers, policy = dossier.transfers, dossier.policy
    people = dossier.directory.parties.reindex(transfers.party_ids)
    country, countries = _countries(people["country"])
    last = number(dossier.as_of, NEVER)
    scope = scope or Scope.of(transfers, dossier.shipments)
    papers = scope.declared(declared(dossier))
    events = [Event(control.name, number(control.day, NEVER), control.source) for control in policy.controls]
    past = history(transfers, country, events, last, scope)
    met = ends(dossier, country, countries)
    moved = flows(transfers, papers.unit, window)
    return Facts(
        dossier=dossier,
        last=last,
        names=people["name"].to_numpy(dtype=object),
        country=country,
        countries=countries,
        founded=numbers(people["incorporated_on"], OPEN_FROM),
        goods=tuple(policy.good(hs6) for hs6 in transfers.hs6),
        flows=moved,
        relabels=relabels(transfers, papers.unit, moved, past, policy.looked_for),
        history=past,
        declared=papers,
        ends=met,
        links=links(dossier, met.restricting),
        takeovers=takeovers(transfers, past.heading, _lost(dossier, met, country, countries)),
    )


def _countries(column: pd.Series) -> tuple[Ints, list[str]]:
    codes, names = pd.factorize(column.where(column.notna(), None), sort=True)
    return codes.astype(np.int32), [str(name) for name in names]


def _lost(dossier: Dossier, met: Ends, country: Ints, countries: list[str]) -> Lost:
    """From when each party was out of a supplier's reach: by a list, its owner, or an embargo."""
    binding = met.restricting
    party = places(dossier.transfers.party_ids, binding["party"].astype(object))
    known = (party >= 0) & (binding["begun"] > OPEN_FROM).to_numpy()
    parties, days = [party[known]], [binding["begun"].to_numpy(np.int32)[known]]
    for rule in dossier.policy.embargoes:
        if rule.country in countries and rule.from_day is not None and rule.status != "verify":
            there = np.flatnonzero(country == countries.index(rule.country)).astype(np.int32)
            parties.append(there)
            days.append(np.full(len(there), number(rule.from_day, NEVER), np.int32))
    return Lost(np.concatenate(parties), np.concatenate(days))

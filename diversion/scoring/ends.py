"""Which restriction a transfer meets on its day: of receiver, declared end user, destination, sender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties.unbroken import unbroken
from diversion.scoring.days import OPEN_FROM, OPEN_UNTIL, number, numbers
from diversion.scoring.restricted import Ints, Spans, places

if TYPE_CHECKING:
    from diversion.dossier import Dossier

TABLE = ["party", "rule", "verdict", "effect", "strength", "from", "until", "reason", "listing"]
UNSTATED_STRENGTH = 0.6


@dataclass(frozen=True)
class Ends:
    """Verdicts, and where transfers meet them.

    `table` holds the dated verdicts, in a stated order; `begun` is the first of the days without a gap on
    which the party is restricted, by this verdict or by others that make it an end. Columns over the
    transfers: the row that makes the receiver (`receiver`) or the declared end user (`user`) restricted on
    the day of departure, the row of a lesser or unsure verdict on the sender (`doubt`), and the place in the
    policy's embargoes of the rule for these goods to this destination (`embargo`); −1 where there is none.
    """

    table: pd.DataFrame
    receiver: Ints
    user: Ints
    doubt: Ints
    embargo: Ints

    @property
    def restricting(self) -> pd.DataFrame:
        """The verdicts that make a party an end."""
        return self.table[self.table["ends"]]


def ends(dossier: Dossier, country: Ints, countries: list[str]) -> Ends:
    """Linear in the transfers, and in the verdicts of the parties that have any."""
    transfers = dossier.transfers
    table = _table(dossier)
    party = places(transfers.party_ids, table["party"].astype(object))
    begin, until = table["from"].to_numpy(np.int32), table["until"].to_numpy(np.int32)
    rank, binds = table["strength"].to_numpy(float), table["ends"].to_numpy(bool)
    binding = Spans.of(np.where(binds, party, -1).astype(np.int32), begin, until, rank)
    doubtful = Spans.of(np.where(binds, -1, party).astype(np.int32), begin, until, rank)
    return Ends(
        table=table,
        receiver=binding.meet(transfers.dst, transfers.departed),
        user=_meet_some(binding, transfers.end_user, transfers.departed),
        doubt=doubtful.meet(transfers.src, transfers.departed),
        embargo=_embargo(dossier, country, countries),
    )


def _meet_some(spans: Spans, parties: Ints, days: Ints) -> Ints:
    row = np.full(len(parties), -1, np.int32)
    named = np.flatnonzero(parties >= 0)
    row[named] = spans.meet(parties[named], days[named])
    return row


def _table(dossier: Dossier) -> pd.DataFrame:
    given = dossier.restrictions.table
    table = pd.DataFrame({name: given[name] for name in TABLE})
    table = table[table["verdict"].isin(["yes", "undetermined"])].copy()
    table["strength"] = pd.to_numeric(table["strength"], errors="coerce").fillna(UNSTATED_STRENGTH)
    table["from"] = numbers(table["from"], OPEN_FROM)
    table["until"] = numbers(table["until"], OPEN_UNTIL)
    table["ends"] = (table["verdict"] == "yes") & table["effect"].isin(dossier.policy.ends)
    text = table[["reason", "listing"]].fillna("").astype(str)
    order = table.assign(**text).sort_values(["party", "rule", "from", "until", "listing", "reason"])
    table = table.loc[order.index].reset_index(drop=True)
    begun = unbroken(table[table["ends"]], ["party"])["from"]
    return table.assign(begun=begun.reindex(table.index).fillna(table["from"]).astype(np.int64))


def _embargo(dossier: Dossier, country: Ints, countries: list[str]) -> Ints:
    transfers, policy = dossier.transfers, dossier.policy
    found = np.full(len(transfers), -1, np.int32)
    to = country[transfers.dst]
    for place, rule in enumerate(policy.embargoes):
        if rule.country not in countries or rule.status == "verify":
            continue
        codes = policy.codes(rule.goods)
        hit = np.flatnonzero(to == countries.index(rule.country))
        hit = hit[_holds(transfers.departed[hit], rule.from_day, rule.until_day)]
        if codes is not None:
            hit = hit[np.array([hs6 in codes for hs6 in transfers.hs6], bool)[transfers.item[hit]]]
        found[hit[found[hit] < 0]] = place
    return found


def _holds(days: Ints, begin: object, until: object) -> npt.NDArray[np.bool_]:
    held: npt.NDArray[np.bool_] = (days >= number(begin, OPEN_FROM)) & (days < number(until, OPEN_UNTIL))
    return held

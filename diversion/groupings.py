"""What walks can pass: the parties, addresses, countries and goods at the ends of each transfer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.errors import UsageError
from diversion.routes.transfers import Ints

if TYPE_CHECKING:
    from diversion.dossier import Dossier

By = Literal["party", "address", "country", "goods"]
Longs = npt.NDArray[np.int64]
EPOCH = date(1970, 1, 1)
FOREVER = 2**40


@dataclass(frozen=True)
class Groups:
    """What walks pass: a row a group, and the groups at the sending and receiving end of each transfer.

    The ends are pairs of transfer and group; goods are at one end only, since they are the transfer's own.
    """

    rows: pd.DataFrame
    out: tuple[Longs, Longs]
    into: tuple[Longs, Longs]


def grouped(dossier: Dossier, by: By) -> Groups:
    """The groups of a case. Of addresses, those at which a party was on the day count."""
    transfers = dossier.transfers
    if by == "goods":
        every = np.arange(len(transfers)), transfers.item.astype(np.int64)
        nothing = np.zeros(0, np.int64), np.zeros(0, np.int64)
        return Groups(_goods(dossier), nothing, every)
    if by == "party":
        rows, members = _parties(dossier), np.arange(len(transfers.party_ids))
        held = pd.DataFrame({"party": members, "group": members, "from": -FOREVER, "until": FOREVER})
    elif by == "country":
        rows, held = _countries(dossier)
    elif by == "address":
        rows, held = _addresses(dossier)
    else:
        raise UsageError(f"nothing is grouped by {by!r}", hint="party, address, country or goods")
    return Groups(
        rows,
        _at(held, transfers.src, transfers.departed),
        _at(held, transfers.dst, transfers.arrived),
    )


def _at(held: pd.DataFrame, party: Ints, day: Ints) -> tuple[Longs, Longs]:
    """Transfer and group, for each group in which the party was on the day."""
    held = held.sort_values(["party", "group"], kind="stable")
    members = held["party"].to_numpy(np.int64)
    lo, hi = (np.searchsorted(members, party, side) for side in ("left", "right"))
    which = np.repeat(np.arange(len(party)), hi - lo)
    before = np.cumsum(hi - lo) - (hi - lo)
    place = np.arange(len(which)) + np.repeat(lo - before, hi - lo)
    begin, until = (held[name].to_numpy(np.int64)[place] for name in ("from", "until"))
    there = (begin <= day[which]) & (day[which] < until)
    pairs = pd.DataFrame({"t": which[there], "g": held["group"].to_numpy(np.int64)[place[there]]})
    pairs = pairs.drop_duplicates()
    return pairs["t"].to_numpy(np.int64), pairs["g"].to_numpy(np.int64)


def _known(dossier: Dossier) -> pd.DataFrame:
    frame: pd.DataFrame = dossier.directory.parties.reindex(dossier.transfers.party_ids)
    return frame


def _parties(dossier: Dossier) -> pd.DataFrame:
    known = _known(dossier)
    columns = {name: known[name].to_numpy(dtype=object) for name in ("name", "country")}
    return pd.DataFrame({"party_id": dossier.transfers.party_ids, **columns})


def _countries(dossier: Dossier) -> tuple[pd.DataFrame, pd.DataFrame]:
    codes, names = pd.factorize(_known(dossier)["country"].astype(object), sort=True)
    members = np.flatnonzero(codes >= 0)
    held = pd.DataFrame({"party": members, "group": codes[members], "from": -FOREVER, "until": FOREVER})
    return pd.DataFrame({"country": np.asarray(names, object)}), held


def _addresses(dossier: Dossier) -> tuple[pd.DataFrame, pd.DataFrame]:
    located = dossier.located.dropna(subset=["party", "address"])
    party = pd.Index(dossier.transfers.party_ids, dtype=object).get_indexer(pd.Index(located["party"]))
    located = located[party >= 0]
    codes, ids = pd.factorize(located["address"], sort=True)
    first = located.drop_duplicates("address").set_index("address").reindex(ids)
    rows = pd.DataFrame(
        {
            "address_id": np.asarray(ids, object),
            "address": first["text"].to_numpy(dtype=object),
            "country": first["country"].to_numpy(dtype=object),
            "parties": located.groupby(codes)["party"].nunique().to_numpy(),
        }
    )
    days = {name: [_day(day, end) for day in located[name]] for name, end in (("from", -1), ("until", 1))}
    return rows, pd.DataFrame({"party": party[party >= 0], "group": codes, **days})


def _day(day: object, end: int) -> int:
    return (day - EPOCH).days if isinstance(day, date) else end * FOREVER


def _goods(dossier: Dossier) -> pd.DataFrame:
    found = [(str(code), dossier.policy.good(str(code))) for code in dossier.transfers.hs6]
    return pd.DataFrame(
        {
            "hs6": [code for code, _ in found],
            "goods": [good.description if good else None for _, good in found],
            "tier": [good.tier if good else None for _, good in found],
        }
    )

"""The records at hand, looked up by party: what surrounds a few transfers, as a small dossier of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from diversion.assemble import last_day
from diversion.checking.arrivals import Arrived
from diversion.checking.filed import plain
from diversion.dossier import Dossier
from diversion.parties.resolve import Directory
from diversion.parties.restricted import Restrictions
from diversion.routes.joining import joined_to
from diversion.routes.transfers import Flags, Ints, Transfers
from diversion.scoring.scope import Scope
from diversion.store.base import PARTY_ROLES

Longs = npt.NDArray[np.int64]
COLUMNS = (
    *("src", "dst", "end_user", "item", "departed", "departed_first", "arrived", "arrived_last"),
    *("estimated", "quantity", "weight_kg", "value_usd", "shipment", "ids"),
)
"""Columns of `Transfers` that have one entry a transfer."""


def some(transfers: Transfers, rows: Any) -> Transfers:
    """These transfers in this order, parties and goods numbered as before."""
    return replace(transfers, **{name: getattr(transfers, name)[rows] for name in COLUMNS})


@dataclass(frozen=True)
class Planned:
    """New shipments with who their parties are; `transfers.shipment` indexes `shipments`."""

    shipments: pa.Table
    transfers: Transfers
    arrived: Arrived
    files: dict[str, tuple[str, str | None]]


class Sides:
    """Which transfers each party sent, or received. 12 bytes a transfer."""

    def __init__(self, party: Ints, parties: int) -> None:
        self.order = np.argsort(party, kind="stable").astype(np.int32)
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(party, minlength=parties))])

    def of(self, parties: Iterable[int]) -> Ints:
        """The transfers of some parties, ascending."""
        parts = [self.order[self.starts[p] : self.starts[p + 1]] for p in parties]
        return np.sort(np.concatenate([*parts, self.order[:0]]))


class Lookup:
    """Rows of a frame by what stands in a column; laid out when it is first asked for."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._places: dict[str, dict[Any, Longs]] = {}

    def rows(self, column: str, values: Iterable[Any]) -> Longs:
        """Places of the rows that hold one of the values."""
        if column not in self._places:
            groups = self.frame.groupby(column, sort=False).indices.items()
            self._places[column] = {key: np.asarray(rows, np.int64) for key, rows in groups}
        found = [self._places[column][value] for value in values if value in self._places[column]]
        return np.concatenate([*found, np.zeros(0, np.int64)]).astype(np.int64)

    def take(self, *rows: Longs) -> pd.DataFrame:
        """The rows at these places, each once, in their order."""
        return self.frame.iloc[np.unique(np.concatenate(rows))]


class Records:
    """What is on record, ready to give what lies around some transfers.

    A fact that scores is one of what the sender or the receiver of a transfer did, or of what their suppliers
    sold under the same heading: facts of these few are therefore those that a run over all finds.
    """

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.scope = Scope.of(dossier.transfers, dossier.shipments)
        self.holdings, self.located = Lookup(dossier.holdings), Lookup(dossier.located)
        self.same, self.listed_as = Lookup(dossier.directory.same), Lookup(dossier.listed_as)

    @cached_property
    def outs(self) -> Sides:
        """By sender."""
        return Sides(self.dossier.transfers.src, len(self.dossier.transfers.party_ids))

    @cached_property
    def ins(self) -> Sides:
        """By receiver."""
        return Sides(self.dossier.transfers.dst, len(self.dossier.transfers.party_ids))

    @cached_property
    def heading(self) -> Longs:
        """The number of the heading of each item."""
        heads = np.array([str(code)[:4] for code in self.dossier.transfers.hs6], dtype=object)
        return np.unique(heads, return_inverse=True)[1].astype(np.int64)

    def around(self, rows: Ints, senders: Ints) -> Ints:
        """These rows, all that their parties and `senders` sent or received, and what suppliers sold."""
        t = self.dossier.transfers
        parties = np.unique(np.concatenate([t.src[rows], t.dst[rows], senders]))
        near = np.union1d(self.outs.of(parties), self.ins.of(parties))
        bought = near[np.isin(t.dst[near], parties)]
        heads = np.unique(self.heading[t.item[bought]])
        sold = self.outs.of(np.unique(t.src[bought]))
        sold = sold[np.isin(self.heading[t.item[sold]], heads)]
        return np.union1d(np.union1d(near, sold), rows).astype(np.int32)

    def of_ids(self, ids: Iterable[str]) -> Ints:
        """The transfers of shipments with these ids, that a new record of the same id takes the place of."""
        column, t, found = self.dossier.shipments["id"], self.dossier.transfers, []
        for id_ in ids:
            low, high = 0, len(column)
            while low < high:
                middle = (low + high) // 2
                low, high = (middle + 1, high) if column[middle].as_py() < id_ else (low, middle)
            if low < len(column) and column[low].as_py() == id_:
                at = int(np.searchsorted(t.shipment, low))
                if at < len(t) and t.shipment[at] == low:
                    found.append(at)
        return np.array(sorted(found), np.int32)

    def alone(self, planned: Planned) -> Dossier:
        """The new shipments by themselves: enough to say which of them may begin and end a route."""
        base, arrived = self.dossier, planned.arrived
        ids = np.array([str(one) for one in planned.transfers.party_ids], object)
        directory = self._directory(ids, planned.shipments, arrived)
        restrictions = base.restrictions
        if len(arrived.parties):
            restrictions = self._restrictions(ids, directory, arrived)
        return replace(
            base,
            directory=directory,
            restrictions=restrictions,
            shipments=planned.shipments,
            transfers=planned.transfers,
        )

    def beside(self, rows: Ints, planned: Planned) -> Surroundings:
        """Some transfers on record and the new ones, in the order of their ids."""
        t, new = self.dossier.transfers, planned.transfers
        made, _ = joined_to(t, rows, new)
        old = plain(self.dossier.shipments.take(pa.array(t.shipment[rows])))
        fresh = planned.shipments.take(pa.array(new.shipment)).cast(old.schema)
        table = pa.concat_tables([old, fresh]).combine_chunks()
        order = _by_id(table)
        table = table.take(pa.array(order))
        made = replace(some(made, order), shipment=np.arange(len(order)))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        return Surroundings(
            self._dossier(made, table, planned),
            self.scope + Scope.of(new, planned.shipments),
            rows,
            place[: len(rows)],
            place[len(rows) :],
        )

    def _dossier(self, transfers: Transfers, shipments: pa.Table, planned: Planned) -> Dossier:
        base, arrived = self.dossier, planned.arrived
        ids = [str(one) for one in transfers.party_ids]
        holdings, located = self._held(ids), self._located(ids)
        others = pd.unique(
            pd.concat([pd.Series(ids, dtype=object), holdings["owner"], holdings["owned"], located["party"]])
        )
        directory = self._directory(others, shipments, arrived)
        raw = directory.canonical.index
        same = self.same.take(self.same.rows("party", raw), self.same.rows("other", raw))
        listed = self.listed_as.take(self.listed_as.rows("party", others))
        return replace(
            base,
            as_of=max(base.as_of, last_day(planned.shipments)) if len(planned.shipments) else base.as_of,
            directory=replace(directory, same=same),
            holdings=holdings,
            located=_beside(located, arrived.located),
            listed_as=_beside(listed, arrived.listed_as),
            restrictions=self._restrictions(others, directory, arrived),
            shipments=shipments,
            transfers=transfers,
            files=base.files | planned.files,
        )

    def _held(self, ids: list[str]) -> pd.DataFrame:
        """Holdings in these parties and above them, and what else their direct owners hold."""
        frame, rows = self.dossier.holdings, self.holdings.rows("owned", ids)
        siblings = self.holdings.rows("owner", pd.unique(frame["owner"].iloc[rows]))
        found, front = rows, rows
        while len(front):
            above = self.holdings.rows("owned", pd.unique(frame["owner"].iloc[front]))
            front = np.setdiff1d(above, found)
            found = np.union1d(found, front)
        return self.holdings.take(found, siblings)

    def _located(self, ids: list[str]) -> pd.DataFrame:
        """Where these parties are, and who else is there."""
        rows = self.located.rows("party", ids)
        there = pd.unique(self.dossier.located["address"].iloc[rows])
        return self.located.take(rows, self.located.rows("address", there))

    def _directory(self, ids: npt.NDArray[np.object_], shipments: pa.Table, arrived: Arrived) -> Directory:
        base = self.dossier.directory
        raw = pd.unique(np.concatenate([_named(shipments), np.asarray(ids, object)]))
        at = base.canonical.index.get_indexer(pd.Index(raw, dtype=object))
        known = base.canonical.to_numpy(dtype=object)
        read = [known[p] if p >= 0 else arrived.canonical.get(r, r) for p, r in zip(at, raw, strict=True)]
        place = base.parties.index.get_indexer(pd.Index(pd.unique(np.array([*ids, *read], object))))
        parties = base.parties.iloc[np.sort(place[place >= 0])]
        return Directory(
            canonical=pd.Series(read, index=pd.Index(raw, dtype=object), dtype=object),
            parties=_beside(parties, arrived.parties),
            same=base.same.iloc[:0],
            names=base.names.iloc[:0],
        )

    def _restrictions(self, ids: Iterable[str], directory: Directory, arrived: Arrived) -> Restrictions:
        base = self.dossier.restrictions
        table = _beside(base.of(ids), arrived.restrictions.table)
        table = table.sort_values(["party", "rule", "from", "until", "listing", "reason"], ignore_index=True)
        return Restrictions(table, base.destinations, directory.parties, base.policy, base.works)


@dataclass(frozen=True)
class Surroundings:
    """Some transfers on record and new ones: `old` and `new` say where each of them stands in `dossier`.

    `rows` are those on record, ascending; `scope` is that of all records with the new ones.
    """

    dossier: Dossier
    scope: Scope
    rows: Ints
    old: Longs
    new: Longs

    def places(self, rows: Ints, new: Longs) -> Longs:
        """Where transfers stand: by row on record, or, where that is −1, the next of `new`."""
        found = np.empty(len(rows), np.int64)
        known: Flags = rows >= 0
        found[known] = self.old[np.searchsorted(self.rows, rows[known])]
        found[~known] = self.new[new]
        return found


def _by_id(table: pa.Table) -> Longs:
    ids = table["id"].to_numpy()
    return np.argsort(np.asarray(ids, object), kind="stable").astype(np.int64)


def _named(shipments: pa.Table) -> npt.NDArray[np.object_]:
    found = [shipments[role].unique().drop_null().to_pylist() for role in PARTY_ROLES]
    return np.array([id_ for ids in found for id_ in ids], object)


def _beside(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Both, in one frame of the columns of the first; an empty one leaves no trace on the types."""
    if not len(other):
        return one
    return pd.concat([one, other[list(one.columns)]]) if len(one) else other[list(one.columns)]

"""Who the parties of new shipments are: known ones by the records at hand, the others as newcomers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from diversion.dossier import People
from diversion.parties import identifiers
from diversion.parties.decisions import Decision, Pair
from diversion.parties.resolve import Directory, resolve
from diversion.parties.restricted import Restrictions, restrict
from diversion.parties.screen import Screener

Rows = npt.NDArray[np.int64]
NAMED = ["id", "name", "name_key", "country", "kind", "incorporated_on", "identifier", "stated"]
NAMED += ["born", "aliases", "contacts"]
"""Columns of the Party table that tell who is who."""


@dataclass(frozen=True)
class Arrived:
    """The parties that new shipments name.

    `canonical` maps the id of each in the file to the party it is read as. `parties` are the newcomers, as in
    `Directory.parties`, with what is known of them under the lists: `listed_as`, `restrictions`; `located` is
    where they are.
    """

    canonical: Mapping[str, str]
    parties: pd.DataFrame
    listed_as: pd.DataFrame
    restrictions: Restrictions
    located: pd.DataFrame


class Register:
    """The parties on record, ready to be asked who a newcomer is.

    The rules are those of `resolve`, applied to the newcomers and all records that share an id, a number or
    the key of a name with one of them. A record that is joined because its name only looks alike and its
    address agrees is not found by that: such a party counts as new.
    """

    def __init__(self, people: People, parties: pa.Table, decisions: Mapping[Pair, Decision]) -> None:
        self._people, self._parties, self._decisions = people, parties.select(NAMED), decisions

    @cached_property
    def _by_key(self) -> dict[str, Rows]:
        keys = self._parties["name_key"].to_pandas().fillna("")
        groups = keys.groupby(keys).indices.items()
        return {str(key): np.asarray(rows, np.int64) for key, rows in groups if key}

    @cached_property
    def _by_number(self) -> dict[tuple[str, str], Rows]:
        columns = self._parties.select(["identifier", "country"]).to_pandas()
        held = identifiers.known(columns)
        groups = held.groupby(["scheme", "number"])["row"]
        return {(str(s), str(n)): rows.to_numpy(np.int64) for (s, n), rows in groups}

    @cached_property
    def _by_party(self) -> dict[str, Rows]:
        read = self._people.directory.canonical.reindex(self._ids)
        return {str(key): np.asarray(rows, np.int64) for key, rows in read.groupby(read).indices.items()}

    @cached_property
    def _ids(self) -> pd.Index:
        ids: pd.Index = pd.Index(self._parties["id"].to_pandas(), dtype=object)
        return ids

    def arrived(self, parties: pa.Table, places: pa.Table, screener: Screener) -> Arrived:
        """Who the parties of a file are; `places` (party, address, text, country, from, until) say where."""
        known = self._people.directory.canonical
        ids = parties["id"].to_pylist()
        at = known.index.get_indexer(pd.Index(ids, dtype=object))
        canonical = {id_: str(known.iloc[place]) for id_, place in zip(ids, at, strict=True) if place >= 0}
        if (at >= 0).all():
            return replace(self._none, canonical=canonical)
        new = parties.select(NAMED).filter(pa.array(at < 0))
        located = places.to_pandas(date_as_object=True)
        directory = self._resolved(new, located)
        canonical |= self._read(new["id"].to_pylist(), directory)
        return self._judged(canonical, directory, located, screener)

    @cached_property
    def _none(self) -> Arrived:
        """Where nobody is new."""
        people = self._people
        nobody, located = _nobody(), people.located.iloc[:0]
        nothing = people.holdings.iloc[:0], located, people.listings.iloc[:0], people.listed_as.iloc[:0]
        return Arrived({}, nobody.parties, nothing[3], restrict(nobody, *nothing, people.policy), located)

    def _resolved(self, new: pa.Table, located: pd.DataFrame) -> Directory:
        """The newcomers among the records that may be one of them."""
        near = self._parties.take(pa.array(self._near(new)))
        here = located[["party", "text"]]
        if len(near):
            theirs = self._people.located
            mine = self._people.directory.canonical.reindex(near["id"].to_pylist())
            here = pd.concat([here, theirs.loc[theirs["party"].isin(mine), ["party", "text"]]])
        return resolve(
            pa.concat_tables([near, new.cast(near.schema)]), self._people.policy, here, self._decisions
        )

    def _near(self, new: pa.Table) -> Rows:
        rows: list[Rows] = [np.zeros(0, np.int64)]
        rows += [self._by_key[key] for key in new["name_key"].to_pylist() if key in self._by_key]
        named = self._ids.get_indexer(
            pd.Index([(n or "").strip() for n in new["name"].to_pylist()], dtype=object)
        )
        rows.append(named[named >= 0].astype(np.int64))
        if new["identifier"].null_count < len(new):
            held = identifiers.known(new.select(["identifier", "country"]).to_pandas())
            keys = zip(held["scheme"], held["number"], strict=True)
            rows += [self._by_number[key] for key in keys if key in self._by_number]
        found = np.unique(np.concatenate(rows))
        read = {str(one) for one in self._people.directory.canonical.reindex(self._ids[found])}
        members = [self._by_party[one] for one in sorted(read)] if read else []
        return np.unique(np.concatenate([found, *members])).astype(np.int64)

    def _read(self, ids: list[str], directory: Directory) -> dict[str, str]:
        """The party on record with which each newcomer is joined, else the newcomer that stands for it."""
        known, joined = self._people.directory.canonical, directory.canonical
        old = joined[joined.index.isin(known.index)]
        party = {str(one): str(known[id_]) for id_, one in reversed(list(old.items()))}
        return {id_: party.get(str(joined[id_]), str(joined[id_])) for id_ in ids}

    def _judged(
        self, canonical: dict[str, str], directory: Directory, located: pd.DataFrame, screener: Screener
    ) -> Arrived:
        """What the lists say of those who are new."""
        new = directory.parties.loc[directory.parties.index.isin(set(canonical.values()))]
        new = new.loc[~new.index.isin(self._people.directory.parties.index)]
        if not len(new):
            return replace(self._none, canonical=canonical)
        located = located.assign(party=located["party"].map(canonical))
        located = located[located["party"].isin(new.index)]
        names = directory.names[directory.names["party"].isin(new.index)]
        mine = Directory(pd.Series(new.index, index=new.index, dtype=object), new, directory.same, names)
        people = self._people
        matched = screener.match(mine, located)
        entries = people.listings[people.listings["id"].isin(matched["listing"])]
        held = people.holdings.iloc[:0]
        return Arrived(
            canonical=canonical,
            parties=new,
            listed_as=matched,
            restrictions=restrict(mine, held, located, entries, matched, people.policy),
            located=located,
        )


def _nobody() -> Directory:
    columns: dict[str, Any] = {
        name: [] for name in ("name", "country", "kind", "incorporated_on", "identifier", "stated")
    }
    parties = pd.DataFrame(columns, dtype=object)
    parties.index = pd.Index([], dtype=object, name="id")
    same = pd.DataFrame({"party": [], "other": [], "score": [], "why": []})
    return Directory(pd.Series([], dtype=object), parties, same)

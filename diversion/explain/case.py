"""What the sentences need of a dossier, looked up once for all findings."""

from __future__ import annotations

import weakref
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from diversion.dossier import Dossier
from diversion.explain.words import shown
from diversion.findings import Holding, PartyRef, Restricted
from diversion.further import possibly_same

ROW_COLUMNS = (
    "exporter", "consignee", "end_user", "exporter_name", "consignee_name", "consignee_country",
    "description", "unit", "end_use", "licence", "bill_of_lading", "source", "row",
    "departed_on", "departed_latest",
)  # fmt: skip

Row = Mapping[str, Any]


class Case:
    """A dossier, ready to be asked about parties, rows and holdings.

    Making one costs a few passes over the parties; a row of a shipment is fetched once. Nothing here
    reads Arrow cell by cell.
    """

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self._rows: dict[int, Row] = {}
        self._reasons: dict[tuple[Any, ...], Restricted | None] = {}

    @cached_property
    def _table(self) -> pa.Table:
        names = [name for name in ROW_COLUMNS if name in self.dossier.shipments.column_names]
        return self.dossier.shipments.select(names).unify_dictionaries().combine_chunks()

    def rows(self, places: Iterable[int]) -> list[Row]:
        """The rows of `Store.shipments()` at `places`, as written."""
        wanted = [int(place) for place in places]
        missing = sorted({place for place in wanted if place not in self._rows})
        if missing:
            taken = self._table.take(pa.array(missing, pa.int64()))
            columns = {name: taken[name].to_pylist() for name in taken.column_names}
            for at, place in enumerate(missing):
                self._rows[place] = {name: values[at] for name, values in columns.items()}
        return [self._rows[place] for place in wanted]

    @cached_property
    def _names(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        parties, ids = self.dossier.directory.parties, self.dossier.transfers.party_ids
        at = parties.index.get_indexer(pd.Index(ids))
        known = at >= 0
        return tuple(_picked(parties[column], at, known) for column in ("name", "country"))  # type: ignore[return-value]

    def party(self, index: int) -> PartyRef:
        """The party of that index in `Transfers.party_ids`; its id where it has no name."""
        names, lands = self._names
        key = str(self.dossier.transfers.party_ids[index])
        return PartyRef(key, str(names[index] or key), lands[index] or None)

    @cached_property
    def _by_id(self) -> dict[str, tuple[str | None, str | None]]:
        parties = self.dossier.directory.parties
        return dict(zip(parties.index, zip(parties["name"], parties["country"], strict=True), strict=True))

    def named(self, party_id: str) -> str:
        """The name of a party by its id; the id where it has none."""
        name = self._by_id.get(party_id, (None, None))[0]
        return name if isinstance(name, str) and name else party_id

    def shown(self, party_id: str) -> str:
        """The name of a party by its id, as people read it."""
        return shown(self.named(party_id), self.country(party_id))

    def country(self, party_id: str) -> str | None:
        """The country of a party by its id."""
        land = self._by_id.get(party_id, (None, None))[1]
        return land if isinstance(land, str) else None

    def place_of(self, holding: Holding) -> str:
        """File, sheet and row of a holding; what it calls its source where no file is known."""
        row = self._holding_rows.get((holding.owner, holding.owned, holding.source))
        known = self.dossier.files.get(holding.source)
        if known is None:
            return holding.source
        sheet = f" sheet {known[1]}" if known[1] else ""
        return f"{known[0]}{sheet}" + (f" row {row:,}" if row is not None else "")

    @cached_property
    def _holding_rows(self) -> dict[tuple[str, str, str], int | None]:
        """The row of a holding in its file, None where several rows of it tell of the two parties."""
        table = self.dossier.holdings
        found: dict[tuple[str, str, str], int | None] = {}
        if not {"source", "row"} <= set(table.columns):
            return found
        for owner, owned, source, row in zip(
            table["owner"], table["owned"], table["source"], table["row"], strict=True
        ):
            key = (owner, owned, source)
            found[key] = None if key in found or pd.isna(row) else int(row)
        return found

    @cached_property
    def _canonical(self) -> dict[str, str]:
        canonical = self.dossier.directory.canonical
        return dict(zip(canonical.index, canonical, strict=True))

    def resolved(self, raw: str | None) -> str | None:
        """The party as which the id of a record is read."""
        return None if raw is None else self._canonical.get(raw, raw)

    @cached_property
    def same(self) -> dict[tuple[str, str], tuple[float, str]]:
        """Why two ids were joined or may be one party, either way round: (score, why)."""
        table = self.dossier.directory.same
        found: dict[tuple[str, str], tuple[float, str]] = {}
        for one, other, score, why in zip(
            table["party"], table["other"], table["score"], table["why"], strict=True
        ):
            found[one, other] = found[other, one] = (float(score), str(why))
        return found

    @cached_property
    def possibly_same(self) -> dict[tuple[str, str], tuple[float, str]]:
        """Why two parties may be one, either way round, where a route rests on it: (score, why)."""
        ids = self.dossier.transfers.party_ids
        return {
            (str(ids[one]), str(ids[other])): (likely.score, likely.why)
            for (one, other), likely in possibly_same(self.dossier).items()
        }

    def why(self, party: PartyRef, day: int) -> Restricted | None:
        """Why the party was restricted on that day; asked once between two days on which that may change."""
        changes = self._changes[0].get(party.id, ()), self._changes[1].get(party.country or "", ())
        key = (party.id, party.country, *(bisect_right(days, day) for days in changes))
        if key not in self._reasons:
            self._reasons[key] = self.dossier.restrictions.why(party.id, day, party.country)
        return self._reasons[key]

    @cached_property
    def _changes(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Days on which a verdict may change, in order: by party, and by country."""
        kept = self.dossier.restrictions
        return _turns(kept.table, "party"), _turns(kept.destinations, "country")

    @cached_property
    def owners(self) -> dict[str, dict[str, tuple[float | None, float | None]]]:
        """Direct owners by what they own: id of the owner → (share_min, share_max)."""
        table = self.dossier.holdings
        found: dict[str, dict[str, tuple[float | None, float | None]]] = {}
        for owner, owned, low, high in zip(
            table["owner"], table["owned"], table["share_min"], table["share_max"], strict=True
        ):
            found.setdefault(owned, {})[owner] = (_known(low), _known(high))
        return found

    @cached_property
    def addresses(self) -> dict[str, dict[str, str]]:
        """By party: the text of each of its addresses under the id of the address."""
        table = self.dossier.located
        found: dict[str, dict[str, str]] = {}
        for party, address, text in zip(table["party"], table["address"], table["text"], strict=True):
            found.setdefault(party, {})[address] = str(text)
        return found

    @cached_property
    def matches(self) -> dict[str, list[tuple[float, str, str]]]:
        """By party: the entries it was matched to, surest first: (score, why, id of the entry)."""
        table = self.dossier.listed_as
        found: dict[str, list[tuple[float, str, str]]] = {}
        if not len(table):
            return {}
        columns = (table[name] for name in ("party", "listing", "score", "why"))
        for party, entry, score, why in zip(*columns, strict=True):
            found.setdefault(str(party), []).append((float(score), str(why), str(entry)))
        return {party: sorted(rows, key=lambda row: (-row[0], row[2])) for party, rows in found.items()}

    @cached_property
    def list_versions(self) -> tuple[str, ...]:
        """One phrase a list: what it is, of which day, and its entries."""
        from diversion.lists import phrase, versions

        return tuple(phrase(one) for one in versions(self.dossier.listings))


def case_of(dossier: Dossier) -> Case:
    """The `Case` of this dossier, made once as long as the dossier lives."""
    key = id(dossier)
    if key not in _CASES:
        _CASES[key] = Case(dossier)
        weakref.finalize(dossier, _CASES.pop, key, None)
    return _CASES[key]


_CASES: dict[int, Case] = {}


def _turns(table: pd.DataFrame, by: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, first, last in zip(table[by], table["from"], table["until"], strict=True):
        found.setdefault(key, []).extend((int(first), int(last)))
    return {key: sorted(days) for key, days in found.items()}


def _picked(column: pd.Series, at: np.ndarray[Any, Any], known: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    values = column.to_numpy(dtype=object)
    if not len(values):
        return np.full(len(at), None, dtype=object)
    out = values[np.where(known, at, 0)]
    out[~known | pd.isna(out)] = None
    return out


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)

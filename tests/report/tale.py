"""Corridors made by hand with a dossier around them, to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from diversion import explain
from diversion.dossier import Dossier
from diversion.findings import Contribution, Finding, Restricted, Search
from diversion.parties.resolve import Directory
from diversion.policy.policy import load
from diversion.routes.corridors import Corridor
from diversion.routes.transfers import Transfers
from diversion.scoring.model import Scored, score_of

EPOCH = date(1970, 1, 1)
EXACT = Search(True, None)
SCORED = Scored(
    score_of(-2.5), -4.4, (Contribution("tier", 1.9, "Tier 1", "CHPL", ("S-1",)),), (), 0.5
)  # fmt: skip
LISTED = Restricted("C", "yes", "on the US Entity List since 8 Apr 2022", "listed", "2022-04-08")
COLUMNS = (
    "exporter", "consignee", "end_user", "exporter_name", "consignee_name", "description", "unit", "end_use",
    "licence", "bill_of_lading", "source",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One shipment line; `sent_as` and `got_as` are the names on the record."""

    id: str
    src: str
    dst: str
    left: str
    came: str
    hs6: str = "854231"
    quantity: float | None = 100.0
    weight: float | None = None
    value: float | None = 1000.0
    unit: str | None = "pieces"
    sent_as: str | None = None
    got_as: str | None = None
    end_user: str | None = None
    licence: str | None = None
    bill: str | None = None
    estimated: bool = False
    left_first: str | None = None


@dataclass(frozen=True)
class Tale:
    """Lines a hop, and who is who: id → (name, country)."""

    hops: Sequence[Sequence[Line]]
    parties: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    relations: Sequence[str] = ()
    restricted: Restricted | None = LISTED
    routes: int = 1
    same: Sequence[tuple[str, str, float, str]] = ()
    holdings: Sequence[tuple[str, str, float | None, float | None]] = ()
    located: Sequence[tuple[str, str, str]] = ()
    search: Search = EXACT
    canonical: Mapping[str, str] = field(default_factory=dict)
    later: Sequence[tuple[str, str, Restricted]] = ()


def number(day: str) -> int:
    return (date.fromisoformat(day) - EPOCH).days


def tell(tale: Tale) -> Finding:
    """The finding of the tale's one corridor."""
    corridor, dossier = made(tale)
    return explain.finding(corridor, SCORED, dossier, tale.search)


def made(tale: Tale) -> tuple[Corridor, Dossier]:
    lines = [line for hop in tale.hops for line in hop]
    named = {line.src for line in lines} | {line.dst for line in lines} | set(tale.parties)
    ids = sorted(named | {line.end_user for line in lines if line.end_user})
    at = {party: i for i, party in enumerate(ids)}
    codes = sorted({line.hs6 for line in lines})
    dossier = Dossier(
        as_of=date(2025, 12, 31), known_at=None, policy=load(), directory=_directory(tale, ids),
        holdings=pd.DataFrame(tale.holdings, columns=["owner", "owned", "share_min", "share_max"]),
        located=pd.DataFrame(tale.located, columns=["party", "address", "text"]),
        listings=pd.DataFrame(
            {"list": ["us_csl", "us_csl"], "listed_on": [date(2022, 4, 8), None],
             "first_seen": [date(2026, 7, 31), date(2026, 7, 31)]}
        ),
        listed_as=pd.DataFrame(), restrictions=cast(Any, _restrictions(tale)),
        shipments=_table(lines), transfers=_transfers(lines, ids, codes),
        files={"F1": ("customs.xlsx", "Export")},
    )  # fmt: skip
    hops, start = [], 0
    for hop in tale.hops:
        hops.append(np.arange(start, start + len(hop), dtype=np.int32))
        start += len(hop)
    parties = [at[tale.hops[0][0].src], at[tale.hops[0][0].dst]]
    for hop in tale.hops[1:]:
        if at[hop[0].src] != parties[-1]:
            parties.append(at[hop[0].src])
        parties.append(at[hop[0].dst])
    relations = tuple(tale.relations) or ("strict",) * (len(hops) - 1)
    best = tuple(int(hop[0]) for hop in hops)
    first = codes.index(tale.hops[0][0].hs6)
    return Corridor(tuple(parties), first, tuple(hops), tale.routes, best, relations, 0.0), dossier


@dataclass(frozen=True)
class _Restrictions:
    answer: Restricted | None
    later: Sequence[tuple[int, str, Restricted]] = ()
    embargoed: bool = False
    table: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["party", "from", "until"]))
    destinations: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"country": ["RU"], "from": [0], "until": [99_999]})
    )

    def why(self, party_id: str, day: int, country: str | None = None) -> Restricted | None:
        changed = next((why for since, who, why in self.later if who == party_id and day >= since), None)
        return changed or (self.answer if self.answer and party_id == self.answer.party_id else None)

    def embargoes(self, country: str | None, day: int) -> pd.DataFrame:
        return self.destinations if self.embargoed else self.destinations.head(0)


def _restrictions(tale: Tale) -> Any:
    """`restricted` until, for a party, the first day of a `later` reason; then that."""
    later = [(number(since), who, why) for since, who, why in tale.later]
    turns = pd.DataFrame(
        [(who, since, 99_999) for since, who, _ in later], columns=["party", "from", "until"]
    )
    embargoed = tale.restricted is not None and tale.restricted.rule == "destination"
    return _Restrictions(tale.restricted, later, embargoed, turns)


def _directory(tale: Tale, ids: Sequence[str]) -> Directory:
    known = {party: tale.parties.get(party, (party, None)) for party in ids}
    frame = pd.DataFrame(
        {"name": [name for name, _ in known.values()], "country": [land for _, land in known.values()]},
        index=list(known), dtype=object,
    )  # fmt: skip
    canonical = pd.Series({**{p: p for p in ids}, **tale.canonical}, dtype=object)
    return Directory(canonical, frame, pd.DataFrame(tale.same, columns=["party", "other", "score", "why"]))


def _table(lines: Sequence[Line]) -> pa.Table:
    rows = [
        {
            "exporter": line.src, "consignee": line.dst, "end_user": line.end_user,
            "exporter_name": line.sent_as, "consignee_name": line.got_as, "description": "CHIPS",
            "unit": line.unit, "end_use": None,
            "licence": line.licence, "bill_of_lading": line.bill, "source": "F1",
        }
        for line in lines
    ]  # fmt: skip
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    table = pa.Table.from_pylist(rows, schema=schema)
    coded = table["exporter"].dictionary_encode()
    table = table.set_column(0, "exporter", coded)
    # Stores hand over several chunks.
    return pa.concat_tables(
        [part for at in range(len(lines)) for part in [table.slice(at, 1)]]
    ).append_column("row", pa.array(range(2, len(lines) + 2), pa.int64()))


def _transfers(lines: Sequence[Line], ids: Sequence[str], codes: Sequence[str]) -> Transfers:
    at = {party: i for i, party in enumerate(ids)}

    def ints(values: Sequence[int]) -> Any:
        return np.array(values, dtype=np.int32)

    def floats(values: Sequence[float | None]) -> Any:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    return Transfers(
        src=ints([at[line.src] for line in lines]), dst=ints([at[line.dst] for line in lines]),
        end_user=ints([at[line.end_user] if line.end_user else -1 for line in lines]),
        item=ints([codes.index(line.hs6) for line in lines]),
        departed=ints([number(line.left) for line in lines]),
        departed_first=ints([number(line.left_first or line.left) for line in lines]),
        arrived=ints([number(line.came) for line in lines]),
        arrived_last=ints([number(line.came) for line in lines]),
        estimated=np.array([line.estimated for line in lines]),
        quantity=floats([line.quantity for line in lines]),
        weight_kg=floats([line.weight for line in lines]),
        value_usd=floats([line.value for line in lines]),
        shipment=np.arange(len(lines), dtype=np.int64),
        ids=np.array([line.id for line in lines], dtype=object),
        party_ids=np.array(ids, dtype=object), hs6=np.array(codes, dtype=object),
    )  # fmt: skip


def stub(**fields: Any) -> Any:
    return SimpleNamespace(**fields)

"""Small worlds for the score, said in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from diversion.dossier import Dossier
from diversion.parties.resolve import Directory
from diversion.policy.policy import load
from diversion.routes.corridors import Corridor
from diversion.routes.transfers import Transfers

CHIPS, SCOPES, SHOES = "854231", "903020", "640399"
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Move:
    """One transfer; days as ISO dates."""

    id: str
    src: str
    dst: str
    left: str
    came: str
    hs6: str = CHIPS
    quantity: float | None = 100.0
    value: float | None = 1000.0
    weight: float | None = 10.0
    unit: str | None = "pieces"
    licence: str | None = None
    end_use: str | None = None
    end_user: str | None = None
    consignee: str | None = None
    left_first: str | None = None
    estimated: bool = False


@dataclass(frozen=True)
class World:
    """Moves and who is who: `parties` id → (country, founded or None), `listed` rows of verdicts."""

    moves: Sequence[Move]
    parties: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    listed: Sequence[Mapping[str, Any]] = ()
    holdings: Sequence[tuple[str, str, float | None, str | None, str | None]] = ()
    located: Sequence[tuple[str, str, str | None, str | None]] = ()
    as_of: str = "2025-12-31"

    def having(self, **changes: Any) -> World:
        return replace(self, **changes)


def days(day: str) -> int:
    return (date.fromisoformat(day) - EPOCH).days


def verdict(party: str, since: str = "2022-04-08", **more: Any) -> dict[str, Any]:
    """A row of Restrictions.table."""
    return {
        "party": party,
        "rule": "listed",
        "verdict": "yes",
        "effect": "licence",
        "strength": 0.9,
        "from": days(since),
        "until": 2**31 - 1,
        "since": date.fromisoformat(since),
        "reason": f"{party} is on the Entity List",
        "listing": f"L-{party}",
        "confidence": 1.0,
        "proof": (),
    } | more


def dossier(world: World, order: Sequence[int] | None = None) -> Dossier:
    """A dossier of the world, its transfers in the order given (the parties' too)."""
    moves = [world.moves[i] for i in order] if order is not None else list(world.moves)
    named = {p for m in moves for p in (m.src, m.dst, m.end_user, m.consignee) if p} | set(world.parties)
    ids = sorted(named, reverse=order is not None)
    return Dossier(
        as_of=date.fromisoformat(world.as_of),
        known_at=None,
        policy=load(),
        directory=_directory(world, ids),
        holdings=_holdings(world),
        located=_located(world),
        listings=pd.DataFrame(),
        listed_as=pd.DataFrame(),
        restrictions=cast(Any, SimpleNamespace(table=_verdicts(world), of_day=lambda row, day: row)),
        shipments=_shipments(moves),
        transfers=_transfers(moves, ids),
        files={},
    )


def _verdicts(world: World) -> pd.DataFrame:
    columns = list(verdict("x"))
    return pd.DataFrame([dict(row) for row in world.listed], columns=columns)


def _directory(world: World, ids: list[str]) -> Directory:
    known = [world.parties.get(one, ("CH", None)) for one in ids]
    parties = pd.DataFrame(
        {
            "name": [f"{one} Ltd" for one in ids],
            "country": [country for country, _ in known],
            "kind": "company",
            "incorporated_on": [date.fromisoformat(day) if day else None for _, day in known],
            "identifier": None,
            "stated": True,
        },
        index=pd.Index(ids, dtype=object),
    )
    same = pd.DataFrame(columns=["party", "other", "score", "why"])
    return Directory(pd.Series(ids, index=ids, dtype=object), parties, same)


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def _holdings(world: World) -> pd.DataFrame:
    rows = [
        {
            "owner": owner,
            "owned": owned,
            "id": f"H{place}",
            "share_min": share,
            "share_max": share,
            "kind": "shares",
            "from": _day(begin),
            "until": _day(until),
            "source": "S",
            "row": place,
        }
        for place, (owner, owned, share, begin, until) in enumerate(world.holdings)
    ]
    columns = ["owner", "owned", "id", "share_min", "share_max", "kind", "from", "until", "source", "row"]
    return pd.DataFrame(rows, columns=columns)


def _located(world: World) -> pd.DataFrame:
    rows = [
        {
            "party": party,
            "address": at,
            "text": at,
            "country": None,
            "from": _day(begin),
            "until": _day(until),
        }
        for party, at, begin, until in world.located
    ]
    return pd.DataFrame(rows, columns=["party", "address", "text", "country", "from", "until"])


def _shipments(moves: Sequence[Move]) -> pa.Table:
    def text(values: Sequence[str | None]) -> pa.Array:
        return pa.array(values, pa.string())

    return pa.table(
        {
            "id": text([m.id for m in moves]),
            "consignee": text([m.consignee or m.dst for m in moves]).dictionary_encode(),
            "end_user": text([m.end_user for m in moves]).dictionary_encode(),
            "end_use": text([m.end_use for m in moves]),
            "licence": text([m.licence for m in moves]),
            "unit": text([m.unit for m in moves]),
        }
    )


def _transfers(moves: Sequence[Move], ids: list[str]) -> Transfers:
    at = {one: place for place, one in enumerate(ids)}
    hs6 = sorted({m.hs6 for m in moves})

    def numbers(values: Sequence[float | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([np.nan if value is None else value for value in values], np.float64)

    def ints(values: Sequence[int]) -> np.ndarray[Any, np.dtype[np.int32]]:
        return np.array(values, np.int32)

    return Transfers(
        src=ints([at[m.src] for m in moves]),
        dst=ints([at[m.dst] for m in moves]),
        end_user=ints([at[m.end_user] if m.end_user and m.end_user != m.dst else -1 for m in moves]),
        item=ints([hs6.index(m.hs6) for m in moves]),
        departed=ints([days(m.left) for m in moves]),
        departed_first=ints([days(m.left_first or m.left) for m in moves]),
        arrived=ints([days(m.came) for m in moves]),
        arrived_last=ints([days(m.came) for m in moves]),
        estimated=np.array([m.estimated for m in moves], bool),
        quantity=numbers([m.quantity for m in moves]),
        weight_kg=numbers([m.weight for m in moves]),
        value_usd=numbers([m.value for m in moves]),
        shipment=np.arange(len(moves), dtype=np.int64),
        ids=np.array([m.id for m in moves], object),
        party_ids=np.array(ids, object),
        hs6=np.array(hs6, object),
    )


def corridor(
    case: Dossier, *best: str, hops: Sequence[Sequence[str]] = (), relations: Sequence[str] = ()
) -> Corridor:
    """The corridor whose best route is the shipments named, and whose hops are these alone unless said."""
    t = case.transfers
    place = {str(one): i for i, one in enumerate(t.ids)}
    route = tuple(place[one] for one in best)
    parties: list[int] = [int(t.src[route[0]])]
    for e in route:
        if int(t.src[e]) != parties[-1]:
            parties.append(int(t.src[e]))
        parties.append(int(t.dst[e]))
    each = [[place[one] for one in hop] for hop in hops] or [[e] for e in route]
    return Corridor(
        parties=tuple(parties),
        item=int(t.item[route[0]]),
        hops=tuple(np.array(sorted(hop), np.int32) for hop in each),
        routes=1,
        best=route,
        relations=tuple(relations or ["strict"] * (len(route) - 1)),
        weight=0.0,
    )

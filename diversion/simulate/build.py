"""The stations of a world: cast, stage, society, trade, records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from diversion.simulate.ambient import Ambient, permit
from diversion.simulate.cast import BUYER, FORWARDER, UNKNOWN, Cast, day, join, populate
from diversion.simulate.catalogue import good_index, goods, place_index, places
from diversion.simulate.decoys import DECOYS
from diversion.simulate.decoys.papers import AGENT
from diversion.simulate.dice import Dice, Ints
from diversion.simulate.planted import TYPOLOGIES
from diversion.simulate.records import NONE, Book, Column, shipments
from diversion.simulate.society import holdings, listed_parties, strangers
from diversion.simulate.stage import Entry, Holding, Leg, Stage
from diversion.simulate.trade import NEVER, Market, Moves, background, closing, stack
from diversion.simulate.world import World


@dataclass(frozen=True)
class Scene:
    """A world before it is written down; indices of the stage have `offset` added."""

    world: World
    stage: Stage
    cast: Cast
    ids: Column
    offset: int


def build(world: World) -> dict[str, pd.DataFrame]:
    """All tables of `world`."""
    scene = _scene(world)
    joined = listed_parties(scene.cast, Dice(world.seed, "listed"), world.embargo)
    closed = closing(scene.cast, day(world.embargo))
    for index, entry in joined:
        if entry.programme != "Unverified List":
            closed[index] = min(closed[index], day(entry.listed_on))
    book, ambient = _book(scene, closed)
    frame, numbers = shipments(book)
    return {
        "shipments": frame,
        "parties": _parties(scene, ambient),
        "ownership": _ownership(scene, ambient),
        "listings": _listings(scene, joined, ambient),
        "truth": pd.DataFrame(
            [*_truth(scene, numbers[book.offset :]), *_lawful(scene, book, ambient, numbers)]
        ),
    }


def _scene(world: World) -> Scene:
    stage = Stage(Dice(world.seed, "stage"))
    for plant in (*TYPOLOGIES, *DECOYS):
        plant(stage)
    offset = world.size - len(stage.actors)
    cast = populate(offset, stage.actors, (world.first, world.last), Dice(world.seed, "cast"))
    _agent(cast)
    cast = join(cast, stage.actors, Dice(world.seed, "actors"))
    number = np.empty(len(cast), dtype=np.int64)
    number[Dice(world.seed, "ids").shuffled(len(cast))] = np.arange(1, len(cast) + 1)
    width = len(str(len(cast)))
    ids = [f"{places()[p].country}-{n:0{width}d}" for p, n in zip(cast.place, number, strict=True)]
    return Scene(world, stage, cast, np.array(ids, dtype=object), offset)


def _agent(cast: Cast) -> None:
    """Sixty companies of the United States are registered with one agent."""
    fits = np.flatnonzero((cast.place == place_index()["US"]) & (cast.role < FORWARDER))
    fits = fits[np.argsort(cast.role[fits] != BUYER, kind="stable")][:60]
    for index in fits:
        cast.address[index], cast.city[index] = AGENT, "Dover DE"


def _book(scene: Scene, closed: Any) -> tuple[Book, Ambient]:
    """All movements, and which of them are lawful sales to restricted parties."""
    world, stage, cast = scene.world, scene.stage, scene.cast
    planted = _planted(scene)
    rows = world.shipments - len(planted)
    market = Market(cast, day(world.first), day(world.last), closed, Dice(world.seed, "trade"))
    single = rows - rows // 50
    owned = frozenset(stake.owned for stake in holdings(cast, Dice(world.seed, "society")))
    ambient = permit(
        replace(market, dice=Dice(world.seed, "ambient")),
        background(market, single + single // 12 + 300),
        single,
        owned,
    )
    market = replace(market, closed=ambient.closed)
    second = _second_lines(ambient, market, rows // 50)
    moves = ambient.moves
    legs = [_shifted(move.leg, scene.offset) for move in stage.moves]
    flags = np.concatenate([second, np.zeros(len(planted), dtype=bool)])
    book = (cast, scene.ids, stack([moves, planted]), legs, len(moves), flags, ambient.closed)
    return Book(*book, _permits(ambient), Dice(world.seed, "records")), ambient


def _permits(ambient: Ambient) -> dict[int, tuple[str, str]]:
    """Row → the end use and the licence that its papers state."""
    rows = np.flatnonzero(ambient.tag >= 0)
    sales = [ambient.sales[k] for k in ambient.tag[rows]]
    return {int(row): (sale.end_use, sale.licence) for row, sale in zip(rows, sales, strict=True)}


def _planted(scene: Scene) -> Moves:
    moves, index = scene.stage.moves, good_index()

    def column(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int64)

    return Moves(
        src=column([m.leg.src + scene.offset for m in moves]),
        dst=column([m.leg.dst + scene.offset for m in moves]),
        good=column([index[m.leg.hs6] for m in moves]),
        departed=column([m.departed for m in moves]),
        arrived=column([m.arrived for m in moves]),
        quantity=np.array([m.quantity for m in moves]),
        value=np.array([m.value for m in moves]),
    )


def _shifted(leg: Leg, offset: int) -> Leg:
    """The leg with indices of the whole cast."""

    def shift(index: int | None) -> int | None:
        return None if index is None else index + offset

    return replace(
        leg,
        src=leg.src + offset,
        dst=leg.dst + offset,
        end_user=shift(leg.end_user),
        notify=shift(leg.notify),
        bank=shift(leg.bank),
    )


def _second_lines(ambient: Ambient, market: Market, count: int) -> Any:
    """`count` shipments of makers get a second line with other goods of the same maker; flags them."""
    cast, dice, moves = market.cast, market.dice, ambient.moves
    other = cast.goods[moves.src, dice.below(4, len(moves))]
    open_ = np.minimum(market.closed[moves.src], market.closed[moves.dst]) == NEVER
    fits = np.flatnonzero((cast.role[moves.src] == 0) & (other != moves.good) & open_)
    chosen = np.sort(fits[dice.shuffled(len(fits))[:count]])
    rows = np.sort(np.concatenate([np.arange(len(moves)), chosen]), kind="stable")
    second = np.concatenate([[False], rows[1:] == rows[:-1]])
    lot = np.array([g.lot for g in goods()])[other]
    price = np.array([g.price for g in goods()])[other]
    ambient.take(rows)
    moves = ambient.moves
    moves.good[second] = other[chosen]
    moves.quantity[second] = np.maximum(1.0, np.rint(lot[chosen] / 2))
    moves.value[second] = np.rint(moves.quantity[second] * price[chosen] * 100) / 100
    return second


def _parties(scene: Scene, ambient: Ambient) -> pd.DataFrame:
    """The register: all but one in thirty of the background, who are met only in shipments."""
    cast = scene.cast
    since = np.where(cast.since == UNKNOWN, 0, cast.since).astype("datetime64[D]").astype(str).astype(object)
    frame = pd.DataFrame(
        {
            "party_id": scene.ids,
            "name": cast.name,
            "kind": cast.kind,
            "country": [places()[p].country for p in cast.place],
            "address": cast.address,
            "incorporated_on": np.where(cast.since == UNKNOWN, NONE, since),
            "identifier": cast.identifier,
        }
    )
    absent = Dice(scene.world.seed, "register").chance(1 / 30, len(cast))
    absent &= (np.arange(len(cast)) < scene.offset) & (cast.role < FORWARDER)
    absent[[end for sale in ambient.sales for end in (sale.src, sale.dst)]] = False
    return frame[~absent].sort_values("party_id", ignore_index=True)


def _ownership(scene: Scene, ambient: Ambient) -> pd.DataFrame:
    shift = scene.offset
    staged = [replace(h, owner=h.owner + shift, owned=h.owned + shift) for h in scene.stage.holdings]
    lawful = [*holdings(scene.cast, Dice(scene.world.seed, "society")), *ambient.holdings]
    rows = [_holding(h, scene.ids) for h in (*lawful, *staged)]
    frame = pd.DataFrame(rows, columns=["owner", "owned", "share", "share_min", "share_max", "from", "until"])
    return frame.drop_duplicates(["owner", "owned", "from"]).sort_values(
        ["owner", "owned", "from"], ignore_index=True
    )


def _holding(stake: Holding, ids: Column) -> tuple[object, ...]:
    exact = stake.low == stake.high
    days = [d.isoformat() if d else None for d in (stake.since, stake.until)]
    share = (stake.low, None, None) if exact else (None, stake.low, stake.high)
    return (ids[stake.owner], ids[stake.owned], *share, *days)


def _listings(scene: Scene, joined: list[tuple[int, Entry]], ambient: Ambient) -> pd.DataFrame:
    stage, offset, cast = scene.stage, scene.offset, scene.cast
    kinds = {a.name: a.kind for a in stage.actors}
    staged = [(entry, kinds[entry.name]) for entry in stage.entries]
    known = [(entry, cast.kind[index]) for index, entry in joined]
    rest = scene.world.listings - len(staged) - len(known)
    others = strangers(cast, rest, Dice(scene.world.seed, "lists"))
    known += [(entry, cast.kind[index]) for index, entry in ambient.entries]
    rows = [_entry(e, kind, scene.ids, offset, cast) for e, kind in (*staged, *known, *others)]
    names = (
        "party_id name kind authority programme effect listed_on removed_on country address "
        "aliases identifier"
    )
    frame = pd.DataFrame(rows, columns=names.split())
    return frame.sort_values(["listed_on", "name", "authority"], ignore_index=True)


def _entry(entry: Entry, kind: str, ids: Column, offset: int, cast: Cast) -> tuple[object, ...]:
    named = None if entry.party is None else entry.party + offset
    return (
        None if named is None else ids[named],
        entry.name,
        kind,
        entry.authority,
        entry.programme,
        entry.effect or None,
        entry.listed_on.isoformat(),
        entry.removed_on.isoformat() if entry.removed_on else None,
        entry.country,
        entry.address or None,
        "; ".join(entry.aliases) or None,
        None if named is None else cast.identifier[named],
    )


def _truth(scene: Scene, numbers: Column) -> list[dict[str, object]]:
    count = {"planted": 0, "decoy": 0}
    rows: list[dict[str, object]] = []
    for truth in scene.stage.truths:
        count[truth.label] += 1
        goods_ = list(dict.fromkeys(scene.stage.moves[hop[0]].leg.hs6 for hop in truth.hops))
        rows.append(
            {
                "id": f"{truth.label[0].upper()}{count[truth.label]:02d}",
                "label": truth.label,
                "kind": truth.kind,
                "parties": ";".join(scene.ids[k + scene.offset] for k in truth.parties),
                "shipments": "|".join(";".join(numbers[m] for m in hop) for hop in truth.hops),
                "goods": ";".join(goods_),
                "note": truth.note,
                "case": truth.case or None,
            }
        )
    return rows


def _lawful(scene: Scene, book: Book, ambient: Ambient, numbers: Column) -> Iterator[dict[str, object]]:
    """Every lawful sale to a restricted party: who sells, who buys, and the shipments between the two."""
    for place, sale in enumerate(ambient.sales):
        rows = np.flatnonzero(ambient.tag == place)
        hs6 = dict.fromkeys(goods()[k].hs6 for k in book.moves.good[rows])
        yield {
            "id": f"L{place + 1:02d}",
            "label": "lawful",
            "kind": sale.kind,
            "parties": f"{scene.ids[sale.src]};{scene.ids[sale.dst]}",
            "shipments": ";".join(sorted(numbers[rows])),
            "goods": ";".join(hs6),
            "note": sale.note,
            "case": None,
        }

"""The stage on which a typology plays: actors, movements, holdings, listings and the truth about them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from diversion.simulate.cast import EPOCH, Actor, day
from diversion.simulate.catalogue import good_index, goods, place_index, transit
from diversion.simulate.dice import Dice


@dataclass(frozen=True)
class Leg:
    """One hop of a story: who sends what to whom, and what the papers say."""

    src: int
    dst: int
    hs6: str
    text: str = ""
    air: bool = True
    markup: float = 1.12
    end_user: int | None = None
    notify: int | None = None
    bank: int | None = None
    end_use: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Plan:
    """How goods run over legs: a consignment every `every` days, `lots` of them, `dwell` days at each stop.

    `split` says into how many parts a consignment falls at each stop, 1 where it does not say.
    """

    start: date
    lots: int
    every: int
    quantity: float
    dwell: tuple[int, int]
    split: tuple[int, ...] = ()
    price: float | None = None


@dataclass(frozen=True)
class Move:
    """A movement by hand."""

    leg: Leg
    departed: int
    arrived: int
    quantity: float
    value: float


@dataclass(frozen=True)
class Holding:
    """A stake in per cent: exact where both ends agree, else a band as registers give it."""

    owner: int
    owned: int
    low: float
    high: float
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Entry:
    """An entry of a list; `party` only where the list itself names the party's register number."""

    name: str
    authority: str
    programme: str
    listed_on: date
    country: str
    address: str = ""
    aliases: tuple[str, ...] = ()
    removed_on: date | None = None
    effect: str = ""
    party: int | None = None


@dataclass(frozen=True)
class Truth:
    """What was planted, or what must not be flagged, and why."""

    label: str
    kind: str
    case: str
    parties: tuple[int, ...]
    hops: tuple[tuple[int, ...], ...]
    note: str
    id: str = ""


@dataclass
class Stage:
    """Collects what typologies plant. Indices of actors and moves count from 0 within the stage."""

    dice: Dice
    actors: list[Actor] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    truths: list[Truth] = field(default_factory=list)

    def actor(self, actor: Actor) -> int:
        """Bring somebody on."""
        self.actors.append(actor)
        return len(self.actors) - 1

    def cast(self, *actors: Actor) -> tuple[int, ...]:
        """Bring several on."""
        return tuple(self.actor(actor) for actor in actors)

    def lists(self, index: int, authority: str, programme: str, listed_on: date, **more: object) -> None:
        """Put an actor on a list, by name, country and address, as lists do."""
        actor = self.actors[index]
        entry = Entry(actor.name, authority, programme, listed_on, actor.country, actor.address)
        self.entries.append(replace(entry, **more))  # type: ignore[arg-type]

    def own(self, owner: int, owned: int, share: float | tuple[float, float], **more: date) -> None:
        """A stake, exact or as a band."""
        low, high = share if isinstance(share, tuple) else (share, share)
        self.holdings.append(Holding(owner, owned, low, high, **more))

    def ship(
        self, leg: Leg, when: date, quantity: float, price: float | None = None, days: int | None = None
    ) -> int:
        """One movement; the voyage takes what the distance takes unless `days` says otherwise."""
        good = goods()[good_index()[leg.hs6]]
        voyage = self._days(leg) if days is None else days
        unit = (price or good.price) * (0.97 + 0.06 * float(self.dice.unit(1)[0]))
        value = round(quantity * unit, 2)
        when += timedelta(days=when.weekday() == 6)
        self.moves.append(Move(leg, day(when), day(when) + voyage, quantity, value))
        return len(self.moves) - 1

    def _days(self, leg: Leg) -> int:
        if leg.air:
            return int(self.dice.between(1, 6, 1)[0])
        ends = [place_index()[self.actors[k].country] for k in (leg.src, leg.dst)]
        low, high = transit()[ends[0], ends[1]]
        return int(self.dice.between(int(low), int(high), 1)[0])

    def run(self, legs: tuple[Leg, ...], plan: Plan) -> tuple[tuple[int, ...], ...]:
        """Send the goods down the legs; the moves of each leg."""
        hops: list[list[int]] = [[] for _ in legs]
        for lot in range(plan.lots):
            jitter = int(self.dice.between(-3, 3, 1)[0]) if lot else 0
            when = plan.start + timedelta(days=lot * plan.every + jitter)
            self._lot(legs, plan, (when, plan.quantity, plan.price), hops)
        return tuple(tuple(hop) for hop in hops)

    def _lot(
        self,
        legs: tuple[Leg, ...],
        plan: Plan,
        lot: tuple[date, float, float | None],
        hops: list[list[int]],
    ) -> None:
        when, quantity, price = lot
        depth = len(hops) - len(legs)
        row = self.ship(legs[0], when, quantity, price)
        hops[depth].append(row)
        if len(legs) == 1:
            return
        move = self.moves[row]
        unit = move.value / quantity * legs[1].markup
        for part in self._parts(quantity, plan.split[depth : depth + 1]):
            wait = int(self.dice.between(*plan.dwell, 1)[0])
            onward = date.fromordinal(EPOCH + move.arrived + wait)
            self._lot(legs[1:], plan, (onward, part, unit), hops)

    def _parts(self, quantity: float, split: tuple[int, ...]) -> list[float]:
        """Nearly all of what came in, in unequal parts."""
        parts = split[0] if split and quantity >= 2 * split[0] else 1
        weights = 0.8 + 0.4 * self.dice.unit(parts)
        total = float(sum(weights))
        return [max(1.0, float(int(quantity * 0.97 * float(w) / total))) for w in weights]

    def tell(
        self,
        label: str,
        kind: str,
        legs: tuple[Leg, ...],
        hops: tuple[tuple[int, ...], ...],
        *,
        case: str = "",
        note: str,
    ) -> None:
        """Write down the truth about a story; where somebody stands in for the receiver, both stand there."""
        parties = [legs[0].src, legs[0].dst]
        for leg in legs[1:]:
            parties += [leg.dst] if leg.src == parties[-1] else [leg.src, leg.dst]
        self.truths.append(Truth(label, kind, case, tuple(parties), hops, note))

    def plant(self, kind: str, case: str, legs: tuple[Leg, ...], plan: Plan, note: str) -> None:
        """Run the goods and tell the truth about it: a planted route."""
        self.tell("planted", kind, legs, self.run(legs, plan), case=case, note=note)

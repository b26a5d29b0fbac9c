"""Every pattern of a case as a person reads it: round trips, fans, splitting, gathering again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from diversion.errors import UsageError
from diversion.explain.case import Case, case_of
from diversion.explain.words import iso
from diversion.findings import Goods, PartyRef
from diversion.options import Options
from diversion.patterns import KINDS, Pattern, goods_of, patterns, sums
from diversion.routes.ranges import Projection
from diversion.routes.rings import RoundTrip, round_trip_id
from diversion.routes.round_trips import round_trips
from diversion.routes.transfers import Flags, Floats

if TYPE_CHECKING:
    from diversion.dossier import Dossier
    from diversion.pipeline import Analysis

Typology = Literal["round-trip", "fan-in", "fan-out", "splitting", "gathering"]
TYPOLOGIES: tuple[Typology, ...] = ("round-trip", *KINDS)


@dataclass(frozen=True)
class Step:
    """One hop of a round trip: all shipments of it together."""

    sender: PartyRef
    receiver: PartyRef
    shipments: tuple[str, ...]
    first_day: str
    last_day: str
    quantity: float | None
    unit: str | None
    value_usd: float | None


@dataclass(frozen=True)
class Returned:
    """Goods that came back to the party where they began, told from the first of these.

    `routes` counts the sequences of shipments, `began` those that begin with each party (id → number); `best`
    are the shipments of the earliest one. `bound` of the shipments stand on walks to restricted parties.
    """

    pattern_id: str
    kind: Typology
    parties: tuple[PartyRef, ...]
    item: Goods
    routes: int
    began: dict[str, int]
    steps: tuple[Step, ...]
    best: tuple[str, ...]
    first_day: str
    last_day: str
    bound: int

    @property
    def shipments(self) -> tuple[str, ...]:
        """All shipments, each once."""
        return tuple(sorted({one for step in self.steps for one in step.shipments}))

    def as_json(self) -> dict[str, Any]:
        """The fields under their own names."""
        return asdict(self)


@dataclass(frozen=True)
class Typologies:
    """What was found, each kind by itself, and what was left out of it, in words."""

    found: tuple[Pattern | Returned, ...]
    notes: tuple[str, ...] = ()


def typologies(
    dossier: Dossier, options: Options, kinds: Sequence[Typology] = TYPOLOGIES, *, every_goods: bool = False
) -> Typologies:
    """The patterns of a case among the goods looked for, or `every_goods`; round trips as `options` say.

    Walks to restricted parties are counted for what is `bound`. Linear but for what `patterns` and
    `round_trips` say.
    """
    from diversion.question import ask
    from diversion.routes.census import census

    unknown = [kind for kind in kinds if kind not in TYPOLOGIES]
    if unknown:
        raise UsageError(f"no pattern is called {unknown[0]!r}", hint="there are " + ", ".join(TYPOLOGIES))
    projection, question = ask(dossier, options)
    through = census(projection, question).through
    sought = projection.options.goods
    wanted = np.ones(len(dossier.transfers), bool)
    if sought is not None and not every_goods:
        wanted = np.asarray(sought, bool)[dossier.transfers.item]
    elif "round-trip" in kinds:
        projection = Projection.build(dossier.transfers, replace(projection.options, goods=None))
    found: list[Pattern | Returned] = []
    notes: list[str] = []
    for kind in kinds:
        if kind == "round-trip":
            told, complete = _returned(dossier, (projection, wanted, through), options)
            found += told
            notes += [] if complete else ["the time limit cut the search for round trips short"]
        else:
            shapes = patterns(dossier, kind, wanted, through)
            found += shapes.found
            if shapes.left_out:
                notes.append(f"{shapes.left_out} deliveries to a distributor's stock joined no gathering")
    return Typologies(tuple(found), tuple(notes))


def patterns_frame(analysis: Analysis, *kinds: Typology, every_goods: bool = False) -> pd.DataFrame:
    """One row a pattern of the kinds named (none: all), each kind most unusual first.

    Columns: kind, pattern_id, party, to, through (names), hs6, goods, tier, first_day, last_day, members,
    usual, times, bound, shipments (number), quantity, unit, value_usd; of round trips `members` is the number
    of sequences, and `usual` and `times` are not told.
    """
    options = Options.of_json(analysis.summary["manifest"]["options"])
    told = typologies(analysis.dossier, options, kinds or TYPOLOGIES, every_goods=every_goods)
    frame = pd.DataFrame([pattern_row(one) for one in told.found], columns=COLUMNS)
    return frame.assign(**{day: pd.to_datetime(frame[day]) for day in ("first_day", "last_day")})


COLUMNS = [
    *("kind", "pattern_id", "party", "to", "through", "hs6", "goods", "tier", "first_day", "last_day"),
    *("members", "usual", "times", "bound", "shipments", "quantity", "unit", "value_usd"),
]


def pattern_row(one: Pattern | Returned) -> dict[str, object]:
    """One pattern as one flat row: the columns of `patterns_frame`."""
    common = {
        "kind": one.kind,
        "pattern_id": one.pattern_id,
        "hs6": one.item.hs6,
        "goods": one.item.description,
        "tier": one.item.tier,
        "first_day": one.first_day,
        "last_day": one.last_day,
        "bound": one.bound,
        "shipments": len(one.shipments),
    }
    return common | (_ring_row(one) if isinstance(one, Returned) else _burst_row(one))


def _ring_row(one: Returned) -> dict[str, object]:
    last = one.steps[-1]
    return {
        "party": one.parties[0].name,
        "to": one.parties[0].name,
        "through": " → ".join(party.name for party in one.parties[1:]),
        "members": one.routes,
        "usual": None,
        "times": None,
        "quantity": last.quantity,
        "unit": last.unit,
        "value_usd": last.value_usd,
    }


def _burst_row(one: Pattern) -> dict[str, object]:
    return {
        "party": one.party.name,
        "to": one.to.name if one.to else None,
        "through": ", ".join(party.name for party in one.counterparties),
        "members": one.members,
        "usual": one.usual,
        "times": one.times,
        "quantity": one.quantity,
        "unit": one.unit,
        "value_usd": one.value_usd,
    }


def _returned(
    dossier: Dossier, what: tuple[Projection, Flags, Floats], options: Options
) -> tuple[list[Returned], bool]:
    projection, wanted, through = what
    result = round_trips(projection, wanted, options.hops, options.time_limit)
    case = case_of(dossier)
    return [_told(one, case, through) for one in result.found], result.exact


def _told(one: RoundTrip, case: Case, through: Floats) -> Returned:
    transfers = case.dossier.transfers
    steps = tuple(_step(one, hop, case) for hop in range(len(one.hops)))
    every = np.unique(np.concatenate(one.hops))
    return Returned(
        pattern_id=round_trip_id(one, transfers),
        kind="round-trip",
        parties=tuple(case.party(party) for party in one.parties),
        item=goods_of(str(transfers.hs6[one.item]), case.dossier),
        routes=one.routes,
        began={str(transfers.party_ids[party]): routes for party, routes in sorted(one.began.items())},
        steps=steps,
        best=tuple(str(transfers.ids[e]) for e in one.best),
        first_day=min(step.first_day for step in steps),
        last_day=max(step.last_day for step in steps),
        bound=int((through[every] > 0).sum()),
    )


def _step(one: RoundTrip, hop: int, case: Case) -> Step:
    transfers, rows = case.dossier.transfers, one.hops[hop]
    rows = rows[np.lexsort((rows, transfers.departed[rows]))]
    quantity, unit, value = sums(rows.astype(np.int64), case)
    return Step(
        sender=case.party(int(transfers.src[rows[0]])),
        receiver=case.party(int(transfers.dst[rows[0]])),
        shipments=tuple(str(transfers.ids[e]) for e in rows),
        first_day=iso(int(transfers.departed_first[rows].min())),
        last_day=iso(int(transfers.arrived_last[rows].max())),
        quantity=quantity,
        unit=unit,
        value_usd=value,
    )

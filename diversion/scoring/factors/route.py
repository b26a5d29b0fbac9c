"""What only the whole corridor shows. All of it lowers the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diversion.explain.words import counted, day, one_line
from diversion.scoring.days import NEVER, number
from diversion.scoring.facts import Facts
from diversion.scoring.model import RouteFactor, Told
from diversion.scoring.speech import hs6, ids, name, on, party_id

if TYPE_CHECKING:
    from diversion.further import Likely
    from diversion.policy.policy import Policy
    from diversion.routes.corridors import Corridor

BREAKS_OF = ("relabel", "owner", "address", "disguise")
WORDS = {
    "relabel": "the code of the goods changed",
    "owner": "another party of the same owner sent them on",
    "address": "another party at the same address sent them on",
    "disguise": "goods of another heading left in the same amount",
    "possibly-same": "a party that may be the same as the receiver sent them on",
}


def penalties(policy: Policy) -> dict[str, float]:
    """Log-odds that a break of the chain costs, by the policy; a party possibly the same has its own."""
    return {kind: policy.thresholds[f"penalty_{kind}"] for kind in BREAKS_OF}


def _parts(corridor: Corridor) -> list[tuple[int, str]]:
    """Each break: the hop that it leads into, and its kind."""
    return [
        (hop, part)
        for hop, relation in enumerate(corridor.relations, start=1)
        for part in relation.split("+")
        if part in WORDS
    ]


def _likely(facts: Facts, corridor: Corridor, hop: int) -> Likely:
    """How sure it is that the receiver before a hop and its sender are one party."""
    t, best = facts.transfers, corridor.best
    return facts.same[int(t.dst[best[hop - 1]]), int(t.src[best[hop]])]


def _breaks(facts: Facts, corridor: Corridor) -> float:
    """The chain does not simply continue: the goods changed their code or their name, or another stood in.

    It may be a trick, and it may be another trade: that these are the same goods is less sure. Each break
    counts.
    """
    cost = penalties(facts.dossier.policy)
    return -sum(
        _likely(facts, corridor, hop).penalty if part == "possibly-same" else cost[part]
        for hop, part in _parts(corridor)
    )


def _breaks_told(facts: Facts, corridor: Corridor) -> Told | None:
    parts = _parts(corridor)
    if not parts:
        return None
    told = [f"before hop {hop + 1} {_words(facts, corridor, hop, part)}" for hop, part in parts]
    both = {e for hop, part in parts for e in corridor.best[hop - (part == "disguise") : hop + 1]}
    return Told("; ".join(told), ids(facts, [e for e in corridor.best if e in both]))


def _words(facts: Facts, corridor: Corridor, hop: int, part: str) -> str:
    if part == "possibly-same":
        likely = _likely(facts, corridor, hop)
        return f"{WORDS[part]} ({one_line(likely.why)}, {likely.score:.2f})"
    if part == "disguise":
        before, after = corridor.best[hop - 1 : hop + 1]
        waited = int(facts.transfers.departed[after]) - int(facts.transfers.arrived[before])
        return f"{WORDS[part]} {counted(max(waited, 0), 'day')} later (HS {hs6(facts, after)})"
    return WORDS[part]


BREAKS = RouteFactor(
    name="breaks in the chain",
    most=1.5,
    source="Operation Gatekeeper (relabelled goods), Azu (related companies): published cases",
    points=_breaks,
    tell=_breaks_told,
    lacks=lambda facts, corridor: "",
)


def _since(facts: Facts, transfer: int) -> int:
    """From when on the end has been restricted without a gap, on the day of the last transfer."""
    met = facts.ends
    begun = met.table["begun"].to_numpy(np.int64)
    days = [int(begun[row]) for row in (met.receiver[transfer], met.user[transfer]) if row >= 0]
    if met.embargo[transfer] >= 0:
        days.append(number(facts.dossier.policy.embargoes[met.embargo[transfer]].from_day, -NEVER))
    return min(days, default=-NEVER)


def _before(facts: Facts, corridor: Corridor) -> float:
    """The goods were bought before the end user was restricted: the first buyer could not have known.

    What is compared is the first shipment with the first day of the restriction that holds for the last.
    """
    best = corridor.best
    if len(best) < 2:
        return 0.0
    return -1.0 if int(facts.transfers.departed[best[0]]) < _since(facts, best[-1]) else 0.0


def _before_told(facts: Facts, corridor: Corridor) -> Told | None:
    first, last = corridor.best[0], corridor.best[-1]
    since = _since(facts, last)
    if int(facts.transfers.departed[first]) >= since:
        return None
    end = int(facts.transfers.dst[last])
    text = (
        f"The first shipment left on {on(facts, first)}, before the restriction at the end began "
        f"on {day(since)}; the last left on {on(facts, last)}"
    )
    return Told(text, (party_id(facts, end), *ids(facts, [first, last])))


BEFORE = RouteFactor(
    name="bought before the restriction",
    most=1.0,
    source="EAR §764.2(e): acting with knowledge of a violation; the law of the day applies",
    points=_before,
    tell=_before_told,
    lacks=lambda facts, corridor: "",
)


def _unsure(facts: Facts, corridor: Corridor) -> float:
    """Days of the route are estimated or known only to a span, so that the order in time is less sure."""
    return -0.6 * len(_vague(facts, corridor)) / max(len(corridor.best), 1)


def _vague(facts: Facts, corridor: Corridor) -> list[int]:
    t = facts.transfers
    return [
        e
        for e in corridor.best
        if t.estimated[e] or t.departed[e] != t.departed_first[e] or t.arrived[e] != t.arrived_last[e]
    ]


def _unsure_told(facts: Facts, corridor: Corridor) -> Told | None:
    vague = _vague(facts, corridor)
    if not vague:
        return None
    route = counted(len(corridor.best), "shipment")
    have = "has" if len(vague) == 1 else "have"
    text = f"Of {route} of the best route {len(vague)} {have} a day that is estimated or a span"
    return Told(text, ids(facts, vague))


UNSURE = RouteFactor(
    name="days not certain",
    most=0.6,
    source="C4ADS: dwell and dark voyages are told only from dated records",
    points=_unsure,
    tell=_unsure_told,
    lacks=lambda facts, corridor: "",
)


def _more_out(facts: Facts, corridor: Corridor) -> float:
    """More of the goods went on than had come in by this corridor: at least part of them came from elsewhere.

    Nothing up to one and a half times, all from four times on, at the hop where the gap is widest.
    """
    ratios = _ratios(facts, corridor)
    if not ratios:
        return float("nan") if len(corridor.hops) > 1 else 0.0
    return -float(np.interp(np.log(max(ratios)[0]), np.log([1.5, 4.0]), [0.0, 0.7]))


def _ratios(facts: Facts, corridor: Corridor) -> list[tuple[float, int]]:
    """Amount out over amount in for each continuation where both are stated in one unit, and its hop."""
    found = []
    for hop, (into, out) in enumerate(zip(corridor.hops, corridor.hops[1:], strict=False), start=1):
        came, went = _amounts(facts, into, out)
        if came > 0 and went > 0:
            found.append((went / came, hop))
    return found


def _amounts(facts: Facts, into: np.ndarray, out: np.ndarray) -> tuple[float, float]:
    t, unit = facts.transfers, facts.declared.unit
    if len(set(unit[into].tolist()) | set(unit[out].tolist())) == 1:
        came, went = float(t.quantity[into].sum()), float(t.quantity[out].sum())
        if came == came and went == went:  # noqa: PLR0124 - neither is NaN
            return came, went
    return float(t.weight_kg[into].sum()), float(t.weight_kg[out].sum())


def _more_out_told(facts: Facts, corridor: Corridor) -> Told | None:
    ratio, hop = max(_ratios(facts, corridor))
    sender = int(facts.transfers.src[corridor.best[hop]])
    goods = f"HS {hs6(facts, corridor.best[hop])}"
    text = f"By this corridor {ratio:.1f} times as much {goods} left {name(facts, sender)} as had come in"
    return Told(text, ids(facts, [*corridor.hops[hop - 1].tolist(), *corridor.hops[hop].tolist()]))


MORE_OUT = RouteFactor(
    name="more out than in",
    most=0.7,
    source="material balance: goods that did not come in cannot go on",
    points=_more_out,
    tell=_more_out_told,
    lacks=lambda facts, corridor: "amounts of the hops are not stated in one unit",
)

FACTORS = (BREAKS, BEFORE, UNSURE, MORE_OUT)

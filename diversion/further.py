"""What goes on beyond the relations: goods in disguise, and parties that are possibly the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from diversion.routes.arcs import Further
from diversion.routes.disguise import Disguise, disguises
from diversion.routes.transfers import Flags, Ints

if TYPE_CHECKING:
    from diversion.dossier import Dossier
    from diversion.options import Options
    from diversion.policy.policy import Policy


@dataclass(frozen=True)
class Likely:
    """How sure it is that two parties are one, why, and what it costs a route that rests on it."""

    score: float
    why: str
    penalty: float


def further(dossier: Dossier, options: Options) -> Further | None:
    """The continuations that relation `all` adds to ranges; None where there are none.

    n log n in the transfers, and at most the policy's `disguise_alike` pairs of each.
    """
    if options.relations != "all":
        return None
    rule = disguise(dossier.policy, options)
    into, onto = disguises(dossier.transfers, _units(dossier), rule)
    same = possibly_same(dossier)
    pairs = np.array(list(same), np.int32).reshape(-1, 2)
    less = np.array([likely.penalty for likely in same.values()])
    made = Further(into, onto, rule.wait, pairs[:, 0], pairs[:, 1], less)
    return made if len(made) else None


def disguise(policy: Policy, options: Options) -> Disguise:
    """When goods under another heading may be those that came in, by the policy."""
    number = policy.thresholds
    return Disguise(
        band=number["disguise_band"],
        wait=(options.dwell_min, min(options.dwell, int(number["disguise_days"]))),
        most=int(number["disguise_onward"]),
        alike=int(number["disguise_alike"]),
    )


def possibly_same(dossier: Dossier) -> Mapping[tuple[int, int], Likely]:
    """Who (second) may stand in for whom (first) because both may be one party, as they index the transfers.

    Of each party the likeliest few, by the policy's `possibly_same_parties`; what it costs grows as it
    becomes less likely.
    """
    table: pd.DataFrame | None = getattr(dossier, "possibly_same", None)
    if table is None or not len(table):
        return {}
    number = dossier.policy.thresholds
    least, unsure = number["penalty_possibly_same"], number["penalty_possibly_same_unsure"]
    back = table.rename(columns={"party": "other", "other": "party"})
    both = pd.concat([table, back])[["party", "other", "score", "why"]].dropna(subset=["score"])
    both = both.sort_values(["party", "score", "other", "why"], ascending=[True, False, True, True])
    both = both.drop_duplicates(["party", "other"])
    ids = pd.Index(dossier.transfers.party_ids, dtype=object)
    one, other = (ids.get_indexer(pd.Index(both[name], dtype=object)) for name in ("party", "other"))
    both = both.assign(one=one, two=other)[(one >= 0) & (other >= 0) & (one != other)]
    few = both.groupby("one", sort=False).head(int(number["possibly_same_parties"]))
    return {
        (int(row.one), int(row.two)): Likely(
            float(row.score), str(row.why), round(least + unsure * (1 - min(float(row.score), 1.0)), 2)
        )
        for row in few.itertuples()
    }


def in_disguise(goods: Flags, hs6: Any, items: Ints, more: Further | None) -> Flags:
    """Goods (places in `hs6`) that a route can hold which begins with `goods`: their headings may change.

    `items` are the goods of the transfers. Follows the disguises from heading to heading.
    """
    if more is None or not len(more.into):
        return goods
    heads = np.array([str(code)[:4] for code in hs6], dtype=object)
    heading = np.unique(heads, return_inverse=True)[1]
    pairs = np.unique(np.stack([heading[items[more.into]], heading[items[more.onto]]]), axis=1)
    known = np.zeros(int(heading.max(initial=0)) + 1, bool)
    known[heading[goods]] = True
    while not known[pairs[1][known[pairs[0]]]].all():
        known[pairs[1][known[pairs[0]]]] = True
    return np.asarray(known[heading])


def concerning(more: Further | None, goods: Flags, items: Ints) -> Further | None:
    """Without the disguises of goods that no route can hold."""
    if more is None:
        return None
    held = goods[items[more.into]]
    return replace(more, into=more.into[held], onto=more.onto[held])


def _units(dossier: Dossier) -> Ints:
    """The unit of each transfer by number, −1 where none is stated."""
    rows = pa.array(dossier.transfers.shipment)
    codes, _ = pd.factorize(dossier.shipments["unit"].take(rows).to_pandas())
    return np.asarray(codes, np.int32)

"""Who and what the routes pass: parties, addresses, countries and goods, by all walks that were counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from diversion.errors import UsageError
from diversion.groupings import FOREVER, By, Groups, Longs, grouped
from diversion.options import Options
from diversion.routes.field import Field
from diversion.routes.passing import avoiding, best_through, not_between
from diversion.routes.transfers import Flags, Floats, Transfers

if TYPE_CHECKING:
    from diversion.dossier import Dossier
    from diversion.pipeline import Analysis
    from diversion.routes.census import Census

EXACT = 20
"""Groups whose betweenness is told where nobody says how many."""


@dataclass(frozen=True)
class Walked:
    """All walks of a question: what was counted, and the best score of a walk through each transfer (0–100).

    The score is the bound of the search: no walk through the transfer scores more.
    """

    dossier: Dossier
    field: Field
    counted: Census
    best: Floats

    @property
    def total(self) -> int:
        """All walks."""
        return sum(walks.count for walks in self.counted.walks)


def central(analysis: Analysis, by: By = "party", exact: int = EXACT) -> pd.DataFrame:
    """How much of what goes to restricted parties passes each party, address, country or kind of goods.

    One row a group that some walk passes, most visited first: `visits` by the through-counts (walks into it;
    one that comes twice counts twice) and `share` of all walks, `weighted` (each visit by the best score of a
    walk through its shipment), `best_score` (a bound: no walk scores more), `begun` (walks that begin with
    it), `shipments` on such walks that it sent or received and their `value_usd`, `bound_share` (of the value
    of all that it sent or received), `of_all` (of all value on such walks), `first_day`, `last_day`. The
    first `exact` rows have `walks` that pass it at all and `betweenness`, their share; `between` leaves out
    those that only begin or end with it. Parties have those of `measures` beside these: `senders`,
    `receivers`, `pagerank`, `core`, `articulation` and, as `shortest_paths`, the betweenness of the flagged
    subgraph.

    Two sweeps over the transfers that stand on walks for each of the `exact` rows; everything else is linear.
    """
    walked = walk(analysis.dossier, Options.of_json(analysis.summary["manifest"]["options"]))
    frame = passing(walked, by, exact)
    if by != "party":
        return frame
    from diversion.centrality import measures

    told = measures(analysis.findings).rename(columns={"betweenness": "shortest_paths"})
    names = ["party_id", "senders", "receivers", "pagerank", "core", "articulation", "shortest_paths"]
    return frame.merge(told[names], on="party_id", how="left")


def walk(dossier: Dossier, options: Options) -> Walked:
    """Count the walks of a case again, and score the best through each transfer."""
    from diversion.question import ask
    from diversion.routes.census import census_of
    from diversion.routes.field import ask as keep
    from diversion.scoring.facts import gather
    from diversion.scoring.scorecard import weights

    field = keep(*ask(dossier, options))
    odds = best_through(field, weights(gather(dossier)))
    return Walked(dossier, field, census_of(field), 100 / (1 + np.exp(-odds)))


def passing(walked: Walked, by: By, exact: int = EXACT) -> pd.DataFrame:
    """The table of `central` without the measures of the flagged subgraph."""
    if exact < 0:
        raise UsageError(f"betweenness of {exact} rows cannot be told", where="--exact")
    groups = grouped(walked.dossier, by)
    frame = _measured(walked, groups)
    keys = [name for name in groups.rows.columns if name in ("party_id", "address_id", "country", "hs6")]
    order = frame.sort_values(["visits", "begun", keys[0]], ascending=[False, False, True])
    told = _exact(walked, groups, order.index[:exact].tolist())
    return order.join(told).reset_index(drop=True)


def _measured(walked: Walked, groups: Groups) -> pd.DataFrame:
    counted, size = walked.counted, len(groups.rows)
    score = np.where(np.isfinite(walked.best), walked.best, 0.0)
    into, out = groups.into, groups.out
    began = out if len(out[0]) else into
    visits, weighted = (
        _sum(into, counted.through * weight, size) + _sum(out, counted.entered * weight, size)
        for weight in (np.ones(len(score)), score / 100)
    )
    best = np.zeros(size)
    for which, group in (into, out):
        walked_on = counted.through[which] > 0
        np.maximum.at(best, group[walked_on], score[which[walked_on]])
    total = float(walked.total)
    frame = groups.rows.assign(
        visits=visits,
        share=visits / total if total else 0.0,
        weighted=weighted,
        best_score=best,
        begun=_sum(began, counted.started, size),
        **_carried(walked, groups),
    )
    return frame[(frame["visits"] > 0) | (frame["begun"] > 0)]


def _sum(ends: tuple[Longs, Longs], values: Floats, size: int) -> Floats:
    which, group = ends
    return np.asarray(np.bincount(group, values[which], size), np.float64)


def _carried(walked: Walked, groups: Groups) -> dict[str, Any]:
    """Shipments on walks, what they are worth, of how much, and from when to when."""
    transfers, size = walked.dossier.transfers, len(groups.rows)
    pairs = np.unique(np.concatenate([np.stack(groups.into, 1), np.stack(groups.out, 1)]), axis=0)
    which, group = pairs[:, 0], pairs[:, 1]
    on, value = walked.counted.through > 0, np.nan_to_num(transfers.value_usd)
    bound = _sum((which, group), np.where(on, value, 0.0), size)
    every = _sum((which, group), value, size)
    all_bound = float(value[on].sum())
    first, last = _days(transfers, groups, on)
    return {
        "shipments": np.bincount(group[on[which]], minlength=size),
        "value_usd": bound,
        "bound_share": np.divide(bound, every, out=np.full(size, np.nan), where=every > 0),
        "of_all": bound / all_bound if all_bound else np.zeros(size),
        "first_day": first,
        "last_day": last,
    }


def _days(transfers: Transfers, groups: Groups, on: Flags) -> tuple[list[date | None], list[date | None]]:
    """First and last day on walks: the departure of what it sent, the arrival of what came."""
    size = len(groups.rows)
    first, last = np.full(size, FOREVER), np.full(size, -FOREVER)
    goods = not len(groups.out[0])
    ends = [(groups.into, transfers.arrived), (groups.into if goods else groups.out, transfers.departed)]
    for (which, group), day in ends:
        walked_on = on[which]
        np.minimum.at(first, group[walked_on], day[which[walked_on]])
        np.maximum.at(last, group[walked_on], day[which[walked_on]])
    return _dates(first), _dates(last)


def _dates(days: Longs) -> list[date | None]:
    from diversion.explain.words import as_date

    return [None if abs(int(day)) == FOREVER else as_date(int(day)) for day in days]


def _exact(walked: Walked, groups: Groups, chosen: list[int]) -> pd.DataFrame:
    """Walks that pass each chosen group, by counting those that do not."""
    field, total = walked.field, walked.total
    rows, size = field.projection.rows, len(walked.dossier.transfers)
    found = []
    for group in chosen:
        into, out = (_flags(ends, group, size)[rows] for ends in (groups.into, groups.out))
        left = sum(walks.count for walks in avoiding(field, into | out))
        inside = None
        if len(groups.out[0]):
            inside = total - sum(walks.count for walks in not_between(field, into, out))
        found.append((total - left, (total - left) / total, None if inside is None else inside / total))
    return pd.DataFrame(found, index=chosen, columns=["walks", "betweenness", "between"])


def _flags(ends: tuple[Longs, Longs], group: int, size: int) -> Flags:
    flags = np.zeros(size, bool)
    flags[ends[0][ends[1] == group]] = True
    return flags

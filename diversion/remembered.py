"""What the last analysis left in the store and still holds: whom the lists were matched to."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd

import diversion
from diversion.options import Options
from diversion.policy.policy import Policy
from diversion.store.base import Store


def matched(store: Store, options: Options, policy: Policy) -> pd.DataFrame | None:
    """`match_listings` as the last run kept it; None where anything could have changed since.

    It holds where that run is the last thing written to the store, of the same version, policy and
    thresholds, and was known by the same day. A watchlist of the policy is in no store, so that with one
    nothing is remembered.
    """
    runs = store.read("Run", ["id", "finished_at", "summary"]).to_pylist()
    if not runs or policy.watchlist:
        return None
    last = max(runs, key=lambda row: (row["finished_at"], row["id"]))
    made = json.loads(last["summary"])["manifest"]
    then = (made["version"], made["policy"], made["options"]["known_at"])
    known = options.known_at.isoformat() if options.known_at else None
    if then != (diversion.__version__, policy.digest, known):
        return None
    if policy.on(date.fromisoformat(made["as_of"])).thresholds != policy.thresholds:
        return None
    if store.batches()[-1] != f"{last['id']} {last['finished_at']}":
        return None
    frame: pd.DataFrame = store.read("LISTED_AS", ["party", "listing", "score", "why"]).to_pandas()
    types = {"party": object, "listing": object, "score": float, "why": object}
    return pd.DataFrame({name: frame[name].astype(kind) for name, kind in types.items()})

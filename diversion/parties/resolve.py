"""Who is who: which records name the same party."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Directory:
    """Resolved parties.

    `canonical` maps every Party id to the id of the party it is read as (itself, where it stands alone).
    `parties` has one row a resolved party, indexed by that id: name, country, kind, incorporated_on
    (date or None), identifier, stated. `same` (party, other, score, why) tells why records were joined
    (score ≥ the policy's `same_party`) or may be the same.
    """

    canonical: pd.Series
    parties: pd.DataFrame
    same: pd.DataFrame

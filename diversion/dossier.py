"""Everything one analysis knows, handed from station to station of the spine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from diversion.parties.resolve import Directory
    from diversion.parties.restricted import Restrictions
    from diversion.policy.policy import Policy
    from diversion.routes.transfers import Transfers


@dataclass(frozen=True)
class People:
    """Who is who, and who is restricted, why and when.

    `directory` says which records are one party; `holdings` (owner, owned, share_min, share_max, kind, from,
    until, source, row) and `located` (party, address, text, country, from, until) hold resolved party ids;
    `listings` is the Listing table and `listed_as` (party, listing, score, why) what it was matched to.
    """

    as_of: date
    known_at: date | None
    policy: Policy
    directory: Directory
    holdings: pd.DataFrame
    located: pd.DataFrame
    listings: pd.DataFrame
    listed_as: pd.DataFrame
    restrictions: Restrictions

    @property
    def possibly_same(self) -> pd.DataFrame:
        """Pairs of resolved parties that may be one: party, other, score, why; see `Directory`."""
        return self.directory.possibly_same


@dataclass(frozen=True)
class Dossier(People):
    """The people of a case and what moved between them.

    `shipments` is `Store.shipments()`, of which `transfers` are the columns that a search reads; `files` maps
    the id of a Source to the name of its file and its sheet.
    """

    shipments: pa.Table
    transfers: Transfers
    files: dict[str, tuple[str, str | None]]

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
class Dossier:
    """The facts of a case on the day looked at.

    `directory` says who is who; `holdings` (owner, owned, share_min, share_max, kind, from, until,
    source, row) and `located` (party, address, text, country, from, until) hold resolved party ids;
    `listings` is the Listing table; `restrictions` says who is restricted, why and when; `shipments` is
    `Store.shipments()`, of which `transfers` are the columns a search reads; `files` maps the id of a
    Source to the name of its file and its sheet.
    """

    as_of: date
    known_at: date | None
    policy: Policy
    directory: Directory
    holdings: pd.DataFrame
    located: pd.DataFrame
    listings: pd.DataFrame
    restrictions: Restrictions
    shipments: pa.Table
    transfers: Transfers
    files: dict[str, tuple[str, str | None]]

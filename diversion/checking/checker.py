"""Shipments and payments checked before they are made: `Checker` holds the records open for many of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.assemble import assemble
from diversion.checking.arrivals import Register
from diversion.checking.desk import Checked, Desk
from diversion.checking.filed import Filed, read
from diversion.checking.instruments import instruments
from diversion.checking.records import Records
from diversion.checking.shipments import shipments
from diversion.checking.stated import stated
from diversion.checking.verdict import Rules
from diversion.errors import NotFound
from diversion.horizon import listings_known, parties_known
from diversion.ingest.options import IngestOptions
from diversion.ingest.report import FileReport
from diversion.options import Options
from diversion.parties.decisions import in_force
from diversion.parties.screen import Screener
from diversion.parties.watchlist import with_watchlist
from diversion.parties.whitelist import Whitelist
from diversion.policy.policy import Policy
from diversion.question import ask
from diversion.routes.incremental import Watch
from diversion.routes.keeping import Shelf
from diversion.store.base import Store

ABOUT = ("name", "country", "kind", "identifier")
"""What is asked of a party on record when its name is screened."""


@dataclass(frozen=True)
class Checking:
    """How shipments are checked.

    `options` limit the search (`as_of`, `known_at`, `hops`, `dwell`, `dwell_min`, `relations`); `cutoff` is
    the least confidence of a hit, None for the policy's; `top` the most routes told of a shipment, 0 for all;
    hits that `whitelist` passes do not count.
    """

    options: Options = field(default_factory=Options)
    cutoff: float | None = None
    top: int = 20
    whitelist: Whitelist | None = None


class Checker:
    """The lists and records of a store, ready to be asked about what is not yet made.

    Making one costs what an analysis costs before its search, and half of that where the last thing written
    to the store is an analysis under the same policy; nothing is written to the store. Then one shipment
    takes some 10 to 20 ms of the processor where it completes no route, 0.1 s and more where it does; see
    `benchmarks/check.py`. What is read into the store later is not seen: make another.

    Raises `NotFound` where no list is at hand, neither in the store nor as a watchlist of the policy: every
    name would pass.
    """

    def __init__(
        self, store: Store, policy: Policy, checking: Checking | None = None, shelf: Shelf | None = None
    ) -> None:
        self.store, self.policy, self.how = store, policy, checking or Checking()
        options = self.how.options
        listings = listings_known(with_watchlist(store.read("Listing"), policy), options.known_at)
        if not len(listings):
            raise _no_list(store, options.known_at)
        dossier = assemble(store, options, policy)
        projection, question = ask(dossier, options, shelf, beyond=False)
        self.watch, self.records = Watch(projection, question), Records(dossier)
        self.screener, self.rules = (
            Screener(listings, policy),
            Rules(dossier.listings, policy, dossier.restrictions.destinations),
        )
        parties = parties_known(store.read("Party"), options.known_at)
        self.register = Register(dossier, parties, in_force(store.read("Decision"), options.known_at))

    @cached_property
    def searched(self) -> dict[str, Any]:
        """The lists and records at hand, and the limits of the search."""
        dossier, options, policy = self.records.dossier, self.how.options, self.policy
        return {
            "lists": self.screener.searched,
            "records": {
                "transfers": len(dossier.transfers),
                "until": dossier.as_of.isoformat(),
                "known_at": options.known_at.isoformat() if options.known_at else None,
            },
            "policy": {"name": policy.name, "version": policy.version, "digest": policy.digest},
            "limits": {
                "hops": options.hops,
                "dwell": options.dwell,
                "dwell_min": options.dwell_min,
                "relations": options.relations,
            },
        }

    @cached_property
    def _about(self) -> dict[str, npt.NDArray[np.object_]]:
        parties = self.records.dossier.directory.parties
        return {str(name): parties[name].to_numpy(dtype=object) for name in ABOUT}

    def about(self, party: str) -> dict[str, Any]:
        """What is known of a party on record; empty for one that is not."""
        index = self.records.dossier.directory.parties.index
        place = int(index.get_indexer(pd.Index([party], dtype=object))[0])
        return {} if place < 0 else {name: column[place] for name, column in self._about.items()}

    @property
    def day(self) -> date:
        """The day of what states none."""
        return self.how.options.as_of or date.today()

    @property
    def ahead(self) -> int:
        """How many days ahead a plan may lie."""
        return int(self.policy.thresholds["check_planned_days"])

    def files(
        self, path: Path, reading: IngestOptions | None = None
    ) -> Iterator[tuple[FileReport, list[Checked]]]:
        """What became of the rows of each file that `path` means, and what is found of each shipment."""
        for filed in read(path, self.store, reading or IngestOptions(), self.day, self.ahead):
            yield filed.report, [] if filed.report.refused else self.filed(filed)

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> tuple[FileReport, list[Checked]]:
        """The same of rows under canonical names, which need no file: see `stated`."""
        filed = stated(rows, self.policy.rates, self.day, self.ahead)
        return filed.report, self.filed(filed)

    def filed(self, filed: Filed) -> list[Checked]:
        """What is found of each shipment, then of each payment, of a file, in its order.

        A shipment is judged beside the records and the rows before it in the file, so that a route made by
        several of them is told with the last.
        """
        desk = Desk(self, filed, self.register.arrived(filed.parties, filed.places, self.screener))
        return [*shipments(desk), *instruments(desk)]


def _no_list(store: Store, known_at: date | None) -> NotFound:
    when = f" by {known_at}" if known_at else ""
    return NotFound(
        f"no list of restricted parties was read{when}: every name would pass",
        where=store.location,
        hint="`diversion ingest` one, or give the policy a watchlist",
    )

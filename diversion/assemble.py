"""From a store to a dossier: who is who, who is restricted, and what moved."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from diversion.dossier import Dossier, People
from diversion.horizon import listings_known, parties_known, shipments_known, spans_known
from diversion.linking.mirrors import counted
from diversion.options import Options
from diversion.parties.decisions import in_force
from diversion.parties.resolve import Directory, resolve
from diversion.parties.restricted import restrict
from diversion.parties.screen import match_listings
from diversion.parties.shares import with_control
from diversion.parties.told import chains
from diversion.parties.watchlist import with_watchlist
from diversion.policy.policy import Policy
from diversion.remembered import matched
from diversion.routes.transfers import project
from diversion.store.base import Store


def assemble(store: Store, options: Options, policy: Policy) -> Dossier:
    """All that is known before any route is looked for, as of one day and, if asked, known by one day.

    Whom the lists were matched to is taken from the last run where that still holds.
    """
    shipments = shipments_of(store, options, policy)
    as_of = options.as_of or last_day(shipments)
    policy = policy.on(as_of)
    people = people_of(store, options, policy, as_of, matched(store, options, policy))
    sources = store.read("Source", ["id", "file", "sheet"]).to_pylist()
    return Dossier(
        **vars(people),
        shipments=shipments,
        transfers=project(shipments, people.directory.canonical, policy, people.as_of),
        files={row["id"]: (row["file"], row["sheet"]) for row in sources},
    )


def shipments_of(store: Store, options: Options, policy: Policy) -> pa.Table:
    """The shipments that an analysis looks at: those known by its day, each once."""
    known = shipments_known(store.shipments(), options.known_at, _lag(policy))
    return counted(known, store.read("MIRRORS"))


def people_of(
    store: Store, options: Options, policy: Policy, as_of: date, listed_as: pd.DataFrame | None = None
) -> People:
    """Who is who and who is restricted; no shipment is read. `listed_as` is what matching found, if known."""
    policy = policy.on(as_of)
    places = _places(store, options, policy)
    directory = resolved(store, options, policy, places)
    holdings = _holdings(store, options, policy, directory.canonical)
    located = _read_as(places, directory.canonical)
    listings = listings_known(with_watchlist(store.read("Listing"), policy), options.known_at)
    if listed_as is None:
        listed_as = match_listings(directory, listings, located, policy)
    frame = listings.to_pandas(date_as_object=True)
    return People(
        as_of=as_of,
        known_at=options.known_at,
        policy=policy,
        directory=directory,
        holdings=holdings,
        located=located,
        listings=frame,
        listed_as=listed_as,
        restrictions=restrict(directory, holdings, located, frame, listed_as, policy),
    )


def resolved(
    store: Store,
    options: Options,
    policy: Policy,
    places: pd.DataFrame | None = None,
    *,
    thorough: bool = False,
) -> Directory:
    """Who is who in the store, with what people decided; see `resolve`."""
    parties = parties_known(store.read("Party"), options.known_at)
    decided = in_force(store.read("Decision"), options.known_at)
    places = _places(store, options, policy) if places is None else places
    return resolve(parties, policy, places, decided, thorough=thorough)


def last_day(shipments: pa.Table) -> date:
    """The last day that any shipment names, today where there is none."""
    days = [pc.max(shipments[name]).as_py() for name in ("departed_latest", "arrived_latest")]
    known = [day for day in days if day is not None]
    return max(known) if known else datetime.now(UTC).date()


def _lag(policy: Policy) -> int:
    return int(policy.thresholds["reporting_lag_days"])


def _holdings(store: Store, options: Options, policy: Policy, canonical: pd.Series) -> pd.DataFrame:
    owns, controls = (
        spans_known(store.read(name), options.known_at, _lag(policy)).to_pandas(date_as_object=True)
        for name in ("OWNS", "CONTROLS")
    )
    frame = chains(with_control(owns, controls))
    frame["owner"] = frame["owner"].map(canonical)
    frame["owned"] = frame["owned"].map(canonical)
    return frame


def _places(store: Store, options: Options, policy: Policy) -> pd.DataFrame:
    """Where each record is: party, address, text, country, from, until."""
    places = spans_known(store.read("LOCATED_AT"), options.known_at, _lag(policy))
    places = places.select(["party", "address", "from", "until"])
    names = ["address", "text", "country"]
    addresses = store.read("Address", ["id", "text", "country"]).rename_columns(names)
    frame: pd.DataFrame = places.join(addresses, "address").to_pandas(date_as_object=True)
    return frame


def _read_as(places: pd.DataFrame, canonical: pd.Series) -> pd.DataFrame:
    located = places.assign(party=places["party"].map(canonical))
    return located.sort_values(["party", "address"], ignore_index=True)

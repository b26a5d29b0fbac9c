"""From what an analyst asks to what the engine searches: origins, ends and who may not pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.dossier import Dossier
from diversion.options import Options
from diversion.parties.groups import Bonds, address_bonds, address_groups, owner_bonds, owner_groups
from diversion.routes.links import Link, Shared, Spans
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.routes.transfers import Transfers
from diversion.selection import select

Flags = npt.NDArray[np.bool_]


def ask(dossier: Dossier, options: Options) -> tuple[Projection, Question]:
    """The transfers sorted for search, and which of them may begin and end a route.

    The day of a transfer, whose law applies, is its departure. A transfer ends a route where its receiver, or
    the declared end user, is restricted on that day; one whose sender is restricted begins none.
    """
    transfers, policy = dossier.transfers, dossier.policy
    terminal, barred = _ends(dossier, options)
    sought = np.isin(transfers.hs6.astype(str), sorted(policy.sought))
    origin = sought[transfers.item] & ~barred
    if options.origins:
        named = select(options.origins, dossier.directory, policy, "--from")
        origin &= _among(named, transfers.party_ids)[transfers.src]
    question = Question(terminal=terminal, origin=origin, barred=barred, hops=options.hops)
    return Projection.build(transfers, replace(_grouping(dossier, options), goods=sought)), question


def _ends(dossier: Dossier, options: Options) -> tuple[Flags, Flags]:
    transfers = dossier.transfers
    declared = transfers.end_user >= 0
    user = np.where(declared, transfers.end_user, transfers.dst)
    if options.ends:
        named = select(options.ends, dossier.directory, dossier.policy, "--to")
        target = _among(named, transfers.party_ids)
        return target[transfers.dst] | target[user], target[transfers.src]
    on, days = dossier.restrictions.on, transfers.departed
    terminal = on(transfers.party_ids, transfers.dst, days)
    terminal |= on(transfers.party_ids, user, days)
    barred = on(transfers.party_ids, transfers.src, days)
    if options.targets == "undetermined":
        terminal |= on(transfers.party_ids, transfers.dst, days, "undetermined")
        terminal |= on(transfers.party_ids, user, days, "undetermined")
        barred |= on(transfers.party_ids, transfers.src, days, "undetermined")
    return terminal, barred


def _among(ids: frozenset[str], party_ids: npt.NDArray[np.object_]) -> Flags:
    found: Flags = pd.Series(party_ids, dtype=object).isin(list(ids)).to_numpy(dtype=bool)
    return found


def _grouping(dossier: Dossier, options: Options) -> ProjectionOptions:
    if options.relations not in ("jump", "all"):
        return ProjectionOptions(options.relations, None, None, options.dwell_min, options.dwell)
    policy, ids = dossier.policy, dossier.transfers.party_ids
    owners = owner_groups(dossier.holdings, policy)
    addresses, mass = address_groups(dossier.located, policy)
    bonds: dict[Link, Bonds] = {
        "owner": owner_bonds(dossier.holdings, owners, policy),
        "address": address_bonds(dossier.located, addresses, mass),
    }
    return ProjectionOptions(
        relations=options.relations,
        owner_group=_labels(owners, ids),
        address_group=_labels(addresses, ids),
        dwell_min=options.dwell_min,
        dwell_max=options.dwell,
        shared=_shared(bonds, ids),
        loose=_loose(bonds.values(), dossier.transfers),
    )


def _shared(bonds: dict[Link, Bonds], ids: npt.NDArray[np.object_]) -> Shared:
    def shared(one: int, other: int, link: Link) -> Spans:
        return bonds[link].shared(str(ids[one]), str(ids[other]))

    return shared


def _loose(bonds: Iterable[Bonds], transfers: Transfers) -> Flags:
    """Parties of a group whose members did not all share one owner, or address, on all days of the data."""
    found = np.zeros(len(transfers.party_ids), bool)
    if not len(transfers):
        return found
    first = int(min(transfers.departed_first.min(), transfers.arrived.min()))
    last = int(max(transfers.departed.max(), transfers.arrived_last.max()))
    for bond in bonds:
        grouped = frozenset(bond.groups.index) - bond.whole(first, last)
        found |= _among(grouped, transfers.party_ids)
    return found


def _labels(groups: pd.Series, party_ids: npt.NDArray[np.object_]) -> npt.NDArray[np.int32]:
    """A number a party; one that is in no group is a group of its own."""
    label = pd.Series(party_ids, dtype=object).map(groups.map("group:{}".format))
    alone = pd.Series([f"alone:{index}" for index in range(len(party_ids))], dtype=object)
    codes, _ = pd.factorize(label.where(label.notna(), alone))
    return codes.astype(np.int32)

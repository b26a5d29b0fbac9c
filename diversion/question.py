"""From what an analyst asks to what the engine searches: origins, ends and who may not pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from diversion.contradictions import refuse
from diversion.dossier import Dossier
from diversion.further import concerning, further, in_disguise
from diversion.options import Options
from diversion.parties.groups import Bonds, address_bonds, address_groups, owner_bonds, owner_groups
from diversion.parties.restricted import Cargo
from diversion.routes.keeping import Shelf
from diversion.routes.links import Link, Shared, Spans
from diversion.routes.ranges import Projection, ProjectionOptions, Question
from diversion.routes.transfers import Ints, Transfers
from diversion.selection import select

Flags = npt.NDArray[np.bool_]


def ask(
    dossier: Dossier, options: Options, shelf: Shelf | None = None, *, beyond: bool = True
) -> tuple[Projection, Question]:
    """The transfers sorted for search, and which of them may begin and end a route; see `asked`.

    What the shelf keeps of an earlier question is not sorted again.
    """
    grouping, question = asked(dossier, options, beyond=beyond)
    return Projection.build(dossier.transfers, grouping, shelf), question


def asked(dossier: Dossier, options: Options, *, beyond: bool = True) -> tuple[ProjectionOptions, Question]:
    """What may follow what, and which transfers may begin and end a route.

    The day of a transfer, whose law applies, is its departure. A transfer ends a route where its receiver, or
    the declared end user unless it is to be avoided, is restricted on that day; one whose sender is
    restricted begins none. A destination restricts the goods of its embargo alone, and the record of a
    delivery says where they went (`Cargo`). Wherever goods may end, nobody ends them: every transfer is an
    end and all may go on. Not `beyond`, nothing beyond the relations is followed: no goods in disguise, no
    parties possibly the same.
    """
    transfers, delivered = dossier.transfers, _delivered(dossier)
    more = further(dossier, options) if beyond else None
    goods = in_disguise(_sought(dossier), transfers.hs6, transfers.item, more)
    more = concerning(more, goods, transfers.item)
    if more is not None and len(more.into):
        # What they carry may be what is sought, under another heading: the law of that decides.
        more = replace(more, ends=_ends(dossier, options, delivered, disguised=True)[0])
    question = replace(plainly(dossier, options, delivered), further=more)
    return replace(_grouping(dossier, options), goods=goods), question


def plainly(dossier: Dossier, options: Options, delivered: npt.NDArray[np.object_] | None = None) -> Question:
    """Which of the transfers may begin and end a route, whatever may follow what.

    Raises `UsageError` where the parties named leave no route whatever the records hold.
    """
    transfers = dossier.transfers
    _refuse(dossier, options)
    delivered = _delivered(dossier) if delivered is None else delivered
    terminal, barred = _ends(dossier, options, delivered)
    origin = _sought(dossier)[transfers.item] & ~barred
    if options.origins:
        origin &= _named(dossier, options.origins, "--from")[transfers.src]
    return Question(
        terminal=terminal,
        origin=origin,
        barred=barred,
        hops=options.hops,
        open=options.open,
        through=_named(dossier, options.through, "--through") if options.through else None,
        avoid=_named(dossier, options.avoid, "--avoid") if options.avoid else None,
    )


def _sought(dossier: Dossier) -> Flags:
    """Which goods are looked for."""
    found: Flags = np.isin(dossier.transfers.hs6.astype(str), sorted(dossier.policy.looked_for))
    return found


def _ends(
    dossier: Dossier, options: Options, delivered: npt.NDArray[np.object_], *, disguised: bool = False
) -> tuple[Flags, Flags]:
    """Which transfers end a route, and which of them begin none because of their sender."""
    transfers = dossier.transfers
    declared = transfers.end_user >= 0
    user = np.where(declared, transfers.end_user, transfers.dst)
    avoided = _named(dossier, options.avoid, "--avoid")[user]
    if options.open:
        return np.ones(len(transfers), bool), np.zeros(len(transfers), bool)
    if options.ends:
        target = _named(dossier, options.ends, "--to")
        return target[transfers.dst] | (target[user] & ~avoided), target[transfers.src]
    relabel = options.relations in ("relabel", "all")
    goods = Cargo(transfers.item, transfers.hs6, relabel, disguised=disguised)
    arriving = replace(goods, country=delivered)

    def on(parties: Ints, cargo: Cargo) -> Flags:
        ask = dossier.restrictions.on
        found = ask(transfers.party_ids, parties, transfers.departed, "yes", cargo)
        if options.targets == "undetermined":
            found |= ask(transfers.party_ids, parties, transfers.departed, "undetermined", cargo)
        return found

    terminal = on(transfers.dst, arriving)
    if declared.any():
        terminal |= on(user.astype(np.int32), goods) & declared & ~avoided
    return terminal, on(transfers.src, goods)


def _delivered(dossier: Dossier) -> npt.NDArray[np.object_]:
    """Where the record of each transfer says that the goods went; None where it does not say.

    The record says it of its consignee; nothing is known of another who took the goods in its place.
    """
    transfers = dossier.transfers
    records = dossier.shipments.select(["consignee", "consignee_country"]).unify_dictionaries()
    frame = records.take(pa.array(transfers.shipment)).to_pandas()
    codes, ids = pd.factorize(frame["consignee"].astype(object))
    raw = pd.Series(ids, dtype=object)
    resolved = pd.Index(raw.map(dossier.directory.canonical).fillna(raw), dtype=object)
    party = np.append(pd.Index(transfers.party_ids, dtype=object).get_indexer(resolved), -1)[codes]
    country = frame["consignee_country"].astype(object)
    said = country.notna() & (country != "") & (party == transfers.dst)
    found: npt.NDArray[np.object_] = country.where(said, None).to_numpy(dtype=object)
    return found


def _refuse(dossier: Dossier, options: Options) -> None:
    ends = () if options.open else options.ends
    words = {
        "--from": options.origins,
        "--to": ends,
        "--through": options.through,
        "--avoid": options.avoid,
    }
    refuse(
        {
            flag: select(names, dossier.directory, dossier.policy, flag)
            for flag, names in words.items()
            if names
        }
    )


def _named(dossier: Dossier, names: tuple[str, ...], flag: str) -> Flags:
    """Which parties of the transfers the words of a flag mean."""
    named = select(names, dossier.directory, dossier.policy, flag)
    return _among(named, dossier.transfers.party_ids)


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

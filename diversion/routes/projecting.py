"""From the table of shipments to the columns of a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from diversion.parties.names import name_key
from diversion.policy.policy import Policy
from diversion.routes.transfers import Flags, Floats, Ints, Transfers

ROLES = ("exporter", "consignee", "end_user", "notify_party", "bank", "carrier", "forwarder")
AGENTS = ("bank", "carrier", "forwarder")
NONE = -1
CALENDAR = np.iinfo(np.int32)
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class _Days:
    """First and last possible day of departure and arrival; which rows have none, or an estimated one."""

    departed_first: npt.NDArray[np.int64]
    departed: npt.NDArray[np.int64]
    arrived: npt.NDArray[np.int64]
    arrived_last: npt.NDArray[np.int64]
    unknown: Flags
    estimated: Flags


def transfers_of(shipments: pa.Table, canonical: pd.Series, policy: Policy, as_of: date | None) -> Transfers:
    """See `transfers.project`."""
    codes, party_ids = _parties(shipments, canonical)
    src, dst = codes["exporter"], _receiver(shipments, codes, policy)
    item, hs6 = _goods(shipments, policy)
    days = _days(shipments, policy)
    last = CALENDAR.max if as_of is None else (as_of - EPOCH).days
    keep, left_out = _sift(
        [
            ("no exporter", src == NONE),
            ("no receiver that could pass goods on", dst == NONE),
            ("sent to its sender", src == dst),
            ("no six-digit code", item == NONE),
            ("no day", days.unknown),
            ("left after the last day looked at", days.departed > last),
        ]
    )
    rows = _by_id(shipments, np.flatnonzero(keep))
    end_user = np.where(codes["end_user"] == dst, NONE, codes["end_user"])
    parties = _used(party_ids, [src[rows], dst[rows], end_user[rows]])
    items = _used(hs6, [item[rows]])
    return Transfers(
        src=parties.renumber[src[rows]],
        dst=parties.renumber[dst[rows]],
        end_user=parties.renumber[end_user[rows]],
        item=items.renumber[item[rows]],
        departed=_calendar(days.departed[rows]),
        departed_first=_calendar(days.departed_first[rows]),
        arrived=_calendar(days.arrived[rows]),
        arrived_last=_calendar(days.arrived_last[rows]),
        estimated=days.estimated[rows],
        quantity=_amounts(shipments, "quantity")[rows],
        weight_kg=_amounts(shipments, "weight_kg")[rows],
        value_usd=_amounts(shipments, "value_usd")[rows],
        shipment=rows,
        ids=_ids(shipments, rows),
        party_ids=parties.values,
        hs6=items.values,
        left_out=left_out,
    )


def _sift(reasons: Sequence[tuple[str, Flags]]) -> tuple[Flags, dict[str, int]]:
    """Rows that no reason takes out, and how many each reason does that none before it did."""
    keep = np.ones(len(reasons[0][1]), bool)
    left_out = {}
    for reason, fits in reasons:
        left_out[reason] = int((keep & fits).sum())
        keep &= ~fits
    return keep, left_out


def _encoded(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """Codes of the values of a column (−1 where null), and the values."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], column.type)
    indices = whole.indices.cast(pa.int32()).fill_null(NONE)
    return indices.to_numpy(zero_copy_only=False), whole.dictionary


def _parties(table: pa.Table, canonical: pd.Series) -> tuple[dict[str, Ints], npt.NDArray[np.object_]]:
    """For each role a code a row, and the resolved ids in order that the codes index."""
    found = {role: _encoded(table[role]) for role in ROLES}
    distinct: list[pa.Array] = []
    for _, values in found.values():
        if not any(values.equals(other) for other in distinct):
            distinct.append(values)
    raw = np.concatenate([values.to_numpy(zero_copy_only=False) for values in distinct])
    labels, ids = _ranked(_resolved(raw, canonical))
    begins = np.cumsum([0, *(len(values) for values in distinct)])
    codes = {}
    for role, (indices, values) in found.items():
        begin = begins[next(i for i, other in enumerate(distinct) if values.equals(other))]
        lookup = np.append(labels[begin : begin + len(values)], NONE).astype(np.int32)
        codes[role] = lookup[indices]
    return codes, ids


def _resolved(ids: npt.NDArray[np.object_], canonical: pd.Series) -> npt.NDArray[np.object_]:
    """The id that each is read as; one that nobody resolved stays as it is."""
    place = canonical.index.astype(object).get_indexer(pd.Index(ids, dtype=object))
    resolved = ids.copy()
    resolved[place >= 0] = canonical.to_numpy(dtype=object)[place[place >= 0]]
    return resolved


def _ranked(values: npt.NDArray[np.object_]) -> tuple[Ints, npt.NDArray[np.object_]]:
    """Codes of texts in the order of the texts; nothing and the empty text are −1."""
    named = values.copy()
    named[values == ""] = None
    labels, distinct = pd.factorize(named)
    distinct = np.asarray(distinct, dtype=object)
    order = pc.sort_indices(pa.array(distinct, pa.string())).to_numpy()
    rank = np.empty(len(order) + 1, np.int32)
    rank[order], rank[-1] = np.arange(len(order)), NONE
    return rank[labels], distinct[order]


def _receiver(table: pa.Table, codes: dict[str, Ints], policy: Policy) -> Ints:
    """Who can pass the goods on: consignee, else end user, else notify party; −1 where nobody."""
    indices, names = _encoded(table["consignee_name"])
    keys = pa.array([name_key(name) for name in names.to_pylist()], pa.string())
    fits = pc.match_substring_regex(keys, policy.not_passing.pattern, ignore_case=True)
    nobody = np.append(fits.to_numpy(zero_copy_only=False).astype(bool), False)[indices]
    receiver = np.where(nobody | _agent(codes, "consignee"), NONE, codes["consignee"])
    for role in ("end_user", "notify_party"):
        other = np.where(_agent(codes, role), NONE, codes[role])
        receiver = np.where(receiver == NONE, other, receiver)
    return receiver


def _agent(codes: dict[str, Ints], role: str) -> Flags:
    agent = np.zeros(len(codes[role]), bool)
    for other in AGENTS:
        agent |= codes[role] == codes[other]
    return agent


def _goods(table: pa.Table, policy: Policy) -> tuple[Ints, npt.NDArray[np.object_]]:
    """A code a row and what the codes index; goods that an edition of the HS only renamed are one item."""
    indices, values = _encoded(table["hs6"])
    read = [policy.renamed.get(code, code) for code in values.to_pylist()]
    labels, codes = _ranked(np.array(read, dtype=object))
    return np.append(labels, NONE).astype(np.int32)[indices], codes


def _days(table: pa.Table, policy: Policy) -> _Days:
    """Both ends of both days. Where one date is missing, the transit rule bounds it from the other."""
    low, high = policy.transit.days_min, policy.transit.days_max
    left, left_last, left_known = _interval(table, "departed_on", "departed_latest")
    came, came_last, came_known = _interval(table, "arrived_on", "arrived_latest")
    no_left, no_came = ~left_known & came_known, ~came_known & left_known
    left = np.where(no_left, came - high, left)
    left_last = np.where(no_left, came_last - low, left_last)
    came = np.where(no_came, left + low, came)
    came_last = np.where(no_came, left_last + high, came_last)
    return _Days(
        departed_first=left,
        # Nothing leaves after it came, nor comes before it left, whatever a month allows.
        departed=np.minimum(left_last, np.maximum(came_last, left)),
        arrived=np.maximum(came, np.minimum(left, came_last)),
        arrived_last=came_last,
        unknown=~left_known & ~came_known,
        estimated=no_left | no_came,
    )


def _interval(
    table: pa.Table, first: str, last: str
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Flags]:
    begin, end = pc.coalesce(table[first], table[last]), pc.coalesce(table[last], table[first])
    return _day(begin), _day(end), begin.is_valid().to_numpy()


def _day(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    return np.asarray(column.cast(pa.int32()).fill_null(0).to_numpy(), np.int64)


def _calendar(days: npt.NDArray[np.int64]) -> Ints:
    return np.clip(days, CALENDAR.min, CALENDAR.max).astype(np.int32)


def _amounts(table: pa.Table, name: str) -> Floats:
    return np.asarray(table[name].cast(pa.float64()).to_numpy(), np.float64)


def _by_id(table: pa.Table, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Rows in the order of their ids, which a store keeps already."""
    ids = table["id"].combine_chunks()
    if len(ids) < 2 or _ordered(ids):
        return rows
    place = np.empty(len(ids), np.int64)
    place[pc.sort_indices(ids).to_numpy()] = np.arange(len(ids))
    return rows[np.argsort(place[rows], kind="stable")]


def _ids(table: pa.Table, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """What a person sees: the shipment, and its line where it has several."""
    shipment, line = table["shipment_id"].combine_chunks(), table["id"].combine_chunks()
    seen = pc.if_else(pa.array(_alone(shipment, line)), shipment, line)
    return np.asarray(seen.take(pa.array(rows)).to_numpy(zero_copy_only=False), dtype=object)


def _alone(shipment: pa.Array, line: pa.Array) -> Flags:
    """Which shipments have one line only."""
    if len(shipment) > 1 and _ordered(line) and not pc.any(pc.match_substring(shipment, "/")).as_py():
        # Ids are shipment/line in order, so that lines of one shipment are neighbours: no need to hash.
        same = pc.equal(shipment[1:], shipment[:-1]).to_numpy(zero_copy_only=False)
        return np.asarray(~(np.append(same, False) | np.insert(same, 0, False)), bool)
    codes, _ = _encoded(pa.chunked_array([shipment]))
    return np.asarray(np.bincount(codes)[codes] == 1) if len(codes) else np.zeros(0, bool)


def _ordered(ids: pa.Array) -> bool:
    return bool(pc.all(pc.less_equal(ids[:-1], ids[1:])).as_py())


@dataclass(frozen=True)
class _Used:
    values: npt.NDArray[np.object_]
    renumber: Ints


def _used(values: npt.NDArray[np.object_], columns: Sequence[Ints]) -> _Used:
    """Only the values that some column names, in their order, and new numbers for old."""
    used = np.zeros(len(values) + 1, bool)
    for column in columns:
        used[column] = True
    used[-1] = False
    renumber = (np.cumsum(used) - 1).astype(np.int32)
    renumber[-1] = NONE
    return _Used(values[used[:-1]], renumber)

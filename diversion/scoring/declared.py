"""What the papers of a transfer declare: licence, end use, end user, a consignee who passes it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from diversion.scoring.restricted import Ints, places

if TYPE_CHECKING:
    from diversion.dossier import Dossier

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Declared:
    """What is declared, as columns over the transfers.

    `licence`, `end_use`: whether stated. `user`: the declared end user, also where it is the receiver, and
    `consignee`: who is named as receiving, as places in `party_ids` (−1 none). `unit` is a number a unit, of
    `units`. The `any_` flags say whether the records at hand ever state such a thing.
    """

    licence: Flags
    end_use: Flags
    user: Ints
    consignee: Ints
    unit: Ints
    units: tuple[str | None, ...]
    any_licence: bool
    any_end_use: bool
    any_user: bool


def declared(dossier: Dossier) -> Declared:
    """Read from the shipments, linear in the transfers."""
    rows = pa.array(dossier.transfers.shipment)
    table = dossier.shipments
    licence, end_use = (_stated(table, name, rows) for name in ("licence", "end_use"))
    user, consignee = (_party(dossier, name, rows) for name in ("end_user", "consignee"))
    unit, units = pd.factorize(_taken(table, "unit", rows).to_pandas(), use_na_sentinel=False)
    return Declared(
        licence=licence,
        end_use=end_use,
        user=user,
        consignee=consignee,
        unit=unit.astype(np.int32),
        units=tuple(one if isinstance(one, str) else None for one in units),
        any_licence=bool(licence.any()),
        any_end_use=bool(end_use.any()),
        any_user=bool((user >= 0).any()),
    )


def _taken(table: pa.Table, name: str, rows: pa.Array) -> pa.ChunkedArray:
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(len(rows), pa.string())])
    return table[name].take(rows)


def _stated(table: pa.Table, name: str, rows: pa.Array) -> Flags:
    stated: Flags = _taken(table, name, rows).is_valid().to_numpy(zero_copy_only=False).astype(bool)
    return stated


def _party(dossier: Dossier, name: str, rows: pa.Array) -> Ints:
    column = _taken(dossier.shipments, name, rows).combine_chunks()
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    index = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    ids = pd.Series(column.dictionary.to_pylist(), dtype=object)
    resolved = ids.map(dossier.directory.canonical) if len(ids) else ids
    place = np.append(places(dossier.transfers.party_ids, resolved), np.int32(-1))
    return np.asarray(place[index], np.int32)

"""Lines of shipments: those that a record numbers, and those named by their goods because it does not."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

import pyarrow as pa

from diversion.ingest.hs import hs

_APART = re.compile(r"[\W_]+")


def goods_line(digits: str | None, description: str) -> str:
    """The line of goods that a record does not number, as a file of it would have it (`ingest.shipments`)."""
    plain = _APART.sub(" ", unicodedata.normalize("NFC", description).lower()).strip()
    return sha256(f"{digits or ''}\x1f{plain}".encode()).hexdigest()[:8]


def lined(shipments: pa.Table) -> frozenset[str]:
    """The ids of the shipments whose line the record states; one made here tells a person nothing."""
    rows = shipments.select(["id", "line", "hs_code", "description"]).to_pylist()
    return frozenset(row["id"] for row in rows if row["line"].split(".")[0] != _of_goods(row))


def _of_goods(row: dict[str, str | None]) -> str:
    digits, _ = hs(row["hs_code"]) if row["hs_code"] else (None, None)
    return goods_line(digits, row["description"] or "")

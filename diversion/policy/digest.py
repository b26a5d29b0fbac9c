"""The digest of a policy: one of its content, whatever the layout of its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import Any

UNORDERED = frozenset(
    {
        "countries",
        "codes",
        "effects",
        "ends",
        "words",
        "starts",
        "endings",
        "aliases",
        "identifiers",
        "entries",
    }
    | {
        "flags",
        "rows",
        "new",
        "periods",
        "versions",
        "values",
        "seeds",
        "factors",
        "exceptions",
        "control_by",
        "stated",
    }
)
"""Lists whose order says nothing."""
ORDERED = ("programmes", "goods", "embargoes", "ownership", "regimes")
"""Arrays of rules in which the first that fits counts, so that their order is content."""
USUAL: Mapping[str, Any] = {"sought": True, "certain": True, "extends": []}
"""What a key means where it is left out."""


def digest(raw: Mapping[str, Any]) -> str:
    """Sixteen hexadecimal digits. Comments, order of keys, line breaks and 50 for 50.0 do not matter.

    >>> digest({"countries": ["DE", "FR"]}) == digest({"countries": ["FR", "DE"], "sought": True})
    True
    """
    order = [list(raw.get(table, ())) for table in ORDERED]
    text = _text([_plain(raw), order])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _plain(value: Any, key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {k: _plain(v, k) for k, v in value.items() if not (k in USUAL and v == USUAL[k])}
    if isinstance(value, list | tuple):
        plain = [_plain(one, "") for one in value]
        return sorted(plain, key=_text) if key in UNORDERED else plain
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value

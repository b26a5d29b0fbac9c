"""What several messages say of one instrument together, whichever order they were read in.

Each message of an instrument is kept as JSON beside it, under a name of its own (`MT700`, `MT707 2`,
`pacs.008 A>B`); one of the same name replaces it. What the instrument is follows from all of them anew: first
what issued it, then its amendments by number and day. A field counts as stated last; changes of the amount
are added up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from diversion.ingest.documents import FIELD, LIST

APART = "\x1e"
"""Stands between messages: JSON never holds it as it is."""
_RANK = {"MT720": 0, "MT710": 1, "MT700": 2, "MT721": 3, "MT711": 4, "MT701": 5}
_CUSTOMER = ("pacs.008", "MT103")
_CONTINUE = ("MT701", "MT708", "MT711", "MT721")
_PLAIN = ("kind", "issued_on", "expires_on", "latest_shipment", "port_of_loading", "port_of_discharge")
TYPES = pa.schema(
    [
        ("kind", pa.string()),
        *((name, pa.date32()) for name in ("issued_on", "expires_on", "latest_shipment")),
        *((name, pa.string()) for name in ("port_of_loading", "port_of_discharge")),
        ("amount", pa.float64()),
        *((name, pa.string()) for name in ("currency", "goods", "format", "terms")),
        *((name, pa.list_(pa.string())) for name in ("references", "bills_of_lading", "messages")),
    ]
)
"""What `folded` gives, in order."""
Said = dict[str, Any]


def folded(text: str) -> tuple[Any, ...]:
    """The columns of `TYPES` that follow from messages, set apart by `APART`; of one name the last counts.

    >>> issue = '{"message": "MT700", "format": "MT700", "kind": "letter of credit", "amount": 100.0}'
    >>> more = '{"message": "MT707 1", "format": "MT707", "amends": "001|2024-02-01", "change": "25.5"}'
    >>> folded(more + APART + issue)[6]
    125.5
    """
    named = {said["message"]: said for said in map(json.loads, text.split(APART))}
    said = sorted(({k: v for k, v in one.items() if v is not None} for one in named.values()), key=_place)
    last: Said = {}
    for one in said:
        last |= {name: one[name] for name in _PLAIN if name in one}
    days = {
        name: date.fromisoformat(last[name])
        for name in _PLAIN
        if name.endswith(("_on", "_shipment")) and name in last
    }
    last |= days
    return (
        *(last.get(name) for name in _PLAIN),
        *_amount(said),
        _joined((one["goods"], one) for one in said if "goods" in one),
        ", ".join(dict.fromkeys(one["format"] for one in said)),
        _terms(said),
        _all(said, "references"),
        _all(said, "bills_of_lading"),
        [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in said],
    )


def _place(said: Said) -> tuple[str, int, str]:
    """Issue before amendments; a cover before the payment that it covers, whose word then counts."""
    kind = said["format"]
    rank = _RANK.get(kind, 9 if kind in _CUSTOMER or kind == "MT708" else 8)
    return said.get("amends", ""), rank, said["message"]


def _amount(said: list[Said]) -> tuple[float | None, str | None]:
    amount: Decimal | None = None
    currency = None
    for one in said:
        currency = one.get("currency", currency)
        if "amount" in one:
            amount = Decimal(str(one["amount"]))
        elif "change" in one and amount is not None:
            amount = max(amount + Decimal(one["change"]), Decimal(0))
    return None if amount is None else float(amount), currency


def _joined(texts: Iterable[tuple[str, Said]]) -> str | None:
    """A text after its amendments: `/REPALL/` and a text without code replace it, others go on below it."""
    whole: list[str] = []
    for text, said in texts:
        if text.startswith("/REPALL/"):
            whole = [text.removeprefix("/REPALL/").strip()]
        elif said["format"] in _CONTINUE or text.startswith(("/ADD/", "/DELETE/")):
            whole.append(text)
        else:
            whole = [text]
    return "\n".join(whole) or None


def _terms(said: list[Said]) -> str | None:
    """One line or more a term, in the order in which they are first stated."""
    pairs = [
        (*term.split(FIELD, 1), one) for one in said for term in one.get("terms", "").split(LIST) if term
    ]
    labels = dict.fromkeys(label for label, _, _ in pairs)
    stated = (
        (label, _joined((text, one) for name, text, one in _once(pairs) if name == label)) for label in labels
    )
    return "\n".join(f"{label}: {text}" for label, text in stated if text) or None


def _once(pairs: list[tuple[str, str, Said]]) -> list[tuple[str, str, Said]]:
    """Terms that one message states several times, as one."""
    found: dict[tuple[str, str], tuple[str, str, Said]] = {}
    for label, text, one in pairs:
        key = label, one["message"]
        found[key] = (label, f"{found[key][1]}\n{text}" if key in found else text, one)
    return list(found.values())


def _all(said: list[Said], name: str) -> list[str] | None:
    found = [value for one in said for value in one.get(name, "").split(LIST) if value]
    return sorted(dict.fromkeys(found)) or None

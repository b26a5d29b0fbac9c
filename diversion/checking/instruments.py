"""The payments and credits of one file: their parties, for no message names goods by their code."""

from __future__ import annotations

from collections.abc import Iterator

from diversion.checking.desk import Checked, Desk, Looked, Mention, Row
from diversion.checking.routing import Found
from diversion.policy.model import day_number

UNSEARCHED = "it is a payment, whose goods have no code"
TOLD = ("kind", "format", "amount", "currency", "goods")


def instruments(desk: Desk) -> Iterator[Checked]:
    """Each payment, credit or other instrument of the file: its parties; it names no transfer of goods."""
    parts: dict[str, list[Row]] = {}
    for row in desk.filed.roles.to_pylist():
        parts.setdefault(row["instrument"], []).append(row)
    for row in desk.filed.instruments.to_pylist():
        stated = row["latest_shipment"] or row["issued_on"]
        day = stated or desk.checker.day
        named = sorted(parts.get(row["id"], ()), key=lambda part: (part["role"], part["party"]))
        parties = desk.named(
            [Mention(one["role"], one["party"], one["name"], one["country"], day) for one in named]
        )
        reasons = [one for who in parties for one in desk.reasons(who, day_number(day))]
        head = {"shipment_id": row["id"], "row": row["row"], "day": day.isoformat(), "hs6": None}
        head["instrument"] = {name: row[name] for name in TOLD}
        looked = Looked(Found(), None, UNSEARCHED, day, stated is None)
        yield desk.told(head, parties, reasons, looked)

"""Shipments stated by a program, under canonical names: read without a file."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from diversion.checking.filed import Filed, filed
from diversion.checking.lines import goods_line
from diversion.errors import BadInput
from diversion.ids import digest
from diversion.ingest import party_cells
from diversion.ingest.countries import country
from diversion.ingest.days import FIRST, no_day, reader
from diversion.ingest.hs import Code, hs
from diversion.ingest.mentions import APART, mention
from diversion.ingest.report import FileReport, Rejected
from diversion.ingest.vocabulary import currency, unit
from diversion.policy.rates import Rates
from diversion.schema import load
from diversion.store.base import PARTY_ROLES
from diversion.store.wide import ENDS

TEXTS = ("description", "end_use", "licence", "bill_of_lading", "instrument_id")
AMOUNTS = ("quantity", "weight_kg", "value", "value_usd")
NAMES = frozenset(
    {"shipment_id", "line", "departed_on", "arrived_on", "hs_code", "unit", "currency", *TEXTS, *AMOUNTS}
    | {f"{role}{part}" for role in PARTY_ROLES for part in ("", "_id", "_country")}
)
"""What a row may hold: the canonical columns of shipments that tell of goods, days and parties."""
Row = Mapping[str, Any]
_DAYS = reader("unknown")
_TELLING = re.compile(party_cells.TELLING)


class _Fault(Exception):
    """A value that cannot be: column, reason, value."""


def stated(rows: Iterable[Row], rates: Rates, day: date, ahead: int = 366) -> Filed:
    """What rows of canonical names say, as a file of them would be read by `ingest`.

    Days are dates or ISO text, amounts numbers or text of one, units, currencies, countries and HS codes are
    read as a file's. A row without any day is planned for `day`. Unknown names raise `BadInput`; a faulty row
    is rejected by itself, with its place from 1. About a millisecond a row.
    """
    made: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("Shipment", "SENT", "DELIVERED_TO", "TOOK_PART")
    }
    parties: dict[str, dict[str, Any]] = {}
    rejects, seen, undated, number = [], set(), set(), 0
    for number, row in enumerate(rows, 1):
        if unknown := sorted(set(row) - NAMES):
            raise BadInput(
                f"no column is called {', '.join(map(repr, unknown))}",
                where=f"row {number}",
                hint=f"one of {', '.join(sorted(NAMES))}",
            )
        try:
            told = _Row(row, number, rates, day)
            told.possible(max(day, date.today()) + timedelta(days=ahead))
            if told.id in seen:
                raise _Fault("shipment_id", "shipment and line stand already in a row before", told.id)
            shipment, parts = told.shipment(), told.parts()
        except _Fault as fault:
            column, reason, value = fault.args
            rejects.append(Rejected(None, number, column, reason, None if value is None else str(value)))
            continue
        seen.add(told.id)
        undated |= {number} if told.undated else set()
        made["Shipment"].append(shipment)
        for name, part in parts:
            made[name].append(part)
        told.introduce(parties)
    kinds = load()
    tables = {
        name: pa.Table.from_pylist(part, schema=kinds[name].arrow)
        for name, part in (*made.items(), ("Party", list(parties.values())))
    }
    report = FileReport(
        "rows", "shipments", number, number - len(rejects), rejected=len(rejects), rejects=tuple(rejects)
    )
    return filed(tables, report, undated)


class _Row:
    def __init__(self, row: Row, number: int, rates: Rates, day: date) -> None:
        self.row, self.number, self.rates = row, number, rates
        self.parties: dict[str, dict[str, Any]] = {}
        self.left, self.came = self._days("departed_on"), self._days("arrived_on")
        self.undated = self.left[0] is None and self.came[0] is None
        if self.undated:
            self.left = (day, day)
        if self.left[0] and self.came[1] and self.came[1] < self.left[0]:
            raise _Fault("arrived_on", "arrival before departure", self.came[1])
        code: Code = self._read("hs_code", hs, "not an HS code: 4 to 12 digits") or (None, None)
        digits, self.hs6 = code
        goods = goods_line(digits, self._text("description"))
        shipment = self._text("shipment_id") or "S-" + digest(*(f"{k}={row[k]}" for k in sorted(row)))
        self.shipment_id, self.line = shipment, self._text("line") or goods
        self.id = f"{shipment}/{self.line}"

    def possible(self, latest: date) -> None:
        """Raise where the days are none of a shipment not yet made, or not long ago."""
        for name, (first, _) in (("departed_on", self.left), ("arrived_on", self.came)):
            if first and not FIRST <= first <= latest:
                raise _Fault(name, "earlier than 1990" if first < FIRST else f"later than {latest}", first)

    def _text(self, name: str) -> str:
        value = self.row.get(name)
        return "" if value is None or value != value else str(value).strip()  # noqa: PLR0124 - NaN

    def _read(self, name: str, read: Callable[[str], Sequence[Any]], why: str) -> Any:
        text = self._text(name)
        if not text:
            return None
        found = read(text)
        if found[0] is None:
            raise _Fault(name, why, text)
        return found

    def _days(self, name: str) -> tuple[date | None, date | None]:
        value = self.row.get(name)
        if isinstance(value, datetime):
            value = value.date()
        if isinstance(value, date):
            return value, value
        found = self._read(name, _DAYS, no_day(self._text(name)))
        return (None, None) if found is None else (found[0], found[1])

    def _amount(self, name: str) -> float | None:
        text = self._text(name)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            raise _Fault(name, "not a number", text) from None
        if not math.isfinite(number) or number < 0:
            raise _Fault(name, "negative" if number < 0 else "too large for a number", text)
        return number

    def shipment(self) -> dict[str, Any]:
        """The row of the Shipment table."""
        base, factor = self._read("unit", unit, "unknown unit") or (None, 1.0)
        quantity = self._amount("quantity")
        return {
            "id": self.id,
            "shipment_id": self.shipment_id,
            "line": self.line,
            **dict(zip(("departed_on", "departed_latest"), self.left, strict=True)),
            **dict(zip(("arrived_on", "arrived_latest"), self.came, strict=True)),
            "hs_code": self._text("hs_code") or None,
            "hs6": self.hs6,
            "quantity": None if quantity is None else quantity * factor,
            "unit": base,
            "weight_kg": self._amount("weight_kg"),
            "value_usd": self._dollars(),
            **{name: self._text(name) or None for name in TEXTS},
            "source": "rows",
            "row": self.number,
        }

    def _dollars(self) -> float | None:
        usd, value = self._amount("value_usd"), self._amount("value")
        (code,) = self._read("currency", currency, "no such currency (ISO 4217)") or ("USD",)
        if usd is not None or value is None or code == "USD":
            return usd if usd is not None else value
        rate = self.rates.on(code, self.left[0] or self.came[0] or date.max)
        return value * rate.usd if rate else None

    def parts(self) -> list[tuple[str, dict[str, Any]]]:
        """Who takes part, in the tables of relationships."""
        found = [part for role in PARTY_ROLES if (part := self._part(role))]
        roles = {part["role"] for _, part in found}
        if "exporter" not in roles:
            raise _Fault("exporter", "neither name nor id of the exporter", None)
        if not roles & {"consignee", "end user", "notify party"}:
            raise _Fault("consignee", "neither name nor id of the consignee, end user or notify party", None)
        return [
            (name, part if name == "TOOK_PART" else {k: v for k, v in part.items() if k != "role"})
            for name, part in found
        ]

    def introduce(self, parties: dict[str, dict[str, Any]]) -> None:
        """Add those who take part to the parties of the rows before, who keep what is known of them."""
        for id_, told in self.parties.items():
            known = parties.setdefault(id_, {})
            known |= {name: value for name, value in told.items() if known.get(name) in (None, "")}

    def _part(self, role: str) -> tuple[str, dict[str, Any]] | None:
        name, shown, told = self._named(role)
        given = self._text(f"{role}_id")
        if not name and not given:
            return None
        (land,) = self._read(f"{role}_country", country, "no such country") or (told,)
        minted, key = mention(f"{name}{APART}{land or ''}") if name else ("", "")
        id_ = given or minted
        fresh = {"id": id_, "kind": "unknown", "stated": False, "source": "rows", "row": self.number}
        party = self.parties.setdefault(id_, fresh)
        for column, value in (("name", name), ("name_key", key), ("country", land)):
            if value and not party.get(column):
                party[column] = value
        table = next((table for table, end in ENDS.items() if end == role), "TOOK_PART")
        part = {"shipment": self.id, "party": id_, "role": role.replace("_", " "), "name": shown or None}
        return table, part | ({} if table == "TOOK_PART" else {"country": land})

    def _named(self, role: str) -> tuple[str, str, str | None]:
        """The name that a cell means, the name as shown, and the country that it tells."""
        text = self._text(role)
        if role == "bank" and not text and not self._text("bank_id"):
            text = party_cells.read(self._text("consignee"))[3] or ""
        if not _TELLING.search(text):
            return text, text, None
        name, shown, _, _, _, _, land, _, _ = party_cells.read(text)
        return name or "", shown or "", land

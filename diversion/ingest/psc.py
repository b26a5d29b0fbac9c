"""The snapshot of the UK register of people with significant control: JSON lines, one record each.

Individuals, corporate entities and other legal persons, also of overseas entities; statements that there is
nobody or that nobody is known; protected persons; exemptions. The totals at the end are no data; they state
the day of the snapshot.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from diversion.ingest.documents import NOT_KEPT, Entry, part, sheet
from diversion.ingest.json_items import DEEP, Item, items, shown, sound
from diversion.ingest.psc_natures import Cells, is_no_band, stake
from diversion.ingest.psc_parties import Raw, company, entity, individual, record_id, text
from diversion.ingest.sheet import Sheet, Told

_OWN = re.compile(
    rb'-(?:person-with-significant-control|beneficial-owner)"|"(?:persons-with-significant-control-statement'
    rb'|exemptions|totals#persons-of-significant-control-snapshot)"'
)
COLUMNS = (
    *("record", "record_id", "party_id", "name", "kind", "country", "addresses"),
    *("identifiers", "born", "note", "owner_id", "owned_id", "share_min", "share_max"),
    *("above_min", "below_max", "interest", "indirect", "by", "from", "until"),
    "reason",
)
_PERSON = re.compile(
    r"(?P<what>individual|corporate-entity|legal-person)-(?:person-with-significant-control|beneficial-owner)"
)
_PROTECTED = ("super-secure-person-with-significant-control", "super-secure-beneficial-owner")
_TAIL = 1 << 16
"""Bytes at the end in which the totals stand."""
_STATEMENT, _TOTALS = "persons-with-significant-control-statement", "totals#"


def is_psc(start: bytes) -> bool:
    """Whether a file that begins so is a snapshot of the register.

    >>> is_psc(b'{"company_number":"00000001","data":{"kind":"super-secure-beneficial-owner"')
    True
    """
    return (
        start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" and b'"data"' in start and bool(_OWN.search(start))
    )


def open_psc(path: Path, where: str) -> list[Sheet]:
    """The records of a snapshot."""

    def entries(told: Told) -> Iterator[Entry]:
        for item in items(path, where, told):
            yield from _entries(item)

    return [sheet(None, "psc", COLUMNS, entries, stated=_generated_on(path))]


def _generated_on(path: Path) -> date | None:
    """The day that the totals in the last line state; None where there are none."""
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - _TAIL, 0))
        last = stream.read(_TAIL).strip().rpartition(b"\n")[2]
    try:
        data = json.loads(last)["data"]
        return date.fromisoformat(data["generated_at"][:10]) if data["kind"].startswith(_TOTALS) else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _entries(item: Item) -> Iterator[Entry]:
    try:
        found = item.fault or _rows(item.value)
    except RecursionError:
        found = DEEP
    if isinstance(found, str):
        yield Entry(item.row, fault=found, value=item.begins or shown(item.value))
        return
    for number, cells in enumerate(found):
        yield Entry(part(item.row, number), {name: sound(cell) for name, cell in cells.items()})


def _rows(record: object) -> list[Cells] | str:
    """The rows that a record makes, none of the totals; or why it makes none."""
    data = record.get("data") if isinstance(record, dict) else None
    if not isinstance(record, dict) or not isinstance(data, dict):
        return "no record of the register: an object with company_number and data"
    kind, number = text(data.get("kind")) or "", text(record.get("company_number"))
    if kind.startswith(_TOTALS):
        return []
    if not number:
        return "no company number"
    if why := _refused(data):
        return why
    made = _made(kind, number, data)
    if made is None:
        return f"no kind of record of the register: {kind[:60] or 'none is stated'}"
    about = company(number)
    common = {"record_id": record_id(data, number), "owned_id": about["party_id"]}
    spans = {"from": text(data.get("notified_on")), "until": text(data.get("ceased_on"))}
    return [common | spans | row for row in made] + [about | {"record_id": common["record_id"]}]


def _made(kind: str, number: str, data: Raw) -> list[Cells] | None:
    if kind == _STATEMENT:
        return [{"record": "exception", "reason": _statement(data)}]
    if kind in _PROTECTED:
        return [{"record": "exception", "reason": kind.replace("-", " ")}]
    if kind == "exemptions":
        return _exemptions(data.get("exemptions"))
    if found := _PERSON.fullmatch(kind):
        party = individual(data, number) if found["what"] == "individual" else entity(data, number)
        stakes = [stake(one) for one in _natures(data)] or [{"record": "holding"}]
        return [party, *(one | {"owner_id": party["party_id"]} for one in stakes)]
    return None


def _refused(data: Raw) -> str:
    """Why a record of the register has no place in the graph; empty where it has one."""
    if data.get("ceased") is True and not data.get("ceased_on"):
        return f"{NOT_KEPT}it has ceased, and the day is not stated"
    odd = next(filter(is_no_band, _natures(data)), None)
    return f"unknown nature of control: {odd[:120]}" if odd else ""


def _natures(data: Raw) -> list[str]:
    given = data.get("natures_of_control")
    return [nature for one in given if (nature := text(one))] if isinstance(given, list) else []


def _statement(data: Raw) -> str:
    told = [
        text(data.get(name))
        for name in ("statement", "linked_psc_name", "restrictions_notice_withdrawal_reason")
    ]
    return ": ".join(filter(None, told)) or "a statement without a code"


def _exemptions(given: object) -> list[Cells]:
    groups = [one for one in given.values() if isinstance(one, dict)] if isinstance(given, dict) else []
    rows: list[Cells] = []
    for group in groups:
        spans = group.get("items")
        for span in spans if isinstance(spans, list) else [{}]:
            days = span if isinstance(span, dict) else {}
            rows.append(
                {
                    "record": "exception",
                    "reason": text(group.get("exemption_type")),
                    "from": text(days.get("exempt_from")),
                    "until": text(days.get("exempt_to")),
                }
            )
    return rows or [{"record": "exception", "reason": "exempt"}]

"""The snapshot of the UK register of people with significant control: JSON lines, one record each.

Individuals, corporate entities and other legal persons, also of overseas entities; statements that there is
nobody or that nobody is known; protected persons; exemptions. The totals at the end are no data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from diversion.ids import digest
from diversion.ingest.bods import sound
from diversion.ingest.documents import NOT_KEPT, Entry, addresses, part, sheet
from diversion.ingest.json_items import Item, items
from diversion.ingest.psc_natures import Cells, stake
from diversion.ingest.sheet import Sheet, Told

_OWN = re.compile(
    rb'-(?:person-with-significant-control|beneficial-owner)"|"(?:persons-with-significant-control-statement'
    rb'|exemptions|totals#persons-of-significant-control-snapshot)"'
)
COLUMNS = (
    *(
        "record",
        "record_id",
        "party_id",
        "name",
        "kind",
        "country",
        "addresses",
        "identifiers",
        "born",
        "note",
    ),
    *(
        "owner_id",
        "owned_id",
        "share_min",
        "share_max",
        "above_min",
        "below_max",
        "interest",
        "indirect",
        "by",
    ),
    *("from", "until", "reason"),
)
_PERSON = re.compile(
    r"(?P<what>individual|corporate-entity|legal-person)-(?:person-with-significant-control|beneficial-owner)"
)
_PROTECTED = ("super-secure-person-with-significant-control", "super-secure-beneficial-owner")
_STATEMENT, _TOTALS = "persons-with-significant-control-statement", "totals#"
_BRITISH = re.compile(
    r"united kingdom|great britain|\bu\.?k\b|\bgb\b|england|wales|scotland|northern ireland", re.IGNORECASE
)
_NUMBER = re.compile(r"([A-Z]{2}|R)?([0-9]{1,8})")
_LINES = (
    "care_of",
    "po_box",
    "premises",
    "address_line_1",
    "address_line_2",
    "locality",
    "region",
    "postal_code",
)

Raw = dict[str, Any]


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

    return [sheet(None, "psc", COLUMNS, entries)]


def _entries(item: Item) -> Iterator[Entry]:
    found = _rows(item.value) if not item.fault else item.fault
    if isinstance(found, str):
        shown = item.begins or json.dumps(item.value)[:200]
        yield Entry(item.row, fault=found, value=shown)
        return
    for number, cells in enumerate(found):
        yield Entry(part(item.row, number), {name: sound(text) for name, text in cells.items()})


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
    if data.get("ceased") is True and not data.get("ceased_on"):
        return f"{NOT_KEPT}it has ceased, and the day is not stated"
    made = _made(kind, number, data)
    if made is None:
        return f"no kind of record of the register: {kind[:60] or 'none is stated'}"
    company = _company(number)
    common = {"record_id": _record(data, number), "owned_id": company["party_id"]}
    spans = {"from": text(data.get("notified_on")), "until": text(data.get("ceased_on"))}
    return [common | spans | row for row in made] + [company | {"record_id": common["record_id"]}]


def _made(kind: str, number: str, data: Raw) -> list[Cells] | None:
    if kind == _STATEMENT:
        return [{"record": "exception", "reason": _statement(data)}]
    if kind in _PROTECTED:
        return [{"record": "exception", "reason": kind.replace("-", " ")}]
    if kind == "exemptions":
        return _exemptions(data.get("exemptions"))
    if found := _PERSON.fullmatch(kind):
        party = _individual(data, number) if found["what"] == "individual" else _entity(data, number)
        natures = data.get("natures_of_control")
        known = [text(one) or "" for one in natures] if isinstance(natures, list) else []
        stakes = [stake(one) for one in known if one] or [{"record": "holding"}]
        return [party, *(one | {"owner_id": party["party_id"]} for one in stakes)]
    return None


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


def _record(data: Raw, number: str) -> str:
    link = text(_dict(data.get("links")).get("self"))
    return link or "PSC-" + digest(number, json.dumps(data, sort_keys=True))


def _company(number: str) -> Cells:
    """The company as the register names it: by its number alone."""
    return {
        "record": "mention",
        "party_id": f"GB-COH-{number}",
        "kind": "company",
        "country": None if number.startswith("OE") else "GB",
        "identifiers": f"GB-COH:{number}",
    }


def _individual(data: Raw, number: str) -> Cells:
    names = _dict(data.get("name_elements"))
    parts = [text(names.get(one)) for one in ("forename", "other_forenames", "middle_name", "surname")]
    born = _dict(data.get("date_of_birth"))
    year, month = text(born.get("year")), text(born.get("month"))
    nation = text(data.get("nationality"))
    return _party(data, number, data) | {
        "name": " ".join(filter(None, parts)) or text(data.get("name")),
        "kind": "person",
        "country": text(data.get("country_of_residence")),
        "born": f"{year}-{month.zfill(2)}" if year and month else year,
        "note": _note(f"nationality {nation}" if nation else None, _sanctioned(data)),
    }


def _entity(data: Raw, number: str) -> Cells:
    """A company or other legal person; one of the British register has the id that it has as a company."""
    held = _dict(data.get("identification"))
    country, place = text(held.get("country_registered")), text(held.get("place_registered"))
    said, form = text(held.get("registration_number")), text(held.get("legal_form"))
    law = text(held.get("legal_authority"))
    common = _party(data, number, data) | {
        "name": text(data.get("name")),
        "kind": "company",
        "country": country,
        "note": _note(form, f"under {law}" if law else None, _sanctioned(data)),
    }
    if british := _british(said, country, place):
        # Its own register says more of it than this one: it is only mentioned here.
        return common | {**_company(british), "name": common["name"]}
    if said and (country or place):
        scheme = country or place or ""
        return common | {
            "party_id": "REG-" + digest(scheme.casefold(), said.upper()),
            "identifiers": f"{scheme}:{said}",
        }
    return common


def _british(number: str | None, country: str | None, place: str | None) -> str | None:
    """The number in the British register of companies, as it writes it; None where it is of another."""
    found = _NUMBER.fullmatch((number or "").upper().replace(" ", ""))
    where = country or place or ""
    if not found or not (_BRITISH.search(where) or (not country and "companies house" in where.casefold())):
        return None
    prefix = found[1] or ""
    return prefix + found[2].zfill(8 - len(prefix))


def _party(data: Raw, number: str, source: Raw) -> Cells:
    own = _record(data, number).rsplit("/", 1)[-1]
    given = [_dict(source.get(name)) for name in ("address", "principal_office_address")]
    places = [
        (", ".join(filter(None, (text(one.get(line)) for line in _LINES))), text(one.get("country")))
        for one in given
    ]
    return {"record": "party", "party_id": f"GB-PSC-{own}", "addresses": addresses(places)}


def _sanctioned(data: Raw) -> str | None:
    return "declared to be a designated person" if data.get("is_sanctioned") is True else None


def _note(*parts: str | None) -> str | None:
    return "; ".join(filter(None, parts)) or None


def _dict(value: object) -> Raw:
    return value if isinstance(value, dict) else {}


def text(value: object) -> str | None:
    """A value as text; None where it is none that a cell can hold."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).strip() or None

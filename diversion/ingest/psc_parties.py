"""Who stands in a record of the UK register of people with significant control."""

from __future__ import annotations

import json
import re
from typing import Any

from diversion.ids import digest
from diversion.ingest.documents import addresses
from diversion.ingest.psc_natures import Cells

Raw = dict[str, Any]

_BRITISH = re.compile(
    r"united kingdom|great britain|\bu\.?k\b|\bgb\b|england|wales|scotland|northern ireland", re.IGNORECASE
)
_NUMBER = re.compile(r"([A-Z]{2}|R)?([0-9]{1,8})")
_LINES = (
    *("care_of", "po_box", "premises", "address_line_1"),
    *("address_line_2", "locality", "region", "postal_code"),
)


def record_id(data: Raw, number: str) -> str:
    """What the register calls the record; a digest of it where it does not say."""
    link = text(known(data.get("links")).get("self"))
    return link or "PSC-" + digest(number, json.dumps(data, sort_keys=True))


def company(number: str) -> Cells:
    """The company as the register names it: by its number alone."""
    return {
        "record": "mention",
        "party_id": f"GB-COH-{number}",
        "kind": "company",
        "country": None if number.startswith("OE") else "GB",
        "identifiers": f"GB-COH:{number}",
    }


def individual(data: Raw, number: str) -> Cells:
    """The cells of a natural person."""
    names = known(data.get("name_elements"))
    parts = [text(names.get(one)) for one in ("forename", "other_forenames", "middle_name", "surname")]
    born = known(data.get("date_of_birth"))
    year, month = text(born.get("year")), text(born.get("month"))
    nation = text(data.get("nationality"))
    return _party(data, number, data) | {
        "name": " ".join(filter(None, parts)) or text(data.get("name")),
        "kind": "person",
        "country": text(data.get("country_of_residence")),
        "born": f"{year}-{month.zfill(2)}" if year and month else year,
        "note": _note(f"nationality {nation}" if nation else None, _sanctioned(data)),
    }


def entity(data: Raw, number: str) -> Cells:
    """A company or other legal person; one of the British register has the id that it has as a company."""
    held = known(data.get("identification"))
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
        return common | {**company(british), "name": common["name"]}
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
    own = record_id(data, number).rsplit("/", 1)[-1]
    given = [known(source.get(name)) for name in ("address", "principal_office_address")]
    places = [
        (", ".join(filter(None, (text(one.get(line)) for line in _LINES))), text(one.get("country")))
        for one in given
    ]
    return {"record": "party", "party_id": f"GB-PSC-{own}", "addresses": addresses(places)}


def _sanctioned(data: Raw) -> str | None:
    return "declared to be a designated person" if data.get("is_sanctioned") is True else None


def _note(*parts: str | None) -> str | None:
    return "; ".join(filter(None, parts)) or None


def known(value: object) -> Raw:
    """An object, empty where the value is none."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str | None:
    """A value as text; None where it is none that a cell can hold."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).strip() or None

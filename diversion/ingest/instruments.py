"""Instruments as readers of messages hand them on: one message a row, its parties and terms in cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diversion.ingest import vocabulary
from diversion.ingest.columns import KINDS
from diversion.ingest.documents import LIST, fields, plain, several
from diversion.ingest.remittance import named

COLUMNS = KINDS["payments"].columns
INSTRUCTED = "instructed amount"
"""The term that holds what the debtor instructed, as `EUR 1234.50`, beside the amount that banks settled."""
TOLERANCE = "amount tolerance"
"""The term that holds by how many per cent an amount may be exceeded or fall short, as `10/5`."""
BUYERS = ("applicant", "debtor", "ultimate debtor", "ordering customer", "invoicee")
SELLERS = (
    *("beneficiary", "creditor", "ultimate creditor", "beneficiary customer", "invoicer"),
    *("first beneficiary", "second beneficiary"),
)
"""Roles in an instrument that answer to the two ends of a shipment."""
UNNAMED = {"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "NONE"}
"""References that say that there is none."""
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_SHORT = {"UK", "UAE", "USA", "PRC", "DPRK"}


class BadMessage(Exception):
    """A message that cannot be understood: why, and what stood there."""

    def __init__(self, reason: str, value: str = "") -> None:
        super().__init__(reason)
        self.reason, self.value = reason, value


@dataclass(frozen=True)
class Role:
    """Who does what in an instrument, as far as the message tells."""

    role: str
    name: str = ""
    address: str = ""
    country: str = ""
    bic: str = ""
    identifiers: tuple[str, ...] = ()
    kind: str = ""
    born: str = ""

    def cell(self) -> str:
        """The role as one value of several fields."""
        bic = f"BIC:{self.bic}" if self.bic else ""
        known = "; ".join(dict.fromkeys(one for one in (bic, *map(plain, self.identifiers)) if one))
        country = self.country or (self.bic[4:6] if self.bic else "")
        country = vocabulary.country(country)[0] or ""
        given = bic if bic and not plain(self.name) else ""
        kind = self.kind or ("company" if bic else "")
        return fields(self.role, self.name, self.address, country, given, known, kind, self.born)


@dataclass(frozen=True)
class Message:
    """What one message says of an instrument.

    `said` names the message within its instrument: a second one of that name must say the same. `cells` are
    the plain columns; `numbers` are those by which an amendment may mean its credit, the likeliest first.
    """

    number: str
    said: str
    format: str
    kind: str
    cells: Mapping[str, str | None]
    roles: Sequence[Role] = ()
    terms: Sequence[tuple[str, str]] = ()
    references: Sequence[str] = ()
    bills: Sequence[str] = ()
    numbers: Sequence[str] = ()

    def entry(self) -> dict[str, str | None]:
        """The cells of its row."""
        found = named(self.cells.get("goods"), *(text for _, text in self.terms))
        kept = [one for one in (*self.references, *found.references) if one != f"lc:{self.number}"]
        return {
            **{name: plain(text) for name, text in self.cells.items()},
            "instrument_id": self.number,
            "message": self.said,
            "format": self.format,
            "kind": self.kind,
            "references": several(kept),
            "bills_of_lading": several((*self.bills, *found.bills)),
            "terms": LIST.join(fields(label, text) for label, text in self.terms if plain(text)),
            "parties": LIST.join(dict.fromkeys(role.cell() for role in self.roles if told(role))),
            "numbers": several(self.numbers),
        }


def told(role: Role) -> bool:
    """Whether anything but the role is known."""
    return bool(plain(role.name) or role.bic)


def real(reference: str | None) -> str:
    """A reference, or nothing where it says that there is none."""
    said = plain(reference)
    return "" if said.upper() in UNNAMED else said


def bic(text: str | None) -> str:
    """A BIC of 8 characters, or 11 where it names a branch; empty where it is none.

    >>> bic("KESTAEADXXX"), bic("KESTAEADDIF"), bic("TO ORDER")
    ('KESTAEAD', 'KESTAEADDIF', '')
    """
    said = plain(text).upper()
    if not _BIC.fullmatch(said) or not vocabulary.country(said[4:6])[0]:
        return ""
    return said.removesuffix("XXX") if len(said) == 11 else said


def account(text: str | None) -> tuple[tuple[str, ...], str]:
    """An account as an identifier where it is a valid IBAN, else as a text that means nothing alone."""
    from stdnum import iban

    said = plain(text)
    if iban.is_valid(said):
        return (f"IBAN:{iban.compact(said)}",), ""
    return (), said


def country_at_end(lines: Sequence[str]) -> str:
    """The country that ends an address: a code alone on its line, or a name at the end of the last line.

    Two letters behind a town may be a state of the USA as well, and are not read.

    >>> country_at_end(["DOCK ROAD 5", "DUBAI, UNITED ARAB EMIRATES"]), country_at_end(["SAN JOSE, CA"])
    ('AE', '')
    """
    last = lines[-1].strip().rstrip(".") if lines else ""
    if found := vocabulary.country(last)[0]:
        return found
    words = re.split(r"[\s,]+", last)
    for count in range(min(4, len(words) - 1), 0, -1):
        end = " ".join(words[-count:])
        if (len(end) > 3 or end.upper() in _SHORT) and (found := vocabulary.country(end)[0]):
            return found
    return ""

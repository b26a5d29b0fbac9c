"""OpenSanctions `targets.simple.csv`: one row a target, of one source list or of many joined.

A row names by their titles the lists that it was joined from. Where one authority stands behind it, that is
its authority; where several do, the row is OpenSanctions' own, and the policy judges by the titles.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from diversion.ingest import documents
from diversion.ingest.documents import NOT_KEPT, Entry
from diversion.ingest.list_cells import COLUMNS, Draft, fault_of, iso
from diversion.ingest.list_tables import Layout, Row, rows
from diversion.ingest.records import LONGEST
from diversion.ingest.sheet import Sheet, Told

_KINDS = {
    "Person": "person",
    "Company": "company",
    "Organization": "company",
    "PublicBody": "public body",
    "Vessel": "vessel",
}
"""Schema → kind; a LegalEntity may be a person or a company, an Airplane or a CryptoWallet is neither."""
_AUTHORITIES = (
    ("US OFAC", re.compile(r"\bOFAC\b", re.IGNORECASE)),
    ("US BIS", re.compile(r"\bBIS\b|Bureau of Industry", re.IGNORECASE)),
    ("EU", re.compile(r"^EU\b|European Union", re.IGNORECASE)),
    ("UK", re.compile(r"^UK\b.*(?:FCDO|HMT|OFSI|sanction)", re.IGNORECASE)),
    ("UN", re.compile(r"^UN\b|United Nations", re.IGNORECASE)),
)
_BY_CODE = {"EU": "EU", "GB": "UK", "UN": "UN"}
"""How codes of programmes begin (EU-UKR) → the authority."""
_LISTS = re.compile(
    r"sanction|terror|freez|embargo|debar|denied|entity list|screening|designat|blacklist|ineligible|proscri|"
    r"disqualif|exclu|restrict|wanted|prohibit|ban",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z][A-Z0-9-]{2,40}")
_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_IMO = re.compile(r"IMO ?([0-9]{7})")


def values(cell: str) -> list[str]:
    """The values of a cell: set apart by semicolons, in quotation marks where they hold some.

    >>> values('Alpha;"Beta; Gamma";Delta')
    ['Alpha', 'Beta; Gamma', 'Delta']
    """
    if not cell or len(cell) > LONGEST:
        return [cell] if cell else []
    found = next(csv.reader([cell], delimiter=";"), [])
    return [said for one in found if (said := one.strip())]


def entries_of(sheet: Sheet) -> Sheet:
    """A table under these headers as a sheet of entries, in one reading."""

    def entries(told: Told) -> Iterator[Entry]:
        for number, fault, value, row in rows(sheet, told):
            yield Entry(number, {}, fault, value) if fault else _entry(number, row)

    return documents.sheet(sheet.name, "opensanctions", COLUMNS, entries, sheet.notes)


def _entry(number: int, row: Row) -> Entry:
    draft = Draft()
    _add(draft, row)
    cells = draft.cells("opensanctions", authority(values(row("dataset")), values(row("program_ids"))))
    if fault := fault_of(cells):
        return Entry(number, {}, fault, row("name") or row("id"))
    if not is_listed(row):
        why = "none of its lists restricts anybody (a person of public office, a crime, a company register)"
        return Entry(number, {}, NOT_KEPT + why, row("name"))
    return Entry(number, cells)


def is_listed(row: Row) -> bool:
    """Whether a sanction or a list of restricted parties stands behind the target; many are politicians."""
    return bool(row("sanctions") or row("program_ids") or _LISTS.search(row("dataset")))


def authority(titles: list[str], codes: list[str]) -> str:
    """Who sanctions, where it is one authority.

    >>> authority(["EU Financial Sanctions Files (FSF)", "Wikidata"], []), authority(["Swiss SECO"], [])
    ('EU', 'OpenSanctions')
    """
    found = {name for name, words in _AUTHORITIES for title in titles if words.search(title)}
    found |= {_BY_CODE[start] for code in codes if (start := code.partition("-")[0]) in _BY_CODE}
    return found.pop() if len(found) == 1 else "OpenSanctions"


def _add(draft: Draft, row: Row) -> None:
    draft.add("entry_id", row("id"))
    draft.add("kind", _KINDS.get(row("schema"), "unknown"))
    draft.add("name", row("name"))
    draft.add("alias", *values(row("aliases")))
    for day in values(row("birth_date")):
        draft.day("births", day)
    for land in values(row("countries")):
        _country(draft, land)
    for text in values(row("addresses")):
        draft.address([text], None)
    for number in values(row("identifiers")):
        _identifier(draft, number)
    _sanctions(draft, row)
    draft.note("schema", row("schema") if row("schema") not in _KINDS else None)
    draft.note("phone", *values(row("phones")))
    draft.note("email", *values(row("emails")))
    draft.day("published", row("last_seen"))


def _sanctions(draft: Draft, row: Row) -> None:
    """Programmes, and the first day of any sanction; `first_seen` is when OpenSanctions saw it, no legal day.

    A sanction is said as programme, reason, status and days, with dashes between.
    """
    draft.add("programme", *values(row("dataset")))
    draft.add("regimes", *values(row("program_ids")))
    for sanction in values(row("sanctions")):
        parts = [part.strip() for part in sanction.split(" - ")]
        if _CODE.fullmatch(parts[0]):
            draft.add("programme", parts[0])
            draft.add("regimes", parts[0])
        for part in parts:
            if _DAY.fullmatch(part):
                draft.day("listed_on", part)
        draft.note("sanction", sanction)


def _country(draft: Draft, code: str) -> None:
    """A country by its code; a part of one (`ua-cri`) is in it, the Soviet Union is none of today."""
    if iso(part := code.partition("-")[0]):
        draft.add("countries", iso(part))
    else:
        draft.note("country", code)


def _identifier(draft: Draft, number: str) -> None:
    """A number; of which register it is the file does not say, but for ships."""
    if ship := _IMO.fullmatch(number):
        draft.document("IMO", ship[1])
    else:
        draft.add("identifiers", number.replace(";", ",").replace(":", " "))


LAYOUT = Layout(
    "opensanctions",
    "opensanctions",
    "OpenSanctions",
    (("id",), ("schema",), ("birth_date",), ("sanctions",), ("dataset",), ("identifiers",)),
    "id",
    _add,
)

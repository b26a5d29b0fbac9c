"""The consolidated list of the United Nations Security Council, as its XML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.errors import BadInput
from diversion.ingest import documents
from diversion.ingest.documents import Entry
from diversion.ingest.list_cells import COLUMNS, Draft, fault_of, partial
from diversion.ingest.sheet import Sheet, Told
from diversion.ingest.xml import find_all, local, records, root, text, texts

if TYPE_CHECKING:
    from lxml.etree import _Element

ROOT = "CONSOLIDATED_LIST"
_ENTRIES = {"INDIVIDUAL": "person", "ENTITY": "company"}
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME", "FIFTH_NAME", "SIXTH_NAME")
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")
_MEASURE = r"(?:targeted )?(?:travel ban|assets? freeze|arms embargo)"
_MEASURES = re.compile(rf"\(\s*({_MEASURE}(?:\s*(?:,|and)\s*{_MEASURE})*)\s*\)", re.IGNORECASE)
_IMO = re.compile(r"\bIMO\)?(?: number)?:? ?([0-9]{7})\b", re.IGNORECASE)


def open_un(path: Path, where: str) -> list[Sheet]:
    """The list as one sheet, an entry a record. Raises `BadInput` where it is none, or damaged."""
    _, name, stated = root(path, where)
    if name != ROOT:
        raise BadInput(f"the XML holds {name}, not the list of the United Nations", where=where)
    published = partial(stated.get("dateGenerated"))

    def entries(told: Told) -> Iterator[Entry]:
        for row, element in enumerate(records(path, where, _ENTRIES, told), 1):
            draft = _draft(element)
            draft.add("published", published)
            cells = draft.cells("un", "UN")
            fault = fault_of(cells)
            yield Entry(row, cells, fault, "" if not fault else cells["name"] or cells["entry_id"] or "")

    return [documents.sheet(None, "un", COLUMNS, entries)]


def _draft(entry: _Element) -> Draft:
    draft = Draft()
    tag = local(entry)
    draft.add("entry_id", text(entry, "REFERENCE_NUMBER") or text(entry, "DATAID"))
    draft.add("kind", _ENTRIES[tag])
    draft.add("name", _joined(entry, _NAMES, " "))
    draft.add("alias", *texts(entry, "NAME_ORIGINAL_SCRIPT"))
    draft.add("regimes", text(entry, "UN_LIST_TYPE"))
    draft.add("programme", _programme(entry))
    draft.day("listed_on", text(entry, "LISTED_ON"))
    draft.day("removed_on", text(entry, "DELISTED_ON"))
    for one in find_all(entry, f"{tag}_ALIAS"):
        _alias(draft, one)
    for one in find_all(entry, f"{tag}_ADDRESS"):
        draft.address([text(one, part) for part in _PLACE], text(one, "COUNTRY"))
        draft.note("address", _noted(one, _PLACE))
    for one in find_all(entry, "INDIVIDUAL_DATE_OF_BIRTH"):
        _birth(draft, one)
    for one in find_all(entry, "INDIVIDUAL_DOCUMENT"):
        _document(draft, one)
    _remarks(draft, entry)
    return draft


def _joined(element: _Element, parts: tuple[str, ...], between: str) -> str:
    """Texts of children in order; `na` stands for a part of a name that there is not."""
    said = (text(element, part) for part in parts)
    return between.join(" ".join(one.split()) for one in said if one and one.casefold() not in ("na", "n/a"))


def _noted(element: _Element, parts: tuple[str, ...]) -> str | None:
    """A note with what it is about."""
    note = text(element, "NOTE")
    about = _joined(element, (*parts, "COUNTRY"), ", ")
    return note and (f"{about} ({note})" if about else note)


def _programme(entry: _Element) -> str | None:
    """The list that holds it; where the committee states the measures of the entry, those too.

    Most lists carry the same measures for everybody and do not say so entry by entry.
    """
    listed, said = text(entry, "UN_LIST_TYPE"), _MEASURES.search(text(entry, "COMMENTS1") or "")
    return f"{listed} ({', '.join(one.strip() for one in said[1].split(','))})" if said else listed


def _alias(draft: Draft, alias: _Element) -> None:
    name = text(alias, "ALIAS_NAME")
    if not name or name.casefold() in ("na", "n/a"):
        return
    low = (text(alias, "QUALITY") or "").casefold() == "low"
    draft.add("weak" if low else "alias", " ".join(name.split()))
    for part in ("DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE"):
        draft.note(f"as {' '.join(name.split())}", text(alias, part))


def _birth(draft: Draft, birth: _Element) -> None:
    """A day, a year or both ends of a range; a month may stand in the note alone."""
    days = [text(birth, part) for part in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR")]
    note, kind = text(birth, "NOTE"), (text(birth, "TYPE_OF_DATE") or "").casefold()
    if not any(days) and (found := partial(note)):
        days, note = [found], None
    for day in days:
        draft.day("births", day)
    said = next((day for day in days if day), None)
    draft.note(f"born {said}" if said else "born", note)
    if kind == "approximately" and said:
        draft.add("remarks", f"born about {said}")


def _document(draft: Draft, document: _Element) -> None:
    kind = text(document, "TYPE_OF_DOCUMENT") or text(document, "TYPE_OF_DOCUMENT2") or "Document"
    kind = " ".join(kind.split())
    number = text(document, "NUMBER")
    land = text(document, "ISSUING_COUNTRY") or text(document, "COUNTRY_OF_ISSUE")
    draft.document(kind, number, land)
    told = [text(document, part) for part in ("TYPE_OF_DOCUMENT2", "DATE_OF_ISSUE", "CITY_OF_ISSUE", "NOTE")]
    if any(told):
        draft.note(f"{kind} {number}" if number else kind, ", ".join(one for one in told if one))


def _remarks(draft: Draft, entry: _Element) -> None:
    for land in texts(entry, "NATIONALITY/VALUE"):
        draft.country(land, "nationality")
    draft.note("title", *texts(entry, "TITLE/VALUE"))
    draft.note("designation", *texts(entry, "DESIGNATION/VALUE"))
    draft.note("gender", text(entry, "GENDER"))
    for place in find_all(entry, "INDIVIDUAL_PLACE_OF_BIRTH"):
        draft.note("born in", _joined(place, (*_PLACE, "COUNTRY", "NOTE"), ", "))
    comments = text(entry, "COMMENTS1")
    draft.add("remarks", comments)
    for number in _IMO.findall(comments or ""):
        draft.document("IMO", number)

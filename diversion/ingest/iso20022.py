"""ISO 20022 payments: pacs.008 and pacs.009 COV of any version, bare or in envelopes, several in a file."""

from __future__ import annotations

import mmap
import re
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.errors import BadInput
from diversion.ingest import xml
from diversion.ingest.documents import NOT_KEPT, Entry, sheet
from diversion.ingest.instruments import COLUMNS, BadMessage
from diversion.ingest.iso20022_transfer import Header, business, transfer
from diversion.ingest.sheet import Sheet, Told

if TYPE_CHECKING:
    from lxml.etree import _Element

_NAMED = re.compile(
    rb"urn:iso:std:iso:20022:tech:xsd:|urn:swift:xsd:|<(?:\w+:)?(?:FIToFICstmrCdtTrf|FICdtTrf)\b"
)
_TAGS = ("AppHdr", "GrpHdr", "CdtTrfTxInf")
MESSAGES = {"FIToFICstmrCdtTrf": "pacs.008", "FICdtTrf": "pacs.009"}
"""Element of a message → its name; every version has the same."""
_CHUNK = 1 << 20
_TOP = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)[\s/>]")


def is_iso20022(start: bytes) -> bool:
    """Whether a file that begins so is an ISO 20022 message, or an envelope of some.

    >>> is_iso20022(b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08">')
    True
    """
    plain = start.replace(b"\x00", b"")
    return plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<") and bool(_NAMED.search(plain))


def open_iso20022(path: Path, where: str) -> list[Sheet]:
    """The transfers of a file: each one row, numbered from 1. Raises `BadInput` where it is no safe XML."""
    if len(_spans(path)) < 2:
        xml.root(path, where)
    return [sheet(None, "iso20022", COLUMNS, partial(_entries, path, where))]


def _entries(path: Path, where: str, told: Told) -> Iterator[Entry]:
    spans, row = _spans(path), 0
    if len(spans) < 2:
        yield from _read(path, where, row, told)
        return
    with tempfile.TemporaryDirectory(prefix="diversion-xml-") as folder:
        part, previous = Path(folder) / "part.xml", 0
        for end in spans:
            _copy(path, part, previous, end)
            previous = end
            try:
                for entry in _read(part, where, row, lambda done, total: None):
                    row = entry.row
                    yield entry
            except BadInput as error:
                row += 1
                yield Entry(row, fault=error.message)


def _read(path: Path, where: str, row: int, told: Told) -> Iterator[Entry]:
    """The transfers of one document, numbered on from `row`."""
    head = Header()
    for element in xml.records(path, where, _TAGS, told):
        name = xml.local(element)
        if name == "AppHdr":
            head = business(element)
        elif name == "GrpHdr":
            head = head.with_group(element)
        else:
            row += 1
            yield _entry(row, element, head)


def _entry(row: int, element: _Element, head: Header) -> Entry:
    kind = MESSAGES.get(_message(element), "")
    try:
        if not kind:
            raise BadMessage(f"{NOT_KEPT}{_message(element)} is neither pacs.008 nor pacs.009 COV")
        return Entry(row, transfer(element, kind, head).entry())
    except BadMessage as error:
        return Entry(row, fault=error.reason, value=error.value)


def _message(element: _Element) -> str:
    """The element of the message in which a record stands."""
    names = [xml.local(one) for one in element.iterancestors()]
    return next((name for name in names if name in MESSAGES), names[0] if names else "")


def _spans(path: Path) -> list[int]:
    """Where each document of the file ends; documents may stand one behind the other."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        top = _TOP.search(text[:_CHUNK])
        if not top:
            return []
        end = re.compile(rb"</(?:[\w.\-]+:)?" + re.escape(top[1]) + rb"\s*>\s*")
        found = [hit.end() for hit in end.finditer(text)]
        size = len(text)
    return found if not found or found[-1] == size else [*found, size]


def _copy(path: Path, part: Path, start: int, end: int) -> None:
    with path.open("rb") as stream, part.open("wb") as target:
        stream.seek(start)
        while start < end and (chunk := stream.read(min(_CHUNK, end - start))):
            start += len(chunk)
            target.write(chunk)

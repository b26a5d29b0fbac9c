"""What a file is, told by its first bytes, and who reads it: the one place where readers are plugged in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from diversion.errors import BadInput
from diversion.ingest.sheet import IsHeader, Sheet

START = 1 << 16
"""Bytes at the start of a file that tell what it is."""
EXPECTED = "expected CSV, JSON, Parquet or a spreadsheet"

Test = Callable[[bytes, Path], bool]
Open = Callable[[Path, str, IsHeader], Sequence[Sheet]]


class Reader(NamedTuple):
    """Who reads a kind of file: `test` sees the first `START` bytes, `open` gives its sheets."""

    name: str
    test: Test
    open: Open


def document(
    name: str, test: Callable[[bytes], bool], open_it: Callable[[Path, str], Sequence[Sheet]]
) -> Reader:
    """The reader of a publisher's own format, which needs no header to be recognised."""
    return Reader(name, lambda start, _: test(start), lambda path, where, _: open_it(path, where))


def rooted(*names: str, namespace: str = "") -> Callable[[bytes], bool]:
    """A test for XML with one of these local names as its root, and `namespace` somewhere in its namespace.

    >>> rooted("LEIData", namespace="gleif")(b'<?xml version="1.0"?><l:LEIData xmlns:l="urn:gleif:data">')
    True
    """

    def test(start: bytes) -> bool:
        found = root_of(start)
        return found is not None and found[1] in names and namespace in found[0]

    return test


@lru_cache(maxsize=8)
def root_of(start: bytes) -> tuple[str, str] | None:
    """Namespace and local name of the root element, None where it is no XML.

    >>> root_of(b"<a:b xmlns:a='urn:x'><c/>"), root_of(b"name,country")
    (('urn:x', 'b'), None)
    """
    from lxml.etree import QName, XMLPullParser, XMLSyntaxError

    if not is_markup(start):
        return None
    parser: Any = XMLPullParser(("start",), resolve_entities=False, no_network=True, load_dtd=False)
    with suppress(XMLSyntaxError):
        parser.feed(start)
    for _, element in parser.read_events():
        name = QName(element)
        return name.namespace or "", name.localname
    return None


def is_markup(start: bytes) -> bool:
    """Whether the file begins like XML or HTML, in any encoding."""
    return bare(start).startswith(b"<")


def bare(start: bytes) -> bytes:
    """How the file begins, without marks, blanks and the zeros of UTF-16."""
    return start[:400].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"")


def _begins(*magic: bytes) -> Test:
    return lambda start, _: start.startswith(magic)


def _refuse(what: str) -> Open:
    def refuse(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
        raise BadInput(f"this is {what}, not a table", where=where, hint=EXPECTED)

    return refuse


def _parquet(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
    from diversion.ingest.parquet import open_parquet

    return open_parquet(path, where)


def _workbook(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
    from diversion.ingest.containers import is_archive
    from diversion.ingest.workbook import open_workbook

    if is_archive(path):
        raise BadInput(
            "this is an archive within an archive", where=where, hint="unpack it, and name what it holds"
        )
    return open_workbook(path, where, is_header)


def _spreadsheet_xml(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
    from diversion.ingest.spreadsheet_xml import open_spreadsheet_xml

    return open_spreadsheet_xml(path, where, is_header)


def _html(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
    from diversion.ingest.html import open_html

    return open_html(path, where, is_header)


def _json(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
    from diversion.ingest.jsonlines import open_json

    return open_json(path, where)


def _text(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
    from diversion.ingest.text import open_text

    return open_text(path, where, is_header)


def _unknown_xml(path: Path, where: str, is_header: IsHeader) -> Sequence[Sheet]:
    from diversion.ingest.xml import root

    namespace, name, _ = root(path, where)
    told = f"{name} of {namespace}" if namespace else name
    raise BadInput(
        f"this is XML or HTML of a kind that is not known: {told[:200]}", where=where, hint=EXPECTED
    )


_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|style|div|center|title|tr|td)\b", re.I)

_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[\[{\"\]]")


def _is_html(start: bytes, path: Path) -> bool:
    if not is_markup(start) or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return (root_of(start) or ("", ""))[1].casefold() == "html"
    return bool(_HTML.search(start.replace(b"\x00", b"")))


BINARY: tuple[Reader, ...] = (
    Reader("Parquet", _begins(b"PAR1"), _parquet),
    Reader("workbook", _begins(b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), _workbook),
    Reader("BIFF", _begins(b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x08\x00\x00\x05"), _workbook),
    Reader("encrypted Parquet", _begins(b"PARE"), _refuse("Parquet locked with a key")),
    Reader("PDF", _begins(b"%PDF"), _refuse("a PDF document")),
    Reader("SQLite", _begins(b"SQLite format 3"), _refuse("an SQLite database")),
    Reader("picture", _begins(b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), _refuse("a picture")),
    Reader("gzip", _begins(b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"), _refuse("packed twice over")),
    Reader("7z", _begins(b"7z\xbc\xaf"), _refuse("a 7z archive")),
    Reader("RAR", _begins(b"Rar!"), _refuse("a RAR archive")),
    Reader("RTF", _begins(b"{\\rtf"), _refuse("a text document (RTF)")),
    Reader("tar", lambda start, _: start[257:262] == b"ustar", _refuse("a tar archive")),
)


def _named(module: str, test: str, open_it: str) -> Reader:
    """A document's reader by the names of its functions, so that a module is imported when it is needed."""

    def of(name: str) -> Any:
        return getattr(import_module(f"diversion.ingest.{module}"), name)

    return document(
        module, lambda start: bool(of(test)(start)), lambda path, where: list(of(open_it)(path, where))
    )


def _by_root(module: str, open_it: str, *roots: str) -> Reader:
    def opened(path: Path, where: str) -> Sequence[Sheet]:
        found: Sequence[Sheet] = getattr(import_module(f"diversion.ingest.{module}"), open_it)(path, where)
        return found

    return document(module, rooted(*roots), opened)


DOCUMENTS: tuple[Reader, ...] = (
    _by_root("gleif", "open_gleif", "LEIData", "RelationshipData", "ReportingExceptionData"),
    _by_root("un", "open_un", "CONSOLIDATED_LIST"),
    _by_root("eu", "open_eu", "export"),
    _by_root("uk", "open_uk", "Designations"),
    _by_root("ofac_xml", "open_sdn", "sdnList"),
    _by_root("ofac_enhanced", "open_enhanced", "sanctionsData"),
    _by_root("ofac_advanced", "open_advanced", "Sanctions"),
    _named("bods", "is_bods", "open_bods"),
    _named("psc", "is_psc", "open_psc"),
    _named("ftm", "is_ftm", "open_ftm"),
    _named("csl_json", "is_csl_json", "open_csl_json"),
    _named("bis_dpl", "is_dpl", "open_dpl"),
    _named("ofac_legacy", "is_legacy", "open_legacy"),
)
"""Formats of publishers, XML, JSON and messages alike: `document("bods", bods.sniff, bods.open_bods)`, or for
XML `document("gleif", rooted("LEIData"), gleif.open_gleif)`. The first whose test holds reads the file."""
TABLES: tuple[Reader, ...] = (
    Reader(
        "SpreadsheetML 2003",
        lambda start, _: root_of(start) == ("urn:schemas-microsoft-com:office:spreadsheet", "Workbook"),
        _spreadsheet_xml,
    ),
    Reader("HTML", _is_html, _html),
    Reader("XML", lambda start, _: is_markup(start), _unknown_xml),
    Reader("JSON", lambda start, _: bool(_JSON.match(bare(start))), _json),
    Reader("text", lambda start, _: True, _text),
)


def reader(start: bytes, path: Path, where: str) -> Open:
    """Who reads the file. Raises `BadInput` where it is empty."""
    if not start:
        raise BadInput("the file is empty", where=where, hint=EXPECTED)
    return next(one.open for one in (*BINARY, *DOCUMENTS, *TABLES) if one.test(start, path))

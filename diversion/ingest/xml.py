"""XML from anywhere: no entities, no DTD, no network; one record at a time, so that memory stays bounded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from diversion.errors import BadInput

if TYPE_CHECKING:
    from lxml.etree import _Element

    from diversion.ingest.sheet import Told

CHUNK = 1 << 16
LARGEST = 16 << 20
"""Bytes that one record may take in the file."""

ATTRIBUTES = 500
"""Attributes of the root; lxml takes time in proportion to the square of their number."""


def root(path: Path, where: str) -> tuple[str, str, dict[str, str]]:
    """Namespace (empty where there is none), local name and attributes of the root element.

    Raises `BadInput` where the file is no XML or declares entities.
    """
    for _, element in _events(path, where, _parser(("start",), None)):
        if element is not None:
            _refuse_entities(element, where)
            if len(element.attrib) > ATTRIBUTES:
                raise BadInput(f"the root of the XML has more than {ATTRIBUTES} attributes", where=where)
            return _namespace(element), local(element), {str(k): str(v) for k, v in element.attrib.items()}
    raise BadInput("the XML has no element", where=where)


def records(path: Path, where: str, tags: Collection[str], told: Told | None = None) -> Iterator[_Element]:
    """Elements whose local name is among `tags`, in any namespace, in order; of nested ones the outermost.

    An element holds its content only until the next is asked for. Raises `BadInput` with the line where the
    file is damaged, declares entities, or holds a record beyond `LARGEST`.
    """
    _, top, _ = root(path, where)
    size = path.stat().st_size
    whole = inside = None
    begun = done = 0
    for event, element in _events(path, where, _parser(("start", "end"), {top, *tags})):
        if element is None:
            done = min(done + CHUNK, size)
            if told:
                told(done, size)
            if inside is not None and done - begun > LARGEST:
                raise BadInput(f"the record at line {inside.sourceline} is larger than 16 MB", where=where)
            if inside is None and whole is not None:
                _prune(whole)
            continue
        whole = element if whole is None else whole
        if event == "start" and inside is None and local(element) in tags:
            inside, begun = element, done
        elif event == "end" and element is inside:
            inside = None
            yield element
            del element[:]


def _parser(events: Sequence[Literal["start", "end"]], tags: Collection[str] | None) -> Any:
    from lxml.etree import XMLPullParser

    return XMLPullParser(
        events,
        tag=None if tags is None else [f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _events(path: Path, where: str, parser: Any) -> Iterator[tuple[str, _Element | None]]:
    """The events of the parser, and one without element after each chunk that it was given."""
    from lxml.etree import XMLSyntaxError

    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                parser.feed(chunk)
                yield from parser.read_events()
                yield "", None
        parser.close()
    except XMLSyntaxError as error:
        told = str(error).removesuffix(f" (<string>, line {error.lineno})")[:200]
        raise BadInput(f"the XML is damaged: {told}", where=where) from None


def _refuse_entities(element: _Element, where: str) -> None:
    """What entities stand for may be anything, or endless."""
    dtd: Any = element.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise BadInput("the XML declares entities of its own, which are not read", where=where)


def _prune(element: _Element) -> None:
    """Drop what was read: of each open element all children but the last, which may still be open."""
    while len(element):
        del element[:-1]
        element = element[0]


def local(element: _Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _namespace(element: _Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")


@cache
def _anywhere(path: str) -> str:
    return re.sub(r"(?<![^/])(?=[\w])", "{*}", path)


def find(element: _Element, path: str) -> _Element | None:
    """The first element at a path of local names (`Entity/LegalName`), in any namespace."""
    return element.find(_anywhere(path))


def find_all(element: _Element, path: str) -> list[_Element]:
    """All elements at a path of local names, in order."""
    return element.findall(_anywhere(path))


def text(element: _Element | None, path: str = ".") -> str | None:
    """The text of the first element at a path of local names, trimmed; None where there is none.

    >>> from lxml.etree import fromstring
    >>> text(fromstring('<a xmlns="urn:x"><b><c> Alpha </c></b></a>'), "b/c")
    'Alpha'
    """
    found = None if element is None else element.find(_anywhere(path)) if path != "." else element
    return ((found.text or "").strip() or None) if found is not None else None


def texts(element: _Element, path: str) -> list[str]:
    """The texts of all elements at a path of local names, without the empty ones."""
    return [said for one in find_all(element, path) if (said := text(one))]


def under(element: _Element) -> dict[str, str]:
    """The texts of the children by local name; of several of one name the first.

    >>> from lxml.etree import fromstring
    >>> under(fromstring("<a><b>1</b><c/><b>2</b></a>"))
    {'b': '1'}
    """
    found: dict[str, str] = {}
    for child in element:
        if said := text(child):
            found.setdefault(local(child), said)
    return found

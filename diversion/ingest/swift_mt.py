"""SWIFT messages in text: which file holds them, and each as one row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from diversion.ingest.documents import NOT_KEPT, Entry, sheet
from diversion.ingest.instruments import COLUMNS, BadMessage, Message
from diversion.ingest.sheet import Sheet, Told
from diversion.ingest.swift_credits import amendment, continuation, issue
from diversion.ingest.swift_fields import Fin, read
from diversion.ingest.swift_split import LONGEST, messages
from diversion.ingest.swift_transfers import PAYEE, cover, customer

_FIN = re.compile(rb"[\s\x01$]*\{1:[A-Z][0-9]{2}[A-Z0-9]{8}")
_BARE = re.compile(rb"[\s$]*:[0-9]{2}[A-Z]?:[^\r\n]*(?:\r?\n[^:\r\n][^\r\n]*)*\r?\n:[0-9]{2}[A-Z]?:")
_MARK = b"\xef\xbb\xbf"

READERS: dict[str, Callable[[Fin, str], Message]] = {
    **dict.fromkeys(("700", "710", "720"), issue),
    **dict.fromkeys(("701", "711", "721"), continuation),
    **dict.fromkeys(("707", "708"), amendment),
    **dict.fromkeys(("202", "205"), cover),
    "103": customer,
}
"""Type of a message → who reads it."""
_TELLS: tuple[tuple[str, Callable[[Fin], bool]], ...] = (
    ("202", lambda fin: fin.has("58A", "58D", "58") and fin.has("32A")),
    ("103", lambda fin: fin.has("32A") and fin.has(*PAYEE)),
    ("707", lambda fin: fin.has("26E", "30") or (fin.has("21") and fin.has("31E", "34B", "79Z", "79"))),
    ("710", lambda fin: fin.has("40B")),
    ("700", lambda fin: fin.has("40A", "31D", "45A", "46A")),
)
"""The type of a message without blocks, by the fields that only it has."""


def is_swift(start: bytes) -> bool:
    r"""Whether a file that begins so holds SWIFT messages.

    >>> is_swift(b"{1:F01KESTAEADAXXX0000000000}{2:I700"), is_swift(b":20:LC-1\r\n:31C:240115\r\n")
    (True, True)
    """
    text = start.removeprefix(_MARK)
    return bool(_FIN.match(text) or _BARE.match(text))


def open_swift(path: Path, where: str) -> list[Sheet]:
    """The messages of a file: each one row, numbered from 1. Raises `BadInput` where the file is binary."""
    return [sheet(None, "swift_mt", COLUMNS, partial(_entries, path, where))]


def _entries(path: Path, where: str, told: Told) -> Iterator[Entry]:
    for row, text in enumerate(messages(path, where, told), 1):
        try:
            yield Entry(row, understood(text).entry())
        except BadMessage as error:
            yield Entry(row, fault=error.reason, value=error.value or text[:120])


def understood(text: str) -> Message:
    """What one message says.

    Raises `BadMessage` with a reason, which begins with `NOT_KEPT` where it has no place in the graph.
    """
    if len(text) > LONGEST:
        raise BadMessage("the message is far longer than the network allows", text[:120])
    fin = read(text)
    if fin.service:
        raise BadMessage(f"{NOT_KEPT}a service message of the network")
    kind = fin.type or next((kind for kind, tells in _TELLS if tells(fin)), "")
    if kind in READERS:
        return READERS[kind](fin, kind)
    if kind:
        raise BadMessage(f"{NOT_KEPT}MT{kind} tells of no instrument that is read")
    shown = ", ".join(tag for tag, _ in fin.fields[:20]) or "none"
    raise BadMessage(f"its fields do not tell which message it is: {shown}")

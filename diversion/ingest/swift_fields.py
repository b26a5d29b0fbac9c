"""Fields of SWIFT messages: blocks, tags, and what the formats of the fields mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from diversion.ingest import vocabulary
from diversion.ingest.instruments import BadMessage, Role, account, bic, country_at_end
from diversion.parties.names import split

_TAG = re.compile(r":([0-9]{2}[A-Z]?):(.*)")
_AMOUNT = re.compile(r"([A-Z]{3})([0-9]{1,15},[0-9]{0,3})")
_DAY = re.compile(r"[0-9]{6}")
_BLOCK = re.compile(r"\{([0-9A-Z]):")
_WIDTH = 35
"""Letters of one line of a name or address."""


@dataclass(frozen=True)
class Fin:
    """One message: its type, who sent it to whom, and the fields of block 4 in order."""

    type: str = ""
    sender: str = ""
    receiver: str = ""
    user: dict[str, str] = field(default_factory=dict)
    service: bool = False
    fields: tuple[tuple[str, str], ...] = ()

    def get(self, *tags: str) -> str:
        """The value of the first field with one of the tags; empty where there is none."""
        return next((value for tag, value in self.fields if tag in tags), "")

    def has(self, *tags: str) -> bool:
        """Whether there is a field with one of the tags."""
        return any(tag in tags for tag, _ in self.fields)


def read(text: str) -> Fin:
    """A message as its parts. Raises `BadMessage` where it is cut off or holds what is no field."""
    if "{" not in text[:1]:
        return Fin(fields=tuple(_fields(_body(text))))
    heads = {one: _head(text, one) for one in "12"}
    if heads["1"][:1] == "F" and heads["1"][1:3] == "21":
        return Fin(service=True)
    start = text.find("{4:")
    if start < 0:
        raise BadMessage("there is no block 4", text[:80])
    end = text.find("\n-}", start)
    if end < 0:
        raise BadMessage("block 4 does not end with -}: the message is cut off", text[-80:])
    kind, sender, receiver = _ends(heads["1"], heads["2"])
    fields = tuple(_fields(text[start + 3 : end]))
    return Fin(kind, sender, receiver, _user(text[:start]), False, fields)


def _body(text: str) -> str:
    """Bare fields, without the end of the message."""
    return re.sub(r"\n-\}?\s*$", "", text)


def _head(text: str, number: str) -> str:
    found = re.search(rf"\{{{number}:([^{{}}]*)\}}", text[:400])
    return found[1] if found else ""


def _user(head: str) -> dict[str, str]:
    """Block 3: `{3:{119:COV}{121:…}}`."""
    return dict(re.findall(r"\{([0-9]{3}):([^{}]*)\}", head))


def _ends(basic: str, application: str) -> tuple[str, str, str]:
    """Type, sender and receiver: block 1 is the sender's of what was sent, the receiver's of what came in."""
    own, kind = _terminal(basic[3:15]), application[1:4]
    if application[:1] == "I":
        return kind, own, _terminal(application[4:16])
    if application[:1] == "O":
        return kind, _terminal(application[14:26]), own
    raise BadMessage("block 2 does not tell the type of the message", application[:40])


def _terminal(address: str) -> str:
    """The BIC of a logical terminal, whose ninth letter names the terminal alone."""
    return bic(address[:8] + address[9:12]) or bic(address[:8])


def _fields(text: str) -> Iterable[tuple[str, str]]:
    tag, lines = "", list[str]()
    for line in text.split("\n"):
        if found := _TAG.fullmatch(line.rstrip("\r")):
            if tag:
                yield tag, "\n".join(lines).strip()
            tag, lines = found[1], [found[2]]
        elif tag:
            lines.append(line.rstrip())
        elif line.strip():
            raise BadMessage("what stands before the first field is none", line)
    if tag:
        yield tag, "\n".join(lines).strip()


def amount(tag: str, value: str) -> tuple[str, str]:
    """Currency and amount, with a point: `USD12345,67`. Raises `BadMessage` where it is none.

    >>> amount("32B", "USD12345,67")
    ('USD', '12345.67')
    """
    found = _AMOUNT.fullmatch(value.strip())
    if not found:
        raise BadMessage(f"field {tag}: no currency and amount such as USD12345,67", value)
    if not vocabulary.currency(found[1])[0]:
        raise BadMessage(f"field {tag}: no such currency (ISO 4217)", value)
    return found[1], found[2].replace(",", ".").rstrip(".")


def day(tag: str, value: str) -> date:
    """A day written YYMMDD; years from 80 on are of the last century. Raises `BadMessage`.

    >>> day("31C", "240115")
    datetime.date(2024, 1, 15)
    """
    digits = value[:6]
    try:
        if _DAY.fullmatch(digits):
            year = int(digits[:2])
            return date(year + (1900 if year >= 80 else 2000), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        pass
    raise BadMessage(f"field {tag}: no day such as 240131 (YYMMDD)", value)


def day_after(tag: str, value: str) -> str:
    """The first day after one that is still good."""
    return (day(tag, value) + timedelta(days=1)).isoformat()


def party(role: str, option: str, value: str) -> tuple[Role, str]:
    """Whoever a party field names, and its account where that is no IBAN."""
    lines = [line.strip() for line in value.split("\n") if line.strip()]
    number = lines.pop(0).lstrip("/") if lines and lines[0].startswith("/") else ""
    if re.match(r"[A-Z]/", number):  # debit or credit mark before the account
        number = number[2:]
    identifiers, text = account(number)
    if option == "F":
        return _numbered(role, lines, identifiers), text
    code = bic(lines[0]) if lines and option == "A" else ""
    lines = lines[1:] if code else lines
    name, rest = _name(lines)
    there = country_at_end(rest)
    return Role(role, name, ", ".join(rest), there, code, identifiers), text


def _name(lines: Sequence[str]) -> tuple[str, list[str]]:
    """The name, and the address below it: a name that fills its line ends on the next where a form stands."""
    if not lines:
        return "", []
    first, second = lines[0], lines[1] if len(lines) > 1 else ""
    if len(first) == _WIDTH and not split(first)[1] and split(first + second)[1]:
        return first + second, list(lines[2:])
    return first, list(lines[1:])


def _numbered(role: str, lines: Sequence[str], identifiers: tuple[str, ...]) -> Role:
    """Option F: lines `1/` name, `2/` address, `3/` country and town, `4/` birth, `6/` and `7/` numbers."""
    parts: dict[str, list[str]] = {}
    for line in lines:
        number, _, said = line.partition("/")
        parts.setdefault(number, []).append(said.strip())
    country, _, town = (parts.get("3") or [""])[0].partition("/")
    place = [*parts.get("2", []), *filter(None, [town, *parts.get("3", [])[1:]])]
    born = "".join(re.findall(r"^[0-9]{8}$", (parts.get("4") or [""])[0]))
    return Role(
        role,
        " ".join(parts.get("1", [])),
        ", ".join(place),
        vocabulary.country(country)[0] or "",
        identifiers=identifiers,
        kind="person" if born else "",
        born=f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else "",
    )

"""One transfer of a pacs.008, or of a pacs.009 with the customers' transfer that it covers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from diversion.ingest import vocabulary, xml
from diversion.ingest.documents import NOT_KEPT, plain
from diversion.ingest.instruments import INSTRUCTED, BadMessage, Message, Role, bic, real, told
from diversion.ingest.iso20022_parties import agent, customer

if TYPE_CHECKING:
    from lxml.etree import _Element

_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,5})?")
_CUSTOMERS = {
    "UltmtDbtr": "ultimate debtor",
    "InitgPty": "initiating party",
    "Dbtr": "debtor",
    "Cdtr": "creditor",
    "UltmtCdtr": "ultimate creditor",
}
_STEPS = {
    **{f"PrvsInstgAgt{n}": "previous instructing agent" for n in ("", 1, 2, 3)},
    **{f"IntrmyAgt{n}": "intermediary agent" for n in (1, 2, 3)},
}
_AGENTS = {"DbtrAgt": "debtor agent", "CdtrAgt": "creditor agent", **_STEPS}
_BANKS = {
    "Dbtr": "ordering institution",
    "DbtrAgt": "ordering institution's agent",
    "CdtrAgt": "account with institution",
    "Cdtr": "beneficiary institution",
    **{tag: role.replace("agent", "institution") for tag, role in _STEPS.items()},
}
"""Banks for whom a cover moves the money."""
_DOCUMENTS = {"CINV": "invoice", "MSIN": "invoice", "SBIN": "invoice", "PUOR": "order", "CMCN": "contract"}
"""External codes of document types, which the references are named by."""
_TERMS = {
    "ChrgBr": "charges",
    "Purp/Cd": "purpose",
    "Purp/Prtry": "purpose",
    "InstrForCdtrAgt/InstrInf": "instruction for the creditor agent",
    "InstrForNxtAgt/InstrInf": "instruction for the next agent",
    "RgltryRptg/Dtls/Inf": "regulatory reporting",
    "XchgRate": "exchange rate",
}
Terms = list[tuple[str, str]]


@dataclass(frozen=True)
class Header:
    """What the headers of a message say for each of its transfers."""

    sender: str = ""
    receiver: str = ""
    settled_on: str = ""
    made_on: str = ""
    roles: tuple[Role, ...] = ()

    def with_group(self, element: _Element) -> Header:
        """With the group header of the message. A business header's ends count where this one names none."""
        ends = {end: agent(element, f"Inst{end}Agt", "")[0] for end in ("g", "d")}
        codes = [one.bic if (one := ends[end]) else "" for end in ("g", "d")]
        return replace(
            self,
            sender=codes[0] or self.sender,
            receiver=codes[1] or self.receiver,
            settled_on=xml.text(element, "IntrBkSttlmDt") or "",
            made_on=(xml.text(element, "CreDtTm") or "")[:10],
        )


def business(element: _Element) -> Header:
    """The business header (`AppHdr`): who sends the message to whom."""
    path = "{}/FIId/FinInstnId/{}"
    ends = [
        next(
            (code for tag in ("BICFI", "BIC") if (code := bic(xml.text(element, path.format(end, tag))))), ""
        )
        for end in ("Fr", "To")
    ]
    return Header(sender=ends[0], receiver=ends[1])


def transfer(element: _Element, kind: str, head: Header) -> Message:
    """What one `CdtTrfTxInf` says. Raises `BadMessage` where it names no customers, amount or reference."""
    covered = xml.find(element, "UndrlygCstmrCdtTrf")
    if kind == "pacs.009" and covered is None:
        raise BadMessage(f"{NOT_KEPT}pacs.009 without the customers' transfer that it covers")
    name = "pacs.009 COV" if kind == "pacs.009" else kind
    inner = element if covered is None else covered
    for tag in ("Dbtr", "Cdtr"):
        if not _named(inner, tag):
            raise BadMessage(f"{tag} is missing, or has no name")
    head = _own_ends(element, head)
    currency, settled = _amount(element, "IntrBkSttlmAmt")
    number, references = _references(element)
    roles, terms = _roles(element, inner)
    found = _remittance(inner)
    return Message(
        number=number,
        said=f"{name} {head.sender}>{head.receiver}",
        format=name,
        kind="payment",
        cells={
            "issued_on": _day(element, head),
            "currency": currency,
            "amount": settled,
            "goods": "\n".join(found.texts) or None,
        },
        roles=[*roles, *found.roles, *_ends(head)],
        terms=[*_terms(element, inner), *terms],
        references=[*references, *found.references],
        bills=found.bills,
    )


def _named(element: _Element, tag: str) -> bool:
    role = customer(element, tag, "")[0]
    return role is not None and told(role)


def _own_ends(element: _Element, head: Header) -> Header:
    """Instructing and instructed agent of the transfer itself, else those of the message."""
    ours, theirs = (agent(element, tag, "")[0] for tag in ("InstgAgt", "InstdAgt"))
    return replace(
        head,
        sender=(ours.bic if ours else "") or head.sender,
        receiver=(theirs.bic if theirs else "") or head.receiver,
    )


def _ends(head: Header) -> list[Role]:
    pairs = (("sender", head.sender), ("receiver", head.receiver))
    return [Role(role, bic=code) for role, code in pairs if code]


def _amount(element: _Element, tag: str) -> tuple[str, str]:
    """Currency and amount. Raises `BadMessage` where they are missing or none."""
    found = xml.find(element, tag)
    if found is None:
        raise BadMessage(f"{tag} is missing")
    said, currency = xml.text(found) or "", plain(found.get("Ccy"))
    if not _AMOUNT.fullmatch(said):
        raise BadMessage(f"{tag}: no amount such as 12345.67", said)
    if not vocabulary.currency(currency)[0]:
        raise BadMessage(f"{tag}: no such currency (ISO 4217)", currency)
    return currency, said


def _day(element: _Element, head: Header) -> str | None:
    """The day of settlement, else the day on which the message was made."""
    said = xml.text(element, "IntrBkSttlmDt") or head.settled_on or head.made_on
    if not said:
        return None
    try:
        return date.fromisoformat(said[:10]).isoformat()
    except ValueError:
        raise BadMessage("IntrBkSttlmDt: no day such as 2024-01-31", said) from None


def _references(element: _Element) -> tuple[str, list[str]]:
    """The reference of the payment, and all of them as `scheme:number`."""
    names = {
        "UETR": ("UETR", "uetr"),
        "TxId": ("TX", "transaction"),
        "EndToEndId": ("E2E", "end to end"),
        "InstrId": ("INSTR", "instruction"),
    }
    found = {tag: real(xml.text(element, f"PmtId/{tag}")) for tag in names}
    found["UETR"] = found["UETR"].lower()
    order = ("UETR", "EndToEndId", "InstrId", "TxId")
    best = next((tag for tag in order if found[tag]), "")
    if not best:
        raise BadMessage("PmtId holds no UETR, EndToEndId, InstrId or TxId")
    references = [f"{names[tag][1]}:{number}" for tag, number in found.items() if number]
    return f"{names[best][0]}:{found[best]}", references


def _roles(element: _Element, inner: _Element) -> tuple[list[Role], Terms]:
    groups = [(inner, _CUSTOMERS, customer), (inner, _AGENTS, agent)]
    if inner is not element:
        groups.append((element, _BANKS, agent))
    roles, terms = list[Role](), Terms()
    for place, names, read in groups:
        for tag, name in names.items():
            role, number = read(place, tag, name)
            roles += [role] if role else []
            terms += [(f"account of {name}", number)] if number else []
    return roles, terms


def _terms(element: _Element, inner: _Element) -> Iterator[tuple[str, str]]:
    places = [element] if inner is element else [element, inner]
    for path, label in _TERMS.items():
        said = dict.fromkeys(text for place in places for text in xml.texts(place, path))
        if said:
            yield label, "\n".join(said)
    for place in reversed(places):
        if xml.find(place, "InstdAmt") is not None:
            yield INSTRUCTED, " ".join(_amount(place, "InstdAmt"))
            return


@dataclass(frozen=True)
class _Remittance:
    texts: list[str]
    references: list[str]
    bills: list[str]
    roles: list[Role]


def _remittance(element: _Element) -> _Remittance:
    """What is paid: free text, and documents by their kind and number."""
    texts = xml.texts(element, "RmtInf/Ustrd")
    references, bills, roles = list[str](), list[str](), list[Role]()
    for part in xml.find_all(element, "RmtInf/Strd"):
        for document in xml.find_all(part, "RfrdDocInf"):
            kind = xml.text(document, "Tp/CdOrPrtry/Cd") or xml.text(document, "Tp/CdOrPrtry/Prtry") or ""
            if number := xml.text(document, "Nb"):
                if kind == "BOLD":
                    bills.append(number)
                else:
                    references.append(f"{_DOCUMENTS.get(kind, 'document')}:{number}")
            texts += xml.texts(document, "LineDtls/Desc")
        references += [f"creditor reference:{one}" for one in xml.texts(part, "CdtrRefInf/Ref")]
        texts += xml.texts(part, "AddtlRmtInf")
        found = (
            customer(part, tag, role)[0] for tag, role in (("Invcr", "invoicer"), ("Invcee", "invoicee"))
        )
        roles += [role for role in found if role]
    return _Remittance(list(dict.fromkeys(texts)), references, bills, roles)

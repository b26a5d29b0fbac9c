"""Fields of SWIFT messages by what they become: parties in roles, or terms under a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from diversion.ingest.instruments import TOLERANCE, BadMessage, Role, told
from diversion.ingest.swift_fields import Fin, party

TERMS = {
    "13C": "time of settlement",
    "23B": "bank operation",
    "23S": "cancellation asked for",
    "27": "sequence",
    "31D": "place of expiry",
    "39A": TOLERANCE,
    "39B": "maximum amount",
    "39C": "additional amounts",
    "40A": "form of credit",
    "40B": "form of credit",
    "40E": "applicable rules",
    "41A": "available with",
    "41D": "available with",
    "42C": "drafts at",
    "42M": "mixed payment",
    "42P": "deferred payment",
    "43P": "partial shipments",
    "43T": "transhipment",
    "44A": "place of taking in charge",
    "44B": "place of final destination",
    "44D": "shipment period",
    "46A": "documents required",
    "46B": "documents required",
    "47A": "additional conditions",
    "47B": "additional conditions",
    "48": "period for presentation",
    "49": "confirmation",
    "49G": "special payment conditions for the beneficiary",
    "49H": "special payment conditions for the bank",
    "71A": "charges",
    "71B": "charges",
    "71D": "charges",
    "71N": "charges of the amendment",
    "72": "bank to bank",
    "72Z": "bank to bank",
    "78": "instructions to the bank",
    "79": "narrative",
    "79Z": "narrative",
}
"""Fields that become terms, by their name; an unknown one is kept under its tag."""
_TAKEN = {
    *("20", "21", "21A", "22A", "23", "26E", "30", "31C", "31E", "32A", "32B", "33B", "34B"),
    *("44C", "44E", "44F", "45A", "45B", "70"),
}
"""Fields that have a column of their own."""
CREDIT = {
    "50": "applicant",
    "50B": "issuer",
    "51": "applicant bank",
    "52": "issuing bank",
    "59": "beneficiary",
    "53": "reimbursing bank",
    "57": "advise through bank",
    "58": "confirming bank",
    "42": "drawee",
    "41": "available with",
}
TRANSFER = {
    "50": "ordering customer",
    "51": "sending institution",
    "52": "debtor agent",
    "53": "sender's correspondent",
    "54": "receiver's correspondent",
    "55": "third reimbursement institution",
    "56": "intermediary agent",
    "57": "creditor agent",
    "58": "beneficiary institution",
    "59": "beneficiary customer",
}
COVER = TRANSFER | {
    "52": "ordering institution",
    "56": "intermediary institution",
    "57": "account with institution",
}
"""Roles of the first sequence of a cover: banks that move the money."""
_OPTIONS = ("", "A", "B", "D", "F", "K")

Terms = list[tuple[str, str]]


def roles(given: Iterable[tuple[str, str]], names: Mapping[str, str]) -> tuple[list[Role], Terms]:
    """The parties of some fields, and as terms those accounts of theirs that are no IBAN."""
    found, accounts = list[Role](), Terms()
    for tag, value in given:
        name = names.get(tag) or names.get(tag[:2])
        if not name or tag[2:] not in _OPTIONS or (tag in TERMS and tag[:2] != "41"):
            continue
        role, number = party(name, tag[2:], _without_way(tag, value))
        if told(role) and not role.name.upper().startswith("ANY "):
            found.append(role)
        if number:
            accounts.append((f"account of {name}", number))
    return found, accounts


def _without_way(tag: str, value: str) -> str:
    """Field 41a ends with the way in which the credit is available."""
    lines = value.split("\n")
    return "\n".join(line for line in lines if not line.startswith("BY ")) if tag[:2] == "41" else value


def terms(given: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The fields that are neither parties nor columns; one that is not known is kept under its tag."""
    for tag, value in given:
        if label := TERMS.get(tag):
            yield label, value[6:].strip() if tag == "31D" else value
        elif tag not in _TAKEN and tag[:2] not in TRANSFER and tag[:2] not in CREDIT:
            yield f"field {tag}", value


def ends(fin: Fin) -> list[Role]:
    """Who sent the message to whom."""
    pairs = (("sender", fin.sender), ("receiver", fin.receiver))
    return [Role(role, bic=code) for role, code in pairs if code]


def needed(fin: Fin, *tags: str) -> str:
    """The value of a field without which a message says nothing. Raises `BadMessage`."""
    if found := fin.get(*tags):
        return found
    raise BadMessage(f"field {tags[0]} is missing")

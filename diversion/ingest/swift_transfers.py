"""Customer transfers: MT103, and the transfer that an MT202 COV or MT205 COV covers."""

from __future__ import annotations

from diversion.ingest.documents import NOT_KEPT
from diversion.ingest.instruments import INSTRUCTED, BadMessage, Message, real
from diversion.ingest.swift_fields import Fin, amount, day
from diversion.ingest.swift_terms import COVER, TRANSFER, ends, needed, roles, terms

PAYER, PAYEE = ("50A", "50F", "50K", "50"), ("59", "59A", "59F")


def cover(fin: Fin, kind: str) -> Message:
    """A transfer between banks with the one that it covers, which begins with the ordering customer."""
    if not fin.has(*PAYER) and not fin.has(*PAYEE) and fin.user.get("119") != "COV":
        raise BadMessage(f"{NOT_KEPT}MT{kind} moves money between banks and names no customer")
    for tags in (PAYER, PAYEE):
        if not fin.has(*tags):
            raise BadMessage(f"field {tags[0][:2]}a of the transfer that it covers is missing")
    at = next(at for at, (tag, _) in enumerate(fin.fields) if tag in PAYER)
    return _transfer(fin, f"MT{kind} COV", fin.fields[:at], fin.fields[at:])


def customer(fin: Fin, kind: str) -> Message:
    """A transfer from customer to customer."""
    for tags in (PAYER, PAYEE):
        needed(fin, *tags)
    return _transfer(fin, f"MT{kind}", (), fin.fields)


Fields = tuple[tuple[str, str], ...]


def _transfer(fin: Fin, name: str, banks: Fields, customers: Fields) -> Message:
    own, valued = needed(fin, "20"), needed(fin, "32A")
    ours, one = roles(banks, COVER)
    theirs, two = roles(customers, TRANSFER)
    currency, settled = amount("32A", valued[6:])
    kept = [*terms(fin.fields), *one, *two]
    if fin.get("33B"):
        kept.append((INSTRUCTED, " ".join(amount("33B", fin.get("33B")))))
    uetr = fin.user.get("121", "").lower()
    known = [f"uetr:{uetr}"] if uetr else []
    return Message(
        number=f"UETR:{uetr}" if uetr else f"{name}:{fin.sender}{'/' if fin.sender else ''}{own}",
        said=f"{name} {fin.sender}>{fin.receiver}" if fin.sender else f"{name} {own}",
        format=name,
        kind="payment",
        cells={
            "issued_on": day("32A", valued).isoformat(),
            "currency": currency,
            "amount": settled,
            "goods": fin.get("70") or None,
        },
        roles=[*ours, *theirs, *ends(fin)],
        terms=kept,
        references=[*known, f"bank:{own}", *(f"related:{two}" for two in [real(fin.get("21"))] if two)],
    )

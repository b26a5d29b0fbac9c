"""Documentary credits: issue (MT700), advice (MT710), transfer (MT720), amendment (MT707); continuations."""

from __future__ import annotations

from dataclasses import replace

from diversion.ids import digest
from diversion.ingest.instruments import BadMessage, Message, Role, real
from diversion.ingest.swift_fields import Fin, amount, day, day_after
from diversion.ingest.swift_terms import CREDIT, ends, needed, roles, terms

_TRANSFERRED = {"applicant": "first beneficiary", "beneficiary": "second beneficiary"}
_EACH = ("", "A", "B", "D", "F")
Cells = dict[str, str | None]


def issue(fin: Fin, kind: str) -> Message:
    """MT700, or its advice or transfer by another bank, which has a number of its own in field 20.

    Raises `BadMessage` where number, expiry, amount, applicant or beneficiary is missing.
    """
    own = needed(fin, "20")
    for tag in ("31D", "32B", "50", "59"):
        needed(fin, *(tag + option for option in _EACH))
    number = (real(fin.get("21")) if kind != "700" else "") or own
    named, accounts = roles(fin.fields, CREDIT)
    if kind == "720":
        named = [replace(one, role=_TRANSFERRED.get(one.role, one.role)) for one in named]
    if kind == "700" and fin.sender and all(one.role != "issuing bank" for one in named):
        named.append(Role("issuing bank", bic=fin.sender))
    if fin.receiver:
        named.append(Role("advising bank", bic=fin.receiver))
    references = [f"bank:{own}"] if number != own else []
    references += [f"pre-advice:{one}" for one in [real(fin.get("23"))] if one and kind == "700"]
    return replace(
        _credit(fin, kind, number),
        roles=[*named, *ends(fin)],
        terms=[*terms(fin.fields), *accounts],
        references=references,
    )


def continuation(fin: Fin, kind: str) -> Message:
    """MT701, MT711 and MT721: goods, documents and conditions for which there was no room."""
    number = (real(fin.get("21")) if kind != "701" else "") or needed(fin, "20")
    message = _credit(fin, kind, number)
    return replace(message, said=f"{message.said} {fin.get('27')}".rstrip())


def amendment(fin: Fin, kind: str) -> Message:
    """MT707, and MT708 that continues it: of the credit that its field 23 names, else its field 20.

    Where neither is the number of a credit that was read and field 21 is, that one is meant.
    """
    own = needed(fin, "20")
    numbers = [one for one in map(real, (fin.get("21A"), fin.get("23"), own, fin.get("21"))) if one]
    if not numbers:
        raise BadMessage("field 20: no number of a credit", own)
    named, accounts = roles(fin.fields, CREDIT)
    message = _credit(fin, kind, numbers[0])
    which = real(fin.get("26E")) or digest(*(value for _, value in fin.fields))
    part = f" {fin.get('27')}" if kind == "708" else ""
    return replace(
        message,
        said=f"{message.said} {which}{part}",
        cells={**message.cells, **_changed(fin), "amends": _order(fin)},
        roles=[*named, *ends(fin)],
        terms=[*terms(fin.fields), *accounts],
        references=[f"bank:{one}" for one in numbers[1:] if one != numbers[0]],
        numbers=numbers,
    )


def _credit(fin: Fin, kind: str, number: str) -> Message:
    expiry = next((tag for tag in ("31D", "31E") if fin.get(tag)), "")
    cells: Cells = {
        "issued_on": day("31C", fin.get("31C")).isoformat() if fin.get("31C") else None,
        "expires_on": day_after(expiry, fin.get(expiry)) if expiry else None,
        "latest_shipment": day("44C", fin.get("44C")).isoformat() if fin.get("44C") else None,
        "goods": fin.get("45A", "45B") or None,
        "port_of_loading": fin.get("44E") or fin.get("44A") or None,
        "port_of_discharge": fin.get("44F") or fin.get("44B") or None,
    }
    if fin.get("32B"):
        cells["currency"], cells["amount"] = amount("32B", fin.get("32B"))
    kept = [*terms(fin.fields)]
    return Message(number, f"MT{kind}", f"MT{kind}", "letter of credit", cells, terms=kept)


def _order(fin: Fin) -> str:
    """What amendments are sorted by: number, then day."""
    number = fin.get("26E").strip()
    if number and not (number.isascii() and number.isdigit() and len(number) <= 3):
        raise BadMessage("field 26E: no number of an amendment", number)
    made = day("30", fin.get("30")).isoformat() if fin.get("30") else ""
    return f"{int(number or 0):03}|{made}"


def _changed(fin: Fin) -> Cells:
    """The amount after the amendment, else what is added to it or taken away."""
    cells: Cells = {"amount": None, "change": None}
    for tag, sign in (("32B", ""), ("33B", "-")):
        if fin.get(tag):
            cells["currency"], changed = amount(tag, fin.get(tag))
            cells["change"] = sign + changed
    if fin.get("34B"):
        cells["currency"], cells["amount"] = amount("34B", fin.get("34B"))
        cells["change"] = None
    return cells

"""The cells of one statement of the Beneficial Ownership Data Standard: a row a party, a row an interest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from diversion.ingest.documents import addresses, several

Raw = dict[str, Any]
Cells = dict[str, str | None]

STAKES = {"shareholding": "shares", "votingRights": "votes"}
"""Interests that are holdings; the others are control, but for those of which nothing is known."""
UNKNOWN = (None, "unknownInterest", "unpublishedInterest")
CONTROL = {
    "appointmentOfBoard": "right to appoint the board",
    "otherInfluenceOrControl": "other influence or control",
    "seniorManagingOfficial": "senior managing official",
    "beneficiaryOfLegalArrangement": "beneficiary of an arrangement",
    "rightsToSurplusAssetsOnDissolution": "right to surplus assets",
    "rightsToProfitOrIncome": "right to profit or income",
    "rightsGrantedByContract": "rights granted by contract",
    "conditionalRightsGrantedByContract": "conditional rights granted by contract",
    "controlViaCompanyRulesOrArticles": "control by the articles",
    "controlByLegalFramework": "control by law",
    "boardMember": "board member",
    "boardChair": "board chair",
    "enjoymentAndUseOfAssets": "enjoyment and use of assets",
    "rightToProfitOrIncomeFromAssets": "right to profit or income from assets",
}
"""How the graph calls an interest where its code is no plain word."""
KINDS = {
    "state": "public body",
    "stateBody": "public body",
    "anonymousEntity": "unknown",
    "unknownEntity": "unknown",
}


def rows(statement: Raw, replaces: Iterable[str] = ()) -> Iterator[Cells]:
    """The rows of a valid statement: one of a party, one or more of a relationship.

    `replaces` are ids of earlier statements that it takes the place of.
    """
    details = statement["recordDetails"]
    published = (statement.get("publicationDetails") or {}).get("publicationDate")
    days = [day for day in (published, statement.get("statementDate")) if day]
    common: Cells = {
        "record_id": statement["recordId"],
        "stated_on": statement.get("statementDate"),
        "status": statement.get("recordStatus"),
        "replaces": several(replaces),
        "known_on": max(days, default=None),
    }
    if statement["recordType"] == "relationship":
        yield from (common | row for row in _relationship(details, statement["recordId"]))
    else:
        party = _person(details) if statement["recordType"] == "person" else _entity(details)
        yield common | {"record": "party", "party_id": statement["recordId"]} | party


def _entity(details: Raw) -> Cells:
    kind, place = details["entityType"], details.get("jurisdiction") or {}
    listed = (details.get("publicListing") or {}).get("hasPublicListing")
    statute = (details.get("formedByStatute") or {}).get("name")
    return {
        "name": details.get("name"),
        "kind": KINDS.get(kind["type"], "company"),
        "country": place.get("code") or place.get("name"),
        "addresses": _addresses(details),
        "identifiers": _identifiers(details),
        "aliases": several(details.get("alternateNames") or ()),
        "contacts": several([f"web:{uri}" if (uri := details.get("uri")) else None]),
        "incorporated_on": details.get("foundingDate"),
        "dissolved_on": details.get("dissolutionDate"),
        "note": _note(
            unspecified(details.get("unspecifiedEntityDetails")),
            "" if kind["type"] == "registeredEntity" else words(kind["type"]),
            kind.get("subtype"),
            kind.get("details"),
            "listed on a stock exchange" if listed else "",
            f"formed by statute: {statute}" if statute else "",
        ),
    }


def _person(details: Raw) -> Cells:
    names = sorted(details.get("names") or (), key=lambda one: one.get("type") not in ("legal", "individual"))
    full = [one.get("fullName") for one in names]
    homes = [one for one in details.get("addresses") or () if one.get("type") == "residence"]
    nations = [_code(one) for one in details.get("nationalities") or ()]
    known = [_code(one.get("country")) for one in homes] + nations
    kind, died = details["personType"], details.get("deathDate")
    return {
        "name": full[0] if full else None,
        "kind": "person",
        "country": next(filter(None, known), None),
        "addresses": _addresses(details),
        "identifiers": _identifiers(details),
        "aliases": several(full[1:]),
        "born": details.get("birthDate"),
        "note": _note(
            unspecified(details.get("unspecifiedPersonDetails")),
            "" if kind == "knownPerson" else words(kind),
            _listed("nationality", nations),
            _listed("tax residency", map(_code, details.get("taxResidencies") or ())),
            _exposure(details.get("politicalExposure") or {}),
            f"died {died}" if died else "",
        ),
    }


def _exposure(exposure: Raw) -> str:
    if exposure.get("status") != "isPep":
        return ""
    told = [_note(one.get("reason"), one.get("startDate")) for one in exposure.get("details") or ()]
    return "politically exposed" + (f": {', '.join(filter(None, told))}" if any(told) else "")


def _relationship(details: Raw, record: str) -> Iterator[Cells]:
    party, subject = details["interestedParty"], details["subject"]
    why = [unspecified(end) for end in (party, subject) if isinstance(end, dict)]
    ends: Cells = {
        "owner_id": party if isinstance(party, str) else None,
        "owned_id": subject if isinstance(subject, str) else f"{record}/subject",
    }
    parts = several(details.get("componentRecords") or ())
    for interest in details.get("interests") or [{}]:
        direct = interest.get("directOrIndirect")
        stake = _stake(interest)
        reason = _note(*why, interest.get("details"), stake.pop("reason", None), _beneficial(interest))
        yield (
            ends
            | stake
            | {
                "indirect": {"direct": "false", "indirect": "true"}.get(direct),
                "told_by": None if direct == "direct" else parts,
                "from": interest.get("startDate"),
                "until": interest.get("endDate"),
                "reason": reason,
            }
        )


def _beneficial(interest: Raw) -> str:
    return "beneficial ownership or control" if interest.get("beneficialOwnershipOrControl") else ""


def _stake(interest: Raw) -> Cells:
    kind, share = interest.get("type"), interest.get("share") or {}
    if kind in STAKES or kind in UNKNOWN:
        what = "" if kind in STAKES or kind is None else words(kind)
        return {
            "record": "holding",
            "interest": STAKES.get(str(kind), "unknown"),
            "reason": what,
            **bounds(share),
        }
    told = ", ".join(f"{words(name)} {value} per cent" for name, value in share.items())
    return {"record": "control", "by": CONTROL.get(kind) or words(kind), "reason": told}


def bounds(share: Raw) -> Cells:
    """The cells of a share: exact, or bounds which it may or may not reach.

    In 0.4 an exclusive bound is a number of its own, before it is a flag beside the bound.

    >>> bounds({"exclusiveMinimum": 25, "maximum": 50})
    {'share_min': '25', 'above_min': 'true', 'share_max': '50', 'below_max': None}
    """
    if share.get("exact") is not None:
        return {"share": str(share["exact"])}
    least, above = _bound(share.get("minimum"), share.get("exclusiveMinimum"), max)
    most, below = _bound(share.get("maximum"), share.get("exclusiveMaximum"), min)
    return {"share_min": least, "above_min": above, "share_max": most, "below_max": below}


def _bound(reached: Any, exclusive: Any, tighter: Any) -> tuple[str | None, str | None]:
    if exclusive is None or isinstance(exclusive, bool):
        return _number(reached), "true" if exclusive and reached is not None else None
    if reached is None or tighter(reached, exclusive) == exclusive:
        return _number(exclusive), "true"
    return _number(reached), None


def _number(value: Any) -> str | None:
    return None if value is None else str(value)


def unspecified(details: Any) -> str:
    """Why a party is not named, code and description."""
    if not isinstance(details, dict):
        return ""
    return ": ".join(text for key in ("reason", "description") if (text := details.get(key)))


def words(code: str) -> str:
    """A code of the standard in words.

    >>> words("controlByLegalFramework")
    'control by legal framework'
    """
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in code)


def _note(*parts: str | None) -> str | None:
    return "; ".join(dict.fromkeys(part for part in parts if part)) or None


def _listed(what: str, values: Iterable[str | None]) -> str:
    known = [value for value in values if value]
    return f"{what} {', '.join(known)}" if known else ""


def _code(country: Any) -> str | None:
    return (country.get("code") or country.get("name")) if isinstance(country, dict) else country


def _addresses(details: Raw) -> str | None:
    given = details.get("addresses") or ()
    return addresses((_place(one), _code(one.get("country"))) for one in given)


def _place(address: Raw) -> str:
    text, code = address.get("address") or "", address.get("postCode") or ""
    return text if code in text else ", ".join(filter(None, (text, code)))


def _identifiers(details: Raw) -> str | None:
    given = details.get("identifiers") or ()
    return several(
        f"{one.get('scheme') or one.get('schemeName') or 'id'}:{one['id']}" for one in given if one.get("id")
    )

"""Statements of the Beneficial Ownership Data Standard 0.2 and 0.3 in the shape of 0.4."""

from __future__ import annotations

import re
from typing import Any

Raw = dict[str, Any]

TYPES = {
    "entityStatement": "entity",
    "personStatement": "person",
    "ownershipOrControlStatement": "relationship",
}
_INTERESTS = {
    "influenceOrControl": "otherInfluenceOrControl",
    "settlorOfTrust": "settlor",
    "trusteeOfTrust": "trustee",
    "protectorOfTrust": "protector",
    "beneficiaryOfTrust": "beneficiaryOfLegalArrangement",
    "otherInfluenceOrControlOfTrust": "otherInfluenceOrControl",
}
"""What 0.4 calls interests that earlier versions named otherwise."""


def as_0_4(statement: Raw) -> Raw:
    """The statement as 0.4 would state it; the id of a statement stands for the id of its record.

    >>> old = {"statementID": "a", "statementType": "personStatement", "personType": "knownPerson"}
    >>> as_0_4(old)["recordType"], as_0_4(old)["recordId"]
    ('person', 'a')
    """
    kind = TYPES[statement["statementType"]]
    details = {"entity": _entity, "person": _person, "relationship": _relationship}[kind](statement)
    kept = ("statementDate", "publicationDetails")
    return {name: statement[name] for name in kept if name in statement} | {
        "recordId": statement["statementID"],
        "recordType": kind,
        "recordDetails": details,
    }


def _entity(statement: Raw) -> Raw:
    older = {
        "entityType": {"type": statement["entityType"], "subtype": statement.get("entitySubtype")},
        "jurisdiction": statement.get("jurisdiction") or statement.get("incorporatedInJurisdiction"),
        "unspecifiedEntityDetails": _reasoned(statement.get("unspecifiedEntityDetails")),
    }
    return statement | older | {"addresses": _addresses(statement)}


def _person(statement: Raw) -> Raw:
    exposure = statement.get("politicalExposure") or {
        "status": "isPep" if statement.get("hasPepStatus") else "unknown",
        "details": statement.get("pepStatusDetails"),
    }
    return statement | {
        "unspecifiedPersonDetails": _reasoned(statement.get("unspecifiedPersonDetails")),
        "politicalExposure": exposure,
        "addresses": _addresses(statement),
    }


def _relationship(statement: Raw) -> Raw:
    party = statement["interestedParty"]
    names = ("describedByEntityStatement", "describedByPersonStatement")
    described = next((party[name] for name in names if party.get(name)), None)
    return {
        "subject": statement["subject"]["describedByEntityStatement"],
        "interestedParty": described or _reasoned(party.get("unspecified")),
        "componentRecords": statement.get("componentStatementIDs"),
        "interests": [_interest(one) for one in statement.get("interests", [])],
    }


def _interest(interest: Raw) -> Raw:
    kind = camel(interest.get("type"))
    return interest | {
        "type": _INTERESTS.get(kind or "", kind),
        "directOrIndirect": interest.get("directOrIndirect") or interest.get("interestLevel"),
    }


def _reasoned(unspecified: Any) -> Raw | None:
    if not isinstance(unspecified, dict):
        return None
    return unspecified | {"reason": camel(unspecified.get("reason"))}


def _addresses(statement: Raw) -> list[Raw]:
    given = statement.get("addresses") or []
    return [one | {"country": {"code": code}} if (code := one.get("country")) else one for one in given]


def camel(code: Any) -> Any:
    """A code of 0.2 as later versions write it.

    >>> camel("voting-rights")
    'votingRights'
    """
    return re.sub(r"-([a-z])", lambda hit: hit[1].upper(), code) if isinstance(code, str) else code


def without_nulls(value: Any) -> Any:
    """A value without the keys that hold nothing: publishers of 0.2 write null for what they leave out."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value

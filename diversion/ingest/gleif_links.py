"""Relationships (RR-CDF) and reporting exceptions of GLEIF as rows of control and of holdings.

A consolidation says whose accounts an entity is part of. That is control, and no stake: only where a
percentage of it is stated is there a holding beside, which names the consolidation as its reason.
"""

from __future__ import annotations

from datetime import date, timedelta

from diversion.ingest.gleif_fields import Fields, day, several

Cells = dict[str, str | None]

CONSOLIDATION = {
    "IS_DIRECTLY_CONSOLIDATED_BY": "accounting consolidation, direct",
    "IS_ULTIMATELY_CONSOLIDATED_BY": "accounting consolidation, ultimate",
}
CONTROL = {
    **CONSOLIDATION,
    "IS_FUND-MANAGED_BY": "fund management",
    "IS_FUND_MANAGED_BY": "fund management",
    "IS_SUBFUND_OF": "umbrella fund",
    "IS_INTERNATIONAL_BRANCH_OF": "head office of the branch",
}
"""Type of relationship → by what its end controls its start."""
FEEDER = "IS_FEEDER_TO"
"""A feeder fund puts its assets into a master fund: it holds of the master, which does not control it."""
VOID = frozenset(("ANNULLED", "CANCELLED", "DUPLICATE"))
_PERIOD = ("StartDate", "EndDate", "PeriodType")
_QUANTITY = ("MeasurementMethod", "QuantifierAmount", "QuantifierUnits")
_QUALITY = ("QualifierCategory", "QualifierDimension")
_SURE = frozenset(("PUBLISHED", "ACTIVE"))


def ends(fields: Fields) -> tuple[str | None, str | None]:
    """The ids of start and end; what is no LEI has its type before it."""
    return _node(fields, "StartNode"), _node(fields, "EndNode")


def _node(fields: Fields, which: str) -> str | None:
    found = fields.get(f"Relationship.{which}.NodeID")
    kind = fields.get(f"Relationship.{which}.NodeIDType", "LEI")
    return found if not found or kind == "LEI" else f"{kind}:{found}"


def relationship(fields: Fields) -> list[Cells]:
    """The rows of one relationship record; none where its type has no place in the graph."""
    kind = fields.get("Relationship.RelationshipType", "")
    start, end = ends(fields)
    begin, until = _period(fields)
    cells: Cells = {
        "record_id": f"{start} {kind} {end}",
        "stated_on": day(fields.get("Registration.LastUpdateDate")),
        "known_on": day(fields.get("Registration.LastUpdateDate")),
        "status": _status(fields, until),
        "from": begin,
        "until": until,
    }
    if kind == FEEDER:
        feeds: Cells = {"record": "holding", "owner_id": start, "owned_id": end, "interest": "shares"}
        return [cells | feeds | {"reason": _reason(fields, "feeder fund of this master fund")}]
    if kind not in CONTROL:
        return []
    share, told = _stake(fields)
    sides: Cells = {"owner_id": end, "owned_id": start}
    control: Cells = {"record": "control", "by": CONTROL[kind], "reason": _reason(fields, told)}
    holding: Cells = {
        "record": "holding",
        "share": share,
        "interest": "unknown",
        "indirect": "true" if kind == "IS_ULTIMATELY_CONSOLIDATED_BY" else None,
        "reason": _reason(fields, CONTROL[kind]),
    }
    return [cells | sides | one for one in ((control, holding) if share else (control,))]


def _stake(fields: Fields) -> tuple[str | None, str]:
    """The percentage that is stated, and what is said where none is that one can rely on.

    Some publishers write 1.00 for all of it: an amount of up to 1 may be a fraction.
    """
    quantities = several(fields, "Relationship.RelationshipQuantifiers.RelationshipQuantifier", *_QUANTITY)
    stated = [(one.get("QuantifierAmount", ""), one.get("QuantifierUnits", "")) for one in quantities]
    said = [f"{amount} {units}".strip() for amount, units in stated]
    share = next((amount for amount, units in stated if units == "PERCENTAGE" and _is_share(amount)), None)
    unsure = said and share is None
    return share, f"quantified as {', '.join(said)}, no share that can be relied on" if unsure else ""


def _is_share(text: str) -> bool:
    try:
        return 1 < float(text) <= 100
    except ValueError:
        return False


def _period(fields: Fields) -> tuple[str | None, str | None]:
    """First day and first day after the relationship. Periods of accounts and documents tell neither."""
    path = "Relationship.RelationshipPeriods.RelationshipPeriod"
    periods = [
        one for one in several(fields, path, *_PERIOD) if one.get("PeriodType") == "RELATIONSHIP_PERIOD"
    ]
    begins = [one.get("StartDate", "") for one in periods]
    finishes = [one.get("EndDate", "") for one in periods]
    begin = day(min(begins)) if begins and all(begins) else None
    return begin, _next_day(day(max(finishes))) if finishes and all(finishes) else None


def _next_day(text: str | None) -> str | None:
    """The day after an end, which is the last day. The year 9999 is no end; a text that is no day stays."""
    if text and text.startswith("9999-"):
        return None
    try:
        return (date.fromisoformat(text or "") + timedelta(days=1)).isoformat()
    except ValueError:
        return text


def _status(fields: Fields, until: str | None) -> str | None:
    """Whether the statement ended other than by a day of its own."""
    if fields.get("Registration.RegistrationStatus") in VOID:
        return "void"
    inactive = fields.get("Relationship.RelationshipStatus") == "INACTIVE"
    retired = fields.get("Registration.RegistrationStatus") == "RETIRED"
    return "closed" if (inactive or retired) and not until else None


def _reason(fields: Fields, told: str) -> str | None:
    path = "Relationship.RelationshipQualifiers.RelationshipQualifier"
    states = [fields.get("Relationship.RelationshipStatus"), fields.get("Registration.RegistrationStatus")]
    said = [
        told,
        *(" ".join(one.values()) for one in several(fields, path, *_QUALITY)),
        *(f"record {state}" for state in states if state and state not in _SURE),
    ]
    return "; ".join(text for text in said if text) or None


def exception(fields: Fields) -> Cells:
    """The cells of one reporting exception: a parent that is not named, and why."""
    lei, category = fields["LEI"], fields.get("ExceptionCategory", "")
    reasons = [one[""] for name in ("Reason", "Reference") for one in several(fields, f"Exception{name}", "")]
    return {
        "record": "holding",
        "record_id": f"{lei} {category}",
        "owned_id": lei,
        "interest": "unknown",
        "indirect": "true" if category.startswith("ULTIMATE") else None,
        "reason": "; ".join([*reasons, category]),
    }

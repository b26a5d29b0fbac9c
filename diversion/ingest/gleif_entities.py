"""Legal entities of GLEIF (LEI-CDF 2.1 to 3.1) as rows of parties."""

from __future__ import annotations

from diversion.ingest import documents
from diversion.ingest.gleif_fields import Fields, count, day, first, known_country, several

Cells = dict[str, str | None]

KINDS = {
    "GENERAL": "company",
    "FUND": "company",
    "BRANCH": "company",
    "RESIDENT_GOVERNMENT_ENTITY": "public body",
    "INTERNATIONAL_ORGANIZATION": "public body",
}
"""Category → kind of party. A sole proprietor is a person under the name of a firm: neither is said."""
ENDS = ("DISSOLUTION", "ABSORPTION", "MERGERS_AND_ACQUISITIONS", "BREAKUP", "LIQUIDATION")
"""Events after which an entity no longer exists, the surest first."""
VOID = frozenset(("ANNULLED", "CANCELLED"))
"""Registrations that should never have been, or were given up before they were."""
_NO_FORM = frozenset(("8888", "9999"))
_NO_REGISTER = frozenset(("RA888888", "RA999999"))
_EVENT = ("LegalEntityEventType", "LegalEntityEventEffectiveDate", "event_status")
_LINES = ("FirstAddressLine", "MailRouting")
_WRITTEN_REGION = frozenset(("AU", "CA", "US"))
"""Countries whose codes of regions are what people write in an address."""


def party(fields: Fields) -> Cells:
    """The cells of one LEI record."""
    entity = {name.removeprefix("Entity."): text for name, text in fields.items()}
    registration = fields.get("Registration.RegistrationStatus")
    names = _names(entity)
    return {
        "record": "party",
        "record_id": fields["LEI"],
        "status": "void" if registration in VOID else None,
        "stated_on": day(fields.get("Registration.LastUpdateDate")),
        "party_id": fields["LEI"],
        "name": entity.get("LegalName") or next(iter(names), None),
        "kind": KINDS.get(entity.get("EntityCategory", ""), "unknown"),
        "country": known_country([entity.get("LegalJurisdiction"), entity.get("LegalAddress.Country")]),
        "addresses": documents.addresses(_addresses(entity)),
        "identifiers": documents.several(_identifiers(fields["LEI"], entity)),
        "aliases": documents.several(name for name in names if name != entity.get("LegalName")),
        "incorporated_on": day(entity.get("EntityCreationDate")),
        "dissolved_on": _dissolved(entity),
        "note": _note(entity, registration),
        "known_on": day(fields.get("Registration.LastUpdateDate")),
    }


def _names(entity: Fields) -> list[str]:
    kinds = ("OtherEntityName", "TransliteratedOtherEntityName")
    return [one[""] for kind in kinds for one in several(entity, f"{kind[:-4]}Names.{kind}", "") if "" in one]


def _addresses(entity: Fields) -> list[tuple[str, str | None]]:
    paths = ["LegalAddress", "HeadquartersAddress"]
    for kind in ("OtherAddress", "TransliteratedOtherAddress"):
        several_of = f"{kind}es.{kind}"
        paths += [f"{several_of}.{at}" for at in range(1, count(entity, several_of) + 1)]
    return [_address(entity, path) for path in paths]


def _address(entity: Fields, path: str) -> tuple[str, str | None]:
    """Lines, place, postal code, and the country apart; GLEIF repeats the line of routing."""
    country = entity.get(f"{path}.Country")
    region = entity.get(f"{path}.Region") if country in _WRITTEN_REGION else None
    lines = [entity.get(f"{path}.{name}") for name in _LINES]
    lines += [one[""] for one in several(entity, f"{path}.AdditionalAddressLine", "")]
    place = [entity.get(f"{path}.City"), region and region.removeprefix(f"{country}-")]
    parts = dict.fromkeys([*lines, *place, entity.get(f"{path}.PostalCode")])
    return ", ".join(part for part in parts if part), known_country([country])


def _identifiers(lei: str, entity: Fields) -> list[str]:
    register = entity.get("RegistrationAuthority.RegistrationAuthorityID")
    if register in _NO_REGISTER:
        register = entity.get("RegistrationAuthority.OtherRegistrationAuthorityID")
    number = entity.get("RegistrationAuthority.RegistrationAuthorityEntityID")
    return [f"LEI:{lei}", *([f"{register.replace(':', ' ')}:{number}"] if register and number else [])]


def _dissolved(entity: Fields) -> str | None:
    """The day of the end where the entity is inactive: it stands in the record, or as an event in it."""
    if entity.get("EntityStatus") != "INACTIVE":
        return None
    if stated := entity.get("EntityExpirationDate"):
        return day(stated)
    found: dict[str, str] = {}
    for kind, effective, status in _events(entity):
        if effective and status in ("COMPLETED", ""):
            found[kind] = max(effective, found.get(kind, ""))
    return next((day(found[kind]) for kind in ENDS if kind in found), None)


def _events(entity: Fields) -> list[tuple[str, ...]]:
    events = several(entity, "LegalEntityEvents.LegalEntityEvent", *_EVENT)
    return [tuple(event.get(name, "") for name in _EVENT) for event in events]


def _note(entity: Fields, registration: str | None) -> str | None:
    """What else the record says: its language, form, states and successors."""
    language = entity.get("LegalName.lang")
    form = entity.get("LegalForm.EntityLegalFormCode")
    other = entity.get("LegalForm.OtherLegalForm")
    category = entity.get("EntityCategory")
    said = [
        f"name in {language}" if language else None,
        None if category in (None, "GENERAL") else f"category {category}",
        f"legal form {form}" if form and form not in _NO_FORM else None,
        f"legal form {other}" if other else None,
        f"entity {entity['EntityStatus']}" if entity.get("EntityStatus", "ACTIVE") != "ACTIVE" else None,
        entity.get("EntityExpirationReason"),
        f"LEI {registration}" if registration else None,
        *(f"succeeded by {successor}" for successor in _successors(entity)),
    ]
    return "; ".join(text for text in said if text) or None


def _successors(entity: Fields) -> list[str]:
    parts = several(entity, "SuccessorEntity", "SuccessorLEI", "SuccessorEntityName")
    named = [" ".join(one.values()) for one in parts]
    lone = first(entity, "SuccessorEntity.SuccessorLEI", "SuccessorEntity.SuccessorEntityName")
    return [*named, *([lone] if lone else [])]

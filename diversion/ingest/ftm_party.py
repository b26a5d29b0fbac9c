"""Parties, stakes and control of FollowTheMoney as rows of the register."""

from __future__ import annotations

from diversion.ingest import documents
from diversion.ingest.documents import NOT_KEPT as WHY
from diversion.ingest.documents import Entry
from diversion.ingest.ftm_entity import Entity, next_day
from diversion.ingest.ftm_index import Index, Place, identifier, paper
from diversion.ingest.ftm_model import (
    ADDRESS,
    CONTROL,
    DOCUMENTS,
    IDENTIFIERS,
    NATIONAL,
    NOT_KEPT,
    OWNERSHIP,
    PARTIES,
)
from diversion.ingest.ftm_share import Cells, stake
from diversion.ingest.sheet import SHOWN

_OTHER_NAMES = ("name", "alias", "previousName", "abbreviation", "weakAlias")
_COUNTRIES = ("jurisdiction", "mainCountry", "country", "flag", "nationality", "citizenship")
_CONTACTS = {"phone": "phone", "email": "email", "website": "web"}
_NOTED = ("legalForm", "status", "position", "type", "deathDate", "topics")
_ENDED = frozenset(("ceased", "closed", "ended", "former", "historic", "historical", "inactive"))
_MOST_PAIRS = 100
_VOTES, _SHARES = ("vot",), ("share", "stock", "equity", "capital")


def entries(entity: Entity, index: Index) -> list[Entry]:
    """The rows of an entity in the register, the first of which stands for it, or why it has none."""
    if entity.fault:
        return [Entry(entity.row, fault=entity.fault, value=entity.value)]
    if entity.schema in PARTIES:
        return [Entry(entity.row, _party(entity, index))]
    if entity.schema == OWNERSHIP:
        return _link(entity, "owner", "asset", _holding(entity))
    if told := CONTROL.get(entity.schema):
        said = "; ".join(entity.texts("role", "controlType", "legalBasis", "status", "summary")) or None
        cells: Cells = {"record": "control", "by": told["by"], "reason": said}
        return _link(entity, told["owner"], told["owned"], cells)
    if entity.schema in DOCUMENTS:
        return [_paper(entity, index)]
    why = NOT_KEPT.get(entity.schema, f"a {entity.schema[:SHOWN]} has no place in the graph")
    if entity.schema == ADDRESS:
        why = "an Address has no row of its own: it stands with the parties that name it"
    return [Entry(entity.row, fault=WHY + why, value=entity.id)]


def _stated(entity: Entity) -> Cells:
    return {
        "record_id": entity.id,
        "stated_on": entity.day("modifiedAt")
        or entity.fact("last_change")
        or entity.day("date", "retrievedAt"),
        "known_on": entity.fact("last_change") or entity.day("retrievedAt"),
    }


def names(entity: Entity) -> list[str]:
    """Every name, first the one that the file shows the entity by."""
    found = entity.texts(*_OTHER_NAMES)
    caption = entity.facts.get("caption", "")
    if caption in found or (caption and not found and caption != entity.id):
        found = [caption, *(name for name in found if name != caption)]
    parts = [entity.first(name) for name in ("firstName", "middleName", "lastName")]
    return found or [text for text in [" ".join(part for part in parts if part)] if text]


def _party(entity: Entity, index: Index) -> Cells:
    found = names(entity)
    countries = [code for name in _COUNTRIES for code in entity.countries(name)]
    said = [PARTIES[entity.schema] == "unknown" and f"schema {entity.schema}"]
    said += [f"{name} {', '.join(texts)}" for name in _NOTED if (texts := entity.texts(name))]
    return _stated(entity) | {
        "record": "party",
        "party_id": entity.id,
        "name": found[0] if found else None,
        "kind": PARTIES[entity.schema],
        "country": countries[0] if countries else None,
        "addresses": documents.addresses(addresses(entity, index)),
        "identifiers": documents.several(identifiers(entity, index)),
        "aliases": documents.several(found[1:]),
        "contacts": documents.several(
            f"{kind}:{text}" for name, kind in _CONTACTS.items() for text in entity.texts(name)
        ),
        "incorporated_on": entity.day("incorporationDate", "buildDate"),
        "dissolved_on": entity.day("dissolutionDate"),
        "born": entity.day("birthDate"),
        "note": "; ".join(text for text in said if text) or None,
    }


def addresses(entity: Entity, index: Index) -> list[Place]:
    """The addresses that the entity states, and those that it refers to."""
    stated: list[Place] = [(text.strip(" ,"), None) for text in entity.texts("address")]
    referred = (index.address(one) for one in entity.texts("addressEntity"))
    found = [place for place in referred if place]
    texts = {text for text, _ in found}
    return [*found, *(pair for pair in stated if pair[0] not in texts)]


def identifiers(entity: Entity, index: Index) -> list[str]:
    """Numbers of registers and of papers, as scheme:number."""
    countries = entity.countries("jurisdiction", "mainCountry", "country", "nationality")
    found = [f"{scheme}:{text}" for name, scheme in IDENTIFIERS.items() for text in entity.texts(name)]
    for name, scheme in NATIONAL.items():
        found += [identifier(scheme, text, countries) for text in entity.texts(name)]
    return [*found, *index.documents(entity.id)]


def sanctioned(entity: Entity, index: Index) -> dict[str, list[str]]:
    """What an entry of a list says of the entity beside its sanction, in cells' values."""
    found, weak = names(entity), entity.texts("weakAlias")
    return {
        "names": found,
        "weak_aliases": [name for name in weak if name not in entity.texts(*_OTHER_NAMES[:-1])],
        "kind": [PARTIES.get(entity.schema, "unknown")],
        "births": entity.texts("birthDate"),
        "countries": entity.countries(*_COUNTRIES, "birthCountry"),
        "addresses": [documents.fields(*pair) for pair in addresses(entity, index)],
        "identifiers": identifiers(entity, index),
    }


def _holding(entity: Entity) -> Cells:
    cells = stake(entity.texts("percentage"))
    told = " ".join(entity.texts("sharesType", "ownershipType", "role")).casefold()
    said = [cells.get("reason"), *entity.texts("ownershipType", "role", "sharesType", "status", "legalBasis")]
    counted = bool(entity.first("sharesCount", "sharesValue"))
    return cells | {
        "record": "holding",
        "interest": _interest(told, counted),
        "indirect": "true" if "indirect" in told else None,
        "reason": "; ".join(dict.fromkeys(text for text in said if text)) or None,
    }


def _interest(told: str, counted: bool) -> str:
    """Votes or shares where the words say so; the shareholding of which votes are a part is one of shares."""
    if counted or any(word in told for word in _SHARES):
        return "shares"
    return "votes" if any(word in told for word in _VOTES) else "unknown"


def _link(entity: Entity, owner: str, owned: str, cells: Cells) -> list[Entry]:
    """A row for each two ends. An owner may be unnamed, which is said; who is owned may not."""
    owners: list[str | None] = [*entity.texts(owner)]
    assets = entity.texts(owned)
    if not assets or len(owners) * len(assets) > _MOST_PAIRS:
        why = f"properties.{owned}: missing" if not assets else f"more than {_MOST_PAIRS} pairs of ends"
        return [Entry(entity.row, fault=why, value=entity.id)]
    said = cells.get("reason")
    if not owners:
        cells = cells | {"reason": "; ".join(filter(None, (f"no {owner} is named", said)))}
    elif len(owners) > 1 and cells["record"] == "holding":
        # Whether each holds it, or all do together, is not told: each may hold nothing of it.
        most = cells.get("share") or cells.get("share_max")
        reason = "; ".join(filter(None, (f"stated of {len(owners)} owners at once", said)))
        cells = cells | {"share": None, "share_min": None, "share_max": most, "reason": reason}
    pairs = [(one, other) for one in owners or [None] for other in assets]
    common = _stated(entity) | _span(entity) | cells
    return [
        Entry(documents.part(entity.row, number), common | {"owner_id": one, "owned_id": other})
        for number, (one, other) in enumerate(pairs)
    ]


def _span(entity: Entity) -> Cells:
    until = next_day(entity.day("endDate"))
    ended = not until and _ENDED.intersection(text.casefold() for text in entity.texts("status"))
    return {"from": entity.day("startDate"), "until": until, "status": "closed" if ended else None}


def _paper(entity: Entity, index: Index) -> Entry:
    """A paper of a holder who stands elsewhere in the file is one of his identifiers; else it names him."""
    holder, number = entity.first("holder"), paper(entity)
    if not (holder and number):
        missing = "number" if holder else "holder"
        return Entry(entity.row, fault=f"properties.{missing}: missing", value=entity.id)
    if index.is_held(holder):
        why = "a paper has no row of its own: its number stands with its holder"
        return Entry(entity.row, fault=WHY + why, value=number)
    cells: Cells = {"record": "mention", "party_id": holder, "kind": "unknown", "identifiers": number}
    return Entry(entity.row, _stated(entity) | cells)

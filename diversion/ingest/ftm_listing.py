"""Sanctions of FollowTheMoney as entries of lists: one sanction is one entry, which names its party by id."""

from __future__ import annotations

import re
from collections.abc import Mapping

from diversion.ingest import documents
from diversion.ingest.documents import Entry
from diversion.ingest.ftm_entity import Entity, next_day
from diversion.ingest.ftm_index import Index
from diversion.ingest.ftm_model import AUTHORITIES
from diversion.ingest.ftm_share import Cells

_REMARKS = ("status", "reason", "provisions", "summary", "authorityId", "unscId", "duration", "sourceUrl")


def entry(entity: Entity, index: Index) -> Entry:
    """The entry of one sanction."""
    concerned = entity.texts("entity")
    if len(concerned) != 1:
        why = f"properties.entity: {len(concerned) or 'no'} entities where one is expected"
        return Entry(entity.row, fault=why, value=", ".join(concerned) or entity.id)
    return Entry(entity.row, _whom(index.sanctioned(concerned[0])) | _measure(entity, concerned[0]))


def _whom(said: Mapping[str, list[str]]) -> Cells:
    names = said.get("names", [])
    return {
        "name": names[0] if names else None,
        "aliases": documents.several(names[1:]),
        "kind": next(iter(said.get("kind", [])), "unknown"),
        "addresses": documents.LIST.join(said.get("addresses", [])) or None,
        **{
            name: documents.several(said.get(name, []))
            for name in ("weak_aliases", "births", "countries", "identifiers")
        },
    }


def _measure(entity: Entity, concerned: str) -> Cells:
    words = entity.texts("authority")
    whose = authority(entity.datasets, [*words, *entity.texts("program")])
    programmes = [whose.get("programme"), *entity.texts("program")]
    return {
        "list": next(iter(entity.datasets), None) or whose.get("name") or "opensanctions",
        "entry_id": f"{concerned}/{entity.id}",
        "party_id": concerned,
        "authority": whose.get("name") or next(iter(words), None) or next(iter(entity.datasets), "unknown"),
        "programme": "; ".join(dict.fromkeys(text for text in programmes if text)) or None,
        "regimes": documents.several(entity.texts("programId")),
        "listed_on": entity.day("startDate", "listingDate", "date"),
        "removed_on": next_day(entity.day("endDate")),
        "remarks": "; ".join(f"{name}: {text}" for name in _REMARKS for text in entity.texts(name)) or None,
        "published": entity.fact("last_seen"),
    }


def authority(datasets: tuple[str, ...], words: list[str]) -> Mapping[str, str]:
    """Who sanctions, told by the datasets, else by words.

    >>> authority(("us_ofac_sdn",), [])["programme"], authority((), ["HM Treasury"])["name"]
    ('SDN', 'UK')
    """
    for texts in (datasets, words):
        for known in AUTHORITIES:
            if any(re.search(known["pattern"], text, re.IGNORECASE) for text in texts):
                return known
    return {}

"""Names against lists: candidates by pieces of words, judged word by word, explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import pyarrow as pa

from diversion.parties.compare import Part, Rarity, compare, context
from diversion.parties.entries import Entries, countries, entries
from diversion.parties.evidence import Numbers, holders, identified, numbers
from diversion.parties.matching import match_listings
from diversion.parties.names import address_key, split
from diversion.parties.ngrams import Index
from diversion.policy.policy import Policy

__all__ = ["Screener", "match_listings"]
CANDIDATES = 60
"""So many look-alikes of a name are judged; the list's names of exactly its words always are."""


class Screener:
    """The entries of all lists at hand, ready to be asked for names. Some 2 s for 26,000 entries."""

    def __init__(self, listings: pa.Table, policy: Policy) -> None:
        self._listings, self._policy = listings, policy

    @cached_property
    def _entries(self) -> Entries:
        return entries(self._listings)

    @cached_property
    def _index(self) -> Index:
        return Index.of(self._entries.names["base"].tolist())

    @cached_property
    def _named(self) -> list[tuple[str, str]]:
        names = self._entries.names
        return list(zip(names["listing"].tolist(), names["name"].tolist(), strict=True))

    @cached_property
    def _exact(self) -> Mapping[str, Any]:
        words = self._entries.names["base"].map(_sorted_words)
        groups = words.groupby(words).indices
        return {str(key): places for key, places in groups.items()}

    @cached_property
    def _addresses(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for listing, row in self._entries.about.items():
            if not row["name"]:
                for text in {row["address"], *(row["addresses"] or ())} - {None}:
                    found.setdefault(address_key(text), []).append(listing)
        return found

    @property
    def rarity(self) -> Rarity:
        """How much the words of names weigh, by how many entries hold them."""
        return self._entries.rarity

    @cached_property
    def searched(self) -> list[dict[str, Any]]:
        """The lists at hand: name, day of the latest snapshot or entry, number of entries."""
        table = self._listings.group_by("list").aggregate(
            [("first_seen", "max"), ("listed_on", "max"), ("id", "count")]
        )
        rows = []
        for row in table.sort_by("list").to_pylist():
            published = row["first_seen_max"] or row["listed_on_max"]
            day = published.isoformat() if published else None
            rows.append({"list": row["list"], "published": day, "entries": row["id_count"]})
        return rows

    def screen(
        self, queries: Sequence[Mapping[str, str | None]], cutoff: float, limit: int = 0
    ) -> list[dict[str, Any]]:
        """The hits of each query (name and, where known, country, address, identifier, kind), best first.

        At or above `cutoff`, in the shape of the `screen` command; ties by listing id; `limit` 0 keeps all.
        What conflicts lowers a hit and is named, it never removes a candidate. An equal identifier is a hit
        whatever the names. Some 5 ms a name.
        """
        return [
            {
                "query": {key: value for key, value in query.items() if value},
                "searched": self.searched,
                "hits": self._hits(query, cutoff)[: limit or None],
            }
            for query in queries
        ]

    def _hits(self, query: Mapping[str, str | None], cutoff: float) -> list[dict[str, Any]]:
        best: dict[str, dict[str, Any]] = {}
        mine = numbers(["asked"], [query.get("identifier")], [query.get("country")]).get("asked", {})
        named = [self._named[place] for place in self._candidates(query.get("name") or "")]
        for listing, name in [*named, *self._with_number(mine)]:
            hit = self._judged(query, mine, (listing, name), cutoff)
            if hit["score"] >= cutoff and hit["score"] > best.get(hit["listing_id"], {"score": 0.0})["score"]:
                best[hit["listing_id"]] = hit
        for listing in self._addresses.get(address_key(query.get("address")), ()):
            best.setdefault(listing, self._at_address(query, listing))
        return sorted(best.values(), key=lambda hit: (-hit["score"], hit["listing_id"]))

    @cached_property
    def _holders(self) -> dict[tuple[str, str], list[str]]:
        return holders(self._entries.numbers, int(self._policy.thresholds["group_cap"]))

    def _with_number(self, mine: Numbers) -> list[tuple[str, str]]:
        """Entries with a number of the query, by their first name."""
        found = {e for scheme, held in mine.items() for n in held for e in self._holders.get((scheme, n), ())}
        return [(listing, self._entries.about[listing]["name"] or "") for listing in sorted(found)]

    def _candidates(self, name: str) -> list[int]:
        base, _ = split(name)
        if not base:
            return []
        same = [int(place) for place in self._exact.get(_sorted_words(base), ())]
        similar, _ = self._index.similar(base, CANDIDATES)
        return list(dict.fromkeys([*same, *(int(place) for place in similar)]))

    def _judged(
        self, query: Mapping[str, str | None], mine: Numbers, entry: tuple[str, str], cutoff: float
    ) -> dict[str, Any]:
        listing, name = entry
        about = self._entries.about[listing]
        alike = compare(query.get("name") or "", name, self._entries.rarity)
        around = context(
            alike.score, query.get("country"), countries(about), (query.get("kind"), about["kind"])
        )
        theirs, certain = self._entries.numbers.get(listing, {}), self._policy.thresholds["match_certain"]
        found = identified(around.score, mine, theirs, cutoff, certain)
        return _hit(about, name, found.score, [*alike.parts, *around.parts, *found.parts])

    def _at_address(self, query: Mapping[str, str | None], listing: str) -> dict[str, Any]:
        about = self._entries.about[listing]
        parts: list[Part] = [{"part": "address", "against": about["address"], "effect": 1.0}]
        return _hit(about, about["address"], 1.0, parts)


def _hit(about: dict[str, Any], matched: str, score: float, parts: list[Part]) -> dict[str, Any]:
    return {
        "listing_id": about["id"],
        "party_id": about["party_id"],
        "name": about["name"] or about["address"],
        "matched": matched,
        "score": round(score, 4),
        "list": about["list"],
        "programme": about["programme"],
        "listed_on": about["listed_on"].isoformat() if about["listed_on"] else None,
        "explanation": parts,
    }


def _sorted_words(base: str) -> str:
    return " ".join(sorted(base.split()))

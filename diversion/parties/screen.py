"""Names against lists: candidates by the sound of their words, judged word by word, explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from diversion.parties.addresses import address_likeness, nearest
from diversion.parties.candidates import MOST, Candidates
from diversion.parties.compare import Part, Rarity, compare
from diversion.parties.crowd import spread
from diversion.parties.entries import Entries, addresses, countries, entries
from diversion.parties.evidence import (
    COUNTRY_AGREES,
    DAY_AGREES,
    UNKNOWN,
    Numbers,
    dated,
    holders,
    identified,
    kinds,
    numbers,
    placed,
)
from diversion.parties.matching import SAME_PLACE, Laid, match_few, match_listings
from diversion.parties.resolve import Directory
from diversion.parties.whitelist import Whitelist
from diversion.policy.policy import Policy

__all__ = ["Screener", "match_listings"]
Asked = Mapping[str, str | None]
Hit = dict[str, Any]


class Screener:
    """The entries of all lists at hand, ready to be asked for names. Some 10 s for 26,000 entries."""

    def __init__(self, listings: pa.Table, policy: Policy) -> None:
        self._listings, self._policy = listings, policy

    @cached_property
    def _entries(self) -> Entries:
        return entries(self._listings)

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self._entries)

    @cached_property
    def named(self) -> list[tuple[str, str]]:
        """Listing and name of every name and alias of the lists."""
        names = self._entries.names
        return list(zip(names["listing"].tolist(), names["name"].tolist(), strict=True))

    @property
    def kinds(self) -> dict[str, str]:
        """What sort of party each listing is."""
        return {listing: str(row["kind"]) for listing, row in self._entries.about.items()}

    @property
    def rarity(self) -> Rarity:
        """How much the words of names weigh, by how many entries hold them."""
        return self._entries.rarity

    @cached_property
    def searched(self) -> list[dict[str, Any]]:
        """The lists at hand: name, day of the latest snapshot if one is stated, newest entry, entries."""
        from diversion.lists import versions

        return [one.as_json() for one in versions(self._listings)]

    def warm(self) -> Screener:
        """Lay everything out that a first question would otherwise wait for, compiled code too."""
        from diversion.parties import kernels  # noqa: F401

        self.screen([{"name": "warm"}], 1.0)
        return self

    def screen(
        self,
        queries: Sequence[Asked],
        cutoff: float,
        limit: int = 0,
        whitelist: Whitelist | None = None,
        day: date | None = None,
    ) -> list[dict[str, Any]]:
        """The hits of each query, best first; it has a name and, where known, what `queries.KNOWN` lists.

        In the shape of the `screen` command; ties by listing id. A hit is at or above `cutoff` with all that
        is known or by its name alone: what else is known raises or lowers a score and is told, but never
        takes a hit away. No score depends on `cutoff`. `limit` 0 keeps all; what a limit cuts is counted
        under `more`, and `judged` is how many names were, where still more look alike. An equal identifier is
        a hit whatever the names. Hits that `whitelist` passes on `day` stand apart, under `suppressed`, but
        for those of an equal identifier passed without their id. Some 5 ms for one name, 1 ms each of many;
        no hit depends on how many are asked at once.
        """
        names = [query.get("name") or "" for query in queries]
        mine = numbers(
            [str(place) for place in range(len(queries))],
            [query.get("identifier") for query in queries],
            [_upper(query.get("country")) for query in queries],
        )
        told = []
        least = [_least(query, cutoff) for query in queries]
        found = zip(queries, self._candidates.of(names, least), strict=True)
        for place, (query, alike) in enumerate(found):
            hits = self._hits(query, mine.get(str(place), {}), alike.scores, cutoff)
            one = self._told(query, hits, limit, (whitelist, day or date.today()))
            told.append(one | ({"judged": MOST} if alike.cut else {}))
        return told

    def screen_many(
        self,
        queries: Sequence[Asked],
        cutoff: float,
        limit: int = 0,
        whitelist: Whitelist | None = None,
        day: date | None = None,
    ) -> list[dict[str, Any]]:
        """As `screen`, on all processors where the queries are many."""
        self.warm()
        return spread(lambda some: self.screen(some, cutoff, limit, whitelist, day), queries)

    def _told(
        self, query: Asked, hits: list[Hit], limit: int, passes: tuple[Whitelist | None, date]
    ) -> dict[str, Any]:
        told: dict[str, Any] = {
            "query": {key: value for key, value in query.items() if value},
            "searched": self.searched,
        }
        whitelist, day = passes
        if whitelist is not None:
            name = query.get("name") or ""
            held = [(hit, whitelist.passed(name, hit["listing_id"], day, _numbered(hit))) for hit in hits]
            told["suppressed"] = [{**hit, "suppressed": one.as_json()} for hit, one in held if one]
            hits = [hit for hit, one in held if not one]
        told["hits"] = hits[: limit or None]
        if len(hits) > len(told["hits"]):
            told["more"] = len(hits) - len(told["hits"])
        return told

    def _hits(self, query: Asked, mine: Numbers, alike: Mapping[int, float], cutoff: float) -> list[Hit]:
        best: dict[str, tuple[float, str]] = {}
        for place, score in alike.items():
            listing, other = self.named[place]
            if score > best.get(listing, (0.0, ""))[0]:
                best[listing] = (score, other)
        for listing in self._with_number(mine):
            best.setdefault(listing, (0.0, self._entries.about[listing]["name"] or ""))
        judged = [self._judged(query, mine, (listing, other)) for listing, (_, other) in best.items()]
        found = {hit["listing_id"]: hit for alike, hit in judged if max(alike, hit["score"]) >= cutoff}
        for hit in self._at_address(query, cutoff):
            found.setdefault(hit["listing_id"], hit)
        return sorted(found.values(), key=lambda hit: (-hit["score"], hit["listing_id"]))

    @cached_property
    def _laid(self) -> Laid:
        nameless = self._listings.filter(pc.fill_null(pc.equal(self._listings["name"], ""), True))
        return Laid(self._entries, self._named_alike, self._holders, nameless)

    def _named_alike(self, names: Sequence[str]) -> Iterator[list[int]]:
        """For each name the places of those that it may be, as the policy has it."""
        cutoff = self._policy.thresholds["match_cutoff"]
        yield from (list(one.scores) for one in self._candidates.of(names, [cutoff] * len(names)))

    def match(self, directory: Directory, located: pd.DataFrame) -> pd.DataFrame:
        """Who of few parties is listed, as `match_listings` says of many."""
        return match_few(directory, self._laid, located, self._policy)

    @cached_property
    def _holders(self) -> dict[tuple[str, str], list[str]]:
        return holders(self._entries.numbers, int(self._policy.thresholds["group_cap"]))

    def _with_number(self, mine: Numbers) -> list[str]:
        """Entries with a number of the query."""
        found = {e for scheme, held in mine.items() for n in held for e in self._holders.get((scheme, n), ())}
        return sorted(found)

    def _judged(self, query: Asked, mine: Numbers, entry: tuple[str, str]) -> tuple[float, Hit]:
        """How alike the names are, and the entry with all that is known of both; `entry` is id and name."""
        listing, name = entry
        cutoff = self._policy.thresholds["match_cutoff"]
        about = self._entries.about[listing]
        alike = compare(query.get("name") or "", name, about["kind"])
        steps = [alike, kinds(alike.score, query.get("kind"), about["kind"], cutoff)]
        steps.append(placed(steps[-1].score, _upper(query.get("country")), countries(about), cutoff))
        steps.append(dated(steps[-1].score, query.get("date"), about["births"] or (), cutoff))
        theirs, certain = self._entries.numbers.get(listing, {}), self._policy.thresholds["match_certain"]
        steps.append(identified(steps[-1].score, mine, theirs, cutoff, certain))
        parts = [part for step in steps for part in step.parts]
        if name in (about["weak_aliases"] or ()):
            parts.append({"part": "weak alias", "against": name, "effect": 0.0})
        parts += _address(query, about)
        return round(alike.score, 4), _hit(about, name, steps[-1].score, parts)

    def _at_address(self, query: Asked, cutoff: float) -> list[Hit]:
        """Entries that are nothing but an address, where it is the query's."""
        text, country = query.get("address"), _upper(query.get("country"))
        if not text:
            return []
        hits = []
        for listing, (score, place) in nearest(text, self._entries.places, cutoff).items():
            about = self._entries.about[listing]
            step = placed(score, country, countries(about), self._policy.thresholds["match_cutoff"])
            parts = [*address_likeness(text, place)[1], *step.parts]
            hits.append(_hit(about, place, step.score, parts))
        return hits


def _least(query: Asked, cutoff: float) -> float:
    """The likeness of names from which agreeing facts can still reach the cut-off."""
    share = (COUNTRY_AGREES if query.get("country") else 0.0) + (DAY_AGREES if query.get("date") else 0.0)
    return max(0.0, (cutoff - share) / (1 - share))


def _address(query: Asked, about: Mapping[str, Any]) -> list[Part]:
    """Whether the address is one of the entry's: said, for an address may be shared by many."""
    text = query.get("address")
    if not text or not about["name"]:
        return []
    there = addresses(dict(about))
    best = max(there, key=lambda other: address_likeness(text, other)[0], default=None)
    if best is None:
        against = UNKNOWN
    else:
        against = best if address_likeness(text, best)[0] >= SAME_PLACE else "another"
    return [{"part": f"address {text}", "against": against, "effect": 0.0}]


def _hit(about: Mapping[str, Any], matched: str, score: float, parts: list[Part]) -> Hit:
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


def _numbered(hit: Hit) -> bool:
    """Whether an identifier of the query is one of the entry."""
    return any(part["part"] == "identifier" for part in hit["explanation"])


def _upper(text: str | None) -> str | None:
    return text.strip().upper() or None if text else None

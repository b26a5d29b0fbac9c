"""The rows of one file, judged one by one: who is named, what the lists say, which routes they complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from diversion.checking.arrivals import Arrived
from diversion.checking.filed import Filed
from diversion.checking.passed import Passed
from diversion.checking.routing import Found
from diversion.checking.verdict import Named, Reason, aged, note, verdict_of
from diversion.parties.restricted import Restrictions
from diversion.parties.whitelist import told

if TYPE_CHECKING:
    from diversion.checking.checker import Checker

Checked = dict[str, Any]
Row = Mapping[str, Any]
Query = dict[str, str | None]
MANY = 64
"""Names from which on all processors screen."""


@dataclass(frozen=True)
class Mention:
    """A party as one record names it, on the day of the record."""

    role: str
    id: str
    name: str | None
    country: str | None
    day: date


@dataclass(frozen=True)
class Looked:
    """What was looked for beside the lists, or why not; `undated` where the record states no day itself."""

    found: Found
    passed: Passed | None
    unsearched: str | None
    day: date
    undated: bool = False


class Desk:
    """One file on the desk: each of its parties is looked up and screened once."""

    def __init__(self, checker: Checker, filed: Filed, arrived: Arrived) -> None:
        self.checker, self.filed, self.arrived = checker, filed, arrived
        self._rows = {row["id"]: row for row in filed.parties.to_pylist()}
        self._places = {row["party"]: row["text"] for row in filed.places.to_pylist()}
        self._about: dict[str, dict[str, Any]] = {}
        self._screened: dict[tuple[Any, ...], dict[str, Any]] = {}

    def named(self, mentions: Sequence[Mention]) -> list[Named]:
        """The parties that records name, each with its hits; all new names are screened together."""
        queries = [self._query(one) for one in mentions]
        self._screen(queries, [one.day for one in mentions])
        return [
            self._with_hits(one, query, self._screened[_key(query, one.day)])
            for one, query in zip(mentions, queries, strict=True)
        ]

    def _query(self, one: Mention) -> Query:
        row, known = self._rows.get(one.id, {}), self._on_record(one.id)
        kind = known.get("kind") or row.get("kind")
        return {
            "name": one.name or row.get("name") or known.get("name") or one.id,
            "country": one.country or row.get("country") or known.get("country"),
            "identifier": row.get("identifier") or known.get("identifier"),
            "address": self._places.get(one.id),
            "kind": None if kind == "unknown" else kind,
        }

    def _on_record(self, id_: str) -> dict[str, Any]:
        """What is known of the party that an id is read as."""
        party = self.arrived.canonical.get(id_, id_)
        if party not in self._about:
            self._about[party] = self.checker.about(party)
        return self._about[party]

    def _screen(self, queries: list[Query], days: list[date]) -> None:
        """Screen what was not yet; by day, since a pass of the whitelist has a last one."""
        how, policy = self.checker.how, self.checker.policy
        cutoff = policy.thresholds["match_cutoff"] if how.cutoff is None else how.cutoff
        asked: dict[date, dict[tuple[Any, ...], Query]] = {}
        for query, day in zip(queries, days, strict=True):
            key = _key(query, day)
            if key not in self._screened:
                asked.setdefault(day if how.whitelist else days[0], {})[key] = query
        for day, some in asked.items():
            many = self.checker.screener.screen_many if len(some) > MANY else self.checker.screener.screen
            told = many(list(some.values()), cutoff, 0, how.whitelist, day)
            self._screened |= dict(zip(some, told, strict=True))

    def _with_hits(self, one: Mention, query: Query, told: dict[str, Any]) -> Named:
        party = self.arrived.canonical.get(one.id, one.id)
        return Named(
            role=one.role,
            party_id=party,
            name=str(query["name"]),
            country=query["country"],
            new=not self._on_record(one.id),
            hits=told["hits"],
            suppressed=told.get("suppressed", ()),
        )

    def restrictions(self, party: str) -> Restrictions:
        """Where the reasons for which a party is restricted stand."""
        new = party in self.arrived.parties.index
        return self.arrived.restrictions if new else self.checker.records.dossier.restrictions

    def reasons(self, who: Named, day: int) -> Iterator[Reason]:
        """What the lists say of a party, by itself and by its name."""
        rules = self.checker.rules
        yield from rules.of_party(who, self.restrictions(who.party_id), day)
        yield from rules.of_hits(who, day)

    def told(self, head: Checked, parties: list[Named], reasons: list[Reason], looked: Looked) -> Checked:
        """One object of the contract."""
        verdict, searched = verdict_of(reasons), self.checker.searched
        found, passed = looked.found, looked.passed
        suppressed = [_hit(who, hit) for who in parties for hit in who.suppressed]
        remarks = [*(told(hit["asked"], hit) for hit in suppressed), *self._remarks(looked)]
        best = found.findings[0] if found.findings else None
        search = {"exact": found.search.exact, "truncated_by": found.search.truncated_by}
        return head | {
            "verdict": verdict,
            "score": best.score if best else 0.0,
            "screening": [_hit(who, hit) for who in parties for hit in who.hits],
            "suppressed": suppressed,
            "routes": [one.as_json() for one in found.findings],
            "contributions": best.as_json()["contributions"] if best else [],
            "reasons": [one.as_json() for one in reasons],
            "passed_on": passed.as_json() if passed else None,
            "parties": [_party(who) for who in parties],
            "searched": searched | {"routes": search | {"not_searched": looked.unsearched}},
            "remarks": remarks,
            "note": note(verdict, searched, remarks, bool(suppressed)),
        }

    def _remarks(self, looked: Looked) -> Iterator[str]:
        """What else a person should know of the answer to a row."""
        if looked.undated:
            yield f"it states no day: taken as planned for {looked.day}"
        if looked.unsearched:
            yield f"no route was looked for: {looked.unsearched}"
        limit = int(self.checker.policy.thresholds["check_old_days"])
        yield from aged(self.checker.searched, looked.day, limit)


def _key(query: Query, day: date) -> tuple[Any, ...]:
    return (*query.values(), day)


def _party(who: Named) -> dict[str, Any]:
    return {
        "role": who.role,
        "party_id": who.party_id,
        "name": who.name,
        "country": who.country,
        "new": who.new,
    }


def _hit(who: Named, hit: Mapping[str, Any]) -> dict[str, Any]:
    return {**hit, "role": who.role, "asked": who.name}

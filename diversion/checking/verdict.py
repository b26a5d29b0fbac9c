"""The verdict on a shipment or payment not yet made, and the reasons for it.

*stop*: a party named in the record is itself restricted on that day, for certain and with an effect that bars
the deal or needs a licence (blocking, denial, licence; `effects` of the policy), or the goods need a licence
to where they go, or an identifier of a party is that of an entry in force with such an effect. The deal
itself would be what the law bars, whatever came before or after it.

*review*: a person must look. A name in the record is like that of an entry, from the policy's `match_cutoff`
on; the records do not decide whether a party is restricted; a list asks for a statement or bars some deals
alone; the shipment would complete a route to a restricted party, or goes to one who passed such goods on to a
restricted party before.

*clear*: none of these, in the lists and records that stand beside it. It is no clearance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd

from diversion.lists import phrases
from diversion.parties.listed import meanings
from diversion.parties.restricted import Restrictions, licence_reason
from diversion.policy.model import day_number
from diversion.policy.policy import Policy

Verdict = Literal["clear", "review", "stop"]
RECEIVING = ("consignee", "end_user", "notify_party")
"""Roles of those to whom the goods go, whose country is their destination."""


@dataclass(frozen=True)
class Reason:
    """Why a verdict is not *clear*: `kind` names the rule, `detail` tells it."""

    verdict: Literal["review", "stop"]
    kind: Literal["restricted", "identifier", "undetermined", "lesser", "name", "route", "passed on"]
    role: str | None
    party_id: str | None
    detail: str

    def as_json(self) -> dict[str, Any]:
        """The fields under their own names."""
        return asdict(self)


@dataclass(frozen=True)
class Named:
    """A party of the record: its role, who it is, how the record calls it, its hits in the lists."""

    role: str
    party_id: str
    name: str
    country: str | None
    new: bool
    hits: Sequence[Mapping[str, Any]] = ()
    suppressed: Sequence[Mapping[str, Any]] = ()


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """The gravest of the reasons.

    >>> verdict_of([])
    'clear'
    """
    found = {one.verdict for one in reasons}
    return "stop" if "stop" in found else "review" if found else "clear"


class Rules:
    """The rules above, for one policy and the lists at hand."""

    def __init__(self, listings: pd.DataFrame, policy: Policy, destinations: pd.DataFrame) -> None:
        self.policy = policy
        self._destinations: dict[str, list[dict[Any, Any]]] = {}
        for row in destinations.to_dict("records"):
            self._destinations.setdefault(row["country"], []).append(row)
        effects = meanings(listings, policy)["effect"]
        ends = listings[["listed_on", "removed_on", "gone_on"]].astype(object)
        rows = ends.where(ends.notna(), None).itertuples(index=False, name=None)
        self._entries = {
            id_: (effect, *days) for id_, effect, days in zip(listings["id"], effects, rows, strict=True)
        }

    def of_party(self, who: Named, restrictions: Restrictions, day: int) -> Iterator[Reason]:
        """What the lists and the ownership of a party say on a day."""
        passed = {hit["listing_id"] for hit in who.suppressed}
        for row in restrictions.records(who.party_id):
            if not row["from"] <= day < row["until"] or row["verdict"] == "no":
                continue
            sure, ends = row["verdict"] == "yes", row["effect"] in self.policy.ends
            if not sure and row["listing"] in passed:
                continue
            told = restrictions.of_day(row, day)
            text = f"{who.name} ({who.role.replace('_', ' ')}): {told['reason']}"
            if sure and ends:
                yield Reason("stop", "restricted", who.role, who.party_id, text)
            elif ends:
                yield Reason("review", "undetermined", who.role, who.party_id, f"{text}; not decided")
            else:
                yield Reason("review", "lesser", who.role, who.party_id, f"{text}: {row['effect']}")

    def of_destination(self, who: Named, country: str | None, hs6: str | None, day: int) -> Iterator[Reason]:
        """Whether the goods need a licence to where a party of the record takes them."""
        for row in self._destinations.get(country or "", ()):
            if not row["from"] <= day < row["until"]:
                continue
            codes = self.policy.codes(row["goods"])
            untold = codes is not None and hs6 is None
            if codes is not None and hs6 is not None and hs6 not in codes:
                continue
            text = f"{who.name} ({who.role.replace('_', ' ')}, {country}): {licence_reason(row)}"
            if row["verdict"] == "yes" and not untold and row["effect"] in self.policy.ends:
                yield Reason("stop", "restricted", who.role, who.party_id, text)
            else:
                more = "; the record does not say which goods these are" if untold else "; not decided"
                yield Reason("review", "undetermined", who.role, who.party_id, text + more)

    def of_hits(self, who: Named, day: int) -> Iterator[Reason]:
        """What a screening of the name says; entries that had ended by the day say nothing."""
        for hit in who.hits:
            effect, listed, *ends = self._entries.get(hit["listing_id"], (None, None, None, None))
            if any(end is not None and day_number(end) <= day for end in ends):
                continue
            same = any(part["part"] == "identifier" for part in hit["explanation"])
            there = listed is None or day_number(listed) <= day
            text = f"{who.name} ({who.role.replace('_', ' ')}): {_entry(hit)}"
            if same and there and effect in self.policy.ends:
                yield Reason(
                    "stop", "identifier", who.role, who.party_id, f"{text}; an identifier is the same"
                )
            else:
                likeness = f"; likeness {hit['score']:.2f}" + ("" if there else ", listed later")
                yield Reason("review", "name", who.role, who.party_id, text + likeness)


def _entry(hit: Mapping[str, Any]) -> str:
    since = f", since {hit['listed_on']}" if hit["listed_on"] else ""
    return f"{hit['matched']!r} on {hit['list']} ({hit['programme'] or 'no programme stated'}{since})"


def iso(day: int) -> str:
    """A day as text."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def note(verdict: Verdict, searched: Mapping[str, Any], remarks: Iterable[str], passed: bool = False) -> str:
    """What a person should know of a verdict: what was looked in, and what it does not say.

    `passed` where a hit does not count because somebody cleared it: that is not nothing.
    """
    lists = phrases(searched["lists"]) or "no list"
    records = searched["records"]
    where = f"{lists} and {records['transfers']:,} transfers on record"
    where += f" up to {records['until']}" if records["transfers"] else ""
    told = "".join(f"; {one}" for one in remarks)
    if verdict == "clear":
        return f"nothing {'else ' if passed else ''}was found in {where}{told}; that is no clearance"
    return f"looked in {where}{told}; a person decides, no finding says that anyone broke the law"


def aged(searched: Mapping[str, Any], day: date, limit: int) -> Iterator[str]:
    """How old lists and records are on the day of a plan, where the newest of them exceed `limit` days."""
    published = [day for one in searched["lists"] if (day := one["published"] or one["newest"])]
    records = [searched["records"]["until"]] if searched["records"]["transfers"] else []
    for what, days in (("the newest list or entry is of", published), ("the records end on", records)):
        if days and (old := (day - date.fromisoformat(max(days))).days) > limit:
            yield f"{what} {max(days)}, {old:,} days before {day}"

"""One verdict a rule for one party on one day, and what record would decide an open one."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from diversion.findings import Holding
from diversion.parties.listed import as_day, told
from diversion.policy.model import OwnershipRule, day_number

if TYPE_CHECKING:
    from diversion.parties.restricted import Restrictions
    from diversion.policy.policy import Policy

RENAMED = {"from_day": "from", "until_day": "until"}


def rules(policy: Policy) -> tuple[str, ...]:
    """Names of the rules that give a verdict, in the order of the verdicts."""
    return ("listed", *(rule.name for rule in policy.ownership), "address", "destination")


def verdicts(
    restrictions: Restrictions, party_id: str, day: date, only: str | None = None
) -> list[dict[str, Any]]:
    """`listed`, the ownership rules, `address` and `destination`, each with its verdict on that day.

    `only` one of them, where it is named. A party of which nothing is recorded costs some microseconds.
    """
    table = restrictions.records(party_id)
    number = day_number(day)
    rows = [row for row in table if row["from"] <= number < row["until"]]
    made = []
    for rule in rules(restrictions.policy) if only is None else (only,):
        if rule == "destination":
            made.append(_destination(restrictions, party_id, day))
            continue
        mine = [restrictions.of_day(row, number) for row in rows if row["rule"] == rule]
        made.append(_from_rows(rule, mine, "" if mine else _otherwise(restrictions, rule, table, day)))
    return made


def _otherwise(restrictions: Restrictions, rule: str, table: list[Any], day: date) -> str:
    """Why a rule does not restrict a party."""
    if rule == "listed":
        return _not_listed(table, day)
    if rule == "address":
        return "it is at no listed address that is known"
    owning = restrictions.policy.rule(rule)
    return _not_owned(owning, day) if owning else ""


def _not_listed(table: list[Any], day: date) -> str:
    sure = [row for row in table if row["rule"] == "listed" and row["verdict"] == "yes"]
    past = [row for row in sure if row["until"] <= day_number(day)]
    later = [row for row in sure if row["from"] > day_number(day)]
    parts = []
    if past:
        last = max(past, key=lambda row: row["until"])
        parts.append(f"ended on {told(as_day(int(last['until'])))}: {last['reason']}")
    if later:
        following = min(later, key=lambda row: row["from"])
        parts.append(f"begins on {told(as_day(int(following['from'])))}: {following['reason']}")
    if not parts:
        return "no list at hand names it"
    return f"no list at hand names it on this day; an entry {', and one '.join(parts)}"


def _from_rows(rule: str, rows: list[Any], otherwise: str) -> dict[str, Any]:
    if not rows:
        return _verdict(rule, "no", otherwise)
    best = min(rows, key=lambda r: (r["verdict"] != "yes", -r["strength"], -r["confidence"], r["reason"]))
    since = best["since"].isoformat() if best["since"] else None
    until = as_day(int(best["until"]))
    return _verdict(
        rule,
        best["verdict"],
        best["reason"],
        since=since,
        until=until.isoformat() if until else None,
        proof=[holding_json(holding) for holding in best["proof"]],
        proof_is=_least(best) if best["proof"] else None,
        decided_by=_decided_by(best) if best["verdict"] == "undetermined" else [],
        effect=best["effect"],
        confidence=round(float(best["confidence"]), 4),
    )


def _least(row: Any) -> str:
    """How small the proof is: none is smaller, or none of its holdings can be spared."""
    return "smallest" if row.get("smallest") else "inclusion-minimal"


def _verdict(rule: str, verdict: str, reason: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"since": None, "until": None, "reason": reason, "proof": [], "decided_by": []}
    empty |= {"proof_is": None}
    return {"rule": rule, "verdict": verdict, **empty, "effect": None, "confidence": None, **more}


def holding_json(holding: Holding) -> dict[str, Any]:
    """A holding as machines read it."""
    return {RENAMED.get(key, key): value for key, value in asdict(holding).items()}


def _not_owned(rule: OwnershipRule, day: date) -> str:
    if rule.on(day) is not None:
        return "no known holdings of parties restricted under this rule reach its threshold"
    ended = [p for p in rule.periods if p.until_day is not None and p.until_day <= day]
    begins = [p for p in rule.periods if p.from_day is not None and p.from_day > day]
    parts = []
    if ended:
        parts.append(f"it ended on {told(max(p.until_day for p in ended if p.until_day))}")
    if begins:
        first = min(begins, key=lambda p: p.from_day or date.max)
        doubt = ", which must be verified" if first.status == "verify" else ""
        parts.append(f"it begins on {told(first.from_day)}{doubt}")
    return "the rule is not in force on this day: " + (" and ".join(parts) or "it has no period")


def _decided_by(row: Any) -> list[str]:
    """What record would turn undetermined into yes or no."""
    if row["rule"] in ("listed", "address"):
        if row["since"] is None and "not stated" in row["reason"]:
            return ["the day on which the entry was published, or an earlier snapshot of the list"]
        return ["an identifier, address or date that the list entry and the party share or contradict"]
    return [*row["asks"]]


def _destination(restrictions: Restrictions, party_id: str, day: date) -> dict[str, Any]:
    country = restrictions.parties["country"].get(party_id)
    told = restrictions.told
    if (country, day) not in told:
        told[country, day] = _bound_for(restrictions, country, day)
    return dict(told[country, day])


def _bound_for(restrictions: Restrictions, country: str | None, day: date) -> dict[str, Any]:
    """The verdict on a destination, whoever is there."""
    from diversion.parties.restricted import licence_reason

    rows: list[Any] = restrictions.embargoes(country, day_number(day)).to_dict("records")
    if not rows:
        return _no_destination(restrictions, country, day)
    best = min(rows, key=lambda r: (r["verdict"] != "yes", r["name"]))
    since, until = as_day(int(best["from"])), as_day(int(best["until"]))
    return _verdict(
        "destination",
        best["verdict"],
        licence_reason(best),
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        decided_by=["whether the goods need a licence on this day"] if best["verdict"] != "yes" else [],
        effect=best["effect"],
        confidence=1.0,
    )


def _no_destination(restrictions: Restrictions, country: str | None, day: date) -> dict[str, Any]:
    if not country:
        made = _verdict("destination", "no", "its country is not known")
        return {**made, "decided_by": ["its country"]}
    rows = restrictions.destinations
    mine = rows[rows["country"] == country]
    later = mine[mine["from"] > day_number(day)]
    if len(later):
        return _verdict(
            "destination", "no", f"the rule for {country} begins on {told(as_day(int(later['from'].min())))}"
        )
    if len(mine):
        return _verdict(
            "destination", "no", f"the rule for {country} ended on {told(as_day(int(mine['until'].max())))}"
        )
    return _verdict("destination", "no", f"no embargo of the policy covers {country}")

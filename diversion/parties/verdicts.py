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


def verdicts(restrictions: Restrictions, party_id: str, day: date) -> list[dict[str, Any]]:
    """`listed`, the ownership rules, `address` and `destination`, each with its verdict on that day."""
    rows: list[Any] = restrictions.rows(party_id, day_number(day)).to_dict("records")
    made = [
        _from_rows(
            "listed", [r for r in rows if r["rule"] == "listed"], _not_listed(restrictions, party_id, day)
        )
    ]
    for rule in restrictions.policy.ownership:
        mine = [restrictions.of_day(row, day_number(day)) for row in rows if row["rule"] == rule.name]
        made.append(_from_rows(rule.name, mine, _not_owned(rule, day)))
    there = [row for row in rows if row["rule"] == "address"]
    made.append(_from_rows("address", there, "it is at no listed address that is known"))
    made.append(_destination(restrictions, party_id, day))
    return made


def _not_listed(restrictions: Restrictions, party_id: str, day: date) -> str:
    """That no list names the party, and which entry ended last or begins next."""
    table: list[Any] = restrictions.all_rows(party_id).to_dict("records")
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
        decided_by=_decided_by(best) if best["verdict"] == "undetermined" else [],
        effect=best["effect"],
        confidence=round(float(best["confidence"]), 4),
    )


def _verdict(rule: str, verdict: str, reason: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"since": None, "until": None, "reason": reason, "proof": [], "decided_by": []}
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
    if "programme" in row["reason"]:
        return ["the programme under which the owner is listed"]
    open_shares = [h for h in row["proof"] if h.share_min is None or h.share_min != h.share_max]
    asked = [f"the exact share of {h.owner} in {h.owned}" for h in open_shares]
    if "must be verified" in row["reason"]:
        asked.append("whether the rule is in force on this day")
    return asked or ["whether the owners named are the listed parties, and since when"]


def _destination(restrictions: Restrictions, party_id: str, day: date) -> dict[str, Any]:
    from diversion.parties.restricted import licence_reason

    country = restrictions.parties["country"].get(party_id)
    rows: list[Any] = restrictions.embargoes(country, day_number(day)).to_dict("records")
    if not rows:
        return _destination_no(restrictions, country, day)
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


def _destination_no(restrictions: Restrictions, country: str | None, day: date) -> dict[str, Any]:
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

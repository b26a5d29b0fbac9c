"""What records would decide a verdict that the stated holdings leave open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diversion.parties.control import least
from diversion.parties.shares import Statement
from diversion.parties.stakes import UNIT
from diversion.parties.wording import share
from diversion.policy.model import OwnershipRule, Period

IDENTIFIED = "an identifier, address or date that shows whether {} is the party that the list names"
DATED = "the programme and the day of the list entry of {}"
IN_FORCE = "whether the rule is in force on this day"
Rows = Sequence[tuple[Statement, Mapping[str, Any]]]


def asks(rows: Rows, rule: OwnershipRule, period: Period, called: Callable[[str], str]) -> list[str]:
    """One request for each holding of a proof that is not known well enough to decide it.

    Where the shares in a company are enough even at their least, none of them is asked for.
    """
    asked = []
    for company in dict.fromkeys(statement.owned for statement, _ in rows):
        mine = [one for one in rows if one[0].owned == company]
        if _decided([statement for statement, _ in mine], period):
            continue
        asked += [_ask(row, rule, period, called) for statement, row in mine if _open(statement, period)]
    return asked


def _decided(mine: Sequence[Statement], period: Period) -> bool:
    lows = [0.0 if s.votes and not period.control else s.low for s in mine]
    total = sum(lows) if period.aggregate else max(lows)
    return round(total / UNIT) >= least(period)


def _open(statement: Statement, period: Period) -> bool:
    return statement.low < statement.high or (statement.votes and not period.control)


def _ask(row: Mapping[str, Any], rule: OwnershipRule, period: Period, called: Callable[[str], str]) -> str:
    owner, owned = called(str(row["owner"])), called(str(row["owned"]))
    stated = row["by"] if row["kind"] == "control" else row["reason"]
    nature = rule.nature(stated if isinstance(stated, str) else None)
    if nature is not None and nature.decided_by:
        return f"of {owner} in {owned}, stated as {stated}: {nature.decided_by}"
    if row["kind"] in ("votes", "control") and not period.control:
        return f"the share in {owned} that {owner} owns; stated is {share(row)}, which is no ownership"
    enough = f"{'more than' if period.strict else 'at least'} {period.threshold:g} % is needed"
    together = " of all restricted owners together" if period.aggregate else ""
    return f"the exact share of {owner} in {owned}, stated as {share(row)}; {enough}{together}"

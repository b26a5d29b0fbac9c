"""Days of rules: an interval is `[from, until)`, and a rule past its end no longer applies."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Dated(Protocol):
    """What holds from a day on, until a day; None where that end is open."""

    @property
    def from_day(self) -> date | None:
        """The first day."""

    @property
    def until_day(self) -> date | None:
        """The first day on which it no longer holds."""


def holds(rule: Dated, day: date) -> bool:
    """Whether the rule applies on a day."""
    begun = rule.from_day is None or rule.from_day <= day
    return begun and (rule.until_day is None or day < rule.until_day)


def standing(rule: Dated, day: date) -> str:
    """`in force`, or since when it no longer is, or from when it will be.

    >>> from diversion.policy.policy import load
    >>> [standing(period, date(2026, 1, 1)) for period in load().rule("bis-affiliates").periods]
    ['ended on 10 Nov 2025', 'begins on 10 Nov 2026']
    """
    if rule.until_day is not None and rule.until_day <= day:
        return f"ended on {told(rule.until_day)}"
    if rule.from_day is not None and day < rule.from_day:
        return f"begins on {told(rule.from_day)}"
    return "in force"


def told(day: date) -> str:
    """A day that no reader takes for another.

    >>> told(date(2022, 4, 8))
    '8 Apr 2022'
    """
    return f"{day.day} {day:%b %Y}"


def overlap(one: Dated, other: Dated) -> bool:
    """Whether some day lies in both."""
    begins = max(one.from_day or date.min, other.from_day or date.min)
    ends = min(one.until_day or date.max, other.until_day or date.max)
    return begins < ends or (begins == ends == date.max)

"""What a policy is made of: dated rules, each with its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

Status = Literal["stated", "unverified", "verify"]
"""`stated`: read in its source; `unverified`: from memory; `verify`: doubtful whether it is in force."""

Effect = Literal["blocking", "denial", "licence", "sectoral", "statement"]
EFFECTS: tuple[Effect, ...] = ("blocking", "denial", "licence", "sectoral", "statement")
"""From the heaviest to the lightest."""

FIRST_DAY, LAST_DAY = -(2**31), 2**31 - 1
"""Open ends of an interval, as days since 1970-01-01."""


def day_number(day: date | None, otherwise: int = FIRST_DAY) -> int:
    """Days since 1970-01-01.

    >>> day_number(date(1970, 1, 2)), day_number(None) == FIRST_DAY
    (1, True)
    """
    return otherwise if day is None else day.toordinal() - date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Good:
    """One six-digit code of a list of goods, with its tier."""

    hs6: str
    tier: str | None
    list: str
    from_day: date | None
    until_day: date | None
    source: str
    description: str
    sought: bool = True


@dataclass(frozen=True)
class CountrySet:
    """Countries that share one property; ISO 3166-1 alpha-2."""

    name: str
    countries: frozenset[str]
    from_day: date | None
    until_day: date | None
    source: str
    status: Status
    title: str = ""


@dataclass(frozen=True)
class Embargo:
    """A destination that the goods of a list may not reach without a licence; `goods` may be `*`."""

    name: str
    country: str
    goods: str
    from_day: date | None
    until_day: date | None
    effect: Effect
    source: str
    status: Status


@dataclass(frozen=True)
class Control:
    """The day on which a control took effect."""

    name: str
    day: date
    countries: frozenset[str]
    source: str


@dataclass(frozen=True)
class Programme:
    """What it means to stand on a list: effect, and weight as the end of a route (0 to 1)."""

    name: str
    authority: str
    programme: str
    effect: Effect
    strength: float
    source: str

    def fits(self, authority: str, programme: str) -> bool:
        """Whether an entry with these words is meant."""
        return bool(_search(self.authority, authority) and _search(self.programme, programme))


@dataclass(frozen=True)
class Seed:
    """Listed parties whose stakes count under an ownership rule; not `certain` where that is doubtful."""

    authority: str
    programme: str
    effects: frozenset[str]
    certain: bool = True

    def fits(self, authority: str, programme: str, effect: str) -> bool:
        """Whether an entry with these words and this effect is meant."""
        return (
            effect in self.effects
            and bool(_search(self.authority, authority))
            and bool(_search(self.programme, programme))
        )


@dataclass(frozen=True)
class Period:
    """Days on which an ownership rule reads as it does; the threshold is in per cent."""

    from_day: date | None
    until_day: date | None
    threshold: float
    strict: bool
    aggregate: bool
    control: bool
    source: str
    status: Status

    def holds(self, day: date) -> bool:
        """Whether the period covers the day."""
        return (self.from_day is None or self.from_day <= day) and (
            self.until_day is None or day < self.until_day
        )


@dataclass(frozen=True)
class OwnershipRule:
    """When a holding restricts the company that is held.

    `control_by` is a pattern for the sorts of control that count where control does; empty means all.
    """

    name: str
    title: str
    effect: Effect
    seeds: tuple[Seed, ...]
    periods: tuple[Period, ...]
    control_by: str = ""

    def on(self, day: date) -> Period | None:
        """The period in force on a day."""
        return next((period for period in self.periods if period.holds(day)), None)


@dataclass(frozen=True)
class Transit:
    """How long goods travel where only one date of a shipment is known, in days."""

    days_min: int
    days_max: int
    source: str = ""


@dataclass(frozen=True)
class NotPassing:
    """Consignees that never pass goods on: banks, "to order", nobody in particular."""

    words: tuple[str, ...]
    starts: tuple[str, ...]
    endings: tuple[str, ...]
    reason: str

    @cached_property
    def pattern(self) -> str:
        """A regular expression over the key of a name (`names.name_key`), for vectorised tests."""
        whole, starts, endings = (
            "|".join(re.escape(word).replace("\\ ", " ") for word in words)
            for words in (self.words, self.starts, self.endings)
        )
        return rf"^(?:{whole})(?:\||$)|^(?:{starts})\b|(?:{endings})\b"

    def fits(self, key: str) -> bool:
        """Whether the party of this name key is one of them."""
        return bool(_search(self.pattern, key))


@dataclass(frozen=True)
class Threshold:
    """A number that decides something, and why it is what it is."""

    name: str
    value: float
    reason: str


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(pattern, text, re.IGNORECASE)

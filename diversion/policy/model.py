"""What a policy is made of: dated rules, each with its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from diversion.policy.days import holds

Status = Literal["verified", "stated", "unverified", "verify"]
"""`verified`: read in its source; `stated`: what the author of a pack states, such as goods of
their own; `unverified`: from memory; `verify`: doubtful whether it is in force."""
STATUSES: tuple[Status, ...] = ("verified", "stated", "unverified", "verify")

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
    """One code of a list of goods, with its tier.

    `hs6` is empty where the list names the goods by `eccn` or a `national` code alone. `edition` is that of
    the Harmonized System; a code of an older one `stands_for` codes of the list, and covers more than these
    where it is only `partly` the same. `first_day` is the day of the first version of the list known to name
    the code, whether or not that was verified; `from_day` that of the first verified one.
    """

    hs6: str
    tier: str | None
    list: str
    from_day: date | None
    until_day: date | None
    source: str
    description: str
    sought: bool = True
    eccn: str | None = None
    national: str | None = None
    first_day: date | None = None
    edition: str = ""
    stands_for: tuple[str, ...] = ()
    partly: bool = False


@dataclass(frozen=True)
class OlderCode:
    """A code of an older edition of the Harmonized System and the codes that took its place."""

    edition: str
    old: str
    new: tuple[str, ...]
    sought: bool
    source: str
    status: Status


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
    status: Status = "unverified"


@dataclass(frozen=True)
class Programme:
    """What it means to stand on a list: effect, and weight as the end of a route (0 to 1)."""

    name: str
    authority: str
    programme: str
    effect: Effect
    strength: float
    source: str
    from_day: date | None = None
    until_day: date | None = None
    status: Status = "unverified"

    def fits(self, authority: str, programme: str) -> bool:
        """Whether an entry with these words is meant."""
        return bool(_search(self.authority, authority) and _search(self.programme, programme))


@dataclass(frozen=True)
class Regime:
    """A publisher's code of a programme (`regimes` of a list entry) and what it means by itself.

    `effect` is None where the code says under which law, and the list alone says what follows from it.
    """

    authority: str
    code: str
    title: str
    effect: Effect | None
    from_day: date | None
    until_day: date | None
    source: str
    status: Status


@dataclass(frozen=True)
class RedFlag:
    """A warning sign that an authority published, in words of our own; `factors` of the score look for it."""

    catalogue: str
    number: str
    text: str
    factors: tuple[str, ...]
    from_day: date | None
    until_day: date | None
    source: str
    status: Status


@dataclass(frozen=True)
class ValueLimit:
    """Up to which value, in US dollars, a shipment that leaves one of the countries need not be declared."""

    name: str
    usd: float
    countries: frozenset[str]
    from_day: date | None
    until_day: date | None
    source: str
    status: Status
    title: str = ""


@dataclass(frozen=True)
class Watched:
    """An entry of a private watchlist, which is screened as a published list is."""

    name: str
    aliases: tuple[str, ...]
    kind: str
    country: str | None
    address: str | None
    identifiers: tuple[str, ...]
    programme: str
    effect: Effect
    from_day: date
    until_day: date | None
    source: str


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
        return holds(self, day)


Counts = Literal["whole", "least", "open", "none"]
COUNTS: tuple[Counts, ...] = ("whole", "least", "open", "none")


@dataclass(frozen=True)
class Nature:
    """In what capacity something is held, as a source states it, and how an ownership rule counts that.

    `words` is a pattern for what is stated. What is so held counts as if nothing were stated (`whole`), as at
    the least the share that is stated (`least`), as anything from nothing to that share (`open`; control from
    nothing to all), or not at all (`none`). `decided_by` names the record that would settle it.
    """

    name: str
    words: str
    counts: Counts
    decided_by: str
    source: str
    status: Status

    def fits(self, stated: str) -> bool:
        """Whether the words of a source mean it."""
        return bool(_search(self.words, stated))


@dataclass(frozen=True)
class OwnershipRule:
    """When a holding restricts the company that is held.

    `control_by` is a pattern for the sorts of control that count where control does; empty means all.
    Of `natures` the first that fits comes before it. `exceptions` say in words what the rule leaves out.
    """

    name: str
    title: str
    effect: Effect
    seeds: tuple[Seed, ...]
    periods: tuple[Period, ...]
    control_by: str = ""
    exceptions: tuple[str, ...] = ()
    natures: tuple[Nature, ...] = ()

    def nature(self, stated: str | None) -> Nature | None:
        """The nature that the words of a source mean."""
        return next((one for one in self.natures if stated and one.fits(stated)), None)

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
    """A number that decides something, why it is what it is, and on which days."""

    name: str
    value: float
    reason: str
    from_day: date | None = None
    until_day: date | None = None


@dataclass(frozen=True)
class Rule:
    """Any rule of a policy as its pack states it: for showing and comparing, whatever the table."""

    table: str
    name: str
    from_day: date | None
    until_day: date | None
    status: str
    source: str
    pack: str
    content: Mapping[str, Any]


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(pattern, text, re.IGNORECASE)

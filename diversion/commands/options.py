"""What several commands take: where they work and how they print, what a search looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Group, Parameter, Token

from diversion.output import Format

SEARCH = Group("Search")


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What most commands take."""

    store: str | None = None
    "DuckDB file, or neo4j:// or bolt:// address [default: $DIVERSION_STORE, then diversion.duckdb]"
    policy: str | None = None
    "a policy pack of your own, laid over the built-in ones"
    format: Format = "table"
    "table for people; json, jsonl or csv for machines"


def _day(kind: type, tokens: Sequence[Token]) -> date:
    try:
        return date.fromisoformat(tokens[0].value)
    except ValueError:
        raise ValueError(f"{tokens[0].value!r} is no day: write it as YYYY-MM-DD") from None


Day = Annotated[date, Parameter(converter=_day)]
"""A day as a flag takes it."""
Kind = Annotated[
    Literal["shipments", "parties", "ownership", "listings", "us_csl"] | None, Parameter(name="--as")
]
"""What a file is said to hold."""


@Parameter(name="*")
@dataclass(frozen=True)
class Ingesting:
    """How files are read, where a person says so."""

    as_: Kind = None
    "what the files are, where their columns do not tell"
    mapping: Path | None = None
    "TOML file that names the column of each field, as `diversion mapping` prints it"
    known_on: Day | None = None
    "the day on which the files were received"
    max_rejected: float | None = None
    "share of faulty rows, 0 to 1, above which a file is refused [default: the setting, 0.2]"
    accept_shrink: Annotated[bool, Parameter(negative="")] = False
    "take a list that lost more of its entries than is plausible"


@Parameter(name="*")
@dataclass(frozen=True)
class Screening:
    """How names are screened."""

    cutoff: float | None = None
    "least confidence shown, of the name alone or with all that is known: a conflict lowers a hit and marks \
it, but never hides it [default: the policy's]"
    limit: int = 0
    "most hits a name, 0 for all; what it cuts is counted"
    country: str | None = None
    "ISO code that all names share, where known"
    whitelist: Path | None = None
    "CSV with name, reason, until and, for one entry, listing_id: hits that somebody has cleared; an equal \
identifier is cleared by listing_id alone"
    second_opinion: Annotated[bool, Parameter(negative="")] = False
    "show beside each hit how nomenklatura's logic-v2 judges it; needs the extra `matching`"


@Parameter(name="*")
@dataclass(frozen=True)
class Judging:
    """By what, and by what knowledge, parties are judged."""

    as_of: Day | None = None
    "the day [default: the last day of the shipments]"
    known_at: Day | None = None
    "only what could have been known by this day"
    rule: str | None = None
    "only this rule, such as ofac-50"
    picture: Path | None = None
    "also draw the proof of the gravest verdict, or that of --rule, into this file: .svg or .html"


@Parameter(name="*", group=SEARCH)
@dataclass(frozen=True)
class Searching:
    """The limits and ends of a search."""

    as_of: Day | None = None
    "last day looked at [default: the last day of the shipments]"
    known_at: Day | None = None
    "only what had been received by that day"
    from_: Annotated[tuple[str, ...], Parameter(name="--from", negative="")] = ()
    "origins: party ids, country:DE, a set of the policy, or @FILE; several times"
    to: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    "ends, in the same words, instead of the restricted parties; `anywhere`: wherever the goods went"
    through: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    "only routes with one of these between their ends, in the same words"
    avoid: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    "no routes with any of these, in the same words; such a declared end user makes no delivery an end"
    hops: int = 5
    "most transfers of a route, 1 to 8"
    dwell: int = 180
    "most days between arrival and onward departure"
    dwell_min: int = 0
    "fewest of these days"
    relations: Literal["strict", "relabel", "jump", "all"] = "all"
    "strict; also relabelled goods; also a company of the same owner or address; or all of these"
    targets: Literal["restricted", "undetermined"] = "restricted"
    "undetermined also ends routes where the records do not decide"
    top: int = 1000
    "corridors kept, 0 for all"
    engine: Literal["memory", "spark"] | None = None
    "what searches, with the same answers [default: the setting, memory]"
    master: str | None = None
    "where Spark runs, such as local[2] or spark://host:7077 [default: the setting, all cores here]"
    time_limit: float | None = None
    "seconds after which the search for corridors ends with what is proven; sorts and sweeps are not cut"
    memory_limit: float | None = None
    "MiB of this process after which the search ends with what is proven"


@Parameter(name="*")
@dataclass(frozen=True)
class Checking:
    """How what is not yet made is checked."""

    as_of: Day | None = None
    "last day of the records looked at [default: the last day of the shipments]"
    known_at: Day | None = None
    "only what had been received by that day"
    hops: int = 5
    "most transfers of a route, 1 to 8"
    dwell: int = 180
    "most days between arrival and onward departure"
    dwell_min: int = 0
    "fewest of these days"
    relations: Literal["strict", "relabel", "jump", "all"] = "all"
    "strict; also relabelled goods; also a company of the same owner or address; or all of these"
    cutoff: float | None = None
    "least confidence of a hit in the lists [default: the policy's]"
    whitelist: Path | None = None
    "CSV with name, reason, until and, for one entry, listing_id: hits that somebody has cleared; an equal \
identifier is cleared by listing_id alone"
    top: int = 20
    "most routes told of a shipment, 0 for all"
    as_: Kind = None
    "what the files are, where their columns do not tell"
    mapping: Path | None = None
    "TOML file that names the column of each field, as `diversion mapping` prints it"


COMMON, INGESTING, JUDGING = Common(), Ingesting(), Judging()
SCREENING, SEARCHING, CHECKING = Screening(), Searching(), Checking()

"""What several commands take: where they work and how they print, what a search looks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from cyclopts import Group, Parameter

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


@Parameter(name="*", group=SEARCH)
@dataclass(frozen=True)
class Searching:
    """The limits and ends of a search."""

    as_of: date | None = None
    "last day looked at [default: the last day of the shipments]"
    known_at: date | None = None
    "only what had been received by that day"
    from_: Annotated[tuple[str, ...], Parameter(name="--from", negative="")] = ()
    "origins: party ids, country:DE, a set of the policy, or @FILE; several times"
    to: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    "ends, in the same words, instead of the restricted parties"
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
    engine: Literal["memory"] = "memory"
    "what searches"
    time_limit: float | None = None
    "seconds after which the search ends with what is proven"


COMMON, SEARCHING = Common(), Searching()

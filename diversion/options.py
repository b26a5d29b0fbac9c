"""What an analyst sets for one analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from math import isfinite
from typing import Any, Literal

from diversion.errors import UsageError

Relations = Literal["strict", "relabel", "jump", "all"]
Engine = Literal["memory", "spark"]
MOST_HOPS = 8
ANYWHERE = "anywhere"


@dataclass(frozen=True)
class Options:
    """Limits and ends of a search, as `routes.md` of the engine defines them.

    Parameters
    ----------
    as_of : last day looked at; None means the last day of the shipments.
    known_at : only what had been received by that day; None means everything.
    hops, dwell, dwell_min : most transfers of a route; days from arrival to onward departure, ends included.
    relations : which continuations count: `strict`, `relabel`, `jump` or `all`.
    origins, ends : party ids, `country:DE`, the name of a set of the policy, or `@FILE`; empty means every
        unrestricted party, and every restricted one. `ends` may be `anywhere`: wherever the goods went.
    through, avoid : in the same words, parties of which a route must have one between its ends, and parties
        that it must not have at all, as the declared end user that makes it end neither.
    targets : `undetermined` makes undetermined verdicts ends too.
    top : corridors kept, 0 for all.
    time_limit, memory_limit : seconds of the whole question, and mebibytes of this process, after which the
        search ends with what is proven; None means no limit.
    engine, master : what searches, `memory` or `spark`, whose answers are the same; and where Spark runs:
        `local[2]` for two cores of this machine, `local[*]` for all, `spark://host:7077`, `yarn`.
    """

    as_of: date | None = None
    known_at: date | None = None
    hops: int = 5
    dwell: int = 180
    dwell_min: int = 0
    relations: Relations = "all"
    origins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    targets: Literal["restricted", "undetermined"] = "restricted"
    top: int = 1000
    time_limit: float | None = None
    memory_limit: float | None = None
    through: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    engine: Engine = "memory"
    master: str = "local[*]"

    def __post_init__(self) -> None:
        if not 1 <= self.hops <= MOST_HOPS:
            raise UsageError(f"a route has 1 to {MOST_HOPS} hops, not {self.hops}", where="--hops")
        if not 0 <= self.dwell_min <= self.dwell <= 36_600:
            raise UsageError(f"{self.dwell_min} to {self.dwell} days is no window", where="--dwell")
        if self.engine not in ("memory", "spark"):
            raise UsageError(f"no engine is called {self.engine!r}", where="--engine", hint="memory or spark")
        for flag, most in (("--time-limit", self.time_limit), ("--memory-limit", self.memory_limit)):
            if most is not None and not (most > 0 and isfinite(most)):
                raise UsageError(f"{most:g} is no limit", where=flag, hint="a number above 0, or no limit")
        if self.top < 0:
            raise UsageError(f"{self.top} corridors cannot be kept", where="--top", hint="0 keeps all")
        if self.open and len(self.ends) > 1:
            raise UsageError("wherever goods go leaves no other end to name", where="--to anywhere")

    @property
    def open(self) -> bool:
        """Whether routes may end anywhere."""
        return ANYWHERE in self.ends

    def as_json(self) -> dict[str, Any]:
        """The parameters as the manifest keeps them."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Options:
        """The options whose `as_json` is `data`.

        >>> Options.of_json(Options(as_of=date(2024, 1, 2), hops=3).as_json()).as_of
        datetime.date(2024, 1, 2)
        """
        known = {field.name for field in fields(cls)}
        made = {name: value for name, value in data.items() if name in known}
        for name in ("as_of", "known_at"):
            made[name] = date.fromisoformat(data[name]) if data.get(name) else None
        for name in ("origins", "ends", "through", "avoid"):
            made[name] = tuple(data.get(name, ()))
        return cls(**made)

"""What an analyst sets for one analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal

from diversion.errors import UsageError

Relations = Literal["strict", "relabel", "jump", "all"]
MOST_HOPS = 8


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
        unrestricted party, and every restricted one.
    targets : `undetermined` makes undetermined verdicts ends too.
    top : corridors kept, 0 for all.
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

    def __post_init__(self) -> None:
        if not 1 <= self.hops <= MOST_HOPS:
            raise UsageError(f"a route has 1 to {MOST_HOPS} hops, not {self.hops}", where="--hops")
        if not 0 <= self.dwell_min <= self.dwell <= 36_600:
            raise UsageError(f"{self.dwell_min} to {self.dwell} days is no window", where="--dwell")
        if self.top < 0:
            raise UsageError(f"{self.top} corridors cannot be kept", where="--top", hint="0 keeps all")

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
        for name in ("origins", "ends"):
            made[name] = tuple(data.get(name, ()))
        return cls(**made)

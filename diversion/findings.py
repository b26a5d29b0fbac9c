"""What a person sees of one corridor. Every surface renders these and nothing else."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Band = Literal["low", "elevated", "high", "severe"]
Verdict = Literal["yes", "undetermined", "no"]


@dataclass(frozen=True)
class PartyRef:
    """A party of a route, as the record names it."""

    id: str
    name: str
    country: str | None


@dataclass(frozen=True)
class Goods:
    """What moved: the six-digit code of the first transfer, its text and its tier in the policy."""

    hs6: str
    description: str
    tier: str | None


@dataclass(frozen=True)
class Hop:
    """All shipments of one step of the corridor together; days are ISO dates, first and last."""

    quantity: float | None
    unit: str | None
    value_usd: float | None
    first_day: str
    last_day: str
    hs6: tuple[str, ...]


@dataclass(frozen=True)
class Break:
    """Where the goods or the party did not simply continue. `hop` is the hop that it leads into, from 1."""

    hop: int
    kind: Literal["relabel", "owner", "address", "disguise", "possibly-same"]
    detail: str

    @property
    def stands_in(self) -> bool:
        """Whether another party sent on what one received."""
        return self.kind in ("owner", "address", "possibly-same")


@dataclass(frozen=True)
class Holding:
    """A holding that a verdict rests on; shares in per cent, `[from, until)`.

    `kind` is shares, votes, unknown or control, and `by` says how control is held, or in what capacity.
    """

    owner: str
    owned: str
    share_min: float | None
    share_max: float | None
    from_day: str | None
    until_day: str | None
    source: str
    kind: str = "shares"
    by: str | None = None


@dataclass(frozen=True)
class Restricted:
    """Why the end of the route was restricted on the day of its last transfer.

    `first` is the first day relied on, where other reasons hold on earlier days of the last hop.
    """

    party_id: str
    verdict: Verdict
    reason: str
    rule: str
    since: str | None
    proof: tuple[Holding, ...] = ()
    confidence: float = 1.0
    first: str | None = None


@dataclass(frozen=True)
class Contribution:
    """Points of one factor, in log-odds, with the sentence an analyst reads and the ids of its evidence."""

    factor: str
    points: float
    detail: str
    source: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Unjudged:
    """A factor for which the records do not hold what it needs."""

    factor: str
    why: str


@dataclass(frozen=True)
class Record:
    """The original row of one shipment of the route.

    `estimated` says that a day is not stated but told by the transit time, and `estimated_day` which.
    """

    shipment: str
    hop: int
    file: str
    sheet: str | None
    row: int | None
    departed_on: str
    arrived_on: str
    sender: str
    receiver: str
    quantity: float | None
    unit: str | None
    value_usd: float | None
    description: str | None
    estimated: bool
    estimated_day: Literal["departure", "arrival"] | None = None


@dataclass(frozen=True)
class Search:
    """Whether every corridor under the limits was counted, and what cut the search short if not."""

    exact: bool
    truncated_by: str | None


@dataclass(frozen=True)
class Finding:
    """One corridor: all routes through the same parties with the same goods, told once.

    `score` is 0–100, `coverage` the share of the scorecard's possible points that had data, `routes` the
    number of sequences of shipments, `value_usd` and `quantity` those of the last hop.
    """

    route_id: str
    score: float
    band: Band
    coverage: float
    parties: tuple[PartyRef, ...]
    item: Goods
    hops: int
    routes: int
    shipments: tuple[tuple[str, ...], ...]
    first_day: str
    last_day: str
    quantity: float | None
    unit: str | None
    value_usd: float | None
    per_hop: tuple[Hop, ...]
    base: float
    breaks: tuple[Break, ...]
    restricted: Restricted
    contributions: tuple[Contribution, ...]
    within: str | None
    search: Search
    happened: tuple[str, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    identity: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    settle: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    law: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The object of the JSON contract: the fields above under their own names."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain

    @property
    def against(self) -> tuple[Contribution, ...]:
        """What lowers the score."""
        return tuple(c for c in self.contributions if c.points < 0)

    @property
    def reasons(self) -> tuple[Contribution, ...]:
        """What raises the score, or informs without points."""
        return tuple(c for c in self.contributions if c.points >= 0)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_RENAMED.get(key, key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


_RENAMED = {"from_day": "from", "until_day": "until"}


def from_json(data: dict[str, Any]) -> Finding:
    """The finding whose `as_json` is `data`: what a store keeps comes back as it was."""
    made = dict(data)
    made["parties"] = tuple(PartyRef(**p) for p in data["parties"])
    made["item"] = Goods(**data["item"])
    made["shipments"] = tuple(tuple(ids) for ids in data["shipments"])
    made["per_hop"] = tuple(Hop(**{**h, "hs6": tuple(h["hs6"])}) for h in data["per_hop"])
    made["breaks"] = tuple(Break(**b) for b in data["breaks"])
    made["restricted"] = _restricted(data["restricted"])
    made["contributions"] = tuple(
        Contribution(**{**c, "evidence": tuple(c["evidence"])}) for c in data["contributions"]
    )
    made["search"] = Search(**data["search"])
    made["unjudged"] = tuple(Unjudged(**u) for u in data["unjudged"])
    made["records"] = tuple(Record(**r) for r in data["records"])
    for name in ("happened", "identity", "caveats", "settle", "law"):
        made[name] = tuple(data[name])
    return Finding(**made)


def _restricted(data: dict[str, Any]) -> Restricted:
    back = {new: old for old, new in _RENAMED.items()}
    proof = tuple(Holding(**{back.get(k, k): v for k, v in h.items()}) for h in data["proof"])
    return Restricted(**{**data, "proof": proof})


def band_of(score: float) -> Band:
    """The word for a score: low < 25 ≤ elevated < 50 ≤ high < 80 ≤ severe.

    >>> band_of(79.9), band_of(80.0)
    ('high', 'severe')
    """
    if score < 25:
        return "low"
    if score < 50:
        return "elevated"
    return "high" if score < 80 else "severe"

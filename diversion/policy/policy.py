"""The policy: law and choices by which an analysis judges, all dated, all with their source.

Built-in packs lie in `packs/`; a pack of a user's own is laid over them and wins by name.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any

from diversion.errors import PolicyError
from diversion.policy.model import (
    EFFECTS,
    Control,
    CountrySet,
    Effect,
    Embargo,
    Good,
    NotPassing,
    OwnershipRule,
    Period,
    Programme,
    Seed,
    Threshold,
    Transit,
)
from diversion.policy.rates import Rates, rates
from diversion.policy.read import Raw, merged, texts


@dataclass(frozen=True)
class Policy:
    """Dated rules and thresholds; `digest` is one of the content, whatever its layout.

    `sets` are groups of countries, `embargoes` destinations by goods, `controls` days on which a control
    took effect, `programmes` what a list means, `ownership` the regimes' own tests, `ends` the effects
    that make a party the end of a route, `undated` what an entry without a date means: `first_seen`
    (listed from the first snapshot that holds it, undetermined before), `always` or `never` (undetermined);
    `strengths` weighs an effect that an entry states by itself; `rates` are dollars for other currencies.
    """

    name: str
    version: str
    digest: str
    goods: tuple[Good, ...]
    sets: Mapping[str, CountrySet]
    embargoes: tuple[Embargo, ...]
    controls: tuple[Control, ...]
    programmes: tuple[Programme, ...]
    ownership: tuple[OwnershipRule, ...]
    reasons: Mapping[str, Threshold]
    transit: Transit
    not_passing: NotPassing
    ends: frozenset[str]
    undated: str
    strengths: Mapping[str, float]
    rates: Rates

    @cached_property
    def thresholds(self) -> Mapping[str, float]:
        """Numbers that decide something, by name; `reasons` says why each is what it is."""
        return MappingProxyType({name: row.value for name, row in self.reasons.items()})

    @cached_property
    def sought(self) -> frozenset[str]:
        """Six-digit codes looked for, on any day."""
        return frozenset(good.hs6 for good in self.goods if good.sought)

    @cached_property
    def _by_code(self) -> dict[str, Good]:
        found: dict[str, Good] = {}
        for good in self.goods:
            found.setdefault(good.hs6, good)
        return found

    def good(self, hs6: str) -> Good | None:
        """What the policy says of a code; of several lists the one laid over last.

        >>> load().good("854231").tier
        '1'
        """
        return self._by_code.get(hs6)

    def codes(self, goods: str) -> frozenset[str] | None:
        """Codes of a list of goods; None for `*`, which means all goods."""
        return None if goods == "*" else frozenset(good.hs6 for good in self.goods if good.list == goods)

    def countries(self, name: str) -> frozenset[str]:
        """Countries of a set. Raises `PolicyError` where there is none of that name."""
        try:
            return self.sets[name].countries
        except KeyError:
            raise PolicyError(
                f"no set of countries is called {name!r}",
                where=f"policy {self.name}",
                hint=f"there are {', '.join(self.sets)}",
            ) from None

    def programme(self, authority: str | None, programme: str | None) -> Programme | None:
        """What standing on this list means; None where no programme fits.

        >>> load().programme("US BIS", "Unverified").effect
        'statement'
        """
        words = authority or "", programme or ""
        return next((rule for rule in self.programmes if rule.fits(*words)), None)

    def rule(self, name: str) -> OwnershipRule | None:
        """The ownership rule of that name."""
        return next((rule for rule in self.ownership if rule.name == name), None)


def load(path: str | Path | None = None) -> Policy:
    """The built-in policy, with the pack (or folder of packs) at `path` laid over it.

    Raises `PolicyError` with file, key and what to do. Costs some 10 ms; the built-in policy is kept.
    """
    return _built_in() if path is None else _policy(merged(texts(Path(path))))


@lru_cache(maxsize=1)
def _built_in() -> Policy:
    return _policy(merged(texts(None)))


def _policy(raw: Raw) -> Policy:
    sets = {name: _set(row) for name, row in raw["sets"].items()}
    goods = tuple(good for row in raw["goods"].values() for good in _goods(row))
    meaning = raw["meaning"]
    policy = Policy(
        name="+".join(pack["name"] for pack in raw["packs"]),
        version="+".join(pack["version"] for pack in raw["packs"]),
        digest=_digest(raw),
        goods=goods,
        sets=MappingProxyType(sets),
        embargoes=tuple(_embargo(row) for row in raw["embargoes"].values()),
        controls=tuple(
            Control(row["name"], row["day"], frozenset(row["countries"]), row["source"])
            for row in raw["controls"].values()
        ),
        programmes=tuple(
            Programme(**{**row, "strength": float(row["strength"])}) for row in raw["programmes"].values()
        ),
        ownership=tuple(_ownership(row) for row in raw["ownership"].values()),
        reasons=MappingProxyType(
            {
                name: Threshold(name, float(row["value"]), row["reason"])
                for name, row in raw["thresholds"].items()
            }
        ),
        transit=Transit(**raw["transit"]),
        not_passing=_not_passing(raw["not_passing"]),
        ends=frozenset(meaning["ends"]),
        undated=meaning["undated"],
        strengths=MappingProxyType({effect: float(raw["strengths"][effect]) for effect in EFFECTS}),
        rates=rates(raw["rates"]),
    )
    _check_references(policy, raw)
    return policy


def _check_references(policy: Policy, raw: Raw) -> None:
    lists = {"*", *raw["goods"]}
    for embargo in policy.embargoes:
        if embargo.goods not in lists:
            raise PolicyError(
                f"no list of goods is called {embargo.goods!r}",
                where=f"embargo {embargo.name}",
                hint=f"there are {', '.join(sorted(lists))}",
            )
    if policy.transit.days_min > policy.transit.days_max:
        raise PolicyError("days_min is above days_max", where="transit", hint="exchange them")
    for rule in policy.ownership:
        _check_periods(rule)


def _check_periods(rule: OwnershipRule) -> None:
    ordered = sorted(rule.periods, key=lambda p: p.from_day or date.min)
    for early, late in itertools.pairwise(ordered):
        if early.until_day is None or late.from_day is None or early.until_day > late.from_day:
            raise PolicyError(
                "two periods overlap", where=f"ownership {rule.name}", hint="end one before the next begins"
            )


def _dates(row: Raw) -> tuple[date | None, date | None]:
    return row.get("from"), row.get("until")


def _goods(row: Raw) -> list[Good]:
    days = _dates(row)
    return [
        Good(
            code["hs6"],
            code.get("tier"),
            row["name"],
            *days,
            row["source"],
            code.get("description", ""),
            row.get("sought", True),
        )
        for code in row["codes"]
    ]


def _set(row: Raw) -> CountrySet:
    countries = frozenset(row["countries"])
    return CountrySet(
        row["name"], countries, *_dates(row), row["source"], row["status"], row.get("title", "")
    )


def _embargo(row: Raw) -> Embargo:
    effect: Effect = row["effect"]
    return Embargo(
        row["name"], row["country"], row["goods"], *_dates(row), effect, row["source"], row["status"]
    )


def _ownership(row: Raw) -> OwnershipRule:
    seeds = tuple(
        Seed(s["authority"], s["programme"], frozenset(s["effects"]), s.get("certain", True))
        for s in row["seeds"]
    )
    periods = tuple(_period(p) for p in row["periods"])
    title = str(row.get("title", row["name"]))
    control_by = "|".join(row.get("control_by", ()))
    return OwnershipRule(row["name"], title, row["effect"], seeds, periods, control_by)


def _period(row: Raw) -> Period:
    rest = {key: row[key] for key in ("strict", "aggregate", "control", "source", "status")}
    return Period(*_dates(row), threshold=float(row["threshold"]), **rest)


def _not_passing(row: Raw) -> NotPassing:
    return NotPassing(tuple(row["words"]), tuple(row["starts"]), tuple(row["endings"]), row["reason"])


def _digest(raw: Raw) -> str:
    text = json.dumps(raw, sort_keys=True, default=_plain, ensure_ascii=False)
    # Order decides among programmes and among lists of goods, so it is part of the content.
    order = json.dumps([list(raw["programmes"]), list(raw["goods"])])
    return blake2b((text + order).encode("utf-8"), digest_size=8).hexdigest()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)

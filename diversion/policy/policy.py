"""The policy: law and choices by which an analysis judges, all dated, all with their source.

Built-in packs lie in `packs/`; a pack of a user's own is laid over them and wins by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

from diversion.errors import PolicyError
from diversion.policy import build
from diversion.policy.days import holds
from diversion.policy.digest import digest
from diversion.policy.goods import goods_of, older, older_codes, renamed
from diversion.policy.keys import ARRAYS
from diversion.policy.model import (
    EFFECTS,
    Control,
    CountrySet,
    Embargo,
    Good,
    NotPassing,
    OwnershipRule,
    Programme,
    RedFlag,
    Regime,
    Rule,
    Threshold,
    Transit,
    ValueLimit,
    Watched,
)
from diversion.policy.rates import Rates, rates
from diversion.policy.read import Layers, built_in, layered, outside
from diversion.policy.references import dangling


@dataclass(frozen=True)
class Policy:
    """Dated rules and thresholds; `digest` is one of the content, whatever its layout.

    `goods` are codes of lists, `older` codes of earlier editions that stand for them, `renamed` those which
    one later code took over whole, so that both are one item of trade, `versions` groups of countries,
    `embargoes` destinations by goods, `controls` days on which a control took effect, `programmes`
    what a list means, `regimes` what a publisher's code of a programme means, `ownership` the regimes' own
    tests, `red_flags` warning signs as published, `value_limits` what need not be declared, `watchlist`
    entries of one's own, `ends` the effects that make a party the end of a route, `undated` what an entry
    without a date means: `first_seen` (listed from the first snapshot that holds it, undetermined before),
    `always` or `never` (undetermined); `strengths` weighs an effect that an entry states by itself; `rates`
    are dollars for other currencies; `rules` is everything as its pack states it; `numbers` are thresholds,
    those laid over last first, of which `thresholds` are those of `day`.
    """

    name: str
    version: str
    digest: str
    goods: tuple[Good, ...]
    older: tuple[Good, ...]
    renamed: Mapping[str, str]
    versions: Mapping[str, tuple[CountrySet, ...]]
    embargoes: tuple[Embargo, ...]
    controls: tuple[Control, ...]
    programmes: tuple[Programme, ...]
    regimes: tuple[Regime, ...]
    ownership: tuple[OwnershipRule, ...]
    red_flags: tuple[RedFlag, ...]
    value_limits: tuple[ValueLimit, ...]
    watchlist: tuple[Watched, ...]
    numbers: Mapping[str, tuple[Threshold, ...]]
    transit: Transit
    not_passing: NotPassing
    ends: frozenset[str]
    undated: str
    strengths: Mapping[str, float]
    rates: Rates
    rules: tuple[Rule, ...]
    day: date | None = None

    def on(self, day: date) -> Policy:
        """The policy with the thresholds of a day; without one those hold that have no end."""
        return self if day == self.day or not self._dated else replace(self, day=day)

    @cached_property
    def _dated(self) -> bool:
        return any(len(layers) > 1 for layers in self.numbers.values())

    @cached_property
    def sets(self) -> Mapping[str, CountrySet]:
        """Groups of countries by name, the newest version of each."""
        return MappingProxyType({name: versions[0] for name, versions in self.versions.items()})

    @cached_property
    def thresholds(self) -> Mapping[str, float]:
        """Numbers that decide something on `day`, by name; `rules` says why each is what it is."""
        day = self.day or date.max
        holding = {
            name: next(one for one in layers if holds(one, day)) for name, layers in self.numbers.items()
        }
        return MappingProxyType({name: one.value for name, one in holding.items()})

    @cached_property
    def sought(self) -> frozenset[str]:
        """Six-digit codes looked for, on any day, in the edition of their list."""
        return frozenset(good.hs6 for good in self.goods if good.sought and good.hs6)

    @cached_property
    def looked_for(self) -> frozenset[str]:
        """The codes sought, and those of older editions that stand for them."""
        return self.sought | {good.hs6 for good in self.older if good.sought}

    @cached_property
    def _by_code(self) -> dict[str, Good]:
        found: dict[str, Good] = {}
        for good in (*self.goods, *self.older):
            found.setdefault(good.hs6, good)
        return found

    def good(self, hs6: str) -> Good | None:
        """What the policy says of a code; of several lists the one laid over last.

        >>> load().good("854231").tier, load().good("852580").stands_for
        ('1', ('852589',))
        """
        return self._by_code.get(hs6) if hs6 else None

    def codes(self, goods: str) -> frozenset[str] | None:
        """Codes of a list of goods, of older editions too; None for `*`, which means all goods."""
        if goods == "*":
            return None
        listed = frozenset(good.hs6 for good in self.goods if good.list == goods and good.hs6)
        return listed | {good.hs6 for good in self.older if good.sought and listed & set(good.stands_for)}

    def countries(self, name: str, day: date | None = None) -> frozenset[str]:
        """Countries of a set, on a day where one is given, else of its newest version.

        Raises `PolicyError` where there is none of that name.
        """
        if name not in self.versions:
            raise PolicyError(
                f"no set of countries is called {name!r}",
                where=f"policy {self.name}",
                hint=f"there are {', '.join(self.versions)}",
            )
        if day is None:
            return self.sets[name].countries
        return frozenset(c for one in self.versions[name] if holds(one, day) for c in one.countries)

    def programme(
        self, authority: str | None, programme: str | None, day: date | None = None
    ) -> Programme | None:
        """What standing on this list means, on a day where one is given; None where no programme fits.

        >>> load().programme("US BIS", "Unverified").effect
        'statement'
        """
        words = authority or "", programme or ""
        fits = (rule for rule in self.programmes if rule.fits(*words))
        return next((rule for rule in fits if day is None or holds(rule, day)), None)

    def meanings(self, authority: str | None, programme: str | None) -> tuple[Programme, ...]:
        """Every version of the programme that fits, the newest first: each counts on its own days."""
        found = self.programme(authority, programme)
        return tuple(rule for rule in self.programmes if found and rule.name == found.name)

    def regime(self, authority: str, code: str) -> Regime | None:
        """What a publisher's code of a programme means; None where the policy does not state it.

        >>> load().regime("US OFAC", "SDGT").effect, load().regime("US OFAC", "IFSR").effect
        ('blocking', None)
        """
        return self._regimes.get((authority, code.casefold()))

    @cached_property
    def _regimes(self) -> dict[tuple[str, str], Regime]:
        return {(one.authority, one.code.casefold()): one for one in reversed(self.regimes)}

    def rule(self, name: str) -> OwnershipRule | None:
        """The ownership rule of that name."""
        return next((rule for rule in self.ownership if rule.name == name), None)


def load(path: str | Path | None = None) -> Policy:
    """The built-in policy, with the pack (or folder of packs) at `path` laid over it.

    Raises `PolicyError` with file, key and what to do. Costs some 10 ms; the built-in policy is kept.
    """
    return _built_in() if path is None else made(layered([*built_in(), *outside(Path(path))]))


@lru_cache(maxsize=1)
def _built_in() -> Policy:
    return made(layered(built_in()))


def made(layers: Layers) -> Policy:
    """A policy out of packs laid over one another. Raises `PolicyError` where a reference leads nowhere."""
    for fault in dangling(layers):
        raise fault.error()
    raw = layers.raw
    goods, codes = goods_of(build.each(raw["goods"])), older_codes(raw["concordance"])
    return Policy(
        name="+".join(pack["name"] for pack in raw["packs"]),
        version="+".join(pack["version"] for pack in raw["packs"]),
        digest=digest(raw),
        goods=goods,
        older=older(goods, codes),
        renamed=MappingProxyType(renamed(codes)),
        versions=build.sets(raw["sets"]),
        embargoes=build.embargoes(raw["embargoes"]),
        controls=build.controls(raw["controls"]),
        programmes=build.programmes(raw["programmes"]),
        regimes=build.regimes(raw["regimes"]),
        ownership=build.ownership(raw["ownership"]),
        red_flags=build.red_flags(raw["red_flags"]),
        value_limits=build.value_limits(raw["value_limits"]),
        watchlist=build.watchlist(raw["watchlist"]),
        numbers=build.thresholds(raw["thresholds"]),
        transit=Transit(**raw["transit"]),
        not_passing=build.not_passing(raw["not_passing"]),
        ends=frozenset(raw["meaning"]["ends"]),
        undated=raw["meaning"]["undated"],
        strengths=MappingProxyType({effect: float(raw["strengths"][effect]) for effect in EFFECTS}),
        rates=rates({name: versions[0] for name, versions in raw["rates"].items()}),
        rules=build.rules(raw, tuple(ARRAYS), layers.origin),
    )

"""A policy made of raw tables that were checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from diversion.policy.model import (
    Control,
    CountrySet,
    Embargo,
    Nature,
    NotPassing,
    OwnershipRule,
    Period,
    Programme,
    RedFlag,
    Regime,
    Rule,
    Seed,
    Threshold,
    ValueLimit,
    Watched,
)

Raw = dict[str, Any]
Rows = Mapping[str, list[Raw]]


def each(rows: Rows) -> Iterator[Raw]:
    """Every rule of a table, every version of it; of versions the newest first."""
    for versions in rows.values():
        yield from sorted(versions, key=lambda row: str(row.get("from", "")), reverse=True)


def dates(row: Raw) -> dict[str, Any]:
    """The days of a rule as the model names them."""
    return {"from_day": row.get("from"), "until_day": row.get("until")}


def sets(rows: Rows) -> Mapping[str, tuple[CountrySet, ...]]:
    """Groups of countries, all versions of each, the newest first."""
    return MappingProxyType(
        {name: tuple(_set(row) for row in each({name: versions})) for name, versions in rows.items()}
    )


def _set(row: Raw) -> CountrySet:
    countries = frozenset(row["countries"])
    rest = {key: row[key] for key in ("source", "status")}
    return CountrySet(row["name"], countries, **dates(row), **rest, title=row.get("title", ""))


def embargoes(rows: Rows) -> tuple[Embargo, ...]:
    """Destinations by goods."""
    keys = ("name", "country", "goods", "effect", "source", "status")
    return tuple(Embargo(**{key: row[key] for key in keys}, **dates(row)) for row in each(rows))


def controls(rows: Rows) -> tuple[Control, ...]:
    """Days on which a control took effect."""
    return tuple(
        Control(
            row["name"],
            row["day"],
            frozenset(row["countries"]),
            row["source"],
            row.get("status", "unverified"),
        )
        for row in each(rows)
    )


def value_limits(rows: Rows) -> tuple[ValueLimit, ...]:
    """Values up to which nothing need be declared."""
    return tuple(
        ValueLimit(
            row["name"],
            float(row["usd"]),
            frozenset(row["countries"]),
            **dates(row),
            source=row["source"],
            status=row["status"],
            title=row.get("title", ""),
        )
        for row in each(rows)
    )


def programmes(rows: Rows) -> tuple[Programme, ...]:
    """What a list means."""
    keys = ("name", "authority", "programme", "effect", "source")
    return tuple(
        Programme(
            **{key: row[key] for key in keys},
            strength=float(row["strength"]),
            **dates(row),
            status=row.get("status", "unverified"),
        )
        for row in each(rows)
    )


def regimes(rows: Rows) -> tuple[Regime, ...]:
    """What publishers' codes of programmes mean."""
    return tuple(
        Regime(
            authority=row["authority"],
            code=one["code"],
            title=one["title"],
            effect=None if one.get("effect", "none") == "none" else one["effect"],
            from_day=one.get("from", row.get("from")),
            until_day=one.get("until", row.get("until")),
            source=one.get("law") or row["source"],
            status=one.get("status", row["status"]),
        )
        for row in each(rows)
        for one in row["entries"]
    )


def red_flags(rows: Rows) -> tuple[RedFlag, ...]:
    """Warning signs that authorities published."""
    return tuple(
        RedFlag(
            catalogue=row["name"],
            number=one["number"],
            text=one["text"],
            factors=tuple(one.get("factors", ())),
            from_day=one.get("from", row.get("from")),
            until_day=one.get("until", row.get("until")),
            source=one.get("source") or row["source"],
            status=one.get("status", row["status"]),
        )
        for row in each(rows)
        for one in row["flags"]
    )


def watchlist(rows: Rows) -> tuple[Watched, ...]:
    """The entries of private watchlists."""
    return tuple(
        Watched(
            name=row["name"],
            aliases=tuple(row.get("aliases", ())),
            kind=row.get("kind", "unknown"),
            country=row.get("country"),
            address=row.get("address"),
            identifiers=tuple(row.get("identifiers", ())),
            programme=row.get("programme", "watchlist"),
            effect=row["effect"],
            **dates(row),
            source=row["source"],
        )
        for row in each(rows)
    )


def ownership(rows: Rows) -> tuple[OwnershipRule, ...]:
    """The regimes' own tests of ownership."""
    return tuple(_rule(row) for row in each(rows))


def _rule(row: Raw) -> OwnershipRule:
    seeds = tuple(
        Seed(s["authority"], s["programme"], frozenset(s["effects"]), s.get("certain", True))
        for s in row["seeds"]
    )
    return OwnershipRule(
        name=row["name"],
        title=str(row.get("title", row["name"])),
        effect=row["effect"],
        seeds=seeds,
        periods=tuple(_period(period) for period in row["periods"]),
        control_by="|".join(row.get("control_by", ())),
        exceptions=tuple(row.get("exceptions", ())),
        natures=tuple(_nature(one) for one in row.get("natures", ())),
    )


def _nature(row: Raw) -> Nature:
    return Nature(
        name=row["name"],
        words="|".join(row["stated"]),
        counts=row["counts"],
        decided_by=row.get("decided_by", ""),
        source=row["source"],
        status=row["status"],
    )


def _period(row: Raw) -> Period:
    rest = {key: row[key] for key in ("strict", "aggregate", "control", "source", "status")}
    return Period(**dates(row), threshold=float(row["threshold"]), **rest)


def thresholds(rows: Mapping[str, list[Raw]]) -> Mapping[str, tuple[Threshold, ...]]:
    """Numbers that decide something; of several of one name the first that holds on a day counts."""
    made = {
        name: tuple(Threshold(name, float(row["value"]), row["reason"], **dates(row)) for row in layers)
        for name, layers in rows.items()
    }
    return MappingProxyType(made)


def not_passing(row: Raw) -> NotPassing:
    """Consignees that pass nothing on."""
    return NotPassing(tuple(row["words"]), tuple(row["starts"]), tuple(row["endings"]), row["reason"])


def rules(raw: Raw, tables: tuple[str, ...], origin: Mapping[tuple[str, str], str]) -> tuple[Rule, ...]:
    """Every rule as its pack states it; a period of an ownership rule is a rule of its own."""
    return tuple(
        rule
        for table in tables
        for row in each(raw[table])
        for rule in _rules(table, row, origin.get((table, row["name"]), ""))
    ) + tuple(
        _threshold(name, row, origin.get(("thresholds", name), ""))
        for name, layers in raw["thresholds"].items()
        for row in layers
    )


def _threshold(name: str, row: Raw, pack: str) -> Rule:
    begin, end = row.get("from"), row.get("until")
    source, status = str(row.get("source", row["reason"])), str(row.get("status", "stated"))
    return Rule("thresholds", name, begin, end, status, source, pack, row)


def _rules(table: str, row: Raw, pack: str) -> list[Rule]:
    parts: list[Raw] = [row]
    if table == "ownership":
        parts = [{**row, "periods": [period], **period} for period in row["periods"]]
    return [
        Rule(
            table=table,
            name=row["name"],
            from_day=part.get("from", part.get("day")),
            until_day=part.get("until"),
            status=part.get("status", "stated" if table == "watchlist" else "unverified"),
            source=part.get("source", ""),
            pack=pack,
            content=part,
        )
        for part in parts
    ]

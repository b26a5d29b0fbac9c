"""Entities of a FollowTheMoney file one after another, those nested in others after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from diversion.ingest import days
from diversion.ingest.json_items import items
from diversion.ingest.sheet import SHOWN, Told
from diversion.ingest.vocabulary import country

FACTS = ("caption", "first_seen", "last_seen", "last_change")
"""What may stand beside the properties."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity: its number in the file, from 1 (of the line, where none is nested), or why it is none."""

    row: int
    id: str = ""
    schema: str = ""
    properties: Mapping[str, object] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    datasets: tuple[str, ...] = ()
    nested: bool = False
    fault: str = ""
    value: str = ""

    def texts(self, *names: str) -> list[str]:
        """The values of properties as texts, each once; of an entity that stands there, its id."""
        stated = [self.properties[name] for name in names if name in self.properties]
        return list(dict.fromkeys(text for value in stated for text in _texts(value))) if stated else []

    def first(self, *names: str) -> str | None:
        """The first value of the first property that has any."""
        return next(iter(self.texts(*names)), None)

    def day(self, *names: str) -> str | None:
        """The first value without its time of day; a year or a month stays one."""
        found = self.first(*names)
        return found.partition("T")[0] if found else None

    def fact(self, name: str) -> str | None:
        """The day of a fact that stands beside the properties."""
        return self.facts.get(name, "").partition("T")[0] or None

    def countries(self, *names: str) -> list[str]:
        """ISO codes of properties; a code of a region is one of its country, others tell none."""
        codes = (country(text.partition("-")[0])[0] for text in self.texts(*names))
        return list(dict.fromkeys(code for code in codes if code))


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        text = _text(one.get("id") if isinstance(one, dict) else one)
        if text:
            yield text


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if not isinstance(value, str):
        return ""
    # A lone surrogate is valid in JSON and in no text.
    clean = value if value.isascii() else value.encode("utf-8", "replace").decode()
    return clean.replace("\x00", "").strip()


def entities(path: Path, where: str, told: Told = lambda done, total: None) -> Iterator[Entity]:
    """All entities of a file, and what is none with its reason."""
    last = 0
    for item in items(path, where, told):
        if item.fault:
            last = max(item.row, last + 1)
            yield Entity(last, fault=item.fault, value=item.begins)
            continue
        for value, at in _within(item.value):
            last = max(item.row, last + 1)
            yield _entity(last, value, at)


def _within(value: object) -> Iterator[tuple[object, str]]:
    """The value, then the entities that its properties hold, in order, with the path of each."""
    waiting: list[tuple[object, str]] = [(value, "")]
    while waiting:
        one, at = waiting.pop()
        yield one, at
        inside = one.get("properties") if isinstance(one, dict) else None
        if isinstance(inside, dict):
            held = [
                (part, f"{at}properties.{name}[{place}].")
                for name, parts in inside.items()
                if isinstance(parts, list)
                for place, part in enumerate(parts)
                if isinstance(part, dict)
            ]
            waiting += reversed(held)


def _entity(row: int, value: object, at: str) -> Entity:
    given: dict[str, Any] = value if isinstance(value, dict) else {}
    fault = _fault(value, given)
    if fault:
        return Entity(row, fault=f"{at}{fault}", value=str(value)[:SHOWN], nested=bool(at))
    sets = given.get("datasets")
    return Entity(
        row,
        id=_text(given["id"]),
        schema=_text(given["schema"]),
        properties=given["properties"],
        facts={name: text for name in FACTS if (text := _text(given.get(name)))},
        datasets=tuple(_text(one) for one in sets) if isinstance(sets, list) else (),
        nested=bool(at),
    )


def _fault(value: object, given: Mapping[str, Any]) -> str:
    if not isinstance(value, dict):
        return "not an object: an entity has id, schema and properties"
    for name in ("id", "schema"):
        if not _text(given.get(name)):
            return f"{name}: missing" if name not in given else f"{name}: not a text"
    return "" if isinstance(given.get("properties"), dict) else "properties: not an object"


def next_day(text: str | None) -> str | None:
    """The first day after an end, which may be a month or a year; a text that is no day stays.

    >>> next_day("2020-12-31"), next_day("2020"), next_day("soon")
    ('2021-01-01', '2021-01-01', 'soon')
    """
    last = days.day(text)[1] if text else None
    return (last + timedelta(days=1)).isoformat() if last and last < date.max else text

"""Packs: TOML files found, read and laid over one another."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from diversion.errors import PolicyError
from diversion.policy.check import Fault, Raw, faults, meant
from diversion.policy.keys import ARRAYS

SIZE_LIMIT = 20_000_000
"""A larger pack is refused: no law is that long."""
MOST_PACKS = 1_000
"""More files in one policy are taken for a folder named by mistake."""
HINT = "name a .toml file or a folder that holds some"


class Pack(NamedTuple):
    """One parsed pack; `where` is its file. The built-in ones are checked by the tests alone."""

    where: str
    raw: Raw
    built_in: bool = False


@dataclass
class Layers:
    """Packs laid over one another: their rules by table and name, and the file that each rule is from.

    `replaced` and `removed` say which rules beneath a pack's own were overridden by name or taken out.
    """

    raw: Raw = field(default_factory=lambda: {"packs": [], "thresholds": {}, **{name: {} for name in ARRAYS}})
    origin: dict[tuple[str, str], str] = field(default_factory=dict)
    replaced: list[tuple[str, str, str]] = field(default_factory=list)
    removed: list[tuple[str, str, str]] = field(default_factory=list)


def built_in() -> list[Pack]:
    """The packs that come with the program, in the order of their names."""
    inside = files("diversion.policy") / "packs"
    found = sorted(inside.iterdir(), key=lambda entry: entry.name)
    return [
        Pack(pack.name, tomllib.loads(pack.read_text(encoding="utf-8")), True)
        for pack in found
        if pack.name.endswith(".toml")
    ]


def outside(path: Path) -> list[Pack]:
    """The packs at `path`, a file or a folder; what one `extends` comes before it, each file once.

    Raises `PolicyError` where one cannot be found, read or parsed, or where two extend each other.
    """
    try:
        starts = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    except OSError as error:
        raise PolicyError(f"cannot be read: {error.strerror or error}", where=str(path), hint=HINT) from error
    if not starts:
        raise PolicyError("the folder holds no policy pack", where=str(path), hint=HINT)
    found: dict[Path, Pack] = {}
    for start in starts:
        _gather(start, (), found)
    return list(found.values())


def _gather(path: Path, above: tuple[Path, ...], found: dict[Path, Pack]) -> None:
    key = path.resolve()
    if key in above:
        circle = " → ".join(one.name for one in (*above[above.index(key) :], key))
        raise PolicyError(f"packs extend each other: {circle}", where=str(path), hint="take one extends out")
    if key in found:
        return
    if len(found) >= MOST_PACKS:
        raise PolicyError(f"there are more than {MOST_PACKS:,} packs", where=str(path), hint=HINT)
    raw = parsed(str(path), _text(path))
    for name in _extended(raw):
        _gather(path.parent / name, (*above, key), found)
    found[key] = Pack(str(path), raw)


def _extended(raw: Raw) -> list[str]:
    pack = raw.get("pack")
    names = pack.get("extends", []) if isinstance(pack, dict) else []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _text(path: Path) -> str:
    where = str(path)
    try:
        if path.is_dir() or path.stat().st_size > SIZE_LIMIT:
            raise PolicyError("is a folder, or larger than 20 MB", where=where, hint=HINT)
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise PolicyError("is not UTF-8 text", where=where, hint=HINT) from error
        said = getattr(error, "strerror", None) or error
        raise PolicyError(f"cannot be read: {said}", where=where, hint=HINT) from error


def parsed(where: str, text: str) -> Raw:
    """The tables of a TOML file. Raises `PolicyError` where it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"is not valid TOML: {error}", where=where, hint="correct that line") from error
    except RecursionError as error:
        raise PolicyError("is nested too deeply", where=where, hint="write flat tables") from error


def layered(packs: Sequence[Pack]) -> Layers:
    """One policy out of packs, the later laid over the earlier. Raises `PolicyError` for the first fault."""
    for pack in packs:
        if not pack.built_in and (first := next(faults(pack.where, pack.raw), None)):
            raise first.error()
    if first := next(strangers(packs), None):
        raise first.error()
    return laid(packs)


def laid(packs: Sequence[Pack]) -> Layers:
    """Packs without faults of their own, laid over one another; to remove what is not there does nothing."""
    whole = Layers()
    for pack in packs:
        for table, names in pack.raw.get("remove", {}).items():
            for name in names:
                whole.raw[table].pop(name, None)
                whole.removed.append((table, name, pack.where))
        for key, value in pack.raw.items():
            _lay(whole, pack.where, key, value)
    return whole


def strangers(packs: Sequence[Pack]) -> Iterator[Fault]:
    """Names that no pack beneath holds: of rules to be removed, of thresholds.

    Packs with faults of their own are looked through as well, so that all can be told at once.
    """
    known: dict[str, dict[str, None]] = {"thresholds": {}, **{table: {} for table in ARRAYS}}
    for pack in packs:
        for table, name in _to_remove(pack.raw):
            if name not in known[table]:
                yield Fault(
                    f"{pack.where}, remove", f"{table} has no rule {name!r}", _instead(name, known[table])
                )
            known[table].pop(name, None)
        for table, held in known.items():
            fresh = dict.fromkeys(_names(pack.raw.get(table)))
            if table == "thresholds" and not pack.built_in:
                yield from (_unknown(pack.where, name, held) for name in fresh if name not in held)
            else:
                held.update(fresh)


def _unknown(where: str, name: str, known: Iterable[str]) -> Fault:
    what = "nothing asks for a threshold of this name"
    return Fault(f"{where}, thresholds.{name}", what, _instead(name, known))


def _instead(name: str, known: Iterable[str]) -> str:
    """The name that was meant, else all that there are."""
    return meant(name, known).removeprefix("; ") or f"there are {', '.join(known) or 'none'}"


def _to_remove(raw: Raw) -> Iterator[tuple[str, str]]:
    table = raw.get("remove")
    for name, rules in table.items() if isinstance(table, dict) else ():
        if name in ARRAYS and isinstance(rules, list):
            yield from ((name, rule) for rule in rules if isinstance(rule, str))


def _names(rules: Any) -> list[str]:
    if isinstance(rules, dict):
        return list(rules)
    rows = rules if isinstance(rules, list) else []
    names = (row.get("name") for row in rows if isinstance(row, dict))
    return [name for name in names if isinstance(name, str)]


def _lay(whole: Layers, where: str, key: str, value: Any) -> None:
    if key == "pack":
        whole.raw["packs"].append(value)
    elif key in ARRAYS:
        _lay_rules(whole, where, key, value)
    elif key == "thresholds":
        for name, row in value.items():
            _note(whole, key, name, where)
            beneath = whole.raw[key].get(name, []) if {"from", "until"} & set(row) else []
            whole.raw[key][name] = [row, *beneath]
    elif key != "remove":
        whole.raw[key] = {**whole.raw.get(key, {}), **value}
        whole.origin[key, key] = where


def _lay_rules(whole: Layers, where: str, table: str, rules: list[Raw]) -> None:
    fresh: dict[str, list[Raw]] = {}
    for rule in rules:
        fresh.setdefault(rule["name"], []).append(rule)
    for name in fresh:
        _note(whole, table, name, where)
    # A user's own rules come first: where order decides (programmes, goods), theirs win.
    kept = {name: versions for name, versions in whole.raw[table].items() if name not in fresh}
    whole.raw[table] = {**fresh, **kept}


def _note(whole: Layers, table: str, name: str, where: str) -> None:
    if name in whole.raw[table]:
        whole.replaced.append((table, name, where))
    whole.origin[table, name] = where

"""Whether a statement keeps to the Beneficial Ownership Data Standard, and where it does not.

The constraints stand in `data/bods_0_4.json` and `data/bods_0_2.json` (for 0.2 and 0.3).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

SHOWN = 5
"""Faults of one statement that are told; the first would do, and a person corrects several at once."""
_OFTEN = ("publicationDetails", "source")
"""Parts that publishers repeat in every statement: each is checked once."""
_REMEMBERED, _LONGEST = 1_000, 2_000


@dataclass(frozen=True)
class Fault:
    """One constraint that a statement breaks: where, which keyword, and the properties it is about."""

    path: str
    keyword: str
    properties: tuple[str, ...]
    message: str

    def __str__(self) -> str:
        about = " or ".join(self.properties)
        return f"{self.path}: {self.keyword}{f' of {about}' if about else ''}: {self.message}"


@cache
def _schema(version: str) -> dict[str, Any]:
    text = (files("diversion.ingest") / "data" / f"bods_{version}.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


@cache
def _validator(version: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator, FormatChecker

    return Draft202012Validator(_schema(version), format_checker=FormatChecker())


@cache
def _compiled(version: str) -> Callable[[object], object]:
    """The same constraints as code, ten times as fast: it says whether all hold, not which one does not."""
    from fastjsonschema import compile as compiled

    draft = {"$schema": "http://json-schema.org/draft-07/schema#"}
    made: Callable[[object], object] = compiled(_apart(_schema(version)) | draft)
    return made


def _apart(schema: Any) -> Any:
    """A schema in which nothing stands beside a `$ref`: older drafts overlook it there."""
    if isinstance(schema, list):
        return [_apart(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    apart = {key: _apart(value) for key, value in schema.items()}
    if isinstance(apart.get("$ref"), str) and len(apart) > 1:
        shared = {"$defs": apart.pop("$defs")} if "$defs" in apart else {}
        return shared | {"allOf": [{"$ref": apart.pop("$ref")}, apart]}
    return apart


def is_sound(statement: object, version: str) -> bool:
    """Whether a statement keeps to every constraint of that version (`0_2` or `0_4`)."""
    from fastjsonschema import JsonSchemaValueException

    try:
        _compiled(version)(statement)
    except JsonSchemaValueException:
        return False
    return True


_sound: set[str] = set()


def faults(statement: object, root: str) -> list[Fault]:
    """What is wrong with one statement that stands at the JSON path `root`; empty where nothing is.

    >>> [str(one) for one in faults({"statementType": "entityStatement", "statementID": "a"}, "$[0]")]
    ["$[0]: required of entityType: 'entityType' is a required property"]
    """
    if not isinstance(statement, dict):
        kind = type(statement).__name__
        return [Fault(root, "type", (), f"a statement is an object, this is of type {kind}")]
    version = "0_2" if "statementType" in statement else "0_4"
    try:
        return list(_found(_validator(version), statement, root)) if _doubtful(statement, version) else []
    except RecursionError:
        return [Fault(root, "type", (), "it is nested too deeply")]


def _doubtful(statement: dict[str, Any], version: str) -> bool:
    """Whether any constraint is broken; parts that were found sound before are not looked at again."""
    known = {
        k: f"{version}{k}{json.dumps(statement[k], sort_keys=True, default=str)}"
        for k in _OFTEN
        if k in statement
    }
    rest = {k: v for k, v in statement.items() if known.get(k) not in _sound}
    if not is_sound(rest, version):
        return True
    if len(_sound) < _REMEMBERED:
        _sound.update(text for text in known.values() if len(text) < _LONGEST)
    return False


def _found(validator: Draft202012Validator, statement: object, root: str) -> Iterator[Fault]:
    for error in validator.iter_errors(statement):
        path = root + error.json_path.removeprefix("$")
        yield Fault(path, str(error.validator), _about(error), _short(error.message))


def _about(error: ValidationError) -> tuple[str, ...]:
    """The properties that a fault is about: those that are missing, else the last one of the path."""
    if error.validator == "required":
        return (error.message.split("'")[1],)
    own = tuple(str(step) for step in error.absolute_path if isinstance(step, str))[-1:]
    branches: Any = error.validator_value if error.validator == "anyOf" else ()
    return own + tuple(name for branch in branches for name in branch.get("required", ()))


def _short(message: str) -> str:
    return message if len(message) <= 100 else message[:60] + " … " + message[-37:]


def told(found: list[Fault], version: str) -> str:
    """The faults of one statement in words."""
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"not valid BODS {version}: " + "; ".join(map(str, found[:SHOWN])) + more

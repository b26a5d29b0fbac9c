"""FollowTheMoney's schemata as this tool knows them (`data/ftm.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_MODEL: Mapping[str, Any] = tomllib.loads(
    (files("diversion.ingest") / "data" / "ftm.toml").read_text(encoding="utf-8")
)
PARTIES: Mapping[str, str] = _MODEL["parties"]
"""Schema → kind of party."""
CONTROL: Mapping[str, Mapping[str, str]] = _MODEL["control"]
"""Schema of a link → properties of its ends, and by what one controls the other."""
NOT_KEPT: Mapping[str, str] = _MODEL["not_kept"]
"""Schema → why an entity has no row."""
IDENTIFIERS: Mapping[str, str] = _MODEL["identifiers"]
NATIONAL: Mapping[str, str] = _MODEL["national"]
"""Property → scheme; those of `NATIONAL` are numbers that each country gives by itself."""
AUTHORITIES: tuple[Mapping[str, str], ...] = tuple(_MODEL["authorities"])
DOCUMENTS = frozenset(("Identification", "Passport"))
ADDRESS, OWNERSHIP, SANCTION, TRADE = "Address", "Ownership", "Sanction", "EconomicActivity"

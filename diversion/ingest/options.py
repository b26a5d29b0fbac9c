"""What a person sets for one ingest, and what can be told while it runs."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from diversion.errors import BadInput, UsageError
from diversion.ingest.columns import TABLES
from diversion.policy.rates import Rates

Progress = Callable[[str, int, int | None], None]
"""Told the file, how much of it was read, and of how much where that is known (bytes of text, else rows)."""


@dataclass(frozen=True)
class IngestOptions:
    """Settings of one ingest.

    Parameters
    ----------
    kind : what the files hold; None means that the columns of each tell.
    mapping : canonical column → header of the file, where a header is not recognised by itself.
    known_on : day on which the files were received, for records that do not state one.
    max_rejected : share of faulty rows, 0 to 1, above which a file is refused.
    today : the day of ingest; None means the day of the clock. Shipments after it are faulty.
    max_shrink : share of its entries, 0 to 1, that a list may lose from one snapshot to the next; None
        accepts any loss.
    policy : a pack of a user's own, whose rates convert values into US dollars before the built-in ones do.
    memory : what the staging database may use; it goes on in a temporary folder beyond that.
    """

    kind: str | None = None
    mapping: Mapping[str, str] | None = None
    known_on: date | None = None
    max_rejected: float = 0.2
    today: date | None = None
    max_shrink: float | None = 0.1
    memory: str = "700MB"
    policy: str | Path | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in TABLES:
            raise UsageError(f"no kind of file is called {self.kind}", where="--as", hint=_kinds())
        if not 0 <= self.max_rejected <= 1:
            raise UsageError(f"{self.max_rejected} is no share of rows", where="max_rejected", hint="0 to 1")
        if self.known_on and self.known_on > self.day:
            raise UsageError(f"{self.known_on} is later than today", where="--known-on")

    @cached_property
    def rates(self) -> Rates:
        """Dollars for other currencies. Raises `PolicyError` where the pack cannot be read."""
        from diversion.policy.policy import load

        return load(self.policy).rates

    @property
    def day(self) -> date:
        """The day of ingest."""
        return self.today or date.today()


def _kinds() -> str:
    return f"one of {', '.join(TABLES)}"


def load_mapping(path: Path) -> dict[str, str]:
    """Read `canonical = "header"` from a TOML file, at the top or under `[columns]`.

    Raises `BadInput` where the file cannot be read, is no TOML, or maps to something that is no text.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"the mapping cannot be read: {error}", where=str(path)) from None
    table = raw.get("columns", raw)
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise BadInput('a mapping is made of lines like hs_code = "HS CODE"', where=str(path))
    return dict(table)

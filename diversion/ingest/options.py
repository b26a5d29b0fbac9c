"""What a person sets for one ingest, and what can be told while it runs."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from diversion.errors import BadInput, UsageError
from diversion.ingest.columns import KINDS, TABLES
from diversion.ingest.days import ORDERS, Order
from diversion.policy.rates import Rates

Progress = Callable[[str, int, int | None], None]
"""Told the file, how much of it was read, and of how much where that is known (bytes of text, else rows)."""


@dataclass(frozen=True)
class IngestOptions:
    """Settings of one ingest.

    Parameters
    ----------
    kind : what the files hold; None means that the columns of each tell.
    mapping : canonical column → header of the file, where a header is not recognised by itself; `#14` means
        the 14th column, an empty text that no column is it.
    constants : canonical column → its value in every row, where no column of the file holds it.
    orders : canonical column of days → which part comes first in `03/04/2023`, one of `days.ORDERS`.
    header_rows : the first and last row of the header, from 1, where it is not found by itself.
    known_on : day on which the files were received, for records that do not state one.
    max_rejected : share of faulty rows, 0 to 1, above which a file is refused.
    today : the day of ingest; None means the day of the clock. Shipments after it are faulty.
    max_shrink : share of its entries, 0 to 1, that a list may lose from one snapshot to the next; None
        accepts any loss.
    policy : a pack of a user's own, whose rates convert values into US dollars before the built-in ones do.
    memory : what the staging database may use, such as `2GB`; it goes on in a temporary folder beyond that.
        None means what `diversion.memory.limit` tells.
    """

    kind: str | None = None
    mapping: Mapping[str, str] | None = None
    known_on: date | None = None
    max_rejected: float = 0.2
    today: date | None = None
    max_shrink: float | None = 0.1
    memory: str | None = None
    policy: str | Path | None = None
    constants: Mapping[str, str] | None = None
    header_rows: tuple[int, ...] = ()
    orders: Mapping[str, Order] | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in TABLES:
            raise UsageError(f"no kind of file is called {self.kind}", where="--as", hint=_kinds())
        if not 0 <= self.max_rejected <= 1:
            raise UsageError(
                f"{self.max_rejected} is no share of rows", where="--max-rejected", hint="0 to 1"
            )
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


class MappingFile(dict[str, str]):
    """A mapping that a person gave: canonical column → header, with what else stands in its file."""

    kind: str | None = None
    constants: Mapping[str, str] = {}
    header_rows: tuple[int, ...] = ()
    orders: Mapping[str, Order] = {}


def load_mapping(path: Path) -> MappingFile:
    """Read `canonical = "header"` from a TOML file, at the top or under `[columns]`.

    `kind`, `header_rows` (a list of row numbers) and a table `[constants]`, or `currency = { value = "USD" }`
    among the columns, are read too: as `diversion mapping` prints them. A column of days may state what comes
    first in `03/04/2023`: `departed_on = { column = "Date", order = "day first" }`; `column` may be left out.
    Raises `BadInput` where the file cannot be read, is no TOML, or maps to something that is no text.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(
            f"the mapping cannot be read: {(error.strerror or str(error)).lower()}",
            where=str(path),
            hint="`diversion mapping FILE > FILE.toml` writes one to correct",
        ) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput(f"the mapping is not valid TOML: {error}", where=str(path), hint=_LINES) from None
    table = raw.get("columns", raw)
    given = MappingFile()
    if table is not raw:
        _read_rest(given, raw, str(path))
    if not isinstance(table, dict):
        raise _no_mapping(path)
    constants, orders = dict(given.constants), dict(given.orders)
    for column, said in table.items():
        if isinstance(said, str):
            given[column] = said
        elif not isinstance(said, dict):
            raise _no_mapping(path)
        elif set(said) == {"value"} and isinstance(said["value"], str | int | float):
            constants[column] = str(said["value"])
        elif "order" in said and set(said) <= {"order", "column"} and isinstance(said.get("column", ""), str):
            given |= {column: said["column"]} if "column" in said else {}
            orders[column] = _order(column, said["order"], str(path))
        else:
            raise _no_mapping(path)
    given.constants, given.orders = constants, orders
    return given


def _order(column: str, said: object, where: str) -> Order:
    """The order of a column of days. Raises `BadInput` where it is none, or the column holds no days."""
    known = {name for kind in KINDS.values() for name in kind.columns}
    if column not in known or not (column.endswith(("_on", "_date")) or column in ("from", "until")):
        raise BadInput(f"the mapping states an order for {column!r}, which is no column of days", where=where)
    if said not in ORDERS:
        raise BadInput(
            f"the mapping states {said!r} as the order of {column}",
            where=where,
            hint=f"one of {', '.join(ORDERS)}",
        )
    return said


def _read_rest(given: MappingFile, raw: Mapping[str, Any], where: str) -> None:
    kind, rows, constants = raw.get("kind"), raw.get("header_rows", []), raw.get("constants", {})
    if kind is not None and kind not in TABLES:
        raise BadInput(f"no kind of file is called {kind!r}", where=where, hint=_kinds())
    if not isinstance(rows, list) or not all(isinstance(row, int) and row > 0 for row in rows):
        raise BadInput("header_rows is a list of row numbers, such as [5, 6]", where=where)
    if not isinstance(constants, dict) or not all(
        isinstance(v, str | int | float) for v in constants.values()
    ):
        raise BadInput('constants are lines like currency = "USD"', where=where)
    given.kind, given.header_rows = kind, tuple(rows)
    given.constants = {column: str(value) for column, value in constants.items()}


_LINES = 'a mapping is made of lines like hs_code = "HS CODE"'


def _no_mapping(path: Path) -> BadInput:
    return BadInput(_LINES, where=str(path), hint="`diversion mapping FILE` prints one to correct")

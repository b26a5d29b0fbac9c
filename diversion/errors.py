"""Every error a user can meet: what was wrong, where, and what to do."""

from __future__ import annotations


class DiversionError(Exception):
    """Base of all errors of this package.

    Parameters
    ----------
    message : what was wrong, in one sentence.
    where : file, row, column, store or setting.
    hint : what to do about it.

    >>> print(BadInput("no column holds the exporter", where="june.csv", hint="name it with --mapping"))
    june.csv: no column holds the exporter
      name it with --mapping
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message, self.where, self.hint = message, where, hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n  {self.hint}" if self.hint else head


class UsageError(DiversionError):
    """The command was called with something it does not take."""

    exit_code = 2


class BadInput(DiversionError):
    """A file, a row or a pack cannot be understood."""

    exit_code = 3


class NotFound(BadInput):
    """A party, route or shipment that the store does not hold."""


class PolicyError(BadInput):
    """A policy pack is not valid."""


class SchemaError(DiversionError):
    """A table does not fit `graph_schema/`: a fault of the program, not of its input."""


class StoreError(DiversionError):
    """The store cannot be used as it is."""

    exit_code = 4


class EngineUnavailable(DiversionError):
    """What searches is not installed, or gave up."""

    exit_code = 4


class StoreLocked(StoreError):
    """Another process holds the store."""


class StoreDamaged(StoreError):
    """The store lost something it once held."""


class StoreTooNew(StoreError):
    """The store was written by a newer version."""


class StoreUnavailable(StoreError):
    """No server answers, it refuses the password, or the disk is full."""

"""What became of each file: counts that add up, the mapping used, and the first rejects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from diversion.errors import BadInput

if TYPE_CHECKING:
    from diversion.ingest.versions import Version

SHOWN = 20
COUNTS = ("read", "loaded", "unchanged", "merged", "rejected")


@dataclass(frozen=True)
class Rejected:
    """A row refused by itself; `row` counts from 1 as a person sees it in the file."""

    sheet: str | None
    row: int
    column: str
    reason: str
    value: str | None


@dataclass(frozen=True)
class Reason:
    """Why some rows were refused by themselves: how many, and where the first of them stands.

    Reasons that differ in numbers alone are one.
    """

    column: str
    reason: str
    rows: int
    sheet: str | None
    row: int
    value: str | None


@dataclass(frozen=True)
class Skipped:
    """A file of a folder or an archive that is plainly no data, and how that is told."""

    file: str
    reason: str


@dataclass(frozen=True)
class Mapped:
    """Which header was read as a canonical column, and how sure that is (0 to 1)."""

    column: str
    confidence: float


@dataclass(frozen=True)
class FileReport:
    """What became of one file. Unless it was refused, read = loaded + unchanged + merged + rejected.

    `reasons` sum up all rejects, of which `rejects` are the first. `skipped` are files of its folder or
    archive that were not read. `version` is what a snapshot of a list changed; `sources` are the ids that
    its sheets have in the store.
    """

    file: str
    kind: str | None = None
    read: int = 0
    loaded: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: int = 0
    refused: str | None = None
    mapping: Mapping[str, Mapped] = field(default_factory=dict)
    rejects: tuple[Rejected, ...] = ()
    reasons: tuple[Reason, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
    version: Version | None = None
    sources: tuple[str, ...] = ()

    def raise_faults(self) -> None:
        """Raise `BadInput` where the file was refused, or any of its rows, naming the first."""
        if self.refused:
            raise BadInput(self.refused, where=self.file)
        if self.rejected:
            first = self.rejects[0]
            raise BadInput(
                f"{first.column or 'the whole row'}: {first.reason}",
                where=f"{self.file} row {first.row}",
                hint=f"{self.rejected} of {self.read} rows cannot be read",
            )

    def as_json(self) -> dict[str, Any]:
        """The shape of the JSON contract; `notes` tells what was assumed or left out."""
        told = asdict(self)
        for name in ("rejects", "reasons", "skipped", "notes", "sources"):
            told[name] = list(told[name])
        if self.version:
            days = {
                name: day and day.isoformat()
                for name, day in (("day", self.version.day), ("previous", self.version.previous))
            }
            told["version"] |= days
        return told


@dataclass(frozen=True)
class IngestReport:
    """All files of one ingest, in the order in which they were read."""

    files: tuple[FileReport, ...]

    @property
    def refused(self) -> bool:
        """Whether any file was refused: the exit code is then 3."""
        return any(one.refused is not None for one in self.files)

    @property
    def totals(self) -> dict[str, int]:
        """Sums over the files that were not refused."""
        taken = [one for one in self.files if one.refused is None]
        return {name: sum(getattr(one, name) for one in taken) for name in COUNTS}

    def as_json(self) -> dict[str, Any]:
        """What `diversion ingest --format json` prints."""
        return {"files": [one.as_json() for one in self.files], "totals": self.totals}

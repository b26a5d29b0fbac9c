"""Shipments and payments checked before they are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diversion.commands.ingesting import reading_options
from diversion.commands.opening import opened, reading
from diversion.errors import UsageError
from diversion.lists import phrases
from diversion.options import Options
from diversion.output import counted, emit, say

if TYPE_CHECKING:
    from diversion.checking.checker import Checker
    from diversion.commands.options import Checking, Common
    from diversion.ingest.report import FileReport

COLUMNS = ("row", "shipment_id", "who", "verdict", "score", "why")
"""Of the table; what was looked in stands above it."""
CLEAR = "was found in the lists and records named above; that is no clearance"


@dataclass
class _Account:
    """What was read, and the gravest that was found."""

    reports: list[FileReport] = field(default_factory=list)
    score: float = 0.0
    stopped: bool = False

    def told(self, files: Iterator[tuple[FileReport, list[dict[str, Any]]]]) -> Iterator[dict[str, Any]]:
        for report, rows in files:
            self.reports.append(report)
            for row in rows:
                self.score, self.stopped = (
                    max(self.score, row["score"]),
                    self.stopped or row["verdict"] == "stop",
                )
                yield row

    def code(self, fail_on: float | None) -> int:
        """A row that could not be read was not checked: that must not look as if nothing were found."""
        if fail_on is not None and (self.stopped or self.score >= fail_on):
            return 10
        return 3 if any(one.refused or one.rejected for one in self.reports) else 0


def check_files(files: Sequence[Path], asked: Checking, fail_on: float | None, common: Common) -> int:
    """Print what is found of each shipment of the files. Returns the exit code."""
    from diversion.checking import checker as checking
    from diversion.ingest.files import there
    from diversion.parties.whitelist import whitelist
    from diversion.routes.keeping import beside

    if asked.top < 0:
        raise UsageError(f"{asked.top} routes cannot be told", where="--top", hint="0 tells all")
    if asked.cutoff is not None and not 0 <= asked.cutoff <= 1:
        raise UsageError(f"{asked.cutoff:g} is no confidence", where="--cutoff", hint="from 0 to 1")
    current, policy = opened(common)
    how = reading_options(asked.as_, asked.mapping, current)
    options = Options(
        as_of=asked.as_of,
        known_at=asked.known_at,
        hops=asked.hops,
        dwell=asked.dwell,
        dwell_min=asked.dwell_min,
        relations=asked.relations,
    )
    for file in files:
        there(file)
    passes = whitelist(asked.whitelist) if asked.whitelist else None
    shelf = beside(current.store, current.projection_gb)
    with reading(current) as store:
        made = checking.Checker(
            store, policy, checking.Checking(options, asked.cutoff, asked.top, passes), shelf
        )
        account = _Account()
        rows = account.told(pair for file in files for pair in made.files(file, how))
        _print(rows, made, common)
    for report in account.reports:
        _account(report)
    return account.code(fail_on)


def _print(rows: Iterator[dict[str, Any]], made: Checker, common: Common) -> None:
    if common.format in ("json", "jsonl"):
        emit(rows, common.format, ())
        return
    every = list(rows)
    if common.format == "csv":
        emit([_flat(row) for row in every], "csv", ())
        return
    searched = made.searched
    records = searched["records"]
    until = f" up to {records['until']}" if records["transfers"] else ""
    title = (
        f"lists: {phrases(searched['lists'])}\nrecords: {counted(records['transfers'], 'transfer')}{until}"
    )
    emit([_line(row) for row in every], "table", COLUMNS, title)
    say("a person decides; no finding says that anyone broke the law")


def _line(row: dict[str, Any]) -> dict[str, Any]:
    why = [f"{one['verdict']}: {one['detail']}" for one in row["reasons"]]
    why = why or [f"nothing {'else ' if row['suppressed'] else ''}{CLEAR}"]
    return {
        **row,
        "row": str(row["row"]),
        "who": _who(row["parties"]),
        "why": "\n".join(why + row["remarks"]),
    }


def _who(parties: list[dict[str, Any]]) -> str:
    """To whom the goods go; where no consignee is named, the first two parties."""
    chosen = [one for one in parties if one["role"] == "consignee"] or parties[:2]
    return "\n".join(f"{one['name']} ({one['country'] or '?'})" for one in chosen)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """One row of CSV: what a case system takes; all else stands in JSON."""
    from diversion.parties.whitelist import told

    names = ("shipment_id", "row", "day", "verdict", "score")
    return {
        **{name: row[name] for name in names},
        "reasons": "; ".join(f"{one['verdict']}: {one['detail']}" for one in row["reasons"]),
        "listings": "; ".join(dict.fromkeys(hit["listing_id"] for hit in row["screening"])),
        "passed": "; ".join(told(hit["asked"], hit) for hit in row["suppressed"]),
        "routes": "; ".join(one["route_id"] for one in row["routes"]),
        "note": row["note"],
    }


def _account(report: FileReport) -> None:
    """What was not checked, with row and column."""
    if report.refused:
        say(f"refused: {report.file}: {report.refused}")
    for note in report.notes:
        say(f"note: {report.file}: {note}")
    for one in report.rejects:
        value = f" ({one.value!r})" if one.value is not None else ""
        sheet = f", sheet {one.sheet}" if one.sheet else ""
        column = f" {one.column}:" if one.column else ""
        say(f"not checked: {report.file}{sheet} row {one.row},{column} {one.reason}{value}")
    if report.rejected > len(report.rejects):
        say(f"not checked: {report.file}: {report.rejected - len(report.rejects):,} more rows")

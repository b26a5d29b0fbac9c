"""One file looked at: which sheets are read and how, what its rows say, and whether it is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import reduce
from operator import add
from pathlib import Path

import pyarrow as pa

from diversion.errors import BadInput, DiversionError
from diversion.ingest import unread
from diversion.ingest.asked import Reading
from diversion.ingest.columns import Layout, guess, nearest, stated, weight
from diversion.ingest.demand import demand, naming, read_as
from diversion.ingest.files import open_sheets
from diversion.ingest.group import Chosen, Counts, Group
from diversion.ingest.headers import Asked
from diversion.ingest.options import IngestOptions
from diversion.ingest.periods import Period, period
from diversion.ingest.recipes import RECIPES, recipe_of
from diversion.ingest.report import SHOWN, Reason, Rejected
from diversion.ingest.sheet import Sheet, Told, header_test
from diversion.ingest.shipment_checks import NO_DAY
from diversion.ingest.stage import Stage

SMALL = 8 << 20
"""Bytes of a file below which it is staged in memory alone."""
DAYS = frozenset({"departed_on", "arrived_on", "year"})
"""Columns of which one tells the day of a shipment."""

Held = Callable[..., pa.Table]
"""Gives rows of a table of the store, as `Store.read`."""


class Look:
    """What is known of one file, more with every step: `choose`, `parse`, `judge`.

    `path` is where it lies unpacked, `where` what a person calls it. What a step finds out stays known where
    a later one raises `BadInput`.
    """

    def __init__(self, path: Path, where: str, options: IngestOptions) -> None:
        self.path, self.where, self.options = path, where, options
        self.notes: list[str] = []
        self.layout: Layout | None = None
        self.kind: str | None = None
        self.counts = Counts()
        self.known_on = options.known_on
        self._tables: Chosen = ()
        self.rejects: tuple[Rejected, ...] = ()
        self.reasons: tuple[Reason, ...] = ()

    def choose(self) -> list[tuple[Sheet, Layout]]:
        """The sheets to read, each with its layout; those that hold nothing known are named in a note."""
        options = self.options
        explicit = dict(options.mapping) if options.mapping else None
        asked = Asked(options.kind, explicit, options.header_rows)
        sheets = open_sheets(self.path, self.where, header_test(asked))
        file = Path(self.where).name
        found = [(sheet, _layout(sheet, options, file)) for sheet in sheets]
        chosen = [(sheet, layout) for sheet, layout in found if layout]
        tables = [pair for pair in chosen if pair[0].format is None]
        if (explicit and tables) or not chosen:
            if not chosen:
                sheet, self.layout = proposed(sheets, options, file)
                tables = [(sheet, self.layout)]
            for sheet, _ in tables:
                when = _period(sheet, file)
                demand(sheet.header, options.kind, explicit, self.where, sheet.sample, when)
        self.notes += [
            f"the sheet {s.name} was not read: its columns are not known" for s, x in found if not x
        ]
        self.notes += [note for sheet, layout in chosen for note in (*sheet.notes, *layout.notes)]
        self._tables = [(sheet, layout) for sheet, layout in chosen if sheet.format is None]
        self.notes += dict.fromkeys(
            note for s, layout in self._tables for note in unread.notes(s.header, layout)
        )
        self._date(chosen)
        self.layout = chosen[0][1]
        self.kind = ", ".join(dict.fromkeys(layout.kind for _, layout in chosen))
        return chosen

    def _date(self, chosen: Chosen) -> None:
        """Take the day that a snapshot states as that of its receipt, where a person states none."""
        days = [day for sheet, _ in chosen if (day := sheet.stated) and day <= self.options.day]
        if days and self.known_on is None:
            self.known_on = max(days)
            self.notes.append(f"taken as known on {self.known_on}, the day of the snapshot that it states")

    def parse(self, stack: ExitStack, chosen: Chosen, held: Held, told: Told) -> dict[str, Group]:
        """Read and count the rows; the groups are good as long as `stack` is open."""
        groups = {
            name: self._parsed(stack, name, some, held, told) for name, some in by_recipe(chosen).items()
        }
        self.counts = reduce(add, (group.counts() for group in groups.values()))
        self.rejects = tuple(one for group in groups.values() for one in group.rejects)[:SHOWN]
        self.reasons = tuple(one for group in groups.values() for one in group.reasons)[:SHOWN]
        return groups

    def _parsed(self, stack: ExitStack, name: str, some: Chosen, held: Held, told: Told) -> Group:
        options, large = self.options, self.path.stat().st_size > SMALL
        stage = stack.enter_context(Stage(options.memory, large=large))
        group = Group(stage, RECIPES[name], some)
        how = Reading(
            frozenset(), options.day, self.known_on, rates=options.rates, orders=options.orders or {}
        )
        group.parse(how, told, held)
        return group

    def judge(self) -> None:
        """Raise `BadInput` where more of the rows are faulty than may be."""
        counts, most = self.counts, self.options.max_rejected
        faulty = counts.rejected - counts.not_kept
        if faulty > most * counts.read:
            self._dayless(faulty)
            first = self.rejects[0]
            raise BadInput(
                f"{faulty} of {counts.read} rows are faulty, more than {most:.0%}; the first is "
                f"{f'in the sheet {first.sheet}, ' if first.sheet else ''}row "
                f"{first.row}, {first.column or 'the whole row'}: {first.reason}",
                where=self.where,
                hint="correct the file, or allow more with --max-rejected",
            )

    def _dayless(self, faulty: int) -> None:
        """Raise `BadInput` where rows are faulty since no column of days was recognised."""
        lost = sum(one.rows for one in self.reasons if one.reason == NO_DAY)
        for sheet, layout in self._tables:
            dated = DAYS & {*layout.position, *layout.constants}
            if layout.kind == "shipments" and not dated and 2 * lost > faulty:
                raise BadInput(
                    f"no column of days was recognised, and {lost} of {self.counts.read} rows need one"
                    f"{read_as(layout)}",
                    where=self.where,
                    hint=naming(sheet.header, [("departed_on", "arrived_on")]),
                )


def by_recipe(chosen: Chosen) -> dict[str, list[tuple[Sheet, Layout]]]:
    """The sheets that each recipe reads."""
    found: dict[str, list[tuple[Sheet, Layout]]] = {}
    for sheet, layout in chosen:
        found.setdefault(recipe_of(layout.kind, sheet), []).append((sheet, layout))
    return found


def in_words(error: DiversionError) -> str:
    """Why a file is refused, on one line."""
    return f"{error.message}; {error.hint}" if error.hint else error.message


def _period(sheet: Sheet, file: str) -> Period | None:
    """The period that is stated for a whole table."""
    return period(sheet.titles, sheet.name, file)


def _layout(sheet: Sheet, options: IngestOptions, file: str) -> Layout | None:
    if sheet.format is None:
        layout = guess(sheet.header, options.kind, options.mapping, sheet.sample, _period(sheet, file))
        return layout and stated(layout, options.constants or {})
    return Layout(sheet.format, {column: at for at, column in enumerate(sheet.header)}, {})


def proposed(sheets: Sequence[Sheet], options: IngestOptions, file: str) -> tuple[Sheet, Layout]:
    """Of tables the one of which most is recognised, and how it would be read; `file` is its name."""
    pairs = [
        (s, nearest(s.header, options.kind, options.mapping, s.sample, _period(s, file))) for s in sheets
    ]
    sheet, layout = max(pairs, key=lambda pair: weight(pair[1]))
    return sheet, stated(layout, options.constants or {})

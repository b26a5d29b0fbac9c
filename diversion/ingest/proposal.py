"""The mapping that a file would be read with, for a person to look at, correct and pass back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from diversion.errors import BadInput
from diversion.ingest.columns import KINDS, Layout, missing
from diversion.ingest.files import expand, open_sheets
from diversion.ingest.headers import Asked
from diversion.ingest.joined import AND
from diversion.ingest.look import proposed
from diversion.ingest.options import IngestOptions
from diversion.ingest.recognise import ENOUGH
from diversion.ingest.report import Reason
from diversion.ingest.sheet import Sheet, header_test
from diversion.ingest.trial import Trial, tried
from diversion.ingest.unread import unread

SAMPLES = 3
"""Values shown of a column."""
_SHORT = 30
WIDE = 108
"""Characters of a line of comment."""


@dataclass(frozen=True)
class Proposal:
    """How one file would be read: the table in which most is recognised, its layout, and how a trial went.

    `orders` are those of columns of days that a person stated.
    """

    file: str
    sheet: Sheet
    layout: Layout
    trial: Trial
    orders: Mapping[str, str]

    @property
    def understood(self) -> bool:
        """Whether it would be read with no more said."""
        return self.trial.refused is None

    def samples(self, at: int) -> list[str]:
        """A few different values of a column."""
        values = (row[at].strip() for row in self.sheet.sample if at < len(row))
        return list(dict.fromkeys(value for value in values if value))[:SAMPLES]

    def unmapped(self) -> Iterable[int]:
        """Positions of columns that are not read."""
        return unread(self.sheet.header, self.layout)

    def named(self, at: int) -> str:
        """How a mapping names a column: by its header, by its number where that is empty or stands twice."""
        header = self.sheet.header
        return header[at] if header[at] and list(header).index(header[at]) == at else f"#{at + 1}"

    def written(self, column: str) -> str:
        """How a mapping names what is read as a canonical column."""
        places = (self.layout.position[column], *self.layout.further.get(column, ()))
        return AND.join(map(self.named, places))

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        layout = self.layout
        return {
            "file": self.file,
            "sheet": self.sheet.name,
            "kind": layout.kind,
            "understood": self.understood,
            "refused": self.trial.refused,
            "confidence": layout.sure,
            "rows": self.trial.counts.read,
            "rejected": self.trial.counts.rejected,
            "reasons": [asdict(one) for one in self.trial.reasons],
            "all_rows_tried": self.trial.whole,
            "header_rows": list(self.sheet.header_rows),
            "columns": {
                column: {
                    "column": self.written(column),
                    "confidence": layout.mapping[column].confidence if column in layout.mapping else 1.0,
                    "samples": self.samples(at),
                }
                for column, at in layout.position.items()
            },
            "constants": dict(layout.constants),
            "orders": dict(self.orders),
            "unsure_days": list(self.trial.unsure),
            "missing": [list(group) for group in missing(layout)],
            "unmapped": [{"column": self.named(at), "samples": self.samples(at)} for at in self.unmapped()],
        }

    def as_toml(self) -> str:
        """A mapping file, with what was seen as comments."""
        layout = self.layout
        lines = [
            f"# {_comment(self.file)}" + (f", sheet {_comment(self.sheet.name)}" if self.sheet.name else "")
        ]
        lines += [line for told in self._verdict() for line in _wrapped(told)]
        lines.append(f"kind = {_quoted(layout.kind)}")
        if self.sheet.header_rows:
            lines.append(f"header_rows = {list(self.sheet.header_rows)}")
        lines += ["", "[columns]", '# A column that is not wanted: quantity = "". The 14th column: "#14".']
        for column, at in layout.position.items():
            lines += self._line(column, at)
        lines += [f"{column} = {{ value = {_quoted(value)} }}" for column, value in layout.constants.items()]
        lines += [f"# {_comment(note)}" for note in layout.notes]
        lines += [f"# missing: {' or '.join(group)}" for group in missing(layout)]
        lines += [f"# not read: {_comment(self.named(at))}{self._seen(at)}" for at in self.unmapped()]
        others = [column for column in KINDS[layout.kind].columns if column not in layout.position]
        return "\n".join([*lines, *_wrapped(f"other columns of {layout.kind}: {', '.join(others)}"), ""])

    def _line(self, column: str, at: int) -> list[str]:
        """The line of a column; where its days may be read either way, a second one to take instead."""
        found = self.layout.mapping.get(column)
        name, sure = _quoted(self.written(column)), found.confidence if found else 1.0
        told = f"# {sure:.2f}{self._seen(at)}"
        if order := self.orders.get(column):
            return [f"{column} = {{ column = {name}, order = {_quoted(order)} }}  {told}"]
        lines = [f"{column} = {name}  {told}"]
        if column in self.trial.unsure:
            lines.append(
                "# Nothing tells whether its day or its month is first. Take this line instead where it is"
            )
            lines.append(
                f'# the day, or with "month first": {column} = {{ column = {name}, order = "day first" }}'
            )
        return lines

    def _verdict(self) -> list[str]:
        """What `ingest` would say: whether it takes the file, and which rows it would reject."""
        trial, sure = self.trial, f"confidence {self.layout.sure:.2f}, {ENOUGH} is enough"
        if missing(self.layout) or self.layout.sure < ENOUGH:
            return [f"not understood as it is: correct it ({sure})"]
        counts, among = trial.counts, "" if trial.whole else "first "
        rows = f"of its {among}{counts.read:,} rows {counts.rejected:,} would be rejected"
        told = [_example(one) for one in trial.reasons[:SAMPLES]]
        if trial.refused:
            told = [f"`diversion ingest` would refuse it: {trial.refused}"]
        return [f"{sure}; {rows}", *(_comment(one) for one in told)]

    def _seen(self, at: int) -> str:
        samples = [_comment(value)[:_SHORT] for value in self.samples(at)]
        return f", e.g. {', '.join(samples)}" if samples else ""


def propose(path: Path, options: IngestOptions) -> Proposal:
    """How a file would be read. Raises `BadInput` where it is none that can be."""
    for given in expand(path):
        with given.opened() as held:
            return _proposal(held, given.name, options)
    raise BadInput("there is nothing in it", where=str(path))


def _proposal(path: Path, where: str, options: IngestOptions) -> Proposal:
    asked = Asked(options.kind, options.mapping, options.header_rows)
    sheets = open_sheets(path, where, header_test(asked))
    if formats := sorted({str(sheet.format) for sheet in sheets if sheet.format is not None}):
        raise BadInput(
            f"this is {', '.join(formats)}, a format that needs no mapping",
            where=where,
            hint="ingest it as it is",
        )
    sheet, layout = proposed(sheets, options, Path(where).name)
    return Proposal(where, sheet, layout, tried(path, where, options), options.orders or {})


def _example(one: Reason) -> str:
    sheet = f"sheet {one.sheet}, " if one.sheet else ""
    return f"rejected: {one.rows:,} × {one.column or 'row'}: {one.reason}; first in {sheet}row {one.row}"


def _wrapped(text: str) -> list[str]:
    """A long comment on several lines."""
    return [f"# {line}" for line in wrap(text, WIDE, break_long_words=False, break_on_hyphens=False)]


def _quoted(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for the character 127."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    """A text that cannot end its comment."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())

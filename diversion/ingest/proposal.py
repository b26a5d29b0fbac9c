"""The mapping that a file would be read with, for a person to look at, correct and pass back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diversion.errors import BadInput
from diversion.ingest.columns import KINDS, Layout, missing
from diversion.ingest.files import expand, open_sheets
from diversion.ingest.headers import Asked
from diversion.ingest.joined import AND
from diversion.ingest.options import IngestOptions
from diversion.ingest.recognise import ENOUGH
from diversion.ingest.run import proposed
from diversion.ingest.sheet import Sheet, header_test

SAMPLES = 3
"""Values shown of a column."""
_SHORT = 30


@dataclass(frozen=True)
class Proposal:
    """How one file would be read: the table in which most is recognised, and its layout."""

    file: str
    sheet: Sheet
    layout: Layout

    @property
    def understood(self) -> bool:
        """Whether it would be read with no more said."""
        return self.sheet.format is not None or (not missing(self.layout) and self.layout.sure >= ENOUGH)

    def samples(self, at: int) -> list[str]:
        """A few different values of a column."""
        values = (row[at].strip() for row in self.sheet.sample if at < len(row))
        return list(dict.fromkeys(value for value in values if value))[:SAMPLES]

    def unmapped(self) -> Iterable[int]:
        """Positions of columns that are not read."""
        used = set(self.layout.position.values())
        used.update(at for rest in self.layout.further.values() for at in rest)
        return (at for at in range(len(self.sheet.header)) if at not in used)

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
            "confidence": layout.sure,
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
            "missing": [list(group) for group in missing(layout)],
            "unmapped": [{"column": self.named(at), "samples": self.samples(at)} for at in self.unmapped()],
        }

    def as_toml(self) -> str:
        """A mapping file, with what was seen as comments."""
        layout = self.layout
        lines = [
            f"# {_comment(self.file)}" + (f", sheet {_comment(self.sheet.name)}" if self.sheet.name else "")
        ]
        lines += [f"# {self._verdict()}", f"kind = {_quoted(layout.kind)}"]
        if self.sheet.header_rows:
            lines.append(f"header_rows = {list(self.sheet.header_rows)}")
        lines += ["", "[columns]", '# A column that is not wanted: quantity = "". The 14th column: "#14".']
        for column, at in layout.position.items():
            sure = layout.mapping[column].confidence if column in layout.mapping else 1.0
            lines.append(f"{column} = {_quoted(self.written(column))}  # {sure:.2f}{self._seen(at)}")
        lines += [f"{column} = {{ value = {_quoted(value)} }}" for column, value in layout.constants.items()]
        lines += [f"# {_comment(note)}" for note in layout.notes]
        lines += [f"# missing: {' or '.join(group)}" for group in missing(layout)]
        lines += [f"# not read: {_comment(self.named(at))}{self._seen(at)}" for at in self.unmapped()]
        others = [column for column in KINDS[layout.kind].columns if column not in layout.position]
        return "\n".join([*lines, f"# other columns of {layout.kind}: {', '.join(others)}", ""])

    def _verdict(self) -> str:
        told = f"confidence {self.layout.sure:.2f}, {ENOUGH} is enough"
        return told if self.understood else f"not understood as it is: correct it ({told})"

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
    return Proposal(where, sheet, layout)


def _quoted(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for the character 127."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    """A text that cannot end its comment."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())

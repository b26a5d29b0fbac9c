"""The rows of a reader's sheet, read as ingest reads them."""

from __future__ import annotations

from dataclasses import dataclass, field

from diversion.ingest.documents import FIELD, LIST, NOT_KEPT, PARTS
from diversion.ingest.sheet import Sheet


@dataclass
class Rows:
    """What a sheet gave: rows by canonical column without empty cells, and faults with their row."""

    cells: list[dict[str, str]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        """Records: a further row of one does not count."""
        return sum(number < 1 << PARTS for number in self.numbers)

    @property
    def not_kept(self) -> list[str]:
        return [reason for _, reason in self.faults if reason.startswith(NOT_KEPT)]


def rows(sheet: Sheet) -> Rows:
    found = Rows()
    for batch in sheet.read(range(len(sheet.header)), lambda done, total: None):
        batch.validate(full=True)
        for line in batch.to_pylist():
            found.numbers.append(line["row"])
            if line["fault"] is not None:
                found.faults.append((line["row"], line["fault"]))
            else:
                texts = zip(sheet.header, (line[str(at)] for at in range(len(sheet.header))), strict=True)
                found.cells.append({name: text for name, text in texts if text})
    assert len(set(found.numbers)) == len(found.numbers)
    return found


def parts(cell: str) -> list[str]:
    return cell.split(LIST)


def places(cell: str) -> list[tuple[str, str]]:
    pairs = [one.split(FIELD) for one in cell.split(LIST)]
    return [(text, country) for text, country in pairs]

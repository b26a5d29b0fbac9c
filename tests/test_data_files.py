"""The tables of the benchmarks and of the sample world: every row has the cells of its header."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


TABLES = sorted([*ROOT.glob("benchmarks/data/*.csv"), *ROOT.glob("sample_data/*.csv")])


@pytest.mark.parametrize("path", TABLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_row_has_the_cells_of_its_header(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    assert rows and len(set(header)) == len(header)
    assert [place for place, row in enumerate(rows, 2) if len(row) != len(header)] == []

"""Notebooks run from the first cell to the last, and the executed copies belong to their sources."""

from __future__ import annotations

from pathlib import Path

import jupytext
import pytest

from notebooks.execute import executed
from tests.conftest import ROOT

SOURCES = sorted((ROOT / "notebooks").glob("[0-9]*.py"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_it_runs(source: Path) -> None:
    cells = executed(source)["cells"]
    assert isinstance(cells, list)
    assert not [
        cell for cell in cells for output in cell.get("outputs", []) if output["output_type"] == "error"
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_the_executed_copy_is_of_this_source(source: Path) -> None:
    copy = jupytext.read(source.with_suffix(".ipynb"))
    cells = jupytext.read(source)["cells"]
    assert [cell["source"] for cell in copy["cells"]] == [cell["source"] for cell in cells], "run `make docs`"
    assert all(
        cell["outputs"] for cell in copy["cells"] if cell["cell_type"] == "code" and "px." in cell["source"]
    )


def test_there_is_a_first_look() -> None:
    assert next(source.stem for source in SOURCES) == "01_first_look"

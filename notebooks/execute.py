"""Executes every notebook from its source: `python notebooks/execute.py`."""

from __future__ import annotations

from pathlib import Path

import jupytext
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent


def executed(source: Path) -> dict[str, object]:
    """The notebook made from `source`, run from the first cell to the last. Raises `CellExecutionError`."""
    notebook = jupytext.read(source)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(HERE)}}).execute()
    made: dict[str, object] = notebook
    return made


def main() -> None:
    """Write an executed copy beside each source."""
    for source in sorted(HERE.glob("[0-9]*.py")):
        jupytext.write(executed(source), source.with_suffix(".ipynb"))


if __name__ == "__main__":
    main()

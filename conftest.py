"""The examples of the README run in an empty folder, as a reader would run them."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.name == "README.md":
        folder: Path = request.getfixturevalue("tmp_path")
        monkeypatch.chdir(folder)

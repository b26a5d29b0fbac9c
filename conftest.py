"""How the tests run: the README in an empty folder, and each file of tests in one process of several."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.name == "README.md":
        folder: Path = request.getfixturevalue("tmp_path")
        monkeypatch.chdir(folder)


TOGETHER = ("tests/simulate", "tests/store")
"""Folders whose tests share what is dear to make: a world, a Neo4j server."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file of tests stays in one process, so that its fixtures are made once."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            file = item.nodeid.split("::")[0]
            group = next((folder for folder in TOGETHER if file.startswith(folder)), file)
            item.add_marker(pytest.mark.xdist_group(group))

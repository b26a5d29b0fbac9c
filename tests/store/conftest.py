"""Every test of the contract runs on each store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from diversion.store import open_store
from diversion.store.base import Store
from tests.neo4j_server import empty, neo4j_empty, neo4j_url

__all__ = ["neo4j_empty", "neo4j_url"]


@pytest.fixture(params=["duckdb", "neo4j"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Location of a store that holds nothing yet."""
    if request.param == "duckdb":
        return str(tmp_path / "case.duckdb")
    url: str = request.getfixturevalue("neo4j_url")
    empty(url)
    return url


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store."""
    with open_store(place) as opened:
        yield opened

"""What many tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that none of the project wrote; its absence is a failure in CI, elsewhere a skip."""
    place = Path(os.environ.get("DIVERSION_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not place.is_dir():
        message = f"no real data at {place}: set DIVERSION_TEST_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return place


@pytest.fixture(autouse=True)
def _plain_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables as wide as to a pipe: those who run tests side by side set the width of a terminal."""
    monkeypatch.delenv("COLUMNS", raising=False)

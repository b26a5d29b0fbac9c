"""Worlds that many tests look at: the sample as committed, and smaller ones of other seeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from diversion.policy.policy import load
from diversion.simulate import World, write
from tests.simulate.facts import Facts

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="package")
def sought() -> frozenset[str]:
    return frozenset(load().sought)


@pytest.fixture(scope="package", params=["sample", 3, 20_240_223])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "sample":
        return SAMPLE
    folder = tmp_path_factory.mktemp(f"world{request.param}")
    write(World(seed=request.param, parties=1500, shipments=6000), folder)
    return folder


@pytest.fixture(scope="package")
def facts(place: Path, sought: frozenset[str]) -> Facts:
    return Facts(place, sought)

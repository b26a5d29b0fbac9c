"""The wheel works outside the repository, in an environment that holds nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def _run(*command: object, cwd: Path, clean: bool = True) -> str:
    keep = (
        "PATH",
        "HOME",
        "LANG",
        "TMPDIR",
        "PIP_",
        "SSL_",
        "HTTP",
        "http",
        "HTTPS",
        "https",
        "NO_PROXY",
        "no_proxy",
    )
    environment = {k: v for k, v in os.environ.items() if k.startswith(keep)} if clean else None
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("elsewhere")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    _run(*pip, "--wheel-dir", place, ROOT, cwd=place, clean=False)
    _run(sys.executable, "-m", "venv", place / "venv", cwd=place)
    (wheel,) = place.glob("diversion-*.whl")
    install = ("-m", "pip", "install", "--quiet", "--only-binary", ":all:", wheel)
    _run(place / "venv/bin/python", *install, cwd=place)
    return place


def test_the_demo_runs_from_the_wheel_alone(place: Path) -> None:
    _run(place / "venv/bin/diversion", "demo", cwd=place)
    assert (place / "diversion-demo" / "report.html").stat().st_size > 1_000_000
    store = place / "diversion-demo" / "demo.duckdb"
    told = json.loads(
        _run(place / "venv/bin/diversion", "routes", "--store", store, "--format", "json", cwd=place)
    )
    assert told and told[0]["score"] >= 50


def test_the_package_says_that_it_is_typed_and_needs_no_test_package(place: Path) -> None:
    script = (
        "import diversion, pathlib; print(pathlib.Path(diversion.__file__).with_name('py.typed').exists())"
    )
    assert _run(place / "venv/bin/python", "-c", script, cwd=place).strip() == "True"
    installed = _run(place / "venv/bin/python", "-m", "pip", "list", "--format", "freeze", cwd=place)
    assert "pytest" not in installed and "hypothesis" not in installed

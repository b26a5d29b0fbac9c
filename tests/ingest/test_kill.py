"""A process that dies in the middle leaves the store as before the file or with the whole file."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from diversion.store import open_store
from tests.ingest.world import good, one, write

ROWS = 30_000
PROGRAM = """
import sys
from datetime import date
from pathlib import Path
from diversion.ingest.options import IngestOptions
from diversion.ingest.run import ingest
from diversion.store import open_store

print("ready", flush=True)
with open_store(sys.argv[1]) as store:
    ingest(store, [Path(name) for name in sys.argv[2:]], IngestOptions(today=date(2024, 6, 30)))
print("done", flush=True)
"""


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("halves")
    return [
        write(folder / "a.csv", good(ROWS)),
        write(folder / "b.csv", good(ROWS, ROWS + 1)),
    ]


def start(store: Path, files: list[Path]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(store), *map(str, files)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def test_killed_at_any_point_and_run_again(
    tmp_path: Path, halves: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    began = time.monotonic()
    assert start(tmp_path / "whole.duckdb", halves).wait() == 0
    whole = time.monotonic() - began
    seen = set()
    for at in range(1, 8):
        place = tmp_path / f"{at}.duckdb"
        process = start(place, halves)
        time.sleep(whole * at / 8)
        process.kill()
        process.wait()
        with open_store(str(place)) as store:
            count = store.count("Shipment")
            seen.add(count)
            assert count in (0, ROWS, 2 * ROWS)
            assert store.count("SENT") == store.count("DELIVERED_TO") == store.count("OF") == count
            assert store.count("Source") == count // ROWS
            assert store.verify() == []
            for file in halves:
                report = one(store, file)
                assert report.loaded + report.unchanged == ROWS
            assert store.count("Shipment") == 2 * ROWS
            assert store.verify() == []
    assert not list(tmp_path.glob("diversion-scratch-*")), "what a killed process had at hand stays"
    assert len(seen) > 1, "every run was killed before it wrote, or after: no point was tried"

"""How fast rows of each format go in, and how much memory it takes.

python -m benchmarks.ingest [ROWS [FORMAT …]]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.files import MAKERS


def measure(path: Path) -> None:
    """One ingest in a process of its own."""
    from diversion.ingest import IngestOptions, ingest
    from diversion.store import open_store

    with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/case.duckdb") as store:
        for what in ("first", "again"):
            wall, work = perf_counter(), process_time()
            report = ingest(store, [path], IngestOptions()).files[0]
            wall, work = perf_counter() - wall, process_time() - work
            if report.refused:
                raise SystemExit(f"{path.name}: {report.refused}")
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{path.stem:12} {what:6} {report.read:>10,} rows  {report.read / wall:>9,.0f} rows/s  "
                f"{wall:6.1f} s  {work:6.1f} s of processor  {peak:6,.0f} MB",
                flush=True,
            )


def main() -> None:
    if sys.argv[1:2] == ["measure"]:
        measure(Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for name in sys.argv[2:] or MAKERS:
        with tempfile.TemporaryDirectory() as folder:
            path = MAKERS[name](Path(folder), count)
            subprocess.run([sys.executable, "-m", "benchmarks.ingest", "measure", str(path)], check=True)


if __name__ == "__main__":
    main()

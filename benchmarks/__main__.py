"""Every benchmark, one after the other: `make bench`. Compare within one run; machines are noisy."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

MODULES = (
    *("stores", "ingest", "routes", "known", "beside", "spark", "patterns"),
    *("pipeline", "check", "ownership", "screening", "resolve"),
)


def main() -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}", flush=True)
    failed = []
    for name in MODULES:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()

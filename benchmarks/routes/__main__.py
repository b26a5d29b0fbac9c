"""`python -m benchmarks.routes [--to TRANSFERS] [--only PART]`: the tables of the engine.

`--to` is the largest world of the curve (1e7; 1e8 takes 14 GB), `--only` one of tables, curve, alerts.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable

from benchmarks.routes import alerts, ours

SIZES = (1_000_000, 2_000_000, 5_000_000, 10_000_000, 20_000_000, 50_000_000, 100_000_000)


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.routes", description=__doc__)
    parser.add_argument("--to", type=float, default=1e7)
    parser.add_argument("--only", choices=["tables", "curve", "alerts"])
    given = parser.parse_args()
    largest = int(given.to)
    parts: dict[str, Callable[[], None]] = {
        "tables": lambda: ours.table([min(largest, 10_000_000)]),
        "curve": lambda: ours.curve([size for size in SIZES if size <= largest]),
        "alerts": lambda: alerts.table(min(largest, 10_000_000)),
    }
    for name, part in parts.items():
        if given.only in (None, name):
            part()


if __name__ == "__main__":
    main()

"""Seconds, memory, and cases that run in a process of their own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, process_time
from typing import Any


class Clock(dict[str, float]):
    """Seconds by name, and in `cpu` those of the processors together; the least of several turns."""

    def __init__(self) -> None:
        super().__init__()
        self.cpu: dict[str, float] = {}

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        began, busy = perf_counter(), process_time()
        yield
        self[name] = min(perf_counter() - began, self.get(name, 1e9))
        self.cpu[name] = min(process_time() - busy, self.cpu.get(name, 1e9))


def peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def apart(module: str, function: str, *arguments: object) -> dict[str, Any]:
    """Call a function of a module here in a process of its own, so that memory is its alone."""
    command = f"import json, benchmarks.routes.{module} as b; print(json.dumps(b.{function}(*{arguments!r})))"
    done = subprocess.run([sys.executable, "-c", command], stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def head(*cells: str) -> None:
    row(*cells)
    print("|---" * len(cells) + "|", flush=True)


def seconds(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"

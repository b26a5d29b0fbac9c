"""What ends a search before it is done, and how it is measured."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

MIB = 2**20


def resident() -> float:
    """Memory of this process in MiB: what it holds now, or where only that is known, the most it held.

    0 on a system that tells neither.
    """
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:
        return 0.0
    # Bytes on macOS, kibibytes elsewhere.
    return getrusage(RUSAGE_SELF).ru_maxrss / (MIB if sys.platform == "darwin" else 1024)


@dataclass(frozen=True)
class Limits:
    """What cuts a search short: most corridors scored, most seconds, most MiB. None: nothing does.

    Seconds count from `began`, a reading of `clock`; None is when the search begins.
    """

    examined: int | None = None
    seconds: float | None = None
    memory: float | None = None
    began: float | None = None
    clock: Callable[[], float] = perf_counter
    used: Callable[[], float] = resident

    def meter(self) -> Callable[[int], str | None]:
        """Tells, after so many corridors, which limit is reached: `examined`, `seconds`, `memory` or None."""
        began = self.clock() if self.began is None else self.began
        ends = None if self.seconds is None else began + self.seconds

        def reached(examined: int) -> str | None:
            if self.examined is not None and examined >= self.examined:
                return "examined"
            if ends is not None and self.clock() > ends:
                return "seconds"
            return "memory" if self.memory is not None and self.used() > self.memory else None

        return reached

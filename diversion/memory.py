"""How much memory the databases of a process may use."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from pathlib import Path

SETTING = "DIVERSION_MEMORY_LIMIT"
PART, LEAST, MOST = 8, 1000, 4000
"""Of the machine's memory one part in so many, but so many megabytes at least and at most (choice): the store
and the staging database may each hold as much, and the reading of a file some hundreds of megabytes more."""
CONTROL_GROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
RAISE = f"set {SETTING}, or memory_limit in diversion.toml, to more, such as 8GB"


def limit(asked: str | None = None) -> str:
    """What DuckDB may use, in its words: as asked, else as the environment says, else `share`."""
    return asked or os.environ.get(SETTING) or share()


@cache
def share() -> str:
    """A part of the memory that this process may use, which a container makes less than the machine's.

    >>> share().endswith("MB")
    True
    """
    return f"{min(MOST, max(LEAST, _machine() // PART))}MB"


def _machine() -> int:
    """Megabytes that this process may use at most; 0 where the system does not tell."""
    told = []
    with suppress(OSError, ValueError, AttributeError):
        told.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    for name in CONTROL_GROUPS:
        with suppress(OSError, ValueError):
            told.append(int(Path(name).read_bytes()))
    return min((one for one in told if one > 0), default=0) // 1_000_000

"""Folders for what is at hand for a moment; those that killed processes left behind are cleared away."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX, _LOCK = "diversion-scratch-", "lock"


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards. While it is used a lock in it says so, to other processes too."""
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with (folder / "unlocked").open("w") as held:
            _locked(held.fileno())
            Path(held.name).rename(folder / _LOCK)  # nobody sees it before it is locked
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(place: Path) -> None:
    for folder in place.glob(f"{_PREFIX}*"):
        with suppress(OSError), (folder / _LOCK).open("r+") as held:
            if _locked(held.fileno()):
                shutil.rmtree(folder, ignore_errors=True)


def _locked(file: int) -> bool:
    """Whether the lock could be taken; never where the system has none, so that nothing is cleared away."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

"""What every command opens: the settings, the store, the policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from diversion.errors import NotFound, StoreError
from diversion.policy.policy import Policy, load
from diversion.settings import Settings, settings
from diversion.store import open_store
from diversion.store.base import Store


class Places(Protocol):
    """Where a command works, as its flags say."""

    @property
    def store(self) -> str | None:
        """Location of the store, or None where not given."""

    @property
    def policy(self) -> str | None:
        """A policy pack, or None where not given."""


def opened(places: Places) -> tuple[Settings, Policy]:
    """The settings and the policy in force."""
    current = settings(store=places.store, policy=places.policy)
    return current, load(current.policy)


@contextmanager
def reading(current: Settings) -> Iterator[Store]:
    """The store, for reading only. Raises `NotFound` where there is no file yet."""
    if "://" not in current.store and not Path(current.store).exists():
        raise NotFound("there is no store", where=current.store, hint="`diversion ingest FILE…` makes one")
    with _open(current, read_only=True) as store:
        yield store


@contextmanager
def writing(current: Settings) -> Iterator[Store]:
    """The store, for writing; a file is made where there is none."""
    with _open(current, read_only=False) as store:
        yield store


@contextmanager
def new_only_if_filled(current: Settings) -> Iterator[None]:
    """What happens in it leaves no file of a store that was not there before and holds nothing after."""
    path = Path(current.store)
    new = "://" not in current.store and not path.exists()
    try:
        yield
    finally:
        if new and path.exists() and not _filled(current):
            path.unlink()


def _filled(current: Settings) -> bool:
    """Whether a store holds anything; one that cannot be looked at is taken to."""
    try:
        with _open(current, read_only=True) as store:
            return bool(store.batches())
    except StoreError:
        return True


def _open(current: Settings, *, read_only: bool) -> Store:
    wait, memory = current.lock_wait, current.memory_limit
    return open_store(current.store, read_only=read_only, wait=wait, memory_limit=memory)


@contextmanager
def bar(what: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on stderr; silent where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda name, done, total: progress.update(task, description=name, completed=done, total=total)

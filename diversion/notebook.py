"""The few calls with defaults that a notebook starts from."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diversion.errors import UsageError
from diversion.findings import Finding
from diversion.ingest import IngestOptions, IngestReport, ingest
from diversion.options import Options
from diversion.pipeline import Analysis
from diversion.pipeline import analyze as analyze_store
from diversion.pipeline import stream as stream_store
from diversion.policy.policy import Policy, load
from diversion.report.text import text
from diversion.resources import folder
from diversion.routes.keeping import beside
from diversion.store.base import Store

if TYPE_CHECKING:
    from diversion.checking.checker import Checker


def _a(store: Store) -> Store:
    """The store; whoever gives its path instead learns how to open it."""
    if isinstance(store, Store):
        return store
    path = str(store) if isinstance(store, str | Path) else "case.duckdb"
    raise UsageError(
        f"a store is wanted, not {store!r}", hint=f"open it first: diversion.open_store({path!r})"
    )


def read_files(
    store: Store, files: Sequence[str | Path], options: IngestOptions | None = None
) -> IngestReport:
    """Read `files` into the store; the kind of each is told by its columns."""
    return ingest(_a(store), [Path(file) for file in files], options or IngestOptions())


def analyze(
    store: Store, options: Options | None = None, policy: Policy | None = None, *, keep_gb: float = 8.0
) -> Analysis:
    """Find, score and explain the routes in the store under the built-in policy, or one of your own.

    Of many shipments, the sorted arrays are kept in a folder beside the file of the store, of at most
    `keep_gb` gigabytes (0: none), so that the next question need not sort them again.
    """
    shelf = beside(_a(store).location, keep_gb)
    return analyze_store(store, options or Options(), policy or load(), shelf=shelf)


def checker(
    store: Store, options: Options | None = None, policy: Policy | None = None, *, keep_gb: float = 8.0
) -> Checker:
    """The lists and records of a store, held open to check shipments before they are made: see `Checker`."""
    from diversion.checking.checker import Checker, Checking

    shelf = beside(_a(store).location, keep_gb)
    return Checker(store, policy or load(), Checking(options or Options()), shelf)


def check(
    store: Store,
    what: str | Path | Iterable[Mapping[str, Any]],
    options: Options | None = None,
    policy: Policy | None = None,
) -> list[dict[str, Any]]:
    """What is found of shipments or payments not yet made: a file of them, or rows under canonical names.

    Nothing is written to the store. For many questions make a `checker` once. Raises `BadInput` for a file
    that is refused and for a row that cannot be read: what is not checked must not look as if it were.
    """
    desk = checker(store, options, policy)
    read = desk.files(Path(what)) if isinstance(what, str | Path) else iter([desk.rows(what)])
    found: list[dict[str, Any]] = []
    for report, rows in read:
        report.raise_faults()
        found += rows
    return found


def stream(
    store: Store, options: Options | None = None, policy: Policy | None = None
) -> Generator[Finding, None, Analysis]:
    """`analyze`, giving each finding as soon as its place is proven, best first, while the search goes on.

    A finding whose `search.exact` is false was left unproven by a limit; those come last. The generator
    returns the analysis, which alone knows of each finding in which other it is contained.
    """
    return stream_store(_a(store), options or Options(), policy or load())


def explain_text(finding: Finding, *, rank: int = 1, total: int = 1) -> str:
    """One finding as `diversion explain` prints it."""
    return text(finding, rank=rank, total=total)


def sample_data() -> Path:
    """The folder of the fictional sample world."""
    return folder("sample_data")

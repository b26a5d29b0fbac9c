"""The few calls with defaults that a notebook starts from."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path

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


def read_files(
    store: Store, files: Sequence[str | Path], options: IngestOptions | None = None
) -> IngestReport:
    """Read `files` into the store; the kind of each is told by its columns."""
    return ingest(store, [Path(file) for file in files], options or IngestOptions())


def analyze(
    store: Store, options: Options | None = None, policy: Policy | None = None, *, keep_gb: float = 8.0
) -> Analysis:
    """Find, score and explain the routes in the store under the built-in policy, or one of your own.

    Of many shipments, the sorted arrays are kept in a folder beside the file of the store, of at most
    `keep_gb` gigabytes (0: none), so that the next question need not sort them again.
    """
    shelf = beside(store.location, keep_gb)
    return analyze_store(store, options or Options(), policy or load(), shelf=shelf)


def stream(
    store: Store, options: Options | None = None, policy: Policy | None = None
) -> Generator[Finding, None, Analysis]:
    """`analyze`, giving each finding as soon as its place is proven, best first, while the search goes on.

    A finding whose `search.exact` is false was left unproven by a limit; those come last. The generator
    returns the analysis, which alone knows of each finding in which other it is contained.
    """
    return stream_store(store, options or Options(), policy or load())


def explain_text(finding: Finding, *, rank: int = 1, total: int = 1) -> str:
    """One finding as `diversion explain` prints it."""
    return text(finding, rank=rank, total=total)


def sample_data() -> Path:
    """The folder of the fictional sample world."""
    return folder("sample_data")

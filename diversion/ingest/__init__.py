"""From files to tables and rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diversion.ingest.options import IngestOptions as IngestOptions
    from diversion.ingest.options import load_mapping as load_mapping
    from diversion.ingest.report import IngestReport as IngestReport
    from diversion.ingest.run import ingest as ingest

_HOME = {"IngestOptions": "options", "load_mapping": "options", "IngestReport": "report", "ingest": "run"}


def __getattr__(name: str) -> Any:
    """Names are fetched when first used: readers import DuckDB and Arrow, which cost start-up time."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)

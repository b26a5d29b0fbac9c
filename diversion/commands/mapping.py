"""The mapping of a file, printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from diversion.commands.opening import opened
from diversion.output import clean, emit

if TYPE_CHECKING:
    from diversion.commands.options import Common


def print_mapping(file: Path, kind: str | None, mapping: Path | None, common: Common) -> int:
    """Print how a file would be read, as TOML or as data. Returns 3 where it would be refused."""
    from diversion.ingest.options import IngestOptions, MappingFile, load_mapping
    from diversion.ingest.proposal import propose

    current, _ = opened(common)
    given = load_mapping(mapping) if mapping else MappingFile()
    options = IngestOptions(
        kind=kind or given.kind,
        mapping=given or None,
        constants=given.constants,
        header_rows=given.header_rows,
        orders=given.orders,
        policy=current.policy,
        memory=current.memory_limit,
        max_rejected=current.max_rejected,
    )
    proposal = propose(file, options)
    if common.format == "table":
        print(clean(proposal.as_toml()), end="")
    else:
        emit(proposal.as_json(), common.format, ())
    return 0 if proposal.understood else 3

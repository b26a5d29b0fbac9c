"""Back to the files: source."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from diversion.commands.opening import opened, reading
from diversion.output import clean, emit

if TYPE_CHECKING:
    from diversion.commands.options import Common
    from diversion.provenance import Origin


def show_source(wanted: str, common: Common) -> None:
    """Print the rows that the records with this id were read from."""
    from diversion.provenance import trace

    current, _ = opened(common)
    with reading(current) as store:
        found = trace(store, wanted)
    if common.format != "table":
        emit([asdict(one) for one in found], common.format, ())
        return
    print("\n\n".join(clean(_told(one)) for one in found))


def _told(one: Origin) -> str:
    sheet = f", sheet {one.sheet}" if one.sheet else ""
    row = f", row {one.row:,}" if one.row is not None else ""
    lines = [
        f"{one.type} {one.id}",
        f"  {one.path or one.file}{sheet}{row}",
        f"  read as {one.kind}; sha256 {one.sha256}",
    ]
    if one.original is not None:
        lines.append("  as it stands in the file")
        lines += _listed(one.original)
    else:
        lines.append(f"  {one.missing}")
    if one.record:
        lines.append("  as it is kept")
        lines += _listed({name: str(value) for name, value in one.record.items()})
    return "\n".join(lines)


def _listed(cells: dict[str, str]) -> list[str]:
    width = min(max((len(name) for name in cells), default=0), 32)
    return [f"    {name:{width}}  {' '.join(cell.split())}" for name, cell in cells.items()]

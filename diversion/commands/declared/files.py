"""Files in, and back to them: ingest, mapping, source."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from diversion.commands.options import COMMON, Common


def ingest(
    files: Annotated[list[Path], Parameter(negative="")],
    *,
    as_: Annotated[
        Literal["shipments", "parties", "ownership", "listings", "us_csl"] | None, Parameter(name="--as")
    ] = None,
    mapping: Path | None = None,
    known_on: date | None = None,
    accept_shrink: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> int:
    """Read files into the store; what each holds is told by its content and its columns.

    Tables in any layout (CSV, Excel, Parquet, JSON lines), registers (BODS, GLEIF, UK PSC, FollowTheMoney),
    lists (CSL, OFAC, BIS, UN, EU, UK, OpenSanctions), messages (pacs.008, pacs.009, MT700, MT707, MT202 COV).

    Faulty rows are rejected one by one and shown; a refused file leaves the store as it was (exit code 3).

    Example: diversion ingest downloads/*.xlsx consolidated.csv psc-snapshot.zip --store case.duckdb

    Parameters
    ----------
    files
        files, folders, patterns, archives (.gz, .zip), or - for standard input.
    as_
        what the files are, where their columns do not tell.
    mapping
        TOML file that names the column of each field.
    known_on
        the day on which the files were received.
    accept_shrink
        take a list that lost more of its entries than is plausible.
    """
    from diversion.commands.ingesting import Asked, ingest_files

    return ingest_files(files, Asked(as_, mapping, known_on, accept_shrink), common)


def mapping(
    file: Path,
    *,
    as_: Annotated[
        Literal["shipments", "parties", "ownership", "listings", "us_csl"] | None, Parameter(name="--as")
    ] = None,
    mapping: Path | None = None,
    common: Common = COMMON,
) -> int:
    """Print which columns a file would be read as, as TOML: correct it and pass it back with --mapping.

    The number beside a column is how sure it is, 0 to 1. A file that would be refused has the exit code 3.

    Example: diversion mapping vendor.xlsx > vendor.toml

    Parameters
    ----------
    file
        a CSV, Parquet or XLSX file.
    as_
        what it is, where its columns do not tell.
    mapping
        a mapping that is laid over the one found.
    """
    from diversion.commands.mapping import print_mapping

    return print_mapping(file, as_, mapping, common)


def source(id_: Annotated[str, Parameter(name="ID")], *, common: Common = COMMON) -> None:
    """Show the rows of files that a record was read from, as they stand there and as they are kept.

    The file is opened where it lay when it was ingested, and shown only if its digest is the same.

    Example: diversion source S-118830

    Parameters
    ----------
    id_
        id of a shipment, party, list entry, holding or instrument; or of a source and a row, as F-…:17.
    """
    from diversion.commands.source import show_source

    show_source(id_, common)

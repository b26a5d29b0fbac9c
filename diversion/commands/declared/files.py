"""Files in, and back to them: ingest, mapping, source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from diversion.commands.options import COMMON, INGESTING, Common, Ingesting, Kind


def ingest(
    files: Annotated[list[Path], Parameter(negative="")],
    *,
    asked: Ingesting = INGESTING,
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
    """
    from diversion.commands.ingesting import ingest_files

    return ingest_files(files, asked, common)


def mapping(
    file: Path,
    *,
    as_: Kind = None,
    mapping: Path | None = None,
    common: Common = COMMON,
) -> int:
    """Print how a table would be read, as TOML to correct and pass back with --mapping.

    Numbers are how sure a column is, 0 to 1. A file that `ingest` would refuse has the exit code 3.

    Example: diversion mapping vendor.xlsx > vendor.toml

    Parameters
    ----------
    file
        a table: CSV, Excel, Parquet, JSON lines.
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

    Example: diversion source S-00004

    Parameters
    ----------
    id_
        id of a shipment, party, list entry, holding or instrument; or of a source and a row, as F-…:17.
    """
    from diversion.commands.source import show_source

    show_source(id_, common)

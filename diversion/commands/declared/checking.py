"""Before a deal is made: check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from diversion.commands.options import CHECKING, COMMON, Checking, Common


def check(
    files: Annotated[list[Path], Parameter(negative="")],
    *,
    asked: Checking = CHECKING,
    fail_on: float | None = None,
    common: Common = COMMON,
) -> int:
    """Judge shipments and payments that are not yet made: stop, review or clear, and why.

    Their parties are screened against the lists of the store, and each shipment is told with the routes to
    restricted parties that it would complete, beside the records and the rows before it. Nothing is written
    to the store. A row that cannot be read is named and not checked, and without any list nothing is (exit
    code 3). Clear is no clearance: it names the lists and records in which nothing was found.

    Example: diversion check new_shipments.csv --format json --fail-on 50

    Parameters
    ----------
    files
        tables or messages as `ingest` reads them, or - for standard input.
    fail_on
        exit with 10 if a shipment is to be stopped, or would complete a route that scores at least this.
    """
    from diversion.commands.checking import check_files

    return check_files(files, asked, fail_on, common)

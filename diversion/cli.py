"""The command line: each command says what it does, with an example, and calls one function."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Group, Parameter

from diversion.errors import DiversionError
from diversion.output import Format, say

app = App(
    name="diversion",
    help="Finds dual-use goods on their way to restricted end users, and explains every route. "
    'It ranks for people to judge; "no hit" is never a clearance.',
    help_format="plaintext",
    version_flags=["--version"],
)
SEARCH = Group("Search")


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What most commands take."""

    store: str | None = None
    "DuckDB file, or neo4j:// or bolt:// address [default: $DIVERSION_STORE, then diversion.duckdb]"
    policy: str | None = None
    "a policy pack of your own, laid over the built-in ones"
    format: Format = "table"
    "table for people; json, jsonl or csv for machines"


@Parameter(name="*")
@dataclass(frozen=True)
class Screening:
    """How names are screened."""

    cutoff: float | None = None
    "least confidence shown [default: the policy's]"
    limit: int = 0
    "most hits a name, 0 for all; what it cuts is counted"
    country: str | None = None
    "ISO code that all names share, where known"
    whitelist: Path | None = None
    "CSV with name, reason, until and, for one entry, listing_id: hits that somebody has cleared"
    second_opinion: Annotated[bool, Parameter(negative="")] = False
    "show beside each hit how nomenklatura's logic-v2 judges it; needs the extra `matching`"


@Parameter(name="*", group=SEARCH)
@dataclass(frozen=True)
class Searching:
    """The limits and ends of a search."""

    as_of: date | None = None
    "last day looked at [default: the last day of the shipments]"
    known_at: date | None = None
    "only what had been received by that day"
    from_: Annotated[tuple[str, ...], Parameter(name="--from", negative="")] = ()
    "origins: party ids, country:DE, a set of the policy, or @FILE; several times"
    to: Annotated[tuple[str, ...], Parameter(negative="")] = ()
    "ends, in the same words, instead of the restricted parties"
    hops: int = 5
    "most transfers of a route, 1 to 8"
    dwell: int = 180
    "most days between arrival and onward departure"
    dwell_min: int = 0
    "fewest of these days"
    relations: Literal["strict", "relabel", "jump", "all"] = "all"
    "strict; also relabelled goods; also a company of the same owner or address; or all of these"
    targets: Literal["restricted", "undetermined"] = "restricted"
    "undetermined also ends routes where the records do not decide"
    top: int = 1000
    "corridors kept, 0 for all"
    engine: Literal["memory"] = "memory"
    "what searches"
    time_limit: float | None = None
    "seconds after which the search ends with what is proven"


COMMON, SEARCHING = Common(), Searching()
SCREENING = Screening()


@app.command
def demo(out: Path = Path("diversion-demo")) -> None:
    """Run the whole analysis on the sample world and say how many planted routes were found.

    Example: diversion demo --out ./diversion-demo
    """
    from diversion.demo import run

    run(out)


@app.command
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


@app.command
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


@app.command
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


@app.command
def analyze(*, search: Searching = SEARCHING, fail_on: float | None = None, common: Common = COMMON) -> int:
    """Find, score and explain the routes of controlled goods to restricted end users.

    Example: diversion analyze --store case.duckdb --hops 4 --from country:DE

    Parameters
    ----------
    fail_on
        exit with 10 if a finding scores at least this.
    """
    from diversion.commands.search import run_analysis

    return run_analysis(search, fail_on, common)


@app.command
def routes(*, top: int = 50, run: str | None = None, common: Common = COMMON) -> None:
    """List the corridors of the last analysis, best first.

    Example: diversion routes --top 20 --format csv

    Parameters
    ----------
    top
        how many, 0 for all.
    run
        an earlier run instead of the last.
    """
    from diversion.commands.search import list_routes

    list_routes(top, run, common)


@app.command
def explain(route: str, *, run: str | None = None, common: Common = COMMON) -> None:
    """Tell one corridor in full: what happened, why it was flagged, what speaks against it, what is open.

    Example: diversion explain R-7f3a91c04be21d58

    Parameters
    ----------
    route
        id of the corridor, or its rank in `diversion routes`.
    run
        an earlier run instead of the last.
    """
    from diversion.commands.search import explain_route

    explain_route(route, run, common)


@app.command
def party(
    names: Annotated[list[str], Parameter(negative="")] | None = None,
    *,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_of: date | None = None,
    rule: str | None = None,
    common: Common = COMMON,
) -> None:
    """Say whether parties are restricted on a day, by which rule, since when, and by what proof.

    Example: diversion party "Volga Instruments" --as-of 2024-05-19

    Parameters
    ----------
    names
        ids or names.
    all_
        every party of the store.
    as_of
        the day [default: the last day of the shipments].
    rule
        only this rule, such as ofac-50.
    """
    from diversion.commands.people import show_parties

    show_parties(names or [], all_, as_of, rule, common)


@app.command
def owners(name: str, *, as_of: date | None = None, common: Common = COMMON) -> None:
    """List who holds a party, and who holds those, with shares and days.

    Example: diversion owners P-104

    Parameters
    ----------
    name
        id or name of the party.
    as_of
        the day [default: the last day of the shipments].
    """
    from diversion.commands.people import show_owners

    show_owners(name, as_of, common)


@app.command
def screen(
    names: Annotated[list[str], Parameter(negative="")] | None = None,
    *,
    pairs: Path | None = None,
    screening: Screening = SCREENING,
    common: Common = COMMON,
) -> None:
    """Look names up in the lists of the store; a file is CSV with a column `name`, - the standard input.

    Example: diversion screen "Huawei Technologies" --cutoff 0.8

    Parameters
    ----------
    names
        names, or a CSV file with `name` and, where known, country, address, identifier, date, kind, or -.
    pairs
        instead, a CSV file of labelled pairs, `left, right` and, where known, country, date, identifier of
        each (left_country, …) and kind: how the matcher judges them.
    """
    from diversion.commands.people import screen_names, screen_pairs

    if pairs is not None:
        screen_pairs(pairs, common)
    else:
        screen_names(names or [], screening, common)


@app.command
def report(
    out: Path = Path("diversion-report.html"),
    *,
    top: int = 50,
    run: str | None = None,
    common: Common = COMMON,
) -> None:
    """Write the last analysis as one HTML page that needs no network.

    Example: diversion report --out report.html --top 100

    Parameters
    ----------
    out
        the file to write.
    top
        corridors told in full; the table lists all.
    run
        an earlier run instead of the last.
    """
    from diversion.commands.search import write_report

    write_report(out, top, run, common)


@app.command
def simulate(
    out: Path = Path("simulated"), *, seed: int = 7, parties: int | None = None, shipments: int | None = None
) -> None:
    """Make a fictional world with planted routes and decoys, and the key to them in truth.csv.

    Example: diversion simulate --seed 11 --shipments 100000 --out world

    Parameters
    ----------
    out
        the folder to write.
    seed
        the same seed gives the same world.
    parties
        how many parties.
    shipments
        how many shipments.
    """
    from diversion.commands.data import make_world

    make_world(out, seed, parties, shipments)


@app.command
def doctor(*, common: Common = COMMON) -> int:
    """Check that the store holds what was written to it, and say what is wrong if not.

    Example: diversion doctor --store case.duckdb
    """
    from diversion.commands.data import check_store

    return check_store(common)


def _with_stdin(arguments: Sequence[str]) -> list[str]:
    """The arguments with a lone `-`, which means standard input, where it is not taken for an option."""
    if "-" not in arguments or "--" in arguments:
        return list(arguments)
    return [*(one for one in arguments if one != "-"), "--", "-"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; errors become one message on stderr and an exit code."""
    try:
        code: Any = app(_with_stdin(sys.argv[1:] if arguments is None else arguments))
    except DiversionError as fault:
        say(f"error: {fault}")
        code = fault.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        say("stopped")
        code = 130
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()

"""The whole analysis on the sample world, and how much of what was planted in it was found."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which

from diversion import manifest
from diversion.errors import DiversionError
from diversion.ingest import IngestOptions, ingest
from diversion.options import Options
from diversion.output import emit, say
from diversion.pipeline import Analysis, analyze
from diversion.policy.policy import load
from diversion.report.html import write
from diversion.report.loading import report_data
from diversion.resources import folder
from diversion.simulate.truth import Recovery, read_truth, recovery
from diversion.store import open_store
from diversion.store.base import Store

FILES = ("parties.csv", "ownership.csv", "listings.csv", "shipments.csv")


def run(out: Path) -> list[Recovery]:
    """Ingest the sample, analyse it, write `demo.duckdb` and `report.html` into `out`, say what was found."""
    sample, database = folder("sample_data"), _fresh(out)
    with open_store(str(database)) as store:
        _ingest(store, sample)
        analysis = analyze(store, Options(), load(), lambda station: say(f"  {station} …"))
        manifest.keep(store, analysis)
        write(report_data(store, analysis.summary, analysis.findings, told=50), out / "report.html")
    found = recovery(analysis.findings, read_truth(sample / "truth.csv"))
    _tell(analysis, found, out)
    return found


def _fresh(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for old in out.glob("demo.duckdb*"):
            old.unlink()
    except OSError as fault:
        raise DiversionError(
            f"cannot write there: {fault}", where=str(out), hint="name a folder with --out"
        ) from None
    return out / "demo.duckdb"


def _ingest(store: Store, sample: Path) -> None:
    say("A fictional world of trade: nobody in it exists.")
    told = ingest(store, [sample / name for name in FILES], IngestOptions()).as_json()
    for file in told["files"]:
        say(f"  {Path(file['file']).name}: {file['read']:,} rows, {file['rejected']:,} rejected")


def _tell(analysis: Analysis, found: list[Recovery], out: Path) -> None:
    told = analysis.summary
    names = ("transfers", "parties", "restricted_parties", "corridors")
    transfers, parties, restricted, corridors = (f"{told[name]:,}" for name in names)
    say(f"{transfers} transfers among {parties} parties, of which rules restrict {restricted}")
    say(f"{corridors} corridors in {told['seconds']['total']:.1f} s")
    rows = [
        {
            "among_the_first": one.depth,
            "planted_routes": f"{len(one.planted)} of {one.planted_of}",
            "decoys": f"{len(one.decoys)} of {one.decoys_of}",
            "which_decoys": ", ".join(one.decoys) or "none",
            "lawful_look_alikes": f"{len(one.lawful)} of {one.lawful_of}",
        }
        for one in found
    ]
    emit(rows, "table", tuple(rows[0]))
    say(f"Open {out / 'report.html'} in a browser; it asks nothing of any network.")
    command = "diversion" if which("diversion") else sys.argv[0]
    say(f"Next: {command} explain 1 --store {out / 'demo.duckdb'}")

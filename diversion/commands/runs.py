"""Runs: what was asked of the store, and which answer is meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from diversion.commands.opening import opened, reading
from diversion.errors import NotFound
from diversion.findings import Finding, from_json
from diversion.options import Options
from diversion.output import counted, emit, say
from diversion.store.base import Store

if TYPE_CHECKING:
    from diversion.commands.options import Common

COLUMNS = ("run_id", "finished", "corridors", "question")
OTHERS = "`diversion runs` lists what was asked; `--run ID` takes another answer"


def list_runs(common: Common) -> None:
    """Print the runs of the store, the last first."""
    current, _ = opened(common)
    with reading(current) as store:
        found = [_row(run) for run in _runs(store)]
    if common.format == "table":
        found = [{**row, "finished": f"{row['finished'][:16].replace('T', ' ')} UTC"} for row in found]
    emit(found, common.format, COLUMNS)
    if not found:
        say("nothing has been analysed yet: `diversion analyze` makes a run")


def last_run(store: Store, run: str | None) -> dict[str, Any]:
    """The summary of `run`, or of the run that finished last, with the moment as `finished`.

    Raises `NotFound`, naming the last run, where there is no such run.
    """
    runs = _runs(store)
    if not runs:
        hint = "`diversion analyze` makes a run"
        raise NotFound("nothing has been analysed yet", where=store.location, hint=hint)
    for told in runs:
        if run in (None, told["run_id"]):
            return told
    raise NotFound(f"there is no run {run}; the last is {named(runs[0])}", where="--run", hint=OTHERS)


def _runs(store: Store) -> list[dict[str, Any]]:
    rows = store.read("Run", ["id", "finished_at", "summary"]).to_pylist()
    rows.sort(key=lambda row: (row["finished_at"], row["id"]), reverse=True)
    return [{**json.loads(row["summary"]), "finished": str(row["finished_at"])} for row in rows]


def _row(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "run_id": told["run_id"],
        "finished": told["finished"],
        "corridors": told["corridors"],
        "question": question(told),
    }


def named(told: dict[str, Any]) -> str:
    """A run as a message names it: id, day, question, how many routes."""
    routes = counted(told["corridors"], "route")
    return f"{told['run_id']} of {told['finished'][:10]} ({question(told)}: {routes})"


def question(told: dict[str, Any]) -> str:
    """What a run was asked, in words; of its limits, those that are not the usual ones."""
    asked, usual = Options.of_json(told["manifest"]["options"]), Options()
    ends = "anywhere" if asked.open else " or ".join(asked.ends)
    if not ends:
        ends = "restricted" + (" or undetermined" if asked.targets == "undetermined" else "") + " parties"
    parts = [f"from {' or '.join(asked.origins) or 'anybody'} to {ends}"]
    parts += [f"through {' or '.join(asked.through)}"] if asked.through else []
    parts += [f"avoiding {' and '.join(asked.avoid)}"] if asked.avoid else []
    parts += [f"up to {told['as_of']}"]
    parts += [f"known at {asked.known_at}"] if asked.known_at else []
    limits = ("hops", "dwell", "dwell_min", "relations", "top", "time_limit", "memory_limit")
    changed = [name for name in limits if getattr(asked, name) != getattr(usual, name)]
    return ", ".join([*parts, *(f"{name.replace('_', ' ')} {getattr(asked, name)}" for name in changed)])


@contextmanager
def of_run(told: dict[str, Any]) -> Iterator[None]:
    """What is not found in a run is told with the run and how to ask another."""
    try:
        yield
    except NotFound as fault:
        raise NotFound(fault.message, where=named(told), hint=f"{fault.hint}; {OTHERS}") from None


def findings_of(store: Store, run_id: str) -> list[tuple[int, Finding]]:
    """Rank and finding of every corridor of a run, best first."""
    found = store.read("FOUND", ["run", "rank", "finding"]).to_pylist()
    mine = sorted((row["rank"], row["finding"]) for row in found if row["run"] == run_id)
    return [(rank, from_json(json.loads(text))) for rank, text in mine]

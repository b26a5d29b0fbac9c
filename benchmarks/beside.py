"""Counting every walk beside the peers: the same worlds, questions and answers, in one run.

`python -m benchmarks.beside [MINUTES]`: how long a peer may take, loading included (default 10).
Raphtory has no question that bounds how long goods wait at a party or keeps to one kind of goods, and so is
not compared.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import Any

from benchmarks.peers import TOOLS, WORLDS

Told = dict[str, tuple[float, list[int] | None]]


def answer(tool: str, world: str, minutes: float) -> tuple[Told, str]:
    """What a tool said in a process of its own, and why it ended."""
    command = [sys.executable, "-m", "benchmarks.peers", tool, world]
    quiet: Any = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=quiet, text=True, start_new_session=True
    )
    try:
        said, _ = process.communicate(timeout=minutes * 60)
        ended = "" if process.returncode == 0 else "failed"
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        ended = f"not done in {minutes:g} min"
    told: Told = {}
    for line in (json.loads(line) for line in said.splitlines() if line.startswith('{"stage"')):
        least = min(line["seconds"], told.get(line["stage"], (line["seconds"], None))[0])
        told[line["stage"]] = least, line["counts"]
    return told, ended


def compare(world: str, minutes: float) -> None:
    """One line a tool; a count that differs from ours is an error."""
    size, parties, _ = WORLDS[world]
    ours, _ = answer("diversion", world, 60)
    counts = ours["again"][1]
    print(f"\n{world}: {size:,} transfers, {parties:,} parties, {sum(counts or []):.4g} walks\n", flush=True)
    print("| tool | load | question | again | with load, times ours | loaded, times ours |")
    print("|---" * 6 + "|")
    for tool in TOOLS:
        told, ended = (ours, "") if tool == "diversion" else answer(tool, world, minutes)
        if "again" in told and told["again"][1] != counts:
            raise AssertionError(f"{tool} counts {told['again'][1]} where ours are {counts}")
        print("|", " | ".join([tool, *cells(told, ours, ended)]), "|", flush=True)


def cells(told: Told, ours: Told, ended: str) -> list[str]:
    times = [f"{told[stage][0]:.2f} s" if stage in told else ended for stage in ("load", "first", "again")]
    if "again" not in told:
        return [*times, "", ""]
    mine, theirs = (one["load"][0] + one["again"][0] for one in (ours, told))
    return [*times, f"{theirs / mine:.1f}", f"{told['again'][0] / ours['again'][0]:.1f}"]


def main(minutes: float) -> None:
    for world in WORLDS:
        compare(world, minutes)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10)

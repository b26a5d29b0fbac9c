"""Worlds and stores: demo, simulate, doctor."""

from __future__ import annotations

from pathlib import Path

from diversion.commands.options import COMMON, Common


def demo(out: Path = Path("diversion-demo")) -> None:
    """Run the whole analysis on the sample world and say how many planted routes were found.

    Example: diversion demo --out ./diversion-demo
    """
    from diversion.demo import run

    run(out)


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


def doctor(*, common: Common = COMMON) -> int:
    """Check that the store holds what was written to it, and say what is wrong if not.

    Example: diversion doctor
    """
    from diversion.commands.data import check_store

    return check_store(common)

"""A world: its parties, its trade, and the networks planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from diversion.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class World:
    """What to simulate.

    Parameters
    ----------
    seed : the same seed gives the same world, byte for byte, on every machine.
    parties : how many, at least 1,500; some 170 of them are written by hand. Without a number 2,300, and
        one more for every 14 shipments beyond the default, up to 200,000.
    shipments : how many rows, at least 5,000.
    years : length from `first` on; the planted stories need 2020 to 2024.
    first : first day.
    embargo : from this day on no goods of the lists go lawfully to Russia or Belarus.
    listings : how many entries the restricted-party list has besides those of customers supplied lawfully.
    """

    seed: int = 7
    parties: int | None = None
    shipments: int = 31_500
    years: int = 5
    first: date = date(2020, 1, 1)
    embargo: date = date(2022, 2, 24)
    listings: int = 150

    def __post_init__(self) -> None:
        """Refuse a world that is too small for its stories."""
        for name, least in (("parties", 1500), ("shipments", 5000), ("years", 5), ("listings", 60)):
            given = getattr(self, name)
            if given is not None and given < least:
                raise UsageError(f"a world needs at least {least:,} {name}", where=f"--{name}")

    @property
    def size(self) -> int:
        """How many parties the world has."""
        grown = 2300 + max(0, self.shipments - 31_500) // 14
        return min(200_000, grown) if self.parties is None else self.parties

    @property
    def last(self) -> date:
        """First day after the world."""
        return self.first + timedelta(days=365 * self.years + 2)


def simulate(world: World) -> dict[str, pd.DataFrame]:
    """The tables `shipments, parties, ownership, listings, truth` in canonical columns.

    `truth` tells each planted route and each decoy: its kind, its parties in order, its shipments hop by hop
    (hops set apart by `|`, shipments by `;`), its goods, and why; and of each lawful sale to a restricted
    party its last hop, with which every supply of the seller makes a route. A million shipments take
    some twenty seconds.
    """
    from diversion.simulate.build import build

    return build(world)


def write(world: World, folder: Path) -> dict[str, pd.DataFrame]:
    """Simulate, and write one CSV a table and a README that tells the world; gives the tables.

    The files are `shipments.csv` and so on, after the names of the tables.
    """
    from diversion.simulate.readme import tell

    tables = simulate(world)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    (folder / "README.md").write_text(tell(world, tables), encoding="utf-8", newline="\n")
    return tables

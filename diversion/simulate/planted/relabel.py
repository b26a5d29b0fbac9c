"""Goods change their name at the hub, within the same four-digit heading (Operation Gatekeeper, 2024)."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = (
    "Operation Gatekeeper: accelerators relabelled as adapter modules in a New Jersey "
    "warehouse, then Hong Kong and China"
)


def plant(stage: Stage) -> None:
    """Accelerator cards that become adapter modules, and bearings that become other bearings."""
    _accelerators(stage)
    _bearings(stage)


def _accelerators(stage: Stage) -> None:
    maker, warehouse, shell, lab = stage.cast(
        Actor(
            "Altiplano Compute Inc.",
            "US",
            "Austin TX",
            date(2009, 5, 18),
            "901 Innovation Drive, Austin TX",
            role=MAKER,
            goods=("847180", "847150", "847330"),
        ),
        Actor(
            "Passaic Overflow Storage LLC", "US", "Newark NJ", date(2014, 6, 2), "58 Harbor Road, Newark NJ"
        ),
        Actor(
            "Opal Causeway Technology Limited",
            "HK",
            "Kwun Tong",
            date(2023, 9, 12),
            "2201 Kwun Tong Road, Kwun Tong",
        ),
        Actor(
            "Chengdu Tianqiong Computing Laboratory",
            "CN",
            "Chengdu",
            date(2011, 11, 11),
            "120 Keji Road, Chengdu",
            kind="public body",
        ),
    )
    stage.lists(
        lab, "US BIS", "Entity List", date(2023, 10, 19), aliases=("Tianqiong Supercomputing Laboratory",)
    )
    legs = (
        Leg(maker, warehouse, "847180", "ACCELERATOR CARDS PCIE", end_use="own data centre"),
        Leg(warehouse, shell, "847190", "ADAPTER MODULES SANDOVAL"),
        Leg(shell, lab, "847190", "ADAPTER MODULES", markup=1.5),
    )
    stage.plant(
        "relabelled goods",
        CASE,
        legs,
        Plan(date(2024, 2, 5), 5, 36, 64, (6, 24), price=21000.0),
        (
            "A dormant storage firm buys accelerators, calls them adapter modules (847190 instead of "
            "847180), and they reach a listed laboratory."
        ),
    )


def _bearings(stage: Stage) -> None:
    maker, trader, plant_ = stage.cast(
        Actor(
            "Ekvall Bruk Lager AB",
            "SE",
            "Göteborg",
            date(1951, 1, 8),
            "Verkstadsvägen 40, Göteborg",
            role=MAKER,
            family="mechanical",
            goods=("848220", "848230", "848280"),
        ),
        Actor(
            "Burj Al Fanar Bearings FZCO",
            "AE",
            "Ras Al Khaimah",
            date(2021, 1, 18),
            "Airport Free Zone 66, Ras Al Khaimah",
            family="mechanical",
        ),
        Actor(
            "شرکت فولاد گردان سپاهان",
            "IR",
            "اصفهان",
            date(1989, 4, 4),
            "بلوار صنعت 27, اصفهان",
            family="mechanical",
        ),
    )
    stage.lists(
        plant_,
        "US OFAC",
        "SDN",
        date(2021, 9, 3),
        aliases=("Foolad Gardan Sepahan Co.", "Sepahan Rolling Steel"),
    )
    legs = (
        Leg(maker, trader, "848220", "TAPERED ROLLER BEARINGS", air=False),
        Leg(trader, plant_, "848230", "SPHERICAL ROLLER BEARINGS, TRACTOR SPARES", air=False),
    )
    stage.plant(
        "relabelled goods",
        CASE,
        legs,
        Plan(date(2022, 1, 17), 5, 49, 1500, (8, 25)),
        (
            "Tapered bearings (848220) leave Ras Al Khaimah as spherical ones (848230) for tractors, "
            "and reach a blocked steel works."
        ),
    )

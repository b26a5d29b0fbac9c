"""Avionics find another hub when the first is blocked (KanRus, 2022)."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = (
    "KanRus: avionics from Kansas, falsely for Germany or Armenia; new hubs after a detention"
    " in February 2022"
)


def plant(stage: Stage) -> None:
    """By way of Yerevan until a consignment is stopped, then by way of Bishkek."""
    maker, yerevan, bishkek, buyer = stage.cast(
        Actor(
            "Prairie Gyro Avionics LLC",
            "US",
            "Wichita KS",
            date(1985, 2, 11),
            "540 Commerce Way, Wichita KS",
            role=MAKER,
            family="aero",
            goods=("901420", "901480", "880730", "880720"),
        ),
        Actor(
            "Zangaro Aero CJSC",
            "AM",
            "Yerevan",
            date(2017, 3, 6),
            "Arshakunyats Avenue 19, Yerevan",
            family="aero",
        ),
        Actor(
            "ОсОО «Аккен Авиа Снаб»",
            "KG",
            "Бишкек",
            date(2022, 4, 11),
            "ул. Жибек Жолы 355, Бишкек",
            family="aero",
        ),
        Actor(
            "АО «Камский Авиаремонт»",
            "RU",
            "Казань",
            date(1996, 8, 8),
            "ул. Заводская 101, Казань",
            family="aero",
            identifier="ru-inn:1660127744",
        ),
    )
    stage.lists(
        buyer,
        "US BIS",
        "Denied Persons",
        date(2022, 6, 24),
        aliases=("Kamsky Aviaremont JSC", "Kama Aircraft Repair"),
    )
    stage.run(
        (Leg(maker, buyer, "901420", "ATTITUDE AND HEADING REFERENCE UNITS"),),
        Plan(date(2020, 3, 9), 8, 80, 4, (0, 0)),
    )
    legs = (
        Leg(maker, yerevan, "901420", "HEADING REFERENCE UNITS, REPAIRED"),
        Leg(yerevan, buyer, "901420", "AVIONICS AFTER REPAIR"),
    )
    stage.plant(
        "new hub after a block",
        CASE,
        legs,
        Plan(date(2022, 2, 25), 3, 21, 4, (3, 10)),
        (
            "Units that the Kazan repair works had bought directly go by way of Yerevan from the day "
            "after the controls."
        ),
    )
    legs = (
        Leg(maker, bishkek, "901420", "NAVIGATION UNITS FOR LIGHT AIRCRAFT"),
        Leg(bishkek, buyer, "901420", "AIRCRAFT SPARES"),
    )
    stage.plant(
        "new hub after a block",
        CASE,
        legs,
        Plan(date(2022, 5, 16), 6, 33, 5, (2, 13)),
        "Yerevan stops in April 2022; the Bishkek firm, five weeks old, takes its place.",
    )

"""A repackager in New England and consignees one after another on the Baltic (Serniya, 2022)."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = "Serniya / Sertal: US makers, repackagers in New Hampshire, Estonia, then over the border to Russia"


def plant(stage: Stage) -> None:
    """One chain of three hops, and a second by way of one more consignee."""
    maker, packer, tallinn, vilnius, plant_ = stage.cast(
        Actor(
            "Cascade Waveform Instruments Inc.",
            "US",
            "Portland OR",
            date(1979, 10, 30),
            "1175 Innovation Drive, Portland OR",
            role=MAKER,
            goods=("903020", "854320", "903090"),
        ),
        Actor("Nashua River Repack LLC", "US", "Nashua NH", date(2018, 1, 17), "27 Mill Street, Nashua NH"),
        Actor("OÜ Kivimere Ekspert", "EE", "Tallinn", date(2019, 6, 5), "Peterburi tee 71, Tallinn"),
        Actor(
            "UAB Nevuo Logistika", "LT", "Vilnius", date(2021, 12, 13), "Savanorių prospektas 204, Vilnius"
        ),
        Actor(
            "НПО «Онежский Луч»",
            "RU",
            "Санкт-Петербург",
            date(1998, 4, 14),
            "ул. Лесная 6, Санкт-Петербург",
            identifier="ru-inn:7802077390",
        ),
    )
    stage.lists(
        plant_,
        "US OFAC",
        "SDN",
        date(2022, 3, 31),
        aliases=("Onezhskiy Luch NPO", "Onega Ray Scientific Production Association"),
    )
    first = (
        Leg(maker, packer, "903020", "DIGITAL OSCILLOSCOPES"),
        Leg(packer, tallinn, "903020", "LABORATORY EQUIPMENT, USED"),
        Leg(tallinn, plant_, "903020", "MEASURING DEVICES", air=False),
    )
    stage.plant(
        "serial consignees",
        CASE,
        first,
        Plan(date(2022, 4, 20), 5, 43, 6, (4, 19)),
        "Invoices halve the value between Nashua and Tallinn; the goods cross the border within three weeks.",
    )
    second = (
        *first[:2],
        Leg(tallinn, vilnius, "903020", "MEASURING DEVICES", air=False),
        Leg(vilnius, plant_, "903020", "SCHOOL LABORATORY EQUIPMENT", air=False),
    )
    stage.plant(
        "serial consignees",
        CASE,
        second,
        Plan(date(2022, 11, 21), 4, 39, 5, (5, 20)),
        "After a stop at the border in October 2022 a consignee in Vilnius is put in between.",
    )

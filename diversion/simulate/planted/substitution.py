"""A new company takes over what a listed customer used to buy directly (Smart Impex and Azu, 2022)."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = (
    "Smart Impex / Azu: a firm registered in March 2022 ships a week later to the customer "
    "once served directly"
)


def plant(stage: Stage) -> None:
    """Three of them, in Türkiye, the Emirates and Kazakhstan."""
    _istanbul(stage)
    _dubai(stage)
    _almaty(stage)


def _istanbul(stage: Stage) -> None:
    maker, broker, customer = stage.cast(
        Actor(
            "Hallertau Datentechnik GmbH",
            "DE",
            "Nürnberg",
            date(1994, 5, 2),
            "Am Gewerbepark 118, Nürnberg",
            role=MAKER,
            goods=("854231", "847150", "847330"),
        ),
        Actor(
            "Karasu Bilişim Dış Tic. A.Ş.",
            "TR",
            "İstanbul",
            date(2022, 3, 9),
            "Perpa Ticaret Merkezi 2214, İstanbul",
        ),
        Actor(
            "ООО «Тверской Модуль»",
            "RU",
            "Москва",
            date(2006, 10, 3),
            "ул. Электронная 17, Москва",
            identifier="ru-inn:7743318206",
        ),
    )
    stage.lists(
        customer,
        "US BIS",
        "Entity List",
        date(2022, 6, 2),
        aliases=("Tverskoy Modul LLC", "OOO Tverskoi Modul"),
    )
    stage.run(
        (Leg(maker, customer, "854231", "MICROCONTROLLERS FOR INDUSTRIAL CONTROL"),),
        Plan(date(2020, 2, 11), 13, 56, 5200, (0, 0)),
    )
    legs = (
        Leg(maker, broker, "854231", "MICROCONTROLLERS FOR INDUSTRIAL CONTROL"),
        Leg(broker, customer, "854231", "MICROCONTROLLERS FOR VENDING MACHINES"),
    )
    plan = Plan(date(2022, 3, 16), 7, 30, 5000, (3, 12))
    stage.plant(
        "customer taken over",
        CASE,
        legs,
        plan,
        (
            "Karasu was registered on 9 Mar 2022 and received its first consignment a week later, of "
            "what Тверской Модуль had bought from Hallertau directly until December 2021."
        ),
    )


def _dubai(stage: Stage) -> None:
    maker, broker, customer = stage.cast(
        Actor(
            "Severn Lattice Ltd",
            "GB",
            "Reading",
            date(1988, 9, 14),
            "64 Foundry Lane, Reading",
            role=MAKER,
            goods=("851762", "852910", "851712"),
        ),
        Actor(
            "Qasr Al Nada Computers FZE", "AE", "Dubai", date(2022, 4, 4), "Jebel Ali Free Zone 907, Dubai"
        ),
        Actor(
            "АО «Ладога-Связь»",
            "RU",
            "Санкт-Петербург",
            date(1999, 1, 20),
            "наб. Речная 41, Санкт-Петербург",
            identifier="ru-inn:7810446571",
        ),
    )
    stage.lists(
        customer, "US OFAC", "SDN", date(2022, 8, 18), aliases=("Ladoga-Svyaz JSC", "Ladoga Communications")
    )
    stage.run(
        (Leg(maker, customer, "851762", "NETWORK SWITCHES"),), Plan(date(2020, 4, 7), 10, 64, 140, (0, 0))
    )
    legs = (
        Leg(maker, broker, "851762", "NETWORK SWITCHES"),
        Leg(broker, customer, "851762", "OFFICE NETWORK EQUIPMENT"),
    )
    plan = Plan(date(2022, 5, 12), 6, 41, 135, (4, 17))
    stage.plant(
        "customer taken over",
        CASE,
        legs,
        plan,
        (
            "Ladoga-Svyaz, a customer of Severn Lattice until November 2021, was listed on 18 Aug "
            "2022; the Dubai free-zone firm founded in April 2022 had no other supplier."
        ),
    )


def _almaty(stage: Stage) -> None:
    maker, broker, customer = stage.cast(
        Actor(
            "Odrawit Łożyska Sp. z o.o.",
            "PL",
            "Wrocław",
            date(1997, 3, 3),
            "ul. Fabryczna 88, Wrocław",
            role=MAKER,
            family="mechanical",
            goods=("848210", "848220", "848280"),
        ),
        Actor(
            "ТОО «Тасжол Сауда»",
            "KZ",
            "Алматы",
            date(2022, 9, 19),
            "ул. Складская 12, Алматы",
            family="mechanical",
        ),
        Actor(
            "ОАО «Гомельпривод»",
            "BY",
            "Гомель",
            date(1993, 6, 1),
            "ул. Заводская 3, Гомель",
            family="mechanical",
        ),
    )
    stage.lists(customer, "EU", "EU", date(2023, 8, 3), aliases=("Gomelprivod OJSC",), effect="blocking")
    stage.run(
        (Leg(maker, customer, "848210", "BALL BEARINGS", air=False),),
        Plan(date(2020, 1, 21), 11, 62, 4200, (0, 0)),
    )
    legs = (
        Leg(maker, broker, "848210", "BALL BEARINGS FOR FARM MACHINERY", air=False),
        Leg(broker, customer, "848210", "BALL BEARINGS", air=False),
    )
    plan = Plan(date(2022, 10, 24), 6, 37, 4000, (5, 21))
    stage.plant(
        "customer taken over",
        CASE,
        legs,
        plan,
        (
            "The Gomel plant bought from Wrocław until October 2021; a year later the same bearings "
            "go by way of a five-week-old company in Almaty."
        ),
    )

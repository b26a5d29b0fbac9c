"""A shell at home buys from the makers and sends through many hubs at once (Goltsev, 2022-2023)."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = "Goltsev: Brooklyn shells buy from US makers for a Russian defence buyer, by way of TR, HK, IN and AE"
HUBS = (
    ("Sarıtay Elektronik San. ve Tic. Ltd. Şti.", "TR", "Mersin", "Liman Yolu 77, Mersin", date(2021, 11, 8)),
    ("Kohinoor Axis Components Pvt. Ltd.", "IN", "Noida", "410 Sector 63, Noida", date(2022, 6, 20)),
    ("Lantern Peak Trading Limited", "HK", "Wan Chai", "1503 Kwun Tong Road, Wan Chai", date(2022, 2, 28)),
    (
        "Wadi Rashid General Trading LLC",
        "AE",
        "Sharjah",
        "Al Quoz Industrial 311, Sharjah",
        date(2020, 10, 1),
    ),
)


def plant(stage: Stage) -> None:
    """Four hubs in parallel behind one shell."""
    maker, shell, buyer = stage.cast(
        Actor(
            "Tamarack Logic Corp.",
            "US",
            "San Jose CA",
            date(1991, 4, 22),
            "2800 Technology Parkway, San Jose CA",
            role=MAKER,
            goods=("854239", "854233", "854290"),
        ),
        Actor(
            "Greenpoint Hobby Supply LLC",
            "US",
            "Brooklyn NY",
            date(2022, 4, 27),
            "412 Mill Street, Brooklyn NY",
        ),
        Actor(
            "АО «Сатурн-Контур»",
            "RU",
            "Саратов",
            date(2001, 7, 9),
            "ул. Промышленная 90, Саратов",
            identifier="ru-inn:6450091183",
        ),
    )
    stage.lists(
        buyer,
        "US BIS",
        "Military End User",
        date(2022, 3, 3),
        aliases=("Saturn-Kontur JSC", "AO Saturn Kontur"),
    )
    for number, (name, country, city, address, since) in enumerate(HUBS):
        hub = stage.actor(Actor(name, country, city, since, address))
        legs = (
            Leg(maker, shell, "854239", "INTERFACE TRANSCEIVER ICS", end_use="model building"),
            Leg(shell, hub, "854239", "ELECTRONIC PARTS FOR HOBBY KITS"),
            Leg(hub, buyer, "854239", "ELECTRONIC PARTS", markup=1.4),
        )
        plan = Plan(date(2022, 7 + number, 5 + 4 * number), 3, 58, 6400, (3, 14))
        stage.plant(
            "parallel hubs",
            CASE,
            legs,
            plan,
            (
                f"Greenpoint Hobby Supply, ten weeks old, buys for model builders; {name} sends the parts "
                "on to Saratov."
            ),
        )

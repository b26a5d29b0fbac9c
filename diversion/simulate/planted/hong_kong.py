"""Shells in Hong Kong, side by side, with a civil end use on paper (Marchenko, 2022-2023)."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = (
    "Marchenko (plea): OLED micro-displays of a New York maker to Hong Kong shells, said to "
    "be for medical use, then to Russia"
)
SHELLS = (
    (
        "Amber Quay Optics Limited",
        date(2022, 3, 30),
        "712 Hoi Yuen Road, Kwun Tong",
        "Kwun Tong",
        date(2022, 5, 17),
    ),
    (
        "Neelum Vision Co., Limited",
        date(2022, 5, 11),
        "58 Wang Chiu Road, Kowloon Bay",
        "Kowloon Bay",
        date(2022, 8, 2),
    ),
    (
        "Grand Sable Medical Imaging Limited",
        date(2022, 7, 25),
        "9 Castle Peak Road, Tsuen Wan",
        "Tsuen Wan",
        date(2022, 10, 4),
    ),
)


def plant(stage: Stage) -> None:
    """One maker, three shells, one buyer."""
    maker, buyer = stage.cast(
        Actor(
            "Pellucid Micro-Displays Inc.",
            "US",
            "Brooklyn NY",
            date(2003, 8, 12),
            "33 Harbor Road, Brooklyn NY",
            role=MAKER,
            family="aero",
            goods=("852990", "901380"),
        ),
        Actor(
            "ООО «Зоркий Вектор»",
            "RU",
            "Москва",
            date(2015, 2, 26),
            "пр. Мира 208, Москва",
            family="aero",
            identifier="ru-inn:9718004417",
        ),
    )
    stage.lists(buyer, "US BIS", "Entity List", date(2023, 2, 24), aliases=("Zorkiy Vektor OOO",))
    for name, since, address, city, start in SHELLS:
        shell = stage.actor(Actor(name, "HK", city, since, address, family="aero"))
        legs = (
            Leg(
                maker, shell, "852990", "OLED MICRO-DISPLAYS FOR MICROSCOPES", end_use="hospital microscopes"
            ),
            Leg(shell, buyer, "852990", "DISPLAY PARTS", markup=1.3),
        )
        note = (
            f"{name}, founded on {since}, buys micro-displays for medical use, as it says, and sends "
            "them to Moscow within days."
        )
        stage.plant("parallel shells", CASE, legs, Plan(start, 4, 47, 420, (2, 9), price=310.0), note)

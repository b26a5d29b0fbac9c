"""Many hands: four and five hops, and consignments that are split on the way."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = (
    "DPRK limousines (serial consignees) and synthetic: long chains with splitting below what"
    " anybody looks at"
)


def plant(stage: Stage) -> None:
    """Five hops from Yokohama to Izhevsk, four from Dresden to Zelenograd."""
    _five(stage)
    _four(stage)


def _five(stage: Stage) -> None:
    cast = stage.cast(
        Actor(
            "Fuyōmine Semiconductor K.K.",
            "JP",
            "横浜市",
            date(1974, 4, 1),
            "港区 12, 横浜市",
            role=MAKER,
            goods=("854232", "854231", "854141"),
        ),
        Actor(
            "Jurong Lumen Distribution Ltd",
            "SG",
            "Jurong East",
            date(2011, 3, 3),
            "90 Technology Parkway, Jurong East",
        ),
        Actor(
            "Seri Gema Niaga Sdn. Bhd.",
            "MY",
            "Pulau Pinang",
            date(2015, 8, 24),
            "21 Jalan Perusahaan, Pulau Pinang",
        ),
        Actor("Noor Al Wazn Trading FZE", "AE", "Dubai", date(2021, 10, 18), "Airport Free Zone 131, Dubai"),
        Actor("ОсОО «Сарыдала Импорт»", "KG", "Ош", date(2022, 5, 30), "пр. Абая 64, Ош"),
        Actor(
            "АО «Ижевский Вектор»",
            "RU",
            "Ижевск",
            date(1992, 12, 21),
            "ул. Промышленная 1, Ижевск",
            identifier="ru-inn:1831200456",
        ),
    )
    stage.lists(cast[-1], "US BIS", "Entity List", date(2022, 4, 7), aliases=("Izhevskiy Vektor JSC",))
    legs = tuple(Leg(a, b, "854232", "NOR FLASH MEMORY ICS") for a, b in pairwise(cast))
    stage.plant(
        "long chain, split",
        CASE,
        legs,
        Plan(date(2022, 8, 15), 2, 75, 24000, (4, 21), split=(2, 1, 2)),
        (
            "Two consignments of 24,000 become four in Singapore and eight in Dubai; only the last two "
            "hands are young."
        ),
    )


def _four(stage: Stage) -> None:
    cast = stage.cast(
        Actor(
            "Erlenbach Halbleiter GmbH",
            "DE",
            "Dresden",
            date(1995, 9, 1),
            "Werkstraße 210, Dresden",
            role=MAKER,
            goods=("854129", "854159", "854290"),
        ),
        Actor("Havířov Lumen Distribuce s.r.o.", "CZ", "Brno", date(2007, 5, 15), "Tovární 48, Brno"),
        Actor("Moraluk Promet d.o.o.", "RS", "Novi Sad", date(2020, 8, 4), "Industrijska zona 9, Novi Sad"),
        Actor(
            "Korova Makina Ltd. Şti.", "TR", "Bursa", date(2022, 3, 21), "Organize Sanayi Bölgesi 415, Bursa"
        ),
        Actor(
            "НИИ «Полярный Контур»",
            "RU",
            "Зеленоград",
            date(1965, 1, 1),
            "ул. Электронная 4, Зеленоград",
            kind="public body",
            identifier="ru-inn:7735011980",
        ),
    )
    stage.lists(
        cast[-1],
        "US BIS",
        "Entity List",
        date(2021, 7, 19),
        aliases=("Polyarny Kontur Research Institute", "NII Polyarnyi Kontur"),
    )
    legs = tuple(Leg(a, b, "854129", "IGBT TRANSISTORS") for a, b in pairwise(cast))
    stage.plant(
        "long chain, split",
        CASE,
        legs,
        Plan(date(2022, 6, 14), 3, 66, 9000, (5, 24), split=(2, 1, 2)),
        "Brno and Bursa split what they receive; the Serbian and the Turkish firm have no other suppliers.",
    )

"""Goods arrive at one company and leave from its sister, or from its neighbour behind the same door."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = "FIN-2022-Alert003 and 2023-Alert004: shared owners and shared addresses; a synthetic case"


def plant(stage: Stage) -> None:
    """A jump by owner in Georgia, a jump by address in Kazakhstan."""
    _owner(stage)
    _address(stage)


def _owner(stage: Stage) -> None:
    maker, receiver, sender, owner, buyer = stage.cast(
        Actor(
            "Lautertal Regeltechnik GmbH",
            "DE",
            "Jena",
            date(1990, 10, 3),
            "Werkstraße 61, Jena",
            role=MAKER,
            goods=("854110", "854130", "850440"),
        ),
        Actor("Riani Import LLC", "GE", "Tbilisi", date(2020, 3, 12), "Kakheti Highway 112, Tbilisi"),
        Actor("Poti Gate Forward Trade LLC", "GE", "Poti", date(2022, 7, 18), "Agmashenebeli Avenue 4, Poti"),
        Actor("Нугзар Имеришвили", "GE", "Tbilisi", None, "Agmashenebeli Avenue 90, Tbilisi", kind="person"),
        Actor(
            "ООО «Донпривод Сервис»",
            "RU",
            "Саратов",
            date(2009, 5, 27),
            "ул. Заводская 55, Саратов",
            identifier="ru-inn:6454038112",
        ),
    )
    stage.own(owner, receiver, 75.0, since=date(2020, 3, 12))
    stage.own(owner, sender, 100.0, since=date(2022, 7, 18))
    legs = (
        Leg(maker, receiver, "854130", "THYRISTORS FOR WELDING MACHINES"),
        Leg(sender, buyer, "854130", "THYRISTORS", air=False),
    )
    stage.plant(
        "same owner",
        CASE,
        legs,
        Plan(date(2022, 9, 13), 5, 44, 5200, (6, 28)),
        "What Riani receives in Tbilisi leaves from Poti Gate, which the same man owns.",
    )


def _address(stage: Stage) -> None:
    door = "ул. Толе би 291, Алматы"
    maker, receiver, sender, buyer = stage.cast(
        Actor(
            "Twentekamp Meetsystemen B.V.",
            "NL",
            "Eindhoven",
            date(2002, 1, 14),
            "Hightechlaan 36, Eindhoven",
            role=MAKER,
            goods=("903039", "903032", "903090"),
        ),
        Actor("ТОО «Кенжо Метрология»", "KZ", "Алматы", date(2016, 6, 6), door),
        Actor("ТОО «Улытау Прайм Логистик»", "KZ", "Алматы", date(2022, 11, 1), door),
        Actor(
            "РУП «Витебский Эталон»",
            "BY",
            "Витебск",
            date(1994, 2, 2),
            "ул. Лесная 12, Витебск",
            kind="public body",
        ),
    )
    stage.lists(
        buyer,
        "UK",
        "UK",
        date(2023, 5, 19),
        aliases=("Vitebskiy Etalon RUE", "Vitebsk Standard"),
        effect="blocking",
    )
    legs = (
        Leg(maker, receiver, "903039", "RECORDING VOLTMETERS"),
        Leg(sender, buyer, "903039", "MEASURING DEVICES", air=False),
    )
    stage.plant(
        "same address",
        CASE,
        legs,
        Plan(date(2023, 1, 17), 4, 51, 12, (5, 25)),
        (
            "Both companies sit behind the same door in Almaty; the second was founded six weeks "
            "before it first sent anything."
        ),
    )

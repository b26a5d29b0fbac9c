"""The end user stands on no list; listed parties own half of it or more through holdings."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage

CASE = "OFAC FAQ 399 and 401: owned 50 per cent or more, in the aggregate and down the chain"


def plant(stage: Stage) -> None:
    """Two stakes that together pass the half, and a chain of halves."""
    _aggregate(stage)
    _cascade(stage)


def _aggregate(stage: Stage) -> None:
    maker, dealer, user, holding, person = stage.cast(
        Actor(
            "誠和電装株式会社",
            "JP",
            "浜松市",
            date(1968, 4, 1),
            "工業団地 55, 浜松市",
            role=MAKER,
            goods=("850440", "854129", "854141"),
        ),
        Actor("Ubi Meridian Components Ltd", "SG", "Ubi", date(2008, 2, 19), "17 Technology Parkway, Ubi"),
        Actor(
            "Al Dhafra Drive Systems LLC", "AE", "Dubai", date(2019, 9, 23), "Al Quoz Industrial 540, Dubai"
        ),
        Actor(
            "Печорский Резерв Холдинг АО",
            "RU",
            "Москва",
            date(2004, 3, 1),
            "наб. Речная 8, Москва",
            identifier="ru-inn:7701552890",
        ),
        Actor("Родион Велижанин", "RU", "Москва", None, "пр. Мира 15, Москва", kind="person"),
    )
    stage.lists(holding, "US OFAC", "SDN", date(2022, 5, 8), aliases=("Pechora Reserve Holding JSC",))
    stage.lists(person, "US OFAC", "SDN", date(2022, 5, 8), aliases=("Rodion Velizhanin",))
    stage.own(holding, user, 33.0, since=date(2020, 1, 1))
    stage.own(person, user, (25.0, 30.0), since=date(2021, 6, 1))
    legs = (
        Leg(maker, dealer, "854129", "POWER MOSFETS"),
        Leg(dealer, user, "854129", "POWER TRANSISTORS FOR LIFT DRIVES"),
    )
    stage.plant(
        "owned through holdings",
        CASE,
        legs,
        Plan(date(2022, 9, 6), 6, 52, 11000, (6, 30)),
        (
            "Al Dhafra is on no list: 33 % are held by a blocked holding and 25 to 30 % by a blocked "
            "person, 58 % at least together."
        ),
    )


def _cascade(stage: Stage) -> None:
    maker, dealer, user, top, middle, low = stage.cast(
        Actor(
            "Roncal Fotónica S.A.",
            "ES",
            "Zaragoza",
            date(1999, 12, 2),
            "Polígono Norte 31, Zaragoza",
            role=MAKER,
            family="aero",
            goods=("901380", "854149", "901390"),
        ),
        Actor(
            "Tanbey Optik Dış Tic. A.Ş.",
            "TR",
            "İzmir",
            date(2012, 7, 16),
            "Atatürk Caddesi 190, İzmir",
            family="aero",
        ),
        Actor(
            "Suzhou Hengtu Imaging Co., Ltd.",
            "CN",
            "Suzhou",
            date(2016, 10, 10),
            "88 Binhai Road, Suzhou",
            family="aero",
        ),
        Actor(
            "АО «Алтай Оптоинвест»",
            "RU",
            "Новосибирск",
            date(2000, 9, 5),
            "ул. Лесная 77, Новосибирск",
            family="aero",
            identifier="ru-inn:5405210067",
        ),
        Actor(
            "Limni Kallisto Holdings Ltd", "CY", "Λεμεσός", date(2013, 4, 30), "Λεωφόρος Λιμένος 21, Λεμεσός"
        ),
        Actor(
            "Silver Junk Investments Limited",
            "HK",
            "Wan Chai",
            date(2014, 3, 14),
            "610 Hoi Yuen Road, Wan Chai",
        ),
    )
    stage.lists(
        top, "US OFAC", "SDN", date(2022, 6, 28), aliases=("Altai Optoinvest JSC", "Altay Optoinvest")
    )
    stage.own(top, middle, 62.5, since=date(2014, 1, 1))
    stage.own(middle, low, (50.0, 75.0), since=date(2016, 1, 1))
    stage.own(low, user, 51.0, since=date(2018, 5, 1))
    legs = (
        Leg(maker, dealer, "901380", "OPTICAL DEVICES, N.E.S."),
        Leg(dealer, user, "901380", "OPTICAL ASSEMBLIES FOR METROLOGY"),
    )
    stage.plant(
        "owned through holdings",
        CASE,
        legs,
        Plan(date(2022, 10, 11), 5, 63, 130, (5, 26)),
        (
            "Three majority holdings in a row lead from a blocked Novosibirsk company by Cyprus and "
            "Hong Kong to the buyer in Suzhou; multiplied they make 16 to 24 %, which is not how the "
            "rule counts."
        ),
    )

"""Fronts: the papers name the end user, or a cut-out in the Union stands between, or machines go east."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage


def plant(stage: Stage) -> None:
    """A listed plant as declared end user, a Bulgarian cut-out, machine tools for Pyongyang."""
    _end_user(stage)
    _cut_out(stage)
    _machines(stage)


def _end_user(stage: Stage) -> None:
    maker, links, importer, plant_ = stage.cast(
        Actor(
            "Wexalcore Navigation Ltd",
            "GB",
            "Southampton",
            date(2004, 10, 12),
            "18 Harbor Road, Southampton",
            role=MAKER,
            goods=("852691", "852910", "851712"),
        ),
        Actor(
            "Coral Bridge Links Limited", "HK", "Wan Chai", date(2018, 12, 3), "77 Hoi Yuen Road, Wan Chai"
        ),
        Actor(
            "Harbin-Amur Instruments Trading Co., Ltd.",
            "CN",
            "Dalian",
            date(2021, 5, 25),
            "301 Gongye Avenue, Dalian",
        ),
        Actor(
            "АО «Звёздный Технический Центр»",
            "RU",
            "Санкт-Петербург",
            date(2001, 6, 18),
            "наб. Речная 33, Санкт-Петербург",
            identifier="ru-inn:7814098215",
        ),
    )
    stage.lists(
        plant_,
        "US BIS",
        "Entity List",
        date(2022, 3, 9),
        aliases=("Zvyozdny Technical Centre", "Star Technical Centre JSC"),
    )
    legs = (
        Leg(maker, links, "852691", "GNSS RECEIVER MODULES", end_use="survey drones"),
        Leg(links, importer, "852691", "GNSS RECEIVER MODULES", end_user=plant_),
    )
    case = "Orlan-10: importers front for a listed plant"
    stage.plant(
        "declared end user",
        case,
        legs,
        Plan(date(2022, 7, 20), 5, 48, 260, (3, 15)),
        (
            "The goods never cross the Russian border in these records: the consignee in Dalian is "
            "free, the end user named beside it is listed."
        ),
    )


def _cut_out(stage: Stage) -> None:
    maker, cutout, buyer = stage.cast(
        Actor(
            "Brazos Hardened Memory LLC",
            "US",
            "Austin TX",
            date(2000, 3, 20),
            "415 Commerce Way, Austin TX",
            role=MAKER,
            goods=("854232", "854239", "854290"),
        ),
        Actor("ЕООД «Струна Импекс»", "BG", "София", date(2021, 12, 6), "бул. Цариградско шосе 140, София"),
        Actor(
            "ООО «Таёжный Сервис»",
            "RU",
            "Москва",
            date(2014, 9, 9),
            "ул. Электронная 60, Москва",
            identifier="ru-inn:7725830174",
        ),
    )
    legs = (
        Leg(maker, cutout, "854232", "SRAM MEMORY DEVICES", end_use="railway signalling"),
        Leg(cutout, buyer, "854232", "MEMORY MODULES", markup=1.5),
    )
    case = "Sabirov / SST: radiation-hardened memory from Texas to a cut-out in Bulgaria, then to Moscow"
    stage.plant(
        "cut-out in the Union",
        case,
        legs,
        Plan(date(2022, 4, 12), 5, 53, 900, (3, 16), price=240.0),
        (
            "The buyer stands on no list; since 24 Feb 2022 the destination alone needs a licence for"
            " these goods."
        ),
    )


def _machines(stage: Stage) -> None:
    maker, dalian, sinuiju = stage.cast(
        Actor(
            "吉洋機械製作所株式会社",
            "JP",
            "名古屋市",
            date(1958, 4, 1),
            "工業団地 7, 名古屋市",
            role=MAKER,
            family="mechanical",
            goods=("845710", "845811", "846693"),
        ),
        Actor(
            "Dalian Runhai Machine Tool Trading Co., Ltd.",
            "CN",
            "Dalian",
            date(2019, 3, 28),
            "15 Binhai Road, Dalian",
            family="mechanical",
        ),
        Actor(
            "Ragwon Paekho Machinery Corporation",
            "KP",
            "Sinuiju",
            None,
            "Ragwon Street 2, Sinuiju",
            family="mechanical",
        ),
    )
    stage.lists(sinuiju, "US OFAC", "SDN", date(2018, 1, 24), aliases=("Paekho Machine Trading",))
    legs = (
        Leg(maker, dalian, "845811", "CNC HORIZONTAL LATHES", air=False),
        Leg(dalian, sinuiju, "845811", "WOODWORKING MACHINES, USED", air=False),
    )
    case = "DPRK limousines: Osaka, Dalian, and on; here with machine tools"
    stage.plant(
        "serial consignees",
        case,
        legs,
        Plan(date(2021, 3, 15), 4, 120, 2, (9, 30)),
        "Four pairs of lathes, each sent on from Dalian within a month.",
    )

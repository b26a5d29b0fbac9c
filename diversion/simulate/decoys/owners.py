"""Looks like a route, but the stakes do not reach the half, or had been sold."""

from __future__ import annotations

from datetime import date, timedelta

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.decoys.timing import steady
from diversion.simulate.stage import Leg, Stage


def plant(stage: Stage) -> None:
    """49 %, a stake sold before, and a sister of whom the common owner holds 45 %."""
    _minority(stage)
    _sold(stage)
    _sister(stage)


def _minority(stage: Stage) -> None:
    maker, hub, user, blocked, partner = stage.cast(
        Actor(
            "Ferlotronica S.p.A.",
            "IT",
            "Catania",
            date(1986, 2, 3),
            "viale Europa 140, Catania",
            role=MAKER,
            goods=("854239", "854233", "854290"),
        ),
        Actor(
            "Nicosia Halcyon Trade Ltd", "CY", "Λευκωσία", date(2009, 1, 12), "οδός Βιομηχανίας 8, Λευκωσία"
        ),
        Actor("Aktau Meter Works LLP", "KZ", "Актау", date(2012, 5, 5), "ул. Складская 70, Актау"),
        Actor(
            "АО «Уралтес Инвест»",
            "RU",
            "Москва",
            date(2003, 10, 10),
            "пр. Мира 301, Москва",
            identifier="ru-inn:7708229915",
        ),
        Actor("Мангыстау Капитал АО", "KZ", "Актау", date(2001, 6, 1), "пр. Абая 5, Актау"),
    )
    stage.lists(blocked, "US OFAC", "SDN", date(2022, 4, 20), aliases=("Uraltes Invest JSC",))
    stage.own(blocked, user, 49.0, since=date(2013, 1, 1))
    stage.own(partner, user, 51.0, since=date(2013, 1, 1))
    legs = (
        Leg(maker, hub, "854239", "POWER MANAGEMENT ICS"),
        Leg(hub, user, "854239", "ICS FOR ELECTRICITY METERS"),
    )
    note = (
        "The blocked Uraltes Invest holds 49 %, a free partner 51 %: below the half, the meter "
        "works are not blocked."
    )
    stage.tell("decoy", "49 per cent stake", legs, stage.run(legs, steady(date(2022, 8, 22))), note=note)


def _sold(stage: Stage) -> None:
    maker, hub, user, blocked, buyer = stage.cast(
        Actor(
            "Väs Granlund Halvor Elektronik AB",
            "SE",
            "Västerås",
            date(1977, 1, 1),
            "Verkstadsvägen 9, Västerås",
            role=MAKER,
            goods=("850440", "850431", "854130"),
        ),
        Actor("Gdynia Marrex Sp. z o.o.", "PL", "Gdańsk", date(2006, 6, 26), "ul. Portowa 33, Gdańsk"),
        Actor(
            "Minaretek Lift Servis MChJ",
            "UZ",
            "Samarqand",
            date(2014, 4, 14),
            "Amir Temur ko'chasi 19, Samarqand",
        ),
        Actor(
            "ПАО «Байкаров Маш»",
            "RU",
            "Новосибирск",
            date(1994, 9, 9),
            "ул. Заводская 300, Новосибирск",
            identifier="ru-inn:5402117736",
        ),
        Actor("Zarafshan Invest AJ", "UZ", "Toshkent", date(2010, 10, 5), "Amir Temur ko'chasi 88, Toshkent"),
    )
    stage.lists(blocked, "US OFAC", "SDN", date(2022, 5, 19), aliases=("Baykarov Mash PJSC",))
    stage.own(blocked, user, 60.0, since=date(2015, 1, 1), until=date(2022, 3, 15))
    stage.own(buyer, user, 60.0, since=date(2022, 3, 15))
    legs = (Leg(maker, hub, "850440", "STATIC CONVERTERS"), Leg(hub, user, "850440", "CONVERTERS FOR LIFTS"))
    note = (
        "Байкаров Маш sold its 60 % on 15 Mar 2022, before it was blocked and before the first consignment."
    )
    stage.tell(
        "decoy", "stake sold before", legs, stage.run(legs, steady(date(2022, 9, 19), 4, 120)), note=note
    )


def _sister(stage: Stage) -> None:
    maker, receiver, sender, owner, listed = stage.cast(
        Actor(
            "三昭計測株式会社",
            "JP",
            "京都市",
            date(1970, 4, 1),
            "中央通り 66, 京都市",
            role=MAKER,
            goods=("903032", "903020", "903090"),
        ),
        Actor(
            "Hải Quang Phong Instruments JSC",
            "VN",
            "Hải Phòng",
            date(2015, 9, 1),
            "Khu công nghiệp Đình Vũ 14, Hải Phòng",
        ),
        Actor(
            "Bắc Long Tín Trading Co., Ltd",
            "VN",
            "Bắc Ninh",
            date(2018, 2, 2),
            "Đường Trần Hưng Đạo 250, Bắc Ninh",
        ),
        Actor(
            "Lộc Phát Capital JSC", "VN", "Hải Phòng", date(2009, 1, 1), "Đường Trần Hưng Đạo 8, Hải Phòng"
        ),
        Actor(
            "Chengdu Qijieba Ordnance Research Institute",
            "CN",
            "Chengdu",
            date(1985, 1, 1),
            "3 Keji Road, Chengdu",
            kind="public body",
        ),
    )
    stage.lists(listed, "US BIS", "Entity List", date(2018, 8, 1))
    stage.own(owner, receiver, 80.0, since=date(2015, 9, 1))
    stage.own(owner, sender, 45.0, since=date(2018, 2, 2))
    into = Leg(maker, receiver, "903032", "MULTIMETERS WITH RECORDING DEVICE")
    out = Leg(sender, listed, "903090", "PARTS OF MEASURING INSTRUMENTS")
    came = tuple(stage.ship(into, date(2023, 2, 13) + timedelta(days=40 * k), 40) for k in range(3))
    gone = tuple(stage.ship(out, date(2023, 3, 20) + timedelta(days=40 * k), 60) for k in range(3))
    note = (
        "Lộc Phát holds 80 % of the receiver but 45 % of the sender: below the half, the two do "
        "not stand in for one another."
    )
    stage.tell("decoy", "sister below the half", (into, out), (came, gone), note=note)

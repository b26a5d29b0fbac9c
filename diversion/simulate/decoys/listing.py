"""Looks like a route, but the party at its end was not restricted on those days."""

from __future__ import annotations

from datetime import date

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.decoys.timing import steady
from diversion.simulate.stage import Leg, Stage


def plant(stage: Stage) -> None:
    """Bought before the listing, listed no longer, only unverified, and a namesake."""
    _before(stage)
    _removed(stage)
    _unverified(stage)
    _namesake(stage)


def _before(stage: Stage) -> None:
    maker, hub, buyer = stage.cast(
        Actor(
            "Tannenmoos Wenzel Halbleiter GmbH",
            "AT",
            "Villach",
            date(1998, 7, 1),
            "Werkstraße 5, Villach",
            role=MAKER,
            goods=("854121", "854129", "854141"),
        ),
        Actor(
            "Sun Lok Bridge Components Limited",
            "HK",
            "Kowloon Bay",
            date(2012, 2, 20),
            "18 Wang Chiu Road, Kowloon Bay",
        ),
        Actor(
            "Shanghai Boweiyuan Avionics Co., Ltd.",
            "CN",
            "Shanghai",
            date(2005, 5, 5),
            "600 Innovation Road, Shanghai",
        ),
    )
    stage.lists(buyer, "US BIS", "Entity List", date(2023, 6, 14))
    legs = (
        Leg(maker, hub, "854129", "RF POWER TRANSISTORS"),
        Leg(hub, buyer, "854129", "RF POWER TRANSISTORS"),
    )
    note = "The last consignment left in the autumn of 2022; Boweiyuan was listed on 14 Jun 2023."
    stage.tell(
        "decoy", "bought before the listing", legs, stage.run(legs, steady(date(2022, 4, 11))), note=note
    )


def _removed(stage: Stage) -> None:
    maker, hub, buyer = stage.cast(
        Actor(
            "한림정밀반도체 주식회사",
            "KR",
            "수원시",
            date(1999, 9, 9),
            "테크노로 81, 수원시",
            role=MAKER,
            goods=("854232", "854239", "854290"),
        ),
        Actor(
            "Shah Alam Perdana Supply Sdn. Bhd.",
            "MY",
            "Shah Alam",
            date(2013, 10, 1),
            "300 Jalan Perusahaan, Shah Alam",
        ),
        Actor(
            "Suzhou Taihuisen Photovoltaics Co., Ltd.",
            "CN",
            "Suzhou",
            date(2009, 3, 3),
            "31 Keji Road, Suzhou",
        ),
    )
    stage.lists(buyer, "US BIS", "Entity List", date(2019, 4, 11), removed_on=date(2022, 12, 21))
    legs = (
        Leg(maker, hub, "854232", "DRAM MEMORY CHIPS DDR4"),
        Leg(hub, buyer, "854232", "DRAM MEMORY CHIPS DDR4"),
    )
    note = "Taihuisen was taken off the list on 21 Dec 2022; the first consignment left in 2023."
    stage.tell("decoy", "listing removed before", legs, stage.run(legs, steady(date(2023, 3, 6))), note=note)


def _unverified(stage: Stage) -> None:
    maker, hub, buyer = stage.cast(
        Actor(
            "Norimcrest Photonics Inc.",
            "US",
            "Tucson AZ",
            date(2004, 4, 4),
            "155 Technology Parkway, Tucson AZ",
            role=MAKER,
            family="aero",
            goods=("901380", "901310", "901390"),
        ),
        Actor(
            "Boztaş Optik Ltd. Şti.",
            "TR",
            "İstanbul",
            date(2008, 8, 8),
            "Perpa Ticaret Merkezi 77, İstanbul",
            family="aero",
        ),
        Actor(
            "Toshvil Optika MChJ",
            "UZ",
            "Toshkent",
            date(2016, 1, 11),
            "Sanoat ko'chasi 40, Toshkent",
            family="aero",
        ),
    )
    stage.lists(buyer, "US BIS", "Unverified List", date(2022, 2, 8))
    legs = (
        Leg(maker, hub, "901380", "OPTICAL DEVICES, N.E.S."),
        Leg(hub, buyer, "901380", "OPTICAL DEVICES, N.E.S."),
    )
    note = (
        "Toshvil stands on the Unverified List alone: a statement is asked for, nothing is "
        "forbidden, and no route ends there."
    )
    stage.tell(
        "decoy", "unverified list only", legs, stage.run(legs, steady(date(2022, 9, 5), 4, 90)), note=note
    )


def _namesake(stage: Stage) -> None:
    maker, hub, free, listed = stage.cast(
        Actor(
            "Montanel Capteurs SA",
            "BE",
            "Liège",
            date(1987, 7, 7),
            "12 boulevard de la Gare, Liège",
            role=MAKER,
            goods=("854151", "854160", "854141"),
        ),
        Actor("Havgård Components A/S", "DK", "Odense", date(2011, 11, 1), "Hamngatan 30, Odense"),
        Actor(
            "Polestar Delta Trading LLC",
            "GE",
            "Batumi",
            date(2015, 3, 2),
            "Agmashenebeli Avenue 61, Batumi",
            identifier="ge-reg:40551872",
        ),
        Actor(
            "Polestar Delta Trading LLC",
            "AE",
            "Sharjah",
            date(2018, 6, 25),
            "Al Quoz Industrial 77, Sharjah",
            identifier="ae-reg:90017734",
        ),
    )
    stage.lists(listed, "US BIS", "Entity List", date(2021, 7, 12), party=listed)
    legs = (
        Leg(maker, hub, "854151", "MEMS PRESSURE TRANSDUCERS"),
        Leg(hub, free, "854151", "PRESSURE TRANSDUCERS FOR PUMPS"),
    )
    note = (
        "The list names the Polestar Delta of Sharjah, by its register number; the one in Batumi "
        "only has the same name."
    )
    stage.tell(
        "decoy", "namesake of a listed party", legs, stage.run(legs, steady(date(2022, 10, 10))), note=note
    )

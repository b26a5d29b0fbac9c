"""Looks like a route, but other goods went on, nobody joins the two, or the consignee only lends its name."""

from __future__ import annotations

from datetime import date, timedelta

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.decoys.timing import steady
from diversion.simulate.stage import Leg, Stage

AGENT = "84 Loockerman Plaza Suite 3, Dover DE"


def plant(stage: Stage) -> None:
    """Other goods, a mass address, a bank as consignee, and a new dealer with an honest customer."""
    _goods(stage)
    _mass(stage)
    _bank(stage)
    _lookalike(stage)


def _goods(stage: Stage) -> None:
    maker, hub, listed = stage.cast(
        Actor(
            "Delsaronics Inc.",
            "US",
            "Portland OR",
            date(1999, 2, 2),
            "44 Mill Street, Portland OR",
            role=MAKER,
            goods=("854231", "854239", "854290"),
        ),
        Actor(
            "Jebel Noor Equipment FZCO", "AE", "Dubai", date(2016, 12, 12), "Jebel Ali Free Zone 64, Dubai"
        ),
        Actor(
            "Dalian Shengkangwang Shipyard Co., Ltd.",
            "CN",
            "Dalian",
            date(1998, 8, 8),
            "77 Binhai Road, Dalian",
        ),
    )
    stage.lists(listed, "US BIS", "Entity List", date(2020, 8, 27))
    into = Leg(maker, hub, "854231", "FPGA PROCESSOR ICS")
    out = Leg(hub, listed, "842952", "EXCAVATORS, USED", air=False)
    came = tuple(stage.ship(into, date(2023, 4, 3) + timedelta(days=31 * k), 2600) for k in range(3))
    gone = tuple(stage.ship(out, date(2023, 5, 8) + timedelta(days=31 * k), 2) for k in range(3))
    note = (
        "Processors came, excavators went on: another four-digit heading, another quantity, another weight."
    )
    stage.tell("decoy", "other goods", (into, out), (came, gone), note=note)


def _mass(stage: Stage) -> None:
    maker, receiver, sender, listed = stage.cast(
        Actor(
            "Taipei Runbangtu Semiconductor Co., Ltd.",
            "TW",
            "Hsinchu",
            date(1996, 6, 6),
            "5 Innovation Road, Hsinchu",
            role=MAKER,
            goods=("854232", "854231", "854290"),
        ),
        Actor("Chesapeake Mallow Imports LLC", "US", "Dover DE", date(2019, 5, 5), AGENT),
        Actor("Dunelm Orchard Exports LLC", "US", "Dover DE", date(2020, 7, 7), AGENT),
        Actor(
            "Chengdu Helonghang Electronics Factory",
            "CN",
            "Chengdu",
            date(1991, 1, 1),
            "41 Gongye Avenue, Chengdu",
        ),
    )
    stage.lists(listed, "US BIS", "Entity List", date(2021, 4, 8))
    into = Leg(maker, receiver, "854232", "DRAM MEMORY CHIPS DDR4")
    out = Leg(sender, listed, "854290", "PARTS OF ELECTRONIC INTEGRATED CIRCUITS")
    came = tuple(stage.ship(into, date(2022, 10, 3) + timedelta(days=28 * k), 5200) for k in range(3))
    gone = tuple(stage.ship(out, date(2022, 11, 7) + timedelta(days=28 * k), 7000) for k in range(3))
    note = (
        "Receiver and sender share nothing but a registered agent in Dover, whose address more "
        "than fifty companies use."
    )
    stage.tell("decoy", "mass address", (into, out), (came, gone), note=note)


def _bank(stage: Stage) -> None:
    maker, bank, applicant, listed = stage.cast(
        Actor(
            "Ronderey Bobinados S.L.",
            "ES",
            "Bilbao",
            date(1989, 3, 3),
            "Calle de la Industria 50, Bilbao",
            role=MAKER,
            goods=("853224", "853221", "853210"),
        ),
        Actor(
            "Ulukaya Ticaret Bankası A.Ş.", "TR", "İstanbul", date(1964, 1, 6), "Atatürk Caddesi 1, İstanbul"
        ),
        Actor(
            "Egetaş Elektronik San. ve Tic. Ltd. Şti.",
            "TR",
            "İzmir",
            date(2000, 5, 15),
            "Organize Sanayi Bölgesi 21, İzmir",
        ),
        Actor(
            "Guangzhou Mingzhiwang Shipborne Electric Co., Ltd.",
            "CN",
            "Guangzhou",
            date(2002, 2, 2),
            "5 Binhai Road, Guangzhou",
        ),
    )
    stage.lists(listed, "US BIS", "Military End User", date(2021, 1, 14))
    into = Leg(maker, bank, "853224", "MULTILAYER CERAMIC CAPACITORS", notify=applicant, bank=bank)
    out = Leg(bank, listed, "853210", "POWER CAPACITORS, REPOSSESSED STOCK", air=False)
    came = tuple(stage.ship(into, date(2022, 5, 9) + timedelta(days=42 * k), 110000) for k in range(3))
    gone = tuple(stage.ship(out, date(2022, 6, 13) + timedelta(days=42 * k), 700) for k in range(3))
    note = (
        "The capacitors are consigned to the bank of the letter of credit and go to Egetaş, who "
        "is to be notified; a bank never passes goods on."
    )
    stage.tell("decoy", "consignee is the bank", (into, out), (came, gone), note=note)


def _lookalike(stage: Stage) -> None:
    maker, hub, user = stage.cast(
        Actor(
            "Stenfors Kraft Halvledare AB",
            "SE",
            "Linköping",
            date(1993, 5, 5),
            "Industrigatan 71, Linköping",
            role=MAKER,
            goods=("854231", "854233", "854290"),
        ),
        Actor("Dar Al Zahra Chips FZE", "AE", "Dubai", date(2022, 4, 25), "Jebel Ali Free Zone 1180, Dubai"),
        Actor(
            "Kavinlok Tractors Ltd.", "IN", "Chennai", date(1972, 2, 2), "8 Guindy Industrial Estate, Chennai"
        ),
    )
    legs = (
        Leg(maker, hub, "854231", "MICROCONTROLLERS FOR ENGINE CONTROL"),
        Leg(hub, user, "854231", "MICROCONTROLLERS FOR ENGINE CONTROL"),
    )
    note = (
        "A new dealer in Dubai, controlled goods, a week of dwell: but they go to a tractor works"
        " in Chennai, and there they stay."
    )
    stage.tell("decoy", "lawful look-alike", legs, stage.run(legs, steady(date(2022, 5, 16), 6)), note=note)

"""Looks like a route, but the days forbid it."""

from __future__ import annotations

from datetime import date, timedelta

from diversion.simulate.cast import MAKER, Actor
from diversion.simulate.stage import Leg, Plan, Stage


def plant(stage: Stage) -> None:
    """Goods that left before they came, goods that lay for a year, and a shipment to oneself as a bridge."""
    _before(stage)
    _late(stage)
    _itself(stage)


def _before(stage: Stage) -> None:
    maker, hub, listed = stage.cast(
        Actor(
            "Kestorcombe Logic Ltd",
            "GB",
            "Cambridge",
            date(1998, 3, 16),
            "70 Technology Parkway, Cambridge",
            role=MAKER,
            goods=("854231", "854233", "854290"),
        ),
        Actor(
            "Demirsu Otomasyon San. ve Tic. Ltd. Şti.",
            "TR",
            "Bursa",
            date(2009, 9, 1),
            "Organize Sanayi Bölgesi 188, Bursa",
        ),
        Actor(
            "Shenzhen Yibangtu Radar Co., Ltd.", "CN", "Shenzhen", date(2007, 6, 6), "400 Keji Road, Shenzhen"
        ),
    )
    stage.lists(listed, "US BIS", "Entity List", date(2020, 12, 18))
    out = Leg(hub, listed, "854290", "LEAD FRAMES FOR INTEGRATED CIRCUITS")
    into = Leg(maker, hub, "854231", "MICROCONTROLLERS 32-BIT")
    gone = tuple(stage.ship(out, date(2023, 2, 6) + timedelta(days=26 * k), 5000) for k in range(3))
    came = tuple(stage.ship(into, date(2023, 6, 12) + timedelta(days=33 * k), 4800) for k in range(3))
    note = (
        "All that Demirsu sent to the listed company left by April 2023; the microcontrollers "
        "came from June on."
    )
    stage.tell("decoy", "left before it came", (into, out), (came, gone), note=note)


def _late(stage: Stage) -> None:
    maker, hub, listed = stage.cast(
        Actor(
            "Grandac Circuits SAS",
            "FR",
            "Rennes",
            date(2001, 1, 29),
            "23 rue de l'Industrie, Rennes",
            role=MAKER,
            goods=("853669", "853690", "853650"),
        ),
        Actor(
            "Woodlands Pelagic Supply Ltd", "SG", "Woodlands", date(2010, 4, 4), "61 Commerce Way, Woodlands"
        ),
        Actor(
            "Guangzhou Xinlongli Naval Systems Co., Ltd.",
            "CN",
            "Guangzhou",
            date(2003, 8, 8),
            "22 Gongye Avenue, Guangzhou",
        ),
    )
    stage.lists(listed, "US BIS", "Military End User", date(2020, 12, 23))
    into = Leg(maker, hub, "853669", "PLUGS AND SOCKETS, CIRCULAR")
    out = Leg(hub, listed, "853650", "SWITCHES BELOW 1000 V")
    came = tuple(stage.ship(into, date(2021, 3, 8) + timedelta(days=30 * k), 7000) for k in range(3))
    gone = tuple(stage.ship(out, date(2022, 8, 15) + timedelta(days=35 * k), 6500) for k in range(3))
    note = (
        "More than a year lies between the last arrival (May 2021) and the first departure "
        "(August 2022): far beyond 180 days."
    )
    stage.tell("decoy", "dwell far beyond 180 days", (into, out), (came, gone), note=note)


def _itself(stage: Stage) -> None:
    maker, hub, listed = stage.cast(
        Actor(
            "Hohenthal & Busch Messtechnik GmbH",
            "DE",
            "Stuttgart",
            date(1961, 5, 5),
            "Maybachring 12, Stuttgart",
            role=MAKER,
            goods=("903020", "903039", "903090"),
        ),
        Actor("Bharesh Calibration Pvt. Ltd.", "IN", "Pune", date(2006, 2, 2), "77 MIDC Bhosari, Pune"),
        Actor(
            "Xi'an Hongtongdun Missile Optics Institute",
            "CN",
            "Xi'an",
            date(1990, 1, 1),
            "9 Keji Road, Xi'an",
            kind="public body",
        ),
    )
    stage.lists(listed, "US BIS", "Entity List", date(2019, 5, 14))
    into = Leg(maker, hub, "903020", "DIGITAL OSCILLOSCOPES 2 GHZ")
    own = Leg(hub, hub, "903020", "OSCILLOSCOPES, TO OWN WAREHOUSE IN CHENNAI")
    out = Leg(hub, listed, "903090", "PROBES AND CABLES")
    came = tuple(stage.ship(into, date(2021, 6, 7) + timedelta(days=20 * k), 5) for k in range(2))
    moved = tuple(stage.ship(own, date(2021, 11, 3) + timedelta(days=12 * k), 5) for k in range(2))
    gone = tuple(stage.ship(out, date(2022, 4, 4) + timedelta(days=15 * k), 30) for k in range(2))
    note = (
        "Only a shipment of Bharesh to its own warehouse lies between June 2021 and April 2022: "
        "it is no transfer, and without it 180 days have long passed."
    )
    stage.tell("decoy", "shipment to itself", (into, own, out), (came, moved, gone), note=note)


def steady(start: date, lots: int = 4, quantity: float = 3000) -> Plan:
    """The usual pace of a decoy that otherwise looks like any planted route."""
    return Plan(start, lots, 45, quantity, (4, 20))

"""Movements as customs and carriers record them, in canonical columns, with the faults of real records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from diversion.simulate.cast import BANK, BUYER, CARRIER, FORWARDER, Cast
from diversion.simulate.catalogue import goods, place_index, places, ports
from diversion.simulate.dice import Dice, Ints
from diversion.simulate.names import latin, spellings
from diversion.simulate.stage import Leg
from diversion.simulate.trade import NEVER, Moves, among, region

RATES = {"USD": 1.0, "EUR": 0.92, "GBP": 0.79, "CHF": 0.9, "JPY": 140.0, "CNY": 7.1}
UNITS = {"pieces": ("pieces", "pcs", "PCE", "NMB"), "kg": ("kg", "KGM", "kgs", "kg")}
TERMS = ("CIF", "CIP", "DAP", "CPT", "FCA", "FOB", "EXW", "")
USES = (
    "industrial automation",
    "consumer electronics",
    "own production",
    "resale",
    "maintenance",
    "research",
    "medical devices",
)
Column = np.ndarray[Any, np.dtype[np.object_]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
NONE = np.array(None, dtype=object)


@dataclass(frozen=True)
class Book:
    """All movements with what is needed to write them down.

    `legs[k]` is the hand-written leg of movement `offset + k`; those before `offset` are background.
    `permits` gives the end use and licence stated for some of the background, "" for none.
    `second[k]` tells that movement `k` is the second line of the one before it.
    """

    cast: Cast
    ids: Column
    moves: Moves
    legs: list[Leg]
    offset: int
    second: Flags
    closed: Ints
    permits: dict[int, tuple[str, str]]
    dice: Dice

    def __len__(self) -> int:
        return len(self.moves)

    @property
    def plain(self) -> Flags:
        """Movements whose days and amounts stay whole: planted, or of parties that close one day."""
        open_ = np.minimum(self.closed[self.moves.src], self.closed[self.moves.dst]) == NEVER
        plain: Flags = (np.arange(len(self)) >= self.offset) | ~open_
        return plain


def shipments(book: Book) -> tuple[pd.DataFrame, Column]:
    """The table, in order of departure, and the shipment id of every movement. Linear in the movements."""
    order, numbers = _order(book)
    names = spellings(book.cast.name)
    columns: dict[str, Any] = {"shipment_id": numbers, "line": _lines(book)}
    columns |= _days(book) | _ends(book, names) | _what(book) | _papers(book, names)
    frame = pd.DataFrame(
        {
            name: np.asarray(column)[order] if name != "quantity" else column[order]
            for name, column in columns.items()
        }
    )
    return _to_order(book, frame, ~book.plain[order]), numbers


def _order(book: Book) -> tuple[Ints, Column]:
    tie = book.dice.unit(len(book))
    first = np.arange(len(book)) - book.second
    order = np.lexsort((book.second, tie[first], book.moves.departed))
    number = np.empty(len(book), dtype=np.int64)
    number[order] = np.cumsum(~book.second[order])
    width = len(str(len(book)))
    return order, np.char.add("S-", np.char.zfill(number.astype(str), width)).astype(object)


def _lines(book: Book) -> Column:
    line = np.full(len(book), None, dtype=object)
    seconds = np.flatnonzero(book.second)
    line[seconds], line[seconds - 1] = "2", "1"
    return line


def _iso(days: Ints) -> Column:
    low = int(days.min())
    span = np.arange(low, int(days.max()) + 1).astype("datetime64[D]").astype(str).astype(object)
    found: Column = span[days - low]
    return found


def _paired(book: Book, flags: Any) -> Any:
    """The second line of a shipment has the head of the first."""
    flags = flags.copy()
    flags[np.flatnonzero(book.second)] = flags[np.flatnonzero(book.second) - 1]
    return flags


def _days(book: Book) -> dict[str, Column]:
    departed, arrived = _iso(book.moves.departed), _iso(book.moves.arrived)
    fault = _paired(book, np.where(book.plain, 1.0, book.dice.unit(len(book))))
    departed[fault < 0.004] = None
    month = (fault >= 0.004) & (fault < 0.011)
    departed[month] = np.array([text[:7] for text in departed[month]], dtype=object)
    arrived[(fault >= 0.011) & (fault < 0.026)] = None
    return {"departed_on": departed, "arrived_on": arrived}


def _style(book: Book) -> Ints:
    return book.dice.pick([74, 12, 8, 6], len(book))


def _ends(book: Book, names: Any) -> dict[str, Column]:
    """Exporter and consignee: their names as somebody typed them, sometimes without the number."""
    cast, moves, dice = book.cast, book.moves, book.dice
    country = np.array([p.country for p in places()], dtype=object)[cast.place]
    found: dict[str, Column] = {}
    for end, who in (("exporter", moves.src), ("consignee", moves.dst)):
        style, bare = _paired(book, _style(book)), _paired(book, dice.chance(0.06, len(book)))
        bare &= np.arange(len(book)) < book.offset
        bare[list(book.permits)] = False
        numbered = np.where(bare, NONE, book.ids[who])
        found |= {f"{end}_id": numbered, end: names[who, style], f"{end}_country": country[who]}
    return found


def _what(book: Book) -> dict[str, Any]:
    """The goods: code, words, amounts, money."""
    moves, dice, count = book.moves, book.dice, len(book)
    stock = goods()
    code = np.array([g.hs6 for g in stock], dtype=object)[moves.good]
    form = dice.pick([80, 10, 5, 5], count)
    code = np.select([form == 1, form == 2], [code + "0000", code + "1090"], code)
    dotted = np.flatnonzero(form == 3)
    code[dotted] = np.array([f"{c[:4]}.{c[4:]}" for c in code[dotted]], dtype=object)
    style = dice.pick([82, 9, 6, 3], count)
    units = np.array([UNITS[g.unit] for g in stock], dtype=object)[moves.good, style]
    weight = moves.quantity * np.array([g.kg for g in stock])[moves.good] * (1.04 + 0.2 * dice.unit(count))
    blank = np.where(book.plain, 1.0, dice.unit(count))
    return {
        "hs_code": code,
        "description": _described(book),
        "quantity": _missing(moves.quantity, blank < 0.01),
        "unit": units,
        "weight_kg": np.where(
            (blank >= 0.01) & (blank < 0.035), np.nan, np.maximum(np.rint(weight * 10) / 10, 0.1)
        ),
        **_money(book, (blank >= 0.035) & (blank < 0.04)),
    }


def _missing(values: Any, gone: Any) -> Any:
    column = pd.array(values.astype(np.int64), dtype="Int64")
    column[gone] = pd.NA
    return column


def _described(book: Book) -> Column:
    dice, moves, count = book.dice, book.moves, len(book)
    texts = np.array([(g.texts * 12)[:12] for g in goods()], dtype=object)
    said = texts[moves.good, dice.below(12, count)]
    for row, leg in enumerate(book.legs):
        said[book.offset + row] = leg.text or said[book.offset + row]
    city = np.array([", " + latin(ports().get(c, c)).upper() for c in book.cast.city], dtype=object)
    term = np.array(TERMS, dtype=object)[dice.pick([14, 4, 10, 4, 9, 9, 3, 47], count)]
    where = np.where(np.isin(term, ("FCA", "FOB", "EXW")), city[moves.src], city[moves.dst])
    tail = np.where(term == "", "", ", " + term + np.array([w[1:] for w in where], dtype=object))
    described: Column = said + tail
    return described


def _money(book: Book, gone: Any) -> dict[str, Any]:
    own = np.array([list(RATES).index(p.currency) for p in places()])[book.cast.place[book.moves.src]]
    mine = book.dice.chance(0.4, len(book)) & (np.arange(len(book)) < book.offset)
    which = np.where(mine, own, 0)
    rate = np.array(list(RATES.values()))[which]
    value = np.rint(book.moves.value * rate * 100) / 100
    return {
        "value": np.where(gone, np.nan, np.where(rate > 100, np.rint(value), value)),
        "currency": np.array(list(RATES), dtype=object)[which],
    }


def _papers(book: Book, names: Any) -> dict[str, Column]:
    """Forwarder, carrier, bank, notify party, end user, licence and the numbers of documents."""
    dice, cast, count = book.dice, book.cast, len(book)
    where = np.arange(count)
    blank = np.full(count, None, dtype=object)

    def some(role: int, share: float) -> Column:
        pool = cast.of(role)
        drawn = names[pool[dice.below(len(pool), count)], 0]
        return np.where(_paired(book, dice.chance(share, count)), drawn, blank)

    papers = {
        "forwarder": some(FORWARDER, 0.35),
        "carrier": some(CARRIER, 0.5),
        "notify_party_id": blank.copy(),
        "notify_party": blank.copy(),
        "end_user_id": blank.copy(),
        "end_user": blank.copy(),
        "end_use": np.where(
            dice.chance(0.08, count), np.array(USES, dtype=object)[dice.below(len(USES), count)], blank
        ),
        "licence": _licences(book),
        "bank": blank.copy(),
        "instrument_id": blank.copy(),
        "bill_of_lading": _bills(book),
    }
    _end_users(book, papers, names)
    _permitted(book, papers)
    _legs(book, papers, names, where)
    return papers


def _licences(book: Book) -> Column:
    controlled = np.array([g.controlled for g in goods()])[book.moves.good]
    has = controlled & book.dice.chance(0.06, len(book)) & (np.arange(len(book)) < book.offset)
    numbers = np.char.add("D", book.dice.between(1000000, 1999999, len(book)).astype(str)).astype(object)
    found: Column = np.where(has, numbers, NONE)
    return found


def _bills(book: Book) -> Column:
    letters = np.array([f"{a}{b}LU" for a in "BDHKNRTV" for b in "AEIOU"], dtype=object)
    count = len(book)
    numbers = book.dice.between(100000000, 999999999, count).astype(str).astype(object)
    bills = letters[book.dice.below(len(letters), count)] + numbers
    found: Column = np.where(_paired(book, book.dice.chance(0.7, count)), _paired(book, bills), NONE)
    return found


def _end_users(book: Book, papers: dict[str, Column], names: Any) -> None:
    """Some consignees name the customer for whom they buy: one who is free."""
    cast = book.cast
    buyers = cast.of(BUYER)
    buyers = buyers[book.closed[buyers] == NEVER]
    rows = np.flatnonzero(
        book.dice.chance(0.05, len(book)) & (np.arange(len(book)) < book.offset) & ~book.second
    )
    whom = among(
        cast.family[book.moves.dst[rows]], (cast.family[buyers], cast.size[buyers], buyers), book.dice
    )
    rows, whom = rows[whom >= 0], whom[whom >= 0]
    papers["end_user_id"][rows], papers["end_user"][rows] = book.ids[whom], names[whom, 0]


def _permitted(book: Book, papers: dict[str, Column]) -> None:
    """What the papers of lawful sales to restricted parties say."""
    for row, (end_use, licence) in book.permits.items():
        papers["end_use"][row], papers["licence"][row] = end_use or None, licence or None
        papers["end_user_id"][row] = papers["end_user"][row] = None


def _legs(book: Book, papers: dict[str, Column], names: Any, where: Ints) -> None:
    """What the papers of planted legs say."""
    for row, leg in zip(where[book.offset :], book.legs, strict=True):
        for column, who in (("end_user", leg.end_user), ("notify_party", leg.notify)):
            papers[column][row] = None if who is None else names[who, 0]
            papers[f"{column}_id"][row] = None if who is None else book.ids[who]
        papers["end_use"][row] = leg.end_use or None
        papers["licence"][row] = leg.licence or None
        if leg.bank is not None:
            papers["bank"][row], papers["instrument_id"][row] = names[leg.bank, 0], f"LC-{row:07d}"


def _to_order(book: Book, frame: pd.DataFrame, free: Flags) -> pd.DataFrame:
    """Some shipments are consigned to the order of a bank, or to a forwarder; the buyer is to be notified."""
    dice, cast = book.dice, book.cast
    names = np.array(cast.name, dtype=object)
    chance = dice.unit(len(frame))
    single = frame["line"].isna().to_numpy() & free & frame["notify_party"].isna().to_numpy()
    single &= frame["end_user"].isna().to_numpy()
    for share, role in (((0.0, 0.012), BANK), ((0.012, 0.022), FORWARDER)):
        rows = np.flatnonzero(single & (chance >= share[0]) & (chance < share[1]))
        drawn = names[_nearby(cast, frame["consignee_country"].iloc[rows], role, dice)]
        frame.loc[rows, "notify_party"] = frame.loc[rows, "consignee"]
        frame.loc[rows, "notify_party_id"] = frame.loc[rows, "consignee_id"]
        frame.loc[rows, "consignee_id"] = None
        frame.loc[rows, "consignee"] = drawn if role == FORWARDER else "TO ORDER OF " + drawn
        frame.loc[rows, "forwarder" if role == FORWARDER else "bank"] = drawn
        if role == BANK:
            frame.loc[rows, "instrument_id"] = [f"LC-{row:07d}" for row in rows]
    return frame


def _nearby(cast: Cast, countries: pd.Series, role: int, dice: Dice) -> Ints:
    """For each country a party of the role in it, else in its region, else anywhere."""
    pool = cast.of(role)
    place = np.array([place_index()[c] for c in countries], dtype=np.int64)
    regions = np.array([region(p.region) for p in places()])
    drawn = pool[dice.below(len(pool), len(place))]
    for keys, whose in ((regions[place], regions[cast.place[pool]]), (place, cast.place[pool])):
        found = among(keys, (whose, np.ones(len(pool), dtype=np.int64), pool), dice)
        drawn = np.where(found >= 0, found, drawn)
    return drawn

"""The features of very many pairs of records at once, column by column.

What each is, `pair_features.features` says; here it is worked out for all pairs together, each comparison of
two names, two addresses or two days but once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties import registers
from diversion.parties.clusters import Index
from diversion.parties.crowd import spread
from diversion.parties.held import Held
from diversion.parties.names import address_key
from diversion.parties.pair_features import (
    FEATURES,
    USUAL,
    name_features,
    near_days,
    places_alike,
    rarity,
)
from diversion.parties.records import Evidence

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
NAMES = tuple(FEATURES.index(name) for name in ("name", "name_equal", "name_rare"))
WORDS = tuple(FEATURES.index(name) for name in ("words", "word_differs", "generation_differs"))


class PairTable:
    """Measures pairs of rows of a Party frame. An address or contact of more than `cap` rows is left out."""

    def __init__(self, frame: pd.DataFrame, known: Evidence, named: pd.DataFrame, cap: int) -> None:
        self._size = len(frame)
        self._rarity = rarity(named["base"])
        self._country = coded(frame["country"])
        self.person: Bools = (frame["kind"] == "person").to_numpy(bool)
        self._known_kind: Bools = (frame["kind"].fillna("unknown") != "unknown").to_numpy(bool)
        self._bases = self._held(named["row"], named["base"])
        self._call(named)
        self._date(frame)
        self._reach(known, cap)
        self._number(known.numbers)

    def _held(self, rows: pd.Series, values: pd.Series) -> Held:
        return Held(rows, values, self._size)

    def _call(self, named: pd.DataFrame) -> None:
        """The names of each row as one, and rows of the same names as one."""
        first = np.searchsorted(named["row"].to_numpy(np.int64), np.arange(self._size + 1))
        names = named["name"].tolist()
        spelt = [tuple(names[begin:end]) for begin, end in pairwise(first.tolist())]
        codes, found = pd.factorize(pd.Series(spelt, dtype=object))
        self._spelt, self._names = codes.astype(np.int64), list(found)

    def _date(self, frame: pd.DataFrame) -> None:
        day = days(frame)
        codes, found = pd.factorize(day)
        self._day, self._days = codes.astype(np.int64), [str(one) for one in found]

    def _reach(self, known: Evidence, cap: int) -> None:
        places, contacts = known.places, known.contacts
        keys = places["text"].map(address_key)
        few = (keys != "") & _few(places, cap)
        self._places = self._held(places["row"][few], keys[few])
        shared = keys.value_counts().reindex(self._places.values).fillna(1)
        self._place_shared = shared.to_numpy(np.float64)
        few = _few(contacts, cap)
        self._contacts = self._held(contacts["row"][few], contacts["text"][few])
        self._sorts = self._held(contacts["row"][few], contacts["text"][few].map(_sort))

    def _number(self, numbers: pd.DataFrame) -> None:
        good = registers.validity(numbers)
        valid, weak = numbers[good], numbers[~good]
        register = valid["scheme"] + "\n" + valid["register"]
        telling = {name: registers.compared(name) for name in valid["scheme"].unique()}
        kept = valid["scheme"].map(telling).astype(bool) & (valid["register"] != registers.UNTOLD)
        self._numbers = self._held(valid["row"], register + "\n" + valid["number"])
        self._weak = self._held(weak["row"], weak["scheme"] + "\n" + weak["number"])
        self._registers = self._held(valid["row"][kept], register[kept])
        of = [number.rpartition("\n")[0] for number in self._numbers.values]
        self._register_of: Index = self._registers.values.get_indexer(pd.Index(of, dtype=object))

    def without_names(self, left: Index, right: Index) -> Floats:
        """Every feature of each pair but those of names, which are 0. Some µs a pair."""
        made = np.zeros((len(left), len(FEATURES)))
        column = dict(zip(FEATURES, made.T, strict=True))
        self._addresses(left, right, column)
        self._contact(left, right, column)
        self._dates(left, right, column)
        self._numbered(left, right, column)
        here, there = self._country[left], self._country[right]
        column["country"][:] = (here == there) & (here >= 0)
        column["country_differs"][:] = (here != there) & (here >= 0) & (there >= 0)
        known = self._known_kind[left] & self._known_kind[right]
        column["kind_differs"][:] = known & (self.person[left] != self.person[right])
        return made

    def _addresses(self, left: Index, right: Index, column: dict[str, Floats]) -> None:
        place, one, other = self._places.each(left, right)
        pairs, at = np.unique((one << 32) | other, return_inverse=True)
        keys = self._places.values.to_numpy(object)
        alike = places_alike(keys[pairs >> 32], keys[pairs & 0xFFFFFFFF])[at]
        near = np.zeros(len(left))
        np.maximum.at(near, place, alike)
        shared = np.maximum(self._place_shared[one], self._place_shared[other])
        told = np.where(alike >= 0.8, alike * np.minimum(1.0, USUAL / np.maximum(1, shared)), 0.0)
        np.maximum.at(column["address"], place, told)
        compared = np.zeros(len(left), bool)
        compared[place] = True
        column["address_differs"][:] = compared & (near < 0.6)

    def _contact(self, left: Index, right: Index, column: dict[str, Floats]) -> None:
        place, code = self._contacts.both(left, right)
        told = np.minimum(1.0, USUAL / np.maximum(1, self._contacts.rows_of))
        np.maximum.at(column["contact"], place, told[code])
        of_one_sort = self._sorts.both(left, right)[0]
        column["contact_differs"][of_one_sort] = 1.0
        column["contact_differs"][place] = 0.0

    def _dates(self, left: Index, right: Index, column: dict[str, Floats]) -> None:
        one, other = self._day[left], self._day[right]
        stated = np.flatnonzero((one >= 0) & (other >= 0))
        pairs, at = np.unique((one[stated] << 32) | other[stated], return_inverse=True)
        told = np.array(
            [near_days(self._days[pair >> 32], self._days[pair & 0xFFFFFFFF]) for pair in pairs.tolist()]
        ).reshape(-1, 3)
        for number, name in enumerate(("date", "date_near", "date_differs")):
            column[name][stated] = told[at, number]

    def _numbered(self, left: Index, right: Index, column: dict[str, Floats]) -> None:
        place, code = self._numbers.both(left, right)
        column["number"][place] = 1.0
        column["number_weak"][self._weak.both(left, right)[0]] = 1.0
        both, register = self._registers.both(left, right)
        width = self._registers.count + 1
        agree = place * width + self._register_of[code]
        column["number_differs"][both[~np.isin(both * width + register, agree)]] = 1.0

    def add_names(self, made: Floats, left: Index, right: Index, idle: Bools, least: float) -> None:
        """Fill in the features of names, spread over the processors where there are many.

        Where a pair is `idle`, names less alike than `least` (as `likeness` says it) need not be told.
        """
        packed = ((self._spelt[left] << 32) | self._spelt[right]) << 1 | idle
        pairs, at = np.unique(packed, return_inverse=True)
        told = spread(lambda some: self._compared(some, least), pairs.tolist())
        made[:, [*NAMES, *WORDS]] = np.array(told, np.float64).reshape(-1, 6)[at]

    def _compared(self, pairs: Sequence[int], least: float) -> list[tuple[float, ...]]:
        names, rare = self._names, self._rarity
        return [
            name_features(names[pair >> 33], names[pair >> 1 & 0xFFFFFFFF], rare, least if pair & 1 else 0.0)
            for pair in pairs
        ]

    def coincident(self, left: Index, right: Index, most: int) -> Bools:
        """Which pairs share no name, or only such as more than `most` rows bear."""
        place, code = self._bases.both(left, right)
        told = np.ones(len(left), bool)
        told[place[self._bases.rows_of[code] <= most]] = False
        return told

    def called(self, row: int) -> str:
        """The first name of a row, "" where it has none."""
        names = self._names[self._spelt[row]]
        return str(names[0]) if names else ""


def coded(values: pd.Series) -> Index:
    """Equal numbers for equal values, −1 for none."""
    codes: Index = pd.factorize(values)[0].astype(np.int64)
    return codes


def days(frame: pd.DataFrame) -> pd.Series:
    """The day of birth or foundation of each row, as precisely as it is stated."""
    told = frame["born"].where(frame["born"].notna(), frame["incorporated_on"])
    made: pd.Series = told.astype(str).where(told.notna())
    return made


def _sort(contact: str) -> str:
    return contact.partition(":")[0]


def _few(found: pd.DataFrame, cap: int) -> pd.Series:
    kept: pd.Series = found.groupby("text")["row"].transform("size") <= cap
    return kept

"""What each row of the Party table says of its party, gathered for comparison when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from diversion.parties import registers
from diversion.parties.clusters import Index
from diversion.parties.likeness import Record, contact

KEPT = 1 << 14
"""Records kept at a time; pairs come in the order of their first rows."""


@dataclass(frozen=True)
class Evidence:
    """What is known of each row beside its name.

    `places` (row, text) and `contacts` (row, text), each once, and `numbers` as `identifiers.known`.
    """

    places: pd.DataFrame
    contacts: pd.DataFrame
    numbers: pd.DataFrame


def evidence(frame: pd.DataFrame, places: pd.DataFrame | None, numbers: pd.DataFrame) -> Evidence:
    """The evidence of the rows of `frame`; `places` (party, text) holds ids."""
    at = pd.DataFrame({"party": [], "text": []}) if places is None else places[["party", "text"]]
    row = at["party"].map(pd.Series(frame.index, index=frame["id"]))
    told = frame["contacts"].dropna().explode().dropna()
    reached = pd.DataFrame({"row": told.index, "text": [contact(one) for one in told]})
    return Evidence(_plain(at.assign(row=row)), _plain(reached), numbers)


def _plain(found: pd.DataFrame) -> pd.DataFrame:
    made = found[["row", "text"]].dropna().astype({"row": np.int64, "text": object}).drop_duplicates()
    return made.sort_values(["row", "text"], ignore_index=True)


class Records:
    """The rows of a Party frame as records. An address or contact of more than `cap` rows is left out."""

    def __init__(self, frame: pd.DataFrame, known: Evidence, named: pd.DataFrame, cap: int) -> None:
        self._country, self._kind = frame["country"].tolist(), frame["kind"].tolist()
        self._born, self._begun = frame["born"].tolist(), frame["incorporated_on"].tolist()
        self._names = _Lists(named["row"], named["name"])
        self._places, self._contacts = (
            _Lists(rare["row"], rare["text"])
            for rare in (_rare(known.places, cap), _rare(known.contacts, cap))
        )
        numbers = known.numbers.sort_values(["row", "scheme", "register", "number"])
        triples = zip(numbers["scheme"], numbers["register"], numbers["number"], strict=True)
        self._numbers = _Lists(numbers["row"], pd.Series(list(triples), dtype=object))
        self.of = lru_cache(maxsize=KEPT)(self._of)

    def _of(self, row: int) -> Record:
        held: dict[tuple[str, str], set[str]] = {}
        weak = set()
        for scheme, register, number in self._numbers.of(row):
            if registers.valid(scheme, number):
                held.setdefault((scheme, register), set()).add(number)
            else:
                weak.add((scheme, number))
        born, begun = self._born[row], self._begun[row]
        return Record(
            names=tuple(self._names.of(row)),
            kind=self._kind[row] or "unknown",
            country=self._country[row],
            addresses=tuple(self._places.of(row)),
            contacts=frozenset(self._contacts.of(row)),
            day=born if isinstance(born, str) else None if pd.isna(begun) else str(begun),
            numbers={register: frozenset(numbers) for register, numbers in held.items()},
            weak=frozenset(weak),
        )


def _rare(found: pd.DataFrame, cap: int) -> pd.DataFrame:
    few: pd.DataFrame = found[found.groupby("text")["row"].transform("size") <= cap]
    return few


class _Lists:
    """Values by row, which are in order."""

    def __init__(self, rows: pd.Series, values: pd.Series) -> None:
        self._rows: Index = rows.to_numpy(np.int64)
        self._values = values.tolist()

    def of(self, row: int) -> list[Any]:
        begin, end = np.searchsorted(self._rows, [row, row + 1])
        return self._values[begin:end]

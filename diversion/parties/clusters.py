"""Which records are read as one party, so that nobody ends up with two numbers of one register.

Being the same is transitive, likeness is not: A may look like B and B like C where A and C are known to be
two. Links are taken from the surest down, and one that would bring those together is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from diversion.parties import registers
from diversion.parties.unions import components

Index = npt.NDArray[np.int64]
Held = dict[tuple[str, str], set[str]]
REJECTION = "a person rejected it"


@dataclass(frozen=True)
class Apart:
    """What must not come together: rows with different numbers of one register, pairs that a person rejected.

    `numbers` are those of `identifiers.telling`; `rejected` holds pairs of rows.
    """

    numbers: pd.DataFrame
    rejected: frozenset[tuple[int, int]] = frozenset()

    def among(self, label: Index) -> Apart:
        """The same of parties instead of records, each known by its label."""
        numbers = self.numbers.assign(row=label[self.numbers["row"].to_numpy(np.int64)])
        pairs = ((int(label[a]), int(label[b])) for a, b in self.rejected)
        return Apart(numbers, frozenset((min(p), max(p)) for p in pairs))

    def parts(self, left: pd.Series, right: pd.Series) -> pd.Series:
        """Whether a person rejected each pair of rows."""
        if not self.rejected:
            return pd.Series(False, index=left.index)
        pairs = zip(left, right, strict=True)
        return pd.Series([(min(p), max(p)) in self.rejected for p in pairs], index=left.index, dtype=bool)


def join(size: int, links: pd.DataFrame, apart: Apart) -> tuple[Index, pd.DataFrame]:
    """The smallest row of the party of each of `size` rows, and the links that were refused, with `against`.

    `links` has left, right, score, group (a number, equal for rows that all pair with one another; −1 for
    none) and decided (a person confirmed it, so that numbers do not speak against it). Only parties in which
    something conflicts are gone through link by link: links of one score that pull a record to two sides
    which must stay apart are all refused, for nothing tells which side is right. The result does not depend
    on the order of links. Linear but for sorting.
    """
    label = components(size, links["left"].to_numpy(np.int64), links["right"].to_numpy(np.int64))
    suspect = _suspect(label, apart)
    if not len(suspect):
        return label, links.iloc[:0].assign(against="")
    doubtful = np.isin(label[links["left"].to_numpy(np.int64)], suspect)
    careful = _Careful(np.flatnonzero(np.isin(label, suspect)), apart)
    careful.take(_unfolded(links[doubtful]))
    kept = pd.DataFrame(careful.kept, columns=["left", "right"], dtype=np.int64)
    pairs = pd.concat([links.loc[~doubtful, ["left", "right"]], kept])
    joined = components(size, pairs["left"].to_numpy(np.int64), pairs["right"].to_numpy(np.int64))
    refused = links[doubtful]
    refused = refused[
        joined[refused["left"].to_numpy(np.int64)] != joined[refused["right"].to_numpy(np.int64)]
    ]
    between = zip(refused["left"], refused["right"], strict=True)
    return joined, refused.assign(against=[careful.against(int(a), int(b)) for a, b in between])


def _suspect(label: Index, apart: Apart) -> Index:
    """Labels under which two numbers of one register, or the rows of a rejected pair, would come together."""
    numbers = apart.numbers.assign(label=label[apart.numbers["row"].to_numpy(np.int64)])
    for sound in (False, True):
        if sound:
            numbers = numbers[registers.validity(numbers)]
        several = numbers.groupby(["label", "scheme", "register"])["number"].transform("nunique") > 1
        numbers = numbers[several]
    both = [label[a] for a, b in apart.rejected if label[a] == label[b]]
    return np.unique(np.r_[numbers["label"].to_numpy(np.int64), np.array(both, np.int64)])


def _unfolded(links: pd.DataFrame) -> list[tuple[bool, float, int, int]]:
    """(decided, score, low, high) of every pair, those of a group all with one another; surest first."""
    pairs = {
        (bool(decided), float(score), min(a, b), max(a, b))
        for a, b, score, decided in links[["left", "right", "score", "decided"]].itertuples(index=False)
    }
    grouped = links[links["group"] >= 0]
    for _, group in grouped.groupby("group"):
        members = sorted({*group["left"], *group["right"]})
        score = float(group["score"].max())
        pairs |= {(False, score, a, b) for i, a in enumerate(members) for b in members[i + 1 :]}
    return sorted(pairs, key=lambda p: (not p[0], -p[1], p[2], p[3]))


class _Careful:
    """Parties under construction, with the numbers and the rejections that each carries."""

    def __init__(self, rows: Index, apart: Apart) -> None:
        self.kept: list[tuple[int, int]] = []
        self._head = {int(row): int(row) for row in rows}
        self._held: dict[int, Held] = {}
        numbers = apart.numbers[apart.numbers["row"].isin(rows)]
        numbers = numbers[registers.validity(numbers)]
        for row, name, register, number in numbers[["row", "scheme", "register", "number"]].itertuples(
            index=False
        ):
            self._held.setdefault(int(row), {}).setdefault((name, register), set()).add(number)
        self._foes: dict[int, set[int]] = {}
        for a, b in apart.rejected:
            if a in self._head and b in self._head:
                self._foes.setdefault(a, set()).add(b)
                self._foes.setdefault(b, set()).add(a)

    def take(self, pairs: list[tuple[bool, float, int, int]]) -> None:
        """Join what may be joined, level by level of sureness."""
        begin = 0
        while begin < len(pairs):
            end = begin
            while end < len(pairs) and pairs[end][:2] == pairs[begin][:2]:
                end += 1
            self._level([pair[2:] for pair in pairs[begin:end]], decided=pairs[begin][0])
            begin = end

    def _level(self, pairs: list[tuple[int, int]], *, decided: bool) -> None:
        drawn: dict[int, set[int]] = {}
        for a, b in pairs:
            one, other = self._find(a), self._find(b)
            if one != other and not self._conflict(one, other, decided):
                drawn.setdefault(one, set()).add(other)
                drawn.setdefault(other, set()).add(one)
        torn = {head for head, sides in drawn.items() if self._torn(sides, decided)}
        for a, b in pairs:
            one, other = self._find(a), self._find(b)
            if one == other:
                self.kept.append((a, b))
            elif not (torn & {one, other}) and not self._conflict(one, other, decided):
                self._union(one, other)
                self.kept.append((a, b))

    def _torn(self, sides: set[int], decided: bool) -> bool:
        ordered = sorted(sides)
        return any(
            self._conflict(a, b, decided) is not None for i, a in enumerate(ordered) for b in ordered[i + 1 :]
        )

    def _find(self, row: int) -> int:
        while self._head[row] != row:
            self._head[row] = self._head[self._head[row]]
            row = self._head[row]
        return row

    def _union(self, one: int, other: int) -> None:
        low, high = min(one, other), max(one, other)
        self._head[high] = low
        held = self._held.setdefault(low, {})
        for register, numbers in self._held.pop(high, {}).items():
            held.setdefault(register, set()).update(numbers)
        self._foes.setdefault(low, set()).update(self._foes.pop(high, ()))

    def _conflict(self, one: int, other: int, decided: bool) -> str | None:
        if any(self._find(foe) == other for foe in sorted(self._foes.get(one, ()))):
            return REJECTION
        if decided:
            return None
        left, right = self._held.get(one, {}), self._held.get(other, {})
        for register in sorted(left.keys() & right.keys()):
            if not left[register] & right[register]:
                return f"{register[0]} {_told(left[register])} against {_told(right[register])}"
        return None

    def against(self, a: int, b: int) -> str:
        """Why two rows that a link pairs are not one party."""
        one, other = self._find(a), self._find(b)
        low, high = min(one, other), max(one, other)
        return self._conflict(low, high, False) or "it leads to parties that must stay apart"


def _told(numbers: Iterable[str]) -> str:
    return ", ".join(sorted(numbers))

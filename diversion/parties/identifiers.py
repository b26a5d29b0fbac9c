"""Numbers that registers give: equal ones join records, different ones of one register keep them apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from diversion.parties import registers

NOTHING = r"^0*$"
SAME, WEAK = 0.99, 0.75
"""The score of an equal number, and of an equal one that fails its check digits."""


def known(frame: pd.DataFrame) -> pd.DataFrame:
    """One row an identifier, schemes read as one however they are spelled: row, scheme, register, number.

    Numbers are letters and digits only, in capitals; one without a scheme is one of the party's country.
    `register` is the country that gave a number of a scheme which every country has, "" where the scheme has
    one register, and `registers.UNTOLD` where nobody says. Numbers given to many at once are left out.
    """
    made = registers.read(_split(frame)).drop_duplicates(ignore_index=True)
    names = {name: registers.shared(name) for name in made["scheme"].unique()}
    return made[~made["scheme"].map(names).astype(bool)].reset_index(drop=True)


def _split(frame: pd.DataFrame) -> pd.DataFrame:
    stated = frame[frame["identifier"].notna()]
    parts = stated["identifier"].astype(str).str.split(";").explode().str.strip()
    parts = parts[parts != ""]
    split = parts.str.partition(":") if len(parts) else pd.DataFrame({0: parts, 1: parts, 2: parts})
    bare = split[1] == ""
    made = pd.DataFrame(
        {
            "row": parts.index.to_numpy(dtype=np.int64),
            "scheme": split[0].str.strip().to_numpy(dtype=object),
            "number": _plain(split[0].where(bare, split[2])).to_numpy(dtype=object),
            "country": frame["country"].reindex(parts.index).fillna("").to_numpy(dtype=object),
            "bare": bare.to_numpy(dtype=bool),
        }
    )
    return made[~made["number"].astype(str).str.match(NOTHING)].reset_index(drop=True)


def _plain(text: pd.Series) -> pd.Series:
    return text.astype(str).str.upper().str.replace(r"[^0-9A-Z\u0080-\uffff]", "", regex=True)


def links(numbers: pd.DataFrame, cap: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pairs of rows with an equal identifier of one register: certain ones, and weak ones.

    Weak are those whose number fails its check digits. A number that more than `cap` records share joins
    nobody. Each row is paired with the first of its `group`.
    """
    held = _keyed(numbers)
    groups = held.groupby("key")["row"]
    held = held.assign(first=groups.transform("min"), size=groups.transform("size"))
    held = held[(held["size"] > 1) & (held["size"] <= cap) & (held["row"] != held["first"])]
    good = registers.validity(held)
    why = "same identifier " + held["scheme"] + ":" + held["number"]
    made = pd.DataFrame({"left": held["row"], "right": held["first"]}, dtype=np.int64)
    made = made.assign(why=why.astype(object), score=SAME, group=held["key"].astype(np.int64))
    weak = made[~good].assign(score=WEAK)
    weak["why"] = weak["why"] + ", which fails its check digits"
    return made[good].reset_index(drop=True), weak.reset_index(drop=True)


def _keyed(numbers: pd.DataFrame) -> pd.DataFrame:
    """Numbers that can meet, under one key each.

    A number whose register nobody states meets an equal one where all others are of one register.
    """
    told = numbers["register"].where(numbers["register"] != registers.UNTOLD)
    same = numbers.assign(told=told).groupby(["scheme", "number"])["told"]
    only, several = same.transform("first"), same.transform("nunique") > 1
    register = told.where(several, only).fillna(registers.UNTOLD)
    held = numbers.assign(register=register)[~(several & told.isna())]
    held = held.drop_duplicates(["row", "scheme", "register", "number"])
    return held.assign(key=held.groupby(["scheme", "register", "number"], sort=True).ngroup())


def telling(numbers: pd.DataFrame) -> pd.DataFrame:
    """The numbers of which a party has one alone, from a register that is known."""
    single = {name: registers.single(name) for name in numbers["scheme"].unique()}
    keep = numbers["scheme"].map(single).astype(bool) & (numbers["register"] != registers.UNTOLD)
    return numbers[keep].reset_index(drop=True)


def conflicts(numbers: pd.DataFrame, left: pd.Series, right: pd.Series) -> pd.Series:
    """For each pair of rows what one register says against it, `INN 1 against 2`; None where nothing does.

    `numbers` are those of `telling`. Numbers that fail their check digits speak against nobody.
    """
    pairs = pd.DataFrame({"left": left.to_numpy(np.int64), "right": right.to_numpy(np.int64)})
    said = pd.Series([None] * len(pairs), dtype=object)
    if numbers.empty or pairs.empty:
        return said
    mine = pairs.rename_axis("pair").reset_index().merge(numbers, left_on="left", right_on="row")
    both = mine.merge(
        numbers,
        left_on=["right", "scheme", "register"],
        right_on=["row", "scheme", "register"],
        suffixes=("", "_other"),
    )
    both = both[_sound(both, "number") & _sound(both, "number_other")]
    agree = (both["number"] == both["number_other"]).groupby([both["pair"], both["scheme"], both["register"]])
    against = both[~agree.transform("any")] if len(both) else both
    against = against.sort_values(["pair", "scheme", "number", "number_other"]).drop_duplicates("pair")
    text = against["scheme"] + " " + against["number"] + " against " + against["number_other"]
    said.loc[against["pair"].to_numpy()] = text.to_numpy(dtype=object)
    return said


def _sound(both: pd.DataFrame, column: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return registers.validity(both[["scheme", column]].rename(columns={column: "number"}))

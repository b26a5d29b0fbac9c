"""Numbers that registers give: equal ones join records, different ones of one register keep them apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

NOTHING = r"^0*$"


def exploded(frame: pd.DataFrame) -> pd.DataFrame:
    """One row an identifier: row of `frame`, scheme, number; letters and digits only, in capitals.

    A number without a scheme is one of the party's country.
    """
    stated = frame[frame["identifier"].notna()]
    parts = stated["identifier"].astype(str).str.split(";").explode().str.strip()
    parts = parts[parts != ""]
    if parts.empty:
        none = pd.DataFrame({"row": [], "scheme": [], "number": []}, dtype=object)
        return none.astype({"row": np.int64})
    split = parts.str.partition(":")
    bare = split[1] == ""
    country = frame["country"].reindex(parts.index).fillna("")
    made = pd.DataFrame(
        {
            "row": parts.index.to_numpy(dtype=np.int64),
            "scheme": np.where(bare, "of " + country, split[0].str.strip().str.upper()),
            "number": _plain(split[0].where(bare, split[2])).to_numpy(dtype=object),
        }
    )
    return made[~made["number"].astype(str).str.match(NOTHING)].drop_duplicates(ignore_index=True)


def _plain(text: pd.Series) -> pd.Series:
    return text.astype(str).str.upper().str.replace(r"[^0-9A-Z\u0080-\uffff]", "", regex=True)


def links(frame: pd.DataFrame, cap: int) -> pd.DataFrame:
    """Pairs of rows with an equal identifier; one that more than `cap` records share joins nobody."""
    numbers = exploded(frame)
    groups = numbers.groupby(["scheme", "number"])["row"]
    numbers = numbers.assign(first=groups.transform("min"), size=groups.transform("size"))
    joined = numbers[(numbers["size"] > 1) & (numbers["size"] <= cap) & (numbers["row"] != numbers["first"])]
    why = "same identifier " + joined["scheme"] + ":" + joined["number"].astype(str)
    return pd.DataFrame(
        {"left": joined["row"].to_numpy(np.int64), "right": joined["first"].to_numpy(np.int64)}
    ).assign(why=why.to_numpy(dtype=object), score=0.99)


def without_conflicts(frame: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """`pairs` (left, right) less those where one register gave the two different numbers."""
    numbers = exploded(frame)
    if pairs.empty or numbers.empty:
        return pairs
    numbered = pairs.reset_index(drop=True).rename_axis("pair").reset_index()
    both = numbered.merge(numbers, left_on="left", right_on="row").merge(
        numbers, left_on=["right", "scheme"], right_on=["row", "scheme"], suffixes=("", "_right")
    )
    agree = (both["number"] == both["number_right"]).groupby([both["pair"], both["scheme"]]).any()
    clash = agree.index[~agree].get_level_values("pair")
    return numbered[~numbered["pair"].isin(clash)].drop(columns="pair")

"""What each row of the Party table says of its party beside its name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from diversion.parties.pair_features import contact


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

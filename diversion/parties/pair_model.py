"""How probable it is that two records are one party: a logistic model over the features of `pair_features`.

Its coefficients are data, `pair_model.toml`, fitted by `python -m benchmarks.resolve --fit` on published
labelled records; the file says on which, and how well it does on those that it did not see.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from diversion.parties.pair_features import EVIDENCE, FEATURES

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
TOGETHER = ("borne_out", "several")
"""Made of the others: names that go with the strongest evidence, and how many sorts of evidence there are."""
PROBABLE = 0.8
"""Less probable pairs are never read as one (a choice)."""
WEAK = 0.5
"""What a number that fails its check digits counts beside other evidence (choice: no label tells)."""
PLACES = {name: place for place, name in enumerate((*FEATURES, *TOGETHER))}


@dataclass(frozen=True)
class Model:
    """Log-odds: `base` and one coefficient a feature; a pair is offered to people from `offer` on."""

    base: float
    coefficients: tuple[float, ...]
    offer: float

    def probability(self, measured: Sequence[float]) -> float:
        """The probability for `pair_features.features` of a pair, rounded to four digits."""
        return float(self.probabilities(np.array([measured], np.float64))[0])

    def probabilities(self, measured: Floats) -> Floats:
        """The same of very many pairs, one a row."""
        odds = self.base + extended(measured) @ np.array(self.coefficients)
        found: Floats = np.round(1 / (1 + np.exp(-odds)), 4)
        return found


@cache
def model() -> Model:
    """The fitted model, read once a process."""
    raw = tomllib.loads((files("diversion.parties") / "pair_model.toml").read_text(encoding="utf-8"))
    return Model(raw["base"], tuple(raw["coefficients"][name] for name in PLACES), raw["offer"])


def extended(measured: Floats) -> Floats:
    """The features, one pair a row, with those of `TOGETHER` behind them."""
    weight = np.array([WEAK if name == "number_weak" else 1.0 for name in EVIDENCE])
    found = measured[:, [PLACES[name] for name in EVIDENCE]] * weight
    borne_out = measured[:, PLACES["words"]] * found.max(axis=1)
    several = np.minimum(2.0, found.sum(axis=1)) / 2
    return np.column_stack([measured, borne_out, several])


AGAINST = ("generation_differs", "date_near", "date_differs", "number_weak", "number_differs")


def certain(measured: Floats, probability: Floats, person: Bools) -> Bools:
    """Which pairs that the model holds for one party are read as one without asking anybody.

    The model learned from records of people, who share names and houses more than companies do: above
    `PROBABLE` the facts themselves decide.

    Its names are equal but for spelling, nothing speaks against it, and an address, a contact or a whole date
    that few share bears it out; for a person two of these, for people share names and houses. A date alone
    needs a country that agrees.
    """
    told = dict(zip(PLACES, measured.T, strict=False))
    able: Bools = (probability >= PROBABLE) & (told["name_equal"] > 0)
    for name in (*AGAINST, "country_differs", "kind_differs"):
        able &= told[name] == 0
    place, reached = told["address"] >= 0.9, told["contact"] >= 1
    day = (told["date"] >= 1) & (told["country"] > 0)
    able &= place.astype(int) + reached + day >= np.where(person, 2, 1)
    return able


SAID = {
    "address": "an address agrees",
    "address_differs": "addresses differ",
    "contact": "a contact agrees",
    "contact_differs": "contacts differ",
    "date": "the date agrees",
    "date_near": "the dates nearly agree",
    "date_differs": "the dates differ",
    "number": "a number agrees",
    "number_weak": "a number agrees that fails its check digits",
    "number_differs": "numbers of one register differ",
    "country": "the country agrees",
    "country_differs": "the countries differ",
    "kind_differs": "one is a person",
    "generation_differs": "father and son",
}


def why(names: tuple[str, str], measured: Sequence[float]) -> str:
    """What agrees and what does not, in words."""
    told = dict(zip(PLACES, measured, strict=False))
    alike = "the same name" if told["name_equal"] else f"alike ({(told['name'] + 1) / 2:.2f})"
    named = alike if names[0] == names[1] else f"{names[0]!r} and {names[1]!r} are {alike}"
    return "; ".join([named, *(text for name, text in SAID.items() if told[name])])

"""How probable it is that two records are one party: a logistic model over the features of `likeness`.

Its coefficients are data, `pair_model.toml`, fitted by `python -m benchmarks.resolve --fit` on published
labelled records; the file says on which, and how well it does on those that it did not see.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from diversion.parties.likeness import EVIDENCE, FEATURES

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
        """The probability for `likeness.features` of a pair, rounded to four digits."""
        odds = self.base + sum(c * v for c, v in zip(self.coefficients, extended(measured), strict=True) if v)
        return round(1 / (1 + exp(-odds)), 4)


@cache
def model() -> Model:
    """The fitted model, read once a process."""
    raw = tomllib.loads((files("diversion.parties") / "pair_model.toml").read_text(encoding="utf-8"))
    return Model(raw["base"], tuple(raw["coefficients"][name] for name in PLACES), raw["offer"])


def extended(measured: Sequence[float]) -> list[float]:
    """The features with those of `TOGETHER` behind them."""
    found = [measured[PLACES[name]] * (WEAK if name == "number_weak" else 1) for name in EVIDENCE]
    return [*measured, measured[PLACES["words"]] * max(found), min(2.0, sum(found)) / 2]


def certain(measured: Sequence[float], probability: float, person: bool) -> bool:
    """Whether a pair that the model holds for one party is read as one without asking anybody.

    The model learned from records of people, who share names and houses more than companies do: above
    `PROBABLE` the facts themselves decide.

    Its names are equal but for spelling, nothing speaks against it, and an address, a contact or a whole date
    that few share bears it out; for a person two of these, for people share names and houses. A date alone
    needs a country that agrees.
    """
    told = dict(zip(PLACES, measured, strict=False))
    against = ("generation_differs", "date_near", "date_differs", "number_weak", "number_differs")
    if probability < PROBABLE or not told["name_equal"]:
        return False
    if any(told[name] for name in (*against, "country_differs", "kind_differs")):
        return False
    place, reached = told["address"] >= 0.9, told["contact"] >= 1
    day = told["date"] >= 1 and bool(told["country"])
    return place + reached + day >= (2 if person else 1)


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
    said = [text for name, text in SAID.items() if told[name]]
    return "; ".join([f"{names[0]!r} and {names[1]!r} are {alike}", *said])

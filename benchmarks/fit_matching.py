"""Fit the match model and write it down: python -m benchmarks.fit_matching.

A logistic regression whose coefficients may not be negative (a fault never helps), drawn towards a first
guess by hand so that a rare fault keeps a sensible weight. Needs the real lists; see `labelled.py` for what
it is fitted on.
"""

from __future__ import annotations

import os
from collections import Counter
from math import log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labelled import Entry, Labelled, entries, labelled
from diversion.parties import features, lexicon
from diversion.parties.features import FEATURES
from diversion.parties.names import split
from diversion.parties.pairing import pairing
from diversion.parties.tokens import named

DATA = Path(os.environ.get("DIVERSION_TEST_DATA", "../shared/data"))
MODEL = Path("diversion/parties/match_model.toml")
Floats = npt.NDArray[np.float64]
SHARES = {"hand": 0.55, "alias": 0.07, "nearest": 0.16, "variant": 0.12, "other": 0.1}
"""How much each source of pairs counts in all: those that a person judged the most."""
FEWEST = 10
LEAST = {
    "sound": 0.15,
    "acronym": 1.0,
    "added_trade": 0.5,
    "vowels": 0.4,
    "meaning": 0.3,
    "short": 0.5,
    "form_kin": 0.15,
    "letters": 0.1,
}
"""What these take off at the least: a name that is not the same word for word is never quite certain."""
RIDGE = 0.002
# First guess: base, then one number a feature, in the order of FEATURES.
GUESS = {
    True: (
        4.5,
        (
            5,
            3,
            0.7,
            0.2,
            0.6,
            0.5,
            1.2,
            2,
            3,
            4,
            2.5,
            0.3,
            2,
            0.6,
            0.1,
            0,
            1.5,
            3,
            2,
            4.5,
            0.5,
            0.5,
            0.2,
            0.05,
            3,
        ),
    ),
    False: (
        4.5,
        (
            5,
            3,
            0.7,
            0.2,
            0.6,
            0.5,
            1.2,
            2,
            1.2,
            4,
            2.0,
            0.8,
            2.5,
            0.7,
            0.3,
            0.6,
            0.5,
            1.5,
            0.5,
            4.5,
            1,
            0.8,
            0.2,
            0.3,
            3,
        ),
    ),
}


def matrix(pairs: list[Labelled], person: bool) -> Floats:
    """The features of each pair, of the readings that fit best."""
    return np.array([_best(pair, person) for pair in pairs])


def _best(pair: Labelled, person: bool) -> list[float]:
    ways = [
        features.features(left, right, pairing(left, right), person)
        for left in named(pair.left)
        for right in named(pair.right)
    ]
    weights = GUESS[person][1]
    return min(ways, key=lambda way: sum(w * f for w, f in zip(weights, way, strict=True)))


def fit(x: Floats, y: Floats, weight: Floats, guess: Floats) -> Floats:
    """Base and coefficients that make the labels likeliest, none below zero."""
    from scipy.optimize import minimize

    sign = np.where(y > 0, 1.0, -1.0)
    full = np.column_stack([np.ones(len(x)), -x])

    def loss(theta: Floats) -> tuple[float, Floats]:
        margin = sign * (full @ theta)
        value = weight @ np.logaddexp(0, -margin) + RIDGE * ((theta - guess) ** 2).sum()
        slope = -(weight * sign / (1 + np.exp(np.clip(margin, -500, 500)))) @ full
        return float(value), slope + 2 * RIDGE * (theta - guess)

    bounds = [(2.5, 6.0), *[(LEAST.get(name, 0.0), None) for name in FEATURES]]
    found = minimize(loss, guess, jac=True, bounds=bounds, method="L-BFGS-B")
    return np.asarray(found.x, np.float64)


def fitted(pairs: list[Labelled], person: bool) -> Floats:
    """The model of persons, or of all others, from the pairs that are not held out."""
    used = [pair for pair in pairs if not pair.held_out and (pair.kind == "person") == person]
    size = Counter(pair.group for pair in used)
    weight = np.array([SHARES[pair.group] / size[pair.group] for pair in used])
    base, faults = GUESS[person]
    labels = np.array([float(pair.match) for pair in used])
    return fit(matrix(used, person), labels, weight, np.array([base, *faults], np.float64))


def commonness(listed: list[Entry]) -> dict[float, list[str]]:
    """Words by weight, from how many entries of the list hold them."""
    counts = Counter(
        word
        for entry in listed
        for word in {word for name in (entry.name, *entry.aliases) for word in split(name)[0].split()}
    )
    top = log(len(listed))
    found: dict[float, list[str]] = {}
    for word, count in sorted(counts.items()):
        if count >= FEWEST and len(word) > 1 and word.isalpha() and word not in lexicon.particles():
            found.setdefault(round(max(0.2, 1 - log(count) / top), 1), []).append(word)
    return found


def write(rows: dict[float, list[str]], models: dict[bool, Floats]) -> None:
    """The model as `match_model.toml`."""
    lines = [
        "# Written by `python -m benchmarks.fit_matching`; the program reads it, people may too.",
        "# How much a word weighs by how many entries of the lists hold it; words not named here weigh 1.",
        "[commonness]",
        *[f'"{weight}" = """\n{_wrapped(words)}"""' for weight, words in sorted(rows.items())],
        "",
        "# Log-odds that two faultless names are one party, and what each fault of features.py takes off.",
    ]
    for person, found in models.items():
        lines += [f"[{'person' if person else 'company'}]", f"base = {found[0]:.3f}", ""]
        lines += [f"[{'person' if person else 'company'}.faults]"]
        lines += [f"{name} = {value:.3f}" for name, value in zip(FEATURES, found[1:], strict=True)]
        lines.append("")
    MODEL.write_text("\n".join(lines), encoding="utf-8")


def _wrapped(words: list[str]) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(" ".join(words), 110)) + "\n"


def main() -> None:
    rows = commonness(entries(DATA))
    zero = {person: np.array([base, *faults], float) for person, (base, faults) in GUESS.items()}
    write(rows, zero)
    lexicon.forget()
    pairs = labelled(DATA)
    print(Counter((pair.group, pair.match, pair.held_out) for pair in pairs))
    models = {person: fitted(pairs, person) for person in (True, False)}
    write(rows, models)
    for person, found in models.items():
        print("person" if person else "company", f"base {found[0]:.2f}")
        print("  ", {name: round(float(value), 2) for name, value in zip(FEATURES, found[1:], strict=True)})


if __name__ == "__main__":
    main()

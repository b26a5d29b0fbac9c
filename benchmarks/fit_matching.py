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
SHARES = {
    True: {"hand": 0.55, "alias": 0.07, "nearest": 0.16, "variant": 0.12, "other": 0.1},
    False: {"hand": 0.5, "alias": 0.2, "nearest": 0.15, "variant": 0.1, "other": 0.05},
}
"""How much each source of pairs counts, of persons and of others: those that a person judged the most."""
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
    "added_alone": 1.0,
}
"""What these take off at the least: a name that is not the same word for word is never quite certain."""
RIDGE = {True: 0.002, False: 0.0003}
"""How strongly the coefficients of persons and of others are drawn to the first guess."""
# First guess: base, and what each fault takes off.
GUESS: dict[bool, tuple[float, dict[str, float]]] = {
    True: (
        4.5,
        {
            "misspelt": 5,
            "worst_misspelt": 3,
            "other_first_letter": 0.7,
            "sound": 0.2,
            "vowels": 0.6,
            "meaning": 0.5,
            "short": 1.2,
            "initial": 2,
            "acronym": 3,
            "replaced": 4,
            "replaced_rare": 2.5,
            "misspelt_short": 0.3,
            "replaced_generic": 0.3,
            "added": 2,
            "added_rare": 0.6,
            "added_generic": 0.1,
            "thin": 1.5,
            "nothing_rare": 3,
            "patronymics": 2,
            "numbers": 4.5,
            "number_missing": 0.5,
            "form": 0.5,
            "form_kin": 0.2,
            "order": 0.05,
            "letters": 3,
        },
    ),
    False: (
        4.5,
        {
            "misspelt": 5,
            "worst_misspelt": 3,
            "other_first_letter": 0.7,
            "sound": 0.2,
            "vowels": 0.6,
            "meaning": 0.5,
            "short": 1.2,
            "initial": 2,
            "acronym": 1.2,
            "replaced": 4,
            "replaced_rare": 2,
            "misspelt_short": 0.3,
            "added_whole": 2,
            "added_after": 1.0,
            "replaced_generic": 0.8,
            "replaced_mixed": 0.8,
            "replaced_trade": 1,
            "added": 2.5,
            "added_rare": 0.7,
            "added_generic": 0.3,
            "added_trade": 0.6,
            "replaced_place": 1.5,
            "added_place": 0.3,
            "replaced_bare": 0.5,
            "added_bare": 0.2,
            "added_alone": 1.5,
            "added_thin": 0.2,
            "thin": 0.5,
            "nothing_rare": 1.5,
            "patronymics": 0.5,
            "numbers": 4.5,
            "number_missing": 1,
            "form": 0.8,
            "form_kin": 0.2,
            "order": 0.3,
            "letters": 3,
        },
    ),
}


def guess(person: bool) -> Floats:
    """The first guess as numbers: the base, then one a feature, in the order of FEATURES."""
    base, faults = GUESS[person]
    return np.array([base, *(faults.get(name, 0.0) for name in FEATURES)], np.float64)


def matrix(pairs: list[Labelled], person: bool) -> Floats:
    """The features of each pair, of the readings that fit best."""
    return np.array([_best(pair, person) for pair in pairs])


def _best(pair: Labelled, person: bool) -> list[float]:
    ways = [
        features.features(left, right, pairing(left, right), person)
        for left in named(pair.left)
        for right in named(pair.right)
        if not (_bracketed(pair) and (left.partial or right.partial))
    ]
    weights = guess(person)[1:].tolist()
    return min(ways, key=lambda way: sum(w * f for w, f in zip(weights, way, strict=True)))


def _bracketed(pair: Labelled) -> bool:
    return all(any(one.partial for one in named(name)) for name in (pair.left, pair.right))


def fit(x: Floats, y: Floats, weight: Floats, start: Floats, ridge: float) -> Floats:
    """Base and coefficients that make the labels likeliest, none below zero."""
    from scipy.optimize import minimize

    sign = np.where(y > 0, 1.0, -1.0)
    full = np.column_stack([np.ones(len(x)), -x])

    def loss(theta: Floats) -> tuple[float, Floats]:
        margin = sign * (full @ theta)
        value = weight @ np.logaddexp(0, -margin) + ridge * ((theta - start) ** 2).sum()
        slope = -(weight * sign / (1 + np.exp(np.clip(margin, -500, 500)))) @ full
        return float(value), slope + 2 * ridge * (theta - start)

    bounds = [(2.5, 6.0), *[(LEAST.get(name, 0.0), None) for name in FEATURES]]
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B")
    return np.asarray(found.x, np.float64)


def fitted(pairs: list[Labelled], person: bool) -> Floats:
    """The model of persons, or of all others, from the pairs that are not held out."""
    used = [pair for pair in pairs if not pair.held_out and (pair.kind == "person") == person]
    size = Counter(pair.group for pair in used)
    weight = np.array([SHARES[person][pair.group] / size[pair.group] for pair in used])
    labels = np.array([float(pair.match) for pair in used])
    return fit(matrix(used, person), labels, weight, guess(person), RIDGE[person])


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
    zero = {person: guess(person) for person in GUESS}
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

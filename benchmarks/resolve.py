"""Who is who, measured: `python -m benchmarks.resolve`; `--fit` fits the pair model anew and writes it.

First on published labelled records (where `DIVERSION_TEST_DATA` says), each judged by a model that did not
see its test group; then on a made world with known duplicates.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import duplicates
from benchmarks.truth_sets import Truth, read
from diversion.parties import pair_model
from diversion.parties.clusters import Apart, join
from diversion.parties.identifiers import telling

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
FOLDS, SEEDS, STRENGTH, OFFER = 5, 5, 1.0, 0.5
PLACE = Path(pair_model.__file__).with_name("pair_model.toml")
HEAD = """\
# Log-odds that two records are one party: base + the sum of coefficient x feature (`pair_model.py`).
# Fitted by `python -m benchmarks.resolve --fit`: logistic regression (L2, C = {strength}) on all
# {pairs:,} pairs of the {records} records of the Senzing truth sets (customers, reference, watchlist;
# Apache-2.0), {same} of them one party, most of them persons. Held out by test group ({folds} folds, mean of
# {seeds} drawings), at the offer below: precision {p:.3f}, recall {r:.3f}, F1 {f:.3f}; after joining what
# hangs together: {jp:.3f}, {jr:.3f}, {jf:.3f}.
"""


def extended(truth: Truth) -> Floats:
    return pair_model.extended(np.array(truth.measured()))


def fitted(features: Floats, same: Bools) -> tuple[float, Floats]:
    from sklearn.linear_model import LogisticRegression

    made = LogisticRegression(C=STRENGTH, max_iter=5000).fit(features, same)
    return float(made.intercept_[0]), made.coef_[0]


def held_out(truth: Truth, features: Floats, same: Bools, seed: int) -> Floats:
    """The probability of each pair by a model that saw no record of the first of its two folds."""
    groups = sorted(set(truth.group.values()))
    drawn = np.random.default_rng(seed).permutation(len(groups)) % FOLDS
    fold = dict(zip(groups, drawn, strict=True))
    ends = np.array([[fold[truth.group[key]] for key in pair] for pair in truth.pairs()])
    found = np.zeros(len(same))
    for number in range(FOLDS):
        base, coefficients = fitted(*(part[~(ends == number).any(axis=1)] for part in (features, same)))
        asked = ends.min(axis=1) == number
        found[asked] = 1 / (1 + np.exp(-(base + features[asked] @ coefficients)))
    return found


def measure(found: Bools, same: Bools) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    right = int((found & same).sum())
    return right / max(1, found.sum()), right / same.sum(), 2 * right / (found.sum() + same.sum())


def joined(truth: Truth, score: Floats, offer: float) -> Bools:
    """Which pairs are one party once all that hangs together is joined; numbers keep apart."""
    import pandas as pd

    place = {key: row for row, key in enumerate(truth.records)}
    ends = np.array([[place[key] for key in pair] for pair in truth.pairs()])
    chosen = score >= offer
    links = pd.DataFrame({"left": ends[chosen, 0], "right": ends[chosen, 1], "score": score[chosen]})
    held = [
        (row, scheme, register, number)
        for key, row in place.items()
        for (scheme, register), numbers in (truth.records[key].numbers or {}).items()
        for number in numbers
    ]
    numbers = pd.DataFrame(held, columns=["row", "scheme", "register", "number"])
    label, _ = join(len(place), links.assign(group=-1, decided=False), Apart(telling(numbers)))
    return np.asarray(label[ends[:, 0]] == label[ends[:, 1]])


def judge(truth: Truth, *, write: bool) -> None:
    features, same = extended(truth), np.array([truth.same(pair) for pair in truth.pairs()])
    scores = [held_out(truth, features, same, seed) for seed in range(SEEDS)]
    print(f"truth sets: {len(truth.records)} records, {len(same):,} pairs, {int(same.sum())} of one party")
    print(f"held out by test group, mean of {SEEDS} drawings: precision recall F1, and after joining")
    for offer in (0.3, OFFER, 0.7, 0.9):
        alone, whole = means(truth, scores, same, offer)
        print(f"  from {offer:.1f}   {shown(alone)}   {shown(whole)}")
    for name in ("CUSTOMERS", "REFERENCE", "WATCHLIST"):
        mine = np.array([name in (pair[0][0], pair[1][0]) for pair in truth.pairs()])
        found = np.mean([measure((s >= OFFER)[mine], same[mine]) for s in scores], axis=0)
        print(f"  pairs with a record of {name:10} {shown(found)}  ({int(same[mine].sum())} of one party)")
    now = pair_model.model().probabilities(np.array(truth.measured()))
    print(f"  the model in use, which saw them all: {shown(measure(now >= OFFER, same))}")
    if write:
        save(truth, features, same, means(truth, scores, same, OFFER))


def means(truth: Truth, scores: list[Floats], same: Bools, offer: float) -> tuple[Floats, Floats]:
    alone = np.mean([measure(score >= offer, same) for score in scores], axis=0)
    whole = np.mean([measure(joined(truth, score, offer), same) for score in scores], axis=0)
    return alone, whole


def shown(found: Floats | tuple[float, float, float]) -> str:
    return "  ".join(f"{value:.3f}" for value in found)


def save(truth: Truth, features: Floats, same: Bools, seen: tuple[Floats, Floats]) -> None:
    base, coefficients = fitted(features, same)
    (p, r, f), (jp, jr, jf) = seen
    told = {"strength": STRENGTH, "pairs": len(same), "records": len(truth.records), "same": int(same.sum())}
    told |= {"folds": FOLDS, "seeds": SEEDS, "p": p, "r": r, "f": f, "jp": jp, "jr": jr, "jf": jf}
    lines = [HEAD.format(**told) + f"base = {base:.4f}\noffer = {OFFER}\n\n[coefficients]"]
    lines += [f"{name} = {value:.4f}" for name, value in zip(pair_model.PLACES, coefficients, strict=True)]
    PLACE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    pair_model.model.cache_clear()
    print(f"written: {PLACE.name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="fit the pair model and write it")
    parser.add_argument("--parties", type=int, default=1_000_000, help="records of the made world")
    asked = parser.parse_args()
    shared = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    folder = Path(os.environ.get("DIVERSION_TEST_DATA", shared))
    if folder.is_dir():
        judge(read(folder), write=asked.fit)
    else:
        print("truth sets: left out, set DIVERSION_TEST_DATA")
    if asked.parties:
        duplicates.run(asked.parties)


if __name__ == "__main__":
    main()

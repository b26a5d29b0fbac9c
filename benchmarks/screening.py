"""How good the matching of names is, and how fast: python -m benchmarks.screening.

F1 at the best common threshold on the labelled pairs of nomenklatura beside the frozen scores of its own
logic-v2, pairs across scripts, a calibration table on pairs that the fit held out, speed against the 25,921
entries of the 2026 Consolidated Screening List, and false positives on generated clean names. Nothing here
was fitted on the pairs of nomenklatura (`fit_matching.py`, `labelled.py`).
"""

from __future__ import annotations

import csv
import os
import resource
import sys
import tempfile
from pathlib import Path
from random import Random
from time import perf_counter

import numpy as np
import numpy.typing as npt
import yaml

from benchmarks.labelled import by_hand, labelled
from diversion.parties.compare import likeness
from diversion.parties.pairs import judge
from diversion.parties.screen import Screener
from diversion.policy.policy import load

DATA = Path(os.environ.get("DIVERSION_TEST_DATA", "../shared/data"))
BENCH = DATA / "screening/nomenklatura/contrib"
KINDS = {"Person": "person", "Company": "company", "Organization": "company", "Vessel": "vessel"}
ORGANISATIONS = ("Company", "Organization", "LegalEntity")
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def best_f1(scores: Floats, match: Flags) -> tuple[float, float]:
    """The best F1 of any one threshold, and that threshold (a score at or above it is a match)."""
    best = (0.0, 1.0)
    for threshold in np.unique(scores):
        said = scores >= threshold
        best = max(best, (2 * (said & match).sum() / (said.sum() + match.sum()), -float(threshold)))
    return float(best[0]), -best[1]


def name_pairs() -> None:
    """Both bars: all scored pairs, and those of organisations."""
    with (BENCH / "name_bench/run_data/logicv2-frozen.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ours = np.array([likeness(row["name1"], row["name2"], KINDS.get(row["schema"])) for row in rows])
    theirs = np.array([float(row["score"]) for row in rows])
    match = np.array([row["is_match"] == "true" for row in rows])
    schema = np.array([row["schema"] for row in rows])
    cutoff = load().thresholds["match_cutoff"]
    groups = {
        "all": match | True,
        "organisations": np.isin(schema, ORGANISATIONS),
        "persons": schema == "Person",
    }
    for name, chosen in groups.items():
        f1, at = best_f1(ours[chosen], match[chosen])
        other, other_at = best_f1(theirs[chosen], match[chosen])
        said = ours[chosen] >= cutoff
        fixed = 2 * (said & match[chosen]).sum() / (said.sum() + match[chosen].sum())
        print(
            f"name pairs   {name:14} {chosen.sum():4}  ours {f1:.3f} at {at:.2f}  logic-v2 frozen {other:.3f}"
            f" at {other_at:.2f}  ours at the cut-off {cutoff:g} {fixed:.3f}"
        )
    known = {frozenset((row["name1"].lower(), row["name2"].lower())) for row in rows}
    seen = sum(frozenset((pair.left.lower(), pair.right.lower())) in known for pair in by_hand())
    print(f"name pairs   of these {seen} are among the pairs written by hand for the fit")


def entity_pairs() -> None:
    """Pairs with country, date and identifier as `screen --pairs` takes them."""
    checks = yaml.safe_load((BENCH / "entity_bench/checks.yml").read_text(encoding="utf-8"))["checks"]
    asked = [(place, _pair(check)) for place, check in enumerate(checks)]
    scores = np.array([one["score"] for one in judge(asked, load())])
    f1, at = best_f1(scores, np.array([bool(check["match"]) for check in checks]))
    print(f"entity pairs {len(checks)}  ours {f1:.3f} at {at:.2f}  (no frozen scores lie beside them)")


def _pair(check: dict[str, object]) -> dict[str, str | None]:
    made: dict[str, str | None] = {"kind": KINDS.get(str(check["schema"]))}
    for side, what in (("left", "query"), ("right", "candidate")):
        stated = check[what]
        assert isinstance(stated, dict)
        made[side] = _first(stated, "name", "alias", "weakAlias")
        made[f"{side}_country"] = _first(stated, "country", "jurisdiction", "nationality", "citizenship")
        made[f"{side}_date"] = _first(stated, "birthDate", "incorporationDate")
        number = _first(
            stated, "imoNumber", "registrationNumber", "taxNumber", "innCode", "ogrnCode", "idNumber"
        )
        made[f"{side}_identifier"] = f"number:{number}" if number else None
    return made


def _first(stated: dict[str, object], *keys: str) -> str | None:
    for key in keys:
        value = stated.get(key)
        if value:
            return str(value[0] if isinstance(value, list) else value)
    return None


def across_scripts() -> None:
    """True pairs, and false ones: each name against the partners of the others."""
    text = (DATA / "screening/cross_script/cross_script_pairs.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.reader(line for line in text.splitlines() if line and line[0] != "#") if row]
    cutoff = load().thresholds["match_cutoff"]
    true = [likeness(row[0], row[1]) for row in rows]
    false = [likeness(a[0], b[1]) for a in rows for b in rows if a[1] != b[1]]
    print(
        f"cross-script {len(true)} true pairs: {sum(s >= cutoff for s in true)} at or above {cutoff:g}, "
        f"least {min(true):.3f}; {len(false)} false: {sum(s >= cutoff for s in false)} above, "
        f"greatest {max(false):.3f}"
    )


def calibration() -> None:
    """Confidence against the share of true pairs, on pairs that were held out, each source counting alike."""
    pairs = [pair for pair in labelled(DATA) if pair.held_out]
    for name, groups in (("by hand", {"hand"}), ("from lists", {"alias", "nearest", "variant", "other"})):
        chosen = [pair for pair in pairs if pair.group in groups]
        scores = np.array([likeness(pair.left, pair.right, pair.kind) for pair in chosen])
        match = np.array([pair.match for pair in chosen])
        print(f"calibration  {name}, {len(chosen)} pairs held out: score, pairs, mean score, share true")
        for low in np.arange(0, 1, 0.1):
            inside = (scores >= low) & (scores < low + 0.1 + (low >= 0.89))
            if inside.any():
                said, was = scores[inside].mean(), match[inside].mean()
                print(f"             {low:.1f}–{low + 0.1:.1f}  {inside.sum():5}  {said:.2f}  {was:.2f}")


def held_out() -> None:
    """F1 on our own pairs that the fit held out, by whole entry or by hand, beside the reported ones."""
    pairs = [pair for pair in labelled(DATA) if pair.held_out]
    for kind in ("company", "person"):
        for name, groups in (("by hand", {"hand"}), ("from lists", {"alias", "nearest"})):
            chosen = [pair for pair in pairs if pair.kind == kind and pair.group in groups]
            scores = np.array([likeness(pair.left, pair.right, pair.kind) for pair in chosen])
            f1, at = best_f1(scores, np.array([pair.match for pair in chosen]))
            print(f"held out     {kind:9} {name:11} {len(chosen):5}  ours {f1:.3f} at {at:.2f}")


ONSETS = [
    "b",
    "br",
    "c",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "z",
]
VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "io"]
CODAS = ["", "", "n", "r", "l", "s", "x", "nd", "rt", "m", "ck"]
LINES = [
    "Trading",
    "Logistics",
    "Electronics",
    "Foods",
    "Textiles",
    "Engineering",
    "Shipping",
    "Consulting",
    "Pharma",
    "Steel",
]
FORMS = ["Ltd", "GmbH", "LLC", "Inc", "S.A.", "B.V.", "Oy", "Sp. z o.o.", "AG", "Pty Ltd"]
PLACES = ["Hamburg", "Lyon", "Porto", "Leeds", "Turin", "Kansas", "Osaka", "Lagos", "Quito", "Perth"]


def clean_names(count: int) -> list[str]:
    """Generated names that are on no list: coined words, lines of business, places, legal forms."""
    draw, made = Random(17), []
    for _ in range(count):
        coined = "".join(
            draw.choice(ONSETS) + draw.choice(VOWELS) + draw.choice(CODAS)
            for _ in range(draw.choice((2, 2, 3)))
        ).title()
        rest = [draw.choice(LINES)] * (draw.random() < 0.8) + [draw.choice(PLACES)] * (draw.random() < 0.3)
        made.append(" ".join([coined, *rest, draw.choice(FORMS)]))
    return made


def screener() -> Screener:
    """The 2026 list, read as a user would read it."""
    from diversion.ingest import IngestOptions, ingest
    from diversion.store import open_store

    with tempfile.TemporaryDirectory() as folder, open_store(f"{folder}/case.duckdb") as store:
        ingest(store, [DATA / "lists/us_csl/screening-list_2026-07-31.json"], IngestOptions())
        return Screener(store.read("Listing"), load())


def speed(count: int) -> None:
    """Many names at once, one name after the other, and how many clean names have a hit."""
    begin = perf_counter()
    ready = screener().warm()
    entries = sum(row["entries"] for row in ready.searched)
    print(f"speed        {entries:,} entries ready after {perf_counter() - begin:.1f} s, reading included")
    cutoff = load().thresholds["match_cutoff"]
    draw, clean = Random(3), clean_names(count * 4 // 5)
    listed = [name for _, name in ready.named]
    some = [_mistyped(draw.choice(listed), draw) for _ in range(count - len(clean))]
    begin, work = perf_counter(), _processor()
    told = ready.screen_many([{"name": name} for name in [*clean, *some]], cutoff)
    wall, work = perf_counter() - begin, _processor() - work
    found = sum(bool(one["hits"]) for one in told[len(clean) :])
    print(
        f"speed        {count:,} names in {wall:.1f} s on {os.cpu_count()} cores "
        f"({work:.1f} s of processor); "
        f"{found / max(1, len(some)):.1%} of {len(some):,} mistyped names of the list have a hit"
    )
    false = sum(bool(one["hits"]) for one in told[: len(clean)])
    print(
        f"clean names  {false / len(clean) * 1e4:.1f} of 10,000 have a hit at or above {cutoff:g} "
        f"({len(clean):,} generated names of companies: coined words, lines of business, places, legal forms)"
    )
    times, work = [], _processor()
    for name in [*some[:400], *clean[:400]]:
        begin = perf_counter()
        ready.screen([{"name": name}], cutoff)
        times.append(perf_counter() - begin)
    work = (_processor() - work) / len(times) * 1e3
    p50, p99 = np.percentile(times, [50, 99]) * 1e3
    print(f"speed        one name, warm: median {p50:.1f} ms, p99 {p99:.1f} ms, {work:.1f} ms of processor")


def _processor() -> float:
    """Seconds of processor that this process and those it started have used."""
    mine, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def _mistyped(name: str, draw: Random) -> str:
    place = draw.randrange(len(name))
    return name[:place] + draw.choice("abcdefghiklmnoprstuvyz") + name[place + 1 :]


def main() -> None:
    if not DATA.is_dir():
        print("left out: needs labelled pairs and a list, set DIVERSION_TEST_DATA")
        return
    for part in (name_pairs, entity_pairs, held_out, across_scripts, calibration):
        part()
    speed(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)


if __name__ == "__main__":
    main()

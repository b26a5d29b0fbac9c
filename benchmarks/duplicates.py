"""A made world of companies, a tenth of the records second ones of a company, written differently."""

from __future__ import annotations

import multiprocessing
import random
import resource
from collections import Counter
from datetime import date, timedelta
from time import perf_counter

import pandas as pd
import pyarrow as pa

from diversion.parties.names import name_key
from diversion.parties.resolve import Directory, resolve
from diversion.policy.policy import load
from diversion.schema import conform

SYLLABLES = (
    *("ka", "lo", "mi", "ren", "tas", "vel", "dor", "ni", "shu", "bra", "gul", "fen", "zor"),
    *("pa", "li", "tor", "em", "as", "quin", "hal", "ver", "ost", "ryn", "dex"),
)
TRADES = (
    *("Trading", "Electronics", "Logistics", "Systems", "Components", "Industries", "Shipping"),
    *("Instruments", "Holdings", "Supply"),
)
FORMS = {
    "AE": "FZE",
    "RU": "OOO",
    "DE": "GmbH",
    "GB": "Ltd",
    "TR": "A.S.",
    "CN": "Co., Ltd.",
    "HK": "Limited",
}
STREETS = (
    *("King", "Queen", "Harbour", "Mill", "Station", "Market", "Garden", "River", "Bridge"),
    *("Church",),
)
SPELLINGS = (("ks", "x"), ("c", "k"), ("y", "i"), ("ph", "f"), ("w", "v"), ("ee", "i"), ("u", "oo"))
Row = dict[str, object]


class Maker:
    """Companies and their second records, drawn from one seed."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)

    def company(self, place: int) -> Row:
        dice = self._dice
        country = dice.choice(sorted(FORMS))
        words = [
            "".join(dice.choices(SYLLABLES, k=dice.choice((2, 3, 3)))).title()
            for _ in range(dice.choice((1, 2, 2)))
        ]
        house, quarter = dice.randrange(1, 400), "".join(dice.choices(SYLLABLES, k=2)).title()
        street = f"{house} {quarter} {dice.choice(STREETS)} Street"
        agent = dice.random() < 0.01
        return {
            "id": f"C{place:07}",
            "name": f"{' '.join(words)} {dice.choice(TRADES)} {FORMS[country]}",
            "country": country,
            "incorporated_on": date(1990, 1, 1) + timedelta(dice.randrange(12000))
            if dice.random() < 0.6
            else None,
            "identifier": f"registration number:{dice.randrange(10**8):08}" if dice.random() < 0.4 else None,
            "address": "1 Agents House" if agent else street if dice.random() < 0.8 else None,
        }

    def second(self, first: Row, place: int) -> Row:
        """Another record of the same company: one or two of its words changed, some of its facts missing."""
        dice = self._dice
        words = str(first["name"]).removesuffix(FORMS[str(first["country"])]).split()
        for _ in range(dice.choice((0, 1, 1, 2))):
            words = dice.choice((self._slip, self._spelled, self._turned, self._dropped))(words)
        form = dice.choice((FORMS[str(first["country"])], "", "LLC"))
        kept = {
            key: first[key] if dice.random() < 0.6 else None
            for key in ("incorporated_on", "identifier", "address")
        }
        if kept["address"]:
            kept["address"] = str(kept["address"]).replace("Street", dice.choice(("Street", "St", "Str.")))
        country = first["country"] if dice.random() < 0.9 else None
        return {"id": f"C{place:07}", "name": f"{' '.join(words)} {form}".strip(), "country": country, **kept}

    def sister(self, first: Row, place: int) -> Row:
        """Another company of the same house: of one name where numbers tell them apart, or of a group."""
        own = self.company(place)
        if not first["identifier"]:
            name = str(first["name"]).replace(" ", f" {self._dice.choice(TRADES)} ", 1)
            return {**own, "name": name, "country": first["country"], "address": first["address"]}
        number = f"registration number:{self._dice.randrange(10**8):08}"
        day = date(1990, 1, 1) + timedelta(self._dice.randrange(12000))
        return {**first, "id": own["id"], "identifier": number, "incorporated_on": day}

    def _slip(self, words: list[str]) -> list[str]:
        at = self._dice.randrange(len(words))
        word, spot = words[at], self._dice.randrange(len(words[at]))
        letter = self._dice.choice("abcdefghiklmnoprstuvy")
        changed = self._dice.choice(
            (
                word[:spot] + word[spot + 1 :],
                word[:spot] + letter + word[spot:],
                word[:spot] + letter + word[spot + 1 :],
            )
        )
        return [*words[:at], changed or word, *words[at + 1 :]]

    def _spelled(self, words: list[str]) -> list[str]:
        written, read = self._dice.choice(SPELLINGS)
        return [word.replace(written, read) for word in words]

    def _turned(self, words: list[str]) -> list[str]:
        return [*words[1:], words[0]]

    def _dropped(self, words: list[str]) -> list[str]:
        return words[:-1] if len(words) > 2 else words


def world(size: int, seed: int = 11) -> tuple[pa.Table, pd.DataFrame, dict[str, str]]:
    """The Party table, where each is, and the company of each second record: nine tenths are companies."""
    maker = Maker(seed)
    rows = [maker.company(place) for place in range(size * 9 // 10 - size // 100)]
    rows += [maker.sister(rows[place * 7], len(rows) + place) for place in range(size // 100)]
    firsts, truth = len(rows), {}
    for place in range(firsts, size):
        first = rows[(place * 7919) % firsts]
        rows.append(maker.second(first, place))
        truth[f"C{place:07}"] = str(first["id"])
    frame = pd.DataFrame(rows)
    places = frame.loc[frame["address"].notna(), ["id", "address"]].set_axis(["party", "text"], axis=1)
    del rows
    table = pa.table(
        {name: pa.array(frame[name], from_pandas=True) for name in ("id", "name", "country", "identifier")}
    )
    table = table.append_column(
        "incorporated_on", pa.array(frame["incorporated_on"], pa.date32(), from_pandas=True)
    )
    table = table.append_column("name_key", pa.array([name_key(name) for name in frame["name"]]))
    for name, value in (("kind", "company"), ("source", "made"), ("stated", True)):
        table = table.append_column(name, pa.array([value] * size))
    return conform("Party", table), places, truth


def measure(size: int) -> None:
    """Resolve the world and print what it took and what was found."""
    table, places, truth = world(size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    began = perf_counter()
    found = resolve(table, load(), places, thorough=True)
    spent, peak = perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"made world: {size:,} records, {len(truth):,} of them second ones of a company")
    print(f"  {spent:.1f} s, peak {peak:.2f} GB ({before:.2f} GB before)", flush=True)
    tell(found, truth)


def tell(found: Directory, truth: dict[str, str]) -> None:
    """How many second records were joined to their company or offered, and how often that is right."""
    company = {party: truth.get(party, party) for party in found.canonical.index}
    joined = [(a, b) for a, b in found.canonical.items() if a != b]
    right = sum(company[str(a)] == company[str(b)] for a, b in joined)
    ends = [found.canonical[found.same[end]].to_numpy() for end in ("party", "other")]
    same = found.same[ends[0] != ends[1]]
    pairs = {(a, b): score for a, b, score in zip(same["party"], same["other"], same["score"], strict=True)}
    reached = sum(
        found.canonical[a] == found.canonical[b] or (min(a, b), max(a, b)) in pairs for a, b in truth.items()
    )
    print(
        f"  joined {len(joined):,}: precision {right / max(1, len(joined)):.4f}, "
        f"recall {right / len(truth):.3f}"
    )
    print(f"  joined or offered: recall {reached / len(truth):.3f}")
    bands: Counter[tuple[float, bool]] = Counter()
    for (a, b), score in pairs.items():
        bands[min(int(score * 10) / 10, 0.9), company[a] == company[b]] += 1
    for band in sorted({key[0] for key in bands}, reverse=True):
        true, false = bands[band, True], bands[band, False]
        print(f"  offered from {band:.1f}: {true + false:,}, {true / (true + false):.3f} of them right")


def run(size: int) -> None:
    """`measure` in a process of its own, so that its peak memory is its own."""
    step = multiprocessing.get_context("spawn").Process(target=measure, args=(size,))
    step.start()
    step.join()
    if step.exitcode:
        raise SystemExit(step.exitcode)

"""Labelled pairs of names to fit the match model on: none of those on which it is reported.

Aliases of list entries against their own name, nearest names of other entries, variants made by rule, and
pairs written by hand (`data/name_pairs.csv`, `data/organisation_pairs.csv`). An entry is wholly in the fit
or wholly held out.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Literal

from diversion.parties import lexicon, likeness
from diversion.parties.names import split
from diversion.parties.tokens import patronymic

HERE = Path(__file__).parent
KINDS = {"Individual": "person", "Entity": "company", "Vessel": "vessel", "Aircraft": "vessel"}
Group = Literal["hand", "alias", "nearest", "variant", "other"]


@dataclass(frozen=True)
class Labelled:
    """A pair of names, whether they are one party, where the label is from, and whether it is held out."""

    left: str
    right: str
    kind: str
    match: bool
    group: Group
    held_out: bool


@dataclass(frozen=True)
class Entry:
    """A list entry with its names."""

    id: str
    name: str
    aliases: tuple[str, ...]
    kind: str

    @property
    def held_out(self) -> bool:
        """One entry in four, by a digest of its name, so that the same name on two lists stays together."""
        return blake2b(split(self.name)[0].encode(), digest_size=1).digest()[0] % 4 == 0


def entries(data: Path) -> list[Entry]:
    """The 25,921 entries of the Consolidated Screening List of July 2026."""
    path = data / "lists/us_csl/screening-list_2026-07-31.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["entries"]
    return [
        Entry(str(place), row["n"], tuple(row.get("a", ())), KINDS.get(row.get("t", ""), "unknown"))
        for place, row in enumerate(rows)
    ]


def by_hand() -> Iterator[Labelled]:
    """Pairs written for this purpose from general knowledge of names; one in four is held out."""
    for name in ("name_pairs", "organisation_pairs"):
        with (HERE / f"data/{name}.csv").open(encoding="utf-8", newline="") as file:
            for place, row in enumerate(csv.DictReader(file)):
                out = place % 4 == 3
                yield Labelled(row["left"], row["right"], row["kind"], row["match"] == "1", "hand", out)


def aliases(listed: list[Entry], most: int) -> Iterator[Labelled]:
    """Names and aliases of one entry, where a reader could see that they are one name."""
    from rapidfuzz import fuzz

    draw = Random(5)
    for entry in draw.sample(listed, len(listed)):
        if not entry.aliases or entry.kind == "unknown":
            continue
        alias = draw.choice(entry.aliases)
        ours, theirs = split(entry.name)[0], split(alias)[0]
        if ours == theirs or fuzz.token_set_ratio(ours, theirs) < 62:
            continue
        yield Labelled(entry.name, alias, entry.kind, True, "alias", entry.held_out)
        most -= 1
        if not most:
            return


def nearest(listed: list[Entry], most: int) -> Iterator[Labelled]:
    """The names of other entries of the same kind that look most alike."""
    from diversion.parties.ngrams import Index

    named = [entry for entry in listed if entry.kind != "unknown"]
    keys = [split(entry.name)[0] for entry in named]
    held = [{split(name)[0] for name in (entry.name, *entry.aliases)} for entry in named]
    index, draw = Index.of(keys), Random(7)
    for place in draw.sample(range(len(named)), min(most, len(named))):
        rows, _ = index.similar(keys[place], 12)
        others = [
            int(row)
            for row in rows
            if row != place and named[row].kind == named[place].kind and not held[row] & held[place]
        ]
        for other in others[:2]:
            out = named[place].held_out and named[other].held_out
            if out or not (named[place].held_out or named[other].held_out):
                yield Labelled(named[place].name, named[other].name, named[place].kind, False, "nearest", out)


_SWAPS = [
    *[
        ("kh", "h"),
        ("y", "i"),
        ("i", "y"),
        ("ou", "u"),
        ("u", "ou"),
        ("sh", "ch"),
        ("v", "w"),
        ("w", "v"),
        ("ts", "tz"),
    ],
    *[
        ("k", "q"),
        ("q", "k"),
        ("ei", "ey"),
        ("ya", "ia"),
        ("yu", "iu"),
        ("dh", "d"),
        ("gh", "g"),
        ("ss", "s"),
        ("s", "ss"),
    ],
    *[
        ("ee", "i"),
        ("oo", "u"),
        ("ks", "x"),
        ("x", "ks"),
        ("c", "k"),
        ("ph", "f"),
        ("th", "t"),
        ("mm", "m"),
        ("ov", "off"),
    ],
]


def _respelt(word: str, draw: Random) -> str:
    able = [(old, new) for old, new in _SWAPS if old in word]
    if not able:
        return word
    old, new = draw.choice(able)
    return word.replace(old, new, 1)


def _mistyped(word: str, draw: Random) -> str:
    place = draw.randrange(1, len(word))
    letter = draw.choice("abcdefghiklmnoprstuvyz")
    how = draw.randrange(4)
    if how == 0:
        return word[:place] + word[place + 1 :]
    if how == 1:
        return word[:place] + letter + word[place:]
    if how == 2:
        return word[:place] + letter + word[place + 1 :]
    return word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]


def variants(listed: list[Entry], most: int) -> Iterator[Labelled]:
    """Names changed by rule: as people write them otherwise, and as another party might be called."""
    draw = Random(11)
    named = [e for e in listed if e.kind in ("person", "company") and 1 < len(split(e.name)[0].split()) < 8]
    chosen = draw.sample(named, min(most, len(named)))
    pool = {kind: [e for e in named if e.kind == kind] for kind in ("person", "company")}
    for entry in chosen:
        words = [w for w in split(entry.name)[0].split() if w not in lexicon.particles()]
        if len(words) < 2:
            continue
        made = _same(words, entry.kind, draw)
        if made and sorted(made) != sorted(words):
            yield Labelled(entry.name, " ".join(made), entry.kind, True, "variant", entry.held_out)
        other = draw.choice(pool[entry.kind])
        made = _different(words, split(other.name)[0].split(), draw)
        if made and other.held_out == entry.held_out:
            yield Labelled(entry.name, " ".join(made), entry.kind, False, "other", entry.held_out)


def _same(words: list[str], kind: str, draw: Random) -> list[str]:
    made = list(words)
    long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    how = draw.randrange(6)
    if how == 0 and long:
        place = draw.choice(long)
        made[place] = _mistyped(made[place], draw)
    elif how in (1, 2) and long:
        for place in long[:2]:
            made[place] = _respelt(made[place], draw)
    elif how == 3 and kind == "person" and len(words) > 2:
        del made[-1]  # the list writes the family name first
    elif how == 3 and kind == "company":
        generic = [place for place, word in enumerate(words) if word in lexicon.generic()]
        if not generic or len(words) - len(generic) < 1 or len(words) < 3:
            return []
        del made[generic[-1]]
    elif how == 4 and kind == "person" and len(words) > 2:
        made[1] = made[1][0]
    elif how == 5 and kind == "company":
        known = [spot for spot, word in enumerate(words) if word in lexicon.concepts()]
        if not known:
            return []
        place = known[0]
        mine = lexicon.concepts()[words[place]]
        able = sorted(w for w, found in lexicon.concepts().items() if found == mine)
        made[place] = draw.choice(able)
    else:
        made = made[1:] + made[:1]
    return made


def _different(words: list[str], other: list[str], draw: Random) -> list[str]:
    """Another party: a telling word, or a generic one, or a number exchanged."""
    made = list(words)
    number = next((spot for spot, word in enumerate(words) if word.isdigit()), None)
    if number is not None:
        made[number] = str(int(made[number]) + draw.randrange(1, 9)) if len(made[number]) < 9 else "7"
        return made
    telling = [p for p, w in enumerate(words) if w not in lexicon.generic() and not patronymic(w)]
    place = draw.choice(telling) if telling and draw.random() < 0.75 else draw.randrange(len(words))
    if patronymic(words[place]):
        return []
    stranger = draw.choice(other)
    if stranger in words or likeness.alike(stranger, words[place]).score > 0.6 or len(stranger) < 3:
        return []
    made[place] = stranger
    return made


def labelled(data: Path, most: int = 6000) -> list[Labelled]:
    """All of them, in one order for every run."""
    listed = entries(data)
    return [*by_hand(), *aliases(listed, most), *nearest(listed, most), *variants(listed, most)]

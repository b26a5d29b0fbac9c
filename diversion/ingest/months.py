"""Months by their names in the languages that customs files are written in (`data/months.csv`)."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files

_PLAIN = str.maketrans({"ı": "i", "đ": "d", "ł": "l"})


def plain(name: str) -> str:
    """A name without case and accents.

    >>> plain("Août"), plain("AĞUSTOS")
    ('aout', 'agustos')
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept).translate(_PLAIN).strip(" .")


@cache
def _names() -> dict[str, int]:
    text = (files("diversion.ingest") / "data" / "months.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {plain(name): int(row["month"]) for row in rows for name in row["names"].split("|")}


@cache
def month(name: str) -> int | None:
    """The number of a month, by its name or a beginning of it that no other month shares.

    >>> month("Apr"), month("сентября"), month("févr."), month("ju"), month("Sept")
    (4, 9, 2, None, 9)
    """
    word = plain(name)
    if word in _names():
        return _names()[word]
    begun = {number for known, number in _names().items() if len(word) > 2 and known.startswith(word)}
    return begun.pop() if len(begun) == 1 else None

"""The tables by which words of names are known: names, trades, places, commonness."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

Groups = Mapping[str, frozenset[int]]


_ENDING = re.compile(
    r"(iya|iyu|aya|oye|oe|yye|yy|iy|yi|ii|ij|ogo|ego|oy|oi|ye|ie|ykh|ikh|ym|ov|am|a|o|e|i|y|u)$"
)


@cache
def _names() -> dict[str, object]:
    return tomllib.loads((files("diversion.parties") / "given_names.toml").read_text(encoding="utf-8"))


def _grouped(rows: Iterable[object]) -> Groups:
    found: dict[str, set[int]] = {}
    for place, row in enumerate(rows):
        for word in str(row).split():
            found.setdefault(word, set()).add(place)
    return {word: frozenset(places) for word, places in found.items()}


@cache
def same_names() -> Groups:
    """Spelling of a name → the rows of `same` in which it stands."""
    return _grouped(_rows("same"))


@cache
def short_names() -> Groups:
    """Short form of a name, or the name → the rows of `short` in which it stands."""
    return _grouped(_rows("short"))


def _rows(section: str) -> list[object]:
    rows = _names()[section]
    assert isinstance(rows, list)
    return rows


@cache
def concepts() -> Groups:
    """Word of company names → its concepts in `meanings.toml`."""
    raw = _meanings()
    sections = (raw[name] for name in ("trade", "industry", "body", "rank", "place"))
    return _grouped(words for section in sections for words in section.values())


@cache
def _stems() -> Groups:
    """Slavic words without their endings, where that is enough to know them by."""
    found: dict[str, frozenset[int]] = {}
    for word, places in concepts().items():
        stem = _ENDING.sub("", word)
        if len(stem) > 4:
            found[stem] = found.get(stem, frozenset()) | places
    return found


@lru_cache(maxsize=1 << 16)
def concept(word: str) -> frozenset[int]:
    """The concepts of a word, whatever its Slavic ending.

    >>> bool(concept("nauchnoye") & concept("nauchnyy")), concept("kestrel")
    (True, frozenset())
    """
    found = concepts().get(word)
    if found is None and len(word) > 5:
        found = _stems().get(_ENDING.sub("", word))
    return found or frozenset()


@cache
def spelt_out() -> Mapping[str, tuple[str, ...]]:
    """Abbreviation → the generic words for which it stands."""
    return {word: tuple(text.split()) for word, text in _meanings()["spelt_out"].items()}


@cache
def numerals() -> Mapping[str, str]:
    """Number in words → in digits."""
    return {word: number for number, words in _meanings()["numerals"].items() for word in words.split()}


@cache
def _meanings() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("diversion.parties") / "meanings.toml").read_text(encoding="utf-8"))


@cache
def places() -> frozenset[str]:
    """Words that say where a company is."""
    named = {word for words in _meanings()["place"].values() for word in words.split()}
    return frozenset(named | set(_common()["place"]))


_ADJECTIVE = re.compile(r"(iy|yy|yi|ij|ii|y|i|aya|aia|oye|oe|oie|ie|iye|ogo|ykh|ikh|om|oi|oy)$")


@lru_cache(maxsize=1 << 16)
def place_of(word: str) -> str | None:
    """The place that a word names, also as a Slavic adjective; None where it is no place that is known.

    >>> place_of("kazanskiy"), place_of("samarskaya"), place_of("minskii"), place_of("kestrel")
    ('kazan', 'samara', 'minsk', None)
    """
    if word in places():
        return word
    stem = _ADJECTIVE.sub("", word)
    if stem == word or not stem.endswith("sk"):
        return None
    known = _place_stems()
    return known.get(stem) or known.get(stem[:-2])


@cache
def _place_stems() -> Mapping[str, str]:
    """Places as their adjectives begin: minsk, kazan, samar."""
    long = sorted(word for word in places() if len(word) > 3)
    return {word.rstrip("aoy") if word[-1] in "aoy" else word: word for word in reversed(long)}


@cache
def titles() -> frozenset[str]:
    """Words said before or after the name of a person."""
    return frozenset(map(str, _rows("titles")))


@cache
def particles() -> frozenset[str]:
    """Joints of names, which come and go."""
    return frozenset(map(str, _rows("particles")))


@cache
def generations() -> Mapping[str, str]:
    """Junior, senior, II: as numbers."""
    table = _names()["generations"]
    assert isinstance(table, dict)
    return {str(word): str(number) for word, number in table.items()}


@cache
def generic() -> frozenset[str]:
    """Words that many companies bear, of `common_words.toml` and `meanings.toml`."""
    return frozenset(word for group in _common().values() for word in group) | set(concepts())


@cache
def _common() -> Mapping[str, list[str]]:
    return tomllib.loads((files("diversion.parties") / "common_words.toml").read_text(encoding="utf-8"))


@cache
def _words() -> frozenset[str]:
    text = (files("diversion.parties") / "known_words.toml").read_text(encoding="utf-8")
    return frozenset(word for row in tomllib.loads(text).values() for word in row.split())


@lru_cache(maxsize=1 << 16)
def known_word(word: str) -> bool:
    """Whether a word of company names is one by itself, and no misspelling of another.

    >>> known_word("marina"), known_word("karina"), known_word("marinna")
    (True, True, False)
    """
    return word in _words() or word in concepts() or word in places()


@cache
def bodies() -> frozenset[str]:
    """Words for a company as such, which come and go."""
    names = ("company", "corporation", "group", "holding", "concern", "enterprise")
    return frozenset(word for name in names for word in _meanings()["body"][name].split())


@cache
def _commonness() -> Mapping[str, float]:
    text = (files("diversion.parties") / "match_model.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)["commonness"]
    return {word: float(weight) for weight, words in table.items() for word in words.split()}


@cache
def trades() -> frozenset[str]:
    """Words by which the name of a company is told from that of a person."""
    sections = ("trade", "industry", "body")
    told = {word for name in sections for words in _meanings()[name].values() for word in words.split()}
    return frozenset(word for word in told - set(same_names()) if len(word) > 3)


_NO_LINE = (
    *("company", "corporation", "group", "holding", "concern", "consortium", "enterprise", "association"),
    *("establishment", "organization", "union", "department", "service", "solution", "management"),
    *("project", "partner", "brothers", "sons", "branch", "subsidiary", "center", "foundation", "bureau"),
    *("agency", "institute", "charity", "party", "front", "movement", "trust", "capital", "investment"),
    *("plant", "industry", "machine", "manufacturing", "engineering", "electronic", "equipment", "component"),
    *("technology", "technical", "system", "research", "science", "development", "special", "digital"),
    *("material", "information", "marine", "office", "unit", "logistics", "transport", "laboratory"),
)
_OPPOSED = ("north", "south", "east", "west", "upper", "lower", "second_rank", "far", "new", "old", "central")
_COLOURS = ("black", "white", "red", "blue", "green", "silver")


@cache
def lines() -> frozenset[str]:
    """Words for what one company or body does and another does not: a bank, a hospital, cement, textile."""
    sections = (_meanings()["body"], _meanings()["industry"])
    rows = (row for section in sections for name, row in section.items() if name not in _NO_LINE)
    return frozenset(word for row in rows for word in row.split())


@cache
def opposed() -> frozenset[str]:
    """Directions and colours, which tell names apart as places do."""
    rank = _meanings()["rank"]
    return frozenset(word for name in (*_OPPOSED, *_COLOURS) for word in rank[name].split())


@cache
def industries() -> frozenset[str]:
    """Words for a line of business, which tell more than those for trade as such."""
    return frozenset(word for words in _meanings()["industry"].values() for word in words.split())


def commonness(word: str) -> float:
    """What a word weighs by how many names of the lists hold it: 1 for a rare one.

    >>> commonness("zzyzx")
    1.0
    """
    return _commonness().get(word, 1.0)


def forget() -> None:
    """Read the model file anew; for the fit alone, which writes it."""
    _commonness.cache_clear()

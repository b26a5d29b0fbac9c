"""What the words of a header mean: concepts of `data/lexicon.toml`, in any of its languages.

A header is cut into words at spaces, punctuation, changes of case and of script, and between letters and
digits; a script without spaces is cut into characters. Of phrases that begin at a word the longest counts.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby

LONGEST = 10
"""Words of the longest phrase that is looked for."""
WIDEST = 200
"""Characters of a header that are read; a longer one is no header."""
CURRENCY, UNIT, NOISE = "currency:", "unit:", "noise"

_OTHER = str.maketrans("đıłøəĸكيىۀ", "dilo" + "ek" + "کییه", "ـ\u200c\u200f\u200e")
_CAMEL = re.compile(
    r"(?<=[a-zà-öø-ÿа-яё])(?=[A-ZÀ-ÖØ-ÞА-ЯЁ])|(?<=[A-ZА-Я])(?=[A-ZА-Я][a-zа-я])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)
_WORD = re.compile(r"[^\W_]+|[$€£₹¥₽₸₴₺₦₩₫%]")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_BOX = re.compile(
    r"(?:g|gr|graph|graf|box|casilla|case|campo|feld|kutu|гр|графа|г)[ _.]*0?(\d{1,2})(?![\d])", re.I
)
_GTD = re.compile(r"[gг]([0-5]\d)(_\d{1,2}|\d{1,2}|[a-z]{1,2}|in|)(?:_\d+)?", re.I)
_GOODS = {
    "": ("goods", "description"),
    "1": ("goods", "description"),
    "7": ("quantity", "standard"),
    "71": ("unit",),
}
_PARTS = {"1": "taxid", "2": "name", "3": "address", "4": "country"}


@dataclass(frozen=True)
class Words:
    """Concepts of a header in order, how much of it is not known (words), and its numbers."""

    concepts: tuple[str, ...]
    unknown: float = 0.0
    numbers: tuple[int, ...] = ()

    @property
    def currency(self) -> str | None:
        """The currency that the header names."""
        return next((c[len(CURRENCY) :] for c in self.concepts if c.startswith(CURRENCY)), None)

    @property
    def unit(self) -> str | None:
        """The unit of weight that the header names."""
        return next((c[len(UNIT) :] for c in self.concepts if c.startswith(UNIT)), None)


@dataclass(frozen=True)
class _Lexicon:
    """Phrases as tuples of words: whole ones, and those with a word that may end in anything."""

    exact: dict[tuple[str, ...], str]
    stems: dict[str, list[tuple[tuple[str, ...], str]]]
    vocabulary: frozenset[str]
    boxes: dict[int, tuple[str, ...]]


def fold(text: str) -> str:
    """Without case, accents and variants of letters.

    >>> fold("Ülke ADI"), fold("Вес брутто, КГ"), fold("Ｎｏ．")
    ('ulke adi', 'вес брутто, кг', 'no.')
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return unicodedata.normalize("NFKC", plain).translate(_OTHER)


def tokens(text: str) -> list[str]:
    """The words of a header, folded.

    >>> tokens("ImporterName"), tokens("HSCode_2"), tokens("进口商HS")
    (['importer', 'name'], ['hscode', '2'], ['进', '口', '商', 'hs'])
    """
    wide = unicodedata.normalize("NFKC", text)
    found: list[str] = []
    for chunk in _WORD.findall(wide):
        whole = fold(chunk)
        parts = [whole] if (whole,) in lexicon().exact else map(fold, _CAMEL.split(chunk))
        for part in parts:
            found += _scripts(part)
    return found


def _scripts(part: str) -> Iterator[str]:
    for unspaced, letters in groupby(part, lambda letter: bool(_UNSPACED.match(letter))):
        if unspaced:
            yield from letters
        else:
            yield from _WORD.findall("".join(letters))


def _phrase(text: str) -> tuple[str, ...]:
    """A phrase of the lexicon as words; a star stays at the end of its word."""
    return tuple(
        word + ("*" if at == last and star else "")
        for piece in text.split()
        for star, words in [(piece.endswith("*"), _plain(piece))]
        for last in [len(words) - 1]
        for at, word in enumerate(words)
    )


def _plain(piece: str) -> list[str]:
    return [word for chunk in _WORD.findall(fold(piece)) for word in _scripts(chunk)]


@cache
def lexicon() -> _Lexicon:
    """The lexicon, read once."""
    raw = tomllib.loads((files("diversion.ingest") / "data" / "lexicon.toml").read_text(encoding="utf-8"))
    boxes = {int(no): tuple(said.split()) for no, said in raw.pop("boxes").items()}
    named = [(CURRENCY + code, said) for code, said in raw.pop("currencies").items()]
    named += [(UNIT + unit, said) for unit, said in raw.pop("units").items()]
    several = raw.pop("phrases")
    named = [(concepts, phrase) for phrase, concepts in several.items()] + named
    for table in raw.values():
        named += list(table.items())
    exact: dict[tuple[str, ...], str] = {}
    stems: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    words: set[str] = set()
    for concept, said in named:
        for text in said.replace("\n", " ").split(","):
            phrase = _phrase(text)
            if not phrase:
                continue
            literal = tuple(word.rstrip("*") for word in phrase)
            words.update(literal)
            exact.setdefault(literal, concept)
            if literal != phrase:
                stems.setdefault(literal[0][:2], []).append((phrase, concept))
    for code in _currencies():
        exact.setdefault((code.casefold(),), CURRENCY + code)
    for some in stems.values():
        some.sort(key=lambda one: (-len(one[0]), -len("".join(one[0]))))
    return _Lexicon(exact, stems, frozenset(words), boxes)


_ALSO_WORDS = frozenset(["ALL", "TOP", "CUP", "SOS", "ANG", "STD", "COU", "CHE", "CHW", "XAG", "XAU"])
"""Codes of currencies that are more likely something else in a header."""


def _currencies() -> list[str]:
    text = (files("diversion.ingest") / "data" / "currencies.txt").read_text(encoding="utf-8")
    codes = [code for line in text.splitlines() if not line.startswith("#") for code in line.split()]
    return [code for code in codes if code not in _ALSO_WORDS]


@lru_cache(maxsize=20_000)
def read(header: str) -> Words:
    """The concepts of a header.

    >>> read("Shipper Country").concepts, read("Наименование отправителя").concepts
    (('exporter', 'country'), ('name', 'exporter'))
    >>> read("FOB Value (USD)").currency, read("Вес нетто, кг").unit
    ('USD', 'kg')
    """
    if len(header) > WIDEST:
        return Words((), 99.0)
    if boxed := _box(header.strip()):
        return boxed
    words = tokens(header)
    found, unknown = _concepts(words)
    pieces = [piece for word in words for piece in _pieces(word)]
    if pieces != words:
        words = pieces
        found, unknown = _concepts(words)
    numbers = tuple(int(word) for word in words if word.isdecimal() and len(word) < 5)
    return Words(tuple(c for c in found if c != NOISE), unknown, numbers)


def says(row: Iterable[str]) -> bool:
    """Whether two cells of a row hold a word of the lexicon, or one that joins such: a quick look."""
    exact, known = lexicon().exact, 0
    for cell in row:
        words = tokens(cell) if len(cell) < WIDEST else []
        known += any((word,) in exact or (len(word) > 6 and _joined(word)) for word in words) or bool(
            _box(cell.strip())
        )
        if known > 1:
            return True
    return False


def _box(header: str) -> Words | None:
    """A header that is no more than the number of a box of the declaration: `G31_1`, `Графа 33`."""
    if match := _GTD.fullmatch(header):
        box, part = int(match[1]), match[2].strip("_").casefold()
    elif match := _BOX.fullmatch(header):
        box, part = int(match[1]), ""
    else:
        return None
    if box in (7, 54) and part == "2":
        return Words(("date", "declaration"))
    concepts = lexicon().boxes.get(box)
    if not concepts:
        return None
    if box in (2, 8, 14):
        concepts = (*concepts, _PARTS.get(part[:1], "name"))
    if box == 31:
        return Words(_GOODS.get(part, ("brand",)))
    if box == 22 and part == "2":
        return Words(("value", "costing"))
    return Words(concepts, 0.0)


def _concepts(words: Sequence[str]) -> tuple[list[str], float]:
    found: list[str] = []
    unknown, at = 0.0, 0
    while at < len(words):
        concept, taken = _longest(words, at)
        if concept:
            found += concept.split()
        elif not words[at].isdecimal():
            unknown += 0.3 if _UNSPACED.match(words[at]) else 1.0
        at += taken
    return found, unknown


def _longest(words: Sequence[str], at: int) -> tuple[str, int]:
    """The concept of the longest phrase that begins here, and how many words it takes."""
    book = lexicon()
    stem, length = _stem(words, at)
    for taken in range(min(LONGEST, len(words) - at), max(length, 1) - 1, -1):
        if concept := book.exact.get(tuple(words[at : at + taken])):
            return concept, taken
    return (stem, length) if stem else ("", 1)


def _stem(words: Sequence[str], at: int) -> tuple[str, int]:
    for phrase, concept in lexicon().stems.get(words[at][:2], ()):
        if at + len(phrase) <= len(words) and all(map(_is, phrase, words[at : at + len(phrase)])):
            return concept, len(phrase)
    return "", 0


def _is(wanted: str, word: str) -> bool:
    if wanted[-1] != "*":
        return wanted == word
    # What follows a short stem is an ending, not another word.
    return word.startswith(wanted[:-1]) and len(word) - len(wanted) < 5


@lru_cache(maxsize=20_000)
def _pieces(word: str) -> tuple[str, ...]:
    """A word as the words that it joins, or as the one that it misspells; else as it is."""
    if len(word) < 6 or (word,) in lexicon().exact:
        return (word,)
    joined = _joined(word)
    if _longest([word], 0)[0]:
        # It is more likely an ending than another word that is joined, unless all of them mean something.
        return joined if joined and all((piece,) in lexicon().exact for piece in joined) else (word,)
    stem, datum, rest = word.rpartition("datum")  # as German, Dutch and Swedish end the names of days
    return joined or ((stem, datum) if stem and not rest else _misspelt(word))


def _joined(word: str) -> tuple[str, ...]:
    """The fewest known words that make up this one."""
    vocabulary, best = lexicon().vocabulary, {0: ()}
    made: dict[int, tuple[str, ...]] = dict(best)
    for end in range(2, len(word) + 1):
        for start in range(max(0, end - 16), end - 1):
            piece = word[start:end]
            if start in made and piece in vocabulary and (len(piece) > 2 or piece in _SHORT):
                whole = (*made[start], piece)
                if end not in made or len(whole) < len(made[end]):
                    made[end] = whole
    whole = made.get(len(word), ())
    return whole if len(whole) < 6 and max(map(len, whole), default=0) > 3 else ()


_SHORT = frozenset(["hs", "no", "of", "bl", "id", "kg", "wt", "de", "nm", "dt"])


def _misspelt(word: str) -> tuple[str, ...]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    best = process.extractOne(word, _long_words(), scorer=OSA.distance, score_cutoff=1 + (len(word) > 9))
    return (best[0],) if best else (word,)


@cache
def _long_words() -> tuple[str, ...]:
    return tuple(sorted(word for word in lexicon().vocabulary if len(word) > 5))

"""A name as the words that are compared, with what each of them weighs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from diversion.parties import lexicon
from diversion.parties.loose_forms import split_loosely
from diversion.parties.numerals import in_digits
from diversion.parties.reading import Reading, readings

JOINT, BODY, GENERIC, PLACE, PATRONYMIC = 0.0, 0.1, 0.25, 0.35, 0.35
"""What joints and titles, generic words, places and patronymics weigh, where a rare word weighs 1."""
TRADE, LONG_NUMBER, HONOURED, TELLING_NAME = 0.4, 0.7, 0.2, 0.45
PERSON_LEAST = 0.5
MOST_WORDS = 64
"""What stands behind so many words is no name, and is not compared."""
_SERVANT = frozenset(["abd", "abdul", "abdel", "abdal", "abdol", "abdoul", "abdur", "abdu"])
_ARTICLES = frozenset(["al", "el", "ul", "ol", "ar", "er", "ur", "as", "es", "us", "ad", "ed", "ud", "ash"])
_NUMBERED = re.compile(r"[a-z]*?([0-9]+)")
_GOD = frozenset({"allah", "ullah", "lah", "llah", "ollah"})
_PATRONYMICS = (
    *(
        "yevich",
        "ievich",
        "evich",
        "ovich",
        "yovich",
        "ich",
        "yevna",
        "ievna",
        "evna",
        "ovna",
        "inichna",
        "ichna",
    ),
    *("ovych", "yovych", "iyovych", "ivna", "yivna", "owicz", "avich", "avna"),
)
_COMPANY = frozenset({"company", "co", "firm", "kompaniya", "kompania", "the", "messrs", "ms"})
_LETTERS = frozenset("eiyoau")
_FORMS = frozenset(
    {"limited", "ltd", "llc", "inc", "jsc", "corp", "gmbh", "ooo", "pjsc", "plc", "pvt", "private"}
)
_AFTER = frozenset({"imeni", "im", "named", "imyam"})
_NUMBERING = frozenset({"no", "nr", "num", "number", "nos"})


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """One reading of a name: words, their weights as company and as person, the legal form.

    `bare` are words written without vowels, `company` says that the words are those of a company, `numbers`
    are kept apart, for they must not contradict each other.
    """

    words: tuple[str, ...]
    company_weights: Mapping[str, float]
    person_weights: Mapping[str, float]
    form: str
    bare: frozenset[str]
    partial: bool
    company: bool
    numbers: frozenset[str] = field(default=frozenset())

    def weights(self, person: bool) -> Mapping[str, float]:
        """What each word weighs in the name of a person, or of anything else."""
        return self.person_weights if person else self.company_weights


@lru_cache(maxsize=1 << 18)
def named(name: str) -> tuple[Named, ...]:
    """The readings of a name that have words, the likeliest first.

    >>> [one.words for one in named("Abd al-Rahman Petrov, Jr.")], named("ООО Завод №5")[0].numbers
    ([('abdrahman', 'petrov', '2')], frozenset({'5'}))
    """
    return tuple(made for made in map(_named, readings(name)) if made is not None)


def _named(reading: Reading) -> Named | None:
    base, form = split_loosely(reading.text)
    words = _servants(_spelt_out(base.split()[:MOST_WORDS]))
    if len(words) > 1 and words[0] in _COMPANY:
        words, form = words[1:], form or "co"
    if not words:
        return None
    generations = lexicon.generations()
    numbers = {found[1].lstrip("0") or "0" for word in words if (found := _NUMBERED.fullmatch(word))}
    # "Ivan the III" and "Smith Jr": a number in words, but not where it is all the name.
    later = {word for word in words[1:] if word in generations}
    numbers |= {generations[word] for word in later}
    read = [generations[word] if word in later else word for word in words]
    kept = tuple(word.lstrip("0") or "0" if word.isdigit() else word for word in read)
    company = bool(form) or any(word in lexicon.trades() for word in kept)
    return Named(
        kept,
        _weights(kept, _honoured(kept)),
        _weights(kept, _person_weight),
        form,
        reading.bare,
        reading.partial,
        company or any(word.isdigit() for word in words),
        frozenset(numbers),
    )


def _spelt_out(words: list[str]) -> list[str]:
    table = lexicon.spelt_out()
    if len(words) == 1:
        return words
    return in_digits([part for word in words for part in table.get(word) or (word,)])


def _servants(words: list[str]) -> list[str]:
    """Servant-of names as one word, however they are written: Abd al-Rahman, Abdul Rahman, Abdurrahman."""
    made: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if word in _SERVANT and place < len(words):
            if words[place] in _ARTICLES and place + 1 < len(words):
                place += 1
            rest = words[place]
            rest = rest[2:] if rest[:2] in ("al", "el") and len(rest) > 5 else rest
            word, place = "abdullah" if rest in _GOD else "abd" + rest, place + 1
        elif word[:5] in ("abdul", "abdel", "abdal", "abdol") and word[5:7] != "la" and len(word) > 7:
            word = "abd" + word[5:]
        made.append(word)
    return made


@lru_cache(maxsize=1 << 16)
def patronymic(word: str) -> bool:
    """Whether a word is a patronymic: a known given name and the ending that makes one of it.

    >>> patronymic("sergeyevich"), patronymic("ilyinichna"), patronymic("vashkevich")
    (True, True, False)
    """
    names = lexicon.same_names()
    for ending in _PATRONYMICS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            if any(stem + rest in names for rest in ("", "y", "i", "a", "iy", "ey", "ei", "o")):
                return True
    return False


def _weights(words: tuple[str, ...], weigh: Callable[[str], float]) -> Mapping[str, float]:
    found = {word: weigh(word) for word in words}
    return found if any(found.values()) else dict.fromkeys(words, 1.0)


def _honoured(words: tuple[str, ...]) -> Callable[[str], float]:
    """Weights of a company in which the one after whom it is named weighs little beside its own name."""
    marks = [place for place in range(1, len(words) - 1) if words[place] in _AFTER]
    if not marks or max(map(_company_weight, words[: marks[0]])) < TELLING_NAME:
        return _company_weight
    after = frozenset(words[marks[0] + 1 :])
    return lambda word: min(HONOURED, _company_weight(word)) if word in after else _company_weight(word)


@lru_cache(maxsize=1 << 17)
def _company_weight(word: str) -> float:
    if word in lexicon.particles() | _NUMBERING | _AFTER | _LETTERS:
        return JOINT
    if word.isdigit():
        return GENERIC if len(word) < 3 else LONG_NUMBER
    weight = lexicon.commonness(word)
    if word in lexicon.bodies() or word in _FORMS:
        return BODY
    if lexicon.place_of(word):
        return min(PLACE, weight)
    if word in lexicon.trades():
        return min(TRADE if word in lexicon.industries() else GENERIC, weight)
    return min(GENERIC, weight) if word in lexicon.generic() or lexicon.concept(word) else weight


@lru_cache(maxsize=1 << 17)
def _person_weight(word: str) -> float:
    if word in lexicon.particles() or word in lexicon.titles() or word.isdigit():
        return JOINT
    if patronymic(word):
        return PATRONYMIC
    return max(PERSON_LEAST, lexicon.commonness(word))

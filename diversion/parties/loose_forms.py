"""Legal forms with a slip in them: for comparing names, never for their keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from diversion.parties.likeness import sound
from diversion.parties.names import forms, split, without_form, words

SHORTEST, ALONE = 5, 7
"""Letters of a word of a legal form in which one may be wrong, beside others of the form and alone."""


def split_loosely(name: str) -> tuple[str, str]:
    """As `names.split`, and the words of the form may each sound alike or have one letter wrong.

    >>> split_loosely("Kestrel Trading Limted")
    ('kestrel trading', 'ltd')
    >>> split_loosely("Obschestvo s ogranichenoy otvetstvennostiu Kedr")
    ('kedr', 'llc')
    """
    tokens = words(name)
    meant = [_meant(token) for token in tokens]
    if meant == tokens:
        return split(name)
    place, end, form = without_form(meant)
    single = {tokens[spot] for spot in range(place) if place == 1} | set(
        tokens[end:][:1] if end == len(tokens) - 1 else ()
    )
    if any(len(_meant(word)) < ALONE and _meant(word) != word for word in single):
        return split(name)  # "Berhard" is a name, and no slip of "Berhad"
    return " ".join(tokens[place:end]), form


@lru_cache(maxsize=1 << 17)
def _meant(word: str) -> str:
    """The word of a legal form that is meant, or the word itself."""
    if word in form_words() or len(word) < SHORTEST - 1:
        return word
    heard = _heard().get(sound(word))
    if heard:
        return heard
    found = {_remainders()[left] for left in remainders(word) if left in _remainders()}
    return min(found) if found and len(word) >= SHORTEST else word


@cache
def form_words() -> frozenset[str]:
    """The words of which legal forms are made."""
    table = forms()
    runs = (run for index in (table.last, table.first) for found in index.values() for run, _ in found)
    return frozenset(word for run in runs for word in run)


@cache
def _long() -> tuple[str, ...]:
    return tuple(sorted(word for word in form_words() if len(word) >= SHORTEST))


@cache
def _heard() -> Mapping[str, str]:
    return {sound(word): word for word in reversed(_long())}


@cache
def _remainders() -> Mapping[str, str]:
    return {left: word for word in reversed(_long()) for left in remainders(word) if len(left) >= 5}


def remainders(text: str) -> set[str]:
    """The text, and it without each one of its letters: texts one edit apart share one.

    >>> sorted(remainders("abc"))
    ['ab', 'abc', 'ac', 'bc']
    """
    return {text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}

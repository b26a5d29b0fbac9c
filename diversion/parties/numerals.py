"""Numbers that names write in words, as digits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diversion.parties.lexicon import numerals

_ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
_SCALES = {"hundred": 100, "hundredth": 100, "thousand": 1000, "thousandth": 1000, "million": 1_000_000}


def in_digits(words: Sequence[str]) -> list[str]:
    """Words with every run of numbers in words as one number: sums, multiples, years, digit after digit.

    >>> in_digits("plant twenty four".split()), in_digits("one hundred and first brigade".split())
    (['plant', '24'], ['101', 'brigade'])
    >>> in_digits("unit one two three".split()), in_digits("nineteen eighty four".split())
    (['unit', '123'], ['1984'])
    >>> in_digits("two thousand and two sons and one".split()), in_digits("8th design bureau".split())
    (['2002', 'sons', 'and', '1'], ['8', 'design', 'bureau'])
    """
    made: list[str] = []
    run: list[int] = []
    for place, word in enumerate(words):
        found = _ORDINAL.fullmatch(word)
        value = _SCALES.get(word, int(numerals().get(word, 0)))
        if value:
            run.append(value)
        elif word == "and" and _goes_on(words, place, run):
            continue
        else:
            made += [_read(run)] if run else []
            run = []
            made.append(found[1] if found else word)
    return [*made, _read(run)] if run else made


def _goes_on(words: Sequence[str], place: int, run: Sequence[int]) -> bool:
    """Whether an "and" stands inside a number, as in one hundred and first."""
    return bool(run) and run[-1] >= 100 and place + 1 < len(words) and words[place + 1] in numerals()


def _read(run: Sequence[int]) -> str:
    """A run of values as one number."""
    groups, total, current = "", 0, 0
    for value in run:
        if value in (1000, 1_000_000):
            total, current = total + max(1, current) * value, 0
        elif value == 100:
            current = max(1, current) * 100
        elif (current % 100 == 0 and (current or total)) or (
            current % 10 == 0 and current % 100 >= 20 and value < 10
        ):
            current += value
        elif current:
            groups, total, current = groups + str(total + current), 0, value
        else:
            current = value
    return groups + str(total + current)

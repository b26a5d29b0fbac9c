"""The same numbers on every machine, and names that stay apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from diversion.parties.names import name_key
from diversion.simulate.catalogue import languages, places
from diversion.simulate.dice import Dice
from diversion.simulate.names import brands, latin, variants


def test_the_stream_is_that_of_pcg64_on_every_machine() -> None:
    assert Dice(7, "trade").below(1000, 6).tolist() == [481, 200, 636, 529, 907, 967]


def test_concerns_do_not_disturb_one_another() -> None:
    assert Dice(7, "trade").below(1000, 6).tolist() != Dice(7, "cast").below(1000, 6).tolist()


@given(st.integers(0, 2**40), st.lists(st.integers(0, 50), min_size=1, max_size=20).filter(any))
def test_picks_follow_their_weights(seed: int, weights: list[int]) -> None:
    drawn = Dice(seed, "pick").pick(weights, 200)
    assert all(weights[k] > 0 for k in drawn)


@given(st.integers(0, 2**40), st.integers(-1000, 1000), st.integers(0, 1000))
def test_draws_between_stay_between(seed: int, low: int, width: int) -> None:
    drawn = Dice(seed, "between").between(low, low + width, 300)
    assert low <= drawn.min()
    assert drawn.max() <= low + width
    assert width > 20 or set(drawn) == set(range(low, low + width + 1))


@given(st.integers(0, 2**40), st.integers(1, 500))
def test_a_shuffle_is_a_permutation(seed: int, size: int) -> None:
    assert sorted(Dice(seed, "shuffle").shuffled(size)) == list(range(size))


@pytest.mark.parametrize("language", languages())
def test_brands_of_a_language_are_never_one_letter_apart(language: str) -> None:
    parts = languages()[language]
    made = brands(language, len(parts["first"]) * len(parts["middle"]), Dice(1, language))
    apart = cdist(made, made, scorer=Levenshtein.distance)
    np.fill_diagonal(apart, 99)
    assert apart.min() >= 2


def test_every_country_speaks_a_language_that_is_there() -> None:
    assert {place.language for place in places()} <= set(languages())
    assert all(place.cities and len(place.cities) == len(place.ports) for place in places())


@pytest.mark.parametrize(
    "name", ["ООО «Тверской Модуль»", "Karasu Bilişim Dış Tic. A.Ş.", "Falkenberg & Söhne GmbH"]
)
def test_another_spelling_of_a_name_has_the_same_key(name: str) -> None:
    assert {name_key(other) for other in variants(name)} == {name_key(name)}


def test_latin_letters_stay_as_they_are() -> None:
    assert latin("Kestrel Trading FZE") == "Kestrel Trading FZE"
    assert latin("Łódź, Żółć, Ğ ı") == "Lodz, Zolc, G i"

"""Names of companies, and the ways in which records misspell them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache

import numpy as np

from diversion.simulate.catalogue import Place, languages, places, trades
from diversion.simulate.dice import Dice, Ints

FORMS = {
    "GmbH": "G.m.b.H.",
    "Ltd": "Limited",
    "Limited": "Ltd.",
    "Co., Limited": "Co Ltd",
    "Inc.": "Incorporated",
    "Corp.": "Corporation",
    "LLC": "L.L.C.",
    "Co., Ltd.": "CO LTD",
    "Co., Ltd": "Company Limited",
    "Sp. z o.o.": "Sp z oo",
    "B.V.": "BV",
    "S.r.l.": "SRL",
    "S.p.A.": "SPA",
    "San. ve Tic. Ltd. Şti.": "Sanayi ve Ticaret Ltd Sti",
    "Ltd. Şti.": "Limited Şirketi",
    "Pvt. Ltd.": "Private Limited",
    "Sdn. Bhd.": "SDN BHD",
    "OÜ": "OU",
    "FZE": "F.Z.E.",
}
LONGEST = sorted(FORMS, key=len, reverse=True)
CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        (
            *(
                "a",
                "b",
                "v",
                "g",
                "d",
                "e",
                "yo",
                "zh",
                "z",
                "i",
                "y",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
            ),
            *("t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"),
        ),
        strict=True,
    )
)


def brands(language: str, count: int, dice: Dice, taken: str = "") -> list[str]:
    """`count` invented brand names, any two of which differ in at least two of their three parts.

    None begins like a word of `taken`. Beyond the language's stock (first × middle) a second brand follows.
    """
    parts = languages()[language]
    stock = len(parts["first"]) * len(parts["middle"])
    order = [int(k) for k in dice.shuffled(stock)]
    free = [k for k in order if not _resembles(_brand(k, parts, 0), taken)]
    return [_brand(free[k % len(free)], parts, k // len(free)) for k in range(count)]


def _resembles(brand: str, taken: str) -> bool:
    return brand[: -(-2 * len(brand) // 3)] in taken


def _brand(code: int, parts: dict[str, list[str]], turn: int) -> str:
    first, middle, last = parts["first"], parts["middle"], parts["last"]
    i, j = divmod(code, len(middle))
    brand = first[i] + middle[j] + last[(i + j) % len(last)]
    if not turn:
        return brand
    again = _brand((code + 1 + turn * 7) % (len(first) * len(middle)), parts, 0)
    return f"{brand} {again}" if turn < 2 else f"{brand} {again} {turn}"


def companies(where: Ints, families: list[str], dice: Dice, taken: str) -> list[str]:
    """A name for each party that sits in place `where[k]` and trades in `families[k]`.

    `person` is a family too. No name begins like one of `taken`.
    """
    known = [place.language for place in places()]
    spoken = [known[index] for index in where]
    heads = Counter(spoken)
    stock = {
        language: iter(brands(language, heads[language], dice, taken)) for language in dict.fromkeys(known)
    }
    draws = dice.below(1 << 30, len(spoken))
    return [
        (person if family == "person" else company)(language, next(stock[language]), family, int(draw))
        for language, family, draw in zip(spoken, families, draws, strict=True)
    ]


def company(language: str, brand: str, family: str, draw: int) -> str:
    """The full name: brand, line of business, legal form, in the order of the language."""
    legal = languages()[language]["legal"]
    form: str = legal[draw % len(legal)]
    lines = trades().get(family, {})
    words = lines.get(language) or lines.get("any", [""])
    word = words[(draw // 16) % len(words)]
    if language in {"ru", "bg", "kz"}:
        whole = f"{brand} {word}".strip()
        return f"{form} {whole}" if language == "kz" and draw % 3 == 0 else f"{form} «{whole}»"
    if language in {"ja", "ko"} and form in {"株式会社", "주식회사"}:
        return f"{form}{brand}{word}" if draw % 2 else f"{brand}{word}{form}"
    if language in {"lv", "lt"} and draw % 2:
        return " ".join(part for part in (form, brand, word) if part)
    return " ".join(part for part in (brand, word, form) if part)


def person(language: str, brand: str, family: str, draw: int) -> str:
    """A given name of the language, and a surname made as its brands are."""
    parts = languages()[language]
    given: str = parts["people"][draw % len(parts["people"])].split()[0]
    if language in {"zh", "hk", "kp", "ja", "ko", "vn"}:
        return f"{given} {_syllables(parts, draw // 16)}"
    surname = _syllables(parts, draw // 16) + parts["surname"]
    if given[-1] in "ая":
        surname = re.sub("ский$", "ская", re.sub("([ео]в)$", r"\1а", surname))
    return f"{given} {surname}"


def _syllables(parts: dict[str, list[str]], draw: int) -> str:
    first, middle = parts["first"], parts["middle"]
    return (first[draw % len(first)] + middle[draw // 32 % len(middle)]).strip()


def address(place: Place, city: str, street: str, number: int) -> str:
    """One line, the house number where the language puts it."""
    if place.language in {"en", "fr", "in", "hk", "zh", "my"}:
        return f"{number} {street}, {city}"
    return f"{street} {number}, {city}"


LETTERS = {"ß": "ss", "ł": "l", "Ł": "L", "ı": "i", "Đ": "D", "đ": "d", "ø": "o"}
TYPED = str.maketrans(LETTERS | CYRILLIC | {k.upper(): v.capitalize() for k, v in CYRILLIC.items()})
ACCENTS = re.compile("[\u0300-\u036f]")


def latin(text: str) -> str:
    """Cyrillic and accents as a customs clerk types them; other scripts stay.

    >>> latin("ООО «Волгаприбор» Şti")
    'OOO «Volgapribor» Sti'
    """
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(TYPED))
    return unicodedata.normalize("NFC", ACCENTS.sub("", plain))


@cache
def variants(name: str) -> tuple[str, str, str]:
    """Three other ways to write one name: capitals, another legal form, typed on a latin keyboard."""
    plain = latin(name)
    return (plain.upper(), _other_form(name), re.sub(r"[«»,\"]", "", plain))


def _other_form(name: str) -> str:
    for form in LONGEST:
        if name.endswith(" " + form):
            return name[: -len(form)] + FORMS[form]
    return name.upper()


def spellings(names: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.object_]]:
    """The name and its variants, an array [party, 4]."""
    return np.array([(name, *variants(name)) for name in names], dtype=object).reshape(len(names), 4)

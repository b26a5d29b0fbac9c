"""Names of companies, and the ways in which records misspell them."""

from __future__ import annotations

import re
import unicodedata
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
CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya".split(" "),
        strict=True,
    )
)


def brands(language: str, count: int, dice: Dice) -> list[str]:
    """`count` invented brand names, any two of which differ in at least two of their three parts.

    Beyond the language's stock (first × middle) a second brand follows the first.
    """
    parts = languages()[language]
    first, middle, last = parts["first"], parts["middle"], parts["last"]
    stock = len(first) * len(middle)
    order = dice.shuffled(stock)
    return [_brand(int(order[k % stock]), (first, middle, last), k // stock) for k in range(count)]


def _brand(code: int, parts: tuple[list[str], list[str], list[str]], turn: int) -> str:
    first, middle, last = parts
    i, j = divmod(code, len(middle))
    brand = first[i] + middle[j] + last[(i + j) % len(last)]
    if not turn:
        return brand
    again = _brand((code + 1 + turn * 7) % (len(first) * len(middle)), parts, 0)
    return f"{brand} {again}" if turn < 2 else f"{brand} {again} {turn}"


def companies(where: Ints, families: list[str], dice: Dice) -> list[str]:
    """A name for each company that sits in place `where[k]` and trades in `families[k]`."""
    known = [place.language for place in places()]
    spoken = [known[index] for index in where]
    counts = {language: spoken.count(language) for language in dict.fromkeys(known)}
    stock = {language: iter(brands(language, n, dice)) for language, n in counts.items()}
    draws = dice.below(1 << 30, len(spoken))
    return [
        company(language, next(stock[language]), family, int(draw))
        for language, family, draw in zip(spoken, families, draws, strict=True)
    ]


def company(language: str, brand: str, family: str, draw: int) -> str:
    """The full name: brand, line of business, legal form, in the order of the language."""
    legal = languages()[language]["legal"]
    form = legal[draw % len(legal)]
    words = trades().get(family, {}).get(language, [""])
    word = words[(draw // 16) % len(words)]
    if language in {"ru", "bg"}:
        return f"{form} «{brand}»"
    if language in {"kz"}:
        return f"{form} «{brand}»" if draw % 3 else f"{form} {brand}"
    if language in {"ja", "ko"} and form in {"株式会社", "주식회사"}:
        return f"{form}{brand}" if draw % 2 else f"{brand}{form}"
    if language in {"lv", "lt"} and draw % 2:
        return f"{form} {brand}"
    return " ".join(part for part in (brand, word, form) if part)


def address(place: Place, city: str, street: str, number: int) -> str:
    """One line, the house number where the language puts it."""
    if place.language in {"en", "fr", "in", "hk", "zh", "my"}:
        return f"{number} {street}, {city}"
    return f"{street} {number}, {city}"


def latin(text: str) -> str:
    """Cyrillic and accents as a customs clerk types them; other scripts stay.

    >>> latin("ООО «Волгаприбор» Şti")
    'OOO «Volgapribor» Sti'
    """
    letters = "".join(_letter(letter) for letter in text)
    plain = unicodedata.normalize("NFKD", letters)
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))


def _letter(letter: str) -> str:
    low = CYRILLIC.get(letter.lower())
    if low is None:
        return {"ß": "ss", "ł": "l", "Ł": "L", "ı": "i", "Đ": "D", "đ": "d", "ø": "o"}.get(letter, letter)
    return low if letter.islower() else low.capitalize()


@cache
def variants(name: str) -> tuple[str, str, str]:
    """Three other ways to write one name: capitals, another legal form, typed on a latin keyboard."""
    plain = latin(name)
    return (plain.upper(), _other_form(name), re.sub(r"[«»,\"]", "", plain))


def _other_form(name: str) -> str:
    for form in sorted(FORMS, key=len, reverse=True):
        if name.endswith(" " + form):
            return name[: -len(form)] + FORMS[form]
    return name.upper()


def spellings(names: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.object_]]:
    """The name and its variants, an array [party, 4]."""
    return np.array([(name, *variants(name)) for name in names], dtype=object).reshape(len(names), 4)

"""Whose number it is: schemes as sources spell them, their registers, and their check digits.

The table is data: `registers.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

UNTOLD = "?"
"""The register of a number whose country nobody states."""
_BRACKETS = re.compile(r"\s*\(([A-Za-z]{2})\)\s*$")
_APART = re.compile(r"[^0-9a-z\u0080-\uffff]+")


@dataclass(frozen=True)
class Registers:
    """Spelling → scheme, spelling → what every country numbers, country → its own schemes by form."""

    schemes: Mapping[str, Mapping[str, Any]]
    spelling: Mapping[str, str]
    general: Mapping[str, str]
    own: Mapping[str, tuple[tuple[str, str], ...]]
    many: frozenset[str]


@cache
def table() -> Registers:
    """The table of schemes, read once a process."""
    raw = tomllib.loads((files("diversion.parties") / "registers.toml").read_text(encoding="utf-8"))
    schemes: dict[str, Any] = raw["schemes"]
    own: dict[str, list[tuple[str, str]]] = {}
    for name, row in schemes.items():
        if "country" in row and "form" in row:
            own.setdefault(row["country"], []).append((row["form"], name))
    many = {name for name, row in schemes.items() if row.get("many")} | set(raw["general_many"]["schemes"])
    return Registers(
        schemes=schemes,
        spelling={text: name for name, row in schemes.items() for text in row["spellings"]},
        general={text: name for name, texts in raw["general"].items() for text in texts},
        own={country: tuple(found) for country, found in own.items()},
        many=frozenset(many),
    )


@lru_cache(maxsize=1 << 14)
def scheme(text: str, country: str) -> tuple[str, str]:
    """The scheme that `text` names, and the country whose register it is ("" for one of its own).

    >>> scheme("Tax ID No. (RU)", "AE"), scheme("tax", "AE"), scheme("lei", "RU"), scheme("tax", "")
    (('TAX', 'RU'), ('TAX', 'AE'), ('LEI', ''), ('TAX', '?'))
    """
    found = _BRACKETS.search(text)
    stated = found[1].upper() if found else ""
    plain = " ".join(_APART.sub(" ", _BRACKETS.sub("", text).lower()).split())
    known = table()
    if plain in known.spelling:
        return known.spelling[plain], ""
    if plain in known.general:
        return known.general[plain], stated or country or UNTOLD
    return plain.upper(), stated


def read(stated: pd.DataFrame) -> pd.DataFrame:
    """Rows of (row, scheme, number, country, bare) as (row, scheme, register, number).

    `bare` marks numbers without a scheme, which are of the party's country. Linear; no check digit is looked
    at here (`valid`).
    """
    texts = stated[["scheme", "country"]].drop_duplicates()
    named = [scheme(s, c) for s, c in zip(texts["scheme"], texts["country"], strict=True)]
    texts = texts.assign(named=[n for n, _ in named], register=[r for _, r in named])
    made = stated.merge(texts, on=["scheme", "country"], how="left")
    made["named"] = made["named"].where(~made["bare"], "NUMBER")
    made["register"] = made["register"].where(~made["bare"], made["country"].replace("", UNTOLD))
    made = _plain_numbers(_as_own(made))
    made = made[["row", "named", "register", "number"]].rename(columns={"named": "scheme"})
    return made.astype({"row": np.int64, "scheme": object, "register": object, "number": object})


def _as_own(made: pd.DataFrame) -> pd.DataFrame:
    """Numbers in the form of one of the country's own schemes are read as that scheme."""
    general = made["bare"] | made["named"].isin(("TAX", "REGISTRATION", "VAT"))
    for country, forms in table().own.items():
        here = general & (made["register"] == country)
        if not here.any():
            continue
        for form, name in forms:
            fits = here & made["number"].str.fullmatch(form) & (made["named"] != name)
            made.loc[fits, ["named", "register"]] = [name, ""]
            here &= ~fits
    return made


def _plain_numbers(made: pd.DataFrame) -> pd.DataFrame:
    for name, row in table().schemes.items():
        mine = made["named"] == name
        if "prefix" in row and mine.any():
            made.loc[mine, "number"] = made.loc[mine, "number"].str.removeprefix(row["prefix"])
        if "pad" in row and mine.any():
            digits = mine & made["number"].str.isdigit()
            made.loc[digits, "number"] = made.loc[digits, "number"].str.zfill(row["pad"])
    vat = made["named"] == "VAT"
    if vat.any():
        pairs = zip(made.loc[vat, "number"], made.loc[vat, "register"], strict=True)
        made.loc[vat, "number"] = [number.removeprefix(country) for number, country in pairs]
    return made


@lru_cache(maxsize=1 << 18)
def valid(name: str, number: str) -> bool:
    """Whether a number can be one of its scheme; one of a scheme without form or check digits can.

    >>> valid("LEI", "5493001KJTIIGC8Y1R12"), valid("LEI", "5493001KJTIIGC8Y1R13"), valid("TAX", "1")
    (True, False, True)
    """
    row = table().schemes.get(name)
    if row is None:
        return True
    if "form" in row and not re.fullmatch(row["form"], number):
        return False
    checks = row.get("check", ())
    return not checks or any(import_module(f"stdnum.{one}").is_valid(number) for one in checks)


def validity(numbers: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """`valid` of each row of (scheme, number); some 10 µs a number that has check digits."""
    pairs = zip(numbers["scheme"], numbers["number"], strict=True)
    return np.fromiter((valid(name, number) for name, number in pairs), bool, len(numbers))


def shared(name: str) -> bool:
    """Whether one number of the scheme is given to many parties, so that it names none."""
    return bool(table().schemes.get(name, {}).get("shared"))


def single(name: str) -> bool:
    """Whether two different numbers of the scheme, of one register, are of two parties."""
    return name not in table().many and not shared(name)


def compared(name: str) -> bool:
    """Whether different numbers of the scheme speak against two records, if they do not decide.

    >>> compared("PASSPORT"), single("PASSPORT"), compared("IBAN")
    (True, False, False)
    """
    return single(name) or name not in table().schemes

"""Codes of the Harmonized System as files write them, and zeros that a spreadsheet took away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from diversion.ingest.asked import Asked, Reader

_PREFIX = re.compile(
    r"(?i)^(?:'|=\"|(?:h\.?s\.?n?|hts|htsus|ncm|cn|taric|тн ?вэд|ex)\b\.?\s*(?:code|codes|no)?\s*[.:#-]*\s*)"
)
_FLOAT = re.compile(r"([0-9]{3,12})\.0|([0-9]{7,12})\.0+")
_SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]{1,11}))?[Ee]\+?([0-9]{1,2})")
_CODE = re.compile(r"([0-9]+(?:\s*[.\-]\s*[0-9]+|\s+[0-9]+)*)[.\"]?(?:\s*[^0-9.\s].*)?", re.DOTALL)
_SEVERAL = re.compile(r"\s*[;/|\n\r]\s*|\s*,\s*(?=[0-9]{4}|[^0-9])")
_THREE = re.compile(r"[0-9]{3}\.[0-9]{1,2}(?:\.[0-9]+)*")
_SHORT = re.compile(r"[0-9]{3,4}\.[0-9]")
_LONGEST = 500
SHOWN_DIGITS = 5
"""A number like 8.5423E+07 tells the six digits where it shows so many; a sixth that it lacks is zero."""

LONG_ENOUGH = 13
"""Characters of a text that can hold two codes of six digits."""

Code = tuple[str | None, str | None]
Cell = tuple[str | None, str | None, str | None]


def hs(text: str) -> Code:
    """The first code in a text without punctuation, 4 to 12 digits, and the first six where it has as many.

    >>> hs("8542.31.0000"), hs("8542"), hs("chips")
    (('8542310000', '854231'), ('8542', None), (None, None))
    >>> hs("85423100 - circuits"), hs("85423100.0"), hs("8.54231E+07"), hs("101.21")
    (('85423100', '854231'), ('85423100', '854231'), ('85423100', '854231'), ('010121', '010121'))
    >>> hs("85423100; 85423200"), hs("8.5E+07"), hs("85"), hs("8542.3")
    (('85423100', '854231'), (None, None), (None, None), ('854230', '854230'))
    """
    return _code(_digits(text))


def _code(digits: str) -> Code:
    if not 4 <= len(digits) <= 12 or digits.startswith("00"):
        return None, None
    return digits, digits[:6] if len(digits) >= 6 else None


def _digits(text: str) -> str:
    """The digits of the first code; empty where there is none."""
    if text.isascii() and text.isdigit():
        return text
    bare = _PREFIX.sub("", unicodedata.normalize("NFKC", text[:_LONGEST]).strip())
    if found := _FLOAT.fullmatch(bare):
        return found[1] or found[2]
    if found := _SCIENTIFIC.fullmatch(bare):
        return _written_out(found)
    first = next((part for part in _SEVERAL.split(bare) if part[:1].isdigit()), "")
    matched = _CODE.fullmatch(re.sub(r"^([0-9]{4}),([0-9]{1,2})$", r"\1.\2", first))
    return _dotted(matched[1]) if matched else ""


def _written_out(found: re.Match[str]) -> str:
    shown, power = found[1] + (found[2] or ""), int(found[3])
    if len(shown) < SHOWN_DIGITS or not len(shown) <= power + 1 <= 12:
        return ""
    return shown.ljust(power + 1, "0")


def _dotted(code: str) -> str:
    """A heading has four digits and what follows two: zeros at either end may be lost."""
    lead = "0" if _THREE.fullmatch(code) else ""
    trail = "0" if _SHORT.fullmatch(code) else ""
    return lead + re.sub(r"[\s.\-]", "", code) + trail


def single(text: str) -> str | None:
    """Whether a text holds one code and no other, as a reading: None where it holds several.

    >>> single("8542.31"), single("HS 8542.31; HS 8542.39"), single("85423100; 5000 pcs")
    ('yes', None, 'yes')
    """
    if len(text) < LONG_ENOUGH or text.isdecimal():
        return "yes"
    parts = _SEVERAL.split(unicodedata.normalize("NFKC", text[:_LONGEST]).strip())
    codes = {code for part in parts if (code := hs(part)[1])} if len(parts) > 1 else set()
    return None if len(codes) > 1 else "yes"


def make(asked: Asked) -> Reader:
    """The reader of a column of codes, which gives back a zero that got lost at the front.

    One is lost where the codes of the column mostly have an even number of digits and one has one digit
    less, or where an odd number is rare among them. Where the column's own codes are odd, as those of Japan,
    nothing is added.
    """
    short = _short(_lengths(asked))

    def read(text: str) -> Cell:
        digits = _digits(text)
        lost = len(digits) in short and not digits.startswith("0")
        return *_code("0" + digits if lost else digits), single(text)

    return read


def _short(lengths: Mapping[int, int]) -> set[int]:
    """How many digits codes have that lost a zero."""
    usual = max(lengths, key=lambda length: (lengths[length], length), default=0)
    if usual % 2:
        return set()
    whole = sum(lengths.values())
    lone = {length for length, count in lengths.items() if length % 2 and count <= whole / 10}
    return {usual - 1, *lone} - {1, 3}


def _lengths(asked: Asked) -> dict[int, int]:
    """How many different codes have how many digits."""
    bare = r"regexp_replace(regexp_replace(text, '^([0-9]{4,})\.0$', '\1'), '[\s.\-]', '', 'g')"
    return dict(
        asked.stage.rows(
            f"SELECT length(digits)::INT, count(*)::INT FROM (SELECT {bare} AS digits FROM "
            f"({asked.queries[asked.column]})) WHERE regexp_full_match(digits, '[0-9]{{4,12}}') GROUP BY ALL"
        )
    )

"""Amounts that a header states in thousands or millions: `Value (000 USD)`, `тыс. долл.`, `US$ mil`."""

from __future__ import annotations

import re
from functools import lru_cache

_MONEY = r"(?:usd|us\$|u\$s|\$|eur|€|gbp|inr|rs)"
_MILLIONS = re.compile(
    rf"(?i)\bмлн|\bmillions?\b|\bmillones\b|\bmilhoes\b|\bmilhões\b|\bmln\b|\bmio\b|百万|백만|triệu|\bjuta\b|"
    rf"\bmilyon\b|{_MONEY}[ .]?mn\b|\bmn[ .]?{_MONEY}"
)
_THOUSANDS = re.compile(
    rf"(?i)\bтыс|\bthsd\b|\bthousands?\b|\bthds\b|['’(\s]000\b|\bx ?1,?000\b|\bin 1[,.]?000\b|"
    rf"\b1[,.]?000 ?{_MONEY}|^000\b|千|천 ?(?:달러|불|원|usd|us)|"
    rf"\bming\b|\bmiles\b|\bmilliers\b|\btys\b|\btsd\b|\bribu\b|\bbin\b|"
    rf"\bnghìn\b|\bngàn\b|\bk ?{_MONEY}|{_MONEY} ?k\b|هزار|ألف"
)
_OTHERS = (
    (re.compile(r"(?i)\bcrores?\b|\bcr\.? ?rs\b"), 10_000_000),
    (re.compile(r"(?i)\blakhs?\b|\blacs?\b"), 100_000),
    (re.compile("[万萬]|만 ?(?:달러|불|원)"), 10_000),
)
_MIL = re.compile(r"(?i)\bmil\b")
"""A thousand in Spanish and Portuguese; what it is in a header in English nobody knows."""
_ENGLISH = re.compile(r"(?i)\b(?:value|amount|total value)\b")
NOT_KNOWN = 0
"""A factor that cannot be told."""


@lru_cache(maxsize=10_000)
def scale(header: str) -> int:
    """The factor of the amounts below a header: 1, 1000, a lakh, …, or `NOT_KNOWN`.

    >>> scale("Value (000 USD)"), scale("Стоимость, тыс. долл."), scale("FOB (USD)"), scale("USD Mn")
    (1000, 1000, 1, 1000000)
    >>> scale("Valor FOB US$ mil"), scale("Value mil USD"), scale("HS 8542 Value")
    (1000, 0, 1)
    """
    plain = header.replace("_", " ")
    if _MILLIONS.search(plain):
        return 1_000_000
    if _THOUSANDS.search(plain):
        return 1_000
    for words, factor in _OTHERS:
        if words.search(plain):
            return factor
    if _MIL.search(plain):
        return NOT_KNOWN if _ENGLISH.search(plain) else 1_000
    return 1

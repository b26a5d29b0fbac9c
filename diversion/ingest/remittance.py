"""Numbers of documents that free text names: invoices, bills of lading, credits, contracts and orders.

A number holds a digit and stands right behind a word that says what it is. Where a label such as `NO.` stands
between, it may be short; without one it has four characters or more, so that "INVOICE IN 3 COPIES" and
"B/L 2/3" name none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LABEL = r"(?:(?:no|nos|nr|num|number|numbers|ref|reference)\b[.:]?|\#)"
_NUMBER = r"(?=[a-z/.\-]*[0-9])[a-z0-9](?:[a-z0-9/.\-]*[a-z0-9])?"
_DATE = re.compile(r"[0-9]{1,4}[./\-](?:[0-9]{1,2}|[a-z]{3})[./\-][0-9]{1,4}", re.I)
_MORE = rf"(?:\s*(?:,|\+|;|&|\band\b)\s*(?:{_NUMBER}))*"
_WORDS = {
    "invoice": r"inv|invs|invoice|invoices",
    "bill of lading": r"b/?l|bol|b/ls|bills?\s+of\s+lading|(?:air\s*)?waybill|m?awb|hawb|master\s+awb",
    "lc": r"l/?c|d/c|(?:letter\s+of|documentary)\s+credit|credit(?=\s*(?:no|nr|number|ref)\b)",
    "contract": r"contract|s/c|sales\s+confirmation|agreement",
    "order": r"p/?o|(?:purchase\s+)?order",
}
_FOUND = {
    scheme: re.compile(
        rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])\s*[:.]?\s*(?P<label>{_LABEL})?\s*[:.]?\s*"
        rf"(?P<numbers>{_NUMBER}{_MORE})",
        re.I,
    )
    for scheme, words in _WORDS.items()
}
_EACH = re.compile(_NUMBER, re.I)
_WHOLE = {
    "lc": re.compile(r"(?<![a-z0-9/])(?:l/?c|ilc|elc)[\-/]?[0-9][a-z0-9/\-]*[a-z0-9]", re.I),
    "bill of lading": re.compile(r"(?<![a-z0-9/.\-])bl[0-9][a-z0-9/\-]{2,}", re.I),
    "invoice": re.compile(r"(?<![a-z0-9])inv[\-/]?[0-9][a-z0-9/.\-]*[a-z0-9]", re.I),
}
"""Numbers that say themselves what they are."""
_CODED = re.compile(r"/inv/([a-z0-9][a-z0-9.\-]*)", re.I)
LONGEST = 100_000
"""Characters of a text that are searched: ten times the longest message of the SWIFT network."""


@dataclass(frozen=True)
class Named:
    """What a text names: references as `scheme:number`, and transport documents."""

    references: tuple[str, ...]
    bills: tuple[str, ...]


def named(*texts: str | None) -> Named:
    """The numbers that texts name, each once, in order.

    >>> named("INVOICE NO. KT-24/0117 AND KT-24/0118 UNDER LC-0000512, B/L MSKU123456789")
    Named(references=('invoice:KT-24/0117', 'invoice:KT-24/0118', 'lc:LC-0000512'), bills=('MSKU123456789',))
    >>> named("SIGNED COMMERCIAL INVOICE IN 3 COPIES DATED 12.03.2024, FULL SET 3/3 B/L")
    Named(references=(), bills=())
    """
    text = "\n".join(filter(None, texts))[:LONGEST]
    found = [(scheme, number) for scheme, rule in _FOUND.items() for number in _numbers(rule, text)]
    found += [(scheme, hit[0]) for scheme, rule in _WHOLE.items() for hit in rule.finditer(text)]
    found += [("invoice", hit[1]) for hit in _CODED.finditer(text)]
    return Named(
        _once(f"{scheme}:{number}" for scheme, number in found if scheme != "bill of lading"),
        _once(number for scheme, number in found if scheme == "bill of lading"),
    )


def _numbers(rule: re.Pattern[str], text: str) -> list[str]:
    return [
        each[0]
        for hit in rule.finditer(text)
        for each in _EACH.finditer(hit["numbers"])
        if not _DATE.fullmatch(each[0]) and len(each[0]) >= (2 if hit["label"] else 4)
    ]


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))

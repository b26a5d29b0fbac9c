"""Lists of goods: their codes, the versions that first named them, and codes of older editions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from diversion.policy.model import Good, OlderCode

Raw = dict[str, Any]


def goods_of(rows: Iterable[Raw]) -> tuple[Good, ...]:
    """The codes of all lists in order; of the versions of one list the newest comes first."""
    return tuple(good for row in rows for good in _goods(row))


def _goods(row: Raw) -> list[Good]:
    verified = {v["day"] for v in row.get("versions", ()) if v["status"] in ("verified", "stated")}
    return [_good(row, code, verified) for code in row["codes"]]


def _good(row: Raw, code: Raw, verified: set[date]) -> Good:
    since = code.get("since")
    begin = code.get("from", since if since in verified else row.get("from"))
    return Good(
        hs6=code.get("hs6", ""),
        tier=code.get("tier"),
        list=row["name"],
        from_day=begin,
        until_day=code.get("until", row.get("until")),
        source=row["source"],
        description=code.get("description", ""),
        sought=row.get("sought", True),
        eccn=code.get("eccn"),
        national=code.get("national"),
        first_day=since or begin,
    )


def older_codes(tables: Mapping[str, list[Raw]]) -> tuple[OlderCode, ...]:
    """What the concordances of the packs say."""
    return tuple(
        OlderCode(
            row["older"], one["old"], tuple(one["new"]), one.get("sought", True), row["source"], row["status"]
        )
        for rows in tables.values()
        for row in rows
        for one in row["rows"]
    )


def renamed(codes: Iterable[OlderCode]) -> Mapping[str, str]:
    """Codes of older editions that one code took over whole, from them alone, and that newest one.

    Two codes that became one are not one item of trade: goods of the one are none of the other.

    >>> older_code = OlderCode("2017", "880330", ("880730",), True, "WCO", "verified")
    >>> renamed([older_code])
    {'880330': '880730'}
    """
    known = list(codes)
    heirs = Counter(new for code in known for new in code.new)
    next_ = {code.old: code.new[0] for code in known if len(code.new) == 1 and heirs[code.new[0]] == 1}
    return {code: last for code in next_ if (last := _newest(code, next_)) != code}


def _newest(code: str, next_: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while code in next_ and code not in seen:
        seen.add(code)
        code = next_[code]
    return code


def older(goods: Iterable[Good], codes: Iterable[OlderCode]) -> tuple[Good, ...]:
    """The codes of older editions that stand for codes of the lists, each once, with the gravest tier.

    A code that a list names itself needs no standing in.
    """
    by_code: dict[str, Good] = {}
    for good in goods:
        if good.hs6:
            by_code.setdefault(good.hs6, good)
    made = (_standing_in(code, by_code) for code in codes if code.old not in by_code)
    return tuple(good for good in made if good is not None)


def _standing_in(code: OlderCode, by_code: Mapping[str, Good]) -> Good | None:
    meant = [by_code[new] for new in code.new if new in by_code]
    if not meant:
        return None
    first = min(meant, key=lambda good: (good.tier or "~", good.hs6))
    names = tuple(good.hs6 for good in meant)
    partly = len(meant) < len(code.new)
    words = f"{first.description}; HS {code.edition} code for {' and '.join(names)}" + (
        ", in part" if partly else ""
    )
    return Good(
        hs6=code.old,
        tier=first.tier,
        list=first.list,
        from_day=first.from_day,
        until_day=first.until_day,
        source=first.source,
        description=words,
        sought=code.sought and any(good.sought for good in meant),
        first_day=first.first_day,
        edition=code.edition,
        stands_for=names,
        partly=partly,
    )

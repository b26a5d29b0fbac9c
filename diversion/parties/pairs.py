"""Pairs of names judged as `screen` judges a name against an entry: the matcher on pairs of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diversion.parties.compare import Rarity, compare, context
from diversion.parties.evidence import dated, identified, numbers
from diversion.parties.names import split
from diversion.parties.queries import Query
from diversion.policy.policy import Policy


def judge(pairs: Sequence[tuple[int, Query]], rarity: Rarity, policy: Policy) -> list[dict[str, Any]]:
    """Row, score (0 to 1) and explanation of each pair, in their order. Some 0.1 ms a pair.

    Words weigh by `rarity`; country, date and identifier count where both sides state them. A pair with an
    empty side scores 0 unless identifiers agree.
    """
    sides = [
        numbers(
            [str(place) for place, _ in pairs],
            [pair[f"{side}_identifier"] for _, pair in pairs],
            [pair[f"{side}_country"] for _, pair in pairs],
        )
        for side in ("left", "right")
    ]
    limits = policy.thresholds["match_cutoff"], policy.thresholds["match_certain"]
    told = []
    for place, pair in pairs:
        alike = compare(pair["left"] or "", pair["right"] or "", rarity)
        left, right = (_country(pair[f"{side}_country"]) for side in ("left", "right"))
        theirs = frozenset({right}) if right else frozenset()
        around = context(alike.score, left, theirs, (pair["kind"], pair["kind"]))
        days = dated(around.score, pair["left_date"], pair["right_date"])
        held = [side.get(str(place), {}) for side in sides]
        found = identified(days.score, held[0], held[1], *limits)
        parts = [*alike.parts, *around.parts, *days.parts, *found.parts]
        told.append({"row": place, "score": round(found.score, 4), "explanation": parts})
    return told


def _country(text: str | None) -> str | None:
    return text.upper() if text else None


def rarity_of(pairs: Sequence[tuple[int, Query]]) -> Rarity:
    """Weights of words from the names of the pairs themselves, for want of a list."""
    names = {pair[side] for _, pair in pairs for side in ("left", "right")} - {None}
    return Rarity.from_names(sorted({split(name)[0] for name in names} - {""}))

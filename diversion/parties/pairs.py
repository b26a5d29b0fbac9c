"""Pairs of names judged as `screen` judges a name against an entry: the matcher on pairs of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diversion.parties.compare import compare
from diversion.parties.evidence import dated, identified, numbers, placed
from diversion.parties.queries import Query, nation
from diversion.policy.policy import Policy


def judge(pairs: Sequence[tuple[int, Query]], policy: Policy) -> list[dict[str, Any]]:
    """Row, score (0 to 1) and explanation of each pair, in their order. Some 0.2 ms a pair.

    Country, date and identifier count where both sides state them. A pair with an empty side scores 0 unless
    identifiers agree. The score of a pair depends on nothing but the pair and the policy.
    """
    sides = [
        numbers(
            [str(place) for place, _ in pairs],
            [pair[f"{side}_identifier"] for _, pair in pairs],
            [_country(pair[f"{side}_country"]) for _, pair in pairs],
        )
        for side in ("left", "right")
    ]
    cutoff, certain = policy.thresholds["match_cutoff"], policy.thresholds["match_certain"]
    told = []
    for place, pair in pairs:
        alike = compare(pair["left"] or "", pair["right"] or "", _kind(pair["kind"]))
        left, right = (_country(pair[f"{side}_country"]) for side in ("left", "right"))
        around = placed(alike.score, left, frozenset({right}) if right else frozenset(), cutoff)
        other_day = pair["right_date"]
        days = dated(around.score, pair["left_date"], (other_day,) if other_day else (), cutoff)
        held = [side.get(str(place), {}) for side in sides]
        found = identified(days.score, held[0], held[1], cutoff, certain)
        parts = [*alike.parts, *around.parts, *days.parts, *found.parts]
        told.append({"row": place, "score": round(found.score, 4), "explanation": parts})
    return told


def _kind(text: str | None) -> str | None:
    """The kind as the graph calls it; the words of other datasets are understood."""
    known = {
        "individual": "person",
        "organization": "company",
        "organisation": "company",
        "entity": "company",
    }
    kind = (text or "").strip().lower()
    return known.get(kind, kind) or None


def _country(text: str | None) -> str | None:
    return nation(text) if text else None

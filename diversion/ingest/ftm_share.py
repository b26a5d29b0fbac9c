"""Stakes as FollowTheMoney's sources write them: a percentage, a band, or words."""

from __future__ import annotations

import re
from collections.abc import Sequence

Cells = dict[str, str | None]

_NUMBER = r"(\d{1,3}(?:[.,]\d{1,12})?)"
_SHARE = rf"{_NUMBER}\s*(%|per ?cent|pct\.?)?"
_ONE = re.compile(rf"[~≈]?\s*{_SHARE}")
_BAND = re.compile(rf"(?:between|from)?\s*{_SHARE}\s*(?:-|–|—|\.\.|to|and)\s*{_SHARE}")
_ABOVE = re.compile(rf"(>=?|≥|more than|over|above|at least|not less than|min\.?)\s*{_SHARE}")
_BELOW = re.compile(rf"(<=?|≤|less than|under|below|up to|at most|not more than|max\.?)\s*{_SHARE}")
_MORE = re.compile(rf"{_SHARE}\s*(?:\+|or more|and more)")
_STRICT = frozenset((">", "<", "more than", "over", "above", "less than", "under", "below"))


def stake(texts: Sequence[str]) -> Cells:
    """The cells of a share that is stated once, or as several values between which it lies.

    >>> stake(["25%"]), stake(["25-50"])["share_max"]
    ({'share': '25'}, '50')

    Up to 1 and without a sign it may be per cent or a fraction: then it lies between the two.

    >>> stake(["0.25"])["share_max"], stake(["control"])["reason"]
    ('25', 'stake as written: control')
    """
    found = [_read(text.strip().casefold()) for text in texts]
    if not found:
        return {}
    if len(found) == 1 and (one := found[0]) and "reason" not in one:
        return one
    lows, highs = zip(*map(_bounds, found), strict=True)
    if any(one is None for one in found) or min(lows) > max(highs):
        return {"reason": f"stake as written: {', '.join(texts)}"}
    return {
        "share_min": _written(min(lows)),
        "share_max": _written(max(highs)),
        "reason": f"stake as written: {', '.join(texts)}",
    }


def _bounds(cells: Cells | None) -> tuple[float, float]:
    if cells is None:
        return 0.0, 100.0
    low = cells.get("share") or cells.get("share_min") or "0"
    high = cells.get("share") or cells.get("share_max") or "100"
    return float(low), float(high)


def _read(text: str) -> Cells | None:
    """One text as cells; None where it says no share."""
    if found := _ONE.fullmatch(text):
        return _exact(_number(found[1]), bool(found[2]))
    if found := _BAND.fullmatch(text):
        low, high = _number(found[1]), _number(found[3])
        return {"share_min": _written(low), "share_max": _written(high)} if low <= high <= 100 else None
    if found := _MORE.fullmatch(text):
        return {"share_min": _written(_number(found[1]))} if _number(found[1]) <= 100 else None
    for pattern, side, strict in ((_ABOVE, "share_min", "above_min"), (_BELOW, "share_max", "below_max")):
        if (found := pattern.fullmatch(text)) and _number(found[2]) <= 100:
            return {side: _written(_number(found[2])), **({strict: "true"} if found[1] in _STRICT else {})}
    return None


def _exact(number: float, signed: bool) -> Cells | None:
    if number > 100:
        return None
    if signed or number > 1 or not number:
        return {"share": _written(number)}
    return {"share_min": _written(number), "share_max": _written(100 * number), "reason": None}


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _written(number: float) -> str:
    return f"{number:.12g}"

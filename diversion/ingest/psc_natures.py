"""Natures of control in the UK register of people with significant control, as stakes.

The bands are those of the register (SI 2016/339): more than 25 and not more than 50 per cent, more than 50
and less than 75, 75 or more. Of overseas entities it only states more than 25.
"""

from __future__ import annotations

import re

Cells = dict[str, str | None]

BANDS: dict[str, Cells] = {
    "25-to-50": {"share_min": "25", "above_min": "true", "share_max": "50"},
    "50-to-75": {"share_min": "50", "above_min": "true", "share_max": "75", "below_max": "true"},
    "75-to-100": {"share_min": "75", "share_max": "100"},
    "more-than-25": {"share_min": "25", "above_min": "true", "share_max": "100"},
}
_STAKES = {"ownership-of-shares": "shares", "voting-rights": "votes"}
_CONTROL = {
    "significant-influence-or-control": "significant influence or control",
    "right-to-share-surplus-assets": "right to surplus assets",
    "right-to-appoint-and-remove": "right to appoint the board",
}
_NATURE = re.compile(
    r"(?:part-)?(?P<what>ownership-of-shares|voting-rights|right-to-share-surplus-assets"
    r"|right-to-appoint-and-remove|significant-influence-or-control)"
    rf"(?:-(?:directors|members|person))?(?:-(?P<band>{'|'.join(BANDS)})-percent)?"
    r"(?:-(?P<how>as-[a-z-]+?))?(?:-(?:registered-overseas-entity|limited-liability-partnership))?"
)

_BAND = re.compile(r".*(?:ownership-of-shares|voting-rights|surplus-assets)\b.*[0-9].*")


def is_no_band(nature: str) -> bool:
    """Whether a nature states a share that is no band of the register.

    >>> is_no_band("voting-rights-99-to-101-percent"), is_no_band("voting-rights-75-to-100-percent")
    (True, False)
    >>> is_no_band("reads-minds")
    False
    """
    return bool(_BAND.fullmatch(nature)) and not _NATURE.fullmatch(nature)


def stake(nature: str) -> Cells:
    """The cells of a stake: a holding with its band, or control by a plain name.

    >>> stake("voting-rights-50-to-75-percent-as-firm")["share_min"]
    '50'
    >>> stake("significant-influence-or-control")["by"]
    'significant influence or control'
    """
    found = _NATURE.fullmatch(nature)
    if not found:
        return {"record": "control", "by": nature.replace("-", " ")}
    how = (found["how"] or "").replace("-", " ")
    through: Cells = {"indirect": "true" if how else None}
    if found["what"] in _STAKES:
        band = BANDS[found["band"]] if found["band"] else {}
        return {"record": "holding", "interest": _STAKES[found["what"]], "reason": how, **through, **band}
    share = f"{found['band']} per cent".replace("-", " ") if found["band"] else ""
    reason = ", ".join(filter(None, (share, how)))
    return {"record": "control", "by": _CONTROL[found["what"]], "reason": reason, **through}

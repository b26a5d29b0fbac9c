"""Which lists, in which version, and which law a finding rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from diversion.explain.words import as_date, counted, day, one_line

if TYPE_CHECKING:
    from diversion.explain.case import Case
    from diversion.explain.legs import Leg


NAMES = {
    "us_csl": "US Consolidated Screening List",
    "ofac_sdn": "OFAC SDN List",
    "ofac_cons": "OFAC Consolidated (non-SDN) List",
    "bis_dpl": "BIS Denied Persons List",
    "un": "UN Security Council Consolidated List",
    "eu": "EU Consolidated Financial Sanctions List",
    "uk": "UK Sanctions List",
    "uk_ofsi": "UK OFSI Consolidated List",
    "opensanctions": "OpenSanctions",
}


def list_phrases(listings: pd.DataFrame) -> tuple[str, ...]:
    """One phrase a list: its name, its size and the newest day that it states."""
    if not len(listings):
        return ()
    return tuple(_phrase(str(name), part) for name, part in sorted(listings.groupby("list", sort=True)))


def _phrase(name: str, part: pd.DataFrame) -> str:
    newest = [_latest(part, column) for column in ("first_seen", "known_on", "listed_on") if column in part]
    seen = next((found for found in newest if found is not None), None)
    when = f" as of {day(seen)}" if seen is not None else ""
    return f"{list_name(name)}{when} ({counted(len(part), 'entry')})"


def list_name(name: str) -> str:
    """What people call a list that was read.

    >>> list_name("us_csl"), list_name("my_list")
    ('US Consolidated Screening List', 'my list')
    """
    return NAMES.get(name, one_line(name).replace("_", " "))


def _latest(part: pd.DataFrame, column: str) -> Any:
    values = part[column].dropna()
    return as_date(str(values.max())) if len(values) else None


def law_of(case: Case, hs6: str, legs: tuple[Leg, ...]) -> tuple[str, ...]:
    """The lines under *List versions and law*."""
    policy = case.dossier.policy
    lists = "; ".join(case.list_versions) or "none was loaded"
    lines = [f"Lists searched: {lists}."]
    lines.append(f"Policy {policy.name} {policy.version}; the law of each shipment's own day applies.")
    good = policy.good(hs6)
    if good is not None and good.source:
        lines.append(f"Goods: {one_line(good.source)}.")
    return tuple(lines)

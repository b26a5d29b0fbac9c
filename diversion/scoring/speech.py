"""Pieces of the sentences that factors tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from diversion.explain.words import amount, day, shown

if TYPE_CHECKING:
    from diversion.scoring.facts import Facts

EVIDENCE = 50
"""Ids a sentence names at most; where there are more, the first by day."""


def name(facts: Facts, party: int) -> str:
    """A party as in the record, else its id."""
    known = facts.names[party]
    if not isinstance(known, str) or not known:
        return str(facts.transfers.party_ids[party])
    at = int(facts.country[party])
    return shown(known, facts.countries[at] if at >= 0 else None)


def sender(facts: Facts, transfer: int) -> str:
    """The sender of a transfer."""
    return name(facts, int(facts.transfers.src[transfer]))


def receiver(facts: Facts, transfer: int) -> str:
    """The receiver of a transfer."""
    return name(facts, int(facts.transfers.dst[transfer]))


def party_id(facts: Facts, party: int) -> str:
    """The id of a party."""
    return str(facts.transfers.party_ids[party])


def country(facts: Facts, party: int) -> str:
    """The code of a party's country."""
    place = int(facts.country[party])
    return facts.countries[place] if place >= 0 else "a country not stated"


def hs6(facts: Facts, transfer: int) -> str:
    """The code of the goods of a transfer."""
    return str(facts.transfers.hs6[facts.transfers.item[transfer]])


def heading(facts: Facts, transfer: int) -> str:
    """The heading of the goods of a transfer."""
    return f"heading {hs6(facts, transfer)[:4]}"


def on(facts: Facts, transfer: int) -> str:
    """The day of a transfer, whose law applies."""
    return day(int(facts.transfers.departed[transfer]))


def measured(facts: Facts, transfer: int, size: float) -> str:
    """An amount of the flows around a transfer, with its unit."""
    if facts.flows.by_weight[transfer]:
        return amount(size, "kg")
    return amount(size, facts.declared.units[facts.declared.unit[transfer]])


def ids(facts: Facts, transfers: Iterable[int] | npt.NDArray[np.integer]) -> tuple[str, ...]:
    """The ids of shipments, in the order given, each once, at most `EVIDENCE`."""
    found: dict[str, None] = {}
    for transfer in transfers:
        found[str(facts.transfers.ids[transfer])] = None
        if len(found) == EVIDENCE:
            break
    return tuple(found)


def listing(facts: Facts, row: int) -> tuple[str, ...]:
    """The party and, where there is one, the listing behind a row of `Ends.table`."""
    verdict = facts.ends.table.iloc[row]
    entry = verdict["listing"]
    return (str(verdict["party"]), *([entry] if isinstance(entry, str) and entry else []))


def why(facts: Facts, row: int, transfer: int) -> str:
    """The reason of a row of `Ends.table` as it stands on the day of a transfer."""
    verdict = facts.ends.table.iloc[row].to_dict()
    day = int(facts.transfers.departed[transfer])
    return str(facts.dossier.restrictions.of_day(verdict, day)["reason"] or verdict["rule"])

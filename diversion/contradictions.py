"""Questions that nothing can answer, whatever the records hold."""

from __future__ import annotations

from collections.abc import Mapping

from diversion.errors import UsageError


def refuse(named: Mapping[str, frozenset[str]]) -> None:
    """Raise `UsageError` where the parties of `--from`, `--to`, `--through` and `--avoid` leave no route.

    A route passes no party twice, and one that begins at an end is none. A flag that names nobody is not
    refused: that the records hold no such party is an answer.
    """
    avoid, begin, end = (named.get(flag, frozenset()) for flag in ("--avoid", "--from", "--to"))
    for flag in ("--from", "--to", "--through"):
        mine = named.get(flag, frozenset())
        if mine and mine <= avoid:
            raise UsageError(f"{_told(mine)} must be there and must not", where=f"{flag}, --avoid")
    if begin and begin <= end:
        raise UsageError(f"{_told(begin)} cannot both begin and end a route", where="--from, --to")
    if len(begin) == 1 and begin == named.get("--through"):
        raise UsageError(f"{_told(begin)} cannot lie between its own ends", where="--from, --through")


def _told(parties: frozenset[str]) -> str:
    some = sorted(parties)
    return f"{', '.join(some[:3])}{f' and {len(some) - 3} more' if len(some) > 3 else ''}"

"""Parties: party, owners, screen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from diversion.commands.options import COMMON, JUDGING, SCREENING, Common, Day, Judging, Screening


def party(
    names: Annotated[list[str], Parameter(negative="")] | None = None,
    *,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    judging: Judging = JUDGING,
    common: Common = COMMON,
) -> None:
    """Say whether parties are restricted on a day, by which rule, since when, and by what proof.

    Example: diversion party "Tverskoy Modul" --as-of 2024-05-19

    Parameters
    ----------
    names
        ids or names.
    all_
        every party of the store.
    """
    from diversion.commands.people import show_parties

    show_parties(names or [], all_, judging, common)


def owners(
    name: str,
    *,
    as_of: Day | None = None,
    integrated: Annotated[bool, Parameter(negative="")] = False,
    common: Common = COMMON,
) -> None:
    """List who holds a party, and who holds those, with shares and days.

    Example: diversion owners "Al Dhafra Drive Systems LLC"

    Parameters
    ----------
    name
        id or name of the party.
    as_of
        the day [default: the last day of the shipments].
    integrated
        instead, how much of it is each owner's in the end: shares multiplied along chains and added over
        them, circles included. An economic figure: no rule of law reads shares so.
    """
    from diversion.commands.people import show_owners

    show_owners(name, as_of, integrated, common)


def screen(
    names: Annotated[list[str], Parameter(negative="")] | None = None,
    *,
    pairs: Path | None = None,
    screening: Screening = SCREENING,
    common: Common = COMMON,
) -> None:
    """Look names up in the lists of the store; a file is CSV with a column `name`, - the standard input.

    Example: diversion screen "Tverskoy Modul" --cutoff 0.8

    Parameters
    ----------
    names
        names, or a CSV file with `name` and, where known, country, address, identifier, date, kind, or -.
    pairs
        instead, a CSV file of labelled pairs, `left, right` and, where known, country, date, identifier of
        each (left_country, …) and kind: how the matcher judges them.
    """
    from diversion.commands.people import screen_names, screen_pairs

    if pairs is not None:
        screen_pairs(pairs, common)
    else:
        screen_names(names or [], screening, common)

"""Who is who, judged by people: review, review confirm, reject, unsure."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from diversion.commands.options import COMMON, Common, Day

app = App(
    name="review",
    help="Judge records that may be one party: list the open pairs, or decide on one.\n\n"
    "Example: diversion review --limit 20",
    help_format="plaintext",
)
By = Annotated[str, Parameter(name="--by")]


@app.default
def review(
    *, limit: int = 50, decided: Annotated[bool, Parameter(negative="")] = False, common: Common = COMMON
) -> None:
    """Judge records that may be one party: list the open pairs, the most valuable first, or decide on one.

    Example: diversion review --limit 20

    Parameters
    ----------
    limit
        most pairs shown, 0 for all.
    decided
        instead, every decision so far, with who made it, when and why.
    """
    from diversion.commands.review import show_decisions, show_open

    if decided:
        show_decisions(common)
    else:
        show_open(limit, common)


@app.command
def confirm(
    party: str, other: str, *, by: By, reason: str, on: Day | None = None, common: Common = COMMON
) -> None:
    """Two records are one party: read them as one from now on.

    Example: diversion review confirm PARTY OTHER --by "A. Clerk" --reason "same seal on both invoices"

    Parameters
    ----------
    party
        id of the one record.
    other
        id of the other.
    by
        who decides.
    reason
        why.
    on
        day of the decision [default: today].
    """
    from diversion.commands.review import decide_on

    decide_on((party, other), "confirmed", by, reason, on, common)


@app.command
def reject(
    party: str, other: str, *, by: By, reason: str, on: Day | None = None, common: Common = COMMON
) -> None:
    """Two records are two parties: never read them as one, never offer them again.

    Example: diversion review reject PARTY OTHER --by "A. Clerk" --reason "two shops of one name"

    Parameters
    ----------
    party
        id of the one record.
    other
        id of the other.
    by
        who decides.
    reason
        why.
    on
        day of the decision [default: today].
    """
    from diversion.commands.review import decide_on

    decide_on((party, other), "rejected", by, reason, on, common)


@app.command
def unsure(
    party: str, other: str, *, by: By, reason: str, on: Day | None = None, common: Common = COMMON
) -> None:
    """Nobody can tell yet: the pair stays open, behind all others; an earlier decision on it ends.

    Example: diversion review unsure PARTY OTHER --by "A. Clerk" --reason "asked the registry, no answer yet"

    Parameters
    ----------
    party
        id of the one record.
    other
        id of the other.
    by
        who decides.
    reason
        why.
    on
        day of the decision [default: today].
    """
    from diversion.commands.review import decide_on

    decide_on((party, other), "unsure", by, reason, on, common)

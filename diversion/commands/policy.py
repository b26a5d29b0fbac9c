"""The law and the choices in force: policy show, diff, check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from diversion.errors import UsageError
from diversion.output import Format, emit, say

if TYPE_CHECKING:
    from diversion.policy.policy import Policy

app = App(
    name="policy",
    help="Law, lists, goods and thresholds: what applies on a day, what changed, is a pack right.",
)

BUILT_IN = "built-in"
MOST_TOLD = 12
"""Rules not in force that are named on stderr; more are counted."""


@Parameter(name="*")
@dataclass(frozen=True)
class Shown:
    """How rows are printed."""

    format: Format = "table"
    "table for people; json, jsonl or csv for machines"


@Parameter(name="*")
@dataclass(frozen=True)
class Chosen(Shown):
    """Which policy, and how it is printed."""

    policy: str | None = None
    "a policy pack of your own, laid over the built-in ones"


SHOWN, CHOSEN = Shown(), Chosen()


@app.command
def show(
    name: str | None = None,
    *,
    as_of: date | None = None,
    everything: Annotated[bool, Parameter(name="--all", negative="")] = False,
    chosen: Chosen = CHOSEN,
) -> None:
    """Show the rules that apply on a day, each with its days, status and source.

    Status: verified (read in its source), stated (by the author of a pack), unverified (from memory), verify
    (doubtful whether it is in force: what rests on it is undetermined).

    Examples: diversion policy show ownership --as-of 2025-10-01; diversion policy show 854231

    Parameters
    ----------
    name
        a table (goods, sets, ownership, ...), a rule, an HS code, a code of a programme, or a country.
    as_of
        the day [default: today].
    everything
        also rules that have ended or not begun; one that is named is shown in any case.
    """
    from diversion.policy.overview import described, not_in_force

    found, day = _loaded(chosen.policy), as_of or _today()
    rows = described(found, name, day, everything=everything)
    if chosen.format == "csv":
        emit([{key: value for key, value in row.items() if key != "rule"} for row in rows], "csv", ())
    elif chosen.format == "json":
        emit({"policy": _whose(found), "as_of": day.isoformat(), "rules": rows}, "json", ())
    elif chosen.format == "table":
        with_source = len(rows) <= MOST_TOLD
        lines = [_line(row, "what", *(("source",) if with_source else ())) for row in rows]
        emit(lines, "table", ("rule", "standing", "what"), _title(found, day))
    else:
        emit(rows, chosen.format, ())
    _tell(not_in_force(found, name, day))


@app.command
def diff(
    one: str | None = None,
    other: str | None = None,
    *,
    as_of: date | None = None,
    against: date | None = None,
    chosen: Chosen = CHOSEN,
) -> None:
    """Show what differs between two policies, or which law changed between two days.

    Examples: diversion policy diff mine.toml; diversion policy diff --as-of 2025-10-01 --against 2026-01-01

    Parameters
    ----------
    one
        a pack (or folder of packs), or built-in; alone, it is compared with the built-in policy.
    other
        the pack that is compared with it.
    as_of
        the first of two days.
    against
        the second of two days [default: today].
    """
    from diversion.policy.compare import days, policies

    if (one is None) == (as_of is None):
        raise UsageError(
            "name packs, or two days",
            where="policy diff",
            hint="`policy diff PACK [PACK]`, or `policy diff --as-of DAY --against DAY`",
        )
    if one is not None:
        if against is not None or chosen.policy is not None:
            raise UsageError(
                "--against and --policy go with --as-of", where="policy diff", hint="leave them out"
            )
        first, second = (BUILT_IN, one) if other is None else (one, other)
        rows, what = policies(_pack(first), _pack(second)), f"{first} and {second} hold the same rules"
    else:
        early, late = as_of or _today(), against or _today()
        rows, what = (
            days(_loaded(chosen.policy), early, late),
            f"the same rules apply on {early} and on {late}",
        )
    if chosen.format == "table" and not rows:
        say(what)
        return
    lines = [_line(row, "detail") for row in rows] if chosen.format == "table" else rows
    emit(lines, chosen.format, ("rule", "change", "detail"))


@app.command
def check(path: Path, *, shown: Shown = SHOWN) -> int:
    """Check a pack or a folder of packs as it lies over the built-in ones; all faults at once (exit code 3).

    Example: diversion policy check mine.toml

    Parameters
    ----------
    path
        a .toml file, or a folder that holds some.
    """
    from diversion.policy.audit import audit

    found = audit(path)
    rows = [{"where": fault.where, "what": fault.what, "hint": fault.hint} for fault in found.faults]
    if shown.format == "json":
        whose = _whose(found.policy) if found.policy else None
        emit({"valid": not rows, "policy": whose, "faults": rows, "notes": found.notes}, "json", ())
    elif rows or shown.format != "table":
        emit(rows, shown.format, ("where", "what", "hint"))
    if found.policy is not None and shown.format == "table":
        for note in found.notes:
            say(note)
        say(f"{path}: valid; {found.policy.name} {found.policy.version}, digest {found.policy.digest}")
    return 3 if rows else 0


def _loaded(path: str | None) -> Policy:
    """The policy in force: of the flag, the environment or diversion.toml, else the built-in one."""
    from diversion.policy.policy import load
    from diversion.settings import settings

    return load(settings(policy=path).policy)


def _pack(name: str) -> Policy:
    from diversion.policy.policy import load

    return load(None if name == BUILT_IN else name)


def _whose(policy: Policy) -> dict[str, Any]:
    return {"name": policy.name, "version": policy.version, "digest": policy.digest}


def _line(row: dict[str, Any], told: str, *more: str) -> dict[str, Any]:
    """A rule for people in three cells: name and table, days and status, what it says and its source."""
    days = [f"{word} {row[word]}" for word in ("from", "until") if row[word]]
    kind = "standing" if "standing" in row else "change"
    return {
        "rule": f"{row['name']}\n({row['table']})",
        kind: "\n".join([row[kind], *days, row["status"]]),
        told: "\n".join([row[told], *(f"{name}: {row[name]}" for name in more if row[name] != row[told])]),
    }


def _title(policy: Policy, day: date) -> str:
    return f"{policy.name} {policy.version} on {day.isoformat()}, digest {policy.digest}"


def _tell(phrases: list[str]) -> None:
    if phrases:
        shown = "; ".join(phrases[:MOST_TOLD])
        more = f"; and {len(phrases) - MOST_TOLD} more" if len(phrases) > MOST_TOLD else ""
        say(f"not in force on this day: {shown}{more}")


def _today() -> date:
    return datetime.now(UTC).date()

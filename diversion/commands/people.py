"""Parties: party, owners, screen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diversion.commands.opening import opened, reading
from diversion.errors import UsageError
from diversion.output import emit, say

if TYPE_CHECKING:
    from diversion.commands.options import Common
    from diversion.dossier import People


def _people(as_of: date | None, common: Common) -> People:
    from diversion.assemble import last_day, people_of
    from diversion.options import Options

    current, policy = opened(common)
    with reading(current) as store:
        return people_of(store, Options(), policy, as_of or last_day(store.shipments()))


def show_parties(
    names: list[str], everyone: bool, as_of: date | None, rule: str | None, common: Common
) -> None:
    """Print the verdicts of each party, one a rule."""
    from diversion.parties.verdicts import rules
    from diversion.selection import by_name_or_id

    if not names and not everyone:
        raise UsageError("name a party, or ask for --all", where="party")
    people = _people(as_of, common)
    known = rules(people.policy)
    if rule is not None and rule not in known:
        raise UsageError(f"no rule is called {rule!r}", where="--rule", hint=f"one of {', '.join(known)}")
    ids = list(people.directory.parties.index) if everyone else []
    ids += [party for name in names for party in by_name_or_id(name, people.directory)]
    told = [_verdicts(party, people, rule) for party in ids]
    lines = [
        {**{key: value for key, value in one.items() if key != "verdicts"}, **verdict}
        for one in told
        for verdict in one["verdicts"]
    ]
    if common.format == "csv":
        emit(lines, "csv", ())
    elif common.format == "table":
        shown = [line for line in lines if rule or line["verdict"] != "no" or not everyone]
        emit(shown, "table", ("party_id", "name", "country", "rule", "verdict", "since", "until", "reason"))
    else:
        emit(told, common.format, ())


def _verdicts(party: str, people: People, rule: str | None) -> dict[str, Any]:
    row = people.directory.parties.loc[party]
    verdicts = people.restrictions.verdicts(party, people.as_of)
    return {
        "party_id": party,
        "name": row["name"],
        "country": row["country"],
        "as_of": people.as_of.isoformat(),
        "verdicts": [verdict for verdict in verdicts if rule in (None, verdict["rule"])],
    }


def show_owners(name: str, as_of: date | None, in_the_end: bool, common: Common) -> None:
    """Print every holding above a party, nearest first, or what share each owner has in the end."""
    from diversion.parties.owners import holdings_above, integrated_above
    from diversion.selection import by_name_or_id

    people = _people(as_of, common)
    above = integrated_above if in_the_end else holdings_above
    rows = [
        {"of": party, **row}
        for party in by_name_or_id(name, people.directory)
        for row in above(party, people)
    ]
    if common.format == "table" and not rows:
        say(f"no holding in {name} is recorded on {people.as_of}; that does not mean that nobody owns it")
        return
    held = ("level", "owner", "owner_name", "owner_country", "owned", "share", "from", "until", "restricted")
    emit(rows, common.format, ("owner", "owner_name", "owner_country", "share") if in_the_end else held)


def screen_names(
    names: list[str], cutoff: float | None, limit: int, country: str | None, common: Common
) -> None:
    """Print what the lists hold under names like these."""
    if cutoff is not None and not 0 <= cutoff <= 1:
        raise UsageError(f"{cutoff:g} is no confidence", where="--cutoff", hint="from 0 to 1")
    from diversion.parties.queries import queries
    from diversion.parties.screen import Screener
    from diversion.parties.watchlist import with_watchlist

    if not names:
        raise UsageError("name a party or a CSV file, or give --pairs FILE", where="screen")
    current, policy = opened(common)
    with reading(current) as store:
        screener = Screener(with_watchlist(store.read("Listing"), policy), policy)
    asked = queries(names, country)
    told = screener.screen(asked, policy.thresholds["match_cutoff"] if cutoff is None else cutoff, limit)
    if common.format == "csv":
        emit([{"query": one["query"]["name"], **hit} for one in told for hit in one["hits"]], "csv", ())
        return
    if common.format != "table":
        emit(told, common.format, ())
        return
    for one in told:
        _hits(one)


def screen_pairs(file: Path, common: Common) -> None:
    """Print how the matcher judges pairs of names; words weigh as in the lists of the store, if any."""
    from diversion.parties.pairs import judge, rarity_of
    from diversion.parties.queries import pairs
    from diversion.parties.screen import Screener

    current, policy = opened(common)
    asked = pairs(file)
    rarity = rarity_of(asked)
    if common.store or "://" in current.store or Path(current.store).exists():
        with reading(current) as store:
            listings = store.read("Listing")
        rarity = Screener(listings, policy).rarity if len(listings) else rarity
    emit(judge(asked, rarity, policy), common.format, ("row", "score"))


def _hits(one: dict[str, Any]) -> None:
    lists = ", ".join(f"{s['list']} of {s['published']} ({s['entries']:,} entries)" for s in one["searched"])
    if not one["hits"]:
        say(f"{one['query']['name']}: no hit in {lists or 'any list, none is loaded'}; that is no clearance")
        return
    say(f"{one['query']['name']}: searched {lists}")
    emit(one["hits"], "table", ("score", "name", "matched", "list", "programme", "listed_on", "listing_id"))

"""Parties: party, owners, screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diversion.commands.opening import opened, reading
from diversion.commands.people_tables import HITS, IN_THE_END, OWNERS, hit_line, owner_line, show_verdicts
from diversion.errors import BadInput, UsageError
from diversion.output import emit, say

if TYPE_CHECKING:
    from diversion.commands.options import Common, Judging, Screening
    from diversion.dossier import People


def _people(as_of: date | None, common: Common, known_at: date | None = None) -> People:
    from diversion.assemble import last_day, people_of
    from diversion.options import Options

    current, policy = opened(common)
    with reading(current) as store:
        return people_of(store, Options(known_at=known_at), policy, as_of or last_day(store.shipments()))


def show_parties(names: list[str], everyone: bool, asked: Judging, common: Common) -> None:
    """Print the verdicts of each party, one a rule; draw the proof of one into a file."""
    from diversion.parties.verdicts import rules

    rule, picture = asked.rule, asked.picture
    if not names and not everyone:
        raise UsageError("name a party, or ask for --all", where="party")
    people = _people(asked.as_of, common, asked.known_at)
    known = rules(people.policy)
    if rule is not None and rule not in known:
        raise UsageError(f"no rule is called {rule!r}", where="--rule", hint=f"one of {', '.join(known)}")
    rows = _asked(names, everyone, people)
    if picture is not None:
        one = list(rows)
        _draw(one, rule, people, picture)
        rows = iter(one)
    told = (
        {**row, "verdicts": people.restrictions.verdicts(row["party_id"], people.as_of, rule)} for row in rows
    )
    if common.format in ("json", "jsonl"):
        emit(told, common.format, ())
        return
    if common.format == "csv":
        emit((_flat(one, verdict) for one in told for verdict in one["verdicts"]), "csv", ())
        return
    show_verdicts(told, briefly=everyone and rule is None)


def _flat(one: dict[str, Any], verdict: dict[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in one.items() if key != "verdicts"}, **verdict}


def _asked(names: list[str], everyone: bool, people: People) -> Iterator[dict[str, Any]]:
    """The parties asked about, each as it begins its row; all of them in the order of their ids."""
    from diversion.selection import by_name_or_id

    parties, day = people.directory.parties, people.as_of.isoformat()
    ids = []
    for name in names:
        found = by_name_or_id(name, people.directory)
        ids += found
        if len(found) > 1:
            told = ", ".join(f"{one} ({parties['country'].get(one) or 'no country'})" for one in found[:9])
            say(f"{len(found)} parties are called {name}: {told}{' …' if len(found) > 9 else ''}")
    chosen = [parties] if everyone else []
    for frame in (*chosen, parties.loc[ids]):
        columns = zip(frame.index, frame["name"], frame["country"], strict=True)
        for party, name, country in columns:
            yield {"party_id": party, "name": name, "country": country, "as_of": day}


def _draw(asked: list[dict[str, Any]], rule: str | None, people: People, file: Path) -> None:
    """The gravest verdict of a party, with its proof, as a picture. Raises `UsageError` for several."""
    from diversion.parties import picture

    if len(asked) != 1:
        found = ", ".join(f"{one['party_id']} ({one['name']}, {one['country']})" for one in asked[:5])
        raise UsageError("a picture is of one party", where="--picture", hint=f"name one of {found}")
    form = {".svg": picture.svg, ".html": picture.html}.get(file.suffix.lower())
    if form is None:
        raise UsageError(f"{file} is no picture", where="--picture", hint="a name that ends in .svg or .html")
    scene = picture.scene(asked[0]["party_id"], rule, people)
    try:
        file.write_text(form(scene), encoding="utf-8")
    except OSError as fault:
        raise BadInput(f"cannot be written: {fault.strerror}", where=str(file)) from fault
    say(f"{file}: {scene.title}")


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
    shown = [owner_line(row) for row in rows] if common.format == "table" else rows
    emit(shown, common.format, IN_THE_END if in_the_end else OWNERS)


def screen_names(names: list[str], asked: Screening, common: Common) -> None:
    """Print what the lists hold under names like these."""
    if asked.cutoff is not None and not 0 <= asked.cutoff <= 1:
        raise UsageError(f"{asked.cutoff:g} is no confidence", where="--cutoff", hint="from 0 to 1")
    if asked.limit < 0:
        raise UsageError(f"{asked.limit} hits cannot be shown", where="--limit", hint="0 shows all")
    from diversion.parties.queries import queries
    from diversion.parties.screen import Screener
    from diversion.parties.watchlist import with_watchlist
    from diversion.parties.whitelist import whitelist

    if not names:
        raise UsageError("name a party, a CSV file or -, or give --pairs FILE", where="screen")
    passes = whitelist(asked.whitelist) if asked.whitelist else None
    questions = queries(names, asked.country)
    current, policy = opened(common)
    with reading(current) as store:
        screener = Screener(with_watchlist(store.read("Listing"), policy), policy)
    cutoff = policy.thresholds["match_cutoff"] if asked.cutoff is None else asked.cutoff
    told = screener.screen_many(questions, cutoff, asked.limit, passes)
    for one in told:
        if judged := one.get("judged"):
            name = one["query"].get("name")
            say(f"{name}: more than {judged:,} names are like this, of which the nearest are judged")
    if asked.second_opinion:
        from diversion.parties.second import second_opinions

        second_opinions(told, screener.kinds)
    if common.format == "csv":
        emit([{"query": one["query"].get("name"), **hit} for one in told for hit in _all(one)], "csv", ())
        return
    if common.format != "table":
        emit(told, common.format, ())
        return
    for one in told:
        _hits(one)


def screen_pairs(file: Path, common: Common) -> None:
    """Print how the matcher judges pairs of names."""
    from diversion.parties.pairs import judge
    from diversion.parties.queries import pairs

    current, policy = opened(common)
    if common.store:
        with reading(current):  # a store that is named must be there, though no pair depends on it
            pass
    asked = pairs(file)
    told = judge(asked, policy)
    if common.format == "table":
        told = [
            {**one, "left": pair["left"], "right": pair["right"]}
            for one, (_, pair) in zip(told, asked, strict=True)
        ]
    emit(told, common.format, ("row", "score", "left", "right"))


def _all(one: dict[str, Any]) -> list[dict[str, Any]]:
    return [*one["hits"], *one.get("suppressed", ())]


def _hits(one: dict[str, Any]) -> None:
    from diversion.lists import phrases
    from diversion.parties.whitelist import told as passed

    lists = phrases(one["searched"])
    name = one["query"].get("name") or one["query"].get("address")
    for hit in one.get("suppressed", ()):
        say(passed(str(name), hit))
    if not one["hits"]:
        other = "other " if one.get("suppressed") else ""
        say(f"{name}: no {other}hit in {lists or 'any list, none is loaded'}; that is no clearance")
        return
    say(f"{name}: searched {lists}")
    more = ("second_opinion",) if "second_opinion" in one["hits"][0] else ()
    emit([hit_line(hit) for hit in one["hits"]], "table", (*HITS, *more))
    if one.get("more"):
        say(f"{name}: {one['more']} further hits are not shown (--limit)")

"""Which parties `--from` and `--to` name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from diversion.errors import BadInput, NotFound, UsageError
from diversion.parties.resolve import Directory
from diversion.policy.policy import Policy


def select(names: Iterable[str], directory: Directory, policy: Policy, where: str) -> frozenset[str]:
    """Ids of the parties that `names` mean: ids, `country:XX`, a set of the policy, or `@FILE` of these.

    Raises `NotFound` for a name that means nothing, naming the sets there are, and `UsageError` for what
    stands behind `country:` and is no code, with the code that may be meant.
    """
    chosen: set[str] = set()
    for name in _unfold(names, where):
        chosen |= _one(name, directory, policy, where)
    return frozenset(chosen)


def _unfold(names: Iterable[str], where: str) -> Iterable[str]:
    for name in names:
        if name.startswith("@"):
            yield from _lines(Path(name[1:]), where)
        else:
            yield name


def _lines(path: Path, where: str) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"cannot read {path}: {fault}", where=where) from None
    return [line.strip() for line in text.splitlines() if line.strip()]


def _one(name: str, directory: Directory, policy: Policy, where: str) -> set[str]:
    countries = directory.parties["country"]
    if name.startswith("country:"):
        return set(countries.index[countries == _code(name.removeprefix("country:"), where)])
    if name in directory.canonical.index:
        return {str(directory.canonical[name])}
    if name in policy.sets:
        return set(countries.index[countries.isin(list(policy.sets[name].countries))])
    sets = ", ".join(sorted(policy.sets))
    raise NotFound(
        f"{name!r} is no party id, country or set",
        where=where,
        hint=f"{_called(name, directory)}country:XX, @FILE, or one of the sets {sets}",
    )


def _code(text: str, where: str) -> str:
    """An ISO 3166-1 alpha-2 code as it is written in the records."""
    from diversion.ingest import countries

    code = text.strip().upper()
    if code in countries.countries().values():
        return code
    meant = countries.country(text)[0] or countries.nearest(text)
    told = f"{text!r} is no country code" + (f": country:{meant}" if meant else "")
    raise UsageError(
        told, where=where, hint="" if meant else "ISO 3166-1 codes of two letters, as country:DE"
    )


def _called(name: str, directory: Directory) -> str:
    """The ids of the parties of that name, where there are any."""
    try:
        found = by_name_or_id(name, directory)
    except NotFound:
        return ""
    return f"of that name are {', '.join(found[:9])}{' …' if len(found) > 9 else ''}; else "


def by_name_or_id(text: str, directory: Directory) -> list[str]:
    """Ids of the parties with this id, else this name normalised, else this name without legal form.

    Every name under which a party is recorded counts. Raises `NotFound` with the names that are nearest.
    """
    from diversion.parties.names import name_key, split

    if text in directory.canonical.index:
        return [str(directory.canonical[text])]
    names, keys = directory.names["party"], directory.names["name_key"].fillna("")
    for wanted, mine in ((name_key(text), keys), (split(text)[0], keys.str.partition("|")[0])):
        found = sorted(set(names[mine == wanted])) if wanted else []
        if found:
            return [str(party) for party in found]
    raise NotFound(f"no party has the id or the name {text!r}", hint=_near(text, directory))


def _near(text: str, directory: Directory) -> str:
    """The names most like a text, with their ids; what to do where there is none."""
    from rapidfuzz import fuzz, process

    from diversion.parties.names import name_key

    keys = directory.names["name_key"].fillna("").tolist()
    near = process.extract(name_key(text), keys, scorer=fuzz.WRatio, limit=3, score_cutoff=75)
    rows = [directory.names.iloc[place] for _, _, place in near]
    told = dict.fromkeys(f"{row['name']} ({row['party']})" for row in rows)
    like = f"like it are {', '.join(told)}; " if told else ""
    return f"{like}`diversion screen` finds similar names on the lists"

"""Which parties `--from` and `--to` name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from diversion.errors import BadInput, NotFound
from diversion.parties.resolve import Directory
from diversion.policy.policy import Policy


def select(names: Iterable[str], directory: Directory, policy: Policy, where: str) -> frozenset[str]:
    """Ids of the parties that `names` mean: ids, `country:XX`, a set of the policy, or `@FILE` of these.

    Raises `NotFound` for a name that means nothing, naming the sets there are.
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
        return set(countries.index[countries == name.removeprefix("country:").upper()])
    if name in directory.canonical.index:
        return {str(directory.canonical[name])}
    if name in policy.sets:
        return set(countries.index[countries.isin(list(policy.sets[name].countries))])
    raise NotFound(
        f"{name!r} is no party id, country or set",
        where=where,
        hint=f"country:XX, @FILE, or one of the sets {', '.join(sorted(policy.sets))}",
    )


def by_name_or_id(text: str, directory: Directory) -> list[str]:
    """Ids of the parties with this id, else this name normalised, else this name without legal form."""
    from diversion.parties.names import name_key, split

    if text in directory.canonical.index:
        return [str(directory.canonical[text])]
    for key in (name_key, lambda name: split(name)[0]):
        wanted, keys = key(text), directory.parties["name"].map(key, na_action="ignore")
        found = sorted(str(party) for party in directory.parties.index[keys == wanted])
        if found and wanted:
            return found
    hint = "`diversion screen` finds similar names on the lists"
    raise NotFound(f"no party has the id or the name {text!r}", hint=hint)

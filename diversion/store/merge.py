"""What becomes of a row whose key is there already: the merge rules, as SQL that both stores run.

The old row is `o`, the new one `n`. Rows that differ in nothing but their source are unchanged.
"""

from __future__ import annotations

from functools import cache

from diversion import schema

PROVENANCE = ("source", "row", "known_on")


def quoted(name: str) -> str:
    """A name from `graph_schema/` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _content(kind: schema.TableType) -> list[str]:
    return [name for name in kind.names if name not in kind.key and name not in PROVENANCE]


def _wins(kind: schema.TableType) -> str:
    differs = [f"o.{quoted(c)} IS DISTINCT FROM n.{quoted(c)}" for c in _content(kind)]
    if kind.merge == "keep" or not differs:
        return "FALSE"
    either = f"({' OR '.join(differs)})"
    return f'(n."stated" AND {either})' if kind.merge == "stated" else either


def _value(kind: schema.TableType, column: str) -> str:
    name = quoted(column)
    if column in kind.key:
        return f"o.{name}"
    if column == "known_on":
        return _known(kind)
    kept = f"o.{name}"
    if kind.merge == "stated" and column not in PROVENANCE:
        kept = f'CASE WHEN o."stated" THEN o.{name} ELSE coalesce(o.{name}, n.{name}) END'
    return f"CASE WHEN {_wins(kind)} THEN n.{name} ELSE {kept} END"


def _known(kind: schema.TableType) -> str:
    """The day on which what the row now says was received."""
    earliest = 'least(o."known_on", n."known_on")'
    if kind.merge != "stated":
        return earliest
    told = 'CASE WHEN o."stated" THEN greatest(o."known_on", n."known_on") ELSE n."known_on" END'
    mention = 'o."stated" AND NOT n."stated"'
    return f'CASE WHEN {_wins(kind)} THEN {told} WHEN {mention} THEN o."known_on" ELSE {earliest} END'


@cache
def merged(kind_name: str) -> list[str]:
    """One SQL expression a column: its value once `n` has met `o`.

    `replace` takes the new row where it differs, `keep` the old one. `stated` takes a new row that is
    stated; of two rows that are only mentions the first stays, and the second fills what it left empty.
    `known_on` becomes the earliest that any source states. Of what is `stated` it is the earliest that states
    all that the row says: a party mentioned in January whose birth a register told in June is known as such
    from June on; what had been stated before and is changed counts as learned with the change.
    """
    kind = schema.load()[kind_name]
    return [f"{_value(kind, column)} AS {quoted(column)}" for column in kind.names]


@cache
def changes(kind_name: str) -> str:
    """SQL condition that holds where meeting `n` changes `o`."""
    kind = schema.load()[kind_name]
    late = _content(kind) if kind.merge == "stated" else []
    late += ["known_on"] if "known_on" in kind.names else []
    tests = [f"({_value(kind, c)}) IS DISTINCT FROM o.{quoted(c)}" for c in late]
    return " OR ".join([_wins(kind), *tests])


def same_key(kind: schema.TableType) -> str:
    """SQL condition under which `o` and `n` are one record."""
    return " AND ".join(f"o.{quoted(column)} = n.{quoted(column)}" for column in kind.key)

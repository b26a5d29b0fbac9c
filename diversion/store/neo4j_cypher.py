"""Cypher of every type. Names come from `graph_schema/`; values are parameters, always."""

from __future__ import annotations

from diversion import schema

BLOCK = 20_000
"""Nodes in one block of a read: blocks come as columns, some five times as fast as records."""


def named(name: str) -> str:
    """A name from `graph_schema/` as a Cypher identifier."""
    return "`" + name.replace("`", "``") + "`"


def indexes() -> list[str]:
    """What the store needs beside the constraints of `graph_schema/`."""
    own = [
        "CREATE CONSTRAINT _batch_number IF NOT EXISTS FOR (b:_Batch) REQUIRE b.number IS UNIQUE",
        "CREATE CONSTRAINT _store_id IF NOT EXISTS FOR (s:_Store) REQUIRE s.id IS UNIQUE",
    ]
    return own + [
        f"CREATE INDEX {kind.name.lower()}_key IF NOT EXISTS "
        f"FOR ()-[r:{named(kind.name)}]-() ON (r.{named(kind.key[0])})"
        for kind in schema.load()
        if kind.kind == "relationship" and not _ends_in_key(kind)
    ]


def ends(kind: schema.TableType) -> list[tuple[str, schema.Endpoint]]:
    """The ends of a relationship with the variable that each has in a pattern."""
    return [(v, e) for v, e in (("a", kind.start), ("b", kind.end)) if e]


def node_key(node: str) -> str:
    """The property by which relationships name a node."""
    return schema.load()[node].key[0]


def _ends_in_key(kind: schema.TableType) -> bool:
    return any(end.column in kind.key for _, end in ends(kind))


def counted(kind: schema.TableType) -> str:
    """The pattern `x` of all rows of a type, which the server counts without looking at them."""
    return f"(x:{named(kind.name)})" if kind.kind == "node" else f"()-[x:{named(kind.name)}]->()"


def values(kind: schema.TableType, columns: list[str], row: str = "x") -> list[str]:
    """An expression a column; days as numbers, which the driver reads ten times as fast."""
    at = {end.column: f"{row}[{n + 1}].{named(node_key(end.node))}" for n, (_, end) in enumerate(ends(kind))}
    own = f"{row}[0]." if kind.kind == "relationship" else f"{row}."
    types = {column.name: column.type for column in kind.columns}
    shown = []
    for name in columns:
        text = at.get(name, own + named(name))
        if types.get(name) == "date":
            text = f"duration.inDays(date('1970-01-01'), {text}).days"
        shown.append(text)
    return shown


def block(kind: schema.TableType, columns: list[str], first: bool) -> str:
    """One block of rows as columns: the first, or from behind the key `$last` of the nodes it walks along."""
    node = kind.name if kind.kind == "node" else ends(kind)[0][1].node
    keys = [f"n.{named(key)}" for key in schema.load()[node].key]
    walk = f"MATCH (n:{named(node)}) {_behind(keys, first)} WITH n ORDER BY {', '.join(keys)} LIMIT {BLOCK} "
    last = f"[{', '.join(keys)}]"
    lists = [f"[x IN rows | {value}] AS c{i}" for i, value in enumerate(values(kind, columns))]
    if kind.kind == "node":
        return (
            f"{walk} WITH collect(n) AS rows, last(collect({last})) AS last RETURN last, {', '.join(lists)}"
        )
    end = ends(kind)[1][1]
    return (
        f"{walk} WITH collect(n) AS nodes, last(collect({last})) AS last "
        f"CALL (nodes) {{ UNWIND nodes AS a MATCH (a)-[r:{named(kind.name)}]->(b:{named(end.node)}) "
        f"RETURN collect([r, a, b]) AS rows }} RETURN last, {', '.join(lists)}"
    )


def _behind(keys: list[str], first: bool) -> str:
    """Condition on which the index of the key is walked in order."""
    if first:
        return f"WHERE {keys[0]} IS NOT NULL"
    tests = []
    for n, key in enumerate(keys):
        same = [f"{k} = $last[{i}]" for i, k in enumerate(keys[:n])]
        tests.append(" AND ".join([*same, f"{key} > $last[{n}]"]))
    return "WHERE " + " OR ".join(f"({test})" for test in tests)


def there(kind: schema.TableType, columns: list[str]) -> str:
    """The rows whose keys are in `$keys`, as columns, and their internal ids."""
    rows = "x" if kind.kind == "node" else "[x, a, b]"
    lists = [f"[x IN rows | {value}] AS c{i}" for i, value in enumerate(values(kind, columns))]
    own = "x" if kind.kind == "node" else "x[0]"
    return (
        f"UNWIND $keys AS k MATCH {_keyed(kind)} WHERE x._gone IS NULL WITH collect({rows}) AS rows "
        f"RETURN {', '.join([*lists, f'[x IN rows | elementId({own})] AS at'])}"
    )


def _keyed(kind: schema.TableType) -> str:
    """The pattern of a type, narrowed to the key `k`."""
    position = {name: i for i, name in enumerate(kind.key)}
    inner = ", ".join(
        f"{named(c)}: k[{i}]" for c, i in position.items() if c not in {end.column for _, end in ends(kind)}
    )
    own = f"x:{named(kind.name)}" + (f" {{{inner}}}" if inner else "")
    if kind.kind == "node":
        return f"({own})"
    sides = []
    for variable, end in ends(kind):
        key = f" {{{named(node_key(end.node))}: k[{position[end.column]}]}}" if end.column in position else ""
        sides.append(f"({variable}:{named(end.node)}{key})")
    return f"{sides[0]}-[{own}]->{sides[1]}"


def _seek(variable: str, end: schema.Endpoint) -> str:
    """Without the hint a plan that was made while the database was empty scans all nodes for each row."""
    return f"USING INDEX {variable}:{named(end.node)}({named(node_key(end.node))})"


def create(kind: schema.TableType, columns: list[str]) -> str:
    """Make `$n` rows from columns: `$c0`, `$c1`, … for `columns`, `$a` and `$b` for the keys of the ends.

    Columns are half of what the driver would have to send as maps, which name each property in each row.
    """
    days = {column.name for column in kind.columns if column.type == "date"}
    pairs = ["_batch: $batch"]
    for n, name in enumerate(columns):
        day = f"CASE WHEN $c{n}[i] IS NOT NULL THEN date('1970-01-01') + duration({{days: $c{n}[i]}}) END"
        pairs.append(f"{named(name)}: {day if name in days else f'$c{n}[i]'}")
    own = f"x:{named(kind.name)} {{{', '.join(pairs)}}}"
    if kind.kind == "node":
        return f"UNWIND range(0, $n - 1) AS i CREATE ({own}) RETURN count(x) AS made"
    matches = [
        f"MATCH ({v}:{named(end.node)} {{{named(node_key(end.node))}: ${v}[i]}}) {_seek(v, end)}"
        for v, end in ends(kind)
    ]
    return f"UNWIND range(0, $n - 1) AS i {' '.join(matches)} CREATE (a)-[{own}]->(b) RETURN count(x) AS made"

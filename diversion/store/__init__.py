"""The memory of the case: an embedded file or a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diversion.store.base import Store

SERVERS = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


def open_store(
    location: str, *, read_only: bool = False, wait: float = 10.0, memory_limit: str | None = None
) -> Store:
    """Open the store at `location`, or make an empty one where there is none.

    Parameters
    ----------
    location : path of a DuckDB file, or the address of a Neo4j server (`neo4j://…`, `bolt://…`), whose user
        and password are taken from `DIVERSION_NEO4J_USER` and `DIVERSION_NEO4J_PASSWORD`.
    read_only : leave the store as it is, and let other readers in.
    wait : seconds to wait for another process that holds the store.
    memory_limit : what DuckDB may use, such as `8GB`; None means what `diversion.memory.limit`
        tells. A server has its own.

    Raises
    ------
    StoreLocked, StoreDamaged, StoreTooNew, StoreUnavailable, StoreError

    Some 20 ms for a file, 100 ms for a server that is near.
    """
    if location.partition("://")[0] in SERVERS:
        from diversion.store.neo4j import Neo4jStore

        return Neo4jStore(location, read_only=read_only, wait=wait)
    from diversion.store.duckdb import DuckDBStore

    return DuckDBStore(location, read_only=read_only, wait=wait, memory_limit=memory_limit)

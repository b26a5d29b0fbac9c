"""Talking to a Neo4j server: sessions, retries, and what its errors mean."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import neo4j
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    ConstraintError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
)

from diversion.errors import SchemaError, StoreError, StoreUnavailable, UsageError

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # one message of ours, not one a retry
USER, PASSWORD = "DIVERSION_NEO4J_USER", "DIVERSION_NEO4J_PASSWORD"
START = "start one with `docker compose up -d`, or look at the address and the firewall"


@contextmanager
def guard(where: str) -> Iterator[None]:
    """Turn errors of the driver and the server into ours."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise fault(error, where) from error


def fault(error: Neo4jError | DriverError, where: str) -> StoreError | SchemaError:
    """What a user can do about an error of the driver or the server."""
    text = str(getattr(error, "message", None) or error).splitlines()[0][:300]
    code = str(getattr(error, "code", None) or "")
    if isinstance(error, AuthError) or "Security" in code:
        hint = f"set {USER} and {PASSWORD} to those of the server"
        return StoreUnavailable("the server refuses this user or password", where=where, hint=hint)
    if "Database.DatabaseNotFound" in code or "Database.Unavailable" in code:
        hint = "name one that `SHOW DATABASES` lists, as in neo4j://host:7687/NAME, or none for the default"
        return StoreUnavailable("the server has no such database", where=where, hint=hint)
    if isinstance(error, ConstraintError):
        return SchemaError(f"a key stands twice: {text}", where=where)
    if isinstance(error, ServiceUnavailable | DriverError):
        return StoreUnavailable(f"no Neo4j server answers: {text}", where=where, hint=START)
    if "TransientError" in code:
        hint = "try again; if it stays so, give the server more memory (compose.yaml)"
        return StoreUnavailable(f"the server cannot do it now: {text}", where=where, hint=hint)
    return StoreError(f"the server refuses: {text}", where=where, hint="see `diversion doctor`")


class Server:
    """One database of a Neo4j server. What fails for a passing reason is tried again."""

    def __init__(self, location: str, wait: float) -> None:
        self.location = location
        address, self.database = _address(location)
        with guard(location):
            try:
                self._driver = neo4j.GraphDatabase.driver(
                    address,
                    auth=_secrets(location),
                    connection_timeout=max(wait, 1.0),
                    connection_acquisition_timeout=max(wait, 1.0) + 5,
                    max_transaction_retry_time=30.0,
                    notifications_min_severity="OFF",
                )
            except (ConfigurationError, ValueError) as error:
                hint = "write it as neo4j://host:7687"
                raise UsageError(f"not an address: {error}", where=location, hint=hint) from error
        try:
            self._reach(wait)
            self.read("RETURN 1")
        except BaseException:
            self._driver.close()
            raise

    def _reach(self, wait: float) -> None:
        """A server may be starting; one that does not answer within `wait` seconds is said to be absent."""
        end = time.monotonic() + wait
        with guard(self.location):
            while True:
                try:
                    return self._driver.verify_connectivity()
                except ServiceUnavailable:
                    if time.monotonic() >= end:
                        raise
                    time.sleep(0.2)

    def close(self) -> None:
        """Give the connections back."""
        self._driver.close()

    def read(self, cypher: str, parameters: Mapping[str, Any] | None = None) -> list[neo4j.Record]:
        """Records of a query that cannot write."""

        def work(tx: neo4j.ManagedTransaction) -> list[neo4j.Record]:
            return list(tx.run(neo4j_text(cypher), dict(parameters or {})))

        with guard(self.location), self._session(neo4j.READ_ACCESS) as session:
            return session.execute_read(work)

    def write(
        self,
        *steps: tuple[str, Mapping[str, Any]],
        check: Callable[[list[neo4j.Record]], None] | None = None,
    ) -> list[list[neo4j.Record]]:
        """Records of each step; all steps are one transaction, undone where `check` of the first raises."""

        def work(tx: neo4j.ManagedTransaction) -> list[list[neo4j.Record]]:
            found = []
            for cypher, given in steps:
                found.append(list(tx.run(neo4j_text(cypher), dict(given))))
                if check and len(found) == 1:
                    check(found[0])
            return found

        with guard(self.location), self._session(neo4j.WRITE_ACCESS) as session:
            return session.execute_write(work)

    def schema(self, statements: list[str]) -> None:
        """Run statements that make constraints and indexes, one transaction each."""
        for statement in statements:
            self.write((statement, {}))

    def explain(self, text: str, parameters: Mapping[str, Any]) -> tuple[list[str], neo4j.ResultSummary]:
        """The columns of a query and what the server would do for it, without doing it."""
        with guard(self.location), self._session(neo4j.READ_ACCESS) as session:
            result = session.run(neo4j_text("EXPLAIN " + text), dict(parameters))
            return list(result.keys()), result.consume()

    def _session(self, mode: str) -> neo4j.Session:
        return self._driver.session(database=self.database, default_access_mode=mode)


def neo4j_text(text: str) -> Any:
    """The driver wants literals, against texts built from values; ours are built from the schema."""
    return text


def is_users_fault(error: BaseException | None) -> bool:
    """Whether the server says that the text of a query is wrong."""
    return isinstance(error, ClientError) and ".Statement." in str(error.code)


def _address(location: str) -> tuple[str, str | None]:
    try:
        parts = urlsplit(location)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise UsageError("not an address", where=location, hint="write it as neo4j://host:7687") from error
    if parts.username or parts.password:
        shown = f"{parts.scheme}://{parts.hostname}{port}"
        raise UsageError("no user or password in the address", where=shown, hint=f"set {USER} and {PASSWORD}")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}", parts.path.strip("/") or None


def _secrets(location: str) -> tuple[str, str]:
    user, password = os.environ.get(USER, "neo4j"), os.environ.get(PASSWORD)
    if password is None:
        raise StoreUnavailable("no password is set", where=location, hint=f"set {USER} and {PASSWORD}")
    return user, password

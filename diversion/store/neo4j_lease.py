"""One writer at a time on a server: a lease that ends by itself where its holder dies."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import neo4j

from diversion.errors import StoreLocked
from diversion.store.neo4j_server import Server

SECONDS = 60
"""How long a lease lasts after the last write."""
TAKE = """
MATCH (s:_Store {id: 'store'}) SET s.asked = $me
WITH s, s.holder IS NULL OR s.holder = $me OR s.until < timestamp() AS free
FOREACH (_ IN CASE WHEN free THEN [1] ELSE [] END | SET s.holder = $me, s.until = timestamp() + $ms)
RETURN free, s.holder AS holder, (s.until - timestamp()) / 1000 AS left
"""
KEEP = """
MATCH (s:_Store {id: 'store', holder: $me}) SET s.until = timestamp() + $ms RETURN s.holder AS holder
"""
LEAVE = "MATCH (s:_Store {id: 'store', holder: $me}) REMOVE s.holder, s.until, s.asked"


def _me() -> str:
    return f"process {os.getpid()} on {socket.gethostname()} ({uuid4().hex[:8]})"


@dataclass(frozen=True)
class Lease:
    """The right to write, renewed by each write."""

    server: Server
    me: str = field(default_factory=_me)

    def take(self, wait: float) -> None:
        """Take the lease, waiting at most `wait` seconds. Raises `StoreLocked` naming the holder."""
        end = time.monotonic() + wait
        while True:
            record = self.server.write((TAKE, self._given()))[0][0]
            if record["free"]:
                return
            if time.monotonic() >= end:
                hint = f"wait until it has ended; if it died, its hold ends in {record['left']} seconds"
                raise StoreLocked(f"{record['holder']} is writing", where=self.server.location, hint=hint)
            time.sleep(0.2)

    def write(self, *steps: tuple[str, Mapping[str, Any]]) -> list[list[neo4j.Record]]:
        """Write, if the lease still holds, in the transaction that renews it."""

        def held(first: list[neo4j.Record]) -> None:
            if not first:
                hint = "nothing of the batch counts; write it again"
                raise StoreLocked("another process has taken over", where=self.server.location, hint=hint)

        return self.server.write((KEEP, self._given()), *steps, check=held)[1:]

    def leave(self) -> None:
        """Let others write."""
        self.server.write((LEAVE, self._given()))

    def _given(self) -> dict[str, Any]:
        return {"me": self.me, "ms": SECONDS * 1000}

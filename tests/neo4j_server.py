"""A real Neo4j for tests: the kernel and Bolt server from Maven Central, started on a free port.

`DIVERSION_TEST_NEO4J` names a server to use instead, whose database must be empty. Without a JDK and Maven
the tests are skipped; with `CI=true` they fail.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VERSION = "5.26.12"
CACHE = ROOT / ".cache" / f"neo4j-{VERSION}"
LAUNCHER = Path(__file__).with_name("Neo4jServer.java")
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>diversion</groupId><artifactId>neo4j-for-tests</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version></dependency>
    <dependency><groupId>org.neo4j</groupId><artifactId>neo4j-bolt</artifactId><version>{VERSION}</version>
    </dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>2.0.17</version></dependency>
  </dependencies>
</project>
"""


def missing() -> list[str]:
    """What has to be installed before a server can be started."""
    tools = ["java", "javac"] if (CACHE / "jars").is_dir() else ["java", "javac", "mvn"]
    return [tool for tool in tools if shutil.which(tool) is None]


def jars() -> Path:
    """The folder of the server's jars, fetched once a version."""
    ready = CACHE / "jars"
    if not ready.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        build = CACHE / f"build-{os.getpid()}"
        build.mkdir(exist_ok=True)
        (build / "pom.xml").write_text(POM, encoding="utf-8")
        copy = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=jars"]
        subprocess.run(copy, cwd=build, check=True, timeout=600)
        if not ready.is_dir():
            (build / "jars").rename(ready)
        shutil.rmtree(build)
    return ready


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(home: Path, password: str) -> Iterator[str]:
    """A server in the folder `home`; gives its address, and ends with the block."""
    port = _free_port()
    command = ["java", "-Xmx1g", "-cp", f"{jars()}/*", str(LAUNCHER), str(home), str(port)]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=home
        )
    try:
        assert process.stdout and process.stdin
        if not any(line.strip() == "ready" for line in process.stdout):
            raise RuntimeError(f"Neo4j did not start: {(home / 'server.log').read_text()[-2000:]}")
        url = f"bolt://127.0.0.1:{port}"
        _first_password(url, password)
        yield url
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()


def _first_password(url: str, password: str) -> None:
    from neo4j import GraphDatabase
    from neo4j.exceptions import Neo4jError, ServiceUnavailable

    end = time.monotonic() + 60
    while True:
        try:
            with GraphDatabase.driver(url, auth=("neo4j", "neo4j")) as driver:
                change = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $password"
                driver.execute_query(change, password=password, database_="system")
            return
        except (ServiceUnavailable, Neo4jError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="session")
def neo4j_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server for the session; user and password stand in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        if given := os.environ.get("DIVERSION_TEST_NEO4J"):
            _refuse_foreign(given)
            yield given
            return
        if absent := missing():
            message = (
                f"no Neo4j server can be started without {', '.join(absent)}: install a JDK 17 and Maven"
            )
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        password = secrets.token_urlsafe(16)
        patch.setenv("DIVERSION_NEO4J_USER", "neo4j")
        patch.setenv("DIVERSION_NEO4J_PASSWORD", password)
        with server(tmp_path_factory.mktemp("neo4j"), password) as url:
            yield url


@pytest.fixture
def neo4j_empty(neo4j_url: str) -> str:
    """Address of a server that holds nothing."""
    empty(neo4j_url)
    return neo4j_url


def empty(url: str) -> None:
    """Take everything out of the database."""
    from neo4j import GraphDatabase

    with GraphDatabase.driver(url, auth=_auth()) as driver, driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()


def _auth() -> tuple[str, str]:
    return os.environ["DIVERSION_NEO4J_USER"], os.environ["DIVERSION_NEO4J_PASSWORD"]


def _refuse_foreign(url: str) -> None:
    """The tests empty the database: that must not be somebody's work."""
    from neo4j import GraphDatabase

    with GraphDatabase.driver(url, auth=_auth()) as driver:
        records, _, _ = driver.execute_query("MATCH (n) RETURN count(n) AS n")
    if records[0]["n"]:
        pytest.fail(f"{url} is not empty, and the tests would empty it: name another in DIVERSION_TEST_NEO4J")

"""The embedded file among other processes, damaged, and where it does not belong."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from diversion.errors import StoreDamaged, StoreError, StoreLocked, StoreUnavailable
from diversion.store import open_store
from diversion.store.base import Batch
from tests.store.rows import contents, everything, party, table

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A store with a row of everything, closed."""
    path = tmp_path / "case.duckdb"
    with open_store(str(path)) as store:
        store.write(Batch("b1", everything()))
    return path


@contextmanager
def other_process(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process that prints a line once it is where the test wants it."""
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


HOLD = """
    import sys
    from diversion.store import open_store
    with open_store(sys.argv[1], read_only=sys.argv[2] == "read"):
        print("open", flush=True)
        sys.stdin.readline()
"""


def test_who_holds_the_file_is_said(full: Path) -> None:
    with other_process(HOLD, str(full), "write") as holder:
        assert holder.stdout and holder.stdout.readline() == "open\n"
        with pytest.raises(StoreLocked, match=rf"process {holder.pid} .*holds it"):
            open_store(str(full), wait=0.2)
        with pytest.raises(StoreLocked):
            open_store(str(full), read_only=True, wait=0)


def test_a_lock_is_waited_for(full: Path) -> None:
    with other_process(HOLD, str(full), "write") as holder:
        assert holder.stdout and holder.stdin and holder.stdout.readline() == "open\n"
        holder.stdin.write("\n")
        holder.stdin.flush()
        with open_store(str(full), wait=30) as store:
            assert store.count("Party") == 4


def test_readers_share_the_file(full: Path) -> None:
    with other_process(HOLD, str(full), "read") as holder:
        assert holder.stdout and holder.stdout.readline() == "open\n"
        with open_store(str(full), read_only=True, wait=0) as store:
            assert store.count("Party") == 4


def test_one_process_does_not_open_it_in_two_ways(full: Path) -> None:
    with open_store(str(full)), pytest.raises(StoreLocked, match="this very process"):
        open_store(str(full), read_only=True, wait=0)


def test_what_is_no_store_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "empty.duckdb").touch()
    (tmp_path / "text.duckdb").write_text("shipment_id,exporter\n" * 1000)
    with duckdb.connect(str(tmp_path / "foreign.duckdb")) as con:
        con.execute("CREATE TABLE theirs (a INTEGER)")
    cases = {
        "empty.duckdb": (StoreDamaged, "empty"),
        "text.duckdb": (StoreDamaged, "not a DuckDB file"),
        "foreign.duckdb": (StoreError, "belongs to something else"),
        ".": (StoreError, "a folder"),
        "nowhere/case.duckdb": (StoreError, "no folder"),
    }
    for name, (kind, message) in cases.items():
        with pytest.raises(kind, match=message) as caught:
            open_store(str(tmp_path / name), wait=0)
        assert caught.value.hint, name
    with duckdb.connect(str(tmp_path / "foreign.duckdb")) as con:
        assert con.execute("SHOW TABLES").fetchall() == [("theirs",)]
    with pytest.raises(StoreError, match="no store"):
        open_store(str(tmp_path / "absent.duckdb"), read_only=True)
    assert not (tmp_path / "absent.duckdb").exists()


def test_files_open_in_duckdb_1_and_leave_no_log(full: Path) -> None:
    assert not full.with_name(full.name + ".wal").exists()
    with duckdb.connect(str(full), read_only=True) as con:
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE path IS NOT NULL").fetchone()
    assert tags and tags[0]["storage_version"].startswith("v1.5")


def _look_at(path: Path) -> bool:
    """Whether damage is noticed: by an error of ours, or by `verify`."""
    try:
        with open_store(str(path), wait=0) as store:
            if store.verify():
                return True
            contents(store)
            return False
    except StoreError:
        return True


def test_flipped_bytes_are_found_or_matter_to_nobody(tmp_path: Path) -> None:
    path = tmp_path / "case.duckdb"
    rows = table("Party", *(party(f"P{n:06d}", name=f"Company {n * 7919}") for n in range(20_000)))
    with open_store(str(path)) as store:
        store.write(Batch("b1", {"Party": rows}))
        before = store.read("Party")
    good = path.read_bytes()
    noticed = 0
    spots = range(5000, len(good), max(1, len(good) // 12))
    for spot in spots:
        path.write_bytes(good[:spot] + bytes([good[spot] ^ 0xFF]) + good[spot + 1 :])
        if _look_at(path):
            noticed += 1
        else:
            with open_store(str(path), read_only=True) as store:
                assert store.read("Party") == before
    assert noticed >= 2


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_file_cut_off_is_found(full: Path, share: float) -> None:
    whole = full.read_bytes()
    full.write_bytes(whole[: max(4096, int(len(whole) * share))])
    assert _look_at(full)


FILL = """
    import resource, sys, pyarrow as pa
    from diversion.errors import StoreError
    from diversion.store import open_store
    from diversion.store.base import Batch
    sys.path.insert(0, ".")
    from tests.store.rows import party, table
    import signal, os
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = open_store(sys.argv[1])
    size = os.path.getsize(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100_000, size + 100_000))
    import hashlib
    names = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(200_000)]
    try:
        store.write(Batch("big", {"Party": table("Party", *(party(n, name=n[::-1]) for n in names))}))
    except StoreError as error:
        print(type(error).__name__, error.hint, flush=True)
"""


def test_no_space_is_said_and_keeps_what_was_there(full: Path) -> None:
    with open_store(str(full)) as store:
        before = contents(store)
    with other_process(FILL, str(full)) as process:
        out = process.communicate(timeout=120)[0]
    assert out.startswith(StoreUnavailable.__name__), out
    with open_store(str(full)) as store:
        assert contents(store) == before
        assert store.verify() == []


KILLED = """
    import os, sys
    sys.path.insert(0, ".")
    from diversion.store import duckdb_write, open_store
    from diversion.store.base import Batch
    from tests.store.rows import party, table
    booked = duckdb_write.Writer._book
    def die(self, kind, given):
        booked(self, kind, given)
        print("written", flush=True)
        os.kill(os.getpid(), 9)
    duckdb_write.Writer._book = die
    open_store(sys.argv[1]).write(Batch("b2", {"Party": table("Party", party("new"))}))
"""


def test_a_writer_that_dies_leaves_nothing_behind(full: Path) -> None:
    with open_store(str(full)) as store:
        before = contents(store)
    with other_process(KILLED, str(full)) as process:
        assert process.communicate(timeout=60)[0] == "written\n"
    with open_store(str(full)) as store:
        assert contents(store) == before
        assert store.verify() == []


NOBODY = """
    import os, sys
    from diversion.errors import StoreError
    from diversion.store import duckdb, open_store
    if os.getuid() == 0:
        os.setuid(65534)
    for path in sys.argv[1:]:
        try:
            open_store(path, wait=0)
        except StoreError as error:
            print(error.message, "|", error.hint)
"""


def test_no_rights_are_said(tmp_path: Path) -> None:
    shut, inside = tmp_path / "shut", tmp_path / "shut" / "case.duckdb"
    shut.mkdir()
    open_store(str(inside)).close()
    open_store(str(tmp_path / "other.duckdb")).close()
    shut.chmod(0o500)
    (tmp_path / "other.duckdb").chmod(0)
    paths = [str(shut / "new.duckdb"), str(tmp_path / "other.duckdb")]
    try:
        with other_process(NOBODY, *paths) as process:
            lines = process.communicate(timeout=60)[0].splitlines()
    finally:
        shut.chmod(0o700)
    assert len(lines) == 2
    for line in lines:
        assert "ermission denied" in line
        assert line.endswith("change its rights, or name another file with --store")


def test_a_layout_of_fewer_columns_is_brought_up(full: Path) -> None:
    with open_store(str(full)) as store:
        before = contents(store)
    with duckdb.connect(str(full)) as con:
        con.execute('DROP VIEW "Instrument"')
        con.execute('UPDATE store."Instrument" SET goods = NULL')
        con.execute('ALTER TABLE store."Instrument" DROP COLUMN goods')
        con.execute("UPDATE store.meta SET layout = 'older'")
    with pytest.raises(StoreError, match="older version"):
        open_store(str(full), read_only=True)
    with open_store(str(full)) as store:
        assert store.verify() == []
        names = [name for name in store.read("Instrument").column_names if name != "goods"]
        assert store.read("Instrument", names) == before["Instrument"].select(names)


def test_little_memory_is_enough_or_said(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSION_MEMORY_LIMIT", "40MB")
    with open_store(str(full)) as store:
        before = store.count("Party")
        try:
            rows = table("Party", *(party(f"P{n}", name=f"{n}" * 20) for n in range(50_000)))
            store.write(Batch("b2", {"Party": rows}))
            assert store.count("Party") == before + 50_000
        except StoreError as error:
            assert "DIVERSION_MEMORY_LIMIT" in str(error)
            assert store.count("Party") == before
    monkeypatch.setenv("DIVERSION_MEMORY_LIMIT", "plenty")
    with pytest.raises(StoreError, match="no amount of memory"):
        open_store(str(full))

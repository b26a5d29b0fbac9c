"""Which files a person names: folders, patterns, archives, standard input; each unpacked alone, in bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import tempfile
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from diversion.errors import BadInput
from diversion.ingest import containers
from diversion.ingest.files import expand, reopened
from diversion.ingest.run import ingest
from tests.ingest.test_formats import text
from tests.ingest.world import empty_store, good, one, options, write


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return stream.getvalue()


def table(start: int, count: int = 2) -> bytes:
    return text(good(count, start)).encode()


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        for given in expand(path):
            with given.opened():
                pass
    return caught.value.message


@pytest.mark.parametrize("packed", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_files(tmp_path: Path, packed: object) -> None:
    assert callable(packed)
    path = tmp_path / "s.csv.gz"
    path.write_bytes(packed(table(1, 3)))
    with empty_store(tmp_path) as store:
        assert one(store, path).loaded == 3
        (source,) = store.read("Source").to_pylist()
    assert (source["file"], source["path"]) == ("s.csv.gz", str(path))
    with reopened(source["path"]) as again:
        assert again.read_bytes() == table(1, 3)


def test_each_member_of_an_archive_is_a_file(tmp_path: Path) -> None:
    inner = zipped(**{"deep.csv": table(7), "deeper.zip": zipped(**{"x.csv": table(9)})})
    members = {
        "in/a.csv": table(1),
        "../../b.csv": table(3),
        "c.csv.gz": gzip.compress(table(5)),
        "n.zip": inner,
        "broken.zip": b"PK\x03\x04 broken",
        "readme.md": b"hello",
        "__MACOSX/._a.csv": b"chaff",
    }
    path = tmp_path / "s.zip"
    path.write_bytes(zipped(**members))
    with empty_store(tmp_path) as store:
        report = ingest(store, [path], options())
        sources = store.read("Source").to_pylist()
    told = {file.file.removeprefix(f"{path}/"): file for file in report.files}
    fine = {name for name, file in told.items() if not file.refused}
    assert fine == {"in/a.csv", "../../b.csv", "c.csv.gz", "n.zip/deep.csv"}
    assert set(told) - fine == {"n.zip/deeper.zip", "broken.zip"}
    assert "archive within an archive" in (told["n.zip/deeper.zip"].refused or "")
    assert report.totals["loaded"] == 8
    assert any("readme.md" in note for note in report.files[0].notes)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["case.duckdb", "s.zip"]
    for source in sources:
        with reopened(source["path"]) as again:
            assert again.read_bytes().startswith(b"shipment_id")
        assert source["file"] == "s.zip/" + source["path"].removeprefix(f"{path}/")


def test_an_archive_needs_the_space_of_one_member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "space"))
    (tmp_path / "space").mkdir()
    (tmp_path / "s.zip").write_bytes(zipped(**{f"{at}.csv": table(at) for at in range(20)}))
    seen = 0
    for given in expand(tmp_path / "s.zip"):
        with given.opened() as path:
            assert path.read_bytes()
            assert len(list((tmp_path / "space").iterdir())) == 1
        seen += 1
    assert seen == 20
    assert not list((tmp_path / "space").iterdir())


def test_patterns_and_names_that_look_like_one(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.txt", "d[1].csv"):
        write(tmp_path / name, good(1))

    def names(path: Path) -> list[str]:
        return [given.file for given in expand(path)]

    assert names(tmp_path / "*.csv") == ["a.csv", "b.csv", "d[1].csv"]
    assert names(tmp_path / "d[1].csv") == ["d[1].csv"]
    assert names(tmp_path / "[ab].csv") == ["a.csv", "b.csv"]
    assert "no file has a name" in refusal(tmp_path / "*.parquet")


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for body in (table(1), gzip.compress(table(3)), zipped(**{"x.csv": table(5)})):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(body)))
        with empty_store(tmp_path) as store:
            report = one(store, Path("-"))
        assert report.loaded == 2
        assert any("standard input" in note for note in report.notes)
    with pytest.raises(BadInput, match="not kept"), reopened("-"):
        pass


def test_devices_and_pipes_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.csv")
    assert "no ordinary file" in refusal(tmp_path / "zero.csv")
    assert "no ordinary file" in refusal(tmp_path / "pipe.csv")
    assert "no file of a known kind" in refusal(tmp_path)


def test_a_trap_is_refused_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "CALM", 1 << 20)
    monkeypatch.setattr(containers, "CHUNK", 1 << 16)
    space = tmp_path / "space"
    space.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(space))
    zeros = bytes(8 << 20)
    (tmp_path / "s.csv.gz").write_bytes(gzip.compress(zeros))
    (tmp_path / "s.zip").write_bytes(zipped(**{"s.csv": zeros}))
    (tmp_path / "t.zip").write_bytes(zipped(**{"s.csv.bz2": bz2.compress(zeros)}))
    for name in ("s.csv.gz", "s.zip", "t.zip"):
        assert "trap" in refusal(tmp_path / name), name
    monkeypatch.setattr(containers, "UNPACKED", 1 << 20)
    (tmp_path / "big.gz").write_bytes(gzip.compress(os.urandom(2 << 20)))
    assert "trap" in refusal(tmp_path / "big.gz")
    assert not list(space.iterdir())


def test_members_that_overlap_are_a_trap(tmp_path: Path) -> None:
    body = bytearray(zipped(**{"a.csv": table(1, 50), "b.csv": table(1, 50)}))
    second = body.rindex(b"PK\x01\x02")
    body[second + 42 : second + 46] = (0).to_bytes(4, "little")
    (tmp_path / "s.zip").write_bytes(body)
    assert "overlap" in refusal(tmp_path / "s.zip")


def test_a_locked_member_is_refused_and_the_next_read(tmp_path: Path) -> None:
    body = bytearray(zipped(**{"a.csv": table(1), "b.csv": table(3)}))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(magic) + flags] |= 1
    (tmp_path / "s.zip").write_bytes(body)
    with empty_store(tmp_path) as store:
        first, second = ingest(store, [tmp_path / "s.zip"], options()).files
    assert "password" in (first.refused or "")
    assert second.loaded == 2


def test_an_archive_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s.zip").write_bytes(zipped(**{f"{at}.csv": b"a,b\n" for at in range(30)}))
    monkeypatch.setattr(containers, "MEMBERS", 20)
    assert "more than 20" in refusal(tmp_path / "s.zip")
    monkeypatch.setattr(containers, "DIRECTORY", 100)
    (tmp_path / "s.zip").rename(tmp_path / "t.zip")
    assert "too many files" in refusal(tmp_path / "t.zip")

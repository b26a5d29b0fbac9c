"""How much memory the databases may use, and what is said where that is too little."""

from __future__ import annotations

from pathlib import Path

import pytest

from diversion import memory
from diversion.errors import StoreUnavailable, UsageError
from diversion.ingest.options import IngestOptions
from diversion.ingest.stage import Stage, guarded
from diversion.settings import settings
from tests.case import run, write_case


@pytest.mark.parametrize(
    ("machine", "told"), [(0, "1000MB"), (4_000, "1000MB"), (16_000, "2000MB"), (512_000, "4000MB")]
)
def test_the_limit_is_a_share_of_the_machine(
    machine: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(memory.SETTING, raising=False)
    monkeypatch.setattr(memory, "_machine", lambda: machine)
    memory.share.cache_clear()
    assert memory.limit() == settings().memory_limit == told
    memory.share.cache_clear()
    monkeypatch.setenv(memory.SETTING, "3GB")
    assert memory.limit() == settings().memory_limit == "3GB" and memory.limit("2GB") == "2GB"


def test_a_container_that_allows_less_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "max").write_text("max\n")
    (tmp_path / "limit").write_text("9000000\n")
    monkeypatch.setattr(memory, "CONTROL_GROUPS", (str(tmp_path / "max"), str(tmp_path / "limit")))
    assert memory._machine() == 9


def test_the_setting_reaches_what_reads_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(memory.SETTING, "777MB")
    given = []

    def kept(self: Stage, *asked: str | None, large: bool = True) -> None:
        given.append(asked[0])
        original(self, *asked, large=large)

    original = Stage.__init__
    monkeypatch.setattr(Stage, "__init__", kept)
    assert run("ingest", *write_case(tmp_path)).code == 0
    assert set(given) == {"777MB"}


def test_too_little_memory_says_what_to_set() -> None:
    with (
        pytest.raises(StoreUnavailable, match=memory.SETTING),
        guarded(),
        Stage("20MB", large=False) as stage,
    ):
        stage.run("SET max_temp_directory_size = '1MB'")
        stage.run("CREATE TABLE t AS SELECT range::VARCHAR || repeat('x', 200) AS a FROM range(1000000)")
    with pytest.raises(UsageError, match="plenty"):
        Stage(IngestOptions(memory="plenty").memory)

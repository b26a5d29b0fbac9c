from __future__ import annotations

from pathlib import Path

import pytest

from diversion.errors import UsageError
from diversion.settings import settings


@pytest.fixture(autouse=True)
def _empty_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DIVERSION_STORE", "DIVERSION_POLICY"):
        monkeypatch.delenv(name, raising=False)


def test_flags_win_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings().store == "diversion.duckdb"
    Path("diversion.toml").write_text('store = "file.duckdb"', encoding="utf-8")
    assert settings().store == "file.duckdb"
    monkeypatch.setenv("DIVERSION_STORE", "environment.duckdb")
    assert settings().store == "environment.duckdb"
    assert settings(store="flag.duckdb").store == "flag.duckdb"


@pytest.mark.parametrize("text", ['stroe = "x"', "store = [", "max_rejected = 3"])
def test_a_faulty_file_is_an_error_that_names_it(text: str) -> None:
    Path("diversion.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"diversion\.toml"):
        settings()


def test_an_unknown_variable_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSION_STROE", "x")
    with pytest.raises(UsageError, match="DIVERSION_STROE"):
        settings()

"""What commands print."""

from __future__ import annotations

import json
from typing import NoReturn

import pytest

from diversion.output import emit


def no_number(word: str) -> NoReturn:
    raise AssertionError(word)


def test_json_has_no_infinity(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"a": float("inf"), "b": [float("nan"), 1.5], "c": {"d": -float("inf")}, "e": None}]
    for form in ("json", "jsonl"):
        emit(rows, form, ["a"])
        shown = json.loads(capsys.readouterr().out, parse_constant=no_number)
        assert (shown[0] if form == "json" else shown) == {
            "a": None,
            "b": [None, 1.5],
            "c": {"d": None},
            "e": None,
        }


def test_a_terminal_breaks_no_id_where_there_is_room_for_all(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "50")
    ids = ["P-0123456789abcdef", "P-fedcba9876543210"]
    words = "a long name of many words"
    row = {"party": f"{ids[0]}\n{words}", "other": f"{ids[1]}\n{words}", "why": words}
    emit([row], "table", tuple(row))
    shown = capsys.readouterr().out
    assert all(one in shown for one in ids), shown


def test_a_name_above_a_table_steers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    emit([{"a": 1}], "table", ["a"], title="Rotor [/b] \x1b[2J[bold]Works")
    assert "Rotor [/b] [2J[bold]Works" in " ".join(capsys.readouterr().out.split())

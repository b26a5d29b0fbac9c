"""What commands print."""

from __future__ import annotations

import json
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversion.columns import GAP, Column, fitted
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


ROW = {"name": "Halbleiterspezialisten GmbH", "betweenness": 0.25, "value_usd": 1385899.5, "best_score": 99.5}


def columns_at(width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    emit([ROW], "table", tuple(ROW), spare=("betweenness", "best_score"))
    out, err = capsys.readouterr()
    assert max(map(len, out.splitlines())) <= width
    left_out = {name for name in ROW if name.replace("_", " ") in err}
    for name in ROW:
        assert all(word in out for word in name.split("_")) == (name not in left_out)
    assert "1,385,899.5" in out
    return err


def test_a_table_too_wide_leaves_columns_out_and_breaks_no_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To a pipe, too, of which COLUMNS tells the width."""
    assert columns_at(80, monkeypatch, capsys) == ""
    assert "betweenness (a wider" in columns_at(45, monkeypatch, capsys)
    assert "betweenness, best score (a wider" in columns_at(32, monkeypatch, capsys)
    assert "betweenness, best score (a wider" in columns_at(19, monkeypatch, capsys)


CELLS = st.lists(st.text("ab1,. ", max_size=30), min_size=3, max_size=3)


@given(st.lists(CELLS, min_size=1, max_size=6), st.integers(10, 120), st.sets(st.integers(0, 5)))
def test_widths_fill_the_room_and_never_more(cells: list[list[str]], width: int, spare: set[int]) -> None:
    columns = [Column(f"c{at}", texts) for at, texts in enumerate(cells)]
    kept, widths = fitted(columns, width, [f"c{at}" for at in sorted(spare)])
    assert {one.name for one in columns} - {one.name for one in kept} <= {f"c{at}" for at in spare}
    known = [one for one in widths if one is not None]
    if len(known) == len(kept):
        left = width - sum(known) - GAP * (len(kept) - 1)
        assert left >= 0 and all(w >= one.solid for w, one in zip(known, kept, strict=True))
        assert not left or all(w >= one.most for w, one in zip(known, kept, strict=True))
    else:
        assert not known and sum(one.solid for one in kept) + GAP * (len(kept) - 1) > width

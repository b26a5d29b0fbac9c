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

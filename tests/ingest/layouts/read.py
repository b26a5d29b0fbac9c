"""Layouts as text files hold them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """A table and how it must be read: canonical column → header; an empty header means any or none."""

    name: str
    expected: dict[str, str]
    rows: list[list[str]]


def cases(name: str) -> list[Case]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [_case(block) for block in text.split("\n== ")[1:]]


def _case(block: str) -> Case:
    title, expected, *lines = block.strip("\n").splitlines()
    pairs = (pair.split("=", 1) for pair in expected.split(";") if "=" in pair)
    wanted = {column.strip(): header.strip() for column, header in pairs}
    return Case(title, wanted, [line.split("|") for line in lines])

"""Every command of the README runs as it stands there, on the sample world."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from diversion.commands.declared import files, measuring, parties, routes
from tests.case import run
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    blocks = re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL)
    lines = [
        line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")
    ]
    return [shlex.split(line) for line in lines]


def examples() -> list[list[str]]:
    """The examples of help that name something of the store; analyses last, as the last run is asked."""
    asked = (
        *(files.source, routes.explain, measuring.flow, parties.party, parties.owners, parties.screen),
        routes.analyze,
    )
    lines = [line for one in asked for line in (one.__doc__ or "").splitlines() if "Example: " in line]
    return [shlex.split(line)[2:] for line in lines]


def test_the_commands_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DIVERSION_STORE", raising=False)
    told = commands()
    assert len(told) >= 8
    for name, *arguments in told:
        assert name == "diversion"
        ran = run(*arguments)
        assert ran.code == 0, (arguments, ran.err)
    for arguments in examples():
        ran = run(*arguments)
        assert ran.code == 0, (arguments, ran.err)
        assert "0 corridors" not in ran.err and "no hit" not in ran.err, (arguments, ran.err)


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (ROOT / target).exists(), target

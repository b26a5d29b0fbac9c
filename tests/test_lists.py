"""Of which day a list is said to be."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from diversion.cli import main
from diversion.lists import phrase, phrases, versions

LISTED = (
    "name,authority,programme,country,listed_on\n"
    "Osprey Mills,US OFAC,SDN,DE,2024-07-28\nHeron,US OFAC,SDN,AE,\n"
)
WATCHED = '[[watchlist]]\nname = "Kite Ltd"\neffect = "denial"\nfrom = 2024-01-05\nsource = "ours"\n'
LAWFUL = '[pack]\nname = "w"\nversion = "1"\n'


def test_the_newest_entry_is_no_day_of_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `screen` prints, in words and in JSON, of a table without a day and of the policy's watchlist."""
    monkeypatch.chdir(tmp_path)
    Path("listings.csv").write_text(LISTED, encoding="utf-8")
    Path("pack.toml").write_text(LAWFUL + WATCHED, encoding="utf-8")
    for command in (
        ("ingest", "listings.csv"),
        ("screen", "Osprey Mills", "--policy", "pack.toml", "--format", "json"),
    ):
        capsys.readouterr()
        with pytest.raises(SystemExit):
            main([*command, "--store", "s.duckdb"])
    (told,) = json.loads(capsys.readouterr().out)
    assert told["searched"] == [
        {"list": "listings", "published": None, "newest": "2024-07-28", "entries": 2},
        {"list": "watchlist", "published": None, "newest": "2024-01-05", "entries": 1},
    ]
    assert phrases(told["searched"]) == (
        "listings (no day stated, newest entry 28 Jul 2024; 2 entries), "
        "watchlist (no day stated, newest entry 5 Jan 2024; 1 entry)"
    )


def test_a_list_that_states_its_day_is_of_it_and_one_without_any_day_says_so() -> None:
    rows = [("un", "2024-08-01", "2024-07-28"), ("un", "2024-08-02", None), ("mine", None, None)]
    made = versions(pd.DataFrame(rows, columns=["list", "first_seen", "listed_on"]))
    assert [phrase(one) for one in made] == [
        "mine (no day stated; 1 entry)",
        "UN Security Council Consolidated List as of 2 Aug 2024 (2 entries)",
    ]
    assert [one.undated for one in made] == [1, 1] and versions(pd.DataFrame()) == ()

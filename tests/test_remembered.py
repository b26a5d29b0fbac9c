"""What a run left is used again only where it still holds, and is then what matching would find."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

import diversion as dv
from diversion.assemble import people_of
from diversion.options import Options
from diversion.policy.policy import load
from diversion.remembered import matched
from tests.case import run, write_case


def test_a_match_is_remembered_until_anything_is_written(tmp_path: Path) -> None:
    files, place, policy = write_case(tmp_path), str(tmp_path / "case.duckdb"), load()
    assert run("ingest", *files, "--store", place).code == 0
    with dv.open_store(place, read_only=True) as store:
        assert matched(store, Options(), policy) is None
    assert run("analyze", "--store", place).code == 0
    with dv.open_store(place, read_only=True) as store:
        found = matched(store, Options(hops=2), policy)
        assert found is not None and len(found)
        fresh = people_of(store, Options(), policy, date(2023, 5, 1)).listed_as
        pd.testing.assert_frame_equal(found, fresh)
        assert matched(store, Options(known_at=date(2023, 1, 1)), policy) is None
    watched = tmp_path / "mine.toml"
    watched.write_text('[thresholds.match_cutoff]\nvalue = 0.8\nreason = "mine"\n', encoding="utf-8")
    with dv.open_store(place, read_only=True) as store:
        assert matched(store, Options(), load(str(watched))) is None
    (tmp_path / "more.csv").write_text("party_id,name,country\nX-1,Volga Instruments,KZ\n", encoding="utf-8")
    assert run("ingest", tmp_path / "more.csv", "--store", place).code == 0
    with dv.open_store(place, read_only=True) as store:
        assert matched(store, Options(), policy) is None

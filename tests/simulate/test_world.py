"""The world as a whole: the same bytes from the same seed, of the size and shape it promises."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from diversion.errors import UsageError
from diversion.ingest import IngestOptions, ingest
from diversion.parties.names import name_key
from diversion.policy.policy import load
from diversion.simulate import World, simulate, write
from diversion.simulate.catalogue import good_index, goods
from diversion.store import open_store
from tests.simulate.conftest import SAMPLE

SMALL = World(seed=5, parties=1500, shipments=5000)


@pytest.fixture(scope="module")
def sample() -> dict[str, pd.DataFrame]:
    names = ("shipments", "parties", "ownership", "listings", "truth")
    return {name: pd.read_csv(SAMPLE / f"{name}.csv", dtype=str) for name in names}


def test_the_default_seed_gives_the_committed_sample_byte_for_byte(tmp_path: Path) -> None:
    write(World(), tmp_path)
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {path.name for path in SAMPLE.iterdir()}
    for name in made:
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), name


def test_a_seed_is_a_world_of_its_own() -> None:
    one, again, other = (
        simulate(SMALL),
        simulate(SMALL),
        simulate(World(seed=6, parties=1500, shipments=5000)),
    )
    for name, table in one.items():
        pd.testing.assert_frame_equal(table, again[name])
    assert not one["shipments"].equals(other["shipments"])


def test_the_sample_is_as_large_as_promised(sample: dict[str, pd.DataFrame]) -> None:
    shipments, parties = sample["shipments"], sample["parties"]
    assert len(parties) >= 2000
    assert len(shipments) >= 30_000
    assert parties["country"].nunique() >= 40
    assert {"company", "person", "public body"} <= set(parties["kind"])
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 8_500_000
    assert len(simulate(SMALL)["shipments"]) == SMALL.shipments


def test_records_are_faulty_in_the_measure_of_real_ones(sample: dict[str, pd.DataFrame]) -> None:
    shipments = sample["shipments"]
    month = shipments["departed_on"].str.len() == 7
    gone = shipments[["departed_on", "arrived_on", "quantity"]].isna().any(axis=1)
    assert 0.01 < (month | gone).mean() < 0.05
    assert 0.03 < shipments["exporter_id"].isna().mean() < 0.1
    assert shipments["consignee"].str.startswith("TO ORDER OF").sum() > 100
    assert shipments["exporter"].groupby(shipments["exporter_id"]).nunique().max() >= 3


def test_trade_is_steady_and_heavy_tailed(sample: dict[str, pd.DataFrame]) -> None:
    shipments = sample["shipments"]
    pairs = shipments.groupby(["exporter_id", "consignee_id"]).size().sort_values(ascending=False)
    assert pairs[pairs >= 5].sum() > 0.5 * pairs.sum()
    assert pairs.head(len(pairs) // 100).sum() > 0.05 * pairs.sum()
    assert shipments["value"].astype(float).quantile(0.99) > 20 * shipments["value"].astype(float).median()


def test_lawful_goods_of_the_list_stop_at_the_controls(sample: dict[str, pd.DataFrame]) -> None:
    """They did go to Russia before, so that the stop is one."""
    shipments = sample["shipments"]
    sought = shipments["hs_code"].str.replace(".", "").str[:6].isin(load().sought)
    there = shipments[sought & shipments["consignee_country"].isin(["RU", "BY"])]
    planted = set(";".join(sample["truth"]["shipments"].str.replace("|", ";")).split(";"))
    after = there[there["departed_on"] >= "2022-02-24"]
    assert len(there[there["departed_on"] < "2022-02-24"]) > 50
    assert set(after["shipment_id"]) <= planted


def test_young_dealers_in_the_hubs_trade_lawfully_too(sample: dict[str, pd.DataFrame]) -> None:
    parties = sample["parties"]
    hubs = parties["country"].isin(["AE", "TR", "HK", "KG", "KZ", "AM", "GE"])
    young = set(parties[hubs & (parties["incorporated_on"] > "2022-02-24")]["party_id"])
    planted = set(";".join(sample["truth"]["parties"]).split(";"))
    assert len((young - planted) & set(sample["shipments"]["exporter_id"])) >= 10


def test_every_row_is_read(tmp_path: Path) -> None:
    write(SMALL, tmp_path)
    files = [tmp_path / f"{name}.csv" for name in ("parties", "ownership", "listings", "shipments")]
    with open_store(str(tmp_path / "world.duckdb")) as store:
        told = ingest(store, files, IngestOptions()).as_json()
    assert [file["rejected"] for file in told["files"]] == [0, 0, 0, 0]
    assert [file["refused"] for file in told["files"]] == [None] * 4
    assert told["totals"]["loaded"] == told["totals"]["read"]


def test_the_goods_that_are_looked_for_are_those_of_the_policy() -> None:
    assert {good.hs6 for good in goods() if good.controlled} == set(load().sought)
    assert len(good_index()) == len(goods())


def test_nobody_in_the_sample_stands_on_a_real_list(
    shared_data: Path, sample: dict[str, pd.DataFrame]
) -> None:
    with (shared_data / "lists" / "us_csl" / "consolidated_2022-04.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        real = {name_key(row["name"]) for row in csv.DictReader(file)}
    assert len(real) > 10_000
    ours = {name: name_key(name) for table in ("parties", "listings") for name in sample[table]["name"]}
    assert {name for name, key in ours.items() if key in real} == set()


@pytest.mark.parametrize("name", ["parties", "shipments", "years", "listings"])
def test_a_world_too_small_for_its_stories_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=name):
        replace(World(), **{name: 3})  # type: ignore[arg-type]


def test_parties_grow_with_shipments_unless_their_number_is_given() -> None:
    assert World().size == World(shipments=20_000).size == 2300
    assert 60_000 < World(shipments=1_000_000).size < 80_000
    assert World(shipments=50_000_000).size == 200_000
    assert World(shipments=1_000_000, parties=1500).size == 1500
    grown = simulate(World(seed=2, shipments=60_000))
    assert len(grown["parties"]) > 4000
    assert len(grown["shipments"]) == 60_000


def test_the_readme_of_a_large_world_does_not_tell_every_lawful_sale(tmp_path: Path) -> None:
    tables = write(World(seed=2, shipments=60_000), tmp_path)
    lawful = (tables["truth"]["label"] == "lawful").sum()
    assert lawful > 100
    told = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert told.count("\n| L") == 100
    assert f"{lawful - 100:,} more are told" in told

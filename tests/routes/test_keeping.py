"""What is kept beside the store gives the same answers, and nothing that is wrong is believed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diversion.routes import building
from diversion.routes.census import census
from diversion.routes.keeping import Shelf, beside, load, save
from diversion.routes.ranges import Projection
from tests.routes.brute import World
from tests.routes.worlds import options_of, question_of, random_world, transfers_of


@pytest.fixture
def world() -> World:
    found = (random_world("all", 22, seed) for seed in range(100))
    return replace(next(w for w in found if len(w.transfers) == 22 and w.owner and w.address), hops=4)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "case.duckdb.projection", 10**9, least=0)


def built(world: World, shelf: Shelf | None, **changes: Any) -> Projection:
    return Projection.build(transfers_of(world), replace(options_of(world), **changes), shelf)


def arrays(projection: Projection) -> list[Any]:
    relations = [*projection.relations.values(), *projection.jumps_goods.values()]
    found = [projection.rows, projection.position]
    return [
        a.tolist() for a in [*found, *(x for r in relations for x in (r.lo, r.hi, r.order))] if a is not None
    ]


def test_a_second_question_takes_everything_from_the_shelf(
    world: World, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = built(world, None)
    assert arrays(built(world, shelf)) == arrays(fresh)
    monkeypatch.setattr(building, "sort", None)
    monkeypatch.setattr(building, "merge", None)
    again = built(world, Shelf(shelf.folder, 10**9, least=0))
    assert arrays(again) == arrays(fresh)
    question = question_of(world)
    assert census(again, question).walks == census(fresh, question).walks


def test_another_dwell_uses_the_sorts_again(
    world: World, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(world, shelf)
    monkeypatch.setattr(building, "sort", None)
    other = {"dwell_min": 1, "dwell_max": 3}
    assert arrays(built(world, shelf, **other)) == arrays_of_fresh(world, monkeypatch, **other)


def arrays_of_fresh(world: World, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> list[Any]:
    monkeypatch.undo()
    return arrays(built(world, None, **changes))


@pytest.mark.parametrize("column", ["src", "dst", "item", "departed", "arrived", "arrived_last"])
def test_other_data_are_never_taken_for_these(world: World, shelf: Shelf, column: str) -> None:
    built(world, shelf)
    transfers = transfers_of(world)
    values = getattr(transfers, column).copy()
    values[3] = values[3] + (1 if column.startswith(("arr", "dep")) else (1 if values[3] == 0 else -1))
    changed = replace(transfers, **{column: values})
    kept, fresh = (Projection.build(changed, options_of(world), s) for s in (shelf, None))
    assert arrays(kept) == arrays(fresh)


def test_other_groups_are_never_taken_for_these(world: World, shelf: Shelf) -> None:
    built(world, shelf)
    for groups in (np.array([0, 0, 1, 1, 2, 2]), np.array([0, 0, 0, -1, -1, 0]), None):
        assert arrays(built(world, shelf, owner_group=groups)) == arrays(
            built(world, None, owner_group=groups)
        )


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "version", "header", "long"])
def test_what_is_damaged_is_made_anew(world: World, shelf: Shelf, harm: str) -> None:
    fresh = arrays(built(world, shelf))
    files = sorted(shelf.folder.iterdir())
    for path in files:
        data = bytearray(path.read_bytes())
        where = data.index(b"digest") + 3 if harm == "header" else len(data) - 1
        if harm == "cut":
            del data[-1:]
        elif harm == "empty":
            data.clear()
        elif harm == "version":
            data[len("diversion projection ")] += 1
        elif harm == "long":
            data[data.index(b'"size": ') + 8 : data.index(b'"size": ') + 8] = b"99999999"
        else:
            data[where] ^= 1
        path.write_bytes(data)
    assert shelf.problems() == [path.name for path in files]
    assert arrays(built(world, shelf)) == fresh
    assert shelf.problems() == []


def test_the_folder_stays_within_its_limit_and_drops_what_is_oldest(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "kept", 100_000)
    for name in ("one", "two", "three"):
        shelf.get_or_make(name, lambda: {"a": np.zeros(5000)})
        shelf.used.clear()
    shelf.get_or_make("three", lambda: {"a": np.ones(5000)})
    shelf.tidy()
    assert sorted(p.stem for p in shelf.folder.iterdir()) == ["three", "two"] and shelf.size() <= 100_000
    shelf.get_or_make("huge", lambda: {"a": np.zeros(50_000)})
    assert not (shelf.folder / "huge.kept").exists()


def test_where_nothing_can_be_written_nothing_is_kept(world: World, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert arrays(built(world, Shelf(in_the_way, 10**9, least=0))) == arrays(built(world, None))
    assert beside("bolt://server", 8) is None and beside("case.duckdb", 0) is None


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:

    good = {"a": np.arange(5), "b": np.zeros(0, bool), "c": np.arange(7, dtype=np.uint64)}
    save(tmp_path / "x", good)
    back = load(tmp_path / "x")
    assert back is not None and {k: v.tolist() for k, v in back.items()} == {
        k: v.tolist() for k, v in good.items()
    }
    back["a"][0] = 9
    again = load(tmp_path / "x")
    assert again is not None and again["a"][0] == 0
    assert [p.name for p in tmp_path.iterdir()] == ["x"]

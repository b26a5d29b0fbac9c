"""The picture of a proof: whole, readable, and harmless whatever the names are."""

from __future__ import annotations

import itertools
from pathlib import Path
from xml.etree import ElementTree

import pytest

from diversion.parties.layers import layers
from diversion.parties.picture import Scene, svg
from tests.case import run

SVG = "{http://www.w3.org/2000/svg}"
HELD = (
    "owner,owned,share_min,share_max,from,until\nP,A,50,75,2020-01-15,2027-01-01\nA,T,25,25,,\nP,T,25,25,,\n"
)
NAMES = 'party_id,name,country\nP,"Promtekh </text><script>alert(1)</script>",RU\nA,Volga,AE\nT,Kestrel,GB\n'
LISTED = "party_id,name,authority,programme,listed_on\nP,P,US OFAC,SDN,2022-02-24\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("picture")
    for name, text in (("own", HELD), ("parties", NAMES), ("list", LISTED)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    files = sorted(folder.glob("*.csv"))
    assert run("ingest", *files, "--store", folder / "s.duckdb").code == 0
    return folder / "s.duckdb"


def drawn(store: Path, file: Path, day: str = "2025-06-01") -> str:
    asked = run("party", "T", "--as-of", day, "--picture", file, "--store", store, "--format", "json")
    assert asked.code == 0
    return file.read_text(encoding="utf-8")


def test_the_picture_tells_parties_shares_days_and_the_verdict(store: Path, tmp_path: Path) -> None:
    root = ElementTree.fromstring(drawn(store, tmp_path / "t.svg"))
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert "Kestrel: yes, OFAC 50 Percent Rule, on 2025-06-01" in texts
    assert {"50–75 %", "25 %", "from 2020-01-15 until 2027-01-01", "listed since 2022-02-24"} <= set(texts)
    assert {"Volga", "counts as restricted itself", "restricted since 2022-02-24"} <= set(texts)
    assert len(list(root.iter(f"{SVG}rect"))) == 1 + 3 + 3  # page, boxes, behind what is held
    assert len([path for path in root.iter(f"{SVG}path") if path.get("class") == "arrow"]) == 3
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        *("svg", "title", "style", "defs", "marker", "path", "rect", "text", "g"),
    }


def test_long_names_stay_within_the_picture_and_open_cases_say_what_would_decide_them() -> None:
    name = "Grünhoff Kessler Mühlen Antriebstechnik Vertriebsgesellschaft GmbH & Co. KG"
    asks = ["an identifier that shows whether A is the party that the list names"]
    verdict = {"verdict": "undetermined", "reason": "held by A 98 %; " * 9, "since": None, "decided_by": asks}
    verdict |= {"proof": [], "proof_is": None, "rule": "ofac-50"}

    def texts(named: str, kind: str = "") -> list[str]:
        drawn = svg(Scene("T", "2025-06-01", "OFAC 50 Percent Rule", verdict, {"T": named}, {}))
        found = ElementTree.fromstring(drawn).iter(f"{SVG}text")
        return ["".join(one.itertext()) for one in found if kind in ("", one.get("class"))]

    told = texts(name)
    assert max(map(len, told)) <= 104 and max(map(len, texts(name, "title"))) <= 70
    assert max(map(len, texts(name, "name"))) <= 26
    assert "on 2025-06-01" in " ".join(told) and asks[0] in " ".join(told)
    assert [len(line) for line in texts("한원반도체물류주식회사" * 3, "name")] == [13, 13]


def test_a_verdict_of_no_is_a_picture_too(store: Path, tmp_path: Path) -> None:
    assert "Kestrel: no" in drawn(store, tmp_path / "t.svg", "2020-01-01")


def test_a_page_holds_no_markup_of_a_name(store: Path, tmp_path: Path) -> None:
    page = drawn(store, tmp_path / "t.html")
    assert "<script" not in page and page.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("names", "file", "said"),
    [(["A", "T"], "t.svg", "a picture is of one party"), (["T"], "t.png", "ends in .svg or .html")],
)
def test_what_cannot_be_drawn_is_told(
    store: Path, tmp_path: Path, names: list[str], file: str, said: str
) -> None:
    asked = run("party", *names, "--picture", tmp_path / file, "--store", store)
    assert asked.code != 0 and said in asked.err


def test_no_two_things_of_a_row_share_a_place_and_links_run_down_row_by_row() -> None:
    links = [("X", "A"), ("X", "B"), ("A", "C"), ("B", "C"), ("X", "C"), ("C", "T"), ("X", "T"), ("Y", "T")]
    rows, ways = layers("T", links)
    level = {point: at for at, row in enumerate(rows) for point in row}
    assert sum(map(len, rows)) == len(level)
    for (owner, owned), way in ways.items():
        assert (way[0].party, way[-1].party) == (owner, owned)
        assert [level[a] - level[b] for a, b in itertools.pairwise(way)] == [1] * (len(way) - 1)

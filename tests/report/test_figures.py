"""Pictures: what Plotly takes, what a name may not do, where parties stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from math import hypot
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversion.findings import Finding, Holding, PartyRef
from diversion.report.arcs import great_circle, positions
from diversion.report.figures import captions, figure, figures, flow, label, waterfall
from diversion.report.ownership import drawing
from diversion.report.steps import numbered, steps
from tests.report.examples import direct, findings, hostile, kestrel, winding


def strings(spec: Any) -> Iterator[str]:
    if isinstance(spec, dict):
        for value in spec.values():
            yield from strings(value)
    elif isinstance(spec, list | tuple):
        for value in spec:
            yield from strings(value)
    elif isinstance(spec, str):
        yield spec


@pytest.mark.parametrize("finding", [*findings(), hostile()])
def test_plotly_takes_every_picture(finding: Finding) -> None:
    for name, spec in figures(finding).items():
        drawn = figure(spec)
        assert len(drawn.data) >= 1, name


def test_names_are_never_markup() -> None:
    spec = figures(hostile())
    del spec["timeline"]["layout"]["xaxis"]["tickformat"]
    for text in strings(spec):
        left = text.replace("<br>", "").replace("<extra></extra>", "")
        assert "<" not in left, text
        assert ">" not in left, text
        assert not re.search("[\x00-\x1f\u202a-\u202e]", text), text


def test_only_our_own_templates_are_templates() -> None:
    """A name such as %{x} stands in labels alone, where Plotly substitutes nothing."""
    for spec in figures(hostile()).values():
        for trace in spec["data"]:
            assert "texttemplate" not in trace
            assert "hovertemplate" not in trace
    node, link = flow(hostile())["data"][0]["node"], flow(hostile())["data"][0]["link"]
    assert node["hovertemplate"] == "%{customdata}<extra></extra>"
    assert link["hovertemplate"] == "%{label}<extra></extra>"


def test_the_flow_balances_with_the_records() -> None:
    link = flow(kestrel())["data"][0]["link"]
    first = [v for v, s in zip(link["value"], link["source"], strict=True) if s == 0]
    assert sum(first) == 4180.0
    assert len(link["value"]) == len(kestrel().records)


def test_a_stand_in_is_a_step_without_shipments() -> None:
    told = winding()
    assert [(s.one, s.two, s.hop) for s in steps(told)] == [
        (0, 1, 1), (1, 2, None), (2, 3, 2), (3, 4, 3), (4, 5, 4),
    ]  # fmt: skip
    assert numbered(told)[2] == "3 → 4"
    assert flow(told)["data"][0]["link"]["label"].count("stands in") == 1


def test_the_waterfall_ends_at_the_score() -> None:
    told = kestrel()
    bars = waterfall(told)["data"][0]
    assert bars["measure"][0] == "absolute"
    assert bars["measure"][-1] == "total"
    assert sum(bars["x"][:-1]) == pytest.approx(bars["x"][-1])
    assert 100 / (1 + 2.718281828459045 ** -bars["x"][-1]) == pytest.approx(told.score)


def test_parties_of_one_country_stand_apart() -> None:
    told = replace(kestrel(), parties=tuple(PartyRef(str(i), str(i), "HK") for i in range(4)))
    places = [place for place in positions(told) if place]
    assert len({(round(a, 3), round(b, 3)) for a, b in places}) == 4
    assert max(abs(a - 22.3) for a, _ in places) < 2


def test_a_party_without_a_country_is_named_not_drawn() -> None:
    assert positions(direct())[0] is None
    assert "Not drawn, for want of a country: P-90ff" in captions(direct())["map"]


spots = st.tuples(st.floats(-85, 85), st.floats(-180, 180))


@given(spots, spots)
def test_a_great_circle_joins_its_ends(one: tuple[float, float], two: tuple[float, float]) -> None:
    path = great_circle(one, two)
    for (lat, lon), (found_lat, found_lon) in ((one, path[0]), (two, path[-1])):
        turn = (lon - found_lon + 180) % 360 - 180
        assert hypot(lat - found_lat, turn) < 1e-3


@given(st.text(max_size=60))
def test_a_label_reads_back_as_the_name(name: str) -> None:
    import html

    from diversion.explain.words import one_line

    assert html.unescape(label(name)) == one_line(name) or "&" in name


def test_ownership_is_drawn_from_owner_to_end() -> None:
    told = drawing(winding())
    by_kind = {box.text: box for box in told.boxes}
    assert {box.kind for box in told.boxes} == {"end", "owner", "source"}
    assert all(line.y1 < line.y2 for line in told.lines)
    assert sorted(line.text for line in told.lines) == ["25–50 %", "25–50 %", "60 %"]
    assert by_kind["Steppe Holding BV"].kind == "owner"
    for box in told.boxes:
        assert box.x >= 0
        assert box.x + told.box_width <= told.width
        assert box.y >= 0
        assert box.y + told.box_height <= told.height


def test_circles_of_ownership_are_drawn_once() -> None:
    told = kestrel()
    circle = (
        Holding("X", "C-300", 50, 50, None, None, ""), Holding("Y", "X", 60, 60, None, None, ""),
        Holding("X", "Y", 40, 40, None, None, ""), Holding("C-300", "C-300", 5, 5, None, None, ""),
    )  # fmt: skip
    picture = drawing(replace(told, restricted=replace(told.restricted, proof=circle)))
    assert len(picture.boxes) == 3
    assert len(picture.lines) == 3


def test_an_end_that_is_listed_itself_is_drawn_too() -> None:
    picture = drawing(direct())
    assert [box.kind for box in picture.boxes] == ["end", "list"]
    assert picture.words == ()

"""The page of plain text holds everything, in order, and adds up."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from diversion.findings import Finding
from diversion.report.text import DISCLAIMER, text
from tests.report.examples import direct, findings, hostile, kestrel, winding

SECTIONS = (
    "What happened", "Why it was flagged", "What speaks against it", "What could not be judged", "How sure",
    "What would settle it", "Records", "Decision", "List versions and law", DISCLAIMER,
)  # fmt: skip


@pytest.mark.parametrize("finding", [*findings(), hostile()])
def test_every_section_stands_in_order(finding: Finding) -> None:
    page = text(finding, rank=3, total=214)
    at = [re.search(f"^{re.escape(section)}", page, re.M) for section in SECTIONS]
    places = [found.start() for found in at if found]
    assert len(places) == len(SECTIONS)
    assert places == sorted(places)
    assert "no. 3 of 214 corridors" in page.splitlines()[0]


@pytest.mark.parametrize("finding", [kestrel(), direct(), winding()])
def test_lines_fit_the_page(finding: Finding) -> None:
    assert max(len(line) for line in text(finding).splitlines()) <= 120


@pytest.mark.parametrize("finding", findings())
def test_the_points_on_the_page_add_up(finding: Finding) -> None:
    page = text(finding).replace("−", "-")
    shown = page[page.index("Why it was flagged") : page.index("What could not be judged")]
    points = [float(p) for p in re.findall(r"  +([+-]\d+\.\d|0\.0)   ", shown)]
    total = re.search(r"Sum ([+-]?\d+\.\d)", page)
    assert total
    assert sum(points) == pytest.approx(float(total.group(1)), abs=1e-9)
    assert len(points) == len(finding.contributions)


def test_rounded_points_are_shared_out_so_that_they_add_up() -> None:
    told = kestrel()
    thirds = tuple(replace(c, points=0.14) for c in told.contributions[:3])
    page = text(replace(told, contributions=thirds))
    assert "Sum +0.4" in page
    assert re.findall(r"[+]0\.\d(?=   )", page) == ["+0.2", "+0.1", "+0.1"]


def test_nothing_against_and_nothing_unjudged_is_said() -> None:
    page = text(direct())
    assert "What speaks against it\n  nothing in the records at hand" in page
    assert "nothing: every factor had the data it needs" in page


def test_every_record_leads_to_its_row() -> None:
    page = re.sub(r"\s+", " ", text(kestrel()))
    for record in kestrel().records:
        sheet = f" sheet {record.sheet}" if record.sheet else ""
        assert f"{record.file}{sheet} row {record.row:,}" in page


def test_a_terminal_has_nothing_to_act_on() -> None:
    page = text(hostile(), rank=1, total=1, decisions=("dismissed \x1b[2J by \u202eme",))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", page)


@pytest.mark.parametrize(
    ("others", "said"), [(0, "no other shares"), (1, "1 other shares"), (3, "3 others share")]
)
def test_the_heading_says_how_many_share_the_broker_and_whose_tail_it_is(others: int, said: str) -> None:
    head = text(direct(), rank=1, total=214, others=others).splitlines()[0]
    assert f"no. 1 of 214 corridors; {said} this broker   the tail of R-7f3a91c04be21d58" in head
    assert "broker" not in text(direct(), rank=1, total=214).splitlines()[0]


def test_decisions_are_told() -> None:
    assert "Decision  dismissed 2 Jul 2024" in text(kestrel(), decisions=("dismissed 2 Jul 2024",))
    assert "Decision  none recorded" in text(kestrel())

"""The page as a file: what is in it, and what is not."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from diversion.errors import DiversionError
from diversion.report.html import embedded, render, write
from diversion.report.tails import groups
from tests.report.examples import HOSTILE, data, findings, hostile, kestrel, low, winding


class Page(HTMLParser):
    """Tags with their attributes, and the text of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._script = tag == "script"
        if self._script:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts[-1] += data
        else:
            self.words.append(data)


@pytest.fixture(scope="module")
def evil() -> Page:
    return Page("".join(render(data((hostile(), *findings())))))


@pytest.fixture(scope="module")
def good() -> Page:
    return Page("".join(render(data())))


def test_names_make_no_element_and_no_handler(evil: Page, good: Page) -> None:
    assert {tag for tag, _ in evil.tags} == {tag for tag, _ in good.tags}
    assert not {tag for tag, _ in evil.tags} & {"img", "iframe", "object", "embed", "base", "form action"}
    for tag, attributes in evil.tags:
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        for name in ("href", "src", "action", "formaction", "xlink:href"):
            value = attributes.get(name) or "#"
            assert value.startswith("#"), (tag, name, value)


def test_every_hostile_name_stands_there_to_be_read(evil: Page) -> None:
    words = "".join(evil.words)
    assert HOSTILE[0] in words
    assert HOSTILE[1] in words
    assert HOSTILE[2] in words
    assert "\x00" not in words
    assert "\x1b" not in words
    assert "\u202e" not in words


def test_only_the_scripts_named_by_digest_may_run(evil: Page) -> None:
    policy = next(
        a["content"] or "" for t, a in evil.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    allowed = set(re.findall(r"'(sha256-[^']+)'", policy))
    kinds = [a.get("type") for t, a in evil.tags if t == "script"]
    running = [text for text, kind in zip(evil.scripts, kinds, strict=True) if kind is None]
    digests = {"sha256-" + b64encode(sha256(text.encode()).digest()).decode() for text in running}
    assert digests == allowed
    assert len(running) == 2
    assert "default-src 'none'" in policy
    assert "script-src 'sha256" in policy


def test_data_in_scripts_is_json_that_cannot_end_them(evil: Page) -> None:
    kinds = [a.get("type") for t, a in evil.tags if t == "script"]
    held = [text for text, kind in zip(evil.scripts, kinds, strict=True) if kind == "application/json"]
    assert len(held) == 1 + len(findings()) + 1
    for text in held:
        assert "<" not in text
        json.loads(text)


def test_json_comes_back_as_it_was() -> None:
    told = {"a": [*HOSTILE, "\u2028\u2029"]}
    text = str(embedded(told))
    assert json.loads(text) == told
    assert text.isascii()


def test_coverage_and_lists_come_before_the_routes(good: Page) -> None:
    ids = [a["id"] for _, a in good.tags if a.get("id")]
    order = ["coverage", "routes", "told", "through", "method"]
    assert [name for name in ids if name in order] == order
    words = re.sub(r"\s+", " ", "".join(good.words))
    assert "US Consolidated Screening List" in words
    assert "31 Jul 2026" in words
    assert "customs_ae_2024.xlsx" in words
    assert words.count("This finding does not say that anyone broke the law") == len(findings())


def test_everything_of_a_finding_is_readable_without_scripts(good: Page) -> None:
    words = re.sub(r"\s+", " ", " ".join(good.words))
    for finding in findings():
        said = [*finding.happened, *finding.settle, *finding.identity]
        said += [c.detail for c in finding.contributions] + [u.why for u in finding.unjudged]
        said += [r.shipment for r in finding.records]
        for sentence in said:
            assert re.sub(r"\s+", " ", sentence) in words, sentence


def test_what_is_left_out_is_said() -> None:
    page = Page("".join(render(data(told=1, tabled=2))))
    words = re.sub(r"\s+", " ", " ".join(page.words))
    assert "2 more routes, all ranked below these, are not on this page" in words
    assert sum(a.get("class") == "route" for _, a in page.tags) == 1


def test_a_tail_is_told_inside_its_whole() -> None:
    whole, other = kestrel(), winding()
    best = replace(low(), within=whole.route_id, score=99.5, band="severe")
    page = Page("".join(render(data((best, whole, other), told=1))))
    routes = [a["id"] for _, a in page.tags if a.get("class") == "route"]
    assert routes == [whole.route_id]
    rows = [a for tag, a in page.tags if tag == "tr" and a.get("data-rank")]
    assert [(row["data-rank"], row.get("data-of")) for row in rows] == [("2", None), ("1", "2"), ("3", None)]
    links = [a.get("href") for tag, a in page.tags if tag == "a"]
    assert f"#{best.route_id}" in links
    assert [a.get("id") for _, a in page.tags].count(best.route_id) == 1
    words = re.sub(r"\s+", " ", " ".join(page.words))
    assert "2 routes , of which the first 1 are told in full below" in words.replace("routes,", "routes ,")
    assert "1 more is the tail of one of them" in words
    assert "Also counted: its tail" in words


def test_every_finding_stands_in_one_group() -> None:
    a, b, c = (replace(kestrel(), route_id=name) for name in "abc")
    chain = groups((replace(c, within="b"), replace(b, within="a"), a))
    assert [[one.rank for one in group] for group in chain] == [[3, 1, 2]]
    round_ = groups((replace(a, within="b"), replace(b, within="a"), replace(c, within="gone")))
    assert [[one.rank for one in group] for group in round_] == [[1, 2], [3]]


def test_no_route_is_no_clearance() -> None:
    words = " ".join(Page("".join(render(data(())))).words)
    assert "That is no clearance" in words


def test_decisions_stand_with_their_route() -> None:
    told = kestrel()
    page = Page("".join(render(data((told,), decisions={told.route_id: ("dismissed 2 Jul 2024 by A",)}))))
    assert "dismissed 2 Jul 2024 by A" in " ".join(page.words)


def test_a_file_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DiversionError, match="directory"):
        write(data(()), tmp_path)


def test_the_same_report_is_the_same_file(tmp_path: Path) -> None:
    write(data(), tmp_path / "a.html")
    write(data(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()

"""The page in a real browser that is cut off from every network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from diversion.report.html import write
from tests.report.examples import data, findings, hostile

PICTURES = {
    "timeline": ".scatterlayer .trace path.js-line",
    "flow": "path.sankey-link",
    "waterfall": ".waterfalllayer .point path",
}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser; its absence is a failure in CI, elsewhere a skip."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        message = "no Chromium on this machine: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """One page, with everything it asked for and complained about."""

    def __init__(self, browser: Any, file: Path, width: int = 1280, **context: Any) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **context)
        self.page = self.context.new_page()
        self.page.route("**/*", self._route)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.page.on("console", self._said)
        self.page.goto(file.as_uri())

    def _route(self, route: Any) -> None:
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            self.asked.append(route.request.url)
            route.abort()

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, at: int) -> Any:
        route = self.page.locator("details.route").nth(at)
        route.locator("summary").first.click()
        route.locator('.plot[data-figure="waterfall"][data-drawn]').wait_for()
        route.locator('.plot[data-figure="map"][data-drawn]').wait_for()
        return route

    def done(self) -> None:
        assert self.asked == []
        assert self.complaints == []
        self.context.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "report.html"
    write(data(), file)
    return file


@pytest.fixture(scope="module")
def evil_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("evil") / "evil.html"
    write(data((hostile(), *findings())), file)
    return file


@pytest.mark.parametrize("width", [1280, 390])
def test_a_route_shows_all_its_pictures(chromium: Any, page_file: Path, width: int) -> None:
    visit = Visit(chromium, page_file, width)
    assert visit.page.locator(".plot[data-drawn]").count() == 0
    for at in range(len(findings())):
        route = visit.open(at)
        for name, marks in PICTURES.items():
            plot = route.locator(f'.plot[data-figure="{name}"]')
            size = plot.locator("svg.main-svg").first.bounding_box()
            assert size["width"] > 200, name
            assert size["height"] > 100, name
            assert plot.locator(marks).count() > 0, name
        land = route.locator('.plot[data-figure="map"] .layer.land path')
        assert max(len(path.get_attribute("d") or "") for path in land.all()) > 2000
        owned = route.locator("svg.ownership").bounding_box()
        assert owned["width"] > 150
        assert owned["height"] > 100
        assert route.locator("svg.ownership .box").count() >= 2
        assert route.locator(".records tbody tr").count() >= 1
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    visit.done()


def test_the_way_is_drawn_on_the_map(chromium: Any, page_file: Path) -> None:
    visit = Visit(chromium, page_file)
    route = visit.open(0)
    plot = route.locator('.plot[data-figure="map"]')
    assert plot.locator(".scattergeo path.js-line").count() >= 2
    numbers = plot.locator(".scattergeo text").all_text_contents()
    assert {"1", "2", "3"} <= set(numbers)
    visit.done()


def test_find_filter_and_sort(chromium: Any, page_file: Path) -> None:
    visit = Visit(chromium, page_file)
    rows = visit.page.locator("#ranking tbody tr:visible")
    assert rows.count() == len(findings())
    visit.page.locator("#q").fill("mahan")
    assert rows.count() == 1
    assert visit.page.locator("#shown").inner_text() == "1 of 4 routes"
    visit.page.locator("#q").fill("hong kong")
    assert "Cascade" in rows.first.inner_text()
    visit.page.locator("#q").fill("")
    visit.page.locator('input[value="low"]').uncheck()
    assert rows.count() == sum(f.band != "low" for f in findings())
    visit.page.locator('input[value="low"]').check()
    visit.page.locator("th[data-sort=value] button").click()
    values = [float(row.get_attribute("data-value") or 0) for row in rows.all()]
    assert values == sorted(values, reverse=True)
    visit.page.locator("th[data-sort=value] button").click()
    values = [float(row.get_attribute("data-value") or 0) for row in rows.all()]
    assert values == sorted(values)
    visit.done()


def test_a_row_leads_to_its_route_by_keyboard(chromium: Any, page_file: Path) -> None:
    visit = Visit(chromium, page_file)
    link = visit.page.locator("#ranking tbody a").nth(1)
    link.focus()
    visit.page.keyboard.press("Enter")
    route = visit.page.locator("details.route").nth(1)
    route.locator('.plot[data-figure="flow"][data-drawn]').wait_for()
    assert route.get_attribute("open") is not None
    assert visit.page.evaluate("document.activeElement.tagName") == "SUMMARY"
    visit.done()


def test_without_scripts_the_words_are_there(chromium: Any, page_file: Path) -> None:
    visit = Visit(chromium, page_file, java_script_enabled=False)
    route = visit.page.locator("details.route").first
    route.locator("summary").first.click()
    assert "What would settle it" in route.inner_text()
    assert visit.page.locator("form.filter").is_hidden()
    visit.done()


def test_dark_and_paper_have_ink_that_can_be_read(chromium: Any, page_file: Path) -> None:
    visit = Visit(chromium, page_file, color_scheme="dark")
    visit.open(0)
    assert _contrast(visit.page) > 7
    visit.page.emulate_media(media="print", color_scheme="light")
    assert _contrast(visit.page) > 7
    assert visit.page.locator("nav").is_hidden()
    visit.done()


def _contrast(page: Any) -> float:
    colours = page.evaluate(
        "() => { const s = getComputedStyle(document.body);"
        " return [s.color, s.backgroundColor].map(c => c.match(/[0-9.]+/g).slice(0, 3).map(Number)); }"
    )
    light, dark = sorted((_luminance(colour) for colour in colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: list[float]) -> float:
    parts = [c / 255 for c in colour]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_names_that_would_run_are_only_read(chromium: Any, evil_file: Path) -> None:
    visit = Visit(chromium, evil_file)
    at = next(i for i, f in enumerate((hostile(), *findings())) if f.route_id == hostile().route_id)
    route = visit.open(at)
    assert visit.page.evaluate("window.hacked === undefined")
    assert visit.page.locator("img").count() == 0
    assert visit.page.locator("article b b, .plot b, .plot i").count() == 0
    labels = " ".join(route.locator('.plot[data-figure="flow"] .node-label').all_text_contents())
    assert "<script>alert(1)</script>" in labels
    route.locator('.plot[data-figure="flow"] path.sankey-link').first.hover(force=True)
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate("window.hacked === undefined")
    visit.done()

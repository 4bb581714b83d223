"""The report in a real browser: silent, alone, alive, at every width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from tradewright.domain.intents import Twap
from tradewright.engine.outcome import log_of
from tradewright.portfolio.run_log import TeamLog
from tradewright.research.report import ReportInput, render
from tradewright.research.report.wording import texts
from tradewright.testing.results import a_result
from tradewright.testing.run_logs import Deal, a_run, bars_of
from tradewright.testing.scripted import FLAT, played

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.browser
RANGE = "document.getElementById('candles').layout.xaxis.range.map((edge) => new Date(edge).getTime())"


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator:
    """The system's Chromium, running without a window."""
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """A report with trades of every kind."""
    return _write(tmp_path_factory.mktemp("report") / "busy.html", a_result())


def _write(path: Path, whole) -> Path:
    path.write_text(render(ReportInput(whole.result, whole.log, whole.summary.trades)), encoding="utf-8")
    return path


class Visit:
    """An open page, with everything that it complained of or asked for."""

    def __init__(self, browser, path: Path, width: int = 1440, **options) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-ready=yes]", timeout=60_000)

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.context.close()


def test_the_page_is_silent_and_asks_for_nothing(browser, report):
    """No console message, no error, and no request but the file itself."""
    with Visit(browser, report) as visit:
        visit.page.click("#theme")
        visit.page.click("#language")
        assert [] == visit.complaints
        assert [report.as_uri()] == [url for url in visit.requests if not url.startswith(("data:", "blob:"))]


@pytest.mark.parametrize("by", ["click", "Enter"])
def test_a_trade_row_moves_the_chart_to_the_trade(browser, report, by):
    """Mouse and keyboard alike: afterwards the trade lies inside a shorter stretch, and its row is marked."""
    with Visit(browser, report) as visit:
        page = visit.page
        before = page.evaluate(RANGE)
        row = page.locator("tr[data-trade='2']")
        if by == "click":
            row.click()
        else:
            row.focus()
            page.keyboard.press("Enter")
        page.wait_for_function(f"({RANGE})[0] !== {before[0]}")
        start, end = page.evaluate(RANGE)
        trade = a_result().summary.trades[1]
        assert start < trade.ts_entry / 1e6 < trade.ts_exit / 1e6 < end
        assert "true" == page.locator("tr[data-trade='2']").get_attribute("aria-current")
        assert [] == visit.complaints


@pytest.mark.parametrize(("scheme", "first", "second"), [("light", "light", "dark"), ("dark", "dark", "light")])
def test_the_theme_follows_the_system_and_can_be_switched(browser, report, scheme, first, second):
    """The button turns it, and the colours with it."""
    with Visit(browser, report, color_scheme=scheme) as visit:
        page = visit.page
        theme, background = "document.documentElement.dataset.theme", "getComputedStyle(document.body).backgroundColor"
        before = page.evaluate(background)
        assert first == page.evaluate(theme)
        page.click("#theme")
        assert second == page.evaluate(theme)
        assert before != page.evaluate(background)


def test_the_language_can_be_switched_and_back(browser, report):
    """Words, numbers and the language of the document change; switched back, the page is as before."""
    with Visit(browser, report) as visit:
        page = visit.page
        english = page.locator("main").inner_text()
        page.click("#language")
        assert "uk" == page.evaluate("document.documentElement.lang")
        assert texts()["equity_title"]["uk"] == page.locator("#h-equity").inner_text()
        assert "Закритих угод: 3." in page.locator("#warning-list").inner_text()
        page.click("#language")
        assert english == page.locator("main").inner_text()


def test_every_chapter_of_the_analysis_is_told_in_both_languages(browser, report):
    """Each has its card with its sentence; the costs have a line for each part, and the total."""
    analysis = a_result().result.analysis
    with Visit(browser, report) as visit:
        cards = visit.page.locator("#chapters .chapter p:last-child").all_inner_texts()
        assert [chapter["text"] for chapter in analysis.values()] == cards
        total = visit.page.locator("#cost-parts tbody tr").nth(6)
        amount = analysis["costs"]["figures"]["parts"]["total"]["amount"]
        assert ["Total", f"{amount:.2f}"] == total.locator("th, td").all_inner_texts()[:2]
        visit.page.click("#language")
        ours = visit.page.locator("#chapters .chapter p:last-child").all_inner_texts()
        assert all(re.search("[\u0400-\u04ff]", sentence) for sentence in ours)
        assert not any("{" in sentence for sentence in ours)


def test_numbers_are_written_as_the_language_writes_them(browser, tmp_path):
    """Ukrainian: a decimal comma, a narrow space between thousands; names and dates stay as they are."""
    whole = a_result(log=a_run(bars_of([100.0, 110.0]), [Deal(0, 1, 100.0, 1_000.0, fee=1_234.5)], balance=1e6))
    with Visit(browser, _write(tmp_path / "numbers.html", whole)) as visit:
        costs, margin = (visit.page.locator(f"[data-chapter={name}] p:last-child") for name in ("costs", "margin"))
        tile = visit.page.locator("[data-tile=net_return] + .aside")
        assert "1,234.50 USDT" in costs.inner_text()
        assert "+8,765.50 USDT" == tile.inner_text()
        visit.page.click("#language")
        assert "1\u202f234,50\u00a0USDT" in costs.inner_text()
        assert "+8\u202f765,50 USDT" == tile.inner_text()
        assert "(2022-01-01 02:00 UTC)" in margin.inner_text()


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("language", ["en", "uk"])
def test_nothing_stands_beyond_the_right_edge(browser, report, width, language):
    """The page never scrolls sideways; wide tables scroll inside themselves."""
    with Visit(browser, report, width) as visit:
        if language == "uk":
            visit.page.click("#language")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_table_sorts_and_filters(browser, report):
    """By profit, either way; by side; by words."""
    with Visit(browser, report) as visit:
        page = visit.page

        def ids() -> list[str]:
            return [row.get_attribute("data-trade") for row in page.locator("tr[data-trade]").all()]

        assert ["1", "2", "3", "4"] == ids()
        page.click("button[data-sort='pnl']")
        assert ["2", "3", "4", "1"] == ids()
        assert "ascending" == page.locator("th:has(button[data-sort='pnl'])").get_attribute("aria-sort")
        page.click("button[data-sort='pnl']")
        assert ["1", "4", "3", "2"] == ids()
        page.select_option("#side", "short")
        assert ["3"] == ids()
        page.select_option("#side", "all")
        page.fill("#search", "stop-loss")
        assert ["2"] == ids()
        page.fill("#search", "no such thing")
        assert [] == ids()
        assert "0 of 0" in page.locator("#trades-note").inner_text()


def test_zooming_shows_finer_candles(browser, tmp_path):
    """A month of minutes is joined for the whole view; a stretch of two hours shows the minutes themselves."""
    steps = [100.0 + (step % 97) / 10 for step in range(43_200)]
    whole = a_result(log=a_run(bars_of(steps, "1m", reach=0.5)))
    whole.result.spec["timeframe"] = "1m"
    with Visit(browser, _write(tmp_path / "month.html", whole)) as visit:
        page = visit.page
        drawn = "document.getElementById('candles').data[0].open.length"
        assert page.evaluate(drawn) <= 1_000
        assert "joined to 2h" in page.locator("#candles-note").inner_text()
        start = whole.log.ts_open[20_000] / 1e6
        zoom = f"Plotly.relayout('candles', {{'xaxis.range': [{start}, {start + 7_200_000}]}})"
        page.evaluate(zoom)
        page.wait_for_function("!document.getElementById('candles-note').textContent.includes('joined')")
        assert 240 <= page.evaluate(drawn) <= 242
        assert [] == visit.complaints


@pytest.mark.parametrize("closes", [[100.0, 101.0, 102.0], []], ids=["no trades", "no bars"])
def test_an_empty_result_looks_right(browser, tmp_path, closes):
    """Every section says what it lacks, in words, without an error."""
    with Visit(browser, _write(tmp_path / "empty.html", a_result(log=a_run(bars_of(closes)))), 390) as visit:
        assert "No trades were made." in visit.page.locator("#trades").inner_text()
        assert "No trades were made." in visit.page.locator("#costs").inner_text()
        visit.page.click("#theme")
        visit.page.click("#language")
        assert "Угод не було." in visit.page.locator("#excursions").inner_text()
        assert [] == visit.complaints
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_text_has_contrast_in_both_themes(browser, report):
    """Body, muted, accent, good and bad text reach 4.5 to 1 on page and panel."""
    measure = """() => {
      const style = getComputedStyle(document.documentElement);
      const light = (name) => {
        const hex = style.getPropertyValue(`--${name}`).trim();
        const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
        const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
      const words = ["text", "muted", "accent", "up", "down", "warn"];
      return Math.min(...words.flatMap((name) => [ratio(name, "bg"), ratio(name, "panel")]));
    }"""
    for scheme in ("dark", "light"):
        with Visit(browser, report, color_scheme=scheme) as visit:
            assert visit.page.evaluate(measure) >= 4.5


def test_worked_orders_have_a_table_where_there_are_any(browser, report, tmp_path):
    """A row for each, its end in the words of either language; without any the section is hidden."""
    run = played({0: Twap("buy", 0.3, bars=3, tag="in"), 4: Twap("sell", 0.3, bars=9)}, [FLAT] * 9, participation=0.0)
    with Visit(browser, _write(tmp_path / "worked.html", a_result(log=log_of(run)))) as visit:
        rows = visit.page.locator("#parents tbody tr")
        assert ["in (twap)", "twap-2 (twap)"] == [row.locator("td").first.inner_text() for row in rows.all()]
        assert "filled" in rows.first.inner_text()
        visit.page.click("#language")
        assert texts()["status_filled"]["uk"] in rows.first.inner_text()
        assert [] == visit.complaints
    with Visit(browser, report) as visit:
        assert not visit.page.locator("#parents-section").is_visible()


def test_members_of_a_team_have_tables_where_there_is_one(browser, report, tmp_path):
    """What each made, and how alike they are, in either language; without a team the section is hidden."""
    plain = a_result().log
    shares = np.stack((plain.equity * 0.6, plain.equity * 0.4))
    team = TeamLog(("trend", "revert"), np.array([1]), plain.initial_balance * np.array([0.6, 0.4]), shares)
    with Visit(browser, _write(tmp_path / "team.html", a_result(log=replace(plain, team=team))), 390) as visit:
        made, alike = visit.page.locator("#team table").all()
        assert ["revert", "trend"] == [row.locator("th").inner_text() for row in made.locator("tbody tr").all()]
        assert "60.0" in made.inner_text()
        assert "1.00" in alike.inner_text()
        visit.page.click("#language")
        assert texts()["correlation"]["uk"] in alike.inner_text()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert [] == visit.complaints
    with Visit(browser, report) as visit:
        assert not visit.page.locator("#team-section").is_visible()

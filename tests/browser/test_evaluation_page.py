"""The heat map in a real browser: silent, in both languages and themes, and no wider than a phone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from tradewright.research.evaluation import Cell, Contender, rank, render_evaluation

pytestmark = pytest.mark.browser
PERIODS = [("2024-01-01T00:00:00Z", "2024-03-01T00:00:00Z"), ("2024-03-01T00:00:00Z", "2024-05-01T00:00:00Z")]


def page_of_three() -> str:
    """Three strategies on two instruments, one cell without bars, one strategy passed over."""
    contenders = [
        Contender(
            name,
            np.random.default_rng(seed).normal(0.0, 0.01, 120),
            tuple(
                Cell(symbol, period, None if (symbol, period) == ("ETH/USDT", 0) else 0.02 * seed - 0.03, 20 * seed)
                for symbol in ("BTC/USDT", "ETH/USDT")
                for period in (0, 1)
            ),
            leak_passed=name != "seer",
        )
        for seed, name in enumerate(("slow", "quick", "seer"), start=1)
    ]
    evaluation = rank(contenders, PERIODS, "day", 365.0, seed=1)
    return render_evaluation({**evaluation.as_dict(), "skipped": {"grid": "no bars of <1m>"}})


@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (390, "light")])
def test_the_heat_map_is_drawn_without_complaint(chromium: Path, tmp_path: Path, width: int, theme: str) -> None:
    """Every cell is there, nothing is asked for, the page itself never scrolls sideways, and both languages read."""
    (tmp_path / "page.html").write_text(page_of_three(), encoding="utf-8")
    complaints: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=theme, locale="en-US")
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((tmp_path / "page.html").as_uri())
        assert 3 * 4 == page.locator("#heat td").count()
        assert 3 == page.locator("#heat td", has_text="no bars").count()
        assert "knows the future" in page.locator("#ranking tbody tr").last.inner_text()
        assert "grid: no bars of <1m>" == page.locator("#skipped li").inner_text()
        page.locator("#language").click()
        assert "Стратегії поруч" == page.locator("h1").inner_text()
        assert theme == page.locator("html").get_attribute("data-theme")
        page.locator("#theme").click()
        assert theme != page.locator("html").get_attribute("data-theme")
        assert width == page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert [] == complaints

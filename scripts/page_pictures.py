"""Take the pictures of the page that the documents show: `tradewright demo --page`, then this script beside it.

Run as `.venv/bin/python scripts/page_pictures.py DATA_DIR [ADDRESS]`: the data folder of the demo holds its password.
Pictures are PNG of 1,200 by 750 points, which is about 100 KB each.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs/pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SETTLED_MS = 5_000
SIZE = {"width": 1200, "height": 750}
# A name, where it is, its theme and its language.
SHOTS = (
    ("dashboard", "/", "dark", "en"),
    ("dashboard-uk", "/", "light", "uk"),
    ("backtest", "/backtest", "dark", "en"),
    ("simulation", "/simulation", "dark", "en"),
)
TABS = (("result-equity", "equity"), ("result-trades", "trades"))


def main() -> None:
    """Log in, and take every picture."""
    if len(sys.argv) < 2:  # noqa: PLR2004 - the program, and the folder
        sys.exit("usage: page_pictures.py DATA_DIR [ADDRESS]")
    password = (Path(sys.argv[1]) / "page-demo/login.txt").read_text(encoding="utf-8").strip()
    address = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:8000"  # noqa: PLR2004 - and the address
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        sys.exit("no Chromium on this machine")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE)
        _log_in(page, address, password)
        results = page.request.get(f"{address}/api/v1/backtests?limit=1").json()["items"]
        shots = [*SHOTS, *((name, f"/backtest/{results[0]['id']}?tab={tab}", "dark", "en") for name, tab in TABS)]
        for name, path, theme, language in shots:
            _take(page, address + path, (theme, language), PICTURES / f"{name}.png")
        browser.close()


def _log_in(page: Page, address: str, password: str) -> None:
    page.goto(address)
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").first.fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log in").wait_for(state="detached", timeout=60_000)
    page.get_by_role("heading", level=1).wait_for(timeout=60_000)


def _take(page: Page, address: str, look: tuple[str, str], path: Path) -> None:
    theme, language = look
    page.evaluate(
        "([theme, language]) => { localStorage.setItem('mantine-color-scheme-value', theme);"
        "localStorage.setItem('tradewright.language', language) }",
        [theme, language],
    )
    page.goto(address)
    page.wait_for_timeout(SETTLED_MS)
    if "tab=" in address:
        page.get_by_role("tablist").evaluate("tabs => tabs.scrollIntoView({ block: 'center' })")
        page.wait_for_timeout(500)
    page.screenshot(path=path)


if __name__ == "__main__":
    main()

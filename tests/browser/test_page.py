"""The page in a real browser, before the real server: let in, a backtest by clicks, its result; every screen whole."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tradewright.api.page.files import PAGE

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
PASSWORD = "correct horse battery 7"  # noqa: S105 - of a server that lives for this test
WHOLE = ("/", "/simulation", "/backtest", "/strategies", "/data", "/risk", "/audit", "/settings", "/server", "/help")
PARTS = ("/evaluation", "/chart?tf=1h&draw=smart_money", "/notifications", "/notifications?tab=rules")
TABS = ("/settings?tab=presets", "/settings?tab=history", "/settings?tab=secrets", "/help?tab=glossary")
SCREENS = WHOLE + PARTS + TABS
PAIR = "BTC/USDT:USDT"
WAIT = 90_000
pytestmark = pytest.mark.browser


@dataclass(frozen=True, slots=True)
class Served:
    """A server of our own: where it is, the link that lets the first person in, and that person's state."""

    address: str
    link: str
    state: Path


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "TRADEWRIGHT_DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"}


def _command(*words: str) -> list[str]:
    return [str(Path(sys.executable).with_name("tradewright")), *words]


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    """A server with four days of a synthetic market."""
    if not (PAGE / "index.html").is_file():
        pytest.skip("the page is not built: no Node on this machine")
    folder = tmp_path_factory.mktemp("served")
    market = ("data", "synth", "--instrument", PAIR, "--timeframe", "1m", "--days", "4", "--seed", "7")
    subprocess.run(_command(*market), env=_environment(folder), check=True, capture_output=True)
    said = folder / "said.txt"
    with said.open("w") as output:
        words = _command("serve", "--port", str(_free_port()))
        running = subprocess.Popen(words, env=_environment(folder), stdout=output, stderr=subprocess.STDOUT)
    try:
        link = _link_in(said)
        _wait_until_open(link)
        yield Served(link.partition("/setup")[0], link, folder / "browser.json")
    finally:
        running.terminate()
        running.wait(timeout=30)


def _link_in(said: Path) -> str:
    """The link that the server prints, once it has."""
    end = time.monotonic() + WAIT / 1_000
    while time.monotonic() < end:
        if found := re.search(r"http\S+/setup#token=\S+", said.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(said.read_text(encoding="utf-8"))


def _wait_until_open(link: str) -> None:
    """The link is told a moment before the server listens."""
    place = urlsplit(link)
    end = time.monotonic() + WAIT / 1_000
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((str(place.hostname), int(place.port or 0))) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens at {link}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """The system's Chromium, running without a window."""
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture(scope="module")
def let_in(browser: Browser, served: Served) -> Served:
    """The first administrator has been made with the printed link."""
    page = browser.new_page()
    page.goto(served.link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    page.context.storage_state(path=served.state)
    page.context.close()
    return served


class Visit:
    """An open page, with what it complained of and whom it asked."""

    def __init__(self, browser: Browser, served: Served, width: int = 1440, theme: str = "dark", language: str = "en"):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, storage_state=served.state)
        self.context.add_init_script(
            f"localStorage.setItem('mantine-color-scheme-value', '{theme}');"
            f"localStorage.setItem('tradewright.language', '{language}')"
        )
        self.page: Page = self.context.new_page()
        self.served = served
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("request", self._note)

    def _note(self, request) -> None:
        if not request.url.startswith((self.served.address, "data:", "blob:")):
            self.strangers.append(request.url)

    def open(self, path: str) -> Page:
        """Go to a screen and wait until it stands."""
        self.page.goto(self.served.address + path)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.page.wait_for_timeout(600)  # what was asked for is drawn; the stream of events never ends
        return self.page


def _backtest(page: Page) -> None:
    page.get_by_role("combobox", name="Strategy").select_option("ma_crossover")
    page.get_by_role("combobox", name="Pair").fill(PAIR)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Run", exact=True).click()


def test_from_the_log_in_to_a_result_by_clicks(browser, let_in):
    """A backtest is asked for, runs in a worker, stands in the table, and opens with its figures, chart and trades."""
    visit = Visit(browser, let_in)
    page = visit.open("/backtest")
    _backtest(page)
    page.get_by_role("button", name="Detailed statistics").first.click(timeout=WAIT)
    detail = page.get_by_role("dialog")
    expect(detail.get_by_text("Profit factor").first).to_be_visible()
    detail.get_by_role("link", name="Whole page").click()
    expect(page.get_by_role("heading", name=f"ma_crossover · {PAIR}")).to_be_visible()
    page.get_by_role("tab", name="Chart and trades").click()
    page.locator("[data-row='1']").click()
    expect(page).to_have_url(re.compile(r"trade=1"))
    assert [] == visit.complaints
    visit.context.close()


def test_a_deleted_result_comes_back(browser, let_in):
    """Deleting is undone with one press; deleting all asks for the words first."""
    visit = Visit(browser, let_in)
    page = visit.open("/backtest")
    page.get_by_role("button", name=re.compile("Delete result")).first.click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Detailed statistics").first).to_be_visible()
    page.get_by_role("button", name="Delete all").first.click()
    asked = page.get_by_role("alertdialog")
    expect(asked.get_by_role("button", name="Delete all")).to_be_disabled()
    asked.get_by_label(re.compile("Type")).fill("delete all")
    expect(asked.get_by_role("button", name="Delete all")).to_be_enabled()
    asked.get_by_role("button", name="Cancel").click()
    assert [] == visit.complaints
    visit.context.close()


def test_pairs_are_added_and_taken_away(browser, let_in):
    """A pair is watched, its removal can be undone."""
    visit = Visit(browser, let_in)
    page = visit.open("/")
    page.get_by_role("textbox", name="Add pair").fill("ETH/USDT:USDT")
    page.get_by_role("button", name="Add pair").click()
    row = page.get_by_role("button", name="ETH/USDT:USDT", exact=True)
    expect(row).to_be_visible()
    page.get_by_role("button", name="Remove ETH/USDT:USDT").click()
    expect(row).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
    visit.context.close()


def test_somebody_else_is_asked_to_log_in(browser, let_in):
    """Without a session one sees the log-in at any address; a wrong password is refused in words."""
    page = browser.new_page()
    page.goto(f"{let_in.address}/backtest")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password", exact=False).first.fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize(
    ("width", "theme", "language"), [(1440, "dark", "en"), (768, "light", "uk"), (360, "dark", "uk")]
)
def test_every_screen_is_whole(browser, let_in, width, theme, language):
    """No fault of accessibility that matters, nothing wider than the window, nothing asked of another machine."""
    visit = Visit(browser, let_in, width, theme, language)
    for path in SCREENS:
        page = visit.open(path)
        assert language == page.locator("html").get_attribute("lang")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
        serious = [
            (path, one["id"], one["nodes"][0]["html"][:200])
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert [] == serious
    assert [] == visit.complaints
    assert [] == visit.strangers
    visit.context.close()

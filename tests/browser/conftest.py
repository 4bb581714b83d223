"""A server of our own with its practice exchange, and pages that look at it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tradewright.api.page.files import PAGE

PASSWORD = "correct horse battery 7"  # noqa: S105 - of a server that lives for a test
PAIR = "BTC/USDT:USDT"
WAIT = 180_000


@dataclass(frozen=True, slots=True)
class Served:
    """Where a server is, the link that lets the first person in, and that person's state."""

    address: str
    link: str
    state: Path


def _environment(folder: Path) -> dict[str, str]:
    own = {"TRADEWRIGHT_DATA_DIR": str(folder), "TRADEWRIGHT_STRATEGIES_DIR": str(folder / "strategies")}
    return {**os.environ, **own, "PYTHONUNBUFFERED": "1"}


def command(*words: str) -> list[str]:
    """The program, as it is installed beside this Python."""
    return [str(Path(sys.executable).with_name("tradewright")), *words]


@contextmanager
def serving(folder: Path, *options: str, port: int | None = None) -> Iterator[Served]:
    """A server on a data folder, as long as the block lasts."""
    said = folder / "said.txt"
    said.write_text("", encoding="utf-8")
    at = port or free_port()
    with said.open("w") as output:
        words = command("serve", "--port", str(at), *options)
        running = subprocess.Popen(
            words, env=_environment(folder), cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )  # what is configured is written there
    try:
        state = folder / "browser.json"
        # Somebody has been let in before: no link is printed.
        found = _line_in(said, rf"serving at http\S+:{at}" if state.is_file() else r"http\S+/setup#token=\S+")
        yield Served(f"http://127.0.0.1:{at}", found, state)
    finally:
        running.terminate()
        running.wait(timeout=60)


def make_market(folder: Path, days: int = 4) -> None:
    """Candles of a synthetic market."""
    market = ("data", "synth", "--instrument", PAIR, "--timeframe", "1m", "--days", str(days), "--seed", "7")
    subprocess.run(command(*market), env=_environment(folder), check=True, capture_output=True)


def _line_in(said: Path, pattern: str) -> str:
    end = time.monotonic() + WAIT / 1_000
    while time.monotonic() < end:
        if found := re.search(pattern, said.read_text(encoding="utf-8")):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(said.read_text(encoding="utf-8"))


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def let_in(browser: Browser, served: Served) -> Served:
    """Make the first administrator with the printed link, by clicks."""
    page = browser.new_page()
    page.goto(served.link)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible(timeout=WAIT)
    page.context.storage_state(path=served.state)
    page.context.close()
    return served


class Visit:
    """An open page, with what it complained of and whom it asked."""

    def __init__(
        self, browser: Browser, served: Served, width: int = 1440, theme: str = "dark", language: str = "en"
    ) -> None:
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

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.served.address, "data:", "blob:")):
            self.strangers.append(request.url)

    def open(self, path: str) -> Page:
        """Go to a screen and wait until it stands."""
        self.page.goto(self.served.address + path)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible(timeout=WAIT)
        self.page.wait_for_timeout(600)  # what was asked for is drawn; the stream of events never ends
        return self.page

    def ask(self, method: str, path: str, body: Any = None, headers: Sequence[tuple[str, str]] = ()) -> Any:
        """Ask the server as this person, past the page."""
        session = self.context.request.get(f"{self.served.address}/api/v1/session").json()
        told = self.context.request.fetch(
            f"{self.served.address}/api/v1{path}",
            method=method,
            headers={"X-CSRF-Token": session["csrf"], "Origin": self.served.address, **dict(headers)},
            **({} if body is None else {"data": body}),
        )
        assert told.ok, told.text()
        return told.json() if told.text() else None

    def backtest(self, strategy: str, **more: object) -> str:
        """The id of the result of a backtest, made past the page."""
        wanted = {"strategy": strategy, "symbol": PAIR, "timeframes": ["15m"], **more}
        job = str(self.ask("POST", "/backtests", wanted)["id"])
        for _ in range(WAIT // 250):
            state = self.ask("GET", f"/jobs/{job}")["state"]
            if state == "done":
                return job
            assert state in ("queued", "running"), state
            self.page.wait_for_timeout(250)
        raise AssertionError("the backtest has not ended")


@dataclass(frozen=True, slots=True)
class Kit:
    """What a test of the page needs beside the page."""

    serving = staticmethod(serving)
    let_in = staticmethod(let_in)
    make_market = staticmethod(make_market)
    free_port = staticmethod(free_port)
    visit = Visit


@pytest.fixture(scope="session")
def kit() -> Kit:
    """Servers, and pages that look at them; skipped where the page is not built."""
    if not (PAGE / "index.html").is_file():
        pytest.skip("the page is not built: no Node on this machine")
    return Kit()


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """The system's Chromium, running without a window."""
    expect.set_options(timeout=30_000)  # other processes may need the processors, too
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()

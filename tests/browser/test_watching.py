"""Who is told what, what was done, what holds trading back, and help: by clicks before the real server."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import expect

PAIR = "BTC/USDT:USDT"
WAIT = 90_000
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[int, list[bytes]]]:
    """Somebody who is told over HTTP: the port, and what came."""
    came: list[bytes] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, came
        server.shutdown()


@pytest.fixture(scope="module")
def served(kit, browser, tmp_path_factory, told):
    """A server with its practice exchange and a channel, and its first administrator let in."""
    folder = tmp_path_factory.mktemp("watching")
    channel = f"notifications:\n  channels:\n    - name: desk\n      url: json://127.0.0.1:{told[0]}/hook\n"
    (folder / "tradewright.yaml").write_text(channel, encoding="utf-8")
    with kit.serving(folder, "--speed", "60") as made:
        yield kit.let_in(browser, made)


@pytest.fixture
def visit(kit, browser, served):
    """An administrator before it, of whom the page does not complain."""
    made = kit.visit(browser, served)
    yield made
    assert [] == made.complaints
    made.context.close()


def test_a_channel_is_tried_and_the_matrix_says_what_it_tells(visit, told):
    """A test message arrives at once; a box that is ticked, or not, is so at the server and after a reload."""
    page = visit.open("/notifications")
    page.get_by_role("button", name=re.compile("^Send a test")).click()
    expect(page.get_by_role("status").filter(has_text="handed over")).to_be_visible(timeout=WAIT)
    assert "Tradewright" in json.loads(told[1][-1])["title"] + json.loads(told[1][-1])["message"]
    box = page.get_by_role("checkbox", name=re.compile("→ desk")).first
    was = box.is_checked()
    box.click()
    expect(box).to_be_checked(checked=not was)
    (cell, *_) = visit.ask("GET", "/notifications/matrix")
    assert ("desk", not was) == (cell["channel"], cell["is_on"])
    page = visit.open("/notifications")
    expect(page.get_by_role("checkbox", name=re.compile("→ desk")).first).to_be_checked(checked=not was)


def test_the_audit_log_is_searched_and_exported(visit):
    """Filters stand in the address and choose lines at the server; the file holds every line with its hash."""
    visit.ask("POST", "/users", {"name": "olha", "password": "correct horse battery 8", "role": "viewer"})
    page = visit.open("/audit")
    hers = page.get_by_role("row").filter(has_text="olha")
    expect(hers).to_be_visible()
    page.get_by_role("textbox", name="Who").fill("set-up")
    expect(hers).to_be_hidden()
    expect(page).to_have_url(re.compile("actor=set-up"))
    expect(page.get_by_role("row").filter(has_text="user.added")).to_have_count(1)
    page.get_by_role("textbox", name="What").fill("order.")
    expect(page.get_by_text("No line is like this.")).to_be_visible()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(hers).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("link", name="Export as CSV").click()
    lines = begun.value.path().read_text("utf-8").splitlines()
    assert lines[0].startswith("number,time,actor,action")
    assert "user.added" in lines[1]


def _session(visit) -> dict[str, object]:
    # How the simulation stands, once its session has played a bar.
    for _ in range(WAIT // 500):
        told = visit.ask("GET", "/simulation/status")
        if told["bars"] and told["is_running"]:
            return told
        visit.page.wait_for_timeout(500)
    raise AssertionError(told)


def test_a_limit_is_changed_and_the_simulation_begins_anew(visit):
    """From the Risk screen to the limit and back to the budget it makes; a reset begins another session."""
    still = {"strategy": "simple_test", "params": {"every": 10_000}, "timeframe": "1m", "instruments": [PAIR]}
    visit.ask("POST", "/simulation/start", still)
    first = _session(visit)["session"]
    page = visit.open("/risk")
    page.get_by_role("link", name="Change its limits").click(timeout=WAIT)
    page.get_by_role("textbox", name="Most lost in a day, %").fill("5")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert 0.05 == visit.ask("GET", "/simulation/settings")["limits"]["max_day_loss"]
    second = _session(visit)["session"]
    assert first != second
    page = visit.open("/risk")
    expect(page.get_by_text(re.compile("of 5(.00)?%"))).to_be_visible(timeout=WAIT)
    page = visit.open("/simulation")
    page.get_by_role("button", name="Reset").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Reset").click()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    for _ in range(WAIT // 500):
        if (now := visit.ask("GET", "/simulation/status"))["session"] != second:
            break
        page.wait_for_timeout(500)
    assert second != now["session"]
    assert 0.05 == visit.ask("GET", "/simulation/settings")["limits"]["max_day_loss"]
    visit.ask("POST", "/simulation/stop")


def test_help_is_at_hand(visit):
    """The first steps are shown until they are closed, and come back from Help; words are found; `?` lists the keys."""
    page = visit.open("/")
    steps = page.get_by_role("region", name="First steps")
    expect(steps).to_be_visible()
    steps.get_by_role("button", name="Close").click()
    expect(steps).to_be_hidden()
    page = visit.open("/help")
    expect(steps).to_be_hidden()
    page.get_by_role("tab", name="Glossary").click()
    page.get_by_role("textbox", name="Search words").fill("slippage")
    expect(page.get_by_role("region", name="Slippage")).to_be_visible()
    expect(page.get_by_role("region", name="Funding")).to_be_hidden()
    expect(page).to_have_url(re.compile("q=slippage"))
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("dialog", name="Keys").get_by_text("find or do")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Show the first steps again").click()
    expect(steps).to_be_visible()


def test_what_the_page_would_do_is_copied(visit):
    """A comparison of strategies as a command and as a request of the API, without a token in it."""
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.open("/evaluation")
    for name, begins in (("Command line", "tradewright evaluate --periods 4"), ("API call", "curl -X POST")):
        page.get_by_role("button", name="Copy as …").click()
        page.get_by_role("menuitem", name=name).click()
        expect(page.get_by_text(f"Copied: {name}")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()").startswith(begins)


def test_the_mode_is_plain_and_what_trading_with_money_lacks_is_listed(visit):
    """The ribbon says that no money is at stake; each condition that is not met has a line, and no switch is there."""
    page = visit.open("/")
    expect(page.get_by_text("no real money moves")).to_be_visible()
    ready = visit.ask("GET", "/bot/readiness")
    assert not ready["is_permitted"]
    panel = page.get_by_role("region", name="Trading with real money")
    expect(panel.get_by_role("listitem")).to_have_count(len(ready["lacks"]))
    expect(panel.get_by_role("button")).to_have_count(0)

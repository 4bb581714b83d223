"""The page in a real browser, before the real server: let in, a backtest by clicks, its result; every screen whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
WHOLE = ("/", "/simulation", "/backtest", "/strategies", "/data", "/risk", "/audit", "/settings", "/server", "/help")
PARTS = ("/evaluation", "/chart?tf=1h&draw=smart_money", "/notifications", "/notifications?tab=rules")
TABS = ("/settings?tab=presets", "/settings?tab=history", "/settings?tab=secrets", "/help?tab=glossary")
SCREENS = WHOLE + PARTS + TABS
PAIR = "BTC/USDT:USDT"
MINE = '''from tradewright import Param, Signals, Strategy, ta


class Mine(Strategy):
    """Buy a close above an average."""

    version = "1.0.0"
    ltf = "15m"
    length: int = Param({length}, low=2, high=500, doc="bars of the average")

    def signals(self, bars):
        average = ta.sma(bars.close, self.length)
        return Signals.with_risk(bars, long=ta.crossed_above(bars.close, average), risk=ta.atr(bars))
'''
WAIT = 90_000
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def let_in(kit, browser, tmp_path_factory):
    """A server with four days of a synthetic market, and its first administrator made with the printed link."""
    folder = tmp_path_factory.mktemp("served")
    kit.make_market(folder)
    with kit.serving(folder) as served:
        yield kit.let_in(browser, served)


def _backtest(page: Page) -> None:
    page.get_by_role("combobox", name="Strategy").select_option("ma_crossover")
    page.get_by_role("combobox", name="Pair").fill(PAIR)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Run", exact=True).click()


def test_from_the_log_in_to_a_result_by_clicks(kit, browser, let_in):
    """A backtest is asked for, runs in a worker, stands in the table, and opens with its figures, chart and trades."""
    visit = kit.visit(browser, let_in)
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


def test_a_deleted_result_comes_back(kit, browser, let_in):
    """Deleting is undone with one press; deleting all asks for the words first."""
    visit = kit.visit(browser, let_in)
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


def _ran_with(visit, length: int) -> str:
    # A backtest of a strategy of the user's own, in the file as it stands then; its result's id.
    file = visit.served.state.parent / "strategies/mine.py"
    file.parent.mkdir(exist_ok=True)
    file.write_text(MINE.format(length=length), encoding="utf-8")
    return visit.backtest("mine")


def test_the_code_of_two_runs_stands_side_by_side(kit, browser, let_in):
    """A strategy is changed between two runs: Compare and its versions show the lines that were added and removed."""
    visit = kit.visit(browser, let_in)
    visit.open("/strategies")
    first, second = _ran_with(visit, 20), _ran_with(visit, 34)
    page = visit.open(f"/compare?ids={first},{second}")
    for kind, length in (("removed:", 20), ("added:", 34)):
        row = page.locator(".diff tr").filter(has_text=kind)
        expect(row).to_have_count(1)
        expect(row).to_contain_text(f"length: int = Param({length}")
    expect(page.get_by_text("Different code")).to_be_visible()
    page = visit.open("/strategies?name=mine")
    expect(page.get_by_role("radio", name=re.compile("^From|^To")).first).to_be_visible()
    assert 4 == page.get_by_role("radio").count()
    expect(page.get_by_text("1 line added · 1 line removed")).to_be_visible()
    assert [] == visit.complaints
    visit.context.close()


def test_pairs_are_added_and_taken_away(kit, browser, let_in):
    """A pair is watched, its removal can be undone."""
    visit = kit.visit(browser, let_in)
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
def test_every_screen_is_whole(kit, browser, let_in, width, theme, language):
    """No fault of accessibility that matters, nothing wider than the window, nothing asked of another machine."""
    visit = kit.visit(browser, let_in, width, theme, language)
    faults = []
    for path in SCREENS:
        page = visit.open(path)
        assert language == page.locator("html").get_attribute("lang")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append((path, "wider than the window", ""))
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
        faults += [
            (path, one["id"], one["nodes"][0]["html"][:200])
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
    assert [] == faults
    assert [] == visit.complaints
    assert [] == visit.strangers
    visit.context.close()

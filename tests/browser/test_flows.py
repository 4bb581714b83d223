"""Trading through the page, in a real browser before the real server and its practice exchange."""

from __future__ import annotations

import csv
import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PAIR = "BTC/USDT:USDT"
WAIT = 60_000
_SPEED = 60
_HELD = {
    "strategy": "simple_test", "params": {"every": 15}, "timeframe": "1m", "matched_by": "venue", "start": True,
    "confirm_orders": True,
}  # fmt: skip
_ASKED = {**_HELD, "name": "asked", "instruments": [PAIR], "confirm_ttl_s": 36_000}
_BRIEF = {**_HELD, "name": "brief", "instruments": ["ETH/USDT:USDT"], "confirm_ttl_s": 600}
_GONE = re.compile("waits no more: it was decided elsewhere")


@pytest.fixture(scope="module")
def served(kit, browser, tmp_path_factory):
    """A server whose exchange runs sixty times as fast, four days of a market, and its first administrator let in."""
    folder = tmp_path_factory.mktemp("flows")
    kit.make_market(folder)
    with kit.serving(folder, "--speed", str(_SPEED)) as made:
        yield kit.let_in(browser, made)


def test_from_nothing_to_a_finished_backtest_and_a_running_paper_session(kit, browser, served):
    """By clicks alone: a backtest is asked for and finishes; its strategy begins on paper, and plays its first bar."""
    visit = kit.visit(browser, served)
    page = visit.open("/backtest")
    page.get_by_role("combobox", name="Strategy").select_option("ma_crossover")
    page.get_by_role("combobox", name="Pair").fill(PAIR)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("link", name=re.compile("ma_crossover")).first.click(timeout=WAIT)
    for tab in ("Distribution", "Costs and doubts", "Figures"):
        page.get_by_role("tab", name=tab).click()
    page.get_by_role("button", name="Try on paper").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Begin on paper").click()
    expect(page.get_by_role("heading", name="Simulation", level=1)).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("running", exact=True)).to_be_visible(timeout=WAIT)
    expect(page.get_by_text(re.compile(r"\d+ bars? played"))).to_be_visible(timeout=WAIT)
    assert [] == visit.complaints
    visit.ask("POST", "/simulation/stop")
    visit.context.close()


def _fresh(visit, name: str, since: float = 4.0):
    """An order of a deployment that has just begun to wait: there is time to decide before the next takes its place."""
    seen = []
    for _ in range(WAIT // 200):
        for order in visit.ask("GET", "/pending")["items"]:
            seen.append((order["deployment"], order["order"], order["left_s"], order["whole_s"]))
            if order["deployment"] == name and order["whole_s"] - order["left_s"] < since:
                return order
        visit.page.wait_for_timeout(200)
    raise AssertionError(f"no order of {name} waits: {seen[-40:]}")


def _look(page: Page, name: str = "asked") -> None:
    """Open the dialog of the order of a deployment that waits."""
    row = page.locator(".urgent").get_by_text(name, exact=True).locator("xpath=../..")
    row.get_by_role("button", name="Look and decide").click(timeout=WAIT)
    expect(page.get_by_text("Lost at the stop-loss")).to_be_visible()


def _entered(visit, action: str, run: str, order: int) -> int:
    """How often a session has entered what became of an order; the log is written beside trading: it is waited for."""
    for _ in range(WAIT // 200):
        trail = visit.ask("GET", f"/audit?action={action}")["items"]
        if found := [(line["run"], line["subject"]) for line in trail].count((run, str(order))):
            return found
        visit.page.wait_for_timeout(200)
    return 0


@pytest.fixture(scope="module")
def tabs(kit, browser, served):
    """Two tabs that look at the dashboard."""
    both = kit.visit(browser, served), kit.visit(browser, served)
    for visit in both:
        visit.open("/")
    yield both
    for visit in both:
        visit.context.close()


@pytest.fixture(scope="module")
def asked(tabs):
    """A session whose orders wait for a person."""
    tabs[0].ask("POST", "/deployments", _ASKED)
    yield "asked"
    tabs[0].ask("POST", "/deployments/asked/stop")


@pytest.mark.parametrize(("verb", "became"), [("Reject", "order.rejected"), ("Confirm", "order.confirmed")])
def test_one_decision_counts_and_both_tabs_are_told(tabs, asked, verb, became):
    """Two people look at one order: whoever decides, decides once; the other sees that it waits no more."""
    one, other = tabs
    order = _fresh(one, asked)
    assert _ASKED["confirm_ttl_s"] / _SPEED == order["whole_s"]
    for visit in tabs:
        _look(visit.page)
    one.page.get_by_role("button", name=verb, exact=True).click()
    expect(one.page.get_by_text("Lost at the stop-loss")).to_be_hidden(timeout=WAIT)
    expect(other.page.get_by_text(_GONE)).to_be_visible(timeout=WAIT)
    expect(other.page.get_by_role("button", name="Confirm", exact=True)).to_be_hidden()
    other.page.keyboard.press("Escape")
    expect(other.page.get_by_text(_GONE)).to_be_hidden()
    assert 1 == _entered(one, became, asked, order["order"])
    assert [] == one.complaints + other.complaints


def test_two_confirmations_at_once_send_one_order(tabs, asked):
    """Both tabs press Confirm in the same moment: the order goes to the exchange once."""
    one = tabs[0]
    order = _fresh(one, asked)
    for visit in tabs:
        _look(visit.page)
    for visit in tabs:
        visit.page.get_by_role("button", name="Confirm", exact=True).evaluate("button => button.click()")
    for visit in tabs:
        expect(visit.page.get_by_role("button", name="Confirm", exact=True)).to_be_hidden(timeout=WAIT)
    assert 1 == _entered(one, "order.confirmed", asked, order["order"])
    sent = [line["details"] for line in one.ask("GET", "/audit?action=order.sent")["items"] if line["run"] == asked]
    # A reversal closes what is held by an order of its own, for which nobody is asked; it may have been sent before.
    own = [said for said in sent if said.get("order_id") == order["order"]]
    assert 1 == sum(said["is_opening"] for said in own)
    assert len(own) == len({said["client_id"] for said in own})
    for visit in tabs:
        visit.complaints.clear()  # whoever came second is told so by a status of 409, which the console repeats
        visit.open("/")


def test_an_order_that_nobody_decides_on_expires_in_both_tabs(tabs):
    """Its time over by the exchange's clock, it is dropped; an open dialog says so, and confirms nothing any more."""
    one, other = tabs
    one.ask("POST", "/deployments", _BRIEF)
    order = _fresh(one, "brief", since=9.0)
    for visit in tabs:
        _look(visit.page, "brief")
    for visit in tabs:
        expect(visit.page.get_by_text(_GONE)).to_be_visible(timeout=WAIT)
        expect(visit.page.get_by_role("button", name="Confirm", exact=True)).to_be_hidden()
    assert 1 == _entered(one, "order.expired", "brief", order["order"])
    one.ask("POST", "/deployments/brief/stop")
    assert [] == one.complaints + other.complaints


def test_a_cut_line_is_said_and_mended_without_a_reload(kit, browser, served):
    """Without the network the page says so, keeps what it knew, and lets nothing be confirmed; with it, it goes on."""
    visit = kit.visit(browser, served)
    page = visit.open("/simulation")
    page.evaluate("window.isTheSame = true")
    expect(page.get_by_role("status", name="Connected")).to_be_visible()
    visit.context.set_offline(True)
    expect(page.get_by_role("status", name=re.compile("No news since"))).to_be_visible(timeout=WAIT)
    expect(page.get_by_role("heading", name="Simulation", level=1)).to_be_visible()
    visit.context.set_offline(False)
    expect(page.get_by_role("status", name="Connected")).to_be_visible(timeout=WAIT)
    assert page.evaluate("window.isTheSame")
    visit.context.close()


def test_the_server_is_started_again_under_the_page(kit, browser, tmp_path):
    """The page goes on by itself, with what the server knows after its start; nobody loads it anew or logs in again."""
    port = kit.free_port()
    with kit.serving(tmp_path, "--alone", port=port) as first:
        visit = kit.visit(browser, kit.let_in(browser, first))
        page = visit.open("/")
        page.evaluate("window.isTheSame = true")
        expect(page.get_by_role("status", name="Connected")).to_be_visible()
    expect(page.get_by_role("status", name=re.compile("No news since"))).to_be_visible(timeout=WAIT)
    with kit.serving(tmp_path, "--alone", port=port):
        expect(page.get_by_role("status", name="Connected")).to_be_visible(timeout=WAIT)
        page.get_by_role("textbox", name="Add pair").fill("ETH/USDT:USDT")
        page.get_by_role("button", name="Add pair").click()
        expect(page.get_by_role("button", name="ETH/USDT:USDT", exact=True)).to_be_visible(timeout=WAIT)
        assert page.evaluate("window.isTheSame")
        visit.context.close()


def _positions(visit, name: str) -> list:
    return [one for one in visit.ask("GET", "/positions")["items"] if one["deployment"] == name]


def _until_held(visit, name: str, wanted: list[tuple[float, ...]], *fields: str) -> None:
    """Wait until a deployment's positions are these, by their fields."""
    for _ in range(WAIT // 200):
        held = [tuple(float(one[field] or 0) for field in fields) for one in _positions(visit, name)]
        if held == wanted:
            return
        visit.page.wait_for_timeout(200)
    raise AssertionError((held, wanted))


def _begun(visit, name: str) -> None:
    # Until its session has played a bar there is nothing to tell, and nothing to be asked of it.
    for _ in range(WAIT // 500):
        try:
            told = visit.ask("GET", f"/deployments/{name}/status")
        except AssertionError:
            told = {}
        if told.get("bars"):
            return
        visit.page.wait_for_timeout(500)
    raise AssertionError(told)


_HERE = {"timeframe": "1m", "instruments": ["ETH/USDT:USDT"], "strategy": "simple_test", "start": True}


@pytest.fixture(scope="module")
def often(kit, browser, served):
    """A session on paper that trades every third bar, after its first round trip."""
    visit = kit.visit(browser, served)
    visit.ask("POST", "/deployments", {**_HERE, "name": "often", "params": {"every": 3}})
    for _ in range(WAIT // 500):
        if any(one["left"] for one in visit.ask("GET", "/trades?deployment=often")["items"]):
            break
        visit.page.wait_for_timeout(500)
    else:
        raise AssertionError("no round trip")
    yield visit
    assert [] == visit.complaints
    visit.ask("POST", "/deployments/often/stop")
    visit.context.close()


def test_round_trips_stand_in_the_table_and_in_the_file(often):
    """The journal of trades shows them with what ended them; its export is every one of them."""
    page = often.open("/simulation?tab=trades")
    row = page.get_by_role("row").filter(has_text="ETH/USDT:USDT").filter(has_not_text="still open").first
    expect(row).to_contain_text(re.compile("stop-loss|take-profit|turned round|s exit"))
    with page.expect_download() as loading:
        page.get_by_role("link", name="Export as CSV").click()
    written = list(csv.DictReader(loading.value.path().read_text(encoding="utf-8").splitlines()))
    told = often.ask("GET", "/trades?deployment=often")["items"]
    ours = {one["number"]: float(one["pnl"]) for one in told if one["left"]}
    found = {int(one["number"]): float(one["pnl"]) for one in written if one["session"] == "often" and one["left"]}
    assert ours.keys() & found.keys()
    assert [] == [number for number in ours.keys() & found.keys() if ours[number] != found[number]]


def test_a_session_is_set_beside_its_backtest(often):
    """A job plays it again: how far they are alike, and a reason for whatever is not."""
    page = often.open("/simulation?tab=drift")
    section = page.get_by_role("region", name="often", exact=True)
    section.get_by_role("button", name="Compare now").click()
    expect(section.get_by_text("Alike")).to_be_visible(timeout=WAIT)
    expect(section.get_by_role("button", name="Compare again")).to_be_enabled()
    expect(section).to_contain_text(re.compile(r"\d+\.\d%"))
    expect(section).not_to_contain_text("not explained")
    (job, *_) = often.ask("GET", "/jobs?kind=drift")["items"]
    assert ("done", "often") == (job["state"], job["subject"])


def test_what_one_holds_stands_on_the_chart_and_the_address_keeps_what_is_seen(kit, browser, served):
    """Entry, stop-loss and take-profit in words; another pair and timeframe stay over a reload."""
    visit = kit.visit(browser, served)
    visit.ask("POST", "/deployments", {**_HERE, "name": "drawn", "params": {"every": 10_000}})
    _begun(visit, "drawn")
    order = {"deployment": "drawn", "instrument": "ETH/USDT:USDT", "side": "buy", "quantity": "2", "type": "market"}
    visit.ask("POST", "/orders", order)
    _until_held(visit, "drawn", [(2.0,)], "quantity")
    price = float(_positions(visit, "drawn")[0]["price"])
    exits = {"instrument": "ETH/USDT:USDT", "stop_loss": f"{price * 0.8:.2f}", "take_profit": f"{price * 1.2:.2f}"}
    visit.ask("PUT", "/positions/drawn/exits", exits)
    page = visit.open("/chart?symbol=ETH%2FUSDT%3AUSDT&tf=1m")
    own = page.get_by_role("list", name="Own positions, orders and fills here")
    for words in ("long 2 ", f"stop {price * 0.8:,.2f}", f"Take-profit {price * 1.2:,.2f}", "fill"):
        expect(own).to_contain_text(words, timeout=WAIT)
    market = page.get_by_role("combobox", name="Market")
    market.select_option(label=f"{PAIR} · synthetic")
    page.get_by_role("radiogroup", name="Timeframe").get_by_text("1h", exact=True).click()
    expect(page).to_have_url(re.compile("symbol=BTC.*tf=1h|tf=1h.*symbol=BTC"))
    page.reload()
    expect(market).to_have_value(f"{PAIR} · synthetic")
    expect(page.get_by_role("radio", name="1h")).to_be_checked()
    expect(page.get_by_role("group", name=re.compile("at 1h: .* bars"))).to_be_visible()
    assert [] == visit.complaints
    visit.ask("POST", "/deployments/drawn/stop")
    visit.context.close()


def test_a_strategy_is_given_to_a_session_that_trades(kit, browser, served):
    """Its code and versions are read; the form of its parameters refuses what is out of range; then it trades on."""
    visit = kit.visit(browser, served)
    visit.ask("POST", "/deployments", {**_HERE, "name": "given", "params": {"every": 10_000}})
    _begun(visit, "given")
    page = visit.open("/strategies?name=ma_crossover")
    expect(page.get_by_text("class MaCrossover(Strategy)")).to_be_visible()
    expect(page.get_by_role("heading", name="Versions")).to_be_visible()
    page.get_by_role("button", name="Let it trade").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Deployment").select_option("given")
    fast, verb = (
        dialog.get_by_role("textbox", name=re.compile("^fast")),
        dialog.get_by_role("button", name="Let it trade"),
    )
    fast.fill("0")
    expect(verb).to_be_disabled()
    fast.fill("4")
    verb.click()
    expect(page.get_by_text("given trades ma_crossover now")).to_be_visible()
    terms = visit.ask("GET", "/deployments/given")["terms"]
    assert ("ma_crossover", 4) == (terms["strategy"], terms["params"]["fast"])
    for _ in range(WAIT // 500):
        status = visit.ask("GET", "/deployments/given/status")
        if status["strategy"] == "ma_crossover":
            break
        page.wait_for_timeout(500)
    assert ("ma_crossover", 4) == (status["strategy"], status["params"]["fast"])
    assert [] == visit.complaints
    visit.ask("POST", "/deployments/given/stop")
    visit.context.close()


def _move_exits(visit, dialog) -> None:
    """Give the position of `hand` a stop-loss and a take-profit: on the wrong side of the price neither is taken."""
    price = float(_positions(visit, "hand")[0]["price"])
    stop, target = dialog.get_by_label("Stop-loss"), dialog.get_by_label("Take-profit")
    stop.fill(f"{price * 1.2:.2f}")
    dialog.get_by_role("button", name="Move", exact=True).click()
    refused = dialog.get_by_role("alert")
    expect(refused).to_contain_text("Stop-loss")
    expect(refused).to_contain_text("a price below the last one")
    assert _positions(visit, "hand")[0]["stop"] is None
    stop.fill(f"{price * 0.8:.2f}")
    target.fill(f"{price * 1.2:.2f}")
    visit.complaints.clear()  # the console repeats a status of 422
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(dialog).to_be_hidden()
    wanted = (round(price * 0.8, 2), round(price * 1.2, 2))
    _until_held(visit, "hand", [wanted], "stop", "target")


def test_a_position_is_managed_and_all_trading_is_stopped(kit, browser, served):
    """By clicks: exits are moved, half is closed, then all trading is stopped and what is left closed, too."""
    visit = kit.visit(browser, served)
    page = visit.open("/")
    own = {
        **_HELD,
        "params": {"every": 10_000},
        "confirm_orders": False,
        "name": "hand",
        "instruments": ["SOL/USDT:USDT"],
    }
    visit.ask("POST", "/deployments", own)
    order = {"deployment": "hand", "instrument": "SOL/USDT:USDT", "side": "buy", "quantity": "10", "type": "market"}
    _begun(visit, "hand")
    visit.ask("POST", "/orders", order)
    _until_held(visit, "hand", [(10.0,)], "quantity")
    row = page.get_by_role("row").filter(has_text="SOL/USDT:USDT").filter(has_text="hand")
    row.get_by_role("button", name="Manage").click()
    dialog = page.get_by_role("alertdialog")
    _move_exits(visit, dialog)
    expect(row).to_contain_text(re.compile(r"Stop-loss \d[\d.]+.*Take-profit \d", re.DOTALL))
    visit.ask("POST", "/deployments/hand/pause")
    visit.ask("POST", "/orders", order)
    page.get_by_role("button", name=re.compile("new notice")).click()
    expect(page.get_by_text(re.compile("hand: place was refused: .*the session is paused"))).to_be_visible(timeout=WAIT)
    page.keyboard.press("Escape")
    row.get_by_role("button", name="Manage").click()
    dialog.get_by_text("50%", exact=True).click()
    dialog.get_by_role("button", name=re.compile("^Close 50")).click()
    _until_held(visit, "hand", [(5.0,)], "quantity")
    page.get_by_role("button", name="Stop all trading").click()
    page.get_by_role("checkbox", name="Also close every position at the market").check()
    page.get_by_role("alertdialog").get_by_role("button", name="Stop all trading").press("Enter")
    page.get_by_role("alertdialog").get_by_role("button", name="Press again").press("Enter")
    expect(page.get_by_text(re.compile("opens? nothing any more")).first).to_be_visible()
    _until_held(visit, "hand", [])
    assert [] == visit.complaints
    visit.ask("POST", "/deployments/hand/stop")
    visit.context.close()

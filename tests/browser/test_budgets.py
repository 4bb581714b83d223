"""What the page may cost, in a real browser before an API that is made up: processor time of its main thread.

Wall time on a machine that others use says more about the others. So a frame and an interaction are judged by what
the page's own thread needs for them: at most 20 ms leave room for 50 frames a second, and at most 200 ms until what was
clicked is painted are what a person may wait. It is the least of up to three times, because whatever else the machine
does can only add to it. What came of it by the clock is printed, for a machine that nobody else uses (`pytest -rP`).
"""

from __future__ import annotations

import json
import mimetypes
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from tradewright.api.page.files import PAGE

pytestmark = pytest.mark.browser

_FRAME_MS = 20.0
_PAINT_MS = 200.0
_BUSY = 0.5
_FRAMES = 90
_BARS, _TRADES = 100_000, 10_000
_FIRST_MS = 1_600_000_000_000
_SYMBOL = "BTC/USDT:USDT"
_COLUMNS = ("time", "open", "high", "low", "close", "volume")
_STREAM = """
const real = window.fetch;
window.fetch = (asked, more) => {
  const url = typeof asked === 'string' ? asked : asked.url;
  if (!url.includes('/api/v1/events')) return real(asked, more);
  const words = new TextEncoder();
  return Promise.resolve(new Response(new ReadableStream({
    start(stream) {
      window.tell = (one) => stream.enqueue(words.encode(`id: ${one.id}\\ndata: ${JSON.stringify(one)}\\n\\n`));
    },
  })));
};
window.interactions = [];
new PerformanceObserver((seen) => {
  for (const one of seen.getEntries()) if (one.interactionId) window.interactions.push(one.duration);
}).observe({ type: 'event', durationThreshold: 16, buffered: true });
"""
_EACH_FRAME = """async ([frames, place, act]) => {
  const box = document.querySelector(place);
  const deed = new Function('box', 'frame', act);
  const begun = await new Promise(requestAnimationFrame);
  let at = begun;
  for (let frame = 0; frame < frames; frame += 1) {
    at = await new Promise(requestAnimationFrame);
    deed(box, frame);
  }
  return 1000 * frames / (at - begun);
}"""
_PAN = """const { left, top } = box.getBoundingClientRect();
const deltaX = (Math.floor(frame / 30) % 2 ? 1 : -1) * 120;
const at = { clientX: left + 200, clientY: top + 200, bubbles: true, cancelable: true };
box.querySelector('.tv-lightweight-charts').dispatchEvent(new WheelEvent('wheel', { deltaX, ...at }));"""
_PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_SCROLL = "box.scrollTop += 120;"  # over 7,000 pixels a second: as fast as a finger throws it
_TELL = """rate => { let id = 0; setInterval(() => { for (let k = 0; k < rate / 20; k += 1) { id += 1;
  const type = ['fill', 'order.changed', 'signal', 'session.changed', 'job.progress'][id % 5];
  window.tell({ id: String(id), type, ts: 1.8e18 + id,
    data: { deployment: 'trend', side: 'buy', quantity: '1', price: '100', instrument: 'X', fraction: 0.5, id: 'j' } });
} }, 50); }"""


def _candles() -> dict[str, Any]:
    chance, price = random.Random(7), 100.0
    columns: dict[str, list[float]] = {name: [] for name in _COLUMNS}
    for bar in range(_BARS):
        begun, price = price, price * (1 + chance.gauss(0, 0.003))
        row = (_FIRST_MS + 60_000 * bar, begun, max(begun, price) * 1.001, min(begun, price) * 0.999, price, bar % 9)
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    return {"symbol": _SYMBOL, "venue": "made-up", "timeframe": "1m", "earlier": False, **columns}


def _trade(number: int) -> dict[str, Any]:
    return {
        "id": number, "symbol": _SYMBOL, "side": "long" if number % 2 else "short", "quantity": 0.5,
        "entry_time": "2024-01-05T13:15:00Z", "exit_time": "2024-01-05T13:45:00Z", "entry_price": 22_880.0 + number,
        "exit_price": 22_720.2, "gross_pnl": -84.0, "fees": 8.5, "funding": 0.0, "slippage": 1.8, "pnl": 1.5 * number,
        "return_fraction": -0.007, "r_multiple": -1.1, "mae": -85.9, "mfe": 0.0, "bars_held": 3,
        "exit_reason": "stop_loss", "stop_loss": 22_723.7, "take_profit": 23_349.0, "confidence": 1.0,
        "metadata": "{}", "ambiguous": False, "touched": False, "member": "",
    }  # fmt: skip


_RESULT = {
    "id": "r", "symbol": _SYMBOL, "strategy": "smc", "start_date": "2024-01-01T00:00:00Z",
    "end_date": "2024-01-31T00:00:00Z", "initial_balance": 10_000.0, "final_balance": 9_463.8, "total_return": -0.05,
    "max_drawdown": 0.05, "sharpe_ratio": -9.3, "total_trades": _TRADES, "winning_trades": 0, "losing_trades": _TRADES,
    "win_rate": 0.0, "created_at": "2026-11-22T10:12:46Z", "timeframe": "15m", "venue": "made-up", "spec": {},
    "fingerprints": {}, "metrics": {}, "warnings": [], "tags": [], "note": "", "starred": False,
}  # fmt: skip
_MONEY = dict.fromkeys(
    ("balance_at_start", "wallet", "equity", "open_profit", "realised", "fees", "funding", "exposure", "day_profit"),
    "10000",
)
_HELD = {"deployment": "trend", "instrument": _SYMBOL, "side": "long", "quantity": "0.25", "entry": "61250.5",
         "price": "61300", "profit": "12.375", "stop": "60900", "target": "62500"}  # fmt: skip


_STATUS = {"status": "stopped", "detail": "", "halted": "", "bars": 0, "session": None, "initial_balance": "10000",
           "settings": {"strategy": "smc", "instruments": [_SYMBOL], "timeframe": "15m"}}  # fmt: skip


@dataclass
class _MadeUp:
    """A page over answers that are made up: no server, nothing but the page costs anything."""

    page: Page
    told: CDPSession
    answers: dict[str, Any] = field(default_factory=dict)

    def answer(self, route: Route) -> None:
        """What the server would say."""
        path = route.request.url.split("/", 3)[3]
        name, _, query = path.partition("?")
        if not name.startswith("api/v1/"):
            found = PAGE / name if name and (PAGE / name).is_file() else PAGE / "index.html"
            kind = mimetypes.guess_type(found.name)[0] or "text/html"
            route.fulfill(body=found.read_bytes(), content_type=kind)
            return
        known = self.answers.get(name.removeprefix("api/v1"), {"items": [], "next": None})
        route.fulfill(body=json.dumps(known(query) if callable(known) else known), content_type="application/json")

    def open(self, path: str) -> Page:
        """Go to a screen."""
        self.page.goto(f"http://page.test{path}")
        return self.page

    def thread_s(self) -> float:
        """Processor time that the page's main thread has needed, seconds."""
        found = self.told.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in found if one["name"] == "TaskDuration"))

    def per_frame_ms(self, place: str, act: str) -> float:
        """What a frame needs of the main thread, mean, where something is done at each.

        The least of up to three times: whatever else the machine does can only add to it.
        """
        least = float("inf")
        for _ in range(3):
            before = self.thread_s()
            shown = self.page.evaluate(_EACH_FRAME, [_FRAMES, place, act])
            cost = 1_000 * (self.thread_s() - before) / _FRAMES
            print(f"{place}: {shown:.1f} frames/s, {cost:.1f} ms of the main thread a frame")  # noqa: T201 - see above
            least = min(least, cost)
            if least <= _FRAME_MS:
                break
        return least


@pytest.fixture
def made_up(kit, browser) -> Iterator[_MadeUp]:
    """A page whose API is made up; somebody is logged in."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script(_STREAM)
    page = context.new_page()
    told = context.new_cdp_session(page)
    told.send("Performance.enable", {"timeDomain": "threadTicks"})
    made = _MadeUp(page, told)
    made.answers["/session"] = {"user": "mary", "role": "admin", "csrf": "x", "set_up_needed": False}
    page.route("**/*", made.answer)
    yield made
    context.close()


def _range(page: Page) -> str:
    return page.evaluate("location.search")


def test_a_chart_of_a_hundred_thousand_candles_pans_at_fifty_frames_a_second(made_up):
    """Near and at the widest zoom, moving it costs the page's thread no more than a fiftieth of a second a frame."""
    stored = {"kind": "candles", "venue": "made-up", "symbol": _SYMBOL, "timeframe": "1m", "rows": _BARS, "missing": 0,
              "first": "2020-09-13T12:26:40Z", "last": "2020-11-22T00:00:00Z"}  # fmt: skip
    made_up.answers |= {"/data": {"items": [stored]}, "/candles": _candles(), "/candles/heard": [], "/features": []}
    page = made_up.open("/chart?tf=1m")
    chart = page.locator("[aria-roledescription]")
    expect(chart).to_be_visible(timeout=60_000)
    page.wait_for_timeout(500)
    near = made_up.per_frame_ms("[aria-roledescription]", _PAN)
    chart.focus()
    for _ in range(40):
        page.keyboard.press("-")
    page.wait_for_timeout(500)
    seen = _range(page)
    wide = made_up.per_frame_ms("[aria-roledescription]", _PAN)
    page.wait_for_timeout(500)
    assert seen != _range(page)
    assert max(near, wide) <= _FRAME_MS, f"near {near:.1f} ms, wide {wide:.1f} ms"


def test_a_table_of_ten_thousand_trades_scrolls_smoothly(made_up):
    """A frame of scrolling costs no more than a fiftieth of a second, because only what is seen is in the document."""

    def page_of(query: str) -> dict[str, Any]:
        first = int(query.partition("cursor=")[2].partition("&")[0] or 0)
        after = first + 1_000
        rows = [_trade(first + 1 + row) for row in range(1_000)]
        return {"items": rows, "total": _TRADES, "next": str(after) if after < _TRADES else None}

    none = {"bars": {"symbol": _SYMBOL, **{name: [] for name in _COLUMNS}}, "marks": [], "levels": []}
    made_up.answers |= {"/backtests/r": _RESULT, "/backtests/r/trades": page_of, "/backtests/r/candles": none}
    page = made_up.open("/backtest/r?tab=trades")
    expect(page.locator(f"table[aria-rowcount='{_TRADES}']")).to_be_visible(timeout=20_000)
    box = ".scrolled"
    cost = made_up.per_frame_ms(box, _SCROLL)
    assert 0 < page.locator(box).evaluate("box => box.scrollTop")
    assert page.locator("table[aria-rowcount='10000'] tbody tr").count() < 100
    assert cost <= _FRAME_MS, f"{cost:.1f} ms"


def _98_of_100(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=50, method="inclusive")[-1]


def test_a_hundred_events_a_second_leave_the_page_quick(made_up):
    """What is clicked is painted after at most 200 ms, 98 times of 100; half of the time the page's thread is free."""
    made_up.answers |= {
        "/portfolio": {**_MONEY, "mode": "simulation", "deployments": [], "positions": [_HELD]},
        "/positions": {"items": [_HELD]},
        "/features": [],
        "/simulation/status": _STATUS,
        "/bot/readiness": {"is_permitted": True, "lacks": [], "exchange": "practice"},
    }
    page = made_up.open("/")
    expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible(timeout=60_000)
    bell = page.get_by_role("banner").get_by_role("button", name="new notice")
    expect(bell).to_be_visible()
    page.evaluate(_TELL, 100)
    page.wait_for_timeout(1_000)
    place, slowest, busy = bell.bounding_box(), [], []
    assert place
    for _ in range(3):
        page.evaluate("window.interactions.length = 0")
        before, begun, needed = made_up.thread_s(), page.evaluate("performance.now()"), []
        for _ in range(30):
            at = made_up.thread_s()
            page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
            page.evaluate(_PAINTED)
            needed.append(1_000 * (made_up.thread_s() - at))
            page.wait_for_timeout(50)
        slowest.append(_98_of_100(needed))
        busy.append((made_up.thread_s() - before) / ((page.evaluate("performance.now()") - begun) / 1_000))
        by_the_clock = page.evaluate("window.interactions")
        assert by_the_clock, "no interaction was measured"
        print(  # noqa: T201 - see above
            f"98 of 100 need {slowest[-1]:.0f} ms, are painted within {_98_of_100(by_the_clock):.0f} ms;",
            f"busy {busy[-1]:.0%} of the time",
        )
        if slowest[-1] <= _PAINT_MS and busy[-1] <= _BUSY:
            break
    assert min(slowest) <= _PAINT_MS, slowest
    assert min(busy) <= _BUSY, busy

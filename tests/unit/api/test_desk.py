"""What deployments hold, wait for and have made, over HTTP: from what the process that trades has put down."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from tradewright.domain.books import SignalEntry, TradeEntry
from tradewright.domain.deployment import Deployment, DeploymentTerms
from tradewright.domain.people import Role
from tradewright.domain.times import parse_time
from tradewright.ports.happenings import SessionFacts

_API = "/api/v1"
_MONEY = {"balance_at_start": 10_000.0, "wallet": 10_100.5, "equity": 10_200.25, "open_profit": 99.75,
          "realised": 110.0, "fees": 9.5, "funding": 0.0, "exposure": 5_000.0, "day_profit": 25.5,
          "budgets": [{"limit": "max_day_loss", "used": 0.01, "most": 0.03}]}  # fmt: skip
_HELD = {"instrument": "BTC/USDT:USDT", "side": "long", "quantity": 0.1, "entry": 50_000.0, "price": 50_997.5,
         "profit": 99.75, "stop": 49_000.0, "target": 53_000.0}  # fmt: skip
_WAITS = {"order": 12, "instrument": "BTC/USDT:USDT", "side": "buy", "type": "market", "quantity": 0.2,
          "price": 51_000.0, "stop_loss": 50_500.0, "take_profit": None, "at_risk": 100.0,
          "state": "waiting", "quotes": 0,
          "since": "2026-11-22T10:00:00Z", "until": "2026-11-22T10:02:00Z"}  # fmt: skip
_FACTS = {
    "status": {"bars": 7, "last_close": "2026-11-22T10:00:00Z", "paused": False, "equity": 10_200.25},
    "portfolio": _MONEY, "positions": [_HELD], "pending": [_WAITS], "decided": [], "signals": [], "prices": {},
    "orders": [{"order": 3, "instrument": "BTC/USDT:USDT", "side": "sell", "type": "stop market", "role": "stop loss",
                "quantity": 0.1, "filled": 0.0, "price": 49_000.0, "status": "open"}],
    "performance": {"max_drawdown": 0.02, "sharpe": None, "trades": 3},
}  # fmt: skip


class _Floor:
    """A server, a client, and a hand that plays the process that trades."""

    def __init__(self, client) -> None:
        self.client, self.server = client, client.app.state.server

    def run(self, act):
        """Do something in the server's own loop."""
        return self.client.portal.call(act)

    async def begin(self):
        """A deployment that runs, with its session's journal."""
        terms = DeploymentTerms("ma_crossover", ("BTC/USDT:USDT",), matched_by="venue", confirm_orders=True)
        desk = self.server.desk
        await desk.create(Deployment("trend", "simulation", "trend", terms, "running"))
        await desk.deployments.tell_state("trend", "running")
        async with desk.sessions["simulation"].begin("trend"):
            pass
        await self.tell()

    async def tell(self, **changed):
        """Put facts down, as that process does."""
        facts = SessionFacts("trend", "trend", "simulation", self.server.clock.now_ns(), {**_FACTS, **changed})
        await self.server.desk.facts.put([facts])

    async def answer(self, state, by, quotes=None):
        """Hear the next wish, and tell what became of the order."""
        sessions = self.server.desk.sessions["simulation"]
        while not (asked := await sessions.asked("trend")):
            await self.server.clock.sleep(0.01)
        for number, _ in asked:
            await sessions.answered("trend", number)
        if quotes is not None:
            await self.tell(pending=[{**_WAITS, "quotes": quotes, "price": 51_500.0}])
        else:
            await self.tell(pending=[], decided=[{"order": 12, "state": state, "by": by}])


@pytest.fixture
def floor(asked_as):
    """A deployment that trades, as a trader sees it."""
    own = _Floor(asked_as(Role.TRADER))
    own.run(own.begin)
    return own


def test_money_is_told_as_text_in_sum_and_of_each(floor):
    """The sums are those of the facts; a deployment that is none is not found."""
    for path in ("portfolio", "simulation/portfolio"):
        found = floor.client.get(f"{_API}/{path}").json()
        assert ("10200.25", "99.75", "25.5") == (found["equity"], found["open_profit"], found["day_profit"])
        assert ("trend", "0.1") == (found["deployments"][0]["deployment"], found["positions"][0]["quantity"])
    assert 404 == floor.client.get(f"{_API}/portfolio?deployment=other").status_code
    assert "0" == floor.client.get(f"{_API}/portfolio?mode=live").json()["equity"]


def test_what_is_open_is_listed(floor):
    """Positions, open orders, what waits, figures and risk: of every deployment."""
    get = lambda path: floor.client.get(f"{_API}/{path}").json()["items"]  # noqa: E731 - a line
    assert ("49000.0", "53000.0") == (get("positions")[0]["stop"], get("positions")[0]["target"])
    assert "49000.0" == get("orders/open")[0]["price"]
    assert (12, "100.0") == (get("pending")[0]["order"], get("pending")[0]["at_risk"])
    assert {"max_drawdown": 0.02, "sharpe": None, "trades": 3} == get("performance")[0]["figures"]
    risk = get("risk")[0]
    assert ([], 0.0196) == (risk["unprotected"], round(risk["heat"], 4))
    assert [{"limit": "max_day_loss", "used": 0.01, "most": 0.03}] == risk["budgets"]


def test_what_waits_is_counted_by_the_clock_of_its_venue(floor):
    """Two minutes of an exchange that runs sixty times as fast are two seconds, whatever day it has."""
    wall = floor.server.clock.now_ns()
    since = parse_time(_WAITS["since"])
    time = {"venue": since + 60_000_000_000, "wall": wall, "pace": 60.0}
    floor.run(lambda: floor.tell(time=time, prices={"BTC/USDT:USDT": 51_100.0}))
    (found,) = floor.client.get(f"{_API}/pending").json()["items"]
    assert 2.0 == found["whole_s"]
    assert 0.0 <= found["left_s"] <= 1.0
    assert ("51100.0", 0.0098) == (found["price_now"], round(found["share_at_risk"], 4))


def test_one_decision_counts_and_the_second_is_told_what_became(floor):
    """Confirmed by Mary: she hears so; who comes after her gets 409 with her name; an order that is none, 404."""
    path = f"{_API}/pending/trend/12/confirm"

    async def hear():
        floor.task = asyncio.create_task(floor.answer("confirmed", "mary"))

    floor.run(hear)
    done = floor.client.post(path)
    assert (200, "confirmed", "mary") == (done.status_code, done.json()["state"], done.json()["by"]), done.text
    late = floor.client.post(f"{_API}/pending/trend/12/reject")
    assert (409, "conflict") == (late.status_code, late.json()["code"])
    assert "confirmed by mary" in late.json()["detail"]
    assert 404 == floor.client.post(f"{_API}/pending/trend/99/confirm").status_code


@pytest.mark.parametrize(("by", "quotes", "words"), [("john", None, "by john"), ("", 1, "shown anew at 51500")])
def test_a_decision_that_does_not_count_is_a_conflict(floor, by, quotes, words):
    """Somebody was faster, or price has moved and the order is shown anew."""

    async def hear():
        floor.task = asyncio.create_task(floor.answer("confirmed", by, quotes))

    floor.run(hear)
    done = floor.client.post(f"{_API}/pending/trend/12/confirm")
    assert 409 == done.status_code
    assert words in done.json()["detail"]


def test_wishes_are_left_for_the_session(floor):
    """Pause, resume, flatten, kill: what the process that trades finds."""
    for verb in ("pause", "resume", "flatten", "kill"):
        assert 200 == floor.client.post(f"{_API}/deployments/trend/{verb}").status_code
    assert ["trend"] == floor.client.post(f"{_API}/risk/kill", json={"flatten": True}).json()["deployments"]
    sessions = floor.server.desk.sessions["simulation"]
    found = floor.run(lambda: sessions.asked("trend"))
    assert ["pause", "resume", "flatten", "kill", "kill"] == [record["kind"] for _, record in found]
    assert [False, True] == [record["flatten"] for _, record in found[-2:]]


def test_books_are_read_in_pages_and_exported(floor):
    """Newest first, none twice and none left out where several have the same time; a formula is made harmless."""
    books = floor.server.overview.books["simulation"]
    one = Decimal(1)
    trades = [TradeEntry("trend", n, "BTC/USDT:USDT", "long", 5 + n // 3, one, one) for n in range(1, 8)]
    floor.run(lambda: books.trades.put(trades))
    floor.run(
        lambda: books.signals.put([SignalEntry("trend", "BTC/USDT:USDT", 9, "long", metadata={"reasons": "=1+1"})])
    )
    seen, cursor = [], ""
    while cursor is not None:
        page = floor.client.get(f"{_API}/trades?limit=2{cursor and f'&cursor={cursor}'}").json()
        seen += [row["number"] for row in page["items"]]
        cursor = page["next"]
    assert list(range(7, 0, -1)) == sorted(seen, reverse=True)
    assert 7 == len(seen)
    lines = floor.client.get(f"{_API}/exports/trades.csv?deployment=trend").text.splitlines()
    assert (8, "session,number,instrument") == (len(lines), lines[0][:25])
    assert "'=1+1" in floor.client.get(f"{_API}/exports/signals.csv").text
    assert 7 == len(floor.client.get(f"{_API}/exports/trades.json").json())
    assert [] == floor.client.get(f"{_API}/exports/fills.json").json()
    assert "=1+1" == floor.client.get(f"{_API}/signals").json()["items"][0]["reasons"]


def test_the_simulation_begins_with_what_is_watched(asked_as):
    """Started, it trades the pairs that are active; settings change it; each reset is a session of its own."""
    client = asked_as(Role.TRADER)
    assert 201 == client.post(f"{_API}/pairs", json={"symbol": "ETHUSDT"}).status_code
    assert 409 == client.post(f"{_API}/pairs", json={"symbol": "ETH/USDT:USDT"}).status_code
    client.post(f"{_API}/pairs", json={"symbol": "SOLUSDT"})
    assert not client.patch(f"{_API}/pairs/SOLUSDT", json={"is_active": False}).json()["is_active"]
    assert 204 == client.delete(f"{_API}/pairs/SOL-USDT:USDT").status_code
    assert ["ETH/USDT:USDT"] == [one["symbol"] for one in client.get(f"{_API}/pairs").json()["items"]]
    state = client.get(f"{_API}/simulation/status").json()
    assert ("stopped", None, ["ETH/USDT:USDT"]) == (state["status"], state["session"], state["settings"]["instruments"])
    begun = client.post(f"{_API}/simulation/start", json={"params": {"fast": 5}, "commission": 0.001})
    assert 200 == begun.status_code, begun.text
    assert ("running", {"fast": 5}) == (begun.json()["wanted"], begun.json()["terms"]["params"])
    changed = client.put(f"{_API}/simulation/settings", json={"initial_balance": "5000", "slippage_bps": 2})
    assert ("5000.0", 0.001) == (changed.json()["initial_balance"], changed.json()["commission"])
    assert "simulation-2" == client.get(f"{_API}/simulation/status").json()["session"]
    assert "simulation-3" == client.post(f"{_API}/simulation/reset").json()["session"]
    assert "stopped" == client.post(f"{_API}/simulation/stop").json()["wanted"]


def test_a_simulation_that_never_was_begins_with_its_reset(asked_as):
    """A result is tried on paper before anything was: the reset makes the simulation, and lets it trade if asked."""
    client = asked_as(Role.TRADER)
    said = {"strategy": "simple_test", "instruments": ["SOL/USDT:USDT"], "start": True}
    begun = client.post(f"{_API}/simulation/reset", json=said)
    assert 200 == begun.status_code, begun.text
    assert ("running", "simple_test") == (begun.json()["wanted"], begun.json()["terms"]["strategy"])


def test_the_bot_is_all_deployments(asked_as):
    """Without any it begins the simulation; stopped, none is wanted; nobody trades as long as no process does."""
    client = asked_as(Role.TRADER)
    begun = client.post(f"{_API}/bot/start").json()
    assert (["simulation"], False) == (begun["wanted"], begun["is_trading"])
    assert [] == client.post(f"{_API}/bot/stop").json()["wanted"]
    assert 404 == client.post(f"{_API}/bot/start", json={"deployments": ["other"]}).status_code
    assert "stopped" == client.get(f"{_API}/bot/status").json()["status"]


def test_orders_by_hand_are_left_for_the_session(floor):
    """Placed, taken back, closed in part, protected: what the session finds; what is not there is not found."""
    order = {"deployment": "trend", "instrument": "BTC/USDT:USDT", "side": "buy", "quantity": "0.05"}
    close = {"instrument": "BTC/USDT:USDT", "part": 0.5}
    for done in (
        floor.client.post(f"{_API}/orders", json=order | {"type": "limit", "price": "50000"}),
        floor.client.delete(f"{_API}/orders/trend/3"),
        floor.client.post(f"{_API}/positions/trend/close", json=close),
        floor.client.put(f"{_API}/positions/trend/exits", json={"instrument": "BTC/USDT:USDT", "stop_loss": "49500"}),
    ):
        assert 202 == done.status_code, done.text
    sessions = floor.server.desk.sessions["simulation"]
    found = [record for _, record in floor.run(lambda: sessions.asked("trend"))]
    assert [("place", "mary"), ("cancel", "mary"), ("close", "mary"), ("protect", "mary")] == [
        (record["kind"], record["by"]) for record in found
    ]
    placed = {"side": "buy", "quantity": 0.05, "kind": "limit", "price": 50_000.0, "reduce_only": False}
    assert placed == found[0]["order"]
    assert 404 == floor.client.delete(f"{_API}/orders/trend/99").status_code
    other = {"instrument": "BTC/USDT:USDT", "position_side": "short"}
    refused = floor.client.post(f"{_API}/positions/trend/close", json=other)
    assert (404, True) == (refused.status_code, "holds nothing short of BTC/USDT:USDT" in refused.text)
    assert 404 == floor.client.post(f"{_API}/positions/trend/close", json={"instrument": "ETH/USDT:USDT"}).status_code
    exits = {"instrument": "BTC/USDT:USDT", "take_profit": "1"}
    refused = floor.client.put(f"{_API}/positions/trend/exits", json=exits)
    assert (422, "take_profit", 1) == (refused.status_code, refused.json()["field"], refused.json()["value"])
    for wrong in ({"type": "limit"}, {"quantity": "-1"}, {"quantity": "NaN"}, {"side": "up"}, {"leverage": 9}):
        assert 422 == floor.client.post(f"{_API}/orders", json=order | wrong).status_code


def test_orders_by_hand_need_a_deployment_that_trades(floor):
    """Stopped, it takes none, and says so."""
    floor.run(lambda: floor.server.desk.deployments.tell_state("trend", "stopped"))
    order = {"deployment": "trend", "instrument": "BTC/USDT:USDT", "side": "buy", "quantity": 1}
    refused = floor.client.post(f"{_API}/orders", json=order)
    assert (409, True) == (refused.status_code, "start it first" in refused.json()["detail"])


def test_what_live_trading_lacks_is_named(floor):
    """Mode, approvals and keys: each by the name under which it is set, and nothing of what is kept."""
    told = floor.client.get(f"{_API}/bot/readiness").json()
    assert (False, 4, []) == (told["is_permitted"], len(told["lacks"]), told["led_to"])
    assert "TRADING_MODE=live (trading.mode)" in told["lacks"]
    assert f"approval in the product: tradewright live approve {told['exchange']}" in told["lacks"]


def test_drift_of_what_has_not_begun_is_a_conflict(floor):
    """Nothing was played: there is nothing to set beside a backtest; one that is none is not found."""
    told = floor.client.get(f"{_API}/deployments/trend/drift")
    assert (409, "conflict") == (told.status_code, told.json()["code"])
    assert 404 == floor.client.get(f"{_API}/deployments/other/drift").status_code

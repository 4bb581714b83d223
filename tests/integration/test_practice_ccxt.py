"""CCXT, unmodified but for its addresses, against the practice exchange on a socket: every call that it makes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from tradewright.testing.practice import KEY, SECRET, START, a_server

ccxt = pytest.importorskip("ccxt.pro")
BTC = "BTC/USDT:USDT"
PATIENCE_S = 20


def _client(base: str) -> Any:
    sockets = base.replace("http", "ws")
    paths = {"fapiPublic": "/fapi/v1", "fapiPublicV2": "/fapi/v2", "fapiPublicV3": "/fapi/v3"}
    paths |= {name.replace("Public", "Private"): path for name, path in paths.items()}
    paths |= {"fapiData": "/futures/data", "sapi": "/sapi/v1", "public": "/api/v3", "private": "/api/v3"}
    urls: dict[str, Any] = {name: base + path for name, path in paths.items()}
    urls["ws"] = {"linear": f"{sockets}/ws", "ws-api": {"linear": f"{sockets}/ws-fapi/v1"}}
    options = {"adjustForTimeDifference": True, "warnOnFetchOpenOrdersWithoutSymbol": False}
    client = ccxt.binanceusdm(
        {"apiKey": KEY, "secret": SECRET, "enableRateLimit": False, "options": options, "urls": {"api": urls}}
    )
    client.exceptions["exact"].update(client.exceptions["linear"]["exact"])
    return client


def _with_client(act: Callable[[Any], Awaitable[None]]) -> None:
    async def run() -> None:
        server = a_server(speed=1.0, start=START + 5_000_000_000, wall=time.monotonic_ns)
        async with TestServer(server.app) as served:
            client = _client(str(served.make_url("")).rstrip("/"))
            try:
                await client.load_markets()
                await asyncio.wait_for(act(client), PATIENCE_S)
            finally:
                await client.close()

    asyncio.run(run())


def test_market_data() -> None:
    """Candles, tickers, books, trades, funding: each call answers with what it is for."""

    async def act(client: Any) -> None:
        assert {BTC, "ETH/USDT:USDT"} == set(client.symbols)
        assert client.market(BTC)["limits"]["cost"]["min"] == 100
        assert abs(await client.fetch_time() - START // 1_000_000) < 60_000
        assert (await client.fetch_status())["status"] == "ok"
        candles = await client.fetch_ohlcv(BTC, "5m", limit=10)
        assert [300_000] * 9 == [after[0] - before[0] for before, after in pairwise(candles)]
        for kind in ("mark", "index"):
            assert 10 == len(await client.fetch_ohlcv(BTC, "1h", None, 10, {"price": kind}))
        ticker, book = await client.fetch_ticker(BTC), await client.fetch_order_book(BTC, 5)
        assert ticker["low"] <= ticker["last"] <= ticker["high"]
        assert book["bids"][0][0] < book["asks"][0][0]
        assert 2 == len(await client.fetch_tickers()) == len(await client.fetch_bids_asks())
        assert 2 == len(await client.fetch_last_prices())
        assert await client.fetch_trades(BTC)
        for fetch in (client.fetch_funding_rate, client.fetch_mark_price, client.fetch_open_interest):
            assert (await fetch(BTC))["symbol"] == BTC
        assert 100 == len(await client.fetch_funding_rate_history(BTC))
        assert 2 == len(await client.fetch_funding_rates()) == len(await client.fetch_mark_prices())
        assert (await client.fetch_funding_intervals())[BTC]["interval"] == "8h"

    _with_client(act)


def test_account_and_settings() -> None:
    """Balance, tiers, fees, leverage and margin mode, with the errors that clients tell apart."""

    async def act(client: Any) -> None:
        assert 10_000 == (await client.fetch_balance())["USDT"]["free"]
        assert [] == await client.fetch_positions() == await client.fetch_positions_risk()
        assert (await client.fetch_leverage_tiers())[BTC] == await client.fetch_market_leverage_tiers(BTC)
        assert 20 == (await client.fetch_leverage(BTC))["longLeverage"]
        assert "cross" == (await client.fetch_margin_mode(BTC))["marginMode"]
        assert not (await client.fetch_position_mode(BTC))["hedged"]
        assert 0.0005 == (await client.fetch_trading_fee(BTC))["taker"]
        assert 2 == len(await client.fetch_trading_fees())
        await client.set_leverage(7, BTC)
        await client.set_margin_mode("isolated", BTC)
        with pytest.raises(ccxt.MarginModeAlreadySet):
            await client.set_margin_mode("isolated", BTC)
        with pytest.raises(ccxt.OperationRejected):
            await client.set_position_mode(False, BTC)
        assert 7 == (await client.fetch_leverages())[BTC]["longLeverage"]
        assert "isolated" == (await client.fetch_margin_modes())[BTC]["marginMode"]

    _with_client(act)


def test_orders_and_what_they_leave() -> None:
    """Orders of every type are placed, found, changed, cancelled and filled; refusals are the client's own errors."""

    async def act(client: Any) -> None:
        last = (await client.fetch_ticker(BTC))["last"]
        bought = await client.create_order(BTC, "market", "buy", 0.01)
        assert "closed" == bought["status"]
        assert 0.01 == (await client.fetch_positions([BTC]))[0]["contracts"]
        resting = await client.create_order(BTC, "limit", "buy", 0.01, last * 0.95)
        assert "open" == (await client.fetch_order(resting["id"], BTC))["status"]
        assert [resting["id"]] == [one["id"] for one in await client.fetch_open_orders()]
        changed = await client.edit_order(resting["id"], BTC, "limit", "buy", 0.02, last * 0.94)
        assert (resting["id"], 0.02) == (changed["id"], changed["amount"])
        assert "canceled" == (await client.cancel_order(resting["id"], BTC))["status"]
        for error, amount, price, more in (
            (ccxt.OrderNotFillable, 0.01, last * 1.01, {"postOnly": True}),
            (ccxt.InsufficientFunds, 100, last * 0.95, {}),
            (ccxt.InvalidOrder, 0.001, last * 0.95, {}),
        ):
            with pytest.raises(error):
                await client.create_order(BTC, "limit", "buy", amount, price, more)
        with pytest.raises(ccxt.OrderNotFound):
            await client.cancel_order(resting["id"], BTC)
        two = [{"symbol": BTC, "type": "limit", "side": "buy", "amount": 0.01, "price": last * 0.9}] * 2
        placed = await client.create_orders(two)
        assert ["open", "open"] == [one["status"] for one in placed]
        assert 2 == len(await client.cancel_orders([one["id"] for one in placed], BTC))
        await client.create_order(BTC, "limit", "buy", 0.01, last * 0.9)
        await client.cancel_all_orders(BTC)
        assert [] == await client.fetch_open_orders(BTC)
        assert 5 == len(await client.fetch_orders(BTC))
        assert 1 == len(await client.fetch_closed_orders(BTC)) == len(await client.fetch_my_trades(BTC))
        assert 4 == len(await client.fetch_canceled_orders(BTC))
        assert [] == await client.fetch_funding_history(BTC)
        assert "commission" == (await client.fetch_ledger())[0]["type"]

    _with_client(act)


def test_conditional_orders() -> None:
    """Stops, targets and trailing stops go to the algo service, and live there until they act."""

    async def act(client: Any) -> None:
        last = (await client.fetch_ticker(BTC))["last"]
        await client.create_order(BTC, "market", "buy", 0.03)
        asked = [
            ("market", None, {"stopLossPrice": last * 0.9}),
            ("market", None, {"takeProfitPrice": last * 1.1}),
            ("limit", last * 0.89, {"stopLossPrice": last * 0.9}),
            ("market", None, {"trailingPercent": 1}),
        ]
        placed = [await client.create_order(BTC, kind, "sell", 0.01, price, more) for kind, price, more in asked]
        trigger = {"trigger": True}
        assert 4 == len(await client.fetch_open_orders(BTC, None, None, trigger))
        assert "open" == (await client.fetch_order(placed[0]["id"], BTC, trigger))["status"]
        await client.cancel_order(placed[0]["id"], BTC, trigger)
        await client.cancel_all_orders(BTC, trigger)
        assert ["canceled"] * 4 == [one["status"] for one in await client.fetch_orders(BTC, None, None, trigger)]
        with pytest.raises(ccxt.OrderImmediatelyFillable):
            await client.create_order(BTC, "market", "sell", 0.01, None, {"stopLossPrice": last * 1.1})

    _with_client(act)


def test_requests_over_a_socket() -> None:
    """Orders are placed, changed, asked for and cancelled by messages as by requests."""

    async def act(client: Any) -> None:
        last = (await client.fetch_ticker(BTC))["last"]
        placed = await client.create_order_ws(BTC, "limit", "buy", 0.01, last * 0.95)
        changed = await client.edit_order_ws(placed["id"], BTC, "limit", "buy", 0.02, last * 0.94)
        assert (placed["id"], 0.02) == (changed["id"], changed["amount"])
        assert "open" == (await client.fetch_order_ws(placed["id"], BTC))["status"]
        assert "canceled" == (await client.cancel_order_ws(placed["id"], BTC))["status"]
        with pytest.raises(ccxt.InsufficientFunds):
            await client.create_order_ws(BTC, "limit", "buy", 100, last * 0.95)
        await client.create_order_ws(BTC, "market", "buy", 0.01)
        assert 0.01 == (await client.fetch_positions_ws([BTC]))[0]["contracts"]
        assert (await client.fetch_balance_ws())["USDT"]["total"] < 10_000

    _with_client(act)


def test_streams() -> None:
    """Every stream delivers on the path that the client asks on; the user's tell of his own order."""

    async def act(client: Any) -> None:
        assert (await client.watch_ohlcv(BTC, "1m"))[-1][4] > 0
        assert (await client.watch_ticker(BTC))["last"] > 0
        assert BTC in await client.watch_tickers()
        assert (await client.watch_mark_price(BTC))["markPrice"] > 0
        assert (await client.watch_trades(BTC))[0]["amount"] > 0
        assert (await client.watch_bids_asks([BTC]))[BTC]["bid"] > 0
        assert (await client.watch_order_book(BTC))["bids"][0][0] > 0
        for watch in (client.watch_orders, client.watch_my_trades, client.watch_balance, client.watch_positions):
            waiting = asyncio.ensure_future(watch())
            while not waiting.done():
                await client.create_order(BTC, "market", "buy", 0.01)
                await asyncio.wait([waiting], timeout=0.2)
            assert await waiting

    _with_client(act)


def test_both_sides_at_once() -> None:
    """In hedge mode CCXT's `hedged` orders open and close each leg; margin can be added to one that is isolated."""

    async def act(client: Any) -> None:
        await client.set_position_mode(True)
        assert (await client.fetch_position_mode())["hedged"]
        with pytest.raises(ccxt.OperationRejected):
            await client.set_position_mode(True)
        await client.set_margin_mode("isolated", BTC)
        await client.create_order(BTC, "market", "buy", 0.02, None, {"hedged": True})
        await client.create_order(BTC, "market", "sell", 0.01, None, {"hedged": True})
        held = {one["side"]: one["contracts"] for one in await client.fetch_positions()}
        assert {"long": 0.02, "short": 0.01} == held
        added = await client.add_margin(BTC, 5, {"positionSide": "LONG"})
        assert (5, "add") == (added["amount"], added["type"])
        await client.create_order(BTC, "market", "sell", 0.02, None, {"hedged": True, "reduceOnly": True})
        assert ["short"] == [one["side"] for one in await client.fetch_positions()]

    _with_client(act)

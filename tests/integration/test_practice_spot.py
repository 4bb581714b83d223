"""CCXT for Kraken and for Binance spot, unmodified but for their addresses, on the practice exchange's public data."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from aiohttp.test_utils import TestServer

from tradewright.testing.practice import START, a_server

ccxt = pytest.importorskip("ccxt.pro")
BTC = "BTC/USDT"
PATIENCE_S = 30


def _kraken(base: str) -> Any:
    sockets = base.replace("http", "ws")
    paths = {"public": "/kraken/v1", "private": "/kraken/auth", "publicV2": "/kraken/v2", "privateV2": "/kraken/authv2"}
    urls = {"public": base, "private": base, "ws": {name: sockets + path for name, path in paths.items()}}
    return ccxt.kraken({"enableRateLimit": False, "urls": {"api": urls}})


def _spot(base: str) -> Any:
    sockets = {"spot": base.replace("http", "ws") + "/stream/ws"}
    paths = {"public": "/api/v3", "private": "/api/v3", "v1": "/api/v1", "sapi": "/sapi/v1"}
    urls: dict[str, Any] = {name: base + path for name, path in paths.items()} | {"ws": sockets}
    options = {"fetchMarkets": {"types": ["spot"]}, "fetchCurrencies": False, "fetchMargins": False}
    return ccxt.binance({"enableRateLimit": False, "options": options, "urls": {"api": urls}})


def _with_client(make: Callable[[str], Any], act: Callable[[Any], Awaitable[None]]) -> None:
    async def run() -> None:
        server = a_server(speed=1.0, start=START + 5_000_000_000, wall=time.monotonic_ns)
        async with TestServer(server.app) as served:
            client = make(str(served.make_url("")).rstrip("/"))
            try:
                await asyncio.wait_for(act(client), PATIENCE_S)
            finally:
                await client.close()

    asyncio.run(run())


@pytest.mark.parametrize("make", [_kraken, _spot])
def test_rest(make: Callable[[str], Any]) -> None:
    """Markets, candles, tickers, books and trades of both venues are those of one market."""

    async def act(client: Any) -> None:
        markets = await client.load_markets()
        assert {BTC, "ETH/USDT"} == set(markets)
        assert 0.1 == markets[BTC]["precision"]["price"]
        candles = await client.fetch_ohlcv(BTC, "5m", limit=10)
        assert {300_000} == {after[0] - before[0] for before, after in pairwise(candles)}
        ticker, book = await client.fetch_ticker(BTC), await client.fetch_order_book(BTC, 10)
        assert ticker["bid"] < ticker["ask"]
        assert book["bids"][0][0] < book["asks"][0][0]
        trades = await client.fetch_trades(BTC, limit=5)
        assert abs(trades[-1]["price"] / candles[-1][4] - 1) < 0.01
        assert trades[0]["timestamp"] <= trades[-1]["timestamp"]
        assert {"BTC/USDT", "ETH/USDT"} == set(await client.fetch_tickers([BTC, "ETH/USDT"]))
        assert abs(await client.fetch_time() - START // 1_000_000) < 60_000

    _with_client(make, act)


def test_kraken_keeps_no_more_than_720_candles() -> None:
    """Whatever since when is asked for, the answer begins no earlier; the open candle is among them."""

    async def act(client: Any) -> None:
        await client.load_markets()
        whole = await client.fetch_ohlcv(BTC, "1m", since=0)
        assert 720 == len(whole)
        late = await client.fetch_ohlcv(BTC, "1m", since=whole[-10][0])
        assert whole[-1][0] == late[-1][0]
        with pytest.raises(ccxt.ExchangeError, match="Unknown asset pair"):
            await client.publicGetDepth({"pair": "NOSUCH"})

    _with_client(_kraken, act)


@pytest.mark.parametrize("make", [_kraken, _spot])
def test_streams(make: Callable[[str], Any]) -> None:
    """Candles, trades, books and tickers arrive, and keep arriving."""

    async def act(client: Any) -> None:
        await client.load_markets()
        watches = [client.watch_ohlcv, client.watch_trades, client.watch_order_book, client.watch_ticker]
        for watch in watches:
            for _ in range(2):
                assert await asyncio.wait_for(watch(BTC), 8)
        book = await client.watch_order_book(BTC)
        assert book["bids"][0][0] < book["asks"][0][0]

    _with_client(make, act)


async def _next(socket: ClientWebSocketResponse, channel: str) -> Any:
    while True:
        said = await socket.receive_json()
        if said.get("channel") == channel:
            return said


def _checksum(book: dict[str, dict[float, float]]) -> int:
    """As Kraken's guide says: ten asks upwards, ten bids downwards, digits without leading zeros."""
    sides = sorted(book["asks"].items())[:10], sorted(book["bids"].items(), reverse=True)[:10]
    text = ""
    for side in sides:
        for price, quantity in side:
            text += f"{price:.1f}".replace(".", "").lstrip("0") + f"{quantity:.8f}".replace(".", "").lstrip("0")
    return zlib.crc32(text.encode())


def test_krakens_book_can_be_followed_by_its_checksum() -> None:
    """A snapshot and its updates add up to the book whose checksum each of them tells."""

    async def run() -> None:
        server = a_server()
        async with TestServer(server.app) as served, ClientSession() as session:
            socket = await session.ws_connect(served.make_url("/kraken/v2"))
            assert "status" == (await socket.receive_json())["channel"]
            await socket.send_json({"method": "subscribe", "params": {"channel": "book", "symbol": [BTC]}, "req_id": 7})
            answer = await socket.receive_json()
            assert (True, 7, 10) == (answer["success"], answer["req_id"], answer["result"]["depth"])
            book: dict[str, dict[float, float]] = {"bids": {}, "asks": {}}
            for _ in range(10):
                data = (await _next(socket, "book"))["data"][0]
                for side, levels in book.items():
                    levels |= {one["price"]: one["qty"] for one in data[side]}
                    book[side] = {price: own for price, own in levels.items() if own}
                assert _checksum(book) == data["checksum"]
                await session.post(served.make_url("/_emu/clock"), json={"advance_ms": 700})

    asyncio.run(asyncio.wait_for(run(), PATIENCE_S))


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("noise", "Malformed"),
        ('{"method": "fly"}', "Unsupported method"),
        ('{"method": "subscribe", "params": {"channel": "nothing", "symbol": ["BTC/USDT"]}}', "Unsupported channel"),
        ('{"method": "subscribe", "params": {"channel": "trade", "symbol": ["X/Y"]}}', "Currency pair not supported"),
        ('{"method": "subscribe", "params": {"channel": "book", "symbol": ["BTC/USDT"], "depth": 7}}', "depth"),
        ('{"method": "subscribe", "params": {"channel": "ohlc", "symbol": ["BTC/USDT"], "interval": 2}}', "interval"),
    ],
)
def test_message_that_kraken_would_not_understand_is_refused(said: str, word: str) -> None:
    """Each refusal says what is wrong, and the connection stays."""

    async def run() -> None:
        async with TestServer(a_server().app) as served, ClientSession() as session:
            socket = await session.ws_connect(served.make_url("/v2"))
            await socket.receive_json()
            await socket.send_str(said)
            told = await socket.receive_json()
            assert not told["success"]
            assert word in told["error"]
            await socket.send_json({"method": "ping", "req_id": 1})
            pong = await socket.receive_json()
            assert ("pong", 1) == (pong["method"], pong["req_id"])

    asyncio.run(asyncio.wait_for(run(), PATIENCE_S))

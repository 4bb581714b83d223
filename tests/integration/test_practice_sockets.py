"""WebSockets and faults of the practice exchange, on a clock that stands until the test moves it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestServer

from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.server import Server
from tradewright.adapters.venues.practice.variants import EVENTS_REQUIRED
from tradewright.testing.practice import KEY, SECRET, START, a_replay, a_server

MINUTE_MS = 60_000
BTC = {"symbol": "BTCUSDT"}
BUY = BTC | {"side": "BUY", "type": "MARKET", "quantity": "0.01"}


class Visitor:
    """A client on sockets that moves the exchange's clock itself."""

    def __init__(self, session: ClientSession, server: TestServer) -> None:
        self.session, self._server = session, server

    def url(self, path: str) -> str:
        return str(self._server.make_url(path))

    async def wait(self, ms: int) -> int:
        answer = await self.session.post(self.url("/_emu/clock"), json={"advance_ms": ms})
        return int((await answer.json())["now"])

    async def fault(self, **fault: Any) -> int:
        answer = await self.session.post(self.url("/_emu/faults"), json=fault)
        return int((await answer.json())["id"])

    async def ask(self, method: str, path: str, **params: Any) -> tuple[int, Any]:
        async with self.session.post(self.url("/_emu/clock"), json={"advance_ms": 0}) as clock:
            now = (await clock.json())["now"]
        query = urlencode({**params, "timestamp": now})
        signature = hmac.new(SECRET.encode(), query.encode(), hashlib.sha256).hexdigest()
        url = f"{self.url(path)}?{query}&signature={signature}"
        async with self.session.request(method, url, headers={"X-MBX-APIKEY": KEY}) as answer:
            return answer.status, await answer.json()

    async def listen(self, path: str, **settings: Any) -> ClientWebSocketResponse:
        return await self.session.ws_connect(self.url(path), **settings)

    async def user_stream(self) -> ClientWebSocketResponse:
        _, body = await self.ask("POST", "/fapi/v1/listenKey")
        return await self.listen(f"/private/ws?listenKey={body['listenKey']}")


def _visit(act: Callable[[Visitor], Awaitable[None]], exchange: Server | None = None, **settings: Any) -> None:
    async def run() -> None:
        async with TestServer((exchange or a_server(**settings)).app) as server, ClientSession() as session:
            await asyncio.wait_for(act(Visitor(session, server)), 20)

    asyncio.run(run())


async def _told(socket: ClientWebSocketResponse) -> list[Any]:
    """What a socket has been sent so far: everything before the answer to a question."""
    await socket.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 99})
    told: list[Any] = []
    while True:
        message = await socket.receive()
        if message.type != WSMsgType.TEXT:
            return told
        said = message.json()
        if isinstance(said, dict) and said.get("id") == 99:
            return told
        told.append(said)


def test_trades_and_candles_are_told_as_they_happen() -> None:
    """A candle's last message says that it is closed, and agrees with REST and with the trades before it."""

    async def act(visitor: Visitor) -> None:
        socket = await visitor.listen("/market/stream?streams=btcusdt@aggTrade/btcusdt@kline_1m")
        for _ in range(130):
            await visitor.wait(1_000)
        told = await _told(socket)
        trades = [one["data"] for one in told if one["stream"] == "btcusdt@aggTrade"]
        candles = [one["data"]["k"] for one in told if one["stream"] == "btcusdt@kline_1m"]
        first, closed = [one for one in candles if one["x"]]
        inside = [one for one in trades if closed["t"] <= one["T"] <= closed["T"]]

        assert closed["t"] == first["T"] + 1
        assert len(inside) == closed["n"]
        assert [one["a"] for one in trades] == list(range(trades[0]["a"], trades[0]["a"] + len(trades)))
        async with visitor.session.get(visitor.url("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=2")) as answer:
            row = (await answer.json())[0]
        assert row[1:6] == [closed[name] for name in ("o", "h", "l", "c", "v")]

    _visit(act)


def test_stream_of_another_path_is_taken_and_never_delivers() -> None:
    """The split of 2026: a stream asked on the wrong path subscribes, and is silent."""

    async def act(visitor: Visitor) -> None:
        right, wrong = await visitor.listen("/public/ws"), await visitor.listen("/market/ws")
        for socket in (right, wrong):
            await socket.send_json({"method": "SUBSCRIBE", "params": ["btcusdt@bookTicker"], "id": 1})
            assert {"result": None, "id": 1} == await socket.receive_json()
        await visitor.wait(5_000)
        assert await _told(right)
        assert [] == await _told(wrong)

    _visit(act)


def test_old_paths_exist_where_they_are_asked_for() -> None:
    """Without the switch they are no sockets; with it they deliver everything."""

    async def absent(visitor: Visitor) -> None:
        with pytest.raises(WSServerHandshakeError):
            await visitor.listen("/ws/btcusdt@bookTicker")

    async def present(visitor: Visitor) -> None:
        socket = await visitor.listen("/ws/btcusdt@bookTicker/btcusdt@aggTrade")
        await visitor.wait(3_000)
        assert {"bookTicker", "aggTrade"} == {one["e"] for one in await _told(socket)}

    _visit(absent)
    _visit(present, legacy=True)


@pytest.mark.parametrize("levels", [1, 300])
def test_book_can_be_followed_from_a_snapshot(levels: int) -> None:
    """Changes follow each other without a gap, and lead from a snapshot to the next one."""

    async def act(visitor: Visitor) -> None:
        socket = await visitor.listen("/public/ws/btcusdt@depth@100ms")
        await visitor.wait(500)
        url = visitor.url("/fapi/v1/depth?symbol=BTCUSDT&limit=1000")
        async with visitor.session.get(url) as answer:
            snapshot = await answer.json()
        for number in range(20):
            await visitor.wait(300)
            if number % 5 == 0:
                await visitor.ask("POST", "/fapi/v1/order", **BUY | {"quantity": "0.1"})
        events = [one for one in await _told(socket) if one["u"] >= snapshot["lastUpdateId"]]
        async with visitor.session.get(url) as answer:
            after = await answer.json()
        sides = [dict(snapshot["bids"]), dict(snapshot["asks"])]
        for event in events:
            for side, name in zip(sides, ("b", "a"), strict=True):
                side.update(event[name])

        assert events[0]["U"] <= snapshot["lastUpdateId"] <= events[0]["u"]
        assert [one["u"] for one in events[:-1]] == [one["pu"] for one in events[1:]]
        for side, name in zip(sides, ("bids", "asks"), strict=True):
            assert {price: lots for price, lots in side.items() if float(lots)} == dict(after[name])

    _visit(act, house=House(levels=levels))


def test_subscriptions_are_listed_changed_and_checked() -> None:
    """The words of the protocol, and what it says to others."""

    async def act(visitor: Visitor) -> None:
        socket = await visitor.listen("/market/ws/btcusdt@aggTrade")

        async def said(message: Any) -> Any:
            await socket.send_json(message)
            return await socket.receive_json()

        assert ["btcusdt@aggTrade"] == (await said({"method": "LIST_SUBSCRIPTIONS", "id": 1}))["result"]
        assert None is (await said({"method": "UNSUBSCRIBE", "params": ["btcusdt@aggTrade"], "id": 2}))["result"]
        assert [] == (await said({"method": "LIST_SUBSCRIPTIONS", "id": "three"}))["result"]
        assert not (await said({"method": "GET_PROPERTY", "params": ["combined"], "id": 4}))["result"]
        assert None is (await said({"method": "SET_PROPERTY", "params": ["combined", True], "id": 5}))["result"]
        assert 2 == (await said({"method": "WISH", "id": 6}))["error"]["code"]
        assert 2 == (await said({"method": "SUBSCRIBE", "params": "all", "id": 7}))["error"]["code"]
        await visitor.wait(2_000)
        assert [] == await _told(socket)

    _visit(act)


def test_user_stream_tells_of_orders_and_of_the_account() -> None:
    """A market order is new, then traded, and the account is told after that; until the key expires."""

    async def act(visitor: Visitor) -> None:
        socket = await visitor.user_stream()
        await visitor.ask("POST", "/fapi/v1/order", **BUY)
        told = await _told(socket)
        assert ["NEW", "TRADE"] == [one["o"]["x"] for one in told if one["e"] == "ORDER_TRADE_UPDATE"]
        assert "ACCOUNT_UPDATE" == told[-1]["e"]
        assert "0.010" == told[-1]["a"]["P"][0]["pa"]
        await visitor.wait(59 * MINUTE_MS)
        assert 200 == (await visitor.ask("PUT", "/fapi/v1/listenKey"))[0]
        await visitor.wait(61 * MINUTE_MS)
        await visitor.ask("POST", "/fapi/v1/order", **BUY)
        assert ["listenKeyExpired"] == [one["e"] for one in await _told(socket)]
        assert not socket.closed
        assert -1125 == (await visitor.ask("PUT", "/fapi/v1/listenKey"))[1]["code"]

    _visit(act, a_replay([(60_000, 60_000, 60_000, 60_000)] * 130, House(), listing=listing_of("BTCUSDT")))


def test_socket_is_closed_at_the_end_of_its_life() -> None:
    """After a day, or as long as was asked for, a connection ends."""

    async def act(visitor: Visitor) -> None:
        socket = await visitor.listen("/market/ws/btcusdt@aggTrade")
        await visitor.wait(11 * MINUTE_MS)
        await _told(socket)
        await visitor.wait(0)
        assert (await socket.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)
        assert 1001 == socket.close_code

    _visit(act, socket_life=10 * MINUTE_MS)


def test_order_is_done_although_its_answer_is_lost() -> None:
    """Execute, then drop the answer: the client must ask what became of it. Dropped before, nothing is there."""

    async def act(visitor: Visitor) -> None:
        for kind, status in (("execute_then_drop", 200), ("drop", 400)):
            await visitor.fault(kind=kind, method="POST", path="/fapi/v1/order")
            with pytest.raises(ClientError):
                await visitor.ask("POST", "/fapi/v1/order", **BUY, newClientOrderId=kind)
            found = await visitor.ask("GET", "/fapi/v1/order", **BTC, origClientOrderId=kind)
            assert status == found[0]

    _visit(act)


def test_status_maintenance_and_skew_strike_as_wished() -> None:
    """An answer of any status, a window of maintenance, and a clock that is ahead."""

    async def act(visitor: Visitor) -> None:
        await visitor.fault(kind="status", path="/fapi/v3/balance", status=429, code=-1003, text="Too many requests.")
        status, body = await visitor.ask("GET", "/fapi/v3/balance")
        assert (429, -1003) == (status, body["code"])
        assert 200 == (await visitor.ask("GET", "/fapi/v3/balance"))[0]
        await visitor.fault(kind="maintenance", count=0, begin=0.0, end=60.0)
        assert 503 == (await visitor.ask("GET", "/fapi/v3/balance"))[0]
        with pytest.raises(WSServerHandshakeError):
            await visitor.listen("/market/ws")
        await visitor.wait(2 * MINUTE_MS)
        assert 200 == (await visitor.ask("GET", "/fapi/v3/balance"))[0]
        number = await visitor.fault(kind="skew", delay=20.0, count=0)
        assert -1021 == (await visitor.ask("GET", "/fapi/v3/balance"))[1]["code"]
        await visitor.session.delete(visitor.url("/_emu/faults"), json={"id": number})
        assert 200 == (await visitor.ask("GET", "/fapi/v3/balance"))[0]

    _visit(act)


def test_answer_comes_late_although_the_order_is_done() -> None:
    """A client that waits less than the delay does not know what has happened; it has."""

    async def act(visitor: Visitor) -> None:
        await visitor.fault(kind="delay", delay=5.0, method="POST", path="/fapi/v1/order")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(visitor.ask("POST", "/fapi/v1/order", **BUY, newClientOrderId="late"), 0.3)
        found = await visitor.ask("GET", "/fapi/v1/order", **BTC, origClientOrderId="late")
        assert "FILLED" == found[1]["status"]

    _visit(act)


def test_socket_is_refused_and_cut_as_wished() -> None:
    """One handshake is answered with 503; an open connection is cut without a word."""

    async def act(visitor: Visitor) -> None:
        await visitor.fault(kind="ws_refuse")
        with pytest.raises(WSServerHandshakeError) as refused:
            await visitor.listen("/market/ws")
        assert 503 == refused.value.status
        socket = await visitor.listen("/market/ws/btcusdt@aggTrade")
        await visitor.fault(kind="ws_abort")
        await visitor.wait(1)
        while (await socket.receive()).type == WSMsgType.TEXT:
            pass
        assert socket.closed
        assert 1006 == socket.close_code

    _visit(act)


def test_messages_are_struck_by_their_name() -> None:
    """A request over a socket is refused, or done without an answer, as one of REST is; nonsense has an answer too."""

    async def act(visitor: Visitor) -> None:
        socket = await visitor.listen("/ws-fapi/v1")

        async def said(method: str) -> Any:
            await socket.send_json({"id": method, "method": method, "params": {"symbol": "BTCUSDT"}})
            return await socket.receive_json()

        assert 200 == (await said("ticker.price"))["status"]
        await visitor.fault(kind="status", method="WS", path="ticker.price", status=503, code=-1008, text="Overloaded.")
        assert (503, -1008) == ((answer := await said("ticker.price"))["status"], answer["error"]["code"])
        await visitor.fault(kind="drop", method="WS", path="time")
        await socket.send_json({"id": 1, "method": "time"})
        assert "depth" == (await said("depth"))["id"]
        assert 400 == (await said("wish"))["status"]
        await socket.send_str("{")
        assert 400 == (await socket.receive_json())["status"]
        await socket.send_json({"id": 2, "method": "order.place", "params": dict(BUY)})
        assert -2014 == (await socket.receive_json())["error"]["code"]

    _visit(act)


@pytest.mark.rule("M-9")
def test_forced_close_is_told_to_everyone() -> None:
    """Whoever listens to the market learns of the order by which the venue closed a position."""
    rows = [(1_000.0, 1_000.0, 1_000.0, 1_000.0), (1_000.0, 1_000.0, 850.0, 850.0)]

    async def act(visitor: Visitor) -> None:
        sockets = [await visitor.listen(f"/market/ws/{name}") for name in ("btcusdt@forceOrder", "!forceOrder@arr")]
        await visitor.ask("POST", "/fapi/v1/leverage", **BTC, leverage=20)
        await visitor.ask("POST", "/fapi/v1/order", **BUY | {"quantity": "190"})
        await visitor.wait(119_999)
        for socket in sockets:
            (told,) = await _told(socket)
            order = told["o"]
            assert ("forceOrder", "BTCUSDT", "SELL", "IOC") == (told["e"], order["s"], order["S"], order["f"])
            assert ("190", "FILLED") == (order["z"], order["X"])

    _visit(act, a_replay(rows, House(spread=0), start=START + 1_000_000_000))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("stream_lost", [2, 3, 4]),
        ("stream_duplicate", [1, 1, 2, 3, 4]),
        ("stream_reorder", [2, 1, 3, 4]),
    ],
)
def test_market_messages_are_lost_doubled_and_turned_round(kind: str, expected: list[int]) -> None:
    """The first message of the stream that is meant is struck; the others, and other streams, come as they should."""

    async def act(visitor: Visitor) -> None:
        socket = await visitor.listen("/public/stream?streams=btcusdt@trade/ethusdt@trade")
        await visitor.fault(kind=kind, path="btcusdt@trade")
        await visitor.wait(1_000)
        told = [one["data"] for one in await _told(socket)]
        btc, eth = ([one["t"] for one in told if one["s"] == f"{coin}USDT"] for coin in ("BTC", "ETH"))
        first = min(btc) - (kind == "stream_lost")
        assert expected == [number - first + 1 for number in btc][: len(expected)]
        assert sorted(set(eth)) == eth

    _visit(act)


@pytest.mark.parametrize(("variants", "number"), [((), 2), ((EVENTS_REQUIRED,), 0)])
def test_private_socket_that_names_no_events(variants: tuple[str, ...], number: int) -> None:
    """It is told everything, or, as others say of the venue, nothing."""

    async def act(visitor: Visitor) -> None:
        silent = await visitor.user_stream()
        _, body = await visitor.ask("POST", "/fapi/v1/listenKey")
        asked = await visitor.listen(f"/private/ws?listenKey={body['listenKey']}&events=ORDER_TRADE_UPDATE")
        await visitor.ask("POST", "/fapi/v1/order", **BUY)
        told = [[one["e"] for one in await _told(socket)] for socket in (silent, asked)]
        assert (number, 2) == tuple(events.count("ORDER_TRADE_UPDATE") for events in told)

    _visit(act, house=House(variants=frozenset(variants)))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("user_lost", ["TRADE"]),
        ("user_duplicate", ["NEW", "NEW", "TRADE"]),
        ("user_reorder", ["TRADE", "NEW"]),
    ],
)
def test_user_events_are_lost_doubled_and_turned_round(kind: str, expected: list[str]) -> None:
    """The first event is struck, the others come as they should."""

    async def act(visitor: Visitor) -> None:
        socket = await visitor.user_stream()
        await visitor.fault(kind=kind)
        await visitor.ask("POST", "/fapi/v1/order", **BUY)
        assert expected == [one["o"]["x"] for one in await _told(socket) if one["e"] == "ORDER_TRADE_UPDATE"]

    _visit(act)


def test_sockets_close_fall_silent_and_lose_changes_as_wished() -> None:
    """A gap in a book is seen by its numbers; silence ends; closed is closed."""

    async def act(visitor: Visitor) -> None:
        socket = await visitor.listen("/public/ws/btcusdt@depth@100ms")
        await visitor.wait(2_000)
        events = await _told(socket)
        await visitor.fault(kind="depth_gap")
        for _ in range(10):
            await visitor.wait(1_000)
        events += await _told(socket)
        breaks = [one["u"] != two["pu"] for one, two in pairwise(events)]
        assert 1 == sum(breaks)
        await visitor.fault(kind="ws_silence", delay=10.0)
        await visitor.wait(1)
        await _told(socket)
        await visitor.wait(5_000)
        assert [] == await _told(socket)
        await visitor.wait(10_000)
        assert await _told(socket)
        await visitor.fault(kind="ws_close")
        await visitor.wait(1)
        await _told(socket)
        await socket.receive()
        assert 1001 == socket.close_code

    _visit(act)


def test_admin_says_what_is_wrong() -> None:
    """Unknown faults, fields and times are refused in words."""

    async def act(visitor: Visitor) -> None:
        for path, body, word in (
            ("faults", {"kind": "fire"}, "drop"),
            ("faults", {"kind": "drop", "colour": "red"}, "fields"),
            ("faults", {"kind": "drop", "chance": 2.0}, "chance"),
            ("clock", {"advance_ms": -1}, "advance_ms"),
            ("accounts", {"key": KEY, "secret": "s"}, "key"),
        ):
            async with visitor.session.post(visitor.url(f"/_emu/{path}"), json=body) as answer:
                assert 400 == answer.status
                assert word in (await answer.json())["error"]
        async with visitor.session.get(visitor.url("/_emu/state")) as answer:
            assert ["BTCUSDT", "ETHUSDT"] == (await answer.json())["symbols"]

    _visit(act)

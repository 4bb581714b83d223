"""Faults of the practice exchange on the wire, and what a client makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import ClientError, WSMsgType, WSServerHandshakeError

from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.variants import EVENTS_REQUIRED
from tradewright.testing.practice import KEY, START, a_replay

MINUTE_MS = 60_000
BTC = {"symbol": "BTCUSDT"}
BUY = BTC | {"side": "BUY", "type": "MARKET", "quantity": "0.01"}
Visit = Callable[..., None]


def test_order_is_done_although_its_answer_is_lost(visit: Visit) -> None:
    """Execute, then drop the answer: the client must ask what became of it. Dropped before, nothing is there."""

    async def act(visitor: Any) -> None:
        for kind, status in (("execute_then_drop", 200), ("drop", 400)):
            await visitor.fault(kind=kind, method="POST", path="/fapi/v1/order")
            with pytest.raises(ClientError):
                await visitor.ask("POST", "/fapi/v1/order", **BUY, newClientOrderId=kind)
            found = await visitor.ask("GET", "/fapi/v1/order", **BTC, origClientOrderId=kind)
            assert status == found[0]

    visit(act)


def test_status_maintenance_and_skew_strike_as_wished(visit: Visit) -> None:
    """An answer of any status, a window of maintenance, and a clock that is ahead."""

    async def act(visitor: Any) -> None:
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

    visit(act)


def test_answer_comes_late_although_the_order_is_done(visit: Visit) -> None:
    """A client that waits less than the delay does not know what has happened; it has."""

    async def act(visitor: Any) -> None:
        await visitor.fault(kind="delay", delay=5.0, method="POST", path="/fapi/v1/order")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(visitor.ask("POST", "/fapi/v1/order", **BUY, newClientOrderId="late"), 0.3)
        found = await visitor.ask("GET", "/fapi/v1/order", **BTC, origClientOrderId="late")
        assert "FILLED" == found[1]["status"]

    visit(act)


def test_socket_is_refused_and_cut_as_wished(visit: Visit) -> None:
    """One handshake is answered with 503; an open connection is cut without a word."""

    async def act(visitor: Any) -> None:
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

    visit(act)


def test_messages_are_struck_by_their_name(visit: Visit) -> None:
    """A request over a socket is refused, or done without an answer, as one of REST is; nonsense has an answer too."""

    async def act(visitor: Any) -> None:
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

    visit(act)


def test_connections_for_requests_and_of_kraken_are_cut_as_others_are(visit: Visit) -> None:
    """A close strikes every socket, whatever is said over it; a refusal keeps all of them out."""

    async def act(visitor: Any) -> None:
        paths = ("/ws-fapi/v1", "/kraken/v2", "/stream/ws/btcusdt@trade", "/market/ws")
        sockets = [await visitor.listen(path) for path in paths]
        await visitor.fault(kind="ws_close")
        await visitor.wait(0)
        for socket in sockets:
            while (message := await socket.receive()).type == WSMsgType.TEXT:
                pass
            assert (WSMsgType.CLOSE, 1001) == (message.type, message.data)
        await visitor.fault(kind="ws_refuse", count=len(paths))
        for path in paths:
            with pytest.raises(WSServerHandshakeError):
                await visitor.listen(path)

    visit(act)


@pytest.mark.rule("M-9")
def test_forced_close_is_told_to_everyone(visit: Visit) -> None:
    """Whoever listens to the market learns of the order by which the venue closed a position."""
    rows = [(1_000.0, 1_000.0, 1_000.0, 1_000.0), (1_000.0, 1_000.0, 850.0, 850.0)]

    async def act(visitor: Any) -> None:
        sockets = [await visitor.listen(f"/market/ws/{name}") for name in ("btcusdt@forceOrder", "!forceOrder@arr")]
        await visitor.ask("POST", "/fapi/v1/leverage", **BTC, leverage=20)
        await visitor.ask("POST", "/fapi/v1/order", **BUY | {"quantity": "190"})
        await visitor.wait(119_999)
        for socket in sockets:
            (told,) = await visitor.told(socket)
            order = told["o"]
            assert ("forceOrder", "BTCUSDT", "SELL", "IOC") == (told["e"], order["s"], order["S"], order["f"])
            assert ("190", "FILLED") == (order["z"], order["X"])

    visit(act, a_replay(rows, House(spread=0), start=START + 1_000_000_000))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("stream_lost", [2, 3, 4]),
        ("stream_duplicate", [1, 1, 2, 3, 4]),
        ("stream_reorder", [2, 1, 3, 4]),
    ],
)
def test_market_messages_are_lost_doubled_and_turned_round(visit: Visit, kind: str, expected: list[int]) -> None:
    """The first message of the stream that is meant is struck; the others, and other streams, come as they should."""

    async def act(visitor: Any) -> None:
        socket = await visitor.listen("/public/stream?streams=btcusdt@trade/ethusdt@trade")
        await visitor.fault(kind=kind, path="btcusdt@trade")
        await visitor.wait(1_000)
        told = [one["data"] for one in await visitor.told(socket)]
        btc, eth = ([one["t"] for one in told if one["s"] == f"{coin}USDT"] for coin in ("BTC", "ETH"))
        first = min(btc) - (kind == "stream_lost")
        assert expected == [number - first + 1 for number in btc][: len(expected)]
        assert sorted(set(eth)) == eth

    visit(act)


@pytest.mark.parametrize(("variants", "number"), [((), 2), ((EVENTS_REQUIRED,), 0)])
def test_private_socket_that_names_no_events(visit: Visit, variants: tuple[str, ...], number: int) -> None:
    """It is told everything, or, as others say of the venue, nothing."""

    async def act(visitor: Any) -> None:
        silent = await visitor.user_stream()
        _, body = await visitor.ask("POST", "/fapi/v1/listenKey")
        asked = await visitor.listen(f"/private/ws?listenKey={body['listenKey']}&events=ORDER_TRADE_UPDATE")
        await visitor.ask("POST", "/fapi/v1/order", **BUY)
        told = [[one["e"] for one in await visitor.told(socket)] for socket in (silent, asked)]
        assert (number, 2) == tuple(events.count("ORDER_TRADE_UPDATE") for events in told)

    visit(act, house=House(variants=frozenset(variants)))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("user_lost", ["TRADE"]),
        ("user_duplicate", ["NEW", "NEW", "TRADE"]),
        ("user_reorder", ["TRADE", "NEW"]),
    ],
)
def test_user_events_are_lost_doubled_and_turned_round(visit: Visit, kind: str, expected: list[str]) -> None:
    """The first event is struck, the others come as they should."""

    async def act(visitor: Any) -> None:
        socket = await visitor.user_stream()
        await visitor.fault(kind=kind)
        await visitor.ask("POST", "/fapi/v1/order", **BUY)
        assert expected == [one["o"]["x"] for one in await visitor.told(socket) if one["e"] == "ORDER_TRADE_UPDATE"]

    visit(act)


def test_sockets_close_fall_silent_and_lose_changes_as_wished(visit: Visit) -> None:
    """A gap in a book is seen by its numbers; silence ends; closed is closed."""

    async def act(visitor: Any) -> None:
        socket = await visitor.listen("/public/ws/btcusdt@depth@100ms")
        await visitor.wait(2_000)
        events = await visitor.told(socket)
        await visitor.fault(kind="depth_gap")
        for _ in range(10):
            await visitor.wait(1_000)
        events += await visitor.told(socket)
        breaks = [one["u"] != two["pu"] for one, two in pairwise(events)]
        assert 1 == sum(breaks)
        await visitor.fault(kind="ws_silence", delay=10.0)
        await visitor.wait(1)
        await visitor.told(socket)
        await visitor.wait(5_000)
        assert [] == await visitor.told(socket)
        await visitor.wait(10_000)
        assert await visitor.told(socket)
        await visitor.fault(kind="ws_close")
        await visitor.wait(1)
        await visitor.told(socket)
        await socket.receive()
        assert 1001 == socket.close_code

    visit(act)


def test_admin_says_what_is_wrong(visit: Visit) -> None:
    """Unknown faults, fields and times are refused in words."""

    async def act(visitor: Any) -> None:
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

    visit(act)

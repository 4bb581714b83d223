"""WebSockets of the practice exchange, on a clock that stands until the test moves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.testing.practice import a_replay

MINUTE_MS = 60_000
BTC = {"symbol": "BTCUSDT"}
BUY = BTC | {"side": "BUY", "type": "MARKET", "quantity": "0.01"}
Visit = Callable[..., None]


def test_trades_and_candles_are_told_as_they_happen(visit: Visit) -> None:
    """A candle's last message says that it is closed, and agrees with REST and with the trades before it."""

    async def act(visitor: Any) -> None:
        socket = await visitor.listen("/market/stream?streams=btcusdt@aggTrade/btcusdt@kline_1m")
        for _ in range(130):
            await visitor.wait(1_000)
        told = await visitor.told(socket)
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

    visit(act)


def test_stream_of_another_path_is_taken_and_never_delivers(visit: Visit) -> None:
    """The split of 2026: a stream asked on the wrong path subscribes, and is silent."""

    async def act(visitor: Any) -> None:
        right, wrong = await visitor.listen("/public/ws"), await visitor.listen("/market/ws")
        for socket in (right, wrong):
            await socket.send_json({"method": "SUBSCRIBE", "params": ["btcusdt@bookTicker"], "id": 1})
            assert {"result": None, "id": 1} == await socket.receive_json()
        await visitor.wait(5_000)
        assert await visitor.told(right)
        assert [] == await visitor.told(wrong)

    visit(act)


def test_old_paths_exist_where_they_are_asked_for(visit: Visit) -> None:
    """Without the switch they are no sockets; with it they deliver everything."""

    async def absent(visitor: Any) -> None:
        with pytest.raises(WSServerHandshakeError):
            await visitor.listen("/ws/btcusdt@bookTicker")

    async def present(visitor: Any) -> None:
        socket = await visitor.listen("/ws/btcusdt@bookTicker/btcusdt@aggTrade")
        await visitor.wait(3_000)
        assert {"bookTicker", "aggTrade"} == {one["e"] for one in await visitor.told(socket)}

    visit(absent)
    visit(present, legacy=True)


@pytest.mark.parametrize("levels", [1, 300])
def test_book_can_be_followed_from_a_snapshot(visit: Visit, levels: int) -> None:
    """Changes follow each other without a gap, and lead from a snapshot to the next one."""

    async def act(visitor: Any) -> None:
        socket = await visitor.listen("/public/ws/btcusdt@depth@100ms")
        await visitor.wait(500)
        url = visitor.url("/fapi/v1/depth?symbol=BTCUSDT&limit=1000")
        async with visitor.session.get(url) as answer:
            snapshot = await answer.json()
        for number in range(20):
            await visitor.wait(300)
            if number % 5 == 0:
                await visitor.ask("POST", "/fapi/v1/order", **BUY | {"quantity": "0.1"})
        events = [one for one in await visitor.told(socket) if one["u"] >= snapshot["lastUpdateId"]]
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

    visit(act, house=House(levels=levels))


def test_subscriptions_are_listed_changed_and_checked(visit: Visit) -> None:
    """The words of the protocol, and what it says to others."""

    async def act(visitor: Any) -> None:
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
        assert [] == await visitor.told(socket)

    visit(act)


def test_user_stream_tells_of_orders_and_of_the_account(visit: Visit) -> None:
    """A market order is new, then traded, and the account is told after that; until the key expires."""

    async def act(visitor: Any) -> None:
        socket = await visitor.user_stream()
        await visitor.ask("POST", "/fapi/v1/order", **BUY)
        told = await visitor.told(socket)
        assert ["NEW", "TRADE"] == [one["o"]["x"] for one in told if one["e"] == "ORDER_TRADE_UPDATE"]
        assert "ACCOUNT_UPDATE" == told[-1]["e"]
        assert "0.010" == told[-1]["a"]["P"][0]["pa"]
        await visitor.wait(59 * MINUTE_MS)
        assert 200 == (await visitor.ask("PUT", "/fapi/v1/listenKey"))[0]
        await visitor.wait(61 * MINUTE_MS)
        await visitor.ask("POST", "/fapi/v1/order", **BUY)
        assert ["listenKeyExpired"] == [one["e"] for one in await visitor.told(socket)]
        assert not socket.closed
        assert -1125 == (await visitor.ask("PUT", "/fapi/v1/listenKey"))[1]["code"]

    visit(act, a_replay([(60_000, 60_000, 60_000, 60_000)] * 130, House(), listing=listing_of("BTCUSDT")))


def test_socket_is_closed_at_the_end_of_its_life(visit: Visit) -> None:
    """After a day, or as long as was asked for, a connection ends."""

    async def act(visitor: Any) -> None:
        socket = await visitor.listen("/market/ws/btcusdt@aggTrade")
        await visitor.wait(11 * MINUTE_MS)
        await visitor.told(socket)
        await visitor.wait(0)
        assert (await socket.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)
        assert 1001 == socket.close_code

    visit(act, socket_life=10 * MINUTE_MS)

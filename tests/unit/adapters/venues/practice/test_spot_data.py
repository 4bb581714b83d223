"""Public data of Binance spot and of Kraken, without a socket: every path, its words, its limits."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tradewright.adapters.venues.practice.gateway import Answer, Call
from tradewright.adapters.venues.practice.hub import Socket
from tradewright.adapters.venues.practice.kraken_calls import KRAKEN_CALLS
from tradewright.adapters.venues.practice.spot_calls import SPOT_CALLS
from tradewright.testing.practice import WireClient, a_server

BTC, PAIR = {"symbol": "BTCUSDT"}, {"pair": "XBTUSDT"}
ASKED = {"/api/v3/klines": {"interval": "1h"}, "/api/v3/uiKlines": {"interval": "1m", "limit": 3}}


@pytest.fixture
def client() -> WireClient:
    """A client of an exchange whose clock stands ten seconds after its start."""
    client = WireClient(a_server())
    client.wait(10)
    return client


def _ask(client: WireClient, path: str, **params: Any) -> Answer:
    return client.gateway.answer(Call("GET", path, urlencode(params)))


def _kraken(client: WireClient, name: str, **params: Any) -> Any:
    body = _ask(client, f"/0/public/{name}", **params).body
    assert [] == body["error"]
    return body["result"]


@pytest.mark.parametrize("path", sorted(SPOT_CALLS))
def test_every_path_of_binance_spot_is_answered(client: WireClient, path: str) -> None:
    """With a symbol each path answers, and says what it weighs."""
    answer = _ask(client, path, **BTC, **ASKED.get(path, {}))
    assert 200 == answer.status
    assert str(SPOT_CALLS[path][1]) == answer.headers["X-MBX-USED-WEIGHT-1M"]


@pytest.mark.parametrize(
    ("limit", "weight"), [({}, 5), ({"limit": 500}, 25), ({"limit": 1_000}, 50), ({"limit": 5_000}, 250)]
)
def test_deeper_books_weigh_more(client: WireClient, limit: dict[str, int], weight: int) -> None:
    """By the number of levels that is asked for; futures do not count it."""
    answer = _ask(client, "/api/v3/depth", **BTC, **limit)
    assert str(weight) == answer.headers["X-MBX-USED-WEIGHT-1M"]
    assert "1" == _ask(client, "/fapi/v1/ping").headers["X-MBX-USED-WEIGHT-1M"]


def test_several_symbols_may_be_asked_for(client: WireClient) -> None:
    """One is an object; some or all are a list, and weigh more."""
    path = "/api/v3/ticker/bookTicker"
    one, some, every = (_ask(client, path, **own) for own in (BTC, {"symbols": '["ETHUSDT"]'}, {}))
    assert isinstance(one.body, dict)
    assert (["ETHUSDT"], ["BTCUSDT", "ETHUSDT"]) == tuple([row["symbol"] for row in own.body] for own in (some, every))
    assert "10" == every.headers["X-MBX-USED-WEIGHT-1M"]


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("depth", {}, -1102),
        ("depth", {"symbol": "NOSUCH"}, -1121),
        ("depth", BTC | {"limit": 5_001}, -1130),
        ("klines", BTC | {"interval": "7m"}, -1120),
        ("ticker/price", {"symbols": "BTCUSDT"}, -1100),
        ("ticker/price", {"symbols": '["NOSUCH"]'}, -1121),
    ],
)
def test_wrong_request_is_refused_as_binance_does(
    client: WireClient, path: str, params: dict[str, Any], code: int
) -> None:
    """The numbers are those of futures."""
    answer = _ask(client, f"/api/v3/{path}", **params)
    assert (400, code) == (answer.status, answer.body["code"])


def test_spot_tells_the_market_of_futures(client: WireClient) -> None:
    """Prices, trades, candles and books are the same, to eight places."""
    spot, futures = _ask(client, "/api/v3/klines", **BTC, interval="1m", limit=5).body, {"interval": "1m", "limit": 5}
    assert [[row[0], *map(float, row[1:6])] for row in spot] == [
        [row[0], *map(float, row[1:6])] for row in client.seen("klines", **BTC, **futures)
    ]
    book, trades = _ask(client, "/api/v3/depth", **BTC).body, _ask(client, "/api/v3/trades", **BTC, limit=3).body
    assert float(book["bids"][0][0]) == float(client.seen("ticker/bookTicker", **BTC)["bidPrice"])
    assert [one["id"] for one in client.seen("trades", **BTC, limit=3)] == [one["id"] for one in trades]
    assert all(len(price.partition(".")[2]) == 8 for price, _ in book["asks"])


@pytest.mark.parametrize("path", sorted(KRAKEN_CALLS))
def test_every_path_of_kraken_is_answered(client: WireClient, path: str) -> None:
    """Without an error, in Kraken's envelope."""
    body = _ask(client, path, **PAIR).body
    assert (["error", "result"], []) == (sorted(body), body["error"])


@pytest.mark.parametrize(
    ("name", "params", "word"),
    [
        ("OHLC", {}, "Invalid arguments"),
        ("OHLC", {"pair": "NOSUCH"}, "Unknown asset pair"),
        ("OHLC", PAIR | {"interval": 2}, "interval"),
        ("OHLC", PAIR | {"since": "long ago"}, "since"),
        ("Depth", PAIR | {"count": 501}, "count"),
        ("Trades", PAIR | {"count": 0}, "count"),
        ("Orders", PAIR, "Unknown method"),
    ],
)
def test_wrong_request_is_refused_as_kraken_does(
    client: WireClient, name: str, params: dict[str, Any], word: str
) -> None:
    """With 200, and what is wrong in a list."""
    answer = _ask(client, f"/0/public/{name}", **params)
    assert (200, 1) == (answer.status, len(answer.body["error"]))
    assert word in answer.body["error"][0]


@pytest.mark.parametrize(("interval", "length"), [(1, 60), (60, 3_600), (1_440, 86_400), (10_080, 604_800)])
def test_krakens_candles_stand_on_the_epoch(client: WireClient, interval: int, length: int) -> None:
    """At most 720 of them, the last one open, and `last` names the one before it."""
    found = _kraken(client, "OHLC", **PAIR, interval=interval)
    times = [row[0] for row in found["XBTUSDT"]]
    assert {0} == {ts % length for ts in times}
    assert len(times) <= 720
    assert found["last"] == (times[-2] if len(times) > 1 else times[-1])
    assert times[-1] <= client.exchange.now // 1_000 < times[-1] + length
    since = _kraken(client, "OHLC", **PAIR, interval=interval, since=times[-1] - 1)
    assert [times[-1]] == [row[0] for row in since["XBTUSDT"]]


def test_krakens_trades_go_on_from_the_last(client: WireClient) -> None:
    """Who asks again with `last` is told what came since, and nothing twice."""
    first = _kraken(client, "Trades", **PAIR)
    client.wait(2)
    later = _kraken(client, "Trades", **PAIR, since=first["last"])
    assert first["XBTUSDT"][-1][6] + 1 == later["XBTUSDT"][0][6]
    assert 8 == len(later["XBTUSDT"])
    assert [] == _kraken(client, "Trades", **PAIR, since=later["last"])["XBTUSDT"]


def test_kraken_knows_pairs_by_all_their_names(client: WireClient) -> None:
    """Bitcoin is XBT there."""
    names = ["XBTUSDT", "XBT/USDT", "BTC/USDT", "BTCUSDT"]
    assert all(["XBTUSDT"] == list(_kraken(client, "Ticker", pair=name)) for name in names)
    assert {"XBTUSDT", "ETHUSDT"} == set(_kraken(client, "AssetPairs", pair="XBTUSDT,ETHUSDT"))
    assert {"XBT", "ETH", "USDT"} == set(_kraken(client, "Assets"))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("btcusdt@trade", {"e", "E", "s", "t", "p", "q", "T", "m", "M"}),
        ("btcusdt@aggTrade", {"e", "E", "s", "a", "p", "q", "f", "l", "T", "m", "M"}),
        ("btcusdt@bookTicker", {"u", "s", "b", "B", "a", "A"}),
        ("btcusdt@depth@100ms", {"e", "E", "s", "U", "u", "b", "a"}),
        ("btcusdt@depth", {"e", "E", "s", "U", "u", "b", "a"}),
        ("btcusdt@depth5", {"lastUpdateId", "bids", "asks"}),
        ("btcusdt@kline_1m", {"e", "E", "s", "k"}),
    ],
)
def test_spot_streams_have_the_fields_of_spot(client: WireClient, name: str, fields: set[str]) -> None:
    """Neither more nor fewer."""
    socket = Socket("spot", "", combined=False, opened=client.exchange.now)
    client.server.hub.sockets[socket] = None
    client.server.hub.subscribe(socket, name)
    client.wait(3)
    told = [json.loads(text) for text, _ in socket.outbox]
    assert told
    assert all(fields == set(one) for one in told)


def test_spot_tickers_of_all_symbols_are_a_list(client: WireClient) -> None:
    """One message tells of every symbol."""
    socket = Socket("spot", "", combined=True, opened=client.exchange.now)
    client.server.hub.sockets[socket] = None
    client.server.hub.subscribe(socket, "!miniTicker@arr")
    client.wait(2)
    told = json.loads(socket.outbox[0][0])
    assert ("!miniTicker@arr", ["BTCUSDT", "ETHUSDT"]) == (told["stream"], [one["s"] for one in told["data"]])

"""Recorded markets played again: what is known at the beginning, what comes then, and whom our orders meet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradewright.adapters.venues.practice.listing import listing_of
from tradewright.adapters.venues.practice.reels import Reel, read_reel, reel_of_trades
from tradewright.domain.errors import DataError
from tradewright.market.events import EVENT
from tradewright.testing.practice import WireClient, a_server

BTC = {"symbol": "BTCUSDT"}
SECOND, MS = 1_000_000_000, 1_000_000
T0 = 1_723_161_256_000
"""The venue's time of the snapshot, ms; the receiver's clock is 1.2 s behind it."""


def _line(ms: int, message: dict[str, Any]) -> str:
    return f"{(T0 + ms - 1_200) * MS} {json.dumps(message, separators=(',', ':'))}"


def _diff(ms: int, ids: tuple[int, int, int], bids: list[list[str]], asks: list[list[str]], coin: str = "BTC") -> str:
    head = {"e": "depthUpdate", "E": T0 + ms, "T": T0 + ms, "s": f"{coin}USDT", "U": ids[0], "u": ids[1], "pu": ids[2]}
    return _line(ms, {"stream": f"{coin.lower()}usdt@depth@0ms", "data": {**head, "b": bids, "a": asks}})


def _quote(ms: int, number: int, bid: str, ask: str) -> str:
    data = {"e": "bookTicker", "u": number, "s": "BTCUSDT", "b": bid, "B": "10", "a": ask, "A": "10"}
    return _line(ms, {"stream": "btcusdt@bookTicker", "data": {**data, "T": T0 + ms, "E": T0 + ms}})


def _trade(ms: int, number: int, price: str, size: str, *, sold: bool) -> str:
    data = {"e": "trade", "E": T0 + ms, "T": T0 + ms, "s": "BTCUSDT", "t": number, "p": price, "q": size}
    return _line(ms, {"stream": "btcusdt@trade", "data": {**data, "X": "MARKET", "m": sold}})


def _snapshot(ms: int, last_id: int) -> str:
    sides = {"bids": [["100.0", "2"], ["99.9", "3"]], "asks": [["100.1", "1"], ["100.3", "5"]]}
    return _line(ms, {"lastUpdateId": last_id, "E": T0 + ms, "T": T0 + ms, **sides})


LINES = [
    _trade(-50, 1, "100.1", "0.5", sold=False),
    _diff(-40, (90, 99, 89), [["99.8", "7"]], []),
    _diff(-30, (100, 105, 99), [["100.0", "2.5"]], []),
    _snapshot(-10, 103),
    _diff(20, (106, 110, 105), [["99.9", "0"]], [["100.2", "4"]]),
    _quote(30, 111, "100.0", "100.2"),
    _trade(1_000, 2, "99.9", "0.004", sold=True),
    _trade(1_200, 3, "99.8", "0.5", sold=True),
]


def _recording(folder: Path, lines: list[str]) -> Path:
    path = folder / "recording.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def _reel(folder: Path, lines: list[str] = LINES) -> Reel:
    return read_reel(_recording(folder, lines), lambda symbol: listing_of(symbol, depth=1e6))


def _client(reel: Reel, **settings: Any) -> WireClient:
    return WireClient(a_server(listings=list(reel.listings), source=reel, **settings))


def test_it_begins_with_the_recorded_snapshot_and_goes_on_with_the_diffs_that_reach_beyond_it(tmp_path: Path) -> None:
    """The first answer is the snapshot; a diff that came before it and ends after it follows; stale ones never do."""
    client = _client(_reel(tmp_path))
    book = client.seen("depth", **BTC)
    assert (103, T0 - 10) == (book["lastUpdateId"], book["T"])
    assert ([["100.0", "2.000"], ["99.9", "3.000"]], [["100.1", "1.000"], ["100.3", "5.000"]]) == (
        book["bids"],
        book["asks"],
    )
    client.wait(0.001)
    book = client.seen("depth", **BTC)
    assert (105, ["100.0", "2.500"]) == (book["lastUpdateId"], book["bids"][0])
    client.wait(0.1)
    book = client.seen("depth", **BTC)
    assert (110, [["100.0", "2.500"]]) == (book["lastUpdateId"], book["bids"])


def test_the_receivers_clock_is_moved_so_that_nothing_is_known_before_it_happened(tmp_path: Path) -> None:
    """The fastest message takes a millisecond, as in a backtest on the same recording."""
    reel = _reel(tmp_path)
    assert (T0 - 10 + 1) * MS - 1 == reel.start
    assert min(m.ts - m.events["ts_exchange"][0] for m in reel.messages[1:]) == MS


def test_orders_meet_the_recorded_book_and_the_recorded_trades(tmp_path: Path) -> None:
    """A buyer pays the ask of the newest quote; a limit that rests is filled by trades beyond its price."""
    client = _client(_reel(tmp_path))
    client.wait(0.5)
    buy = BTC | {"side": "BUY", "quantity": "2"}
    bought = client.done("POST", "/fapi/v1/order", **buy, type="MARKET", newOrderRespType="RESULT")
    assert ("FILLED", "100.20000") == (bought["status"], bought["avgPrice"])

    rest = {"type": "LIMIT", "timeInForce": "GTC", "price": "99.9"}
    order = client.done("POST", "/fapi/v1/order", **buy, **rest)
    client.wait(0.6)
    assert "NEW" == client.done("GET", "/fapi/v1/order", **BTC, orderId=order["orderId"])["status"]
    client.wait(0.2)
    found = client.done("GET", "/fapi/v1/order", **BTC, orderId=order["orderId"])
    assert ("PARTIALLY_FILLED", "0.500", "99.90000") == (found["status"], found["executedQty"], found["avgPrice"])


def test_trades_of_the_recording_are_the_public_ones(tmp_path: Path) -> None:
    """They carry the venue's time, and candles are made of them."""
    client = _client(_reel(tmp_path))
    client.wait(2)
    told = [(one["time"], one["price"], one["isBuyerMaker"]) for one in client.seen("trades", **BTC)]
    assert [(T0 + 1_000, "99.9", True), (T0 + 1_200, "99.8", True)] == told
    candle = client.seen("klines", **BTC, interval="1m")[0]
    assert ["99.9", "99.9", "99.8", "99.8", "0.504"] == candle[1:6]
    assert client.exchange.script.is_over


def test_two_replays_are_the_same_and_one_that_was_kept_goes_on(tmp_path: Path) -> None:
    """The same requests give the same answers, whether the exchange was stopped meanwhile or not."""
    reel = _reel(tmp_path)
    whole, begun = _client(reel), _client(reel, folder=tmp_path / "kept")
    order = BTC | {"side": "BUY", "quantity": "2", "type": "LIMIT", "timeInForce": "GTC", "price": "99.9"}
    for client in (whole, begun):
        client.wait(0.2)
        client.done("POST", "/fapi/v1/order", **order)
    begun.server.keep()
    again = _client(reel, folder=tmp_path / "kept")
    for client in (whole, again):
        client.wait(2)
    for path in ("/fapi/v3/account", "/fapi/v1/userTrades"):
        assert whole.done("GET", path, **BTC) == again.done("GET", path, **BTC)
    assert whole.seen("depth", **BTC) == again.seen("depth", **BTC)


def test_two_symbols_of_one_recording_are_played_side_by_side(tmp_path: Path) -> None:
    """Each has its own book and trades; one of them can be left out."""
    other = {"e": "trade", "E": T0, "T": T0 + 500, "s": "ETHUSDT", "t": 1, "p": "3000.05", "q": "1"}
    line = _line(500, {"stream": "ethusdt@trade", "data": {**other, "X": "MARKET", "m": False}})
    named = json.loads(_snapshot(-10, 103).partition(" ")[2])
    lines = [
        line if "lastUpdateId" not in line else _line(-10, {"stream": "btcusdt@depth", "data": named}) for line in LINES
    ]
    reel = _reel(tmp_path, [*lines[:6], line, *lines[6:]])
    client = _client(reel)
    client.wait(2)
    prices = {one["symbol"]: one["price"] for one in client.seen("ticker/price")}
    assert {"BTCUSDT": "99.8", "ETHUSDT": "3000.05"} == prices
    assert 110 == client.seen("depth", **BTC)["lastUpdateId"]
    alone = read_reel(tmp_path / "recording.jsonl", listing_of, ["ETHUSDT"])
    assert ["ETHUSDT"] == [listing.symbol for listing in alone.listings]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "holds nothing of any symbol"),
        ([_diff(0, (1, 2, 0), [["1.0", "1"]], [])], "no snapshot"),
        ([_trade(0, 1, "100.05", "1", sold=True)], "line 1"),
        (["noise"], "line 1"),
        ([_diff(0, (1, 2, 0), [["1.0", "1"]], []), _diff(1, (1, 2, 0), [], [], "ETH"), _snapshot(2, 1)], "snapshot"),
    ],
)
def test_recording_that_cannot_be_played_is_refused(tmp_path: Path, lines: list[str], words: str) -> None:
    """Nothing in it, a book that is unknown, a price off the tick, no recording at all."""
    with pytest.raises(DataError, match=words):
        _reel(tmp_path, lines)


def test_trades_alone_are_played_with_a_book_of_the_house_around_them() -> None:
    """Each trade moves the price; the best prices stand around the last one."""
    events = np.zeros(2, EVENT)
    events["ts_exchange"] = T0 * MS + np.array([0, SECOND])
    events["ticks"], events["lots"], events["side"], events["last"] = [1_000, 1_100], [5, 7], [1, -1], True
    client = _client(reel_of_trades(listing_of("BTCUSDT"), events))
    assert ("99.9", "100.0") == tuple(
        client.seen("ticker/bookTicker", **BTC)[name] for name in ("bidPrice", "askPrice")
    )
    client.wait(2)
    assert "110.0" == client.seen("ticker/price", **BTC)["price"]
    assert ["0.005", "0.007"] == [one["qty"] for one in client.seen("trades", **BTC)]

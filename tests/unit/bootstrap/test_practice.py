"""Practice exchanges from what a user wished for on the command line."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from tradewright.bootstrap.practice import PracticeWish, practice_exchange
from tradewright.bootstrap.settings import read_settings
from tradewright.testing.practice import KEY, SECRET, WireClient

WISH = PracticeWish(
    symbols=None, accounts=(f"{KEY}:{SECRET}:10000",), seed=1, speed=0.0, start=1_700_006_400_000_000_000, end=None,
    history=1, replay=None, tick_size=None, lot_size=None, timeframe="1m", course="path", spread=1, depth=250_000.0,
    limit_fill="queue", levels=50, recovery=5.0, correlation=0.7, basis=3.0, socket_hours=24.0, weight_limit=0,
    order_limit=0, variants=(), legacy=False, scenario=None, log=None, folder=None,
)  # fmt: skip


def _client(**changes: Any) -> WireClient:
    return WireClient(practice_exchange(read_settings(), dataclasses.replace(WISH, **changes)))


@pytest.mark.parametrize(
    ("name", "limit_fill", "queues"),
    [("queue", "through", True), ("through", "through", False), ("touch", "touch", False)],
)
def test_limits_fill_as_wished(name: str, limit_fill: str, queues: bool) -> None:
    """A queue is the kernels' `through`, and what trades at the price leave."""
    house = _client(limit_fill=name).exchange.house
    assert (limit_fill, queues) == (house.limit_fill, house.queues)


def test_markets_are_drawn_with_deep_books() -> None:
    """Without symbols two of them; each with its levels, and the same for the same seed."""
    client, again, other = _client(), _client(), _client(seed=2)
    assert ["BTCUSDT", "ETHUSDT"] == [one["symbol"] for one in client.seen("exchangeInfo")["symbols"]]
    books = [one.seen("depth", symbol="ETHUSDT") for one in (client, again, other)]
    assert books[0] == books[1] != books[2]
    assert 30 < len(books[0]["bids"]) <= 50


def test_trades_of_a_file_are_played_on_steps_of_their_own(tmp_path: Path) -> None:
    """Steps of price and quantity may be told; the first trade is the first price."""
    path = tmp_path / "trades.csv"
    path.write_text("time,price,amount,side\n1570752011620,0.00141342,500,buy\n1570752012620,0.00141343,7,sell\n")
    client = _client(replay=str(path), symbols="XRPUSDT", tick_size="0.00000001", lot_size="1")
    assert "0.00141342" == client.seen("ticker/price", symbol="XRPUSDT")["price"]
    client.wait(2)
    assert ["500", "7"] == [one["qty"] for one in client.seen("trades", symbol="XRPUSDT")]


def test_recorded_messages_of_a_file_are_played(tmp_path: Path) -> None:
    """The symbols are those of the recording."""
    path = tmp_path / "recording.jsonl"
    data = {
        "e": "trade",
        "E": 1_000,
        "T": 1_000,
        "s": "SOLUSDT",
        "t": 1,
        "p": "150.25",
        "q": "3",
        "X": "MARKET",
        "m": True,
    }
    path.write_text(f"2000000000 {json.dumps({'stream': 'solusdt@trade', 'data': data}, separators=(',', ':'))}\n")
    client = _client(replay=str(path))
    client.wait(1)
    assert [("SOLUSDT", "150.25")] == [(one["symbol"], one["price"]) for one in client.seen("ticker/price")]


def test_spot_grants_more_weight_than_futures() -> None:
    """In the venue's proportion, whatever the limit."""
    limits = _client(weight_limit=100).exchange.house.limits
    assert (100, 250) == (limits.weight, limits.spot_weight)

"""What keeps an account from trading: a liquidation under way, a wish to cool off, and its own conduct (rule F-6)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.venues.practice.conduct import QuantRules
from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.keeping import bring_back, keep, kept_head
from tradewright.testing.practice import KEY, WireClient, a_replay, a_server

pytestmark = pytest.mark.rule("F-6")

BTC = {"symbol": "BTCUSDT"}
ORDER, ALGO, STATUS = "/fapi/v1/order", "/fapi/v1/algoOrder", "/fapi/v1/apiTradingStatus"
MARKET = BTC | {"type": "MARKET", "quantity": "0.01"}
REST = BTC | {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "55000"}
STOP = BTC | {"algoType": "CONDITIONAL", "type": "STOP_MARKET", "triggerPrice": "1000", "closePosition": "true"}
MINUTES = 60


def a_client(**rules: Any) -> WireClient:
    """A client of an exchange whose quantitative rules begin to count at four orders."""
    quant = QuantRules(**{"orders": 4, "orders_of_a_kind": 4, **rules})
    client = WireClient(a_server(house=House(quant=quant)))
    client.wait(10)
    return client


def next_cycle(client: WireClient) -> None:
    """Let the cycle of ten minutes end."""
    client.wait(10 * MINUTES - client.exchange.now // 1_000 % (10 * MINUTES))


def test_while_it_is_liquidated_an_account_is_refused_everything() -> None:
    """For a second after the venue has closed its position: orders, changes, leverage; then it may go on."""
    crash = [(600, 600, 600, 600)] * 2 + [(400, 400, 400, 400)] * 9
    client = WireClient(a_replay(crash, House(spread=0, liquidation_ms=120_000)))
    client.done("POST", "/fapi/v1/leverage", **BTC, leverage=100)
    client.done("POST", ORDER, **MARKET | {"quantity": "80"}, side="BUY")
    while not client.done("GET", "/fapi/v1/forceOrders"):
        client.wait(20)

    assert [-2023] * 3 == [
        client.code("POST", ORDER, **MARKET | {"quantity": "1"}, side="BUY"),
        client.code("POST", ORDER, **MARKET | {"quantity": "1"}, side="SELL", reduceOnly="true"),
        client.code("POST", "/fapi/v1/leverage", **BTC, leverage=10),
    ]
    client.wait(120)
    client.done("POST", "/fapi/v1/leverage", **BTC, leverage=10)


def test_who_cools_off_may_only_reduce() -> None:
    """Until its time is over: -4192 for what opens; what closes a position is taken."""
    client = a_client()
    client.done("POST", ORDER, **MARKET | {"quantity": "0.02"}, side="BUY")
    client.exchange.seats[KEY].cooling_until = client.exchange.now + 60_000

    assert [-4192, -4192] == [
        client.code("POST", ORDER, **MARKET, side="BUY"),
        client.code("POST", ORDER, **MARKET, side="SELL"),
    ]
    client.done("POST", ORDER, **MARKET, side="SELL", reduceOnly="true")
    client.done("POST", ALGO, **STOP, side="SELL")
    client.wait(61)
    client.done("POST", ORDER, **MARKET, side="BUY")


def rest_and_cancel(client: WireClient, times: int, **changes: Any) -> None:
    """Place orders far below the market and take them away at once."""
    for _ in range(times):
        client.done("POST", ORDER, **REST | changes)
        client.done("DELETE", "/fapi/v1/allOpenOrders", **BTC)


def test_who_asks_and_never_trades_may_only_reduce_for_ten_minutes() -> None:
    """Four orders of a cycle without a fill, each taken away at once: UFR and GCR are 1, and the symbol is locked."""
    client = a_client()
    rest_and_cancel(client, 4)
    assert {} == client.done("GET", STATUS)["indicators"]
    next_cycle(client)

    told = client.done("GET", STATUS, **BTC)["indicators"]["BTCUSDT"]
    assert {"UFR": 1.0, "DR": 0.0, "GCR": 1.0} == {row["indicator"]: row["value"] for row in told}
    assert [True, False, True] == [row["isLocked"] for row in told]
    assert -4400 == client.code("POST", ORDER, **MARKET, side="BUY")
    client.wait(10 * MINUTES)
    client.done("POST", ORDER, **MARKET, side="BUY")


@pytest.mark.parametrize(
    ("rules", "orders", "fills"),
    [({}, 3, 0), ({"is_on": False}, 9, 0), ({}, 4, 1)],
    ids=["too few to count", "nobody looks", "one in five is filled"],
)
def test_others_are_left_alone(rules: dict[str, Any], orders: int, fills: int) -> None:
    """Fewer orders than the rules count, rules that are off, and orders that trade now and then."""
    client = a_client(hasty_ms=0, **rules)
    rest_and_cancel(client, orders)
    for _ in range(fills):
        client.done("POST", ORDER, **MARKET | {"quantity": "0.01"}, side="BUY")
    next_cycle(client)

    client.done("POST", ORDER, **MARKET, side="BUY")


def test_orders_that_expire_at_once_and_dust_count_too() -> None:
    """Four that were immediate or cancelled and found nobody; and four worth less than the threshold."""
    hasty = a_client(orders=1_000)
    for _ in range(4):
        hasty.done("POST", ORDER, **REST | {"timeInForce": "IOC"})
    next_cycle(hasty)
    dusty = a_client(dust=1e6, orders_of_a_kind=1_000, most=1.1)
    rest_and_cancel(dusty, 4)
    next_cycle(dusty)

    assert [["IFER"], ["UFR", "DR"]] == [
        [row["indicator"] for row in client.done("GET", STATUS)["indicators"]["BTCUSDT"]] for client in (hasty, dusty)
    ]
    assert [-4400, -4400] == [client.code("POST", ORDER, **MARKET, side="BUY") for client in (hasty, dusty)]


def test_a_kept_exchange_forgets_none_of_it(tmp_path: Path) -> None:
    """Locks, orders that still count, and the time to cool off come back with the account."""
    client = a_client()
    rest_and_cancel(client, 4)
    client.exchange.seats[KEY].cooling_until = 5
    keep(client.exchange, tmp_path)
    other = a_client()
    head = kept_head(tmp_path)
    assert head is not None
    bring_back(other.exchange, tmp_path, head)
    next_cycle(other)

    assert 5 == other.exchange.seats[KEY].cooling_until
    assert -4400 == other.code("POST", ORDER, **MARKET, side="BUY")
    assert replace(QuantRules(), is_on=False) != QuantRules()

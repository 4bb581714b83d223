"""Orders and deep books: what walks through the levels, what it leaves behind, and who stands before whom."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.adapters.venues.practice.course import Print
from tradewright.adapters.venues.practice.exchange import House
from tradewright.adapters.venues.practice.setup import Account
from tradewright.testing.practice import KEY, SECRET, WireClient, a_server

BTC = {"symbol": "BTCUSDT"}
ORDER, ALGO = "/fapi/v1/order", "/fapi/v1/algoOrder"
RICH = (Account(KEY, SECRET, 1e8),)


@pytest.fixture
def client() -> WireClient:
    """A client with much money at an exchange with deep books and queues."""
    client = WireClient(a_server(house=House(levels=300, queues=True, recovery=5.0), accounts=RICH))
    client.wait(10)
    return client


def _book(client: WireClient, side: str) -> list[tuple[float, float]]:
    return [(float(price), float(lots)) for price, lots in client.seen("depth", **BTC, limit=1000)[side]]


def _fills(client: WireClient) -> list[tuple[float, float]]:
    return [(float(one["price"]), float(one["qty"])) for one in client.done("GET", "/fapi/v1/userTrades", **BTC)]


def _send(client: WireClient, quantity: float, **terms: Any) -> dict[str, Any]:
    order = BTC | {"side": "BUY", "quantity": f"{quantity:.3f}", "newOrderRespType": "RESULT"} | terms
    found: dict[str, Any] = client.done("POST", ORDER, **order)
    return found


def _beyond(asks: list[tuple[float, float]], levels: int) -> float:
    """Quantity of so many levels, and a half of the next."""
    return round(sum(lots for _, lots in asks[:levels]) + asks[levels][1] / 2, 3)


def test_market_order_walks_the_book(client: WireClient) -> None:
    """It takes each level at its own price, best first, and pays as a taker."""
    asks = _book(client, "asks")
    wanted = _beyond(asks, 4)
    order = _send(client, wanted, type="MARKET")
    assert ("FILLED", f"{wanted:.3f}") == (order["status"], order["executedQty"])
    assert asks[:4] == _fills(client)[:4]
    assert 5 == len(_fills(client))
    assert not any(one["maker"] for one in client.done("GET", "/fapi/v1/userTrades", **BTC))


def test_what_was_taken_is_missing_until_it_comes_back(client: WireClient) -> None:
    """The next buyer pays more; the public book shows it; a while later the market is itself again."""
    asks = _book(client, "asks")
    _send(client, _beyond(asks, 4), type="MARKET")
    after = _book(client, "asks")
    assert asks[4][0] == after[0][0]
    assert after[0][1] < asks[4][1]
    assert float(client.seen("ticker/bookTicker", **BTC)["askPrice"]) == after[0][0]
    client.wait(6)
    best = client.seen("ticker/bookTicker", **BTC)
    assert 0.1 == pytest.approx(float(best["askPrice"]) - float(best["bidPrice"]))


def test_best_prices_are_those_of_the_book(client: WireClient) -> None:
    """With orders of ours at, above and below the best, and with holes, tickers say what the book does."""
    asks = _book(client, "asks")
    for price in (asks[0][0] - 0.2, asks[0][0], asks[0][0] + 5):
        _send(client, 0.5, side="SELL", type="LIMIT", timeInForce="GTC", price=f"{max(price, asks[0][0]):.1f}")
    for _ in range(2):
        best, books = client.seen("ticker/bookTicker", **BTC), [_book(client, side)[0] for side in ("bids", "asks")]
        told = [(float(best[f"{side}Price"]), float(best[f"{side}Qty"])) for side in ("bid", "ask")]
        assert books == told
        _send(client, _beyond(_book(client, "bids"), 2), side="SELL", type="MARKET")


def test_limit_takes_up_to_its_price_and_rests_there(client: WireClient) -> None:
    """What no level up to its price gives stands at it, as the best bid; levels beyond are as they were."""
    asks = _book(client, "asks")
    limit, inside = asks[3][0], [one for one in asks if one[0] <= asks[3][0]]
    order = _send(client, sum(lots for _, lots in inside) + 2, type="LIMIT", timeInForce="GTC", price=f"{limit:.1f}")
    assert ("PARTIALLY_FILLED", f"{limit:.1f}") == (order["status"], order["price"])
    assert inside == _fills(client)
    assert (limit, 2.0) == _book(client, "bids")[0]
    assert asks[4:] == _book(client, "asks")
    assert 1 == len(client.done("GET", "/fapi/v1/openOrders"))


@pytest.mark.parametrize(
    ("force", "extra", "status"), [("IOC", 2.0, "EXPIRED"), ("IOC", 0.0, "FILLED"), ("FOK", 0.0, "FILLED")]
)
def test_immediate_orders_see_every_level(client: WireClient, force: str, extra: float, status: str) -> None:
    """All that its price reaches fills; what is left of it goes."""
    asks = _book(client, "asks")
    inside = asks[:3]
    terms = {"type": "LIMIT", "timeInForce": force, "price": f"{inside[-1][0]:.1f}"}
    order = _send(client, sum(lots for _, lots in inside) + extra, **terms)
    assert status == order["status"]
    assert inside == _fills(client)
    assert [] == client.done("GET", "/fapi/v1/openOrders")


def test_all_or_nothing_and_post_only_look_at_the_whole_book(client: WireClient) -> None:
    """More than the price reaches is refused whole; what would take is not posted."""
    asks = _book(client, "asks")
    terms = BTC | {"side": "BUY", "type": "LIMIT", "price": f"{asks[2][0]:.1f}"}
    much = f"{sum(lots for _, lots in asks[:3]) + 1:.3f}"
    assert -5021 == client.code("POST", ORDER, **terms, timeInForce="FOK", quantity=much)
    assert -5022 == client.code("POST", ORDER, **terms, timeInForce="GTX", quantity=much)
    assert asks == _book(client, "asks")


def test_change_that_reaches_the_book_takes_from_it(client: WireClient) -> None:
    """An order that is moved across the spread walks as a new one would, and keeps its id."""
    asks = _book(client, "asks")
    much = _beyond(asks, 2)
    order = _send(client, much, type="LIMIT", timeInForce="GTC", price=f"{asks[0][0] - 50:.1f}")
    changed = {"orderId": order["orderId"], "side": "BUY", "quantity": f"{much:.3f}", "price": f"{asks[9][0]:.1f}"}
    client.done("PUT", ORDER, **BTC, **changed)
    found = client.done("GET", ORDER, **BTC, orderId=order["orderId"])
    assert ("FILLED", f"{asks[9][0]:.1f}") == (found["status"], found["price"])
    assert asks[:2] == _fills(client)[:2]


def test_change_that_is_refused_leaves_the_order_as_it_was(client: WireClient) -> None:
    """What the account cannot bear takes nothing from the book."""
    asks = _book(client, "asks")
    order = _send(client, 1, type="LIMIT", timeInForce="GTC", price=f"{asks[0][0] - 50:.1f}")
    client.exchange.seats[KEY].account.deposit(-1e8 + 3_500.0)
    much = {"quantity": f"{_beyond(asks, 3):.3f}", "price": f"{asks[9][0]:.1f}", "side": "BUY"}
    assert -2019 == client.code("PUT", ORDER, **BTC, orderId=order["orderId"], **much)
    found = client.done("GET", ORDER, **BTC, orderId=order["orderId"])
    assert ("NEW", "1.000", f"{asks[0][0] - 50:.1f}") == (found["status"], found["origQty"], found["price"])
    assert [] == _fills(client)


def test_stop_that_is_triggered_walks_too(client: WireClient) -> None:
    """A stop larger than the best price fills whole at once, at worse and worse prices."""
    _send(client, 30, type="MARKET")
    last = float(client.seen("ticker/price", **BTC)["price"])
    stop = {"algoType": "CONDITIONAL", "side": "SELL", "type": "STOP_MARKET", "closePosition": "true"}
    client.done("POST", ALGO, **BTC, **stop, triggerPrice=f"{last - 2:.1f}")
    while not client.done("GET", "/fapi/v1/allAlgoOrders", **BTC)[0]["triggerTime"]:
        client.wait(1)
    sold = [one for one in client.done("GET", "/fapi/v1/userTrades", **BTC) if one["side"] == "SELL"]
    assert 30.0 == pytest.approx(sum(float(one["qty"]) for one in sold))
    assert len({one["time"] for one in sold}) == 1
    assert len({one["price"] for one in sold}) > 1
    assert "FINISHED" == client.done("GET", "/fapi/v1/allAlgoOrders", **BTC)[0]["algoStatus"]


def test_resting_order_waits_for_its_turn() -> None:
    """Trades at its price eat up those before it first; then they fill it, in parts, as a maker at its price."""
    client = WireClient(a_server(house=House(levels=300, queues=True), accounts=RICH))
    client.wait(10)
    seat = client.exchange.seats[KEY]
    bid = float(client.seen("ticker/bookTicker", **BTC)["bidPrice"])
    order = _send(client, 0.5, type="LIMIT", timeInForce="GTC", price=f"{bid:.1f}")
    own = seat.ledger.orders[order["orderId"] % 10**11]
    before = own.place.ahead
    assert before >= own.lots
    _print(client, own.ticks, round(before) - 100)
    assert (0, 100.0) == (own.filled, own.place.ahead)
    _print(client, own.ticks, 300)
    assert (200, "PARTIALLY_FILLED") == (own.filled, own.status)
    _print(client, own.ticks + 1, 10_000)
    assert 200 == own.filled
    _print(client, own.ticks, 10_000)
    assert (500, "FILLED") == (own.filled, own.status)
    assert {(f"{bid:.1f}", True)} == {
        (one["price"], one["maker"]) for one in client.done("GET", "/fapi/v1/userTrades", **BTC)
    }


def _print(client: WireClient, ticks: int, lots: int) -> None:
    """Let somebody sell so many lots at a price, while the market stands still."""
    exchange = client.exchange
    exchange.begin(exchange.present.ts)
    exchange.print_trade(0, Print(exchange.present.ts, ticks, lots, buys=False))
    exchange.play_all()


def test_better_price_has_nobody_before_it(client: WireClient) -> None:
    """Who bids more than all others is the first; who bids far below has not been seen yet."""
    best = float(client.seen("ticker/bookTicker", **BTC)["bidPrice"])
    _send(client, _beyond(_book(client, "bids"), 2), side="SELL", type="MARKET")
    orders = client.exchange.seats[KEY].ledger.orders
    near = _send(client, 0.5, type="LIMIT", timeInForce="GTC", price=f"{best:.1f}")
    far = _send(client, 0.5, type="LIMIT", timeInForce="GTC", price=f"{best * 0.95:.1f}")
    assert 0.0 == orders[near["orderId"] % 10**11].place.ahead
    assert orders[far["orderId"] % 10**11].place.ahead < 0.0

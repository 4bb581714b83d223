"""The venue's filters and limits by their numbers: of a contract whose steps are no powers of ten, and few orders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tradewright.adapters.venues.practice.listing import Listing, listing_of
from tradewright.domain.order_terms import MOST_CHANGES
from tradewright.testing.practice import KEY, WireClient, a_server

BTC = {"symbol": "BTCUSDT"}
ORDER, ALGO, MARGIN, LEVERAGE = "/fapi/v1/order", "/fapi/v1/algoOrder", "/fapi/v1/marginType", "/fapi/v1/leverage"
REST = BTC | {"side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.02"}
STOP = BTC | {
    "algoType": "CONDITIONAL",
    "type": "STOP_MARKET",
    "side": "SELL",
    "quantity": "0.02",
    "triggerPrice": "100",
}
TRAIL = STOP | {"type": "TRAILING_STOP_MARKET", "callbackRate": "1"}


def the_listing() -> Listing:
    """Prices by halves, quantities by two thousandths and at least a hundredth, one order and one conditional order."""
    listing = listing_of("BTCUSDT", max_orders=1, max_conditionals=1)
    terms = replace(listing.instrument, tick_size="0.5", lot_size="0.002", min_quantity=0.01)
    return replace(listing, instrument=terms)


@pytest.fixture
def client() -> WireClient:
    """A client of that contract, ten seconds after the start."""
    client = WireClient(a_server(listings=[the_listing()]))
    client.wait(10)
    return client


def price(client: WireClient, factor: float) -> str:
    """The last price times a factor, in whole units."""
    return f"{float(client.seen('ticker/price', **BTC)['price']) * factor:.0f}"


@pytest.mark.rule("F-1", "F-3")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"price": "57000.3"}, -4014),
        ({"quantity": "0.021"}, -4023),
        ({"quantity": "0.008"}, -4004),
        ({"side": "SELL", "price": "30000"}, -4024),
    ],
)
def test_filter_refuses_by_its_number(client: WireClient, changes: dict[str, str], code: int) -> None:
    """Off the tick, off the step, below the least quantity, a sale too far below the mark."""
    assert code == client.code("POST", ORDER, **REST | {"price": price(client, 0.95)} | changes)


@pytest.mark.rule("F-4")
def test_open_orders_of_each_kind_are_limited(client: WireClient) -> None:
    """One that rests and one that waits for a trigger; one more of either is refused, by numbers of their own."""
    client.done("POST", ORDER, **REST, price=price(client, 0.95))
    client.done("POST", ALGO, **STOP)

    assert -2025 == client.code("POST", ORDER, **REST, price=price(client, 0.94))
    assert -4045 == client.code("POST", ALGO, **STOP)


@pytest.mark.rule("F-5")
def test_settings_that_orders_and_positions_stand_against_are_refused(client: WireClient) -> None:
    """The margin mode while an order is open; a leverage that is not granted for what is held."""
    order = client.done("POST", ORDER, **REST, price=price(client, 0.95))
    assert -4047 == client.code("POST", MARGIN, **BTC, marginType="ISOLATED")
    client.done("DELETE", ORDER, **BTC, orderId=order["orderId"])

    # At 60,000 it is worth more than 100,000, from which on the table grants 50 at most.
    client.done("POST", LEVERAGE, **BTC, leverage=20)
    client.done("POST", ORDER, **BTC, side="BUY", type="MARKET", quantity="2")
    assert -2027 == client.code("POST", LEVERAGE, **BTC, leverage=100)


@pytest.mark.rule("F-6")
def test_activation_that_is_no_price_is_refused(client: WireClient) -> None:
    """By the number of activations, not by that of prices."""
    assert -4135 == client.code("POST", ALGO, **TRAIL, activatePrice="0")


@pytest.mark.rule("L-7", "F-6")
def test_order_is_changed_ten_thousand_times_at_most(client: WireClient) -> None:
    """The last change is taken, one more is refused; a change that is refused is none."""
    order = client.done("POST", ORDER, **REST, price=price(client, 0.95))
    (own,) = client.exchange.seats[KEY].ledger.orders.values()
    own.changed = MOST_CHANGES - 1
    change: dict[str, Any] = BTC | {"orderId": order["orderId"], "side": "BUY", "quantity": "0.02"}

    assert -4014 == client.code("PUT", ORDER, **change, price="57000.3")
    assert "NEW" == client.done("PUT", ORDER, **change, price=price(client, 0.94))["status"]
    assert MOST_CHANGES == own.changed
    assert -5026 == client.code("PUT", ORDER, **change, price=price(client, 0.93))

"""Orders as Binance is told of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tradewright.adapters.venues.binance.forms import order_call
from tradewright.domain.orders import NewOrder


@pytest.mark.parametrize("protect", [True, False])
def test_price_protection_is_asked_for_where_it_is_wished(protect: bool) -> None:
    """A stop with it says `priceProtect`; one without leaves it out, which the venue reads as false."""
    stop = NewOrder(
        "tw-1", "BTC/USDT:USDT", "sell", Decimal("0.01"), "stop", trigger=Decimal(41_000), price_protect=protect
    )
    call = order_call(stop, "BTCUSDT")
    assert ("/fapi/v1/algoOrder", "true" if protect else None) == (call.path, call.params.get("priceProtect"))

"""Steps of markets, whatever the library's precision mode, and lots, whatever a contract holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tradewright.adapters.venues.ccxt.abilities import abilities_of
from tradewright.adapters.venues.ccxt.library import bare
from tradewright.adapters.venues.ccxt.markets import instruments_of, off_precision
from tradewright.domain.abilities import MarketKind
from tradewright.domain.enums import Code
from tradewright.domain.orders import NewOrder

SPOT, SWAP = "BTC/USDT", "BTC/USDT:USDT"


def _market(symbol: str, **changes: Any) -> dict[str, Any]:
    swap = ":" in symbol
    plain = {
        "id": symbol, "symbol": symbol, "base": "BTC", "quote": "USDT", "settle": "USDT" if swap else None,
        "type": "swap" if swap else "spot", "spot": not swap, "swap": swap, "future": False, "option": False,
        "contract": swap, "linear": swap, "inverse": False, "active": True,
        "precision": {"price": 0.1, "amount": 0.001}, "maker": 0.0002, "taker": 0.0005,
        "limits": {"amount": {"min": 0.001}, "cost": {"min": 5}, "price": {}, "leverage": {}},
    }  # fmt: skip
    return plain | changes


def _exchange(name: str, *markets: dict[str, Any]) -> Any:
    exchange = bare(name)
    exchange.set_markets(list(markets))
    return exchange


def _code(exchange: Any, quantity: str, price: str, size: str = "1", symbol: str = SPOT) -> Code | None:
    order = NewOrder("a", symbol, "buy", Decimal(quantity), "limit", Decimal(price))
    refused = off_precision(exchange, order, symbol, Decimal(size))
    assert refused is None or not refused.was_sent
    return refused.code if refused else None


def test_steps_are_kept_and_never_rounded() -> None:
    """Trap 6.11: the library would cut 0.0105 to 0.010 and round 45000.05 to 45000.1; here both are refused."""
    exchange = _exchange("kraken", _market(SPOT))
    assert _code(exchange, "0.010", "45000.1") is None
    assert Code.QUANTITY_OFF_STEP == _code(exchange, "0.0105", "45000.1")
    assert Code.PRICE_OFF_TICK == _code(exchange, "0.010", "45000.05")
    assert Code.QUANTITY_OFF_STEP == _code(exchange, "0.0001", "45000.1")


def test_significant_digits_have_no_tick() -> None:
    """Where a venue counts digits, the same distance is fine at a low price and too fine at a high one."""
    exchange = _exchange("bitfinex", _market(SPOT, precision={"price": 5, "amount": 8}))
    assert _code(exchange, "0.5", "45123") is None
    assert Code.PRICE_OFF_TICK == _code(exchange, "0.5", "45123.4")
    assert _code(exchange, "0.5", "4.5123") is None


def test_contracts_are_counted_exactly() -> None:
    """Quantities are base here; a contract of 0.01 makes 0.05 five of them, and 0.055 none."""
    swap = _market(SWAP, contractSize=0.01, precision={"price": 0.1, "amount": 1.0})
    exchange = _exchange("okx", swap)
    assert _code(exchange, "0.05", "45000.1", "0.01", SWAP) is None
    assert Code.QUANTITY_OFF_STEP == _code(exchange, "0.055", "45000.1", "0.01", SWAP)


@pytest.mark.parametrize(
    ("name", "market", "row", "steps"),
    [
        ("kraken", "spot", _market(SPOT), ("0.1", "0.001", 0.001)),
        ("bitfinex", "spot", _market(SPOT, precision={"price": 5, "amount": 8}), ("0.00000001", "0.00000001", 0.001)),
        ("okx", "linear", _market(SWAP, contractSize=0.01, precision={"price": 0.1, "amount": 0.1}),
         ("0.1", "0.001", 1e-5)),
        ("binanceusdm", "linear", _market(SWAP, precision={"price": 1e-05, "amount": 1.0}), ("0.00001", "1", 0.001)),
    ],
)  # fmt: skip
def test_instruments_have_steps_as_text(
    name: str, market: MarketKind, row: dict[str, Any], steps: tuple[str, str, float]
) -> None:
    """Ticks and lots are decimal text in quote and base, without exponents or tails."""
    exchange = _exchange(name, row)
    (found,) = instruments_of(exchange, abilities_of(exchange, market), {})
    assert steps == (found.tick_size, found.lot_size, found.min_quantity)


def test_markets_that_cannot_be_ours_are_left_out() -> None:
    """Closed markets, inverse contracts, other kinds and broken rules are no instruments."""
    exchange = _exchange(
        "okx", _market(SPOT), _market("ETH/USDT:USDT", active=False),
        _market("BTC/USD:BTC", linear=False, inverse=True),
        _market("XRP/USDT:USDT", precision={"price": 0.0, "amount": 1.0}), _market(SWAP),
    )  # fmt: skip
    tiers = {SWAP: [{"minNotional": 100, "maintenanceMarginRate": 0.02, "maxLeverage": 10},
                    {"minNotional": 0, "maintenanceMarginRate": 0.01, "maxLeverage": 50}]}  # fmt: skip
    found = instruments_of(exchange, abilities_of(exchange, "linear"), tiers)
    assert [SWAP] == [one.symbol for one in found]
    assert [0.0, 100.0] == [tier.floor for tier in found[0].tiers]

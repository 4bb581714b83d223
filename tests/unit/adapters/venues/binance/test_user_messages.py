"""Messages of the user stream that the practice exchange tells seldom or never, as the venue writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tradewright.adapters.venues.binance.abilities import BINANCE
from tradewright.adapters.venues.binance.account import BinanceAccount
from tradewright.adapters.venues.binance.listings import Listings
from tradewright.adapters.venues.binance.user_messages import events_of
from tradewright.domain.enums import OrderStatus
from tradewright.domain.errors import VenueError
from tradewright.domain.user_events import (
    BalancesChanged,
    Filled,
    MarginCalled,
    OrderChanged,
    PositionsChanged,
    TermsChanged,
    UserEvent,
)

BTC = "BTC/USDT:USDT"
RULES = {
    "symbols": [{
        "symbol": "BTCUSDT", "contractType": "PERPETUAL", "baseAsset": "BTC", "quoteAsset": "USDT",
        "marginAsset": "USDT", "filters": [
            {"filterType": "PRICE_FILTER", "tickSize": "0.10"},
            {"filterType": "LOT_SIZE", "stepSize": "0.001", "minQty": "0.001"},
        ],
    }]
}  # fmt: skip
FILLED = {
    "s": "BTCUSDT", "c": "tw-1", "S": "SELL", "o": "MARKET", "f": "GTC", "q": "0.010", "p": "0", "ap": "40990.00",
    "sp": "0", "x": "TRADE", "X": "FILLED", "i": 77, "l": "0.010", "z": "0.010", "L": "40990.0", "n": "0.20",
    "N": "USDT", "T": 5, "t": 9, "m": False, "R": True, "ot": "STOP_MARKET", "ps": "BOTH", "cp": False, "rp": "-1.5",
}  # fmt: skip
ALGO = {
    "caid": "tw-1", "aid": 4001, "at": "CONDITIONAL", "o": "STOP_MARKET", "s": "BTCUSDT", "S": "SELL", "ps": "BOTH",
    "f": "GTC", "q": "0.010", "X": "NEW", "ai": "", "ap": "0", "aq": "0", "act": "", "tp": "41000.0", "p": "0",
    "R": True, "cp": False,
}  # fmt: skip


class Ear:
    """An account that is only told."""

    def __init__(self) -> None:
        link: Any = type("Link", (), {"venue": "binance"})()
        self.account = BinanceAccount(link, BINANCE, lambda _: iter(()))  # type: ignore[arg-type, return-value]
        self.listings = Listings("binance", RULES, [])

    def hear(self, kind: str, **said: Any) -> list[UserEvent]:
        """The events of a message at 5 ms."""
        return events_of(self.account, self.listings, {"e": kind, "E": 5, "T": 5, **said})

    def order(self, **changes: Any) -> OrderChanged:
        """What is told of the order in a message."""
        (event,) = self.hear("ALGO_UPDATE", o=ALGO | changes)
        assert isinstance(event, OrderChanged)
        return event


def test_a_conditional_order_is_told_as_one_from_wish_to_end() -> None:
    """Triggered it is open, its plain order's fill is its own, and "finished" after that changes nothing."""
    ear = Ear()
    assert (OrderStatus.OPEN, "stop") == (ear.order().order.status, ear.order().order.kind)
    assert OrderStatus.OPEN == ear.order(X="TRIGGERED", ai="77").order.status
    changed, filled = ear.hear("ORDER_TRADE_UPDATE", o=FILLED)
    assert isinstance(changed, OrderChanged)
    assert isinstance(filled, Filled)
    order = changed.order
    assert (OrderStatus.FILLED, "stop", "4001", "77") == (order.status, order.kind, order.venue_id, order.triggered_id)
    fill = filled.fill
    assert ("9", "tw-1", "77", Decimal("0.20"), Decimal("-1.5"), 5_000_000) == (
        fill.id, fill.client_id, fill.order_id, fill.fee, fill.realised, fill.ts,
    )  # fmt: skip
    finished = ear.order(X="FINISHED", ai="77", aq="0.010", ap="40990.00").order
    assert (OrderStatus.FILLED, "FILLED") == (finished.status, finished.venue_status)


def test_a_conditional_order_that_is_rejected_when_it_triggers_has_ended() -> None:
    """Margin is looked at when the trigger is reached: the order is gone, and says so."""
    assert OrderStatus.REJECTED == Ear().order(X="REJECTED").order.status


def test_finished_without_a_fill_is_cancelled() -> None:
    """Where the plain order's messages were lost, what was filled says how it ended."""
    order = Ear().order(X="FINISHED", ai="77", aq="0.004", ap="40990.00").order
    assert (OrderStatus.CANCELED, Decimal("0.004")) == (order.status, order.filled)


@pytest.mark.parametrize("name", ["autoclose-1700000000000", "adl_autoclose", "settlement_autoclose-1"])
def test_what_the_venue_sends_itself_is_told_apart(name: str) -> None:
    """Liquidations, deleveraging and settlement are orders and fills of the account, and not ours."""
    changed, filled = Ear().hear("ORDER_TRADE_UPDATE", o=FILLED | {"c": name, "x": "CALCULATED", "o": "LIQUIDATION"})
    assert isinstance(changed, OrderChanged)
    assert not changed.is_ours
    assert isinstance(filled, Filled)


def test_holdings_terms_and_warnings() -> None:
    """Balances without open profit, positions by leg, a changed leverage, and a margin call."""
    rows = {"B": [{"a": "USDT", "wb": "9998.5", "cw": "9998.5", "bc": "0"}], "P": [
        {"s": "BTCUSDT", "pa": "-0.010", "ep": "41000", "up": "-2", "mt": "isolated", "iw": "50", "ps": "SHORT"},
        {"s": "BTCUSD_PERP", "pa": "1", "ep": "1", "up": "0", "mt": "cross", "iw": "0", "ps": "BOTH"},
    ]}  # fmt: skip
    balances, positions = Ear().hear("ACCOUNT_UPDATE", a={"m": "ORDER", **rows})
    assert isinstance(balances, BalancesChanged)
    assert (Decimal("9998.5"), None, "ORDER") == (
        balances.balances[0].wallet,
        balances.balances[0].equity,
        balances.reason,
    )
    assert isinstance(positions, PositionsChanged)
    assert [(BTC, Decimal("-0.010"), "short", "isolated")] == [
        (one.instrument, one.quantity, one.leg, one.margin_mode) for one in positions.positions
    ]
    assert [TermsChanged(BTC, 5_000_000, leverage=Decimal(7))] == Ear().hear(
        "ACCOUNT_CONFIG_UPDATE", ac={"s": "BTCUSDT", "l": 7}
    )
    (called,) = Ear().hear("MARGIN_CALL", p=[{"s": "BTCUSDT", "ps": "LONG", "pa": "1.3", "mp": "187.1", "up": "-1.1"}])
    assert isinstance(called, MarginCalled)
    assert (Decimal("187.1"), "long") == (called.positions[0].mark_price, called.positions[0].leg)


def test_what_is_not_ours_to_know_is_passed_over_and_what_is_broken_is_not() -> None:
    """Other instruments and unknown kinds tell nothing; a message of ours that cannot be read is an error."""
    ear = Ear()
    assert [] == ear.hear("ORDER_TRADE_UPDATE", o=FILLED | {"s": "BTCUSDT_261225"})
    assert [] == ear.hear("TRADE_LITE", s="BTCUSDT")
    for broken in (FILLED | {"X": "ASLEEP"}, FILLED | {"z": "much"}, {"s": "BTCUSDT"}):
        with pytest.raises(VenueError):
            ear.hear("ORDER_TRADE_UPDATE", o=broken)

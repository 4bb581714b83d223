"""Orders on their way to a venue: what is let through the door, and what is not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewright.domain.abilities import ABILITIES, FORCES, KINDS, VenueAbilities
from tradewright.domain.enums import Code, OrderStatus
from tradewright.domain.errors import InvalidValue
from tradewright.domain.instrument import Instrument
from tradewright.domain.intents import OrderIntent
from tradewright.domain.order_steps import off_steps
from tradewright.domain.orders import Amendment, NewOrder, Order, exact

BTC = Instrument("BTC/USDT:USDT", "binance", tick_size="0.1", lot_size="0.001")
LIMIT: dict[str, Any] = {
    "client_id": "tw-1", "instrument": BTC.symbol, "side": "buy", "quantity": Decimal("0.01"), "kind": "limit",
    "price": Decimal(42_000),
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("client_id", {"client_id": ""}),
        ("client_id", {"client_id": "a b"}),
        ("client_id", {"client_id": "x" * 37}),
        ("side", {"side": "long"}),
        ("kind", {"kind": "oco"}),
        ("time_in_force", {"time_in_force": "day"}),
        ("leg", {"leg": "both"}),
        ("trigger_by", {"trigger_by": "index"}),
        ("price_protect", {"price_protect": True}),
        ("quantity", {"quantity": Decimal(0)}),
        ("quantity", {"quantity": Decimal(-1)}),
        ("quantity", {"quantity": Decimal("NaN")}),
        ("quantity", {"quantity": 0.01}),
        ("price", {"price": None}),
        ("price", {"price": Decimal("Infinity")}),
        ("price", {"kind": "market"}),
        ("trigger", {"trigger": Decimal(41_000)}),
        ("trigger", {"kind": "stop_limit"}),
        ("callback", {"callback": Decimal("0.01")}),
        ("activation", {"activation": Decimal(41_000)}),
        ("good_till", {"time_in_force": "gtd"}),
        ("good_till", {"good_till": 5}),
        ("time_in_force", {"kind": "market", "price": None, "time_in_force": "gtx"}),
        ("quantity", {"kind": "stop", "price": None, "trigger": Decimal(41_000), "close_position": True}),
        ("kind", {"quantity": Decimal(0), "close_position": True}),
        ("reduce_only", {
            "kind": "stop", "price": None, "trigger": Decimal(41_000), "quantity": Decimal(0), "close_position": True,
            "reduce_only": True,
        }),
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_meant_is_refused_by_field(field: str, changes: dict[str, Any]) -> None:
    """What is missing, in the wrong place or no exact number names its field."""
    with pytest.raises(InvalidValue) as refused:
        NewOrder(**LIMIT | changes)
    assert field == refused.value.field


def test_an_amendment_must_change_something() -> None:
    """A change of nothing, or to what is no price, is refused."""
    for changes in ({}, {"price": Decimal(0)}, {"quantity": 0.5}):
        with pytest.raises(InvalidValue):
            Amendment(**changes)


def test_an_intent_becomes_exact_steps() -> None:
    """Floats of a strategy become whole ticks and lots, written as decimals without a tail."""
    intent = OrderIntent("sell", 0.0129999, "stop_limit", price=41_999.96, trigger=42_000.04, time_in_force="gtd",
                         valid_bars=3, reduce_only=True)  # fmt: skip
    order = NewOrder.of_intent(intent, "tw-2", BTC)
    assert ("0.012", "42000", "42000") == (str(order.quantity), str(order.price), str(order.trigger))
    assert ("gtc", True, True) == (order.time_in_force, order.reduce_only, order.is_conditional)
    trailing = OrderIntent("sell", 0.01, "trailing_stop", callback=0.015, activation=43_000.0, trigger_by="mark")
    order = NewOrder.of_intent(trailing, "tw-3", BTC)
    assert (Decimal("0.015"), Decimal(43_000), "mark") == (order.callback, order.activation, order.trigger_by)
    with pytest.raises(InvalidValue):
        NewOrder.of_intent(OrderIntent("buy", 0.0001), "tw-4", BTC)


@given(st.integers(1, 10**9), st.sampled_from(["0.1", "0.01", "0.00000001", "5", "0.25"]))
def test_steps_are_exact_and_kept(steps: int, step: str) -> None:
    """A number of steps is exactly that many, and nothing that lies between two steps passes."""
    instrument = Instrument("BTC/USDT:USDT", "binance", tick_size=step, lot_size=step)
    value = exact(steps, instrument.tick)
    assert steps * Decimal(step) == value
    assert off_steps(Amendment(quantity=value, price=value), instrument) is None
    between = value + Decimal(step) / 2
    for change, code in ((Amendment(price=between), Code.PRICE_OFF_TICK), (Amendment(trigger=between), 66),
                         (Amendment(quantity=between), Code.QUANTITY_OFF_STEP)):  # fmt: skip
        refused = off_steps(change, instrument)
        assert refused is not None
        assert (code, False) == (refused.code, refused.was_sent)


def test_a_conditional_order_counts_what_its_plain_one_filled() -> None:
    """An order that was triggered is one order: asked for by one name, filled by the other."""
    waiting = Order(BTC.symbol, "stop-1", "4001", "sell", "stop", Decimal("0.01"), OrderStatus.OPEN, "TRIGGERED",
                    trigger=Decimal(41_000), updated=5)  # fmt: skip
    plain = Order(BTC.symbol, "stop-1", "77", "sell", "market", Decimal("0.01"), OrderStatus.FILLED, "FILLED",
                  Decimal("0.01"), Decimal(40_990), updated=7)  # fmt: skip
    whole = waiting.joined(plain)
    assert ("4001", "77", "stop", OrderStatus.FILLED) == (whole.venue_id, whole.triggered_id, whole.kind, whole.status)
    assert (Decimal("0.01"), Decimal(40_990), 7) == (whole.filled, whole.average, whole.updated)
    assert (False, True) == (whole.is_open, whole.ref.is_conditional)


def test_price_protection_comes_along_and_needs_a_venue_that_has_it() -> None:
    """A stop that asks for it is refused, unsent, where triggers cannot be held back."""
    stop = OrderIntent("sell", 0.01, "stop", trigger=41_000.0, price_protect=True)
    order = NewOrder.of_intent(stop, "tw-1", BTC)
    assert order.price_protect
    can = frozenset(ABILITIES) - {"price_protect"}
    venue = VenueAbilities("x", "X", ("linear",), frozenset(KINDS), frozenset(FORCES), can)
    refused = venue.refusal(order)
    assert refused is not None
    assert (False, True) == (refused.was_sent, "--price-protect 0" in refused.text)
    assert venue.refusal(replace(order, price_protect=False)) is None

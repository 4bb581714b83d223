"""What a strategy may ask for in orders, and what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.intents import Cancel, Change, Iceberg, OrderIntent, Twap, Vwap

TRAILING = {"kind": "trailing_stop", "callback": 0.01}


@pytest.mark.parametrize(("fields", "name"), [
    ({"side": "long"}, "side"),
    ({"quantity": 0.0}, "quantity"),
    ({"quantity": float("nan")}, "quantity"),
    ({"quantity": True}, "quantity"),
    ({"kind": "stop_loss"}, "kind"),
    ({"kind": "limit"}, "price"),
    ({"price": 10.0}, "price"),
    ({"kind": "limit", "price": -1.0}, "price"),
    ({"kind": "limit", "price": 10.0, "trigger": 9.0}, "trigger"),
    ({"kind": "stop"}, "trigger"),
    ({"kind": "stop_limit", "price": 10.0}, "trigger"),
    ({"kind": "take_profit_limit", "trigger": 10.0}, "price"),
    ({"kind": "trailing_stop"}, "callback"),
    ({"callback": 0.01}, "callback"),
    ({**TRAILING, "callback": 0.2}, "callback"),
    ({"activation": 10.0}, "activation"),
    ({**TRAILING, "activation": 0.0}, "activation"),
    ({"time_in_force": "day"}, "time_in_force"),
    ({"time_in_force": "gtx"}, "time_in_force"),
    ({"time_in_force": "gtd"}, "valid_bars"),
    ({"valid_bars": -1}, "valid_bars"),
    ({"valid_bars": 1.5}, "valid_bars"),
    ({"trigger_by": "index"}, "trigger_by"),
    ({"price_protect": True}, "price_protect"),
    ({"kind": "stop", "trigger": 9.0, "price_protect": 1}, "price_protect"),
    ({**TRAILING, "price_protect": False}, "price_protect"),
    ({"tag": "a/b"}, "tag"),
    ({"tag": "x" * 33}, "tag"),
    ({"tag": 7}, "tag"),
    ({"oco": "a/b"}, "oco"),
    ({"oco": 7}, "oco"),
    ({"oco": "x", "quantity": 0.0, "close_position": True}, "oco"),
    ({"close_position": True}, "quantity"),
    ({"close_position": True, "quantity": 0.0, "kind": "limit", "price": 1.0}, "kind"),
    ({"close_position": True, "quantity": 0.0, "reduce_only": True}, "reduce_only"),
])  # fmt: skip
def test_order_that_makes_no_sense_is_refused_by_field(fields: dict[str, Any], name: str) -> None:
    """Terms that are missing, superfluous or out of range each name their field."""
    with pytest.raises(InvalidValue) as caught:
        OrderIntent(**{"side": "buy", "quantity": 1.0, **fields})

    assert name == caught.value.field


@pytest.mark.parametrize("fields", [
    {},
    {"kind": "limit", "price": 10.0, "time_in_force": "gtx", "tag": "bid-1"},
    {"kind": "stop", "trigger": 11.0, "reduce_only": True},
    {"kind": "take_profit", "trigger": 9.0, "close_position": True, "quantity": 0.0},
    {"kind": "stop_limit", "trigger": 11.0, "price": 12.0, "time_in_force": "ioc", "valid_bars": 3},
    {**TRAILING, "activation": 9.0, "trigger_by": "last"},
    {"time_in_force": "gtd", "valid_bars": 5, "tag": "A.b:c_d-9"},
])  # fmt: skip
def test_every_kind_of_order_can_be_asked_for(fields: dict[str, Any]) -> None:
    """Each kind with all that it needs."""
    intent = OrderIntent(**{"side": "sell", "quantity": 1.0, **fields})

    assert fields == {name: getattr(intent, name) for name in fields}


@pytest.mark.parametrize(("make", "name"), [
    (lambda: Change("a"), "quantity"),
    (lambda: Change(price=1.0), "tag"),
    (lambda: Change("a", 3, price=1.0), "tag"),
    (lambda: Change("a", price=0.0), "price"),
    (lambda: Change("a", trigger=-1.0), "trigger"),
    (lambda: Change(order_id=-2, price=1.0), "order_id"),
    (Cancel, "tag"),
    (lambda: Cancel("a b"), "tag"),
    (lambda: Twap("buy", 1.0), "bars"),
    (lambda: Twap("buy", 1.0, bars=3, until=9), "until"),
    (lambda: Twap("buy", 1.0, bars=3, slices=4), "slices"),
    (lambda: Twap("buy", 0.0, bars=3), "quantity"),
    (lambda: Twap("both", 1.0, bars=3), "side"),  # type: ignore[arg-type]  # that is the point
    (lambda: Twap("buy", 1.0, bars=3, price=0.0), "price"),
    (lambda: Vwap("buy", 1.0, bars=3, days=0), "days"),
    (lambda: Vwap("buy", 1.0, bars=3, slots=1_441), "slots"),
    (lambda: Iceberg("buy", 1.0, 2.0, 10.0), "shown"),
    (lambda: Iceberg("buy", 1.0, 0.0, 10.0), "shown"),
    (lambda: Iceberg("buy", 1.0, 0.5, 0.0), "price"),
    (lambda: Iceberg("buy", 1.0, 0.5, 10.0, bars=-1), "bars"),
])  # fmt: skip
def test_changes_cancels_and_parents_are_refused_by_field(make: Any, name: str) -> None:
    """One of a tag and an id; a window where it is needed; parts no larger than the whole."""
    with pytest.raises(InvalidValue) as caught:
        make()

    assert name == caught.value.field

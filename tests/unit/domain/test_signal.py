"""What a strategy may wish, and what is refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from tradewright.domain.errors import InvalidValue
from tradewright.domain.signal import Signal

LONG: dict[str, Any] = {"side": "long", "entry": 100.0, "stop_loss": 95.0}
PARTS = ((110.0, 0.3), (120.0, 0.4), (130.0, 0.3))


@pytest.mark.parametrize(
    "terms",
    [
        {"kind": "stop_limit", "limit_price": 101.0, "time_in_force": "gtx"},
        {"kind": "take_profit_limit", "limit_price": 101.0, "time_in_force": "fok", "valid_bars": 3},
        {"kind": "take_profit", "time_in_force": "gtd", "valid_bars": 1},
        {"kind": "trailing_stop", "entry_callback": 0.001, "entry_activation": 99.0},
        {"time_in_force": "ioc"},
        {"targets": PARTS, "break_even": True},
        {"trigger_by": "mark"},
        {"targets": ((110.0, 0.5),), "trailing": 0.1, "activation": 105.0},
    ],
)
def test_terms_that_go_together_are_taken(terms: dict[str, Any]) -> None:
    """Each kind of entry with what it needs, and each form of bracket."""
    assert "long" == Signal(**LONG, **terms).side


@pytest.mark.parametrize(
    ("terms", "field", "value"),
    [
        ({"kind": "iceberg"}, "kind", "'iceberg'"),
        ({"trigger_by": "index"}, "trigger_by", "'index'"),
        ({"time_in_force": "day"}, "time_in_force", "'day'"),
        ({"valid_bars": -1}, "valid_bars", "-1"),
        ({"kind": "stop_limit"}, "limit_price", "None"),
        ({"kind": "limit", "limit_price": 99.0}, "limit_price", "'given'"),
        ({"kind": "stop_limit", "limit_price": -1.0}, "limit_price", "-1.0"),
        ({"kind": "trailing_stop"}, "entry_callback", "None"),
        ({"entry_callback": 0.01}, "entry_callback", "'given'"),
        ({"kind": "trailing_stop", "entry_callback": 0.0125}, "entry_callback", "0.0125"),
        ({"entry_activation": 99.0}, "entry_activation", "99.0"),
        ({"kind": "stop", "time_in_force": "gtx"}, "time_in_force", "'gtx'"),
        ({"time_in_force": "gtd"}, "valid_bars", "0"),
        ({"kind": "limit", "time_in_force": "fok", "valid_bars": 2}, "valid_bars", "2"),
        ({"trailing": 0.2}, "trailing", "0.2"),
        ({"trailing": 0.0}, "trailing", "0.0"),
        ({"trailing": float("nan")}, "trailing", "nan"),
        ({"activation": 101.0}, "activation", "101.0"),
        ({"trailing": 0.01, "activation": 0.0}, "activation", "0.0"),
        ({"targets": ((110.0, 0.2),) * 5}, "targets", "((110.0, 0.2),"),
        ({"targets": ((110.0, 0.6), (120.0, 0.5))}, "targets", "((110.0, 0.6), (120.0, 0.5))"),
        ({"targets": ((float("inf"), 0.6),)}, "targets", "((inf, 0.6),)"),
        ({"take_profit": float("nan")}, "take_profit", "nan"),
        ({"stop_loss": float("-inf")}, "stop_loss", "-inf"),
        ({"entry": float("nan")}, "entry", "nan"),
        ({"kind": "stop_limit", "entry": 0.0, "limit_price": 99.0}, "entry", "0.0"),
        ({"targets": ((110.0, 0.0),)}, "targets", "((110.0, 0.0),)"),
        ({"targets": PARTS, "take_profit": 110.0}, "take_profit", "110.0"),
        ({"break_even": True}, "break_even", "True"),
        ({"break_even": True, "targets": PARTS, "stop_loss": None}, "break_even", "True"),
    ],
)
def test_terms_that_do_not_go_together_are_refused_by_name(terms: dict[str, Any], field: str, value: str) -> None:
    """The message names the field, the value, and what is allowed."""
    with pytest.raises(InvalidValue) as caught:
        Signal(**LONG | terms)
    assert str(caught.value).startswith(f"{field}: {value}")
    assert " is not allowed; give " in str(caught.value)


def test_levels_that_come_out_at_or_below_zero_are_for_the_gate() -> None:
    """Entry, stop and targets are finite numbers; that they are no prices is refused and recorded, not raised."""
    wish = Signal("short", -1.0, 0.0, -60.0, kind="limit")
    assert (-1.0, 0.0, -60.0) == (wish.entry, wish.stop_loss, wish.take_profit)
    assert ((40.0, 0.5), (0.0, 0.5)) == Signal("short", 100.0, 120.0, targets=((40.0, 0.5), (0.0, 0.5))).targets
